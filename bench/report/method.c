/* What a reader needs to judge the numbers: the baselines in seconds, and how
 * all of it was measured (rules 1, 5, 9 and 10 of Hoefler & Belli, "Scientific
 * Benchmarking of Parallel Computing Systems", SC'15). */
#include "bench/analyze/verdict.h"
#include "bench/report/numbers.h"
#include "bench/report/programs.h"
#include "bench/report/scopes.h"
#include "bench/report/wrap.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* "101 ms (100 ms–102 ms)" */
static void print_time(struct interval time_s, FILE *out) {
  char median[NUMBER_LENGTH], low[NUMBER_LENGTH], high[NUMBER_LENGTH];
  fputs(number_time(time_s.median, median), out);
  if (isfinite(time_s.low) && isfinite(time_s.high))
    fprintf(out, " (%s–%s)", number_time(time_s.low, low),
            number_time(time_s.high, high));
}

/* " program of 8 regions 25.3 ms (25.1 ms–25.6 ms), 80.4% of it parallel" */
static void print_program(const struct workload_result *workload, FILE *out) {
  char share[NUMBER_LENGTH];
  fputs(" program ", out);
  if (workload->repeat != FIELD_NULL)
    fprintf(out, "of %" PRId64 " region%s ", workload->repeat,
            workload->repeat == 1 ? "" : "s");
  print_time(workload->serial_program_s, out);
  if (isfinite(workload->serial_fraction.median) &&
      strcmp(workload->kernel, record_program) != 0)
    fprintf(out, ", %s of it parallel",
            number_percent(1 - workload->serial_fraction.median, share));
}

static bool is_one_worker(const struct result *r,
                          const struct workload_result *workload) {
  return r->workers == 1 && result_is_of(r, workload) && !result_is_serial(r) &&
         isfinite(r->region_s.median);
}

void report_baselines(const struct analysis *analysis,
                      const struct workload_result *workload, FILE *out) {
  fputs("serial", out);
  if (isfinite(workload->serial_region_s.median)) {
    fputc(' ', out);
    print_time(workload->serial_region_s, out);
    fputc(',', out);
  }
  print_program(workload, out);
  const char *before = "; with one worker: ";
  for (size_t i = 0; i < analysis->result_count; i++) {
    const struct result *r = &analysis->results[i];
    if (!is_one_worker(r, workload))
      continue;
    fprintf(out, "%s%s ", before, r->requested);
    print_time(r->region_s, out);
    before = ", ";
  }
  fputc('\n', out);
}

/* Points that were measured more often than others. */
static void write_trials(const struct analysis *analysis, FILE *out) {
  int64_t least = report_fewest_trials(analysis), most = analysis->run.rounds;
  if (least < most)
    fprintf(out,
            " Points have %" PRId64 " to %" PRId64
            " trials, more where their intervals were wide after the first.",
            least, most);
}

void report_how(const struct analysis *analysis, FILE *out) {
  const struct run_facts *run = &analysis->run;
  fputs("How it was measured: every trial is a process of its own", out);
  if (run->iterations != FIELD_NULL)
    fprintf(out,
            "; its value is the lower median of %" PRId64 " timed region%s",
            run->iterations, run->iterations == 1 ? "" : "s");
  fputs(", from fork to join on CLOCK_MONOTONIC.", out);
  if (run->blocks > 0)
    fprintf(out,
            " Where nothing waits or spins, a team's regions take turns with "
            "serial ones instead, on each CPU in use, in %" PRId64
            " block%s a trial (%" PRId64
            " where memory is moved); the region's "
            "speedup is the median of the trials' own.",
            run->blocks, run->blocks == 1 ? "" : "s", 2 * run->blocks);
  fputs(" A round measures every point once, in random order", out);
  if (run->seed != FIELD_NULL)
    fprintf(out, " (seed %" PRId64 ")", run->seed);
  if (run->programs == 1)
    fputs(", and each workload's cold programs one right after the other, "
          "serial before and after them",
          out);
  fputs(".", out);
  write_trials(analysis, out);
  fputs(" Times are medians over rounds, speedups medians of the rounds' own "
        "ratios, both with order-statistic intervals: 95% each, not corrected "
        "for their number.",
        out);
  if (run->verdicts > 0)
    fprintf(out,
            " Verdicts are %" PRId64
            ", one a workload: of omp:static, or else the first variant, at "
            "the most workers, by sign tests of its program's speedups against "
            "1 and against the nearer end of the law's interval, with Holm's "
            "correction at 5%% over all, from %" PRId64 " trials on.",
            run->verdicts, verdict_trials(run->verdicts));
}

void report_programs_how(const struct analysis *analysis, FILE *out) {
  const struct run_facts *run = &analysis->run;
  char rounds[REPORT_ROUNDS];
  fprintf(
      out, "Medians of %s, %s. %s", report_rounds(analysis, rounds),
      report_intervals(analysis),
      run->build
          ? "Time: from the start of its first process to the end of it; CPU "
            "time: of all its processes; core time: workers x time. Speedups "
            "are against the baseline of the same round, which is run in "
            "random order with the others."
          : "Core time: workers x time. Speedups are against one worker, of "
            "pairs of runs.");
}

/* In lines of a terminal. */
static void print_wrapped(void (*write)(const struct analysis *, FILE *),
                          const struct analysis *analysis, FILE *out) {
  char *text = NULL;
  size_t bytes;
  FILE *whole = open_memstream(&text, &bytes);
  if (!whole)
    return;
  write(analysis, whole);
  if (fclose(whole) == 0)
    wrap_print(text, 0, 0, out);
  free(text);
}

void report_programs_method(const struct analysis *analysis, FILE *out) {
  print_wrapped(report_programs_how, analysis, out);
}

void report_method(const struct analysis *analysis, FILE *out) {
  fputs("Baselines, of the region where nothing else is said:\n", out);
  for (size_t s = 0; s < analysis->workload_count; s++) {
    char name[REPORT_NAME];
    fprintf(out, "  %s: ", report_name(&analysis->workloads[s], name));
    report_baselines(analysis, &analysis->workloads[s], out);
  }
  print_wrapped(report_how, analysis, out);
}

void report_one_worker(const struct analysis *analysis,
                       const struct workload_result *workload, enum scope scope,
                       char text[static REPORT_LINE]) {
  char time[NUMBER_LENGTH];
  struct text list = text_begin(text, REPORT_LINE);
  for (size_t i = 0; i < analysis->result_count; i++) {
    const struct result *r = &analysis->results[i];
    if (!is_one_worker(r, workload))
      continue;
    number_time(scope_time_s(scope, r).median, time);
    text_add(&list, "%s%s %s",
             list.length > 0 ? ", " : "with one worker: ", r->requested, time);
  }
}

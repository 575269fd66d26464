/* One plain sentence per kernel. */
#include "bench/analyze/flags.h"
#include "bench/analyze/prediction.h"
#include "bench/analyze/verdict.h"
#include "bench/report/numbers.h"
#include "bench/report/scopes.h"
#include "bench/report/titles.h"

#include <inttypes.h>
#include <string.h>

/* Of the whole program beside the serial one. */
static const char *const gains[] = {
    [VERDICT_NONE] = "ran the whole program",
    [VERDICT_BELOW] = "ran the whole program slower than serial",
    [VERDICT_ABOVE] = "ran the whole program faster than serial",
    [VERDICT_SAME] = "is not told apart from serial in the whole program",
    [VERDICT_TOO_WIDE] = "ran the whole program, too wide to tell from serial",
};

static const char *const laws[] = {
    [VERDICT_NONE] = "beside",
    [VERDICT_FEW] = "beside",
    [VERDICT_SPOILT] = "beside",
    [VERDICT_BELOW] = "below",
    [VERDICT_ABOVE] = "above",
    [VERDICT_SAME] = "not told apart",
    [VERDICT_TOO_WIDE] = "too wide to tell",
};

static void say_few(const struct run_facts *run, const struct result *r,
                    FILE *out) {
  fprintf(
      out,
      "ran the whole program (too few trials for a verdict: %zu, and %" PRId64
      " verdict%s %" PRId64 ")",
      r->program_ratios.count, run->verdicts,
      run->verdicts == 1 ? " needs" : "s need", verdict_trials(run->verdicts));
}

static void say_gain(const struct analysis *analysis, const struct result *r,
                     FILE *out) {
  enum verdict gain = verdict_of(analysis, r, VERDICT_NO_GAIN);
  const struct flag_about *spoilt = flags_spoilt(r);
  if (gain == VERDICT_SPOILT)
    fprintf(out, "is given no verdict, as it is flagged %s (%s); the program",
            spoilt->word, spoilt->meaning);
  else if (gain == VERDICT_FEW)
    say_few(&analysis->run, r, out);
  else
    fputs(gains[gain], out);
}

static void say_law(const struct analysis *analysis, const struct result *r,
                    FILE *out) {
  enum verdict law = verdict_of(analysis, r, VERDICT_LAW);
  char text[NUMBER_LENGTH];
  bool from = law == VERDICT_SAME || law == VERDICT_TOO_WIDE;
  if (r->workers > 1 && isfinite(r->program_law.median))
    fprintf(out, ", %s%s Amdahl's %s", laws[law], from ? " from" : "",
            number_ratio_interval(r->program_law, text));
}

static void one_sentence(const struct analysis *analysis,
                         const struct workload_result *workload, FILE *out) {
  char ratio[NUMBER_LENGTH], time[NUMBER_LENGTH], serial[NUMBER_LENGTH];
  char name[REPORT_NAME];
  int64_t workers = analysis_most_workers(analysis, workload);
  const struct result *r = verdict_point(analysis, workload);
  report_name(workload, name);
  if (!r) {
    fprintf(out, "%s: only serial %s measured.\n", name,
            report_copies(analysis, workload, workers) ? "and copies were"
                                                       : "was");
    return;
  }
  if (!isfinite(r->program_speedup.median)) {
    /* An empty list is what is known; none at all is not. */
    fprintf(out,
            r->program_ratios.values
                ? "%s: no round has both serial and %s yet.\n"
                : "%s: the speedup of %s is not told: analyze its run anew.\n",
            name, r->requested);
    return;
  }
  fprintf(out, "%s: %s with %" PRId64 " worker%s ", name, r->requested, workers,
          workers == 1 ? "" : "s");
  say_gain(analysis, r, out);
  fprintf(out, ": %s, %s beside %s",
          number_ratio_interval(r->program_speedup, ratio),
          number_time(r->program_s.median, time),
          number_time(workload->serial_program_s.median, serial));
  say_law(analysis, r, out);
  if (isfinite(r->speedup_abs.median))
    fprintf(out, "; the region: %s",
            number_ratio_interval(r->speedup_abs, ratio));
  fputs(".\n", out);
}

/* A control: what is known beside what was measured. */
static void known_fraction(const struct workload_result *workload,
                           int64_t workers, FILE *out) {
  const struct interval *f = &workload->serial_fraction;
  double known = workload->known_serial_fraction, p = (double)workers;
  char at[NUMBER_LENGTH], measured[NUMBER_LENGTH], law[NUMBER_LENGTH],
      drawn[NUMBER_LENGTH], name[REPORT_NAME];
  if (!isfinite(known) || !isfinite(f->median))
    return;
  fprintf(out, "%s: the serial fraction is known, %s; the pilot measured %s",
          report_name(workload, name), number_percent(known, at),
          number_percent_interval(*f, measured));
  if (known < f->low || known > f->high)
    fprintf(out,
            ", which excludes it: Amdahl's law gives %s with %" PRId64
            " workers by the known one, %s by the measured one",
            number_ratio(prediction_speedup(known, p), law), workers,
            number_ratio(prediction_speedup(f->median, p), drawn));
  fputs(".\n", out);
}

/* As many jobs of one worker, which is no parallel form. */
static void copies_sentence(const struct analysis *analysis,
                            const struct workload_result *workload, FILE *out) {
  char region[NUMBER_LENGTH], program[NUMBER_LENGTH];
  int64_t workers = analysis_most_workers(analysis, workload);
  const struct result *r = report_copies(analysis, workload, workers);
  if (r && isfinite(r->speedup_abs.median))
    fprintf(out,
            "  As %" PRId64 " job%s of one worker side by side: %s the "
            "throughput in the region; the whole program: %s.\n",
            workers, workers == 1 ? "" : "s",
            number_ratio_interval(r->speedup_abs, region),
            number_ratio_interval(r->program_speedup, program));
}

/* Whether there is something to say of it: a workload whose region is another
 * one's has programs alone. */
static bool has_scope(const struct analysis *analysis,
                      const struct workload_result *workload,
                      enum scope scope) {
  const struct result *point = verdict_point(analysis, workload);
  return !point || isfinite(scope_speedup(scope, point).median);
}

/* Over the sizes. */
static void size_sentences(const struct analysis *analysis,
                           const struct workload_result *workload, FILE *out) {
  char text[REPORT_LINE];
  for (int scope = 0; scope < SCOPES; scope++) {
    if (!has_scope(analysis, workload, (enum scope)scope))
      continue;
    title_sizes(analysis, workload, (enum scope)scope, text);
    fprintf(out, "%s (%s).\n", text, scope_table[scope].what);
  }
}

void report_workload_sentences(const struct analysis *analysis,
                               const struct workload_result *workload,
                               FILE *out) {
  if (workload->sized)
    size_sentences(analysis, workload, out);
  one_sentence(analysis, workload, out);
  copies_sentence(analysis, workload, out);
  known_fraction(workload, analysis_most_workers(analysis, workload), out);
}

void report_sentences(const struct analysis *analysis, FILE *out) {
  for (size_t s = 0; s < analysis->workload_count; s++)
    if (analysis_is_largest(analysis, &analysis->workloads[s]))
      report_workload_sentences(analysis, &analysis->workloads[s], out);
}

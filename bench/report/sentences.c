/* One plain sentence per kernel. */
#include "bench/analyze/prediction.h"
#include "bench/report/numbers.h"
#include "bench/report/scopes.h"
#include "bench/report/titles.h"

#include <inttypes.h>
#include <string.h>

static const char *region_verdict(struct interval speedup) {
  if (!isfinite(speedup.low))
    return "ran the region (too few rounds for an interval)";
  if (speedup.low > 1)
    return "ran the region faster than serial";
  if (speedup.high < 1)
    return "ran the region slower than serial";
  return "is not shown to differ from serial in the region";
}

static const char *law_verdict(const struct result *r) {
  const struct interval *measured = &r->program_speedup_rel;
  if (!isfinite(measured->low) || !isfinite(r->program_amdahl_low))
    return "beside";
  if (measured->high < r->program_amdahl_low)
    return "below";
  if (measured->low > r->program_amdahl_high)
    return "above";
  return "not told apart from";
}

static void one_sentence(const struct analysis *analysis,
                         const struct workload_result *workload, FILE *out) {
  char region[NUMBER_LENGTH], program[NUMBER_LENGTH], law[NUMBER_LENGTH],
      rel[NUMBER_LENGTH];
  char name[REPORT_NAME];
  int64_t workers = analysis_most_workers(analysis, workload);
  const struct result *r = report_leader(analysis, workload, workers);
  report_name(workload, name);
  if (!r) {
    fprintf(out, "%s: only serial was measured.\n", name);
    return;
  }
  if (!isfinite(r->speedup_abs.median)) {
    /* An empty list is what is known; none at all is not. */
    fprintf(out,
            r->region_ratios.values
                ? "%s: no round has both serial and %s yet.\n"
                : "%s: the speedup of %s is not told: analyze its run anew.\n",
            name, r->requested);
    return;
  }
  fprintf(out,
          "%s: %s with %" PRId64 " worker%s %s: %s; the whole program: %s.",
          name, r->requested, workers, workers == 1 ? "" : "s",
          region_verdict(r->speedup_abs),
          number_ratio_interval(r->speedup_abs, region),
          number_ratio_interval(r->program_speedup, program));
  if (workers > 1 && isfinite(r->program_amdahl_predicted) &&
      isfinite(r->program_speedup_rel.median))
    fprintf(
        out,
        "  Against one worker it gained %s, %s Amdahl's %s from %s "
        "serial.",
        number_ratio_interval(r->program_speedup_rel, rel), law_verdict(r),
        number_ratio(r->program_amdahl_predicted, law),
        number_percent((1 / r->program_amdahl_predicted - 1 / (double)workers) /
                           (1 - 1 / (double)workers),
                       region));
  fputc('\n', out);
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

/* Over the sizes. */
static void size_sentences(const struct analysis *analysis,
                           const struct workload_result *workload, FILE *out) {
  char text[REPORT_LINE];
  for (int scope = 0; scope < SCOPES; scope++) {
    title_sizes(analysis, workload, (enum scope)scope, text);
    fprintf(out, "%s (%s).\n", text, scope_table[scope].what);
  }
}

void report_sentences(const struct analysis *analysis, FILE *out) {
  for (size_t s = 0; s < analysis->workload_count; s++) {
    const struct workload_result *workload = &analysis->workloads[s];
    if (!analysis_is_largest(analysis, workload))
      continue;
    if (workload->sized)
      size_sentences(analysis, workload, out);
    one_sentence(analysis, workload, out);
    known_fraction(workload, analysis_most_workers(analysis, workload), out);
  }
}

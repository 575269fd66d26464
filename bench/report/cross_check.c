/* What hyperfine's own times of the same commands say of the sweep's. */
#include "bench/report/numbers.h"
#include "bench/report/report.h"

#include <inttypes.h>
#include <string.h>

/* "95.4% longer" */
static const char *how_far(const struct cross_check *check, char *text) {
  char share[NUMBER_LENGTH];
  double ratio = check->hyperfine_s / check->sweep_s;
  text_print(text, NUMBER_LENGTH, "%s %s",
             number_percent(fabs(ratio - 1), share),
             ratio < 1 ? "shorter" : "longer");
  return text;
}

/* Which command, by how much and in which direction, and what is wrong then. */
static void say_contradiction(const struct cross_check *check, FILE *out) {
  char far[NUMBER_LENGTH], own[NUMBER_LENGTH], other[NUMBER_LENGTH],
      here[NUMBER_LENGTH], there[NUMBER_LENGTH], brief[TEXT_BRIEF];
  bool serial = strcmp(check->variant, "serial") == 0;
  fprintf(out,
          "  %s, %s with %" PRId64 " worker%s: %s by hyperfine (%s) than in "
          "the sweep (%s)",
          text_brief(check->workload, 60, brief), check->variant,
          check->workers, check->workers == 1 ? "" : "s", how_far(check, far),
          number_time(check->hyperfine_s, own),
          number_time(check->sweep_s, other));
  number_ratio(check->hyperfine_speedup, here);
  number_ratio(check->sweep_speedup, there);
  if (strcmp(check->contradicts, "speedup") == 0)
    fprintf(out, ", its speedup %s instead of %s: do not rely on either.\n",
            here, there);
  else if (serial || !isfinite(check->hyperfine_speedup) ||
           !isfinite(check->sweep_speedup))
    fputs(": do not rely on its seconds.\n", out);
  else
    fprintf(out,
            ": do not rely on its seconds; the speedup is not contradicted, "
            "%s beside %s.\n",
            here, there);
}

static bool has_ranges(const struct cross_check *check) {
  return isfinite(check->sweep_low_s) && isfinite(check->hyperfine_least_s);
}

/* " 2 of the sweep's times", or that it cannot be told. */
static void say_how_many(const struct analysis *analysis, FILE *out) {
  size_t compared = 0, judged = 0, contradicted = 0;
  for (size_t i = 0; i < analysis->check_count; i++) {
    const struct cross_check *check = &analysis->checks[i];
    compared += isfinite(check->hyperfine_s / check->sweep_s);
    judged += has_ranges(check);
    contradicted += check->contradicts != NULL;
  }
  fprintf(out, "hyperfine timed %zu of the same commands on its own, ",
          compared);
  if (judged == 0)
    fputs("with too few runs to contradict", out);
  else
    fprintf(out, "and contradicts %zu%s", contradicted,
            contradicted > 0 ? " (no run of its in the sweep's interval)" : "");
}

void report_cross_check(const struct analysis *analysis, FILE *out) {
  const struct cross_check *farthest = NULL;
  double most = 0;
  char far[NUMBER_LENGTH], brief[TEXT_BRIEF];
  for (size_t i = 0; i < analysis->check_count; i++) {
    const struct cross_check *check = &analysis->checks[i];
    double off = fabs(log(check->hyperfine_s / check->sweep_s));
    if (!isfinite(off) || (farthest && off <= most))
      continue;
    farthest = check;
    most = off;
  }
  if (!farthest)
    return;
  say_how_many(analysis, out);
  fprintf(out,
          "; the farthest from the sweep's, %s, %s with %" PRId64
          " worker%s, took %s.\n",
          text_brief(farthest->workload, 60, brief), farthest->variant,
          farthest->workers, farthest->workers == 1 ? "" : "s",
          how_far(farthest, far));
  for (size_t i = 0; i < analysis->check_count; i++)
    if (analysis->checks[i].contradicts)
      say_contradiction(&analysis->checks[i], out);
}

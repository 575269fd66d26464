#include "bench/analyze/verdict.h"

#include "bench/analyze/flags.h"
#include "bench/analyze/stats.h"

#include <stdlib.h>

const struct interval verdict_nothing_gained = {1, 1, 1};

static const double false_share = 0.05; /* over a whole report */
/* Six are what is left where all else gave way: quick runs. */
static const int64_t fewest_trials = 7;
/* Of nine normal values the ends lie 2.97 standard deviations apart on average,
 * and those of the interval, the second and the eighth, 1.86. */
static const double ends_by_interval = 1.59;

double verdict_p(const struct numbers *ratios, struct interval null) {
  size_t below = 0, above = 0, known = 0;
  if (!isfinite(null.low) || !isfinite(null.high))
    return (double)NAN;
  for (size_t i = 0; i < ratios->count; i++) {
    double ratio = ratios->values[i];
    known += isfinite(ratio);
    below += ratio < null.low;
    above += ratio > null.high;
  }
  return stats_sign_p(known, known - (below > above ? below : above));
}

double verdict_half_width(const struct numbers *ratios) {
  double low = (double)NAN, high = (double)NAN;
  for (size_t i = 0; i < ratios->count; i++) {
    low = fmin(low, ratios->values[i]);
    high = fmax(high, ratios->values[i]);
  }
  return log(high / low) / 2 / ends_by_interval;
}

int64_t verdict_trials(int64_t verdicts) {
  int64_t n = fewest_trials;
  while (ldexp(1, 1 - (int)n) * (double)verdicts > false_share)
    n++;
  return n;
}

const struct result *verdict_point(const struct analysis *analysis,
                                   const struct workload_result *workload) {
  return analysis_leader(analysis, workload,
                         analysis_most_workers(analysis, workload));
}

static bool has_enough(const struct result *r, int64_t verdicts) {
  return r->program_ratios.count >= (size_t)verdict_trials(verdicts);
}

/* The p at which its workload is through: it differs from every null there is.
 * Those that get no verdict never are. */
static double last_p(const struct result *r, int64_t verdicts) {
  if (!has_enough(r, verdicts) || flags_spoilt(r))
    return 1;
  return fmax(r->program_speedup_p, r->program_law_p);
}

/* Holm's level for those that are not through. */
static double level_of(const double *p, size_t count) {
  size_t through = 0, before;
  double level;
  do {
    before = through;
    level = false_share / (double)(count > before ? count - before : 1);
    through = 0;
    for (size_t i = 0; i < count; i++)
      through += p[i] <= level;
  } while (through > before);
  return level;
}

static bool is_judged(const struct result *point) {
  return point && isfinite(point->program_speedup.median);
}

int verdicts_settle(struct analysis *analysis) {
  struct run_facts *run = &analysis->run;
  size_t all = analysis->workload_count, count = 0;
  double *p = calloc(all + 1, sizeof *p);
  if (!p)
    return -1;
  run->verdicts = 0;
  for (size_t s = 0; s < all; s++)
    run->verdicts +=
        is_judged(verdict_point(analysis, &analysis->workloads[s]));
  for (size_t s = 0; s < all; s++) {
    const struct result *r = verdict_point(analysis, &analysis->workloads[s]);
    if (is_judged(r))
      p[count++] = last_p(r, run->verdicts);
  }
  run->verdict_level = count ? level_of(p, count) : (double)NAN;
  free(p);
  return 0;
}

enum verdict verdict_of(const struct analysis *analysis,
                        const struct result *result, enum verdict_null null) {
  bool law = null == VERDICT_LAW;
  double p = law ? result->program_law_p : result->program_speedup_p;
  struct interval to = law ? result->program_law : verdict_nothing_gained;
  struct interval measured = result->program_speedup;
  const struct run_facts *run = &analysis->run;
  if (!isfinite(p) || !isfinite(run->verdict_level) ||
      result != verdict_point(analysis, analysis_workload_of(analysis, result)))
    return VERDICT_NONE;
  if (flags_spoilt(result))
    return VERDICT_SPOILT;
  if (!has_enough(result, run->verdicts))
    return VERDICT_FEW;
  if (p <= run->verdict_level)
    return measured.median < to.low ? VERDICT_BELOW : VERDICT_ABOVE;
  /* A null that is an interval holds differences that matter, too. */
  bool wide = !(measured.low >= to.median * (1 - flags_matters()) &&
                measured.high <= to.median * (1 + flags_matters()));
  return wide ? VERDICT_TOO_WIDE : VERDICT_SAME;
}

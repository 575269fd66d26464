#include "bench/analyze/aa.h"

#include "bench/analyze/proportion.h"
#include "bench/analyze/stats.h"
#include "bench/sweep/aa_plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double nominal = 0.05, chance = 0.025;

uint32_t aa_surely_many(uint32_t sweeps) {
  /* P(Bin(sweeps, nominal) >= found), from the top. */
  double n = sweeps, tail = 0;
  uint32_t found = sweeps + 1;
  while (found > 0) {
    double k = found - 1;
    double log_p = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) +
                   k * log(nominal) + (n - k) * log1p(-nominal);
    tail += exp(log_p);
    if (tail > chance)
      break;
    found--;
  }
  return found;
}

bool aa_too_many(uint32_t found, uint32_t sweeps) {
  return sweeps >= AA_SWEEPS_JUDGED && found >= aa_surely_many(sweeps);
}

int aa_times_make(const struct records *records, uint32_t trials,
                  struct aa_times *times, struct problem *problem) {
  *times = (struct aa_times){.trials = trials};
  for (int i = 0; i < 2; i++) {
    times->time_s[i] = stats_unknown(trials);
    if (!times->time_s[i])
      return problem_failure(problem, "out of memory");
  }
  for (size_t k = 0; k < records->count; k++) {
    const struct record *r = &records->list[k];
    if (!record_is_in(r, aa_phase) || r->round < 1 || r->round > trials ||
        !record_is_ok(r))
      continue;
    times->time_s[0][r->round - 1] = r->turns_ratio * r->region_s;
    times->time_s[1][r->round - 1] = r->region_s;
  }
  return PROBLEM_NONE;
}

void aa_times_free(struct aa_times *times) {
  for (int i = 0; i < 2; i++)
    free(times->time_s[i]);
  *times = (struct aa_times){.trials = 0};
}

/* Of all trials. */
static double median_s(const struct aa_times *times, double *room) {
  size_t count = 0;
  for (uint32_t i = 0; i < times->trials; i++)
    if (isfinite(times->time_s[1][i]))
      room[count++] = times->time_s[1][i];
  stats_sort(room, count);
  return stats_median(room, count);
}

/* Of one sweep.  room: for two times its trials. */
static struct interval interval_of(const struct aa_times *times,
                                   uint32_t sweeps, uint32_t sweep,
                                   uint32_t trials, double *room) {
  for (size_t i = 0; i < trials; i++)
    for (int form = 0; form < 2; form++)
      room[i + form * (size_t)trials] = times->time_s[form][i * sweeps + sweep];
  return stats_ratio_interval(room, room + trials, trials);
}

int aa_conclude(const struct aa_times *times, uint32_t sweeps,
                struct aa_outcome *outcome, struct problem *problem) {
  uint32_t trials = times->trials / sweeps;
  double *room = calloc(2 * (size_t)times->trials + 1, sizeof *room);
  double *widths = malloc((sweeps + 1) * sizeof *widths);
  size_t rank = 1;
  *outcome = (struct aa_outcome){.sweeps = sweeps, .trials = trials};
  if (!room || !widths || trials < STATS_SAMPLES_MIN) {
    free(room);
    free(widths);
    return problem_failure(problem, trials < STATS_SAMPLES_MIN
                                        ? "fewer than 6 trials for each sweep"
                                        : "out of memory");
  }
  for (uint32_t s = 0; s < sweeps; s++) {
    struct interval interval = interval_of(times, sweeps, s, trials, room);
    outcome->found += interval.low > 1 || interval.high < 1;
    widths[s] = (interval.high - interval.low) / 2;
  }
  stats_sort(widths, sweeps);
  stats_order_rank(trials, STATS_LEVEL, &rank);
  outcome->region_s = median_s(times, room);
  outcome->rate = proportion_interval(outcome->found, sweeps);
  outcome->expected = 1 - stats_order_level(trials, rank);
  outcome->width = stats_median(widths, sweeps);
  outcome->width_low = widths[sweeps / 10];
  outcome->width_high = widths[sweeps - 1 - sweeps / 10];
  outcome->too_many = aa_too_many(outcome->found, sweeps);
  free(room);
  free(widths);
  return PROBLEM_NONE;
}

int aa_intervals(const struct aa_times *times, uint32_t sweeps,
                 struct interval *intervals, struct problem *problem) {
  double *room = calloc(2 * (size_t)times->trials + 1, sizeof *room);
  if (!room)
    return problem_failure(problem, "out of memory");
  for (uint32_t s = 0; s < sweeps; s++)
    intervals[s] = interval_of(times, sweeps, s, times->trials / sweeps, room);
  free(room);
  return PROBLEM_NONE;
}

json_t *aa_json(const struct aa_outcome *outcome) {
  return json_pack(
      "{s:i, s:i, s:i, s:f, s:i, s:{s:f, s:f, s:f}, s:f, s:f, s:f, s:f, s:b, "
      "s:b}",
      "schema", RECORD_SCHEMA, "sweeps", (int)outcome->sweeps, "trials",
      (int)outcome->trials, "region_s", outcome->region_s, "found",
      (int)outcome->found, "rate", "median", outcome->rate.median, "low",
      outcome->rate.low, "high", outcome->rate.high, "expected",
      outcome->expected, "half_width", outcome->width, "half_width_decile_1",
      outcome->width_low, "half_width_decile_9", outcome->width_high, "judged",
      outcome->sweeps >= AA_SWEEPS_JUDGED, "too_many", outcome->too_many);
}

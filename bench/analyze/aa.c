#include "bench/analyze/aa.h"

#include "bench/analyze/proportion.h"
#include "bench/analyze/stats.h"
#include "bench/sweep/aa_plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double nominal = 0.05;

bool aa_too_many(uint32_t found, uint32_t sweeps) {
  return sweeps >= AA_SWEEPS_JUDGED &&
         proportion_interval(found, sweeps).low > nominal;
}

int aa_times_make(const struct records *records, uint32_t rounds,
                  struct aa_times *times, struct problem *problem) {
  *times = (struct aa_times){.rounds = rounds};
  for (int i = 0; i < AA_NAMES; i++) {
    times->time_s[i] = malloc((rounds + 1) * sizeof(double));
    if (!times->time_s[i])
      return problem_failure(problem, "out of memory");
    for (uint32_t r = 0; r < rounds; r++)
      times->time_s[i][r] = (double)NAN;
  }
  for (size_t k = 0; k < records->count; k++) {
    const struct record *r = &records->list[k];
    for (int i = 0; i < AA_NAMES; i++)
      if (r->phase && strcmp(r->phase, aa_names[i]) == 0 && r->round >= 1 &&
          r->round <= rounds && record_is_ok(r))
        times->time_s[i][r->round - 1] = r->region_s;
  }
  return PROBLEM_NONE;
}

void aa_times_free(struct aa_times *times) {
  for (int i = 0; i < AA_NAMES; i++)
    free(times->time_s[i]);
  *times = (struct aa_times){.rounds = 0};
}

/* Of all trials. */
static double median_s(const struct aa_times *times, double *room) {
  size_t count = 0;
  for (int i = 0; i < AA_NAMES; i++)
    for (uint32_t r = 0; r < times->rounds; r++)
      if (isfinite(times->time_s[i][r]))
        room[count++] = times->time_s[i][r];
  stats_sort(room, count);
  return stats_median(room, count);
}

int aa_conclude(const struct aa_times *times, uint32_t rounds,
                struct aa_outcome *outcome, struct problem *problem) {
  uint32_t sweeps = times->rounds / rounds;
  double *room = malloc((AA_NAMES * times->rounds + 1) * sizeof *room);
  double *widths = malloc((sweeps + 1) * sizeof *widths);
  size_t rank = 1;
  *outcome = (struct aa_outcome){.sweeps = sweeps};
  if (!room || !widths || sweeps == 0) {
    free(room);
    free(widths);
    return problem_failure(problem,
                           sweeps ? "out of memory" : "no sweep was finished");
  }
  for (uint32_t s = 0; s < sweeps; s++) {
    size_t at = (size_t)s * rounds;
    struct interval interval = stats_ratio_interval(
        times->time_s[0] + at, times->time_s[1] + at, rounds);
    outcome->found += interval.low > 1 || interval.high < 1;
    widths[s] = (interval.high - interval.low) / 2;
  }
  stats_sort(widths, sweeps);
  stats_order_rank(rounds, STATS_LEVEL, &rank);
  outcome->region_s = median_s(times, room);
  outcome->rate = proportion_interval(outcome->found, sweeps);
  outcome->expected = 1 - stats_order_level(rounds, rank);
  outcome->width = stats_median(widths, sweeps);
  outcome->width_low = widths[sweeps / 10];
  outcome->width_high = widths[sweeps - 1 - sweeps / 10];
  outcome->too_many = aa_too_many(outcome->found, sweeps);
  free(room);
  free(widths);
  return PROBLEM_NONE;
}

#include "bench/tests/coverage_sweeps.h"

#include "bench/analyze/prediction.h"
#include "bench/analyze/stats.h"
#include "bench/analyze/verdict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LONG = 1000 }; /* sweeps are a long run */
static const char *const requested[COVERAGE_ONES] = {"serial", "omp:static"};
static const uint64_t long_seed = UINT64_C(1) << 41;
static const double wanted_width = 0.02;

double coverage_median(double *values, size_t count) {
  stats_sort(values, count);
  return stats_median(values, count);
}

/* See prediction.c. */
static double share_of(const struct record *r) {
  double touch_s = r->touched_by_workers == 1 ? 0 : r->touch_s;
  return (r->setup_s + r->start_s + touch_s + r->finish_s + r->close_s) /
         r->program_s;
}

static void pilot(struct coverage_bench *bench, struct coverage_sweep *sweep) {
  struct record list[PLAN_PILOTS * COVERAGE_ONES];
  struct records records = {.list = list, .count = 0};
  for (uint32_t i = 0; i < PLAN_PILOTS; i++)
    for (uint32_t point = 0; point < COVERAGE_ONES; point++) {
      struct record *record = &list[records.count++];
      coverage_bench_run(bench, point, i, record);
      sweep->pilot_s[point][i] = record->program_s;
      sweep->share[i] = share_of(record); /* the last point's stays */
      free(record->phase);
      record->phase = strdup("pilot");
    }
  uint32_t workers = coverage_bench_scenario(bench)->cpus;
  sweep->law = prediction_program(&records, "spin", 0, requested[1], workers);
  for (size_t i = 0; i < records.count; i++)
    record_free(&list[i]);
}

struct interval coverage_sweep_speedup(const struct coverage_sweep *sweep,
                                       int point, uint32_t rounds) {
  return stats_ratio_interval(sweep->program_s[point],
                              sweep->program_s[COVERAGE_LAST], rounds);
}

/* Nine, then once from their width: see widest.c. */
static uint32_t rounds_of(const struct coverage_sweep *sweep, uint32_t most) {
  double ratios[WIDTH_ROUNDS_FIRST];
  const struct numbers all = {ratios, WIDTH_ROUNDS_FIRST};
  for (size_t i = 0; i < all.count; i++)
    ratios[i] = sweep->program_s[0][i] / sweep->program_s[COVERAGE_LAST][i];
  struct interval first = coverage_sweep_speedup(sweep, 0, WIDTH_ROUNDS_FIRST);
  double half_width = (first.high - first.low) / 2 / first.median;
  return width_rounds(fmax(half_width, verdict_half_width(&all)), wanted_width,
                      most);
}

double coverage_sweep_half_width(const struct coverage_sweep *sweep) {
  struct interval i = coverage_sweep_speedup(sweep, 0, sweep->rounds);
  return log(i.high / i.low) / 2;
}

double coverage_sweep_law_half_width(const struct coverage_sweep *sweep) {
  return log(sweep->law.median / sweep->law.low);
}

void coverage_sweep_run(struct coverage_bench *bench, uint64_t seed,
                        struct coverage_sweep *sweep) {
  uint32_t most = coverage_bench_scenario(bench)->rounds;
  coverage_bench_restart(bench, seed);
  pilot(bench, sweep);
  for (uint32_t round = 0; round < most; round++) {
    double program_s[COVERAGE_POINTS], serial_s[2];
    coverage_bench_programs(bench, round, program_s, serial_s);
    sweep->serial_s[0][round] = serial_s[0];
    sweep->serial_s[1][round] = serial_s[1];
    for (int point = 0; point < COVERAGE_POINTS; point++)
      sweep->program_s[point][round] = program_s[point];
  }
  sweep->rounds = rounds_of(sweep, most);
}

/* ---- the long run -------------------------------------------------------- */

/* Of many sweeps: ratios by round, one-worker programs and serial shares by
 * pilot, widths by sweep. */
struct long_run {
  double ratios[COVERAGE_ONES][LONG * COVERAGE_ROUNDS],
      pilot_s[COVERAGE_ONES][LONG * PLAN_PILOTS], shares[LONG * PLAN_PILOTS],
      widths[LONG], rounds[LONG];
};

static void keep(const struct coverage_sweep *sweep, size_t number,
                 size_t rounds, struct long_run *all) {
  for (int point = 0; point < COVERAGE_ONES; point++) {
    for (size_t round = 0; round < rounds; round++)
      all->ratios[point][number * rounds + round] =
          sweep->program_s[point][round] /
          sweep->program_s[COVERAGE_LAST][round];
    memcpy(&all->pilot_s[point][number * PLAN_PILOTS], sweep->pilot_s[point],
           sizeof sweep->pilot_s[point]);
  }
  memcpy(&all->shares[number * PLAN_PILOTS], sweep->share, sizeof sweep->share);
  all->widths[number] = coverage_sweep_half_width(sweep);
  all->rounds[number] = sweep->rounds;
}

struct coverage_long_run
coverage_verdicts_truth(const struct coverage_scenario *scenario) {
  struct long_run *all = malloc(sizeof *all);
#pragma omp parallel
  {
    struct coverage_bench *bench = coverage_bench_new(scenario);
    struct coverage_sweep sweep;
#pragma omp for schedule(static)
    for (size_t s = 0; s < LONG; s++) {
      coverage_sweep_run(bench, long_seed + s, &sweep);
      keep(&sweep, s, scenario->rounds, all);
    }
    coverage_bench_free(bench);
  }
  size_t pilots = (size_t)LONG * PLAN_PILOTS,
         rounds = (size_t)LONG * scenario->rounds;
  double s =
      prediction_speedup(coverage_median(all->shares, pilots), scenario->cpus);
  double law = s * coverage_median(all->pilot_s[0], pilots) /
               coverage_median(all->pilot_s[1], pilots);
  struct coverage_long_run truth = {
      .speedup = coverage_median(all->ratios[0], rounds)};
  truth.over_law = truth.speedup / law;
  truth.over_one = coverage_median(all->ratios[1], rounds) / s;
  for (size_t i = 0; i < LONG; i++)
    truth.mean_half_width += all->widths[i] / LONG;
  truth.half_width = coverage_median(all->widths, LONG);
  truth.rounds = coverage_median(all->rounds, LONG);
  free(all);
  return truth;
}

#include "bench/tests/coverage_law.h"

#include "bench/analyze/prediction.h"
#include "bench/analyze/stats.h"
#include "bench/plan/plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  LAST = COVERAGE_POINTS - 1,
  ONES = COVERAGE_POINTS - 1, /* points of one worker: serial, and the team's */
  ROUNDS = 20,                /* at most */
  LONG = 1000,                /* sweeps of them are a long run */
};
static const char *const requested[ONES] = {"serial", "omp:static"};
static const uint64_t long_seed = UINT64_C(1) << 41;

/* What a sweep measured. */
struct sweep {
  double program_s[COVERAGE_POINTS][ROUNDS];
  double serial_share[ONES][PLAN_PILOTS];
  struct interval f[ONES]; /* of its pilot */
};

static double share_of(const struct record *r) {
  return (r->setup_s + r->start_s + r->touch_s + r->finish_s + r->close_s) /
         r->program_s;
}

static void pilot(struct coverage_bench *bench, struct sweep *sweep) {
  struct record list[PLAN_PILOTS * ONES];
  struct records records = {.list = list, .count = 0};
  for (uint32_t i = 0; i < PLAN_PILOTS; i++)
    for (uint32_t point = 0; point < ONES; point++) {
      struct record *record = &list[records.count++];
      coverage_bench_run(bench, point, i, record);
      sweep->serial_share[point][i] = share_of(record);
      free(record->phase);
      record->phase = strdup("pilot");
    }
  for (uint32_t point = 0; point < ONES; point++)
    sweep->f[point] =
        prediction_serial_fraction(&records, "spin", 0, requested[point]);
  for (size_t i = 0; i < records.count; i++)
    record_free(&list[i]);
}

static void run_sweep(struct coverage_bench *bench, uint64_t seed,
                      uint32_t rounds, struct sweep *sweep) {
  coverage_bench_restart(bench, seed);
  pilot(bench, sweep);
  for (uint32_t round = 0; round < rounds; round++) {
    double program_s[COVERAGE_POINTS];
    coverage_bench_programs(bench, round, program_s);
    for (int point = 0; point < COVERAGE_POINTS; point++)
      sweep->program_s[point][round] = program_s[point];
  }
}

static double median_of(double *values, size_t count) {
  stats_sort(values, count);
  return stats_median(values, count);
}

/* Of many sweeps: ratios by round, and serial shares by pilot. */
struct long_run {
  double ratios[ONES][LONG * ROUNDS], shares[ONES][LONG * PLAN_PILOTS];
};

static void keep(const struct sweep *sweep, size_t number,
                 struct long_run *all) {
  for (int point = 0; point < ONES; point++) {
    for (size_t round = 0; round < ROUNDS; round++)
      all->ratios[point][number * ROUNDS + round] =
          sweep->program_s[point][round] / sweep->program_s[LAST][round];
    memcpy(&all->shares[point][number * PLAN_PILOTS],
           sweep->serial_share[point], sizeof sweep->serial_share[point]);
  }
}

struct coverage_gap coverage_law_gap(const struct coverage_scenario *scenario) {
  struct long_run *all = malloc(sizeof *all);
  double gaps[ONES];
#pragma omp parallel
  {
    struct coverage_bench *bench = coverage_bench_new(scenario);
    struct sweep sweep;
#pragma omp for schedule(static)
    for (size_t s = 0; s < LONG; s++) {
      run_sweep(bench, long_seed + s, ROUNDS, &sweep);
      keep(&sweep, s, all);
    }
    coverage_bench_free(bench);
  }
  for (int point = 0; point < ONES; point++)
    gaps[point] =
        median_of(all->ratios[point], LONG * ROUNDS) /
        prediction_speedup(median_of(all->shares[point], LONG * PLAN_PILOTS),
                           scenario->cpus);
  free(all);
  return (struct coverage_gap){gaps[0], gaps[1]};
}

static struct interval speedup(const struct sweep *sweep, uint32_t point,
                               uint32_t rounds, double gap) {
  struct interval s = stats_ratio_interval(sweep->program_s[point],
                                           sweep->program_s[LAST], rounds);
  return (struct interval){s.median / gap, s.low / gap, s.high / gap};
}

/* The interval lies below the prediction's, or (sign < 0) above it. */
static bool lies_apart(struct interval measured, struct interval f,
                       uint32_t workers, int sign) {
  return sign > 0 ? measured.high < prediction_speedup(f.high, workers)
                  : measured.low > prediction_speedup(f.low, workers);
}

/* What one sweep says. */
static struct coverage_verdicts judge(const struct coverage_scenario *scenario,
                                      const struct coverage_gap *gap,
                                      const struct sweep *sweep) {
  uint32_t n = scenario->rounds, p = scenario->cpus;
  struct interval measured = speedup(sweep, 0, n, 1);
  struct interval lawful = speedup(sweep, 0, n, gap->against_serial);
  struct interval rel = speedup(sweep, 1, n, gap->against_one);
  double law = prediction_speedup(sweep->f[1].median, p);
  return (struct coverage_verdicts){
      .said_below = lies_apart(measured, sweep->f[0], p, 1),
      .false_below = lies_apart(lawful, sweep->f[0], p, 1),
      .false_above = lies_apart(lawful, sweep->f[0], p, -1),
      .residual_misses = !(rel.low <= law && law <= rel.high)};
}

struct coverage_verdicts coverage_law_run(const struct coverage_scenario *of,
                                          const struct coverage_gap *gap,
                                          size_t sweeps, uint64_t seed) {
  size_t said = 0, below = 0, above = 0, misses = 0;
#pragma omp parallel reduction(+ : said, below, above, misses)
  {
    struct coverage_bench *bench = coverage_bench_new(of);
    struct sweep sweep;
#pragma omp for schedule(static)
    for (size_t s = 0; s < sweeps; s++) {
      run_sweep(bench, seed + s, of->rounds, &sweep);
      struct coverage_verdicts one = judge(of, gap, &sweep);
      said += one.said_below;
      below += one.false_below;
      above += one.false_above;
      misses += one.residual_misses;
    }
    coverage_bench_free(bench);
  }
  return (struct coverage_verdicts){sweeps, said, below, above, misses};
}

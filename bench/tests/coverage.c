#include "bench/tests/coverage.h"

#include "bench/analyze/stats.h"
#include "bench/plan/budget.h"
#include "bench/plan/order.h"
#include "bench/plan/plan.h"
#include "bench/sweep/simulated/simulated.h"
#include "bench/trial/trial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  LAST = COVERAGE_POINTS - 1, /* the first point over it is asked for */
  ROUNDS_MOST = 60,
  TRUTH_ROUNDS = 20,
  TRUTH_SWEEPS = 20000 / TRUTH_ROUNDS,
  RESAMPLES = 1000,
};
static const double wanted_width = 0.02;
static const uint64_t truth_seed = UINT64_C(1) << 40; /* far from the others */

/* What a sweep measured, by point and round. */
struct times {
  double region_s[COVERAGE_POINTS][ROUNDS_MOST];
  double serial_program_s[ROUNDS_MOST], program_s[ROUNDS_MOST];
  double regions_s[COVERAGE_POINTS][ROUNDS_MOST * COVERAGE_ITERATIONS];
  /* Of the last point, where it is in blocks. */
  double beside_s[ROUNDS_MOST], blocks[ROUNDS_MOST * PLAN_BLOCKS];
};

/* Block by block, what each one says. */
static void split_blocks(const struct record *record, double *values) {
  const char *at = record->turns;
  const double *time_s = record->turns_s.values;
  while (*at) {
    size_t length = strcspn(at, "|");
    char block[32];
    snprintf(block, sizeof block, "%.*s", (int)length, at);
    double value = trial_turns_ratio(block, time_s);
    if (isfinite(value)) /* none of warm-up turns */
      *values++ = value;
    time_s += length;
    at += length + (at[length] == '|');
  }
}

static void run_point(struct coverage_bench *bench, uint32_t point,
                      uint32_t round, struct times *times) {
  struct record record;
  coverage_bench_run(bench, point, round, &record);
  times->region_s[point][round] = record.region_s;
  if (!record.turns)
    memcpy(&times->regions_s[point][round * COVERAGE_ITERATIONS],
           record.regions_s.values, COVERAGE_ITERATIONS * sizeof(double));
  else if (point == LAST) {
    times->beside_s[round] = record.turns_ratio * record.region_s;
    split_blocks(&record, &times->blocks[round * PLAN_BLOCKS]);
  }
  record_free(&record);
}

/* A round as the engine does it; round counts from 0. */
static void run_round(struct coverage_bench *bench, uint64_t seed,
                      uint32_t round, struct times *times) {
  uint32_t order[COVERAGE_POINTS];
  double program_s[COVERAGE_POINTS], serial_s[2];
  if (coverage_of_programs(coverage_bench_scenario(bench))) {
    coverage_bench_programs(bench, round, program_s, serial_s);
    times->serial_program_s[round] = program_s[0];
    times->program_s[round] = program_s[LAST];
    return;
  }
  order_shuffle(order, COVERAGE_POINTS, seed, round + 1);
  for (int i = 0; i < COVERAGE_POINTS; i++)
    run_point(bench, order[i], round, times);
}

/* All trials of a point, then all of the next. */
static void run_in_sequence(struct coverage_bench *bench, uint32_t rounds,
                            struct times *times) {
  for (uint32_t point = 0; point < COVERAGE_POINTS; point++)
    for (uint32_t round = 0; round < rounds; round++)
      run_point(bench, point, round, times);
}

/* What is above, and what below, by round. */
struct pair {
  const double *above, *below;
};

static struct pair pair_of(const struct coverage_scenario *scenario,
                           const struct times *times) {
  if (coverage_in_blocks(scenario))
    return (struct pair){times->beside_s, times->region_s[LAST]};
  if (coverage_of_programs(scenario))
    return (struct pair){times->serial_program_s, times->program_s};
  return (struct pair){times->region_s[0], times->region_s[LAST]};
}

static struct interval interval_of(const struct coverage_scenario *scenario,
                                   const struct times *times, uint32_t rounds) {
  struct pair pair = pair_of(scenario, times);
  return stats_ratio_interval(pair.above, pair.below, rounds);
}

static struct interval blocks_of(const struct times *times, uint32_t rounds) {
  double ones[ROUNDS_MOST * PLAN_BLOCKS];
  for (uint32_t i = 0; i < rounds * PLAN_BLOCKS; i++)
    ones[i] = 1;
  return stats_ratio_interval(times->blocks, ones,
                              (size_t)rounds * PLAN_BLOCKS);
}

static struct interval bca_of(const struct times *times, uint32_t rounds,
                              uint64_t seed) {
  double logs[ROUNDS_MOST];
  for (uint32_t i = 0; i < rounds; i++)
    logs[i] = log(times->region_s[0][i] / times->region_s[LAST][i]);
  struct interval i = coverage_bca(logs, rounds, seed, RESAMPLES);
  return (struct interval){exp(i.median), exp(i.low), exp(i.high)};
}

static uint32_t width_of(struct interval first, uint32_t most) {
  return width_rounds((first.high - first.low) / 2 / first.median, wanted_width,
                      most);
}

static bool excludes(struct interval interval, double value) {
  return !(interval.low <= value && value <= interval.high);
}

/* One sweep by the scenario's rule; *rounds: how many it took. */
static struct interval sweep(struct coverage_bench *bench, uint64_t seed,
                             struct times *times, uint32_t *rounds) {
  const struct coverage_scenario *scenario = coverage_bench_scenario(bench);
  enum coverage_rule rule = scenario->rule;
  uint32_t most = scenario->rounds;
  coverage_bench_restart(bench, seed);
  *rounds = rule == RULE_WIDTH ? WIDTH_ROUNDS_FIRST : most;
  if (rule == RULE_SEQUENTIAL)
    run_in_sequence(bench, most, times);
  for (uint32_t r = 0; rule != RULE_SEQUENTIAL && r < *rounds; r++) {
    run_round(bench, seed, r, times);
    if (rule == RULE_WIDTH && r + 1 == WIDTH_ROUNDS_FIRST)
      *rounds = width_of(interval_of(scenario, times, r + 1), most);
    if (rule == RULE_PEEK && r + 1 >= STATS_SAMPLES_MIN &&
        excludes(interval_of(scenario, times, r + 1), 1))
      *rounds = r + 1;
  }
  if (rule == RULE_BCA)
    return bca_of(times, *rounds, seed);
  if (rule == RULE_EACH_BLOCK)
    return blocks_of(times, *rounds);
  if (rule == RULE_ITERATIONS)
    return stats_ratio_interval(times->regions_s[0], times->regions_s[LAST],
                                (size_t)*rounds * COVERAGE_ITERATIONS);
  return interval_of(scenario, times, *rounds);
}

struct interval coverage_sweep(const struct coverage_scenario *scenario,
                               uint64_t seed) {
  struct coverage_bench *bench = coverage_bench_new(scenario);
  struct times times;
  uint32_t rounds;
  struct interval interval = sweep(bench, seed, &times, &rounds);
  coverage_bench_free(bench);
  return interval;
}

static bool same_truth(const struct coverage_scenario *a,
                       const struct coverage_scenario *b) {
  return a->same == b->same && a->close == b->close && a->cpus == b->cpus &&
         coverage_way(a) == coverage_way(b) && a->noise == b->noise;
}

static double truth_of(const struct coverage_scenario *scenario) {
  struct coverage_scenario plain = *scenario;
  uint32_t n = TRUTH_ROUNDS;
  if (scenario->same)
    return 1;
  double *ratios = malloc((size_t)TRUTH_SWEEPS * n * sizeof *ratios);
  if (!coverage_in_blocks(scenario) && !coverage_of_programs(scenario))
    plain.rule = RULE_ROUNDS;
  plain.rounds = n;
#pragma omp parallel
  {
    struct coverage_bench *bench = coverage_bench_new(&plain);
    struct times times;
    uint32_t rounds;
#pragma omp for schedule(static)
    for (size_t s = 0; s < TRUTH_SWEEPS; s++) {
      sweep(bench, truth_seed + s, &times, &rounds);
      struct pair pair = pair_of(&plain, &times);
      for (uint32_t r = 0; r < n; r++)
        ratios[s * n + r] = pair.above[r] / pair.below[r];
    }
    coverage_bench_free(bench);
  }
  stats_sort(ratios, (size_t)TRUTH_SWEEPS * n);
  double truth = stats_median(ratios, (size_t)TRUTH_SWEEPS * n);
  free(ratios);
  return truth;
}

void coverage_truths(double *truths) {
  for (size_t i = 0; i < coverage_scenario_count; i++) {
    const struct coverage_scenario *scenario = &coverage_scenarios[i];
    bool known = i > 0 && same_truth(scenario, scenario - 1);
    truths[i] = known ? truths[i - 1] : truth_of(scenario);
  }
}

static void judge(const struct coverage_scenario *scenario,
                  struct coverage_outcome *outcome) {
  size_t k = 0;
  double level = 0.95, n = (double)outcome->sweeps;
  stats_order_rank(scenario->rounds, STATS_LEVEL, &k);
  if (scenario->test == TEST_EXACT)
    level = stats_order_level(scenario->rounds, k);
  double allowance = 3 * sqrt(level * (1 - level) / n);
  outcome->least = scenario->test == TEST_RANGE ? 0.93 : level - allowance;
  outcome->most = scenario->test == TEST_RANGE   ? 0.99
                  : scenario->test == TEST_EXACT ? fmin(1, level + allowance)
                                                 : 1;
  outcome->coverage = (double)outcome->covered / n;
  outcome->passes =
      outcome->coverage >= outcome->least && outcome->coverage <= outcome->most;
}

struct coverage_outcome coverage_run(const struct coverage_scenario *scenario,
                                     double truth, size_t sweeps,
                                     uint64_t seed) {
  struct coverage_outcome outcome = {.sweeps = sweeps, .truth = truth};
  double *widths = malloc(sweeps * sizeof *widths);
  size_t covered = 0, all_rounds = 0;
#pragma omp parallel reduction(+ : covered, all_rounds)
  {
    struct coverage_bench *bench = coverage_bench_new(scenario);
    struct times times;
    uint32_t rounds;
#pragma omp for schedule(static)
    for (size_t s = 0; s < sweeps; s++) {
      struct interval interval = sweep(bench, seed + s, &times, &rounds);
      covered += !excludes(interval, outcome.truth);
      all_rounds += rounds;
      widths[s] = interval.high / interval.low - 1;
    }
    coverage_bench_free(bench);
  }
  stats_sort(widths, sweeps);
  outcome.covered = covered;
  outcome.width = stats_median(widths, sweeps);
  outcome.rounds = (double)all_rounds / (double)sweeps;
  free(widths);
  judge(scenario, &outcome);
  return outcome;
}

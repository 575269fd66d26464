#include "bench/tests/coverage.h"

#include "bench/analyze/stats.h"
#include "bench/plan/budget.h"
#include "bench/plan/order.h"
#include "bench/sweep/simulated.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  POINTS = 3, /* as a plan lists them; the first over the last is asked for */
  ROUNDS_MOST = 60,
  TRUTH_ROUNDS = 20,
  TRUTH_SWEEPS = 20000 / TRUTH_ROUNDS,
  RESAMPLES = 1000,
};
static const double wanted_width = 0.02;
static const uint64_t truth_seed = UINT64_C(1) << 40; /* far from the others */

#define CALM                                                                   \
  { .jitter = 0.01, .region_jitter = 0.01 }
#define DRIFT                                                                  \
  {                                                                            \
    .jitter = 0.005, .region_jitter = 0.005, .drift = 0.02,                    \
    .drift_correlation = 0.97                                                  \
  }
#define BURSTS                                                                 \
  {                                                                            \
    .jitter = 0.01, .region_jitter = 0.005, .steal_probability = 0.15,         \
    .steal_share = 0.25                                                        \
  }
#define ALL                                                                    \
  {                                                                            \
    .jitter = 0.01, .region_jitter = 0.005, .drift = 0.02,                     \
    .drift_correlation = 0.97, .trend = 2e-4, .steal_probability = 0.1,        \
    .steal_share = 0.25                                                        \
  }

const struct coverage_scenario coverage_scenarios[] = {
    {"independent noise", CALM, 10, RULE_ROUNDS, TEST_EXACT, false, false},
    {"independent noise", CALM, 15, RULE_ROUNDS, TEST_EXACT, false, false},
    {"independent noise", CALM, 20, RULE_ROUNDS, TEST_EXACT, false, false},
    {"drift", DRIFT, 15, RULE_ROUNDS, TEST_RANGE, false, false},
    {"steal bursts", BURSTS, 15, RULE_ROUNDS, TEST_RANGE, false, false},
    {"drift, trend and bursts", ALL, 15, RULE_ROUNDS, TEST_RANGE, false, false},
    {"drift, trend and bursts", ALL, 20, RULE_ROUNDS, TEST_RANGE, false, false},
    {"width rule, independent noise", CALM, ROUNDS_MOST, RULE_WIDTH, TEST_RANGE,
     false, false},
    {"A/A, independent noise", CALM, 15, RULE_ROUNDS, TEST_FALSE, true, false},
    {"A/A, drift, trend and bursts", ALL, 15, RULE_ROUNDS, TEST_FALSE, true,
     false},
    {"A/A, width rule", CALM, ROUNDS_MOST, RULE_WIDTH, TEST_FALSE, true, false},
    {"one point after the other, drift", DRIFT, 20, RULE_SEQUENTIAL, TEST_RANGE,
     false, true},
    {"iterations taken as samples", CALM, 15, RULE_ITERATIONS, TEST_RANGE,
     false, true},
    {"BCa bootstrap of the median", CALM, 15, RULE_BCA, TEST_EXACT, false,
     true},
    {"A/A, stopping when 1 is excluded", CALM, 30, RULE_PEEK, TEST_FALSE, true,
     true},
};
const size_t coverage_scenario_count =
    sizeof coverage_scenarios / sizeof *coverage_scenarios;

void coverage_machine(const struct coverage_noise *noise,
                      struct simulated_machine *machine) {
  simulated_machine_init(machine);
  machine->region_fixed_s = 5e-6;
  machine->sigma = 0.01;
  machine->jitter = noise->jitter;
  machine->region_jitter = noise->region_jitter;
  machine->drift = noise->drift;
  machine->drift_correlation = noise->drift_correlation;
  machine->trend = noise->trend;
  machine->steal_probability = noise->steal_probability;
  machine->steal_share = noise->steal_share;
}

/* A machine with its executor, and the orders of a round. */
struct bench {
  const struct coverage_scenario *scenario;
  struct simulated_machine description;
  struct machine machine;
  struct executor_simulated executor;
  struct workload workload;
  struct trial_request orders[POINTS];
  int cpus[COVERAGE_WORKERS];
};

/* What a sweep measured, by entry and round. */
struct times {
  double region_s[POINTS][ROUNDS_MOST];
  double regions_s[POINTS][ROUNDS_MOST * COVERAGE_ITERATIONS];
};

static void must(int status, const struct problem *problem) {
  if (status) {
    fprintf(stderr, "coverage: %s\n", problem->text);
    abort();
  }
}

static struct bench *bench_new(const struct coverage_scenario *scenario) {
  struct bench *bench = calloc(1, sizeof *bench);
  struct problem problem = {"out of memory"};
  must(!bench, &problem);
  bench->scenario = scenario;
  coverage_machine(&scenario->noise, &bench->description);
  must(simulated_machine_topology(&bench->description, &bench->machine,
                                  &problem),
       &problem);
  must(workload_parse("spin", &bench->workload, &problem), &problem);
  must(executor_simulated_init(&bench->executor, &bench->description,
                               &bench->machine.topology, 0, &problem),
       &problem);
  topology_place(&bench->machine.topology, BIND_CORES, COVERAGE_WORKERS,
                 bench->cpus);
  for (int e = 0; e < POINTS; e++) {
    bool many = e == POINTS - 1 && !scenario->same;
    bench->orders[e] =
        (struct trial_request){.workload = &bench->workload,
                               .workers = many ? COVERAGE_WORKERS : 1,
                               .usable_cpus = COVERAGE_WORKERS,
                               .size = COVERAGE_SIZE,
                               .iterations = COVERAGE_ITERATIONS,
                               .cpus = bench->cpus};
    const char *variant = e == 0 || scenario->same ? "serial" : "omp:static";
    must(notation_parse_variant(variant, &bench->orders[e].variant, &problem),
         &problem);
  }
  return bench;
}

static void bench_free(struct bench *bench) {
  executor_simulated_free(&bench->executor);
  machine_free(&bench->machine);
  free(bench);
}

static void run_entry(struct bench *bench, uint32_t entry, uint32_t round,
                      struct times *times) {
  struct record record;
  struct problem problem;
  must(bench->executor.base.run(&bench->executor.base, &bench->orders[entry],
                                &record, &problem),
       &problem);
  times->region_s[entry][round] = record.region_s;
  memcpy(&times->regions_s[entry][round * COVERAGE_ITERATIONS],
         record.regions_s.values, COVERAGE_ITERATIONS * sizeof(double));
  record_free(&record);
}

/* A round as the engine does it; round counts from 0. */
static void run_round(struct bench *bench, uint64_t seed, uint32_t round,
                      struct times *times) {
  uint32_t order[POINTS];
  order_shuffle(order, POINTS, seed, round + 1);
  for (int i = 0; i < POINTS; i++)
    run_entry(bench, order[i], round, times);
}

/* All trials of a point, then all of the next. */
static void run_in_sequence(struct bench *bench, uint32_t rounds,
                            struct times *times) {
  for (uint32_t e = 0; e < POINTS; e++)
    for (uint32_t round = 0; round < rounds; round++)
      run_entry(bench, e, round, times);
}

static struct interval interval_of(const struct times *times, uint32_t rounds) {
  return stats_ratio_interval(times->region_s[0], times->region_s[POINTS - 1],
                              rounds);
}

static struct interval bca_of(const struct times *times, uint32_t rounds,
                              uint64_t seed) {
  double logs[ROUNDS_MOST];
  for (uint32_t i = 0; i < rounds; i++)
    logs[i] = log(times->region_s[0][i] / times->region_s[POINTS - 1][i]);
  struct interval i = coverage_bca(logs, rounds, seed, RESAMPLES);
  return (struct interval){exp(i.median), exp(i.low), exp(i.high)};
}

static uint32_t width_of(struct interval first, uint32_t most) {
  return width_rounds((first.high - first.low) / first.median, wanted_width,
                      most);
}

static bool excludes(struct interval interval, double value) {
  return !(interval.low <= value && value <= interval.high);
}

/* One sweep by the scenario's rule; *rounds: how many it took. */
static struct interval sweep(struct bench *bench, uint64_t seed,
                             struct times *times, uint32_t *rounds) {
  enum coverage_rule rule = bench->scenario->rule;
  uint32_t most = bench->scenario->rounds;
  executor_simulated_restart(&bench->executor, seed);
  *rounds = rule == RULE_WIDTH ? WIDTH_ROUNDS_FIRST : most;
  if (rule == RULE_SEQUENTIAL)
    run_in_sequence(bench, most, times);
  for (uint32_t r = 0; rule != RULE_SEQUENTIAL && r < *rounds; r++) {
    run_round(bench, seed, r, times);
    if (rule == RULE_WIDTH && r + 1 == WIDTH_ROUNDS_FIRST)
      *rounds = width_of(interval_of(times, r + 1), most);
    if (rule == RULE_PEEK && r + 1 >= STATS_SAMPLES_MIN &&
        excludes(interval_of(times, r + 1), 1))
      *rounds = r + 1;
  }
  if (rule == RULE_BCA)
    return bca_of(times, *rounds, seed);
  if (rule == RULE_ITERATIONS)
    return stats_ratio_interval(times->regions_s[0],
                                times->regions_s[POINTS - 1],
                                (size_t)*rounds * COVERAGE_ITERATIONS);
  return interval_of(times, *rounds);
}

struct interval coverage_sweep(const struct coverage_scenario *scenario,
                               uint64_t seed) {
  struct bench *bench = bench_new(scenario);
  struct times times;
  uint32_t rounds;
  struct interval interval = sweep(bench, seed, &times, &rounds);
  bench_free(bench);
  return interval;
}

/* The median paired ratio of many sweeps' rounds. */
static double find_truth(const struct coverage_scenario *scenario) {
  struct coverage_scenario plain = *scenario;
  uint32_t n = TRUTH_ROUNDS;
  if (scenario->same)
    return 1;
  double *ratios = malloc((size_t)TRUTH_SWEEPS * n * sizeof *ratios);
  plain.rule = RULE_ROUNDS;
  plain.rounds = n;
#pragma omp parallel
  {
    struct bench *bench = bench_new(&plain);
    struct times times;
    uint32_t rounds;
#pragma omp for schedule(static)
    for (size_t s = 0; s < TRUTH_SWEEPS; s++) {
      sweep(bench, truth_seed + s, &times, &rounds);
      for (uint32_t r = 0; r < n; r++)
        ratios[s * n + r] =
            times.region_s[0][r] / times.region_s[POINTS - 1][r];
    }
    bench_free(bench);
  }
  stats_sort(ratios, (size_t)TRUTH_SWEEPS * n);
  double truth = stats_median(ratios, (size_t)TRUTH_SWEEPS * n);
  free(ratios);
  return truth;
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
                                     size_t sweeps, uint64_t seed) {
  struct coverage_outcome outcome = {.sweeps = sweeps,
                                     .truth = find_truth(scenario)};
  double *widths = malloc(sweeps * sizeof *widths);
  size_t covered = 0, all_rounds = 0;
#pragma omp parallel reduction(+ : covered, all_rounds)
  {
    struct bench *bench = bench_new(scenario);
    struct times times;
    uint32_t rounds;
#pragma omp for schedule(static)
    for (size_t s = 0; s < sweeps; s++) {
      struct interval interval = sweep(bench, seed + s, &times, &rounds);
      covered += !excludes(interval, outcome.truth);
      all_rounds += rounds;
      widths[s] = interval.high / interval.low - 1;
    }
    bench_free(bench);
  }
  stats_sort(widths, sweeps);
  outcome.covered = covered;
  outcome.width = stats_median(widths, sweeps);
  outcome.rounds = (double)all_rounds / (double)sweeps;
  free(widths);
  judge(scenario, &outcome);
  return outcome;
}

/* coverage.h: how often intervals hold the truth, over simulated sweeps. */
#ifndef CORESWEEP_COVERAGE_H
#define CORESWEEP_COVERAGE_H

#include "bench/record/fields.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a machine does to the times: see simulated_machine.h. */
struct coverage_noise {
  double jitter, region_jitter, drift, drift_correlation, trend,
      steal_probability, steal_share;
};

enum coverage_rule {
  RULE_ROUNDS,     /* random order in rounds, a fixed number of them */
  RULE_WIDTH,      /* 12 rounds, then as many as their width asks for */
  RULE_SEQUENTIAL, /* one point after the other: wrong */
  RULE_ITERATIONS, /* a trial's iterations taken as samples: wrong */
  RULE_BCA,        /* BCa bootstrap of the median: wrong */
  RULE_PEEK,       /* stops as soon as the interval excludes 1: wrong */
};

/* What coverage is asked for. */
enum coverage_test {
  TEST_EXACT, /* the order-statistic interval's own level, within 3 standard
                 errors */
  TEST_RANGE, /* 0.93 to 0.99 */
  TEST_FALSE, /* at most 5% exclude the truth, plus 3 standard errors */
};

struct coverage_scenario {
  const char *name;
  struct coverage_noise noise;
  uint32_t rounds; /* at most, where the rule stops by itself */
  enum coverage_rule rule;
  enum coverage_test test;
  bool same;    /* the two points are one: the truth is 1 */
  bool control; /* wrong on purpose: the test must fail */
};

extern const struct coverage_scenario coverage_scenarios[];
extern const size_t coverage_scenario_count;

struct coverage_outcome {
  size_t sweeps, covered;
  double coverage;
  double truth;       /* speedup: the median paired ratio of a long run */
  double width;       /* median of high / low - 1 */
  double rounds;      /* mean */
  double least, most; /* coverage that passes */
  bool passes;
};

/* Simulates the sweeps, in parallel with OpenMP; the result depends on the
 * scenario, the number and the seed alone. */
struct coverage_outcome coverage_run(const struct coverage_scenario *scenario,
                                     size_t sweeps, uint64_t seed);

/* The interval of one sweep, from the simulated executor in the order that a
 * real sweep has: serial, omp:static with 1, and with 8 workers. */
struct interval coverage_sweep(const struct coverage_scenario *scenario,
                               uint64_t seed);

/* The machine with a scenario's noise; rounds' points in the plan's order. */
enum { COVERAGE_WORKERS = 8, COVERAGE_SIZE = 16000, COVERAGE_ITERATIONS = 3 };
struct simulated_machine;
void coverage_machine(const struct coverage_noise *noise,
                      struct simulated_machine *machine);

/* Median of x[0..n) with the BCa bootstrap interval at 95%.  Sorts x.
 * Source: Efron & Tibshirani, An Introduction to the Bootstrap, 1993, sec.
 * 14.3. */
struct interval coverage_bca(double *x, size_t n, uint64_t seed,
                             size_t resamples);

#endif

/* coverage.h: how often intervals hold the truth, over simulated sweeps. */
#ifndef CORESWEEP_COVERAGE_H
#define CORESWEEP_COVERAGE_H

#include "bench/record/fields.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a machine does to the times: see simulated/machine.h.  Where CPUs have
 * states, these cost what they do on the machines that were measured: 22%, for
 * 0.1 to 1 s; and half of the CPUs is what a crowded machine delivers. */
struct coverage_noise {
  double jitter, region_jitter, setup_jitter, drift, drift_correlation, trend,
      steal_probability, steal_share, state_share, crowded_share;
};

enum coverage_rule {
  RULE_BLOCKS,     /* the team's regions in turns with serial ones */
  RULE_ROUNDS,     /* serial in a trial of its own, paired by round */
  RULE_PROGRAM,    /* cold programs, one right after the other */
  RULE_LAW,        /* and beside Amdahl's law: see coverage_verdicts.h */
  RULE_WIDTH,      /* RULE_ROUNDS: 12, then as many as their width asks for */
  RULE_EACH_BLOCK, /* a trial's blocks taken as samples: wrong */
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
  const struct coverage_noise *noise;
  uint32_t cpus;   /* and workers; at most COVERAGE_WORKERS */
  uint32_t rounds; /* at most, where the rule stops by itself */
  enum coverage_rule rule;
  enum coverage_test test;
  bool same;    /* the two points are one: the truth is 1 */
  bool close;   /* no trials of other points lie between */
  bool hard;    /* fewer than 80% of far verdicts may be found, by an
                   interval's own half-width */
  bool control; /* wrong on purpose: the test must fail */
};

extern const struct coverage_scenario coverage_scenarios[];
extern const size_t coverage_scenario_count;

/* What its trials are: "blocks", "rounds" or "programs". */
const char *coverage_way(const struct coverage_scenario *scenario);
bool coverage_in_blocks(const struct coverage_scenario *scenario);
bool coverage_of_programs(const struct coverage_scenario *scenario);

struct coverage_outcome {
  size_t sweeps, covered;
  double coverage;
  double truth;
  double width;       /* median of high / low - 1 */
  double rounds;      /* mean */
  double least, most; /* coverage that passes */
  bool passes;
};

/* The speedups that the scenarios' intervals are to hold, one for each of
 * coverage_scenarios: the median of a long run's trials in blocks, or of its
 * ratios paired by round.  In parallel with OpenMP, as what follows. */
void coverage_truths(double *truths);

/* Simulates the sweeps; the result depends on the scenario, its truth, the
 * number and the seed alone. */
struct coverage_outcome coverage_run(const struct coverage_scenario *scenario,
                                     double truth, size_t sweeps,
                                     uint64_t seed);

/* The interval of one sweep, from the simulated executor in the order that a
 * real sweep has: serial, omp:static with 1, and with all workers. */
struct interval coverage_sweep(const struct coverage_scenario *scenario,
                               uint64_t seed);

/* The machine of a scenario; rounds' points in the plan's order. */
enum {
  COVERAGE_WORKERS = 8,
  COVERAGE_SIZE = 16000,
  COVERAGE_ITERATIONS = 3,
  COVERAGE_POINTS = 3,
};
struct simulated_machine;
void coverage_machine(const struct coverage_scenario *scenario,
                      struct simulated_machine *machine);

/* ---- one machine with its executor, for a thread ---- */

struct coverage_bench;
struct coverage_bench *coverage_bench_new(const struct coverage_scenario *of);
void coverage_bench_free(struct coverage_bench *bench);
const struct coverage_scenario *
coverage_bench_scenario(const struct coverage_bench *bench);

/* As new, of another sweep. */
void coverage_bench_restart(struct coverage_bench *bench, uint64_t seed);

/* The trial of a point (0: serial; the last one: all workers) in a round from
 * 0 on; to be released with record_free. */
struct record;
void coverage_bench_run(struct coverage_bench *bench, uint32_t point,
                        uint32_t round, struct record *record);

/* The cold programs of a round, in seconds: one right after the other, serial
 * before and after the rest, which is serial_s, and in program_s their
 * geometric mean. */
void coverage_bench_programs(struct coverage_bench *bench, uint32_t round,
                             double program_s[COVERAGE_POINTS],
                             double serial_s[2]);

/* Median of x[0..n) with the BCa bootstrap interval at 95%.  Sorts x.
 * Source: Efron & Tibshirani, An Introduction to the Bootstrap, 1993, sec.
 * 14.3. */
struct interval coverage_bca(double *x, size_t n, uint64_t seed,
                             size_t resamples);

#endif

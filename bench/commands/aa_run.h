/* aa_run.h: A/A: one configuration under two names, many times over, by any
 * executor.  Prints nothing. */
#ifndef CORESWEEP_AA_RUN_H
#define CORESWEEP_AA_RUN_H

#include "bench/record/fields.h"
#include "bench/sweep/executor.h"

enum {
  AA_SWEEPS = 40,
  AA_ROUNDS = 15,
  AA_SWEEPS_MOST = 10000,
  AA_ROUNDS_MOST = 1000,
  AA_SWEEPS_JUDGED = 20, /* fewer say nothing about the rate */
};

struct aa {
  struct executor *executor;
  struct workload *workload; /* borrowed */
  const int *cpus;           /* [1], borrowed */
  uint32_t usable_cpus;
  uint32_t sweeps, rounds; /* rounds: at least 6 */
  uint64_t seed;
  double target_s; /* of a region */
  /* After each sweep, with how many are done; may be NULL. */
  void (*report)(uint32_t done, uint32_t sweeps);
};

struct aa_outcome {
  uint64_t size;   /* items, as calibrated */
  double region_s; /* median, of all trials */
  uint32_t found;  /* sweeps whose interval excludes 1 */
  struct interval rate;
  double expected; /* by the interval's own level, for independent trials */
  double width, width_low, width_high; /* median, first and last decile of
                                          (high - low) / 2 */
  bool too_many;                       /* the rate's interval lies above 5% */
};

/* Measures.  In every round the two names come in random order.  Returns 0, or
 * the problem: a trial that failed, or an interruption. */
int aa_run(const struct aa *aa, struct aa_outcome *outcome,
           struct problem *problem);

/* Whether more intervals exclude 1 than chance explains.  Cannot fail. */
bool aa_too_many(uint32_t found, uint32_t sweeps);

#endif

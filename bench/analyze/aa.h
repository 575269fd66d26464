/* aa.h: what an A/A says: how often a difference is seen that is not there, and
 * how small a one would be seen. */
#ifndef CORESWEEP_AA_H
#define CORESWEEP_AA_H

#include "bench/record/record.h"

#include <stdbool.h>

enum {
  AA_SWEEPS = 40,
  AA_ROUNDS = 15,
  AA_SWEEPS_MOST = 10000,
  AA_ROUNDS_MOST = 1000,
  AA_SWEEPS_JUDGED = 20, /* fewer say nothing about the rate */
};

/* Times of the two names, round by round; owned. */
struct aa_times {
  double *time_s[2]; /* [rounds]; NAN: that round is missing */
  uint32_t rounds;
};

/* The region times of the trials of phases "a" and "b".  rounds: how many were
 * planned.  0, or the problem; release with aa_times_free in either case. */
int aa_times_make(const struct records *records, uint32_t rounds,
                  struct aa_times *times, struct problem *problem);
void aa_times_free(struct aa_times *times);

struct aa_outcome {
  uint32_t sweeps;
  double region_s; /* median, of all trials */
  uint32_t found;  /* sweeps whose interval excludes 1 */
  struct interval rate;
  double expected; /* by the interval's own level, for independent trials */
  double width, width_low, width_high; /* median, first and last decile of
                                          (high - low) / 2 */
  bool too_many;                       /* the rate's interval lies above 5% */
};

/* Cuts the rounds into sweeps of `rounds` each, at least 6; what is left over
 * at the end is not used.  0, or the problem: no whole sweep, no memory. */
int aa_conclude(const struct aa_times *times, uint32_t rounds,
                struct aa_outcome *outcome, struct problem *problem);

/* Whether more intervals exclude 1 than chance explains.  Cannot fail. */
bool aa_too_many(uint32_t found, uint32_t sweeps);

#endif

/* aa.h: what an A/A says: how often a difference is seen that is not there, and
 * how small a one would be seen. */
#ifndef CORESWEEP_AA_H
#define CORESWEEP_AA_H

#include "bench/record/record.h"

#include <jansson.h>
#include <stdbool.h>

enum {
  AA_SWEEPS = 20,
  AA_TRIALS = 9, /* as a sweep takes of a point first */
  AA_SWEEPS_MOST = 10000,
  AA_TRIALS_MOST = 1000,
  AA_SWEEPS_JUDGED = 20, /* fewer say nothing about the rate */
};

/* Times of both forms, trial by trial; owned. */
struct aa_times {
  double *time_s[2]; /* [trials], of serial as the form beside, and as the
                        trial's own; NAN: that trial is missing */
  uint32_t trials;
};

/* Of the records of an A/A's phase.  trials: how many were planned.  0, or the
 * problem; release with aa_times_free in either case. */
int aa_times_make(const struct records *records, uint32_t trials,
                  struct aa_times *times, struct problem *problem);
void aa_times_free(struct aa_times *times);

struct aa_outcome {
  uint32_t sweeps, trials; /* trials: of each */
  double region_s;         /* median, of all trials */
  uint32_t found;          /* sweeps whose interval excludes 1 */
  struct interval rate;
  double expected; /* by the interval's own level, for independent trials */
  double width, width_low, width_high; /* median, first and last decile of
                                          (high - low) / 2 */
  bool too_many;                       /* see aa_too_many */
};

/* Deals the trials out to so many sweeps, one to each in turn, as a point's lie
 * over all of a sweep; what is left over is not used.  0, or the problem: fewer
 * than 6 for each, no memory. */
int aa_conclude(const struct aa_times *times, uint32_t sweeps,
                struct aa_outcome *outcome, struct problem *problem);

/* The interval of each of the sweeps, into intervals[0..sweeps).  0, or the
 * problem: no memory. */
int aa_intervals(const struct aa_times *times, uint32_t sweeps,
                 struct interval *intervals, struct problem *problem);

/* It as an object, "aa.json"; owned.  NULL: no memory. */
json_t *aa_json(const struct aa_outcome *outcome);

/* The fewest sweeps whose interval excludes 1 that chance does not explain: as
 * many have at most 2.5% where each has 5%.  Of 20, 4. */
uint32_t aa_surely_many(uint32_t sweeps);

/* Whether it is as many, of 20 sweeps or more.  Cannot fail. */
bool aa_too_many(uint32_t found, uint32_t sweeps);

#endif

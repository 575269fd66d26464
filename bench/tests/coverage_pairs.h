/* coverage_pairs.h: in how many simulated pairs of runs `compare` finds a
 * difference, and finds one where there is none. */
#ifndef CORESWEEP_COVERAGE_PAIRS_H
#define CORESWEEP_COVERAGE_PAIRS_H

#include <stddef.h>

/* How trials scatter; each such that a median's interval is 2% to either side
 * in the median. */
enum pair_shape {
  PAIR_NORMAL,
  PAIR_TAIL,   /* a lognormal one, on top of what is always there */
  PAIR_BURSTS, /* in 15% of all trials, of any length, as in steal bursts */
  PAIR_STATES, /* one of two values, a third of the time the longer one */
  PAIR_SHAPES
};
extern const char *const pair_shape_names[PAIR_SHAPES];

/* Where B is slower. */
enum pair_place {
  PAIR_OWN,      /* at the point that stands for the first workload */
  PAIR_OTHER,    /* at another one of it */
  PAIR_WORKLOAD, /* at all of its points */
  PAIR_ALL       /* at all points of all workloads */
};

/* Runs of so many workloads, with as many points each, and so many points in
 * all (PAIR_POINTS at most), of n trials each. */
struct pair_case {
  size_t workloads, points, n;
  enum pair_shape shape;
  double shared; /* by the trials of a workload in a round: that share of their
                    noise's variance is one for all of them */
  enum pair_place at;
  double slower; /* by that share; 0: nowhere */
};
enum { PAIR_WORKLOADS = 5, PAIR_POINTS = 40, PAIR_TRIALS = 20 };

struct pair_outcome {
  size_t pairs;
  /* Of one point: pairs in which it is told as slower.  Else of workloads that
   * are slower, over how many there are of them: of which any point is told so,
   * or all together are, or either. */
  size_t found, by_points, together;
  size_t wrong; /* pairs in which anything else is told as slower or faster */
};

/* Judged as `compare` does.  In parallel with OpenMP; depends on its arguments
 * alone. */
struct pair_outcome pair_find(size_t pairs, const struct pair_case *of);

#endif

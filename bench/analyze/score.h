/* score.h: how well programs and regions were predicted, beside who predicts no
 * gain and who predicts all. Pure: nothing here measures, prints or keeps
 * state. */
#ifndef CORESWEEP_SCORE_H
#define CORESWEEP_SCORE_H

#include "bench/analyze/results.h"

/* Of one prediction, at the points that have one. */
struct score {
  double off;  /* exp of the mean of |log(measured / predicted)|, less 1 */
  size_t held; /* points whose measured interval holds what was predicted */
};

struct scores {
  size_t points;
  struct score law, one, ideal; /* S as predicted, S = 1, S = workers */
};

/* Of programs by Amdahl's law, at the points with several workers that may be
 * given a verdict: those that no flag spoils and, but for kernels that wait,
 * whose workers share no CPUs.  All 0 without any.  Cannot fail. */
struct scores score_make(const struct analysis *analysis);

/* The same of regions, whose law is the schedule's bound.  Cannot fail. */
struct scores score_regions(const struct analysis *analysis);

/* And with the team's overheads, from probes on several workers.  Cannot fail.
 */
struct scores score_overheads(const struct analysis *analysis);

#endif

/* compare_limits.h: the shares past which a comparison fails, as a build does
 * that asks for it. */
#ifndef CORESWEEP_COMPARE_LIMITS_H
#define CORESWEEP_COMPARE_LIMITS_H

#include "bench/analyze/versus.h"

struct compare_limits {
  double slower;     /* B is not to take longer by more; NAN: not asked */
  double efficiency; /* B's is not to be below; NAN: not asked */
};

/* Says on stderr what is surely worse than that, and how many points say
 * nothing.  programs: of programs, also where regions were measured.  *verdict:
 * the exit status, 3 where something was found, else 0.  0, or the problem that
 * none could be judged. */
int compare_limits_judge(const struct compare_limits *limits,
                         const struct versus *versus, bool programs,
                         int *verdict, struct problem *problem);

#endif

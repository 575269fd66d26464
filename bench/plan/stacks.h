/* stacks.h: whether stacks are of a size to work with: known before something
 * overflows one. */
#ifndef CORESWEEP_STACKS_H
#define CORESWEEP_STACKS_H

#include "bench/plan/problem.h"

/* The program's own (RLIMIT_STACK), which its processes have as well.
 * 0, or the usage problem. */
int stacks_check(struct problem *problem);

/* Those of OpenMP's threads: as OMP_STACKSIZE and the like say, or else as
 * RLIMIT_STACK does.  0, or the usage problem: too small, or more than the
 * system gives. */
int stacks_check_threads(struct problem *problem);

#endif

/* limits.h: which limit of the system stopped something. */
#ifndef CORESWEEP_LIMITS_H
#define CORESWEEP_LIMITS_H

#include "bench/plan/problem.h"

/* The problem that a failed fork of `what` is: names the limit (RLIMIT_NPROC,
 * the pids control group, or memory) and its value.  PROBLEM_FAILURE. */
int limits_fork_problem(const char *what, int error, struct problem *problem);

/* As that, of memory that could not be mapped: RLIMIT_AS, if it is set. */
int limits_memory_problem(const char *what, struct problem *problem);

#endif

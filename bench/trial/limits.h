/* limits.h: which limit of the system stopped something. */
#ifndef CORESWEEP_LIMITS_H
#define CORESWEEP_LIMITS_H

#include "bench/plan/problem.h"

#include <stdbool.h>
#include <stdint.h>

/* The problem that a failed fork of worker `worker` of `workers` is: names the
 * limit (RLIMIT_NPROC, the pids control group, or memory) and its value. */
int limits_fork_problem(uint32_t worker, uint32_t workers, int error,
                        struct problem *problem);

#endif

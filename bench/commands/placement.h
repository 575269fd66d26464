/* placement.h: which CPU each worker of one trial belongs on. */
#ifndef CORESWEEP_PLACEMENT_H
#define CORESWEEP_PLACEMENT_H

#include "bench/plan/problem.h"
#include "bench/trial/trial.h"

#include <stdint.h>

/* Fills cpus[], caller's, one for each worker: the CPUs of `list` as --cpus
 * has it, again from its first where it is too short; or, where `list` is
 * NULL, this machine's as --bind says (-1: anywhere).  *usable_cpus: how many
 * there are to share.  0, or the problem. */
int placement_choose(const char *list, const char *bind,
                     int cpus[static TRIAL_WORKERS], uint32_t *usable_cpus,
                     struct problem *problem);

#endif

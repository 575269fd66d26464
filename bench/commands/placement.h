/* placement.h: which CPU each worker of one trial belongs on. */
#ifndef CORESWEEP_PLACEMENT_H
#define CORESWEEP_PLACEMENT_H

#include "bench/plan/problem.h"
#include "bench/trial/trial.h"

#include <stdint.h>

/* What says so: --cpus, --nodes (NULL: not given) and --bind. */
struct placement_words {
  const char *cpus, *nodes, *bind;
};

struct placement {
  int cpus[TRIAL_WORKERS];  /* of each worker; -1: anywhere */
  int nodes[TRIAL_WORKERS]; /* the NUMA node of each CPU, where `placeable` */
  uint32_t usable_cpus;     /* how many there are to share */
  bool placeable;           /* there are several nodes, and they are known */
};

/* Fills in the CPUs of --cpus, and the nodes of --nodes, again from the first
 * where there are too few for all workers; or, without --cpus, this machine's
 * as --bind says.  0, or the problem. */
int placement_choose(const struct placement_words *words,
                     struct placement *placement, struct problem *problem);

#endif

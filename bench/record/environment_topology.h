/* environment_topology.h: the CPUs that a run may use, in its environment. */
#ifndef CORESWEEP_ENVIRONMENT_TOPOLOGY_H
#define CORESWEEP_ENVIRONMENT_TOPOLOGY_H

#include "bench/record/environment.h"

/* Fills the counts, the lists of CPUs, the steps of the placement and the
 * quota.  bind: as typed; with another text there are no steps.
 * Cannot fail. */
void environment_topology(const struct machine *machine, const char *bind,
                          struct environment *environment);

#endif

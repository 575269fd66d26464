/* sums.h: of a call of a region, the terms that observed.h tells of. */
#ifndef CORESWEEP_OBSERVE_SUMS_H
#define CORESWEEP_OBSERVE_SUMS_H

#include "bench/observe/library/team.h"

/* The sums of one call that came back at join_ns.  False: a thread did not say
 * when it began and ended, or there were more than OBSERVED_THREADS. */
bool call_sums(const struct team *team, uint64_t join_ns,
               struct observed_region *sums);

/* Adds a call's. */
void call_sums_add(struct observed_region *to,
                   const struct observed_region *call);

#endif

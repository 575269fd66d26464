/* search.h: which items a search does on a simulated machine. */
#ifndef CORESWEEP_SIMULATED_SEARCH_H
#define CORESWEEP_SIMULATED_SEARCH_H

#include "bench/sweep/simulated/region.h"

/* The item of its first hit, by the machine's `hit_share`; KERNEL_NO_HIT: none,
 * or it is no search that ends there.  Cannot fail. */
uint64_t simulated_hit(const struct simulated_machine *machine,
                       const struct workload *workload, uint64_t size);

/* Takes from workers that have a slice each what a search with that hit has no
 * need of.  Cannot fail. */
void simulated_search_slices(const struct simulated_team *team, uint64_t hit,
                             double noise, struct simulated_worker *workers);

/* How many items are done where chunks are dealt out.  Cannot fail. */
uint64_t simulated_search_chunks(const struct simulated_team *team,
                                 uint64_t hit);

#endif

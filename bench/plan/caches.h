/* caches.h: the levels of memory, and how much of one is a worker's. */
#ifndef CORESWEEP_CACHES_H
#define CORESWEEP_CACHES_H

#include "bench/plan/topology.h"

enum { MEMORY_LEVELS = CACHE_LEVELS + 1 }; /* the caches, and memory */

extern const char *const memory_level_names[MEMORY_LEVELS]; /* "L1", ... */

/* Bytes that each of so many workers (1 to COUNTS_MAX, placed by BIND_CORES)
 * should go over to stay in `level` and miss those before: half of what a
 * worker has of that cache, which those on the CPUs that share it share; for
 * memory four times what a worker has of the largest cache (of 32 MiB, where
 * no cache is known).  The caches are the first worker's.  0: no such size,
 * because there is no such cache, or half of it is not twice the one before.
 * Cannot fail. */
double memory_set_bytes(const struct topology *topology, int level,
                        uint32_t workers);

/* Bytes of all last-level caches that the usable CPUs have, each counted once
 * however many share it.  0: no cache is known.  Cannot fail. */
double last_caches_bytes(const struct topology *topology);

#endif

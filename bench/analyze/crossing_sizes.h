/* crossing_sizes.h: how large a size of a crossing may be. */
#ifndef CORESWEEP_CROSSING_SIZES_H
#define CORESWEEP_CROSSING_SIZES_H

#include "bench/analyze/crossing_case.h"

/* The largest size, before anything is known of its time; c->limit says what
 * keeps it from being larger.  memory_bytes: that were free; 0: not told.
 * Cannot fail. */
double crossing_largest_size(struct crossing_case *c, double memory_bytes,
                             uint32_t usable_cpus);

#endif

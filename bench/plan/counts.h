/* counts.h: the worker counts of a sweep: which ones, fewer of them, and as
 * text. */
#ifndef CORESWEEP_COUNTS_H
#define CORESWEEP_COUNTS_H

#include "bench/plan/topology.h"

#include <stddef.h>
#include <stdint.h>

/* The largest worker count, and so also the longest list. */
#define COUNTS_MAX 4096

/* Lists are sorted ascending, without duplicates.  Functions that write
 * counts[0..capacity) return the length of the whole list and write what fits;
 * COUNTS_MAX entries always suffice. */

/* A sweep's worker counts: 1 to 8 each, then powers of two, the number of
 * cores and of hardware threads; none above usable or COUNTS_MAX.  Where
 * usable (from quota_usable_cpus) is below the hardware threads, it stands in
 * their place as the largest.  usable 0 counts as 1.  Cannot fail. */
size_t counts_default(const struct topology *topology, uint32_t usable,
                      uint32_t *counts, size_t capacity);

/* For kernels that wait instead of computing: adds 2 and 4 times the usable
 * CPUs, where COUNTS_MAX allows it, to counts[0..count), each at most
 * COUNTS_MAX.  Cannot fail. */
size_t counts_waiting(uint32_t usable, uint32_t *counts, size_t count,
                      size_t capacity);

/* Makes a sweep shorter: of counts[0..count), sorted, keeps powers of two, the
 * number of cores and the largest.  Returns how many are left, at the front of
 * counts.  Cannot fail. */
size_t counts_thin(uint32_t cores, uint32_t *counts, size_t count);

/* Reads "1,2,4", "1..8" (every count from 1 to 8) or both, in any order, into
 * counts[0..capacity).  message (message_size bytes, or NULL and 0) receives
 * one sentence on failure.
 * Returns how many there are (at least 1), -EINVAL for an item that is no
 * number from 1 to COUNTS_MAX or such a range, or -ENOSPC when there are more
 * than capacity. */
int counts_parse(const char *text, uint32_t *counts, size_t capacity,
                 char *message, size_t message_size);

#endif

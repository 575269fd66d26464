/* methods.h: what another way of doing the same is worth: a better algorithm
 * against more cores, blocks against the plain directive, and nothing to do
 * against something. */
#ifndef CORESWEEP_METHODS_H
#define CORESWEEP_METHODS_H

#include "bench/analyze/results.h"
#include "bench/analyze/series.h"

/* Fills slower_method and method_gain: of two workloads of a kernel that differ
 * in the parameter "method" alone, the faster one gets them; of several sizes,
 * each beside its own.  own: the workload's serial series, or NULL.  0, or -1:
 * no memory. */
int methods_compare(const struct series_set *set, const struct series *own,
                    struct workload_result *workload);

/* The region of omp:static over that of the plain directive (textbook) on as
 * many workers; not known for other variants, or without the latter. */
struct interval methods_blocks(const struct series_set *set,
                               const struct series *blocks);

/* The empty region (kernel `null`, of the same variant, which hands out no
 * chunks, and of as many workers) over this one, paired by round; not known
 * where the run has none, and for serial, which starts nothing. */
struct interval methods_empty(const struct series_set *set,
                              const struct series *series);

#endif

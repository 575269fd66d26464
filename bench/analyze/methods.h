/* methods.h: what another way of doing the same is worth: a better algorithm
 * against more cores, and blocks against the plain directive. */
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

#endif

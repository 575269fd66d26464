/* cross_check.h: whole programs timed by hyperfine beside the sweep's times. */
#ifndef CORESWEEP_CROSS_CHECK_H
#define CORESWEEP_CROSS_CHECK_H

#include "bench/analyze/results.h"
#include "bench/analyze/series.h"

#include <jansson.h>

/* Fills the list of checks from hyperfine's export, which may be NULL.  0, or
 * -1: no memory. */
int cross_check_make(const struct series_set *set, const json_t *hyperfine,
                     struct analysis *analysis);

#endif

/* cross_check.h: whole programs timed by hyperfine beside the sweep's times. */
#ifndef CORESWEEP_CROSS_CHECK_H
#define CORESWEEP_CROSS_CHECK_H

#include "bench/analyze/results.h"
#include "bench/analyze/series.h"

#include <jansson.h>

/* Reads what hyperfine exported, where there is such a file: 0 and *json, or
 * NULL.  PROBLEM_FAILURE where it is not as it should be, and NULL. */
int hyperfine_read(const char *path, json_t **json, struct problem *problem);

/* Fills the list of checks from what hyperfine_read gave, or NULL.  0, or
 * -1: no memory. */
int cross_check_make(const struct series_set *set, const json_t *hyperfine,
                     struct analysis *analysis);

#endif

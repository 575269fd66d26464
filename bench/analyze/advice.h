/* advice.h: of many worker counts, what they show together: a law, how many are
 * enough, what SMT siblings and the like have brought.
 * Pure: nothing here measures, prints or keeps state. */
#ifndef CORESWEEP_ADVICE_H
#define CORESWEEP_ADVICE_H

#include "bench/analyze/models.h"
#include "bench/analyze/results.h"
#include "bench/analyze/series.h"

/* Fills the apparent fractions of the results, the models, and best_workers and
 * enough_workers of workloads that have none: of the program of the variant
 * that stands for them.  pilots: records of the pilot.  0, or -1: no memory. */
int advice_make(const struct series_set *set, const struct records *pilots,
                struct analysis *analysis);

/* What model_fit found, for the functions of models.h that go on from there. */
struct model advice_model(const struct model_result *result);

#endif

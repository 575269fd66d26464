/* cause.h: why the largest loss of a point is there, as far as it was
 * measured. */
#ifndef CORESWEEP_CAUSE_H
#define CORESWEEP_CAUSE_H

#include "bench/analyze/results.h"
#include "bench/analyze/series.h"

/* Fills cause and region_cause of a result, of which all else is filled, as the
 * other results are; of serial, the baseline, it stays unknown.  serial: may be
 * NULL. 0, or -1: no memory. */
int cause_make(const struct analysis *analysis, const struct series *serial,
               const struct series *series, struct result *result);

#endif

/* breakdown_make.h: the breakdown of a point, from its trials. */
#ifndef CORESWEEP_BREAKDOWN_MAKE_H
#define CORESWEEP_BREAKDOWN_MAKE_H

#include "bench/analyze/results.h"
#include "bench/analyze/series.h"

/* Fills breakdown and region_breakdown, and TALP's efficiencies, of a result,
 * of whose variant and size much is set; of `serial`, the baseline, and without
 * it they stay untold, and the program's of `copies`, which are no team.
 * serial: may be NULL.  one: the variant with one worker; of a program NULL: it
 * is `serial`.  0, or -1: no memory. */
int breakdown_make(const struct series *serial, const struct series *one,
                   const struct series *series, struct result *result);

#endif

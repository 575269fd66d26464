/* inside.h: what observed runs tell of somebody else's OpenMP program: where
 * the time of its cores went inside of its parallel regions and outside of
 * them, and what one of them costs.  Pure. */
#ifndef CORESWEEP_INSIDE_H
#define CORESWEEP_INSIDE_H

#include "bench/analyze/breakdown_trial.h"
#include "bench/analyze/results.h"

/* With T the wall time of an observed run, of it O with a region open, and the
 * same of the run with one worker of that round (T_1, O_1), in which no region
 * had more than one thread:
 *
 *   p T - T_1 = (p - 1)(T - O)            idle while serial
 *             + (T - O) - (T_1 - O_1)     serial phases that took longer
 *             + (what regions tell of their core-time) - O_1
 *             + (p O - their core-time)   of workers that no team had
 *
 * What of the work of all is beyond O_1 is the same work taking longer; waiting
 * for the last one is charged to what it had more of than the others.  Regions
 * that several threads had open at once are told in one sum only, and so are
 * not told here; nor are teams of more threads than workers. */
breakdown_trial breakdown_inside;

/* Whether the runs with one worker have no like of its regions: none of them
 * tells of any, or a share that is noticed is in others.  Then what is serial
 * with one is not known: `inflated` is not told and is in `work`, and T_1 is
 * that of the timed run.  Of a region that no run with one worker has, all that
 * is inside of chunks is `useful`. */
bool inside_is_apart(const struct scope *scope);

/* Adds the regions of a point to analysis->regions, those with most of the
 * cores' time.  serial, one: as in breakdown_make; either may be NULL.  0, or
 * -1: no memory. */
int inside_regions(const struct series *serial, const struct series *one,
                   const struct series *series, const struct result *result,
                   struct analysis *analysis);

/* Whether the region is one of the result. */
bool inside_is_of(const struct inside_region *region,
                  const struct result *result);

/* Whether the result's breakdown is from inside. */
bool inside_is_told(const struct result *result);

/* The region that has most of a term of a result, and its part of it; NULL:
 * none has any.  Borrowed. */
const struct inside_region *inside_where(const struct analysis *analysis,
                                         const struct result *result,
                                         enum term term, double *part);

/* Fills observed_ratio of a point. */
void inside_result(const struct series *series, struct result *result);

#endif

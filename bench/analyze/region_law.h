/* region_law.h: what a region's speedup can be at most, from the pilot's
 * one-worker trials and the schedule alone. */
#ifndef CORESWEEP_REGION_LAW_H
#define CORESWEEP_REGION_LAW_H

#include "bench/analyze/prediction.h"

/* Of which region.  Pointers are borrowed. */
struct region_law_point {
  const char *workload;
  int64_t size; /* of the pilot, in items; 0: the workload has one alone */
  const char *variant; /* as it ran: with its chunk */
  const char *requested;
  int64_t items; /* of its workers together: under weak scaling, more */
  int64_t workers;
};

/* The bound of the schedule (schedule_bound.h) over the profile of `serial`, as
 * the median over the pilot's trials, with a bootstrap interval over those, as
 * in prediction_serial_fraction.  All NAN of `serial`, the baseline, of
 * `copies`, and where no pilot has a profile. */
struct interval region_law(const struct records *pilots,
                           const struct region_law_point *point);

/* The same where the region takes what an empty one of the variant takes with
 * as many workers (records of the phase `empty`) besides: made from probes on
 * several workers, but not from the rounds.  All NAN without one.  And where
 * each worker's chunks after its first cost what they do with one worker, in
 * the pilot's trials of the variant; nothing, where that is not told. */
struct interval region_law_overheads(const struct records *pilots,
                                     const struct records *empties,
                                     const struct region_law_point *point);

/* What chunks of the kernel's grain for whoever is free could win at most over
 * the point's own schedule: its bound by that of the latter, medians; NAN where
 * there is none, or the kernel is not known to this program. */
double region_law_dynamic_gain(const struct records *pilots,
                               const struct region_law_point *point);

#endif

/* roofline.h: how much of what the machine can do a kernel reaches, and whether
 * its times can be true.
 *
 * In every round meters of additions and of memory run beside the kernels (see
 * bench/plan/meters.h).  A kernel's bound time in a round is what they say that
 * its bytes or its operations take at least, whichever is longer; the share is
 * the bound time over the region's.
 * Pure: nothing here measures, prints or keeps state.
 * Source: Williams, Waterman, Patterson, "Roofline", CACM 52(4), 2009. */
#ifndef CORESWEEP_ROOFLINE_H
#define CORESWEEP_ROOFLINE_H

#include "bench/analyze/probes.h"
#include "bench/analyze/series.h"

/* What a doubling of the size multiplies a workload's serial time by. */
struct roofline_growth {
  double ratio;  /* NAN: not known */
  uint64_t size; /* items from which on it does */
};

/* From the smallest and the largest size that the workload's calibration tried.
 * Noise only makes times longer, and a smaller size takes no longer than a
 * larger one: the time of the smallest is the shortest of all.  Not known where
 * the sizes are less than 8 times apart: a burst of noise must not look like a
 * kernel that does nothing.  Records of other phases are passed by, and, where
 * the sizes were given instead of sought (`given`), regions so short that they
 * are mostly fork and join. */
struct roofline_growth roofline_growth(const struct records *records,
                                       const char *workload, bool given);

/* Fills the result's roofline_* (the limit only where the share is at least
 * what flags.c says, and no more than the meter: what is above its roof has
 * another) and refused (by credible.h; without an interval only a share far
 * above 1: a single round proves little on a noisy machine); they stay unknown
 * for kernels that wait or state no operations, and where a meter that it takes
 * did not run. 0, or -1: no memory. */
int roofline_make(const struct probes *probes, const struct series *series,
                  const struct roofline_growth *growth, struct result *result);

/* How a share stands to its roof. */
enum roofline_place {
  ROOFLINE_BELOW,  /* surely, or without an interval */
  ROOFLINE_AROUND, /* not told apart from it: the interval holds 100% */
  ROOFLINE_ABOVE,  /* surely: the meter is no roof for that kernel */
};
enum roofline_place roofline_place(const struct result *result);

#endif

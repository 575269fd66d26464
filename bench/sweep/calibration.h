/* calibration.h: how many items each workload of a sweep gets, and each probe:
 * serial trials that come before anything else, one workload after another. */
#ifndef CORESWEEP_CALIBRATION_H
#define CORESWEEP_CALIBRATION_H

#include "bench/plan/plan.h"
#include "bench/sweep/engine.h"
#include "bench/sweep/sizing.h"

struct calibration {
  struct plan *plan; /* borrowed; sizes, and what a trial takes, go there */
  size_t subject;    /* of the plan's workloads, then of its probes */
  struct sizing sizing;
  struct point trial; /* what the batch points at */
};

/* The next serial trials, of phase `calibration`; so_far: what came of those
 * that it gave last.  A region that was calibrated in another workload of the
 * plan is not again.  false: there are none, and the plan has its sizes.
 * Cannot fail. */
bool calibration_batch(struct calibration *calibration,
                       const struct so_far *so_far, struct batch *batch);

#endif

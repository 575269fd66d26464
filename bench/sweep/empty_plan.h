/* empty_plan.h: what a team costs beside its work: regions of nothing, of every
 * variant and number of workers in a sweep, once, before its rounds. */
#ifndef CORESWEEP_EMPTY_PLAN_H
#define CORESWEEP_EMPTY_PLAN_H

#include "bench/plan/plan.h"
#include "bench/sweep/engine.h"

struct empty_plan {
  struct workload workload; /* the points': not to be copied */
  struct point *points;     /* owned */
  size_t count;
};

/* Lists them, of the phase `empty`: for the plan's results but those of serial
 * and copies, and `apply`, whose empty region is one of its items.  0, or the
 * problem; to be released with empty_plan_free in both cases, and once it was
 * all 0. */
int empty_plan_make(const struct plan *plan, struct empty_plan *empties,
                    struct problem *problem);

/* The same as a batch of the sweep, once its pilot is through: none where that
 * leaves probes out, is gone on with in its rounds, or has no time left for
 * them (which it notes).  left_s: of its budget. */
int empty_plan_batch(struct empty_plan *empties, struct plan *plan,
                     double left_s, struct batch *batch,
                     struct problem *problem);
void empty_plan_free(struct empty_plan *empties);

#endif

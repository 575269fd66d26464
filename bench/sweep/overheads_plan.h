/* overheads_plan.h: the points that show what teams, regions, chunks and
 * transports cost. */
#ifndef CORESWEEP_OVERHEADS_PLAN_H
#define CORESWEEP_OVERHEADS_PLAN_H

#include "bench/plan/point.h"

/* The phases of its records: they say which OMP_WAIT_POLICY was in force. */
#define OVERHEADS_PASSIVE "overheads"
#define OVERHEADS_ACTIVE  "overheads-active"

enum { OVERHEADS_ROUNDS = 10, OVERHEADS_ROUNDS_QUICK = 6 };

struct overheads_plan {
  struct workload *workloads; /* owned */
  size_t workload_count;
  struct point *points; /* owned; each is measured once a round */
  size_t count;
};

/* What the points are to cover. */
struct overheads_scope {
  const uint32_t *counts; /* worker counts, ascending, from 1 */
  size_t count_count;
  bool quick; /* fewer item sizes */
};

/* Lists every point.  0, or the problem; release with overheads_plan_free in
 * either case. */
int overheads_plan_make(const struct overheads_scope *scope,
                        struct overheads_plan *plan, struct problem *problem);
void overheads_plan_free(struct overheads_plan *plan);

#endif

/* probe_plan.h: the points that show what the machine can do at most: bytes,
 * additions, cycles a second, per worker count. */
#ifndef CORESWEEP_PROBE_PLAN_H
#define CORESWEEP_PROBE_PLAN_H

#include "bench/plan/machine.h"
#include "bench/plan/point.h"

enum { PROBE_ROUNDS = 10, PROBE_OPS = 4 };

/* What one point measures. */
struct probe_meter {
  struct workload *workload; /* owned */
  uint32_t workers;
  uint64_t size;
  int level;        /* of the memory, see caches.h; -1: additions, cycles */
  int op;           /* kind of access, as the kernel `memory` counts them */
  double set_bytes; /* what each worker goes over; 0: none */
  double units;     /* bytes, additions or cycles in a region, of all workers */
};

struct probe_plan {
  struct probe_meter *meters; /* owned */
  struct point *points;       /* [count], owned: what the meters measure */
  size_t count;
};

/* Lists every meter at these worker counts.  0, or the problem; release with
 * probe_plan_free in either case. */
int probe_plan_make(const struct machine *machine, const uint32_t *counts,
                    size_t count_count, struct probe_plan *plan,
                    struct problem *problem);
void probe_plan_free(struct probe_plan *plan);

#endif

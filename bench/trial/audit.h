/* audit.h: whether the stamps of a region can be true.  That its sums add up
 * to the region is algebra, and proves nothing; these are told from elsewhere:
 * by the order of what happened, by the caller's clock, and by CPU clocks that
 * the caller reads.  A trial whose regions fail is refused. */
#ifndef CORESWEEP_AUDIT_H
#define CORESWEEP_AUDIT_H

#include "bench/plan/problem.h"
#include "bench/trial/sums.h"

enum audit_check {
  AUDIT_STAMPS, /* sums_contradiction */
  AUDIT_CPU,    /* audit_cpu */
  AUDIT_OUTER,  /* audit_outer */
  AUDIT_CHECKS,
};

/* What came of the regions of a point. */
struct audit {
  uint64_t regions[AUDIT_CHECKS]; /* that were looked at */
  uint64_t failed[AUDIT_CHECKS];
  const char *why[AUDIT_CHECKS]; /* of the last one that failed; borrowed */
};

/* A CPU clock as the caller read it; the wall clock was read before the first
 * of several such, and after the last one. */
struct audit_reading {
  int64_t wall_ns, cpu_ns;
};

/* What contradicts the CPU time that these workers stamped, in words; NULL:
 * nothing, or no CPU time was taken.  before, after: of the clocks of all of
 * them together, around the region.  What they do outside of their stamps takes
 * no more than the time that there was for it; besides 2% and 20 us.
 * Cannot fail. */
const char *audit_cpu(const struct worker_slot *slots, uint32_t workers,
                      const struct audit_reading *before,
                      const struct audit_reading *after);

/* The same of a region's time, by the clock around it, and that from fork to
 * join: 1 us and 0.1%. */
const char *audit_outer(int64_t region_ns, int64_t fork_to_join_ns);

/* The same of sums that should hold so many regions, which took so long. */
const char *audit_sums(const struct sums *sums, uint64_t regions,
                       double regions_s);

/* Notes what came of a region: why, as above.  Cannot fail. */
void audit_note(struct audit *audit, enum audit_check check, const char *why);

/* Whether the point is to be believed: no check failed in more than 1% of its
 * regions, but for one region that an interrupt between two readings of the
 * same clock may have made longer.  0, or the problem. */
int audit_conclude(const struct audit *audit, struct problem *problem);

#endif

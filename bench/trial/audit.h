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

/* What came of the regions of a point; of its workers for AUDIT_CPU. */
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

/* A worker's CPU time in some regions, by its stamps and by its clock. */
struct audit_work {
  uint64_t shares;           /* of regions */
  int64_t cpu_ns, inside_ns; /* stamped; and from first chunks to leaving */
  int64_t clock_ns, wall_ns; /* as read around them */
};

/* Adds a worker's share of a region, if it has CPU time; and what its clock
 * says from one reading to another.  Cannot fail. */
void audit_add_share(struct audit_work *work, const struct worker_slot *slot);
void audit_add_clock(struct audit_work *work,
                     const struct audit_reading *before,
                     const struct audit_reading *after);

/* What contradicts its CPU time, in words; NULL: nothing, or fewer than four
 * shares.  Outside of its
 * shares it works no longer than there was time; besides 2% and 20 us a share.
 * Over several regions, because a clock of a thread that runs or wakes on
 * another CPU is at times tens of microseconds off.  Cannot fail. */
const char *audit_cpu(const struct audit_work *work);

/* The same of a region's time, by the clock around it, and that from fork to
 * join: 1 us and 0.1%. */
const char *audit_outer(int64_t region_ns, int64_t fork_to_join_ns);

/* The same of sums that should hold so many regions, which took so long. */
const char *audit_sums(const struct sums *sums, uint64_t regions,
                       double regions_s);

/* Notes what came of a region: why, as above.  Cannot fail. */
void audit_note(struct audit *audit, enum audit_check check, const char *why);

/* Whether the point is to be believed: stamps out of their order in no more
 * than 1% of its regions, no worker's CPU clock that contradicts, and an outer
 * clock that does in no more than three quarters of four or more.  0, or the
 * problem. */
int audit_conclude(const struct audit *audit, struct problem *problem);

#endif

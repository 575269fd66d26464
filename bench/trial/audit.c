#include "bench/trial/audit.h"

#include <inttypes.h>

enum {
  CPU_SLACK_NS = 20000, /* a region, and a fiftieth */
  CPU_SLACK_PART = 50,
  CPU_SHARES = 4,        /* fewer do not even out what a reading is off */
  OUTER_SLACK_NS = 1000, /* a region, and a thousandth */
  OUTER_SLACK_PART = 1000,
  FAILED_PART = 100, /* of the regions */
};

void audit_add_share(struct audit_work *work, const struct worker_slot *slot) {
  if (slot->cpu_ns == JOB_CPU_UNTIMED)
    return;
  work->shares++;
  work->cpu_ns += slot->cpu_ns;
  work->inside_ns += slot->chunks > 0 ? slot->leave_ns - slot->begin_ns : 0;
}

void audit_add_clock(struct audit_work *work,
                     const struct audit_reading *before,
                     const struct audit_reading *after) {
  work->clock_ns += after->cpu_ns - before->cpu_ns;
  work->wall_ns += after->wall_ns - before->wall_ns;
}

const char *audit_cpu(const struct audit_work *work) {
  if (work->shares < CPU_SHARES)
    return NULL;
  int64_t outside_ns = work->wall_ns - work->inside_ns;
  int64_t slack_ns =
      (int64_t)work->shares * CPU_SLACK_NS + work->cpu_ns / CPU_SLACK_PART;
  if (work->clock_ns < work->cpu_ns - slack_ns)
    return "a worker's own CPU time is more than its CPU clock says";
  if (work->clock_ns > work->cpu_ns + outside_ns + slack_ns)
    return "a worker's own CPU time is less than its CPU clock says";
  return NULL;
}

const char *audit_outer(int64_t region_ns, int64_t fork_to_join_ns) {
  int64_t more_ns = region_ns - fork_to_join_ns;
  if (more_ns < 0)
    return "from fork to join it took longer than in all";
  return more_ns > OUTER_SLACK_NS + fork_to_join_ns / OUTER_SLACK_PART
             ? "from fork to join it took less than in all"
             : NULL;
}

const char *audit_sums(const struct sums *sums, uint64_t regions,
                       double regions_s) {
  if (sums->regions + sums->refused != regions)
    return "more or fewer regions are in its sums than there were";
  return (double)sums->region_ns * 1e-9 > regions_s * (1 + 1e-9) + 1e-9
             ? "the regions in its sums took longer than all there were"
             : NULL;
}

void audit_note(struct audit *audit, enum audit_check check, const char *why) {
  audit->regions[check]++;
  if (!why)
    return;
  audit->failed[check]++;
  audit->why[check] = why;
}

/* How many may fail.  What the order of stamps says is certain, and what CPU
 * clocks say over all regions.  Where one clock is read twice an interrupt may
 * fall in between, on a busy machine often; what is wrong with the stamps is so
 * in nearly every region. */
static uint64_t pardoned(enum audit_check check, uint64_t regions) {
  enum { FEW = 4 };
  if (check == AUDIT_CPU)
    return 0;
  if (check == AUDIT_STAMPS)
    return regions / FAILED_PART;
  return regions < FEW ? regions : regions - regions / FEW;
}

int audit_conclude(const struct audit *audit, struct problem *problem) {
  for (enum audit_check check = 0; check < AUDIT_CHECKS; check++) {
    uint64_t regions = audit->regions[check], failed = audit->failed[check];
    if (failed > pardoned(check, regions))
      return problem_failure(problem,
                             "its stamps are not to be believed: in %" PRIu64
                             " of %" PRIu64 " %s, %s",
                             failed, regions,
                             check == AUDIT_CPU ? "workers" : "regions",
                             audit->why[check]);
  }
  return PROBLEM_NONE;
}

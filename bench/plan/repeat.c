#include "bench/plan/repeat.h"

#include <math.h>

static const double parallel_share = 0.8;
/* Calibration saw the least of two trials. */
static const double allowance = 1.1;
/* Its region was the second: in a row, those of kernels that move memory take
 * about half as long. */
static const double warm = 0.5;
/* Of the target time: a choice, so that the programs of a round take no longer
 * than its other trials; and fewer where those do what programs do. */
static const double most_regions = 25, most_regions_in_rounds = 5;

static const char note[] = "fewer regions in programs than make 80% of them "
                           "parallel (see \"repeat\" in plan.json)";

/* The least of 1, 2, 3, 4, 6, 8, 12, 16, ... that are no fewer, or the most
 * that are no more: of few numbers another run mostly has the same, and can be
 * compared. */
static uint32_t one_of_few(uint32_t regions, bool least) {
  uint32_t below = 1, next = 2;
  while (next <= regions) {
    below = next;
    next = below % 3 == 0 ? below / 3 * 4 : below / 2 * 3;
  }
  return least && below < regions ? next : below;
}

uint32_t repeat_wanted(double region_s, double serial_s, bool memory) {
  double each_s = memory ? warm * region_s : region_s;
  double regions = ceil(parallel_share / (1 - parallel_share) * allowance *
                        serial_s / each_s);
  if (!(region_s > 0) || !(regions > 1))
    return 1;
  regions = fmin(regions, WORKLOAD_REPEAT);
  return (uint32_t)fmin(one_of_few((uint32_t)regions, true), WORKLOAD_REPEAT);
}

double repeat_regions(uint32_t repeat, bool memory) {
  return repeat > 1 ? (repeat - 1) * (memory ? warm : 1) : 0;
}

/* The share that the kernel is made to have serial; 0: none. */
static double made_serial(const struct workload *workload) {
  const struct kernel *kernel = workload->kernel;
  double share =
      kernel->serial_fraction ? kernel->serial_fraction(workload->values) : 0;
  return share > 0 ? share : 0;
}

static uint32_t most_of(const struct plan *plan, size_t workload) {
  const struct plan_workload *of = &plan->workloads[workload];
  uint32_t workers = plan->weak ? 1 : plan_most_workers(plan, workload);
  double regions = plan->programs ? most_regions : most_regions_in_rounds;
  double each_s = of->region_s;
  if (workload_moves_memory(of->workload))
    each_s *= warm;
  double most = floor(regions * plan->target_s * workers / each_s);
  return most < 1                 ? 1
         : most < WORKLOAD_REPEAT ? (uint32_t)most
                                  : WORKLOAD_REPEAT;
}

void repeat_settle(struct plan *plan) {
  for (size_t s = 0; s < plan->workload_count; s++) {
    struct plan_workload *of = &plan->workloads[s];
    if (of->repeat > 0)
      continue;
    of->repeat_sought = !(made_serial(of->workload) > 0);
    of->repeat = 1;
    if (!of->repeat_sought)
      continue;
    uint32_t most = most_of(plan, s);
    of->repeat = repeat_wanted(of->region_s, of->serial_s,
                               workload_moves_memory(of->workload));
    if (of->repeat > most) {
      of->repeat = one_of_few(most, false);
      plan_note_once(plan, note);
    }
  }
}

bool repeat_fewer(struct plan *plan) {
  bool changed = false;
  for (size_t s = 0; s < plan->workload_count; s++) {
    struct plan_workload *of = &plan->workloads[s];
    if (!of->repeat_sought || of->repeat == 1)
      continue;
    of->repeat = (of->repeat + 1) / 2;
    changed = true;
  }
  if (changed)
    plan_note_once(plan, note);
  return changed;
}

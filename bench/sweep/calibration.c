#include "bench/sweep/calibration.h"

#include "bench/plan/budget.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* What a workload's input and results may take up: min(32 MiB x CPUs,
 * memory / 8). */
static double most_bytes(const struct plan *plan) {
  double limit = 32.0 * 1048576 * plan->usable_cpus;
  double part = plan->memory_bytes / 8;
  uint32_t copies = plan_most_copies(plan);
  if (copies > 4) /* each has as much, and all take up half at most */
    part = plan->memory_bytes / 2 / copies;
  return part > 0 && part < limit ? part : limit;
}

/* What is calibrated now; NULL: nothing is left. */
static struct plan_workload *subject(const struct calibration *calibration) {
  struct plan *plan = calibration->plan;
  size_t i = calibration->subject;
  if (i < plan->workload_count)
    return &plan->workloads[i];
  i -= plan->workload_count;
  return i < plan->probe_count ? &plan->probes[i] : NULL;
}

static void begin_sizing(struct calibration *calibration) {
  const struct plan *plan = calibration->plan;
  const struct plan_workload *of = subject(calibration);
  bool probe = calibration->subject >= plan->workload_count;
  /* Where each worker has as much, one alone takes the target, and all do. */
  bool each = plan->weak || probe;
  uint32_t workers =
      probe ? plan->usable_cpus : plan_most_workers(plan, calibration->subject);
  enum sizing_limit limit;
  uint64_t most = sizing_most(of->workload, most_bytes(plan), &limit);
  calibration->sizing = (struct sizing){
      .size = of->fixed ? of->size : of->workload->kernel->size / 64 + 1,
      .most = !each            ? most
              : most > workers ? most / workers
                               : 1,
      .multiple = each ? 1 : workers,
      .target_s = each ? plan->target_s : budget_target_s(plan) * workers,
      .fixed = of->fixed,
      .limit = limit == SIZING_KERNEL ? "not met: the kernel takes no more"
                                      : "not met: memory",
  };
}

static void end_sizing(struct calibration *calibration) {
  struct plan_workload *of = subject(calibration);
  of->size = calibration->sizing.size;
  of->region_s = calibration->sizing.region_s;
  of->fixed_s = calibration->sizing.fixed_s;
  of->serial_s = calibration->sizing.serial_s;
  if (calibration->sizing.why)
    snprintf(of->target, sizeof of->target, "%s", calibration->sizing.why);
  if (!of->fixed &&
      budget_target_s(calibration->plan) < calibration->plan->target_s) {
    plan_note_once(calibration->plan, budget_shorter);
    snprintf(of->target, sizeof of->target, "%s", budget_unmet);
  }
}

/* A region that was calibrated before; false: it was not. */
static bool take_sizing(struct calibration *calibration) {
  struct plan *plan = calibration->plan;
  const struct plan_workload *before =
      calibration->subject < plan->workload_count
          ? plan_region_of(plan, calibration->subject)
          : NULL;
  struct plan_workload *of = subject(calibration);
  if (!before)
    return false;
  of->size = before->size;
  of->region_s = before->region_s;
  of->fixed_s = before->fixed_s;
  of->serial_s = before->serial_s;
  memcpy(of->target, before->target, sizeof of->target);
  return true;
}

bool calibration_batch(struct calibration *calibration,
                       const struct so_far *so_far, struct batch *batch) {
  const struct record *seen[SIZING_TRIALS];
  size_t count = so_far->last_count;
  for (size_t i = 0; i < count && i < SIZING_TRIALS; i++)
    seen[i] = &so_far->records->list[so_far->last[i]];
  for (;; calibration->subject++, count = 0) {
    const struct plan_workload *of = subject(calibration);
    if (!of)
      return false;
    if (of->meter || take_sizing(calibration))
      continue;
    if (count == 0)
      begin_sizing(calibration);
    uint32_t trials = sizing_next(&calibration->sizing, seen, count);
    if (trials == 0) {
      end_sizing(calibration);
      continue;
    }
    calibration->trial = (struct point){
        .workload = of->workload,
        .variant = calibration->plan->variants[0], /* serial, for probes too */
        .workers = 1,
        .size = calibration->sizing.size,
        .repeat = 1,
        .iterations = 1,
        .phase = "calibration",
    };
    batch->points = &calibration->trial;
    batch->count = 1;
    batch->rounds = trials;
    batch->unnumbered = batch->needed = true;
    batch->then_s = (double)NAN;
    return true;
  }
}

/* Calibration: the size of every workload and probe. */
#include "bench/sweep/internal.h"
#include "bench/trial/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Items that the footprint's limit allows: min(32 MiB x CPUs, memory / 8). */
static uint64_t most_items(const struct sweep *sweep,
                           const struct workload *workload) {
  struct kernel_shape shape = workload_shape(workload);
  double per_item = shape.input_bytes + (double)shape.output_bytes;
  double limit = 32.0 * 1048576 * sweep->plan->usable_cpus;
  double eighth = memory_available_bytes() / 8;
  if (eighth > 0 && eighth < limit)
    limit = eighth;
  return per_item > 0 ? (uint64_t)(limit / per_item) : UINT64_C(1) << 40;
}

/* The largest size up to `size` that the kernel takes (results that would
 * not fit are a limit of their own). */
static uint64_t accepted_size(const struct workload *workload, uint64_t size) {
  struct problem ignored;
  while (size > 1 && workload_check(workload, size, NULL, 0, &ignored) != 0)
    size /= 2;
  return size;
}

/* What is calibrated: one of the plan's workloads, or of its probes. */
struct subject {
  struct plan_workload *workload;
  struct budget_cost *cost;
  uint32_t index;
  bool probe;
};

/* One serial region at a size: the lower median of `count` trials. */
static int serial_region(struct sweep *sweep, const struct subject *subject,
                         int count, struct problem *problem) {
  const struct place place = {"calibration", 0};
  const struct plan_entry entry = {
      .workload = subject->index, .workers = 1, .probe = subject->probe};
  struct trial_request order = sweep_order(sweep, &entry);
  double shortest_s = (double)INFINITY;
  order.variant = sweep->plan->variants[0]; /* serial, for probes too */
  order.iterations = 1;
  order.warmups = 0;
  for (int i = 0; i < count; i++) {
    struct record record;
    sweep_tell(sweep, &entry, &place, 0, (double)NAN);
    int status = sweep_needed_trial(sweep, &order, &place, &record, problem);
    if (status)
      return status;
    /* The later ones verify nothing, and so say what trials will cost. */
    snprintf(subject->workload->digest, DIGEST, "%s", record.digest);
    if (record.region_s < shortest_s) {
      shortest_s = record.region_s;
      subject->cost->region_s = record.region_s;
      subject->cost->fixed_s =
          record.wall_s - record.region_s - record.region_first_s;
    }
    record_free(&record);
  }
  return PROBLEM_NONE;
}

/* Several doublings at once while a region is far from its target. */
static uint64_t doubled(uint64_t size, uint64_t most, double region_s,
                        double target_s) {
  while (region_s < target_s && size <= most) {
    size *= 2;
    region_s *= 2;
  }
  return size;
}

/* Doubling goes up to twice as far as needed, and rounds are dear: takes back
 * what is more than a tenth past the target.  A multiple of the most workers,
 * so that a few large items still fall evenly. */
static int trim_size(struct sweep *sweep, const struct subject *subject,
                     double target_s, uint64_t most, struct problem *problem) {
  struct plan_workload *workload = subject->workload;
  if (!(subject->cost->region_s > 1.25 * target_s))
    return PROBLEM_NONE;
  double share = 1.1 * target_s / subject->cost->region_s;
  workload->size =
      (uint64_t)((double)workload->size * share / (double)most + 1) * most;
  *workload->digest = '\0';
  return serial_region(sweep, subject, 2, problem);
}

/* Doubles the size until a serial region takes the target at the most
 * workers, and confirms it twice. */
static int calibrate_one(struct sweep *sweep, const struct subject *subject,
                         struct problem *problem) {
  struct plan_workload *workload = subject->workload;
  if (workload->fixed)
    return serial_region(sweep, subject, 2, problem);
  /* Where each worker has as much, one alone takes the target, and all do. */
  bool each = sweep->plan->weak || subject->probe;
  uint32_t workers = subject->probe
                         ? sweep->plan->usable_cpus
                         : plan_most_workers(sweep->plan, subject->index);
  double target_s = sweep->plan->target_s * (each ? 1 : workers);
  uint64_t fit = most_items(sweep, workload->workload);
  uint64_t most = accepted_size(workload->workload, fit);
  const char *limit =
      most < fit ? "not met: the kernel takes no more" : "not met: memory";
  if (each)
    most = most > workers ? most / workers : 1;
  uint64_t size = workload->workload->kernel->size / 64 + 1;
  const char *why = NULL;
  for (int confirmed = 0; confirmed < 2;) {
    if (!confirmed)
      *workload->digest = '\0';
    workload->size = size < most ? size : most;
    int status = serial_region(sweep, subject, confirmed ? 2 : 1, problem);
    if (status)
      return status;
    double region_s = subject->cost->region_s;
    if (region_s >= target_s || workload->size == most) {
      confirmed++;
      why = region_s >= target_s ? "met" : limit;
      continue;
    }
    confirmed = 0;
    size = doubled(size, most, region_s, target_s);
  }
  snprintf(workload->target, sizeof workload->target, "%s", why);
  return trim_size(sweep, subject, target_s, each ? 1 : workers, problem);
}

int sweep_calibrate(struct sweep *sweep, struct problem *problem) {
  struct plan *plan = sweep->plan;
  int status = PROBLEM_NONE;
  for (uint32_t s = 0; !status && s < plan->workload_count; s++) {
    struct subject subject = {
        .workload = &plan->workloads[s], .cost = &sweep->costs[s], .index = s};
    status = calibrate_one(sweep, &subject, problem);
  }
  for (uint32_t k = 0; !status && k < plan->probe_count; k++) {
    struct plan_workload *probe = &plan->probes[k];
    if (probe->meter)
      continue;
    struct subject subject = {
        .workload = probe, .cost = &probe->cost, .index = k, .probe = true};
    status = calibrate_one(sweep, &subject, problem);
  }
  return status;
}

#include "bench/sweep/overheads_plan.h"

#include "bench/plan/meters.h"
#include "bench/trial/variants/variant.h"

#include <stdlib.h>
#include <string.h>

/* Chosen so that a trial takes some 10 to 100 ms. */
enum {
  REGIONS = 1000,        /* warm regions of threads and pools */
  REGIONS_FORK = 30,     /* of processes forked for each */
  TRIPS = 1000,          /* items of apply */
  CHUNKS = 10000,        /* items of dynamic schedules */
  ITEMS_MOST = 1000,     /* blocks of a transport's trial */
  BLOCK_BYTES = 2 << 20, /* of all blocks together, where that is enough */
};

static const uint64_t item_bytes[] = {64,     1024,    16384,
                                      262144, 4194304, 16777216};
static const uint64_t item_bytes_quick[] = {64, 16384, 4194304};
enum { SIZES_MOST = sizeof item_bytes / sizeof *item_bytes };

/* The point but for its variant; passive teams, unless it says otherwise. */
static int add(struct overheads_plan *plan, const char *variant,
               const struct point *point, struct problem *problem) {
  struct point *points =
      reallocarray(plan->points, plan->count + 1, sizeof *points);
  if (!points)
    return problem_failure(problem, "out of memory");
  plan->points = points;
  struct point *added = &points[plan->count];
  *added = *point;
  if (!added->phase) {
    added->phase = OVERHEADS_PASSIVE;
    added->wait_policy = "passive";
  }
  int status = notation_parse_variant(variant, &added->variant, problem);
  plan->count += !status;
  return status;
}

/* Teams on nothing: start, region, memory. */
static int add_teams(struct overheads_plan *plan, uint32_t workers,
                     struct problem *problem) {
  struct point point = {.workload = &plan->workloads[0],
                        .workers = workers,
                        .size = workers,
                        .warmups = 10,
                        .iterations = REGIONS,
                        .stampless = true,
                        .weigh = true};
  int status = add(plan, "omp:static", &point, problem);
  if (!status)
    status = add(plan, "pool:static", &point, problem);
  point.phase = OVERHEADS_ACTIVE;
  point.wait_policy = "active";
  if (!status)
    status = add(plan, "omp:static", &point, problem);
  point.phase = point.wait_policy = NULL;
  point.weigh = false;
  point.warmups = 1;
  point.iterations = REGIONS_FORK;
  if (!status)
    status = add(plan, "fork:static", &point, problem);
  return status;
}

/* Round trips: by each transport with one worker, and through shared memory
 * where no CPU is left over to spin on. */
static int add_trips(struct overheads_plan *plan, uint32_t most,
                     struct problem *problem) {
  static const char *const variants[] = {
      "pool:apply", "pool:apply@pipe", "pool:apply@queue", "pool:apply@socket"};
  struct point point = {.workload = &plan->workloads[0],
                        .workers = 1,
                        .size = TRIPS,
                        .iterations = 3};
  int status = PROBLEM_NONE;
  for (size_t i = 0; !status && i < sizeof variants / sizeof *variants; i++)
    status = add(plan, variants[i], &point, problem);
  point.workers = most;
  if (!status && most > 1)
    status = add(plan, variants[0], &point, problem);
  return status;
}

static int add_chunks(struct overheads_plan *plan, uint32_t workers,
                      struct problem *problem) {
  static const char *const variants[] = {"omp:dynamic,1", "omp:tasks,1",
                                         "pool:dynamic,1"};
  const struct point point = {.workload = &plan->workloads[0],
                              .workers = workers,
                              .size = CHUNKS,
                              .warmups = 1,
                              .iterations = 10};
  int status = PROBLEM_NONE;
  for (size_t i = 0; !status && i < sizeof variants / sizeof *variants; i++)
    status = add(plan, variants[i], &point, problem);
  return status;
}

/* Blocks of one length, an item a message, by every transport. */
static int add_rates(struct overheads_plan *plan, size_t workload,
                     uint64_t bytes, uint32_t workers,
                     struct problem *problem) {
  static const char *const variants[] = {
      "pool:dynamic,1", "pool:dynamic,1@pipe", "pool:dynamic,1@queue",
      "pool:dynamic,1@socket"};
  uint64_t items = BLOCK_BYTES / bytes;
  items = items > ITEMS_MOST ? ITEMS_MOST : items;
  const struct point point = {.workload = &plan->workloads[workload],
                              .workers = workers,
                              .size = items < workers ? workers : items,
                              .iterations = 3};
  int status = PROBLEM_NONE;
  for (size_t i = 0; !status && i < sizeof variants / sizeof *variants; i++)
    status = add(plan, variants[i], &point, problem);
  return status;
}

/* Pages that are touched for the first time, and again. */
static int add_faults(struct overheads_plan *plan, uint32_t workers,
                      struct problem *problem) {
  int status = PROBLEM_NONE;
  size_t at = plan->workload_count - (size_t)2 * METER_PAGES;
  for (; !status && at < plan->workload_count; at++) {
    const struct point point = {.workload = &plan->workloads[at],
                                .workers = workers,
                                .size = (uint64_t)METER_FAULTS * workers,
                                .warmups = 1,
                                .iterations = 5};
    status = add(plan, "omp:static", &point, problem);
  }
  return status;
}

static int add_all_faults(struct overheads_plan *plan, uint32_t most,
                          struct problem *problem) {
  int status = PROBLEM_NONE;
  for (int i = 0; !status && i < 2 * METER_PAGES; i++) {
    const struct meter_faults *meter = &meter_faults[i / 2];
    status = workload_parse(i % 2 ? meter->again : meter->first,
                            &plan->workloads[plan->workload_count++], problem);
  }
  if (!status)
    status = add_faults(plan, 1, problem);
  if (!status && most > 1)
    status = add_faults(plan, most, problem);
  return status;
}

static int add_all(const struct overheads_scope *scope,
                   struct overheads_plan *plan, struct problem *problem) {
  const uint64_t *bytes = scope->quick ? item_bytes_quick : item_bytes;
  size_t sizes = (scope->quick ? sizeof item_bytes_quick : sizeof item_bytes) /
                 sizeof *bytes;
  uint32_t most = scope->counts[scope->count_count - 1];
  char name[64];
  int status = workload_parse("null", &plan->workloads[0], problem);
  plan->workload_count = 1;
  for (size_t i = 0; !status && i < scope->count_count; i++)
    status = add_teams(plan, scope->counts[i], problem);
  if (!status)
    status = add_trips(plan, most, problem);
  if (!status)
    status = add_chunks(plan, 1, problem);
  if (!status && most > 1)
    status = add_chunks(plan, most, problem);
  for (size_t s = 0; !status && s < sizes; s++) {
    snprintf(name, sizeof name, "block/bytes=%llu",
             (unsigned long long)bytes[s]);
    size_t at = plan->workload_count++;
    status = workload_parse(name, &plan->workloads[at], problem);
    if (!status)
      status = add_rates(plan, at, bytes[s], 1, problem);
    if (!status && most > 1)
      status = add_rates(plan, at, bytes[s], most, problem);
  }
  return status ? status : add_all_faults(plan, most, problem);
}

int overheads_plan_make(const struct overheads_scope *scope,
                        struct overheads_plan *plan, struct problem *problem) {
  *plan = (struct overheads_plan){
      .workloads =
          calloc(1 + SIZES_MOST + 2 * METER_PAGES, sizeof *plan->workloads)};
  if (!plan->workloads)
    return problem_failure(problem, "out of memory");
  return add_all(scope, plan, problem);
}

void overheads_plan_free(struct overheads_plan *plan) {
  free(plan->workloads);
  free(plan->points);
  *plan = (struct overheads_plan){0};
}

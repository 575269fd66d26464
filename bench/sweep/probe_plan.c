#include "bench/sweep/probe_plan.h"

#include "bench/plan/caches.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { ADDS_ITEMS = 2000, CLOCK_ITEMS = 4000, REGIONS = 11 };

/* Bytes that a worker moves in a region; more where its set is larger. */
static const double region_bytes = 67108864;

/* Bytes that an item moves, and that it takes up. */
static const struct {
  const char *name;
  double bytes;
} ops[PROBE_OPS] = {{"read", 64}, {"write", 64}, {"copy", 128}, {"mix", 384}};

/* Adds one, and gives it until the next one is added; NULL: the problem. */
static struct probe_meter *add(struct probe_plan *plan, const char *text,
                               uint32_t workers, uint64_t size,
                               struct problem *problem) {
  struct probe_meter *meters =
      reallocarray(plan->meters, plan->count + 1, sizeof *meters);
  struct workload *workload = malloc(sizeof *workload);
  if (meters)
    plan->meters = meters;
  if (!meters || !workload) {
    free(workload);
    problem_failure(problem, "out of memory");
    return NULL;
  }
  if (workload_parse(text, workload, problem) != 0) {
    free(workload);
    return NULL;
  }
  struct probe_meter *added = &meters[plan->count++];
  *added = (struct probe_meter){
      .workload = workload, .workers = workers, .size = size, .level = -1};
  return added;
}

static int add_memory(struct probe_plan *plan, const struct topology *topology,
                      uint32_t workers, int level, int op,
                      struct problem *problem) {
  char text[80];
  double set_bytes = memory_set_bytes(topology, level, workers);
  uint64_t lines = (uint64_t)(set_bytes / ops[op].bytes);
  if (lines == 0)
    return PROBLEM_NONE;
  double set = (double)lines * ops[op].bytes;
  uint64_t passes = (uint64_t)fmax(1, region_bytes / set);
  snprintf(text, sizeof text, "memory/op=%s,passes=%" PRIu64, ops[op].name,
           passes);
  struct probe_meter *meter =
      add(plan, text, workers, lines * workers, problem);
  if (!meter)
    return PROBLEM_FAILURE;
  meter->level = level;
  meter->op = op;
  meter->set_bytes = set;
  meter->units = set * (double)passes * workers;
  return PROBLEM_NONE;
}

/* What the kernel itself says that it does. */
static int add_meter(struct probe_plan *plan, const char *name,
                     uint32_t workers, uint64_t items,
                     struct problem *problem) {
  struct probe_meter *meter =
      add(plan, name, workers, items * workers, problem);
  if (!meter)
    return PROBLEM_FAILURE;
  meter->units =
      workload_shape(meter->workload).operations * (double)meter->size;
  return PROBLEM_NONE;
}

static int list_points(struct probe_plan *plan, struct problem *problem) {
  plan->points = calloc(plan->count + 1, sizeof *plan->points);
  if (!plan->points)
    return problem_failure(problem, "out of memory");
  for (size_t i = 0; i < plan->count; i++) {
    const struct probe_meter *meter = &plan->meters[i];
    plan->points[i] = (struct point){
        .workload = meter->workload,
        .variant = {.team = "omp", .schedule = SCHEDULE_STATIC},
        .workers = meter->workers,
        .size = meter->size,
        .warmups = 1,
        .iterations = REGIONS,
        .phase = "probe",
    };
  }
  return PROBLEM_NONE;
}

int probe_plan_make(const struct machine *machine, const uint32_t *counts,
                    size_t count_count, struct probe_plan *plan,
                    struct problem *problem) {
  int status = PROBLEM_NONE;
  *plan = (struct probe_plan){0};
  for (size_t c = 0; !status && c < count_count; c++) {
    for (int level = 0; level < MEMORY_LEVELS; level++)
      for (int op = 0; !status && op < PROBE_OPS; op++)
        status =
            add_memory(plan, &machine->topology, counts[c], level, op, problem);
    if (!status)
      status = add_meter(plan, "adds", counts[c], ADDS_ITEMS, problem);
    if (!status)
      status = add_meter(plan, "clock", counts[c], CLOCK_ITEMS, problem);
  }
  return status ? status : list_points(plan, problem);
}

void probe_plan_free(struct probe_plan *plan) {
  for (size_t i = 0; i < plan->count; i++)
    free(plan->meters[i].workload);
  free(plan->meters);
  free(plan->points);
  *plan = (struct probe_plan){0};
}

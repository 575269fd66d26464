#include "bench/plan/plan.h"

#include "bench/plan/plan_shard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether an earlier one than plan->workloads[end] is of that name. */
static bool is_listed(const struct plan *plan, size_t end, const char *name) {
  for (size_t i = 0; i < end; i++)
    if (strcmp(plan->workloads[i].workload->name, name) == 0)
      return true;
  return false;
}

/* A workload that cannot be calibrated has a size of its own. */
static struct plan_workload begin_workload(struct workload *workload) {
  struct kernel_shape shape = workload_shape(workload);
  struct plan_workload begun = {.workload = workload,
                                .repeat = workload->repeat};
  if (workload->preset || shape.stops_early || !(shape.operations > 0)) {
    begun.fixed = true;
    begun.size = workload_size(workload);
    snprintf(begun.target, sizeof begun.target, "not sought: %s",
             workload->preset    ? "a preset has its own size"
             : shape.stops_early ? "a search stops early"
                                 : "the kernel does no work");
  }
  return begun;
}

/* At its own size, or at *size. */
static int add_workload(struct plan *plan, const char *text,
                        const uint64_t *size, struct problem *problem) {
  if (plan->workload_count == PLAN_WORKLOADS)
    return problem_usage(
        problem, "--kernels: more than %d workloads, each of its sizes counted",
        PLAN_WORKLOADS);
  struct workload *workload = malloc(sizeof *workload);
  if (!workload)
    return problem_failure(problem, "out of memory");
  int status = workload_parse(text, workload, problem);
  for (size_t i = 0; !status && i < plan->workload_count; i++)
    if (strcmp(plan->workloads[i].workload->name, workload->name) == 0 &&
        (!size || plan->workloads[i].size == *size))
      status = problem_usage(problem, "--kernels: %s is listed twice",
                             workload->name);
  if (status) {
    free(workload);
    return status;
  }
  struct plan_workload *added = &plan->workloads[plan->workload_count++];
  *added = begin_workload(workload);
  if (size)
    added->size = *size;
  return PROBLEM_NONE;
}

int plan_add_workload(struct plan *plan, const char *text,
                      struct problem *problem) {
  return add_workload(plan, text, NULL, problem);
}

int plan_add_workload_at(struct plan *plan, const char *text, uint64_t size,
                         struct problem *problem) {
  return add_workload(plan, text, &size, problem);
}

int plan_give_sizes(struct plan *plan, const uint64_t *sizes, size_t count,
                    const char *option, struct problem *problem) {
  size_t before_count = plan->workload_count;
  struct plan_workload *before = calloc(before_count + 1, sizeof *before);
  int status = PROBLEM_NONE;
  if (!before)
    return problem_failure(problem, "out of memory");
  memcpy(before, plan->workloads, before_count * sizeof *before);
  plan->workload_count = 0;
  for (size_t i = 0; !status && i < before_count; i++) {
    const char *name = before[i].workload->name;
    if (is_listed(plan, plan->workload_count, name))
      continue; /* it had several sizes */
    for (size_t k = 0; !status && k < count; k++) {
      status = plan_add_workload_at(plan, name, sizes[k], problem);
      if (status)
        break;
      struct plan_workload *added = &plan->workloads[plan->workload_count - 1];
      added->fixed = true;
      snprintf(added->target, sizeof added->target, "not sought: %s was given",
               option);
    }
  }
  for (size_t i = 0; i < before_count; i++)
    free(before[i].workload);
  free(before);
  return status;
}

size_t plan_count_workloads(const struct plan *plan) {
  size_t count = 0;
  for (size_t i = 0; i < plan->workload_count; i++)
    count += !is_listed(plan, i, plan->workloads[i].workload->name);
  return count;
}

bool plan_has_sizes(const struct plan *plan) {
  return plan_count_workloads(plan) < plan->workload_count;
}

int plan_add_variant(struct plan *plan, const char *text,
                     struct problem *problem) {
  struct variant_spec spec;
  char name[NOTATION_LENGTH], other[NOTATION_LENGTH];
  int status = notation_parse_variant(text, &spec, problem);
  if (status)
    return status;
  notation_format_variant(&spec, name);
  for (size_t i = 0; i < plan->variant_count; i++) {
    notation_format_variant(&plan->variants[i], other);
    if (strcmp(name, other) == 0)
      return problem_usage(problem, "--variants: %s is listed twice", name);
  }
  if (plan->variant_count == PLAN_VARIANTS)
    return problem_usage(problem, "--variants: more than %d", PLAN_VARIANTS);
  plan->variants[plan->variant_count++] = spec;
  return PROBLEM_NONE;
}

int plan_add_probe(struct plan *plan, const char *text, uint32_t workers,
                   struct plan_workload **added, struct problem *problem) {
  struct plan_workload *list =
      reallocarray(plan->probes, plan->probe_count + 1, sizeof *list);
  if (list)
    plan->probes = list;
  struct workload *workload = malloc(sizeof *workload);
  if (!list || !workload) {
    free(workload);
    return problem_failure(problem, "out of memory");
  }
  int status = workload_parse(text, workload, problem);
  if (status) {
    free(workload);
    return status;
  }
  *added = &list[plan->probe_count++];
  **added = (struct plan_workload){.workload = workload, .workers = workers};
  return PROBLEM_NONE;
}

int plan_add_probes(struct plan *plan, struct problem *problem) {
  struct plan_workload *added;
  int status =
      notation_parse_variant("omp:static", &plan->probe_variant, problem);
  return status || plan->count_count < 2
             ? status
             : plan_add_probe(plan, "spin/chains=8", 0, &added, problem);
}

void plan_keep_probes(struct plan *plan, size_t count) {
  while (plan->probe_count > count)
    free(plan->probes[--plan->probe_count].workload);
}

void plan_free(struct plan *plan) {
  for (size_t i = 0; i < plan->workload_count; i++)
    free(plan->workloads[i].workload);
  plan_keep_probes(plan, 0);
  free(plan->probes);
  free(plan->points);
  free(plan->trials);
  plan_free_units(plan);
  identity_free(&plan->identity);
  *plan = (struct plan){0};
}

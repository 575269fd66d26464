#include "bench/plan/plan.h"

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

static const uint32_t *workload_counts(const struct plan *plan, size_t workload,
                                       size_t *count) {
  bool waits = plan->workloads[workload].workload->kernel->waits;
  *count = waits ? plan->waiting_count : plan->count_count;
  return waits ? plan->waiting : plan->counts;
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

uint32_t plan_blocks(const struct workload *workload, uint32_t blocks) {
  return workload_moves_memory(workload) ? 2 * blocks : blocks;
}

uint32_t plan_turns(const struct workload *workload, uint32_t blocks) {
  return workload_moves_memory(workload) ? 2 * blocks : 1;
}

/* The point's trials in blocks with `serial`, where that is fair: kernels that
 * wait are not disturbed by what the blocks are for, and more workers than CPUs
 * leave none to serial.  A team on several NUMA nodes has memory on each, and
 * serial would read most of it from the others': its own is all near it. */
static void take_turns(const struct plan *plan, size_t variant,
                       struct point *point) {
  enum plan_turns turns = plan->turns[variant];
  bool memory = workload_moves_memory(point->workload);
  bool far = plan->numa_from > 0 && point->workers >= plan->numa_from;
  if (plan->blocks == 0 || turns == TURNS_NONE ||
      (memory && (far || turns == TURNS_COMPUTE)) ||
      point->workload->kernel->waits || point->workers > plan->usable_cpus)
    return;
  point->beside = &plan->variants[0];
  point->blocks = plan_blocks(point->workload, plan->blocks);
  point->warmups = plan_turns(point->workload, plan->blocks);
  point->iterations = 0;
  /* A shared trial has one point's program alone. */
  point->sharers =
      plan->programs && !memory && !plan->serial_touch && turns == TURNS_SHARED;
}

static struct point point_of(const struct plan *plan,
                             const struct plan_workload *of, bool probe,
                             uint32_t workers) {
  /* The work of a probe, and under weak scaling of all, grows with them. */
  bool grows = plan->weak || probe;
  return (struct point){
      .workload = of->workload,
      .variant = plan->probe_variant,
      .workers = workers,
      .size = grows ? of->size * workers : of->size,
      .warmups = plan->warmups,
      .iterations = plan->iterations,
      .phase = probe ? "probe" : "round",
      .region_alone = probe,
  };
}

/* At every worker count of the plan, or the probe's own, that does not share
 * CPUs. */
static void list_probes(struct plan *plan) {
  for (size_t k = 0; k < plan->probe_count; k++)
    for (size_t c = 0; c < plan->count_count; c++)
      if (plan->counts[c] <= plan->usable_cpus &&
          (plan->probes[k].workers == 0 ||
           plan->probes[k].workers == plan->counts[c]))
        plan->points[plan->point_count++] =
            point_of(plan, &plan->probes[k], true, plan->counts[c]);
}

void plan_make_program(const struct plan *plan, struct point *point) {
  point_make_cold(point);
  point->repeat = plan_find_workload(plan, point)->repeat;
}

static const char apart[] = "pilot"; /* a phase: no round has it */

bool plan_is_apart(const struct point *point) {
  return strcmp(point->phase, apart) == 0;
}

const struct plan_workload *plan_region_of(const struct plan *plan,
                                           size_t workload) {
  const struct plan_workload *of = &plan->workloads[workload];
  for (size_t s = 0; s < workload; s++) {
    const struct plan_workload *before = &plan->workloads[s];
    if ((before->size == of->size || (!before->fixed && !of->fixed)) &&
        workload_same_region(before->workload, of->workload))
      return before;
  }
  return NULL;
}

/* How often a trial of a round does its region before it is measured: where
 * program times are of such trials, as the program does. */
static void settle_repeat(const struct plan *plan, size_t workload,
                          struct point *point) {
  bool again = plan_region_of(plan, workload) != NULL;
  if (again || !plan->programs)
    point->repeat = plan->workloads[workload].repeat;
  else
    point->repeat = 1;
  if (again)
    point_make_cold(point);
  if (again && plan->programs)
    point->phase = apart;
}

static void list_results(struct plan *plan, size_t workload) {
  size_t counts;
  const uint32_t *workers = workload_counts(plan, workload, &counts);
  for (size_t v = 0; v < plan->variant_count; v++)
    for (size_t c = 0; c < counts; c++) {
      struct point point =
          point_of(plan, &plan->workloads[workload], false, workers[c]);
      point.variant = plan->variants[v];
      if (notation_is_copies(&point.variant))
        point.size = plan->workloads[workload].size; /* of each */
      point.region_alone = plan->programs;
      take_turns(plan, v, &point);
      settle_repeat(plan, workload, &point);
      if (workers[c] == 1 || !point_is_serial(&point))
        plan->points[plan->point_count++] = point;
    }
}

/* A workload's results, from `begin` on: those of a team and a worker count
 * share a trial, where they may. */
static void share_trials(struct plan *plan, size_t begin) {
  for (size_t i = begin; i < plan->point_count; i++) {
    struct point *point = &plan->points[i];
    size_t first = plan->point_count;
    uint32_t count = 0;
    for (size_t k = plan->point_count; point->sharers && k-- > begin;) {
      const struct point *other = &plan->points[k];
      if (!other->sharers || other->workers != point->workers ||
          strcmp(other->variant.team, point->variant.team) != 0)
        continue;
      first = k;
      count++;
    }
    point->sharers = count;
    if (count > 1)
      point->unit = PLAN_WORKLOADS + 1 + (uint32_t)first;
  }
}

/* The results [begin, end) of a workload, as programs. */
static void list_programs(struct plan *plan, size_t workload, size_t begin,
                          size_t end) {
  const struct point *serial = NULL;
  struct point *points = plan->points + plan->point_count;
  size_t count = 1;
  for (size_t i = begin; i < end; i++)
    if (point_is_serial(&plan->points[i]))
      serial = &plan->points[i];
    else
      points[count++] = plan->points[i];
  if (!serial) /* a plan begins with it */
    return;
  points[0] = points[count] = *serial;
  points[0].over_cpus = points[count].over_cpus =
      plan_most_workers(plan, workload) < plan->usable_cpus
          ? plan_most_workers(plan, workload)
          : plan->usable_cpus;
  points[count++].first_cpu = 1;
  for (size_t i = 0; i < count; i++) {
    points[i].phase = "program";
    plan_make_program(plan, &points[i]);
    points[i].unit = (uint32_t)workload + 1;
  }
  plan->point_count += count;
}

int plan_list_points(struct plan *plan, struct problem *problem) {
  size_t counts = plan->count_count > plan->waiting_count ? plan->count_count
                                                          : plan->waiting_count;
  size_t results = plan->workload_count * plan->variant_count * counts;
  size_t room =
      2 * results + 2 * plan->workload_count + plan->probe_count * counts + 1;
  size_t ends[PLAN_WORKLOADS + 1] = {0};
  struct point *points = reallocarray(plan->points, room, sizeof *points);
  if (!points)
    return problem_failure(problem, "out of memory");
  plan->points = points;
  plan->point_count = 0;
  for (size_t s = 0; s < plan->workload_count; s++) {
    list_results(plan, s);
    share_trials(plan, ends[s]);
    ends[s + 1] = plan->point_count;
  }
  plan->result_count = plan->point_count;
  for (size_t s = 0; plan->programs && s < plan->workload_count; s++)
    list_programs(plan, s, ends[s], ends[s + 1]);
  plan->program_count = plan->point_count - plan->result_count;
  list_probes(plan);
  return PROBLEM_NONE;
}

const struct plan_workload *plan_find_workload(const struct plan *plan,
                                               const struct point *point) {
  for (size_t s = 0; s < plan->workload_count; s++)
    if (plan->workloads[s].workload == point->workload)
      return &plan->workloads[s];
  for (size_t k = 0; k < plan->probe_count; k++)
    if (plan->probes[k].workload == point->workload)
      return &plan->probes[k];
  return NULL;
}

bool plan_is_probe(const struct plan *plan, const struct point *point) {
  const struct plan_workload *of = plan_find_workload(plan, point);
  return plan->probe_count > 0 && of >= plan->probes &&
         of < plan->probes + plan->probe_count;
}

uint32_t plan_trials(const struct plan *plan, size_t point) {
  const struct point *of = &plan->points[point];
  if (plan->without_ones && of->workers == 1 && !point_is_serial(of) &&
      point < plan->result_count + plan->program_count)
    return 0;
  bool decided = point < plan->trial_count;
  return decided && plan->trials[point] < plan->rounds ? plan->trials[point]
                                                       : plan->rounds;
}

uint32_t plan_most_workers(const struct plan *plan, size_t workload) {
  size_t counts;
  const uint32_t *workers = workload_counts(plan, workload, &counts);
  bool waits = plan->workloads[workload].workload->kernel->waits;
  uint32_t most = 1;
  for (size_t c = 0; c < counts; c++)
    if (workers[c] > most && (waits || workers[c] <= plan->usable_cpus))
      most = workers[c];
  return most;
}

uint32_t plan_most_copies(const struct plan *plan) {
  bool any = false;
  uint32_t most = 1;
  for (size_t v = 0; v < plan->variant_count; v++)
    any = any || notation_is_copies(&plan->variants[v]);
  for (size_t c = 0; any && c < plan->waiting_count; c++)
    most = plan->waiting[c] > most ? plan->waiting[c] : most;
  return most;
}

void plan_free(struct plan *plan) {
  for (size_t i = 0; i < plan->workload_count; i++)
    free(plan->workloads[i].workload);
  plan_keep_probes(plan, 0);
  free(plan->probes);
  free(plan->points);
  free(plan->trials);
  identity_free(&plan->identity);
  *plan = (struct plan){0};
}

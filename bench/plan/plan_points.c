/* The points of a plan: which there are, which of them belong together, and how
 * often each is measured. */
#include "bench/plan/meters.h"
#include "bench/plan/plan.h"

#include <stdlib.h>
#include <string.h>

static const uint32_t *workload_counts(const struct plan *plan, size_t workload,
                                       size_t *count) {
  bool waits = plan->workloads[workload].workload->kernel->waits;
  *count = waits ? plan->waiting_count : plan->count_count;
  return waits ? plan->waiting : plan->counts;
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
      plan->programs && !memory && !plan->serial_touch && turns >= TURNS_SHARED;
  /* Serial goes round over the CPUs of the most workers: no slower cores. */
  bool slower = plan->slower_from > 0 && point->workers >= plan->slower_from;
  bool omitted = plan->without_ones && point->workers == 1;
  point->counts = point->sharers && turns == TURNS_RESIZED &&
                  plan_shares_counts(plan) && !slower && !omitted;
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

/* A roof is as warm as what stands under it, however a plan is thinned. */
static struct point probe_of(const struct plan *plan,
                             const struct plan_workload *probe,
                             uint32_t workers) {
  struct point point = point_of(plan, probe, true, workers);
  if (probe->meter) {
    point.warmups = METER_WARMUPS;
    point.iterations = METER_REGIONS;
  }
  return point;
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
            probe_of(plan, &plan->probes[k], plan->counts[c]);
}

void plan_make_program(const struct plan *plan, struct point *point) {
  point_make_cold(point);
  point->repeat = plan_find_workload(plan, point)->repeat;
}

static const char apart[] = "pilot"; /* a phase: no round has it */

void plan_make_pilot(const struct plan *plan, uint32_t trial,
                     struct point *point) {
  plan_make_program(plan, point);
  point->phase = apart;
  if (point_is_serial(point) && (trial == 0 || !plan->one_profile) &&
      !workload_shape(point->workload).stops_early)
    point->profile = PLAN_PROFILE;
}

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

/* What shares no trial with other worker counts may have the ends alone. */
static bool is_left_out(const struct plan *plan, size_t workload,
                        size_t variant, size_t count, size_t counts) {
  bool all = plan->workloads[workload].all_counts && plan->all_counts[variant];
  return plan->ends_apart && !all && count > 0 && count + 1 < counts;
}

static void list_results(struct plan *plan, size_t workload) {
  size_t counts;
  const uint32_t *workers = workload_counts(plan, workload, &counts);
  for (size_t v = 0; v < plan->variant_count; v++)
    for (size_t c = 0; c < counts; c++) {
      if (is_left_out(plan, workload, v, c, counts))
        continue;
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

/* How many CPUs, from the first on, its serial program goes round over: those
 * that the workload uses.  Not slower cores: few workers are on none, and a
 * baseline that is on them at times would make those the faster for nothing. */
static uint32_t serial_cpus(const struct plan *plan, size_t workload) {
  uint32_t cpus = plan_most_workers(plan, workload);
  if (plan->slower_from > 1 && cpus >= plan->slower_from)
    cpus = plan->slower_from - 1;
  return cpus < plan->usable_cpus ? cpus : plan->usable_cpus;
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
  points[0].over_cpus = points[count].over_cpus = serial_cpus(plan, workload);
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
    plan_share_trials(plan, ends[s]);
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

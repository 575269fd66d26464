#include "bench/plan/meters.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Blocks of additions for each worker: 1 to 2 ms with vectors. */
enum { ADDS_ITEMS = 1000 };

/* Bytes that a worker moves in a region, more where its set is larger: 1 ms
 * and more, so that what a region costs by itself does not count. */
static const double region_bytes = 16777216;

/* Smaller sets are in the first cache as well. */
static const double least_set_bytes = 16384;

/* For estimates of what a trial costs: a slow machine's. */
static const double slow_bytes_per_s = 5e9, adds_s = 0.003;

/* The kinds of access: the share of bytes that are read, and the bytes that an
 * item takes up. */
static const struct {
  const char *name;
  double read_share, bytes;
} ops[] = {{"read", 1, 64},
           {"write", 0, 64},
           {"copy", 0.5, 128},
           {"mix", 5.0 / 6, 384}};
enum { OPS = sizeof ops / sizeof *ops };

const struct meter_faults meter_faults[METER_PAGES] = {
    [METER_PAGES_NEW] = {"fault", "fault/touch=again"},
    [METER_PAGES_THERE] = {"fault/pages=there",
                           "fault/pages=there,touch=again"}};

bool meter_applies(const struct workload *workload) {
  struct kernel_shape shape = workload_shape(workload);
  return !workload->kernel->waits && !workload->kernel->meter &&
         !shape.stops_early && shape.operations > 0;
}

struct meter meter_adds(void) {
  return (struct meter){.workload = "adds", .items = ADDS_ITEMS};
}

bool meter_memory(const struct kernel_shape *shape, double items,
                  struct meter *meter) {
  double bytes = shape->input_bytes + (double)shape->output_bytes;
  int op = 0;
  if (!(bytes > 0) || !(items > 0))
    return false;
  double share = shape->input_bytes / bytes;
  for (int k = 1; k < OPS; k++)
    if (fabs(ops[k].read_share - share) < fabs(ops[op].read_share - share))
      op = k;
  double set = fmax(least_set_bytes, items * bytes);
  set = exp2(round(4 * log2(set)) / 4);
  meter->items = (uint64_t)(set / ops[op].bytes);
  snprintf(meter->workload, sizeof meter->workload, "memory/op=%s,passes=%.0f",
           ops[op].name, fmax(1, floor(region_bytes / set)));
  return true;
}

/* An integer parameter by its name; 1: there is none. */
static double parameter(const struct workload *workload, const char *name) {
  const struct param_spec *specs = workload->kernel->params;
  for (size_t k = 0; specs && specs[k].name; k++)
    if (strcmp(specs[k].name, name) == 0)
      return (double)workload->values[k].integer;
  return 1;
}

double meter_units(const struct workload *workload) {
  struct kernel_shape shape = workload_shape(workload);
  if (strcmp(workload->kernel->name, "adds") == 0)
    return shape.operations;
  if (strcmp(workload->kernel->name, "memory") == 0)
    return (shape.input_bytes + (double)shape.output_bytes) *
           parameter(workload, "passes");
  return 0;
}

/* ---- in a plan --------------------------------------------------------- */

/* Adds it for so many workers (0: for every count), unless it is there. */
static int add(struct plan *plan, const struct meter *meter, uint32_t workers,
               struct problem *problem) {
  struct plan_workload *added;
  int status = plan_add_probe(plan, meter->workload, workers, &added, problem);
  if (status)
    return status;
  for (struct plan_workload *k = plan->probes; k < added; k++)
    if (k->workers == workers && k->size == meter->items &&
        strcmp(k->workload->name, added->workload->name) == 0) {
      plan_keep_probes(plan, plan->probe_count - 1);
      return PROBLEM_NONE;
    }
  double bytes = (double)meter->items * meter_units(added->workload);
  bool moves = strcmp(added->workload->kernel->name, "memory") == 0;
  added->size = meter->items;
  added->fixed = true;
  added->meter = true;
  snprintf(added->target, sizeof added->target, "not sought: a meter's size");
  added->region_s = moves ? bytes / slow_bytes_per_s : adds_s;
  if (moves) /* what is built before, and looked at after */
    added->fixed_s =
        2 * bytes / parameter(added->workload, "passes") / slow_bytes_per_s;
  return PROBLEM_NONE;
}

bool plan_drop_meters(struct plan *plan) {
  size_t kept = 0;
  while (kept < plan->probe_count && !plan->probes[kept].meter)
    kept++;
  bool any = kept < plan->probe_count;
  plan_keep_probes(plan, kept);
  return any;
}

/* What a forked worker's first touches cost: of pages that are there, for one
 * worker, since threads of one process wait for each other as they fault, and
 * processes do not. */
static int add_faults(struct plan *plan, struct problem *problem) {
  const struct meter_faults *of = &meter_faults[METER_PAGES_THERE];
  const char *const names[] = {of->first, of->again};
  struct meter meter = {.items = METER_FAULTS};
  bool forks = false;
  int status = PROBLEM_NONE;
  for (size_t v = 0; v < plan->variant_count; v++)
    forks = forks || strcmp(plan->variants[v].team, "fork") == 0;
  for (int i = 0; !status && forks && i < 2; i++) {
    snprintf(meter.workload, sizeof meter.workload, "%s", names[i]);
    status = add(plan, &meter, 1, problem);
  }
  return status;
}

/* Of workers that have so many items each. */
static int add_for(struct plan *plan, size_t workload, uint32_t workers,
                   double items, struct problem *problem) {
  const struct plan_workload *s = &plan->workloads[workload];
  struct kernel_shape shape = workload_shape(s->workload);
  struct meter meter;
  if (!meter_memory(&shape, items, &meter))
    return PROBLEM_NONE;
  return add(plan, &meter, workers, problem);
}

static int add_for_all(struct plan *plan, size_t workload, uint32_t workers,
                       struct problem *problem) {
  double size = (double)plan->workloads[workload].size;
  double items = size / (plan->weak ? 1 : workers);
  int status = add_for(plan, workload, workers, items, problem);
  if (!status && plan_most_copies(plan) > 1)
    status = add_for(plan, workload, workers, size, problem);
  return status;
}

int plan_add_meters(struct plan *plan, struct problem *problem) {
  const struct meter adds = meter_adds();
  bool any = false;
  int status =
      notation_parse_variant("omp:static", &plan->probe_variant, problem);
  plan_drop_meters(plan);
  for (size_t s = 0; s < plan->workload_count; s++)
    any = any || meter_applies(plan->workloads[s].workload);
  if (!status && any)
    status = add(plan, &adds, 0, problem);
  for (size_t s = 0; s < plan->workload_count; s++)
    for (size_t c = 0; !status && c < plan->count_count; c++)
      if (plan->counts[c] <= plan->usable_cpus &&
          meter_applies(plan->workloads[s].workload))
        status = add_for_all(plan, s, plan->counts[c], problem);
  return status || !any ? status : add_faults(plan, problem);
}

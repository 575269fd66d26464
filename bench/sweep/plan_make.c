#include "bench/sweep/plan_make.h"

#include "bench/plan/plan_shard.h"

#include "bench/plan/budget.h"
#include "bench/plan/counts.h"
#include "bench/plan/sizes.h"
#include "bench/trial/trial.h"
#include "bench/trial/variants/variant.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* With the tutorial's own single pass of two, beside programs that repeat it.
 */
static const char default_kernels[] =
    "rowcount rowcount/repeat=1 rangesum cube cube/repeat=1 adler32 latency "
    "spin";
static const char default_kernels_quick[] =
    "rowcount rangesum cube adler32 latency spin";
static const char default_variants[] = "serial omp:static pool:static";
static const double target_s = 0.005, target_quick_s = 0.002;

static int add_workload(void *plan, const char *text, struct problem *problem) {
  return plan_add_workload(plan, text, problem);
}

static int add_variant(void *plan, const char *text, struct problem *problem) {
  return plan_add_variant(plan, text, problem);
}

/* As many serial processes at once, last. */
static int add_copies(struct plan *plan, struct problem *problem) {
  for (size_t v = 0; v < plan->variant_count; v++)
    if (notation_is_copies(&plan->variants[v]))
      return PROBLEM_NONE;
  return plan_add_variant(plan, "copies", problem);
}

/* Puts serial in front; it is the baseline of every round. */
static int serial_first(struct plan *plan, struct problem *problem) {
  size_t at = 0;
  while (at < plan->variant_count && !notation_is_serial(&plan->variants[at]))
    at++;
  if (at == plan->variant_count) {
    int status = plan_add_variant(plan, "serial", problem);
    if (status)
      return status;
  }
  struct variant_spec serial = plan->variants[at];
  memmove(plan->variants + 1, plan->variants, at * sizeof serial);
  plan->variants[0] = serial;
  return PROBLEM_NONE;
}

/* Threads that spin as they wait slow serial regions down; and what forked
 * workers work on the caller has touched, which costs serial ones less. */
static enum plan_turns turns_of(const struct variant *variant) {
  const char *policy = getenv("OMP_WAIT_POLICY");
  if (!variant->team || variant->copies ||
      (variant->openmp && policy && strcasecmp(policy, "active") == 0))
    return TURNS_NONE;
  if (variant->openmp)
    return variant->resize ? TURNS_RESIZED : TURNS_SHARED;
  return variant->forks ? TURNS_COMPUTE : TURNS_ALL;
}

int plan_settle_turns(struct plan *plan, const struct topology *topology,
                      const char *path, struct problem *problem) {
  const struct variant *variant;
  struct problem reason = {""};
  for (size_t v = 0; v < plan->variant_count; v++) {
    if (variant_resolve(&plan->variants[v], &variant, &reason) != 0)
      return problem_usage(problem, "%s%s%s", path ? path : "",
                           path ? ": the key \"variants\": " : "", reason.text);
    plan->turns[v] = turns_of(variant);
  }
  const struct placement_steps steps = topology_steps(topology, plan->bind);
  plan->numa_from = steps.numa_from;
  plan->slower_from = steps.slower_from;
  return plan_list_points(plan, problem);
}

static size_t class_counts(uint32_t usable_cpus, uint32_t *counts) {
  size_t count = 0;
  for (uint32_t p = 1; p <= usable_cpus && count < PLAN_COUNTS; p *= 2)
    counts[count++] = p;
  return count;
}

static int choose_counts(const struct sweep_request *request,
                         const struct machine *machine, struct plan *plan,
                         struct problem *problem) {
  char message[200];
  if (request->class_number) {
    plan->count_count = class_counts(plan->usable_cpus, plan->counts);
    memcpy(plan->waiting, plan->counts, sizeof plan->waiting);
    plan->waiting_count = plan->count_count;
    return PROBLEM_NONE;
  }
  if (!request->workers) {
    plan->count_count = counts_default(&machine->topology, plan->usable_cpus,
                                       plan->counts, PLAN_COUNTS);
    memcpy(plan->waiting, plan->counts, sizeof plan->waiting);
    plan->waiting_count = counts_waiting(plan->usable_cpus, plan->waiting,
                                         plan->count_count, PLAN_COUNTS);
    return PROBLEM_NONE;
  }
  int count = counts_parse(request->workers, plan->counts + 1, PLAN_COUNTS - 1,
                           message, sizeof message);
  if (count < 0)
    return problem_usage(problem, "--workers %s: %s", request->workers,
                         message);
  plan->count_count = (size_t)count + 1;
  plan->counts[0] = 1;
  if (plan->counts[1] == 1) {
    plan->count_count--;
    memmove(plan->counts, plan->counts + 1,
            plan->count_count * sizeof *plan->counts);
  }
  memcpy(plan->waiting, plan->counts, sizeof plan->waiting);
  plan->waiting_count = plan->count_count;
  return PROBLEM_NONE;
}

static int check_counts(const struct sweep_request *request,
                        const struct plan *plan, struct problem *problem) {
  bool all_wait = true;
  for (size_t s = 0; s < plan->workload_count; s++)
    all_wait = all_wait && plan->workloads[s].workload->kernel->waits;
  return machine_admits(plan->usable_cpus, plan->counts[plan->count_count - 1],
                        request->oversubscribe || all_wait, problem);
}

/* What a class fixes: every kernel's own size, seed 1, and 1, 2, 4, ... workers
 * as far as there are CPUs; the order follows from the seed. */
static int check_class(const struct sweep_request *request,
                       struct problem *problem) {
  const struct {
    bool given;
    const char *name;
  } fixed[] = {
      {request->size_given, "--size"}, {request->sizes, "--sizes"},
      {request->workers, "--workers"}, {request->seed_given, "--seed"},
      {request->like, "--like"},       {request->scaling_given, "--scaling"},
      {request->quick, "--quick"}};
  for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
    if (fixed[i].given)
      return problem_usage(problem,
                           "--class %" PRIu32 " and %s: a class fixes that, so "
                           "that its runs can be compared; leave out either",
                           request->class_number, fixed[i].name);
  return PROBLEM_NONE;
}

static void give_class_sizes(struct plan *plan) {
  for (size_t s = 0; s < plan->workload_count; s++) {
    plan->workloads[s].size = workload_size(plan->workloads[s].workload);
    plan->workloads[s].fixed = true;
  }
}

/* --size gives one, --sizes a list. */
static int give_sizes(const struct sweep_request *request, struct plan *plan,
                      struct problem *problem) {
  uint64_t sizes[SIZES_MAX];
  size_t count;
  if (request->class_number) {
    give_class_sizes(plan);
    return PROBLEM_NONE;
  }
  if (!request->sizes)
    return request->size_given
               ? plan_give_sizes(plan, &request->size, 1, "--size", problem)
               : PROBLEM_NONE;
  if (request->size_given)
    return problem_usage(problem, "--size and --sizes: give one size or "
                                  "several, not both");
  int status = sizes_parse(request->sizes, sizes, &count, problem);
  return status ? status
                : plan_give_sizes(plan, sizes, count, "--sizes", problem);
}

/* Under weak scaling the size is an axis already: it grows with the workers. */
static int check_weak(const struct sweep_request *request,
                      const struct plan *plan, struct problem *problem) {
  if (!plan->weak || !(request->sizes || plan_has_sizes(plan)))
    return PROBLEM_NONE;
  return problem_usage(problem,
                       "--scaling weak with %s: under weak scaling the size "
                       "follows from the workers; give --size N, or leave "
                       "--scaling weak out",
                       request->sizes ? "--sizes" : "a run of several sizes");
}

/* Sizes that were given, checked for every workload before anything runs. */
static int fix_sizes(const struct sweep_request *request, struct plan *plan,
                     struct problem *problem) {
  int status = PROBLEM_NONE;
  uint64_t most = plan->weak ? plan->waiting[plan->waiting_count - 1] : 1;
  /* Each copy has as much as the others; under weak scaling one worker's. */
  uint32_t copies = plan->weak ? 1 : plan_most_copies(plan);
  for (size_t s = 0; !status && s < plan->workload_count; s++) {
    struct plan_workload *workload = &plan->workloads[s];
    /* A preset with items of its own cannot have more of them. */
    const struct kernel_preset *preset = workload->workload->preset;
    const char *option = request->sizes ? "--sizes" : "--size";
    if (preset && preset->input && workload->size > preset->size)
      status = problem_usage(
          problem, "%s %" PRIu64 ": %s has %" PRIu64 " items", option,
          workload->size, workload->workload->name, preset->size);
    if (!status && workload->size > INT64_MAX / most)
      status = problem_usage(problem, "%s %" PRIu64 ": too many items", option,
                             workload->size);
    if (!status)
      status = workload_check(workload->workload,
                              workload->fixed ? workload->size * most : 1, NULL,
                              0.8 * plan->memory_bytes / copies, problem);
  }
  return status;
}

/* How much is measured, and how. */
static void choose_protocol(const struct sweep_request *request,
                            const struct machine *machine, struct plan *plan) {
  plan->usable_cpus = machine->usable_cpus;
  plan->cores = machine->topology.cores;
  plan->budget_s = request->budget_s;
  plan->memory_bytes = request->memory_bytes;
  plan->target_s = request->quick ? target_quick_s : target_s;
  plan->iterations = request->quick ? PLAN_ITERATIONS_QUICK : PLAN_ITERATIONS;
  plan->warmups = request->quick ? 0 : PLAN_WARMUPS;
  plan->blocks = request->quick ? PLAN_BLOCKS_QUICK : PLAN_BLOCKS;
  plan->programs = !request->quick;
  plan->target_width = request->target_width;
  plan->width = (double)NAN;
  plan->rounds_given = request->rounds > 0;
  plan->adaptive =
      !plan->rounds_given && (!request->quick || request->target_width > 0);
  plan->rounds = request->rounds  ? request->rounds
                 : plan->adaptive ? PLAN_ROUNDS
                                  : PLAN_ROUNDS_QUICK;
}

/* The points: another run's, where --like says so, but for what is
 * given beside it. */
static int choose_what(const struct sweep_request *request,
                       const struct machine *machine, struct plan *plan,
                       struct problem *problem) {
  int status = PROBLEM_NONE;
  if (request->like)
    status = plan_read_like(plan, request->like, problem);
  if (!status && request->like)
    status =
        plan_settle_turns(plan, &machine->topology, request->like, problem);
  if (!request->like || request->seed_given)
    plan->seed = request->seed;
  if (!request->like || request->scaling_given)
    plan->weak = request->weak;
  if (!request->like || request->touch_given)
    plan->serial_touch = request->serial_touch;
  if (!status && request->bind)
    status = machine_parse_bind(request->bind, &plan->bind, problem);
  if (!status && (!request->like || request->workers))
    status = choose_counts(request, machine, plan, problem);
  if (!status && (!request->like || request->kernels))
    status = notation_add_list(request->kernels ? request->kernels
                               : request->quick ? default_kernels_quick
                                                : default_kernels,
                               add_workload, plan, problem);
  if (!status && (!request->like || request->variants))
    status = notation_add_list(request->variants ? request->variants
                                                 : default_variants,
                               add_variant, plan, problem);
  if (!status && request->copies)
    status = add_copies(plan, problem);
  if (!status)
    status = serial_first(plan, problem);
  plan->unprobed = plan->unprobed || request->no_probes;
  if (!status && !plan->unprobed)
    status = plan_add_probes(plan, problem);
  return status;
}

int plan_make(const struct sweep_request *request,
              const struct machine *machine, struct plan *plan,
              struct problem *problem) {
  if (request->target_width > 0 && request->rounds > 0)
    return problem_usage(problem, "--rounds and --target-width: the number of "
                                  "rounds follows from either, not from both");
  choose_protocol(request, machine, plan);
  int status =
      request->class_number ? check_class(request, problem) : PROBLEM_NONE;
  if (!status)
    status = choose_what(request, machine, plan, problem);
  if (!status)
    status = plan_settle_turns(plan, &machine->topology, NULL, problem);
  if (!status)
    status = check_counts(request, plan, problem);
  if (!status)
    status = check_weak(request, plan, problem);
  if (!status)
    status = give_sizes(request, plan, problem);
  if (!status)
    status = fix_sizes(request, plan, problem);
  if (!status && request->shards)
    status = plan_take_shard(plan, request->shard, request->shards, problem);
  return status ? status : plan_list_points(plan, problem);
}

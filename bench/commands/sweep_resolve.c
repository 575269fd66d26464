/* From what was asked of a sweep to its plan. */
#include "bench/commands/sweep_options.h"
#include "bench/plan/counts.h"
#include "bench/plan/width.h"
#include "bench/trial/memory.h"
#include "bench/trial/trial.h"
#include "bench/trial/variants/variant.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const char default_kernels[] =
    "rowcount rangesum cube adler32 latency spin";
static const char default_variants[] = "serial omp:static pool:static";
static const double target_s = 0.005, target_quick_s = 0.002;

static int add_list(struct plan *plan, const char *text,
                    int (*add)(struct plan *, const char *, struct problem *),
                    struct problem *problem) {
  char **list = notation_split_list(text);
  int status = PROBLEM_NONE;
  if (!list)
    return problem_failure(problem, "out of memory");
  for (size_t i = 0; !status && list[i]; i++)
    status = add(plan, list[i], problem);
  notation_free_list(list);
  return status;
}

/* Puts serial in front; it is the baseline of every round. */
static int serial_first(struct plan *plan, struct problem *problem) {
  size_t at = 0;
  while (at < plan->variant_count &&
         strcmp(plan->variants[at].team, "serial") != 0)
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

static int check_variants(const struct plan *plan, struct problem *problem) {
  const struct variant *variant;
  int status = PROBLEM_NONE;
  for (size_t v = 0; !status && v < plan->variant_count; v++)
    status = variant_resolve(&plan->variants[v], &variant, problem);
  return status;
}

static int choose_counts(struct sweep_options *o, struct problem *problem) {
  struct plan *plan = &o->plan;
  char message[200];
  if (!o->workers) {
    plan->count_count = counts_default(&o->machine.topology, plan->usable_cpus,
                                       plan->counts, PLAN_COUNTS);
    memcpy(plan->waiting, plan->counts, sizeof plan->waiting);
    plan->waiting_count = counts_waiting(plan->usable_cpus, plan->waiting,
                                         plan->count_count, PLAN_COUNTS);
    return PROBLEM_NONE;
  }
  int count = counts_parse(o->workers, plan->counts + 1, PLAN_COUNTS - 1,
                           message, sizeof message);
  if (count < 0)
    return problem_usage(problem, "--workers %s: %s", o->workers, message);
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

static int check_counts(const struct sweep_options *o,
                        struct problem *problem) {
  const struct plan *plan = &o->plan;
  bool all_wait = true;
  for (size_t s = 0; s < plan->workload_count; s++)
    all_wait = all_wait && plan->workloads[s].workload->kernel->waits;
  return machine_admits(plan->usable_cpus, plan->counts[plan->count_count - 1],
                        o->oversubscribe || all_wait, problem);
}

/* Sizes that were given, checked for every workload before anything runs. */
static int fix_sizes(struct sweep_options *o, struct problem *problem) {
  int status = PROBLEM_NONE;
  uint64_t most = o->plan.weak ? o->plan.waiting[o->plan.waiting_count - 1] : 1;
  for (size_t s = 0; !status && s < o->plan.workload_count; s++) {
    struct plan_workload *workload = &o->plan.workloads[s];
    if (o->size_given) {
      workload->size = o->size;
      workload->fixed = true;
      snprintf(workload->target, sizeof workload->target,
               "not sought: --size was given");
    }
    /* A preset with items of its own cannot have more of them. */
    const struct kernel_preset *preset = workload->workload->preset;
    if (preset && preset->input && workload->size > preset->size)
      status =
          problem_usage(problem, "--size %" PRIu64 ": %s has %" PRIu64 " items",
                        workload->size, workload->workload->name, preset->size);
    if (!status && workload->size > INT64_MAX / most)
      status = problem_usage(problem, "--size %" PRIu64 ": too many items",
                             workload->size);
    if (!status)
      status = workload_check(workload->workload,
                              workload->fixed ? workload->size * most : 1, NULL,
                              0.8 * memory_available_bytes(), problem);
  }
  return status;
}

/* How much is measured, and how. */
static void choose_protocol(struct sweep_options *o) {
  struct plan *plan = &o->plan;
  plan->usable_cpus = o->machine.usable_cpus;
  plan->cores = o->machine.topology.cores;
  plan->budget_s = o->budget_s;
  plan->target_s = o->quick ? target_quick_s : target_s;
  plan->iterations = o->quick ? PLAN_ITERATIONS_QUICK : PLAN_ITERATIONS;
  plan->warmups = o->quick ? 0 : PLAN_WARMUPS;
  plan->target_width = o->target_width;
  plan->width = (double)NAN;
  plan->rounds_given = o->rounds > 0;
  plan->rounds = o->rounds             ? o->rounds
                 : o->target_width > 0 ? WIDTH_ROUNDS_FIRST
                 : o->quick            ? PLAN_ROUNDS_QUICK
                                       : PLAN_ROUNDS;
}

/* The configurations: another run's, where --like says so, but for what is
 * given beside it. */
static int choose_what(struct sweep_options *o, struct problem *problem) {
  struct plan *plan = &o->plan;
  char path[RUN_PATH];
  int status = PROBLEM_NONE;
  if (o->like)
    status =
        plan_read_like(plan, run_path(o->like, "plan.json", path), problem);
  if (!o->like || o->seed_given)
    plan->seed = o->seed;
  if (!o->like || o->scaling_given)
    plan->weak = o->weak;
  if (!o->like || o->touch_given)
    plan->serial_touch = o->serial_touch;
  if (!status && o->bind)
    status = machine_parse_bind(o->bind, &plan->bind, problem);
  o->bind = machine_bind_name(plan->bind);
  if (!status && (!o->like || o->workers))
    status = choose_counts(o, problem);
  if (!status && (!o->like || o->kernels))
    status = add_list(plan, o->kernels ? o->kernels : default_kernels,
                      plan_add_workload, problem);
  if (!status && (!o->like || o->variants))
    status = add_list(plan, o->variants ? o->variants : default_variants,
                      plan_add_variant, problem);
  if (!status)
    status = serial_first(plan, problem);
  plan->unprobed = plan->unprobed || o->no_probes;
  if (!status && !plan->unprobed)
    status = plan_add_probes(plan, problem);
  return status;
}

/* The plan of a run that is gone on with is the run's own. */
static int resume_plan(struct sweep_options *o, struct problem *problem) {
  char path[RUN_PATH];
  if (o->fixed_option)
    return problem_usage(problem,
                         "--%s: a run is gone on with as it was begun; only "
                         "--report and --timeout can be given beside --resume",
                         o->fixed_option);
  if (strlen(o->resume) + 64 > sizeof o->out)
    return problem_usage(problem, "--resume: '%.80s' is no name for a folder",
                         o->resume);
  snprintf(o->out, sizeof o->out, "%s", o->resume);
  o->out_given = true;
  int status =
      plan_read(&o->plan, run_path(o->out, "plan.json", path), problem);
  if (!status)
    o->bind = machine_bind_name(o->plan.bind);
  return status;
}

int sweep_options_resolve(struct sweep_options *o, struct problem *problem) {
  struct plan *plan = &o->plan;
  int status = PROBLEM_NONE;
  if (!o->machine_given)
    status = machine_discover(&o->machine, problem);
  if (status)
    return status;
  if (o->resume)
    return resume_plan(o, problem);
  if (o->target_width > 0 && o->rounds > 0)
    return problem_usage(problem, "--rounds and --target-width: the number of "
                                  "rounds follows from either, not from both");
  choose_protocol(o);
  status = choose_what(o, problem);
  if (!status)
    status = check_variants(plan, problem);
  if (!status)
    status = check_counts(o, problem);
  if (!status)
    status = fix_sizes(o, problem);
  if (!status)
    status = plan_list_entries(plan, problem);
  if (!o->out_given)
    run_name_folder("", o->out);
  return status;
}

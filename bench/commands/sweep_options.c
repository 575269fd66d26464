#include "bench/commands/sweep_options.h"

#include "bench/commands/command.h"
#include "bench/plan/counts.h"
#include "bench/trial/memory.h"
#include "bench/trial/trial.h"
#include "bench/trial/variants/variant.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
  KEY_KERNELS = 500,
  KEY_VARIANTS,
  KEY_WORKERS,
  KEY_LIKE,
  KEY_ROUNDS,
  KEY_BUDGET,
  KEY_BIND,
  KEY_SEED,
  KEY_OVERSUBSCRIBE,
  KEY_DRY_RUN,
  KEY_QUICK,
  KEY_TIMEOUT,
  KEY_SCALING,
  KEY_REPORT,
  KEY_TOUCH
};

static const char default_kernels[] =
    "rowcount rangesum cube adler32 latency spin";
static const char default_variants[] = "serial omp:static pool:static";
static const double target_s = 0.005, target_quick_s = 0.002;

static const struct argp_option options[] = {
    {.name = "kernels",
     .key = KEY_KERNELS,
     .arg = "LIST",
     .doc = "Kernel settings, as in cube,spin/serial=0.1 (rowcount, rangesum, "
            "cube, adler32, latency, spin)"},
    {.name = "variants",
     .key = KEY_VARIANTS,
     .arg = "LIST",
     .doc = "As in omp:static,pool:dynamic,64 (serial,omp:static,pool:static); "
            "serial is always among them"},
    {.name = "workers",
     .key = KEY_WORKERS,
     .arg = "LIST",
     .doc = "Worker counts, as in 1,2,4 or 1..8 (1 to 8, powers of two, the "
            "cores, the hardware threads); 1 is always among them"},
    {.name = "size",
     .key = 'n',
     .arg = "N",
     .doc = "Items, for every kernel (calibrated)"},
    {.name = "like",
     .key = KEY_LIKE,
     .arg = "DIR",
     .doc = "Repeat another run's sizes, settings, variants, seed and worker "
            "counts"},
    {.name = "rounds",
     .key = KEY_ROUNDS,
     .arg = "N",
     .doc = "Exactly N rounds (15, or what the budget leaves)"},
    {.name = "budget",
     .key = KEY_BUDGET,
     .arg = "TIME",
     .doc = "Time for all of it, as in 90s or 3m; what does not fit is left "
            "out, and said"},
    {.name = "bind",
     .key = KEY_BIND,
     .arg = "HOW",
     .doc = "spread (one worker per core; the default), close or none"},
    {.name = "out",
     .key = 'o',
     .arg = "DIR",
     .doc = "Folder of the run (a new one under results/)"},
    {.name = "seed",
     .key = KEY_SEED,
     .arg = "S",
     .doc = "Seed of the items and of the order (1)"},
    {.name = "oversubscribe",
     .key = KEY_OVERSUBSCRIBE,
     .doc = "Allow more workers than usable CPUs"},
    {.name = "dry-run",
     .key = KEY_DRY_RUN,
     .doc = "Print what would be measured"},
    {.name = "quick",
     .key = KEY_QUICK,
     .doc = "Six rounds of short regions (2 ms instead of 5 ms)"},
    {.name = "touch",
     .key = KEY_TOUCH,
     .arg = "WHO",
     .doc = "Who touches the results' memory first: workers (default) or "
            "serial"},
    {.name = "report",
     .key = KEY_REPORT,
     .doc = "Then analyze and report it too"},
    {.name = "scaling",
     .key = KEY_SCALING,
     .arg = "HOW",
     .doc = "strong (the same size for all; the default) or weak (the size is "
            "for each worker, and grows with their number)"},
    {.name = "timeout",
     .key = KEY_TIMEOUT,
     .arg = "TIME",
     .doc = "A trial that takes longer has failed (60s)"},
    {0}};

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct sweep_options *o = state->input;
  switch (key) {
  case KEY_KERNELS:
    o->kernels = arg;
    return 0;
  case KEY_VARIANTS:
    o->variants = arg;
    return 0;
  case KEY_WORKERS:
    o->workers = arg;
    return 0;
  case KEY_LIKE:
    o->like = arg;
    return 0;
  case KEY_BIND:
    o->bind = arg;
    return 0;
  case 'n':
    o->size = command_count(state, "--size", arg, 0, INT64_MAX);
    o->size_given = true;
    return 0;
  case 'o':
    snprintf(o->out, sizeof o->out, "%s", arg);
    o->default_out = false;
    return 0;
  case KEY_ROUNDS:
    o->rounds = (uint32_t)command_count(state, "--rounds", arg, 1, 100000);
    return 0;
  case KEY_SEED:
    o->seed = command_count(state, "--seed", arg, 0, INT64_MAX);
    o->seed_given = true;
    return 0;
  case KEY_BUDGET:
    o->budget_s = command_duration(state, "--budget", arg);
    return 0;
  case KEY_TIMEOUT:
    o->timeout_s = command_duration(state, "--timeout", arg);
    return 0;
  case KEY_TOUCH:
    if (strcmp(arg, "workers") != 0 && strcmp(arg, "serial") != 0)
      argp_error(state, "--touch %s: want workers or serial", arg);
    o->serial_touch = strcmp(arg, "serial") == 0;
    return 0;
  case KEY_REPORT:
    o->report = true;
    return 0;
  case KEY_SCALING:
    if (strcmp(arg, "strong") != 0 && strcmp(arg, "weak") != 0)
      argp_error(state, "--scaling %s: want strong or weak", arg);
    o->weak = strcmp(arg, "weak") == 0;
    return 0;
  case KEY_OVERSUBSCRIBE:
    o->oversubscribe = true;
    return 0;
  case KEY_DRY_RUN:
    o->dry_run = true;
    return 0;
  case KEY_QUICK:
    o->quick = true;
    return 0;
  case ARGP_KEY_ARG:
    argp_error(state, "unexpected argument '%s'", arg);
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

const struct argp sweep_options_argp = {.options = options, .parser = parse};

void sweep_options_init(struct sweep_options *o, const char *program,
                        const char *command) {
  *o = (struct sweep_options){.seed = 1,
                              .timeout_s = 60,
                              .default_out = true,
                              .bind = "spread",
                              .program = program,
                              .command = command};
}

void sweep_options_parse(int argc, char **argv, struct sweep_options *o) {
  static const struct argp argp = {
      .options = options,
      .parser = parse,
      .doc = "Measures every kernel with every variant at every number of "
             "workers: each trial in a fresh process, in rounds of random "
             "order, every result checked.\vThe run's folder then holds "
             "plan.json, environment.json, trials.jsonl, prediction.json and "
             "commands.tsv; `coresweep analyze DIR` and `coresweep report DIR` "
             "go on from there."};
  sweep_options_init(o, argv[-1], "sweep");
  command_parse(&argp, o->command, argc, argv, o);
}

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
  for (size_t s = 0; s < plan->setting_count; s++)
    all_wait = all_wait && plan->settings[s].setting->kernel->waits;
  return machine_admits(plan->usable_cpus, plan->counts[plan->count_count - 1],
                        o->oversubscribe || all_wait, problem);
}

/* Sizes that were given, checked for every setting before anything runs. */
static int fix_sizes(struct sweep_options *o, struct problem *problem) {
  int status = PROBLEM_NONE;
  uint64_t most = o->plan.weak ? o->plan.waiting[o->plan.waiting_count - 1] : 1;
  for (size_t s = 0; !status && s < o->plan.setting_count; s++) {
    struct plan_setting *setting = &o->plan.settings[s];
    if (o->size_given) {
      setting->size = o->size;
      setting->fixed = true;
      snprintf(setting->target, sizeof setting->target,
               "not sought: --size was given");
    }
    /* A preset with items of its own cannot have more of them. */
    const struct kernel_preset *preset = setting->setting->preset;
    if (preset && preset->input && setting->size > preset->size)
      status =
          problem_usage(problem, "--size %" PRIu64 ": %s has %" PRIu64 " items",
                        setting->size, setting->setting->name, preset->size);
    if (!status && setting->size > INT64_MAX / most)
      status = problem_usage(problem, "--size %" PRIu64 ": too many items",
                             setting->size);
    if (!status)
      status = setting_check(setting->setting,
                             setting->fixed ? setting->size * most : 1, NULL,
                             0.8 * memory_available_bytes(), problem);
  }
  return status;
}

static void choose_out(struct sweep_options *o) {
  time_t now = time(NULL);
  struct tm utc;
  if (!o->default_out)
    return;
  gmtime_r(&now, &utc);
  strftime(o->out, sizeof o->out, "results/%Y-%m-%dT%H-%M-%S", &utc);
}

int sweep_options_resolve(struct sweep_options *o, struct problem *problem) {
  struct plan *plan = &o->plan;
  char path[RUN_PATH];
  int status = machine_parse_bind(o->bind, &plan->bind, problem);
  if (!status && !o->machine_given)
    status = machine_discover(&o->machine, problem);
  if (status)
    return status;
  plan->usable_cpus = o->machine.usable_cpus;
  plan->cores = o->machine.topology.cores;
  plan->seed = o->seed;
  plan->weak = o->weak;
  plan->serial_touch = o->serial_touch;
  plan->budget_s = o->budget_s;
  plan->target_s = o->quick ? target_quick_s : target_s;
  plan->iterations = o->quick ? PLAN_ITERATIONS_QUICK : PLAN_ITERATIONS;
  plan->warmups = o->quick ? 0 : PLAN_WARMUPS;
  plan->rounds_given = o->rounds > 0;
  plan->rounds = o->rounds  ? o->rounds
                 : o->quick ? PLAN_ROUNDS_QUICK
                            : PLAN_ROUNDS;
  status = choose_counts(o, problem);
  if (!status && o->like)
    status =
        plan_read_like(plan, run_path(o->like, "plan.json", path), problem);
  if (!status && (!o->like || o->kernels))
    status = add_list(plan, o->kernels ? o->kernels : default_kernels,
                      plan_add_setting, problem);
  if (!status && (!o->like || o->variants))
    status = add_list(plan, o->variants ? o->variants : default_variants,
                      plan_add_variant, problem);
  if (!status)
    status = serial_first(plan, problem);
  if (!status)
    status = check_variants(plan, problem);
  if (!status)
    status = check_counts(o, problem);
  if (!status)
    status = fix_sizes(o, problem);
  if (!status)
    status = plan_list_entries(plan, problem);
  choose_out(o);
  return status;
}

void sweep_options_free(struct sweep_options *o) {
  plan_free(&o->plan);
  machine_free(&o->machine);
}

#include "bench/commands/crossing_run.h"

#include "bench/commands/command.h"
#include "bench/record/environment.h"
#include "bench/report/crossing.h"
#include "bench/sweep/interrupt.h"
#include "bench/trial/clock.h"
#include "bench/trial/openmp_env.h"
#include "bench/trial/trial.h"
#include "bench/trial/variants/variant.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
  KEY_KERNELS = 600,
  KEY_VARIANTS,
  KEY_WORKERS,
  KEY_SCOPE,
  KEY_ROUNDS,
  KEY_SEED,
  KEY_OVERSUBSCRIBE,
  KEY_QUICK,
  KEY_TIMEOUT
};

/* Choices: what keeps two variants of a kernel under 60 s, quick under 20. */
static const struct {
  uint32_t rounds;
  double trial_s, regions_s;
} efforts[] = {{15, 0.12, 0.003}, {10, 0.03, 0.002}};

enum { ROUNDS_MIN = 6, TASKS_PER_WORKER = 32 };

static const char default_kernels[] = "cube";
static const char default_variants[] = "omp:static pool:static";
static const char default_variants_tasks[] = "omp:dynamic pool:dynamic";

static const struct argp_option options[] = {
    {.name = "kernels",
     .key = KEY_KERNELS,
     .arg = "LIST",
     .doc = "Kernel settings, as in cube/preset=tutorial-5000,rangesum (cube)"},
    {.name = "variants",
     .key = KEY_VARIANTS,
     .arg = "LIST",
     .doc = "As in omp:static,pool:dynamic (omp and pool)"},
    {.name = "workers",
     .key = KEY_WORKERS,
     .arg = "P",
     .doc = "Workers (the usable CPUs)"},
    {.name = "rounds",
     .key = KEY_ROUNDS,
     .arg = "N",
     .doc = "Rounds over the sizes around the answer, at least 6 (15; quick "
            "10)"},
    {.name = "out",
     .key = 'o',
     .arg = "DIR",
     .doc = "Folder of the run (a new one under results/)"},
    {.name = "seed",
     .key = KEY_SEED,
     .arg = "S",
     .doc = "Seed of the items, of the order and of the bootstrap (1)"},
    {.name = "oversubscribe",
     .key = KEY_OVERSUBSCRIBE,
     .doc = "Allow more workers than usable CPUs"},
    {.name = "quick",
     .key = KEY_QUICK,
     .doc = "Fewer rounds, and sizes whose trials take under 30 ms"},
    {.name = "timeout",
     .key = KEY_TIMEOUT,
     .arg = "TIME",
     .doc = "A trial that takes longer has failed (60s)"},
    {0}};

static const struct argp_option scope_options[] = {
    {.name = "scope",
     .key = KEY_SCOPE,
     .arg = "region|program",
     .doc = "Compare warm regions, or whole programs: set-up, start of the "
            "team, first region, finish (region)"},
    {0}};

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct crossing_run *run = state->input;
  switch (key) {
  case ARGP_KEY_INIT:
    if (state->child_inputs && state->root_argp->children)
      state->child_inputs[0] = run;
    return 0;
  case KEY_KERNELS:
    run->kernels = arg;
    return 0;
  case KEY_VARIANTS:
    run->variants = arg;
    return 0;
  case KEY_WORKERS:
    run->workers =
        (uint32_t)command_count(state, "--workers", arg, 1, TRIAL_WORKERS);
    return 0;
  case KEY_SCOPE:
    if (strcmp(arg, "region") != 0 && strcmp(arg, "program") != 0)
      argp_error(state, "--scope %s: want region or program", arg);
    run->scope = *arg == 'r' ? LADDER_REGION : LADDER_PROGRAM;
    return 0;
  case KEY_ROUNDS:
    run->rounds = (uint32_t)command_count(state, "--rounds", arg, ROUNDS_MIN,
                                          CROSSING_ROUNDS);
    return 0;
  case 'o':
    snprintf(run->out, sizeof run->out, "%s", arg);
    run->default_out = false;
    return 0;
  case KEY_SEED:
    run->seed = command_count(state, "--seed", arg, 0, INT64_MAX);
    return 0;
  case KEY_TIMEOUT:
    run->timeout_s = command_duration(state, "--timeout", arg);
    return 0;
  case KEY_OVERSUBSCRIBE:
    run->oversubscribe = true;
    return 0;
  case KEY_QUICK:
    run->quick = true;
    return 0;
  case ARGP_KEY_ARG:
    argp_error(state, "unexpected argument '%s'", arg);
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

static void parse_options(struct crossing_run *run, int argc, char **argv) {
  static const struct argp scope = {.options = scope_options, .parser = parse};
  static const struct argp_child children[] = {{.argp = &scope}, {0}};
  const struct argp argp = {
      .options = options,
      .parser = parse,
      .children =
          run->experiment->question == CROSSING_BREAKEVEN ? children : NULL,
      .doc = run->experiment->doc};
  run->seed = 1;
  run->timeout_s = 60;
  run->default_out = true;
  command_parse(&argp, run->experiment->name, argc, argv, run);
}

static int add_setting(struct crossing_run *run, const char *text,
                       struct problem *problem) {
  struct setting *setting = malloc(sizeof *setting);
  if (!setting)
    return problem_failure(problem, "out of memory");
  if (run->setting_count == CROSSING_SETTINGS) {
    free(setting);
    return problem_usage(problem, "--kernels: at most %d", CROSSING_SETTINGS);
  }
  run->settings[run->setting_count++] = setting;
  int status = setting_parse(text, setting, problem);
  if (!status && setting_shape(setting).stops_early)
    status = problem_usage(problem,
                           "%s stops at its first hit: twice the size is not "
                           "twice the work",
                           setting->name);
  return status;
}

static int add_variant(struct crossing_run *run, const char *text,
                       struct problem *problem) {
  const struct variant *variant;
  struct variant_spec *spec = &run->specs[run->variant_count];
  if (run->variant_count == CROSSING_VARIANTS)
    return problem_usage(problem, "--variants: at most %d", CROSSING_VARIANTS);
  int status = notation_parse_variant(text, spec, problem);
  if (!status)
    status = variant_resolve(spec, &variant, problem);
  if (status)
    return status;
  if (!variant->team)
    return problem_usage(problem, "%s: it is what the others are compared with",
                         text);
  bool tasks = run->experiment->question == CROSSING_GRANULARITY;
  if (tasks && spec->chunk)
    return problem_usage(problem,
                         "%s: the chunk is what is varied; leave it out", text);
  if (tasks &&
      (spec->schedule == SCHEDULE_GUIDED || spec->schedule == SCHEDULE_APPLY))
    return problem_usage(problem,
                         "%s: its tasks have no size that can be set; static, "
                         "dynamic and tasks have",
                         text);
  run->variant_count++;
  return PROBLEM_NONE;
}

static int add_list(struct crossing_run *run, const char *text,
                    int (*add)(struct crossing_run *, const char *,
                               struct problem *),
                    struct problem *problem) {
  char **list = notation_split_list(text);
  int status = PROBLEM_NONE;
  if (!list)
    return problem_failure(problem, "out of memory");
  for (size_t i = 0; !status && list[i]; i++)
    status = add(run, list[i], problem);
  notation_free_list(list);
  return status;
}

static void list_cases(struct crossing_run *run) {
  for (size_t i = 0; i < run->case_count; i++) {
    struct crossing_case *c = &run->cases[i];
    const struct variant_spec *spec = &run->specs[i % run->variant_count];
    c->question = run->experiment->question;
    c->setting = run->settings[i / run->variant_count];
    notation_format_variant(spec, c->variant);
    variant_label(spec, c->label);
    c->scope = run->scope == LADDER_REGION ? "region" : "program";
    c->workers = run->workers;
    if (c->question == CROSSING_GRANULARITY)
      c->tasks = (uint64_t)run->workers *
                 (notation_takes_chunk(spec->schedule) ? TASKS_PER_WORKER : 1);
  }
}

static int resolve(struct crossing_run *run, struct problem *problem) {
  bool tasks = run->experiment->question == CROSSING_GRANULARITY;
  bool wait = true;
  int status = machine_discover(&run->machine, problem);
  if (!status)
    status = add_list(run, run->kernels ? run->kernels : default_kernels,
                      add_setting, problem);
  if (!status)
    status = add_list(run,
                      run->variants ? run->variants
                      : tasks       ? default_variants_tasks
                                    : default_variants,
                      add_variant, problem);
  if (status)
    return status;
  if (run->workers == 0)
    run->workers = run->machine.usable_cpus;
  for (size_t s = 0; s < run->setting_count; s++)
    wait = wait && run->settings[s]->kernel->waits;
  status = machine_admits(run->machine.usable_cpus, run->workers,
                          run->oversubscribe || wait, problem);
  if (run->rounds == 0)
    run->rounds = efforts[run->quick].rounds;
  run->trial_s = efforts[run->quick].trial_s;
  run->case_count = run->setting_count * run->variant_count;
  run->cases = calloc(run->case_count + 1, sizeof *run->cases);
  if (!status && !run->cases)
    return problem_failure(problem, "out of memory");
  list_cases(run);
  if (run->default_out)
    run_name_folder("", run->out);
  return status;
}

static int write_environment(const struct crossing_run *run,
                             struct problem *problem) {
  char path[RUN_PATH];
  struct environment environment;
  environment_gather(&run->machine, "spread", getenv("MACHINE"), &environment);
  environment.seed = (int64_t)run->seed;
  int status = environment_write(
      &environment, run_path(run->out, "environment.json", path), problem);
  fields_free(environment_fields, &environment);
  return status;
}

/* All cases; then, with nothing left to disturb, the conclusions. */
static int measure_all(struct crossing_run *run, struct problem *problem) {
  int status = PROBLEM_NONE;
  for (size_t i = 0; !status && i < run->case_count; i++) {
    if (i % run->variant_count == 0)
      ladder_free(&run->ladder);
    run->ladder.setting = run->cases[i].setting;
    run->ladder.variant = run->specs[i % run->variant_count];
    status = crossing_measure(run, &run->cases[i], problem);
  }
  if (isatty(STDERR_FILENO))
    fputs("\r\033[K", stderr);
  for (size_t i = 0; !status && i < run->case_count; i++)
    crossing_conclude(&run->cases[i], run->seed);
  return status;
}

static int measure(struct crossing_run *run, struct problem *problem) {
  static int cpus[TRIAL_WORKERS];
  char trials[RUN_PATH];
  struct executor_real executor;
  int64_t begin_ns = clock_now_ns();
  int status = run_create(run->out, problem);
  setenv("OMP_WAIT_POLICY", "passive", 0);
  if (!status)
    status = write_environment(run, problem);
  if (status)
    return status;
  executor_real_init(&executor, run->timeout_s);
  topology_place(&run->machine.topology, BIND_SPREAD, TRIAL_WORKERS, cpus);
  interrupt_install();
  run->ladder = (struct ladder){
      .executor = &executor.base,
      .path = run_path(run->out, "trials.jsonl", trials),
      .fd = open(trials, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666),
      .workers = run->workers,
      .usable_cpus = run->machine.usable_cpus,
      .cpus = cpus,
      .seed = run->seed,
      .phase = run->experiment->name,
      .scope = run->scope,
      .regions_s = efforts[run->quick].regions_s,
  };
  if (run->ladder.fd < 0)
    return problem_failure(problem, "%s: %s", trials, strerror(errno));
  status = measure_all(run, problem);
  if (close(run->ladder.fd) != 0 && !status)
    status = problem_failure(problem, "%s: %s", trials, strerror(errno));
  if (!status)
    printf("%" PRIu32 " trials in %.0f s, in %s.\n\n", run->ladder.ordered,
           (double)(clock_now_ns() - begin_ns) * 1e-9, run->out);
  return status;
}

int crossing_run(struct crossing_run *run, int argc, char **argv) {
  struct problem problem = {""};
  parse_options(run, argc, argv);
  int status = openmp_env_check(&problem);
  if (!status)
    status = resolve(run, &problem);
  if (!status)
    status = measure(run, &problem);
  if (interrupt_signal()) {
    printf("Interrupted; what was measured is kept in %s.\n", run->out);
    return 128 + interrupt_signal();
  }
  if (status)
    return command_fail(run->experiment->name, status, &problem);
  status = crossing_run_report(run);
  if (!status && run->ladder.bad > 0) {
    problem_failure(
        &problem,
        "%" PRIu32 " of %" PRIu32 " trials failed or were wrong; the first: %s",
        run->ladder.bad, run->ladder.ordered, run->ladder.first_error);
    status = command_fail(run->experiment->name, PROBLEM_FAILURE, &problem);
  }
  if (!status && run->default_out)
    run_set_latest(run->out);
  return status;
}

void crossing_run_free(struct crossing_run *run) {
  for (size_t i = 0; i < run->case_count && run->cases; i++)
    crossing_case_free(&run->cases[i]);
  free(run->cases);
  for (size_t s = 0; s < run->setting_count; s++)
    free(run->settings[s]);
  ladder_free(&run->ladder);
  machine_free(&run->machine);
}

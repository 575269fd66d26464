#include "bench/commands/crossing_run.h"

#include "bench/commands/command.h"
#include "bench/commands/options.h"
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

/* Choices: what keeps two variants of a kernel under 60 s, quick under 20. */
static const struct {
  uint32_t rounds;
  double trial_s, regions_s;
} efforts[] = {{15, 0.12, 0.003}, {10, 0.03, 0.002}};

enum { ROUNDS_MIN = 6, TASKS_PER_WORKER = 32 };

static const char default_kernels[] = "cube";
static const char default_variants[] = "omp:static pool:static";
static const char default_variants_tasks[] = "omp:dynamic pool:dynamic";

static const struct option_spec common_list[] = {
    {.name = "kernels",
     .arg = "LIST",
     .help = "Workloads, as in cube/preset=tutorial-5000,rangesum (cube)",
     OPTION_TEXT(struct crossing_run, kernels)},
    {.name = "variants",
     .arg = "LIST",
     .help = "As in omp:static,pool:dynamic (omp and pool)",
     OPTION_TEXT(struct crossing_run, variants)},
    {.name = "workers",
     .arg = "P",
     .help = "Workers (the usable CPUs)",
     OPTION_COUNT(struct crossing_run, workers, 1, TRIAL_WORKERS)},
    {OPTION_ROUNDS(struct crossing_run, ROUNDS_MIN, CROSSING_ROUNDS),
     .help = "Rounds over the sizes around the answer, at least 6 (15; quick "
             "10)"},
    {OPTION_OUT(struct crossing_run),
     OPTION_GIVEN(struct crossing_run, out_given)},
    {OPTION_SEED(struct crossing_run),
     .help = "Seed of the items, of the order and of the bootstrap (1)"},
    {OPTION_OVERSUBSCRIBE(struct crossing_run)},
    {OPTION_QUICK(struct crossing_run),
     .help = "Fewer rounds, and sizes whose trials take under 30 ms"},
    {OPTION_TIMEOUT(struct crossing_run, timeout_s),
     .help = "A trial that takes longer has failed (60s)"},
    {0}};

static const struct option_spec breakeven_list[] = {
    {.name = "scope",
     .arg = "region|program",
     .help = "Compare warm regions, or whole programs: set-up, start of the "
             "team, first region, finish (region)",
     OPTION_EITHER(struct crossing_run, program, "region", "program")},
    {0}};

static void parse_options(struct crossing_run *run, int argc, char **argv) {
  bool breakeven = run->experiment->question == CROSSING_BREAKEVEN;
  const struct options options = {.list = common_list,
                                  .shared = breakeven ? breakeven_list : NULL,
                                  .doc = run->experiment->doc};
  run->seed = 1;
  run->timeout_s = 60;
  options_parse(&options, run->experiment->name, argc, argv, run);
}

static int add_workload(struct crossing_run *run, const char *text,
                        struct problem *problem) {
  struct workload *workload = malloc(sizeof *workload);
  if (!workload)
    return problem_failure(problem, "out of memory");
  if (run->workload_count == CROSSING_WORKLOADS) {
    free(workload);
    return problem_usage(problem, "--kernels: at most %d", CROSSING_WORKLOADS);
  }
  run->workloads[run->workload_count++] = workload;
  int status = workload_parse(text, workload, problem);
  if (!status && workload_shape(workload).stops_early)
    status = problem_usage(problem,
                           "%s stops at its first hit: twice the size is not "
                           "twice the work",
                           workload->name);
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
    c->workload = run->workloads[i / run->variant_count];
    notation_format_variant(spec, c->variant);
    variant_label(spec, c->label);
    c->scope = run->program ? "program" : "region";
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
                      add_workload, problem);
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
  for (size_t s = 0; s < run->workload_count; s++)
    wait = wait && run->workloads[s]->kernel->waits;
  status = machine_admits(run->machine.usable_cpus, run->workers,
                          run->oversubscribe || wait, problem);
  if (run->rounds == 0)
    run->rounds = efforts[run->quick].rounds;
  run->trial_s = efforts[run->quick].trial_s;
  run->case_count = run->workload_count * run->variant_count;
  run->cases = calloc(run->case_count + 1, sizeof *run->cases);
  if (!status && !run->cases)
    return problem_failure(problem, "out of memory");
  list_cases(run);
  if (!run->out_given)
    run_name_folder("", run->out);
  return status;
}

static int write_environment(const struct crossing_run *run,
                             struct problem *problem) {
  char path[RUN_PATH];
  struct environment environment;
  environment_gather(&run->machine, "cores", getenv("MACHINE"), &environment);
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
    run->ladder.workload = run->cases[i].workload;
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
  topology_place(&run->machine.topology, BIND_CORES, TRIAL_WORKERS, cpus);
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
      .scope = run->program ? LADDER_PROGRAM : LADDER_REGION,
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
  if (!status && !run->out_given)
    run_set_latest(run->out);
  return status;
}

void crossing_run_free(struct crossing_run *run) {
  for (size_t i = 0; i < run->case_count && run->cases; i++)
    crossing_case_free(&run->cases[i]);
  free(run->cases);
  for (size_t s = 0; s < run->workload_count; s++)
    free(run->workloads[s]);
  ladder_free(&run->ladder);
  machine_free(&run->machine);
}

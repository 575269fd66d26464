#include "bench/commands/crossing_run.h"

#include "bench/commands/command.h"
#include "bench/commands/conclude.h"
#include "bench/plan/settings.h"
#include "bench/report/crossing.h"
#include "bench/report/run_page.h"
#include "bench/report/wrap.h"
#include "bench/sweep/interrupt.h"
#include "bench/trial/variants/variant.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Choices: what keeps two variants of a kernel under 60 s, quick under 20. */
static const struct {
  uint32_t rounds;
  double trial_s, regions_s;
} efforts[] = {{15, 0.12, 0.003}, {10, 0.03, 0.002}};

enum { ROUNDS_MIN = 6, TASKS_PER_WORKER = 32 };

static const char default_kernels[] = "cube";
static const char default_variants[] = "omp:static pool:static";
static const char default_variants_tasks[] = "omp:dynamic pool:dynamic";

static const struct option_spec option_list[] = {
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
    {OPTION_ROUNDS(struct crossing_run, rounds, ROUNDS_MIN, CROSSING_ROUNDS),
     .help = "Rounds over the sizes around the answer, at least 6 (15; quick "
             "10)"},
    {OPTION_OVERSUBSCRIBE(struct crossing_run, oversubscribe)},
    {OPTION_QUICK(struct crossing_run, quick),
     .help = "Fewer rounds, and sizes whose trials take under 30 ms"},
    {.name = "scope",
     .arg = "region|program",
     .help = "For breakeven: compare warm regions, or whole programs: set-up, "
             "start of the team, page touching, first region, finish, end of "
             "the team (region)",
     OPTION_EITHER(struct crossing_run, program, "region", "program")},
    {0}};

static int parse(struct crossing_run *run, int argc, char **argv,
                 struct problem *problem) {
  const struct options options = {.list = option_list,
                                  .seen = measure_seen,
                                  .shared = measure_option_list,
                                  .shared_at =
                                      offsetof(struct crossing_run, measure),
                                  .doc = run->experiment->doc};
  measure_init(&run->measure, run->experiment->name);
  return measure_parse(&run->measure, &options, argc, argv, problem);
}

static int add_workload(void *to, const char *text, struct problem *problem) {
  struct crossing_run *run = to;
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

static int add_variant(void *to, const char *text, struct problem *problem) {
  struct crossing_run *run = to;
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
  if (variant->copies)
    return problem_usage(problem,
                         "%s: they do not share the work of a region: there is "
                         "no size from which that pays",
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

static void list_cases(struct crossing_run *run) {
  for (size_t i = 0; i < run->case_count; i++) {
    struct crossing_case *c = &run->cases[i];
    const struct variant_spec *spec = &run->specs[i % run->variant_count];
    c->question = run->experiment->question;
    c->workload = run->workloads[i / run->variant_count];
    run->case_specs[i] = *spec;
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
  if (tasks && run->program)
    return problem_usage(problem, "--scope: tasks are parts of a region; "
                                  "only breakeven compares programs");
  int status = machine_discover(&run->measure.machine, problem);
  if (!status)
    status = notation_add_list(run->kernels ? run->kernels : default_kernels,
                               add_workload, run, problem);
  if (!status)
    status = notation_add_list(run->variants ? run->variants
                               : tasks       ? default_variants_tasks
                                             : default_variants,
                               add_variant, run, problem);
  if (status)
    return status;
  if (run->workers == 0)
    run->workers = run->measure.machine.usable_cpus;
  for (size_t s = 0; s < run->workload_count; s++)
    wait = wait && run->workloads[s]->kernel->waits;
  status = machine_admits(run->measure.machine.usable_cpus, run->workers,
                          run->oversubscribe || wait, problem);
  run->rounds_given = run->rounds > 0;
  if (run->rounds == 0)
    run->rounds = efforts[run->quick].rounds;
  run->case_count = run->workload_count * run->variant_count;
  run->cases = calloc(run->case_count + 1, sizeof *run->cases);
  run->case_specs = calloc(run->case_count + 1, sizeof *run->case_specs);
  if (!status && (!run->cases || !run->case_specs))
    return problem_failure(problem, "out of memory");
  if (!status)
    list_cases(run);
  return status;
}

static int measure(struct crossing_run *run, struct problem *problem) {
  struct measure *measure = &run->measure;
  struct crossing_plan plan = {
      .experiment = run->experiment,
      .cases = run->cases,
      .specs = run->case_specs,
      .case_count = run->case_count,
      .usable_cpus = measure->machine.usable_cpus,
      .memory_bytes = measure->request.memory_bytes,
      .rounds = run->rounds,
      .trial_s = efforts[run->quick].trial_s,
      .regions_s = efforts[run->quick].regions_s,
      .program = run->program,
      .keeps_rounds = run->rounds_given,
  };
  for (size_t i = 0; i < run->variant_count; i++)
    measure_threads(measure, &run->specs[i], run->workers);
  int status = measure_start(measure, "", NULL, problem);
  crossing_plan_begin(&plan);
  if (!status)
    status = measure_run(measure, &plan.base, problem);
  status = measure_end(measure, status, problem);
  if (!status)
    crossing_plan_conclude(&plan, measure->seed);
  crossing_plan_free(&plan);
  return status;
}

int crossing_run(struct crossing_run *run, int argc, char **argv) {
  struct problem problem = {""};
  int status = parse(run, argc, argv, &problem);
  if (!status)
    status = settings_check(&problem);
  if (!status)
    status = measure_of_plan(&run->measure, resolve(run, &problem), &problem);
  if (!status)
    status = measure(run, &problem);
  if (status && interrupt_signal())
    return 128 + interrupt_signal();
  if (!status)
    status = crossing_run_report(run, &problem);
  if (!status)
    status = measure_verdict(&run->measure, true, &problem);
  return status ? command_fail(run->experiment->name, status, &problem) : 0;
}

void crossing_run_free(struct crossing_run *run) {
  for (size_t i = 0; i < run->case_count && run->cases; i++)
    crossing_case_free(&run->cases[i]);
  free(run->cases);
  for (size_t s = 0; s < run->workload_count; s++)
    free(run->workloads[s]);
  free(run->case_specs);
  measure_free(&run->measure);
}

static void explain(const struct crossing_run *run) {
  if (run->experiment->question == CROSSING_GRANULARITY)
    puts("METG(50%): the serial time of the smallest task at which the workers "
         "reach half\ntheir ideal speed, in the warm region; with 95% "
         "intervals.");
  else
    printf("The smallest size at which %s with that many workers takes no "
           "longer than serial;\nwith 95%% intervals.\n",
           run->program ? "the whole program" : "the warm region");
}

/* The sentences; NULL: no memory.  Owned. */
static char *sentences_of(const struct crossing_run *run) {
  char *text = NULL;
  size_t bytes;
  FILE *out = open_memstream(&text, &bytes);
  if (!out)
    return NULL;
  crossing_sentences(run->cases, run->case_count, out);
  (void)fclose(out);
  return text;
}

static int write_page(const struct crossing_run *run,
                      const struct charts *drawn, struct problem *problem) {
  char scripts[RUN_PATH], numbers[40];
  char *sentences = sentences_of(run);
  const struct crossing_cases cases = {run->cases, run->case_count};
  bool tasks = run->experiment->question == CROSSING_GRANULARITY;
  snprintf(numbers, sizeof numbers, "%s.json", run->experiment->name);
  const struct plain_page page = {
      .title = tasks ? "How small a task may be"
                     : "From which size on workers are worth it",
      .sentences = sentences,
      .tables = crossing_page_table,
      .of = &cases,
      .environment = &run->measure.environment,
      .charts = drawn,
      .numbers = numbers,
      .folder = run->measure.out,
      .scripts = run_scripts(scripts)};
  int status = plain_page_write(&page, problem);
  free(sentences);
  return status;
}

static int draw(const struct crossing_run *run, struct problem *problem) {
  char charts_folder[RUN_PATH], scripts[RUN_PATH];
  char shown[TEXT_SHOWN], numbers[TEXT_SHOWN];
  struct charts charts = {.folder = charts_folder};
  run_path(run->measure.out, "charts", charts_folder);
  if (mkdir(charts_folder, 0777) != 0 && errno != EEXIST)
    return problem_failure(problem, "%s could not be created: %s",
                           charts_folder, strerror(errno));
  int status = crossing_chart_data(run->cases, run->case_count,
                                   &run->measure.environment, &charts, problem);
  if (!status)
    status = report_draw(&charts, run_scripts(scripts), problem);
  size_t count = charts.count;
  if (status <= 0) {
    int written = write_page(run, status ? NULL : &charts, problem);
    status = written ? written : status;
  }
  charts_free(&charts);
  if (status == -1)
    printf("\nNo charts: gnuplot is not installed.  Their data: %s/*.tsv\n",
           text_shown(charts_folder, shown));
  else if (!status)
    printf("\nCharts: %zu in %s (SVG and PNG).  Numbers: %s/%s.json\n", count,
           text_shown(charts_folder, shown),
           text_shown(run->measure.out, numbers), run->experiment->name);
  if (status <= 0)
    printf("Page: %s/%s\n", text_shown(run->measure.out, shown), run_page_name);
  return status == -1 ? PROBLEM_NONE : status;
}

int crossing_run_report(const struct crossing_run *run,
                        struct problem *problem) {
  char name[40], path[RUN_PATH];
  snprintf(name, sizeof name, "%s.json", run->experiment->name);
  int status = crossing_write(run->cases, run->case_count,
                              run_path(run->measure.out, name, path), problem);
  if (status)
    return status;
  char *said = sentences_of(run);
  putchar('\n');
  crossing_table(run->cases, run->case_count, stdout);
  explain(run);
  putchar('\n');
  wrap_lines(said ? said : "", 2, stdout);
  free(said);
  status = draw(run, problem);
  return status ? status : measure_export(&run->measure, problem);
}

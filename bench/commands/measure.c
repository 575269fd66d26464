#include "bench/commands/measure.h"

#include "bench/commands/command.h"
#include "bench/commands/measure_folder.h"
#include "bench/plan/settings.h"
#include "bench/plan/text.h"
#include "bench/sweep/interrupt.h"
#include "bench/trial/memory.h"
#include "bench/trial/variants/variant.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

const struct option_spec measure_option_list[] = {
    {OPTION_OUT(struct measure, out), OPTION_GIVEN(struct measure, out_given)},
    {OPTION_RESUME(struct measure, resume)},
    {.name = "budget",
     .arg = "TIME",
     .help =
         "Time for all of it, as in 90s or 3m: fewer rounds, not under six, "
         "unless --rounds says how many; what was left out is said",
     OPTION_TIME(struct measure, budget_s)},
    {OPTION_SEED(struct measure, seed), .help = OPTION_SEED_HELP,
     OPTION_GIVEN(struct measure, seed_given)},
    {OPTION_TIMEOUT(struct measure, timeout_s),
     OPTION_GIVEN(struct measure, timeout_given),
     .help = "A trial that takes longer has failed (60s; the run of a "
             "program: 10m)"},
    OPTIONS_EXPORT(struct measure, as),
    {0}};

void measure_seen(void *input, const struct option_spec *option) {
  static const char *const beside[] = {"resume",    "retry",   "report",
                                       "no-answer", "timeout", "json",
                                       "csv",       "markdown"};
  struct measure *measure = input;
  bool fixed = !measure->fixed_option;
  for (size_t i = 0; i < sizeof beside / sizeof *beside; i++)
    fixed = fixed && strcmp(option->name, beside[i]) != 0;
  if (fixed)
    measure->fixed_option = option->name;
}

void measure_init(struct measure *measure, const char *command) {
  *measure = (struct measure){.timeout_s = 60,
                              .seed = 1,
                              .command = command,
                              .executor_name = "real",
                              .bind = BIND_CORES,
                              .engine = {.fd = -1}};
}

/* ---- going on with a run ------------------------------------------------- */

int measure_check_resume(struct measure *measure, struct problem *problem) {
  if (!measure->resume && measure->retry)
    return problem_usage(problem, "--retry: want --resume DIR, the run whose "
                                  "failed trials are to be made up for");
  if (!measure->resume)
    return PROBLEM_NONE;
  if (measure->fixed_option)
    return problem_usage(problem,
                         "--%s: a run is gone on with as it was begun; only "
                         "%s%s--timeout can be given beside --resume",
                         measure->fixed_option,
                         measure->retries ? "--retry, " : "",
                         measure->reports ? "--report and " : "");
  if (strlen(measure->resume) + 64 > sizeof measure->out)
    return problem_usage(problem, "--resume: '%.80s' is no name for a folder",
                         measure->resume);
  snprintf(measure->out, sizeof measure->out, "%s", measure->resume);
  measure->out_given = true;
  return PROBLEM_NONE;
}

int measure_of_plan(const struct measure *measure, int status,
                    struct problem *problem) {
  const struct problem reason = *problem;
  return status == PROBLEM_USAGE && measure->resume
             ? problem_usage(problem, "%s/plan.json: the key \"arguments\": %s",
                             measure->out, reason.text)
             : status;
}

int measure_parse(struct measure *measure, const struct options *options,
                  int argc, char **argv, struct problem *problem) {
  char path[RUN_PATH], shown[TEXT_SHOWN], source[TEXT_SHOWN + 40],
      out[RUN_PATH];
  const char *command = measure->command;
  options_parse(options, command, argc, argv, measure);
  measure->request = (struct request){.command = command,
                                      .argc = argc,
                                      .argv = argv,
                                      .memory_bytes = memory_available_bytes()};
  if (measure->resume)
    measure->request.argv = NULL; /* main's are not to be released */
  int status = measure_check_resume(measure, problem);
  if (!status && measure->resume)
    status = request_read(&measure->request,
                          run_path(measure->out, "plan.json", path), problem);
  if (status || !measure->resume)
    return status;
  /* As it was begun, but for what stands beside --resume. */
  const bool timeout_given = measure->timeout_given;
  const double timeout_s = measure->timeout_s;
  const char *resume = measure->resume;
  memcpy(out, measure->out, sizeof out);
  text_print(source, sizeof source, "%s: the key \"arguments\"",
             text_shown(path, shown));
  options_parse_file(options, command, source, measure->request.argc,
                     measure->request.argv, measure);
  memcpy(measure->out, out, sizeof measure->out);
  measure->out_given = true;
  measure->resume = resume;
  if (timeout_given)
    measure->timeout_s = timeout_s;
  return PROBLEM_NONE;
}

/* ---- the run ------------------------------------------------------------- */

/* The progress line: on a terminal only. */
static void show_progress(const struct engine_progress *p) {
  char left[40] = "", round[40] = "", variant[NOTATION_LENGTH], line[300];
  char brief[TEXT_BRIEF];
  struct winsize window = {.ws_col = 0};
  const struct point *point = p->point;
  if (isfinite(p->left_s))
    snprintf(left, sizeof left, "%3.0f%%, %.0f s left, ", 100 * p->share,
             p->left_s);
  if (p->round)
    snprintf(round, sizeof round, " %" PRIu32 "/%" PRIu32, p->round, p->rounds);
  notation_format_variant(&point->variant, variant);
  text_print(line, sizeof line, "%s%s%s: %s %.24s %" PRIu32 ", size %" PRIu64,
             left, point->phase, round,
             text_brief(point->workload->name, 40, brief), variant,
             point->workers, point->size);
  /* One row: a longer line could not be taken away again. */
  bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0;
  int columns = known && window.ws_col > 1 ? window.ws_col - 1 : 79;
  fprintf(stderr, "\r\033[K%.*s", columns, line);
}

void measure_clear_progress(void) {
  if (isatty(STDERR_FILENO))
    fputs("\r\033[K", stderr);
}

void measure_threads(struct measure *measure, const struct variant_spec *spec,
                     uint32_t workers) {
  const struct variant *variant = registry_find_variant(spec->team);
  if (variant && variant->openmp && workers > measure->threads)
    measure->threads = workers;
}

int measure_may(const struct measure *measure, struct problem *problem) {
  char how[40];
  snprintf(how, sizeof how, "--bind %s", machine_bind_name(measure->bind));
  int status = machine_may_bind(measure->bind, how, problem);
  return status ? status : settings_check_threads(measure->threads, problem);
}

/* It has an executor. */
static void ready_engine(struct measure *measure) {
  struct engine *engine = &measure->engine;
  engine->path = measure->trials;
  engine->cpus = measure->cpus;
  engine->usable_cpus = measure->machine.usable_cpus;
  if (topology_nodes(&measure->machine.topology, measure->cpus, TRIAL_WORKERS,
                     measure->nodes))
    engine->nodes = measure->nodes;
  engine->retry = measure->retry;
  engine->seed = measure->seed;
  engine->budget_s = measure->budget_s;
  engine->records = &measure->records;
  engine->report = isatty(STDERR_FILENO) ? show_progress : NULL;
  if (strcmp(measure->executor_name, "real") == 0)
    engine->first = measure_look;
  engine->context = measure;
  engine_begin(engine);
}

int measure_start(struct measure *measure, const char *prefix,
                  const struct measure_plan *plan, struct problem *problem) {
  struct engine *engine = &measure->engine;
  const char *name;
  int status = command_machine_name(&name, problem);
  if (!status)
    status = export_start(&measure->as, &measure->data, problem);
  if (status)
    return status;
  if (!measure->out_given)
    run_name_folder(prefix, measure->out);
  run_path(measure->out, "trials.jsonl", measure->trials);
  topology_place(&measure->machine.topology, measure->bind, TRIAL_WORKERS,
                 measure->cpus);
  if (!engine->executor) {
    status = measure_may(measure, problem);
    if (status)
      return status;
    setenv("OMP_WAIT_POLICY", "passive", 0);
    executor_real_init(&measure->real, measure->timeout_s);
    engine->executor = &measure->real.base;
    environment_gather(&measure->machine, machine_bind_name(measure->bind),
                       name, &measure->environment);
  }
  measure->environment.seed = (int64_t)measure->seed;
  ready_engine(measure);
  interrupt_install();
  return measure_open_folder(measure, plan, problem);
}

int measure_run(struct measure *measure, struct planner *planner,
                struct problem *problem) {
  int status = engine_run(&measure->engine, planner, problem);
  measure_clear_progress();
  return status;
}

/* Of a run that was gone on with. */
static void say_missing(const struct engine *engine) {
  printf("%" PRIu32 " of %" PRIu32 " trials were missing", engine->fresh,
         engine->ordered);
  if (engine->retried > 0)
    printf("; %" PRIu32 " had failed, and other rounds stand in for theirs",
           engine->retried);
  if (engine->old > 0)
    printf("; %" PRIu32 " that had failed stay%s so", engine->old,
           engine->old == 1 ? "s" : "");
  puts(".");
}

/* A sweep's plan says it by itself. */
static void say_budget(const struct engine *engine) {
  double took_s = engine_elapsed_s(engine);
  if (engine->cuts > 0)
    printf("Short of what was planned: the budget of %.3g s left out rounds.\n",
           engine->budget_s);
  if (engine->budget_s > 0 && took_s > 1.05 * engine->budget_s)
    printf("Longer than its budget: %.3g s instead of %.3g s; searches, six "
           "rounds, and what --rounds asks for are not left out.\n",
           took_s, engine->budget_s);
}

int measure_end(struct measure *measure, int status, struct problem *problem) {
  char shown[TEXT_SHOWN];
  struct engine *engine = &measure->engine;
  if (engine->fd >= 0 && close(engine->fd) != 0 && !status)
    status =
        problem_failure(problem, "%s: %s", measure->trials, strerror(errno));
  engine->fd = -1;
  if (interrupt_signal()) {
    char word[4 * RUN_PATH], hint[TEXT_SHOWN];
    struct text quoted = TEXT_BEGIN(word);
    text_add_shell(&quoted, measure->out);
    printf("Interrupted; what was measured is kept in %s, and `coresweep %s "
           "--resume %s` goes on with it.\n",
           text_shown(measure->out, shown), measure->command,
           text_shown(word, hint));
    return 128 + interrupt_signal();
  }
  if (status && engine->ordered > 0)
    printf("What was measured is kept in %s.\n",
           text_shown(measure->out, shown));
  if (!status && measure->by_request) {
    char path[RUN_PATH];
    measure->request.done = true;
    status = request_write(&measure->request,
                           run_path(measure->out, "plan.json", path), problem);
  }
  if (!status && measure->resume)
    say_missing(engine);
  if (!status)
    printf("%" PRIu32 " trials in %.0f s, in %s.\n", engine->ordered,
           engine_elapsed_s(engine), text_shown(measure->out, shown));
  if (!status && measure->by_request)
    say_budget(engine);
  return status;
}

int measure_verdict(const struct measure *measure, bool latest,
                    struct problem *problem) {
  const struct engine *engine = &measure->engine;
  bool hint = measure->retries && engine->failed > 0;
  if (engine->bad > 0)
    return problem_failure(
        problem,
        "%" PRIu32 " of %" PRIu32
        " trials failed or were wrong; the first: %s%s",
        engine->bad, engine->ordered, engine->first_error,
        hint ? "; `sweep --resume DIR --retry` "
               "measures other rounds in place of those that failed"
             : "");
  if (latest)
    run_set_latest(measure->out);
  return PROBLEM_NONE;
}

int measure_export(const struct measure *measure, struct problem *problem) {
  return measure->data
             ? export_run(measure->out, &measure->as, measure->data, problem)
             : PROBLEM_NONE;
}

void measure_free(struct measure *measure) {
  if (measure->data)
    fclose(measure->data);
  if (measure->engine.fd >= 0)
    close(measure->engine.fd);
  engine_free(&measure->engine);
  finished_free(&measure->finished);
  records_free(&measure->records);
  fields_free(environment_fields, &measure->environment);
  machine_free(&measure->machine);
  if (!measure->resume) /* the arguments are main's */
    measure->request.argv = NULL;
  request_free(&measure->request);
  free(measure->commands);
}

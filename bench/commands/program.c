/* coresweep sweep -- CMD: somebody else's program with 1, 2, ... workers. */
#include "bench/commands/program.h"

#include "bench/analyze/busy.h"
#include "bench/analyze/prediction.h"
#include "bench/commands/command.h"
#include "bench/commands/conclude.h"
#include "bench/commands/dry_run.h"
#include "bench/commands/program_options.h"
#include "bench/commands/widest.h"
#include "bench/plan/settings.h"
#include "bench/report/numbers.h"
#include "bench/report/wrap.h"
#include "bench/sweep/interrupt.h"
#include "bench/sweep/observing.h"
#include "bench/sweep/program.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether parallel regions of the program were seen: OpenMP tells it how many
 * workers to use. */
static bool has_regions(const struct records *records,
                        const struct record *most) {
  for (size_t i = 0; i < records->count; i++)
    if (strcmp(records->list[i].workload, most->workload) == 0 &&
        record_tells_inside(&records->list[i]))
      return true;
  return false;
}

/* A program that uses one CPU, whatever it is told. */
static void print_deaf(const struct program_options *o,
                       const struct records *records,
                       const struct record *most) {
  const struct program *program = NULL;
  double cpus = most->cpu_s / most->wall_s;
  for (size_t i = 0; i < o->program_count; i++)
    if (strcmp(o->programs[i].name, most->workload) == 0)
      program = &o->programs[i];
  char *busy = busy_sentence(&o->measure.environment, (double)NAN);
  bool alone = !busy;
  free(busy);
  if (!(cpus > 0.9 && cpus < 1.1) || most->workers == 1 || !program || !alone ||
      has_regions(records, most))
    return;
  wrap_format(stdout, 2, 0,
              "  It used one CPU with %" PRId64 " workers, too%s.",
              most->workers,
              program_has(program, "{workers}")
                  ? ""
                  : ": if the number of workers is an option of its own, write "
                    "it as in -j{workers}");
}

/* One program's first pair: "zstd at size 10: one worker ...". */
static void print_pair(const struct program_options *o,
                       const struct records *records, const struct record *one,
                       const struct record *most) {
  char one_text[NUMBER_LENGTH], most_text[NUMBER_LENGTH], ratio[NUMBER_LENGTH];
  double growth = (double)most->size / (double)one->size;
  printf("%s", one->workload);
  if (o->size_count > 1)
    printf(" at size %" PRId64, one->size);
  printf(": %s %s, %" PRId64 " worker%s %s: %s%s, by one run each.\n",
         o->serial ? "the serial program" : "one worker",
         number_time(one->wall_s, one_text), most->workers,
         most->workers == 1 ? "" : "s", number_time(most->wall_s, most_text),
         number_ratio(growth * one->wall_s / most->wall_s, ratio),
         growth == 1 ? "" : " the throughput");
  print_deaf(o, records, most);
}

/* The look at a team of the same program, where its run with one worker opened
 * no region; NULL: there was none. */
static const struct record *find_look(const struct so_far *so_far,
                                      const struct record *pilot, bool weak) {
  for (size_t i = 0; i < so_far->last_count; i++) {
    const struct record *r = &so_far->records->list[so_far->last[i]];
    if (r->observed == 1 && r->workers > 1 &&
        strcmp(r->workload, pilot->workload) == 0 &&
        (weak || r->size == pilot->size))
      return r;
  }
  return NULL;
}

/* A program's observed run with one worker, and with a team where that had to
 * be looked at. */
static void print_pilot(const struct program_options *o,
                        const struct record *one, const struct record *look) {
  const struct record *r = look ? look : one;
  char share[NUMBER_LENGTH], law[NUMBER_LENGTH];
  uint32_t most = o->counts[o->count_count - 1];
  if (r->unobserved) {
    wrap_format(stdout, 2, 0, "  Not observed: %s.", r->unobserved);
    return;
  }
  double f = 1 - r->inside.open_s / r->program_s;
  if (look)
    wrap_format(stdout, 2, 0,
                "  Observed with %" PRId64 " workers: %s of its time is "
                "outside of parallel regions.  With one worker it opens none, "
                "and so there is no law.",
                r->workers, number_percent(f, share));
  if (look || !record_inside_within(r, 1) || o->weak)
    return; /* the answer says so */
  wrap_format(stdout, 2, 0,
              "  Observed with one worker: %s of its time is outside of "
              "parallel regions: at most %s on %" PRIu32 " worker%s.",
              number_percent(f, share),
              number_ratio(prediction_speedup(f, most), law), most,
              most == 1 ? "" : "s");
}

/* What is predicted before the first round; and whether it can be. */
static int take_pilots(void *context, const struct so_far *so_far,
                       struct problem *problem) {
  const struct program_options *o = context;
  const struct prediction_counts counts = {o->counts, o->count_count, o->weak};
  char path[RUN_PATH];
  size_t told = 0;
  for (size_t i = 0; i < so_far->last_count; i++) {
    const struct record *r = &so_far->records->list[so_far->last[i]];
    const struct record *look =
        r->observed == 1 ? find_look(so_far, r, o->weak) : NULL;
    told += record_tells_inside(r) && r->workers == 1;
    if (r->unobserved && (!look || look->unobserved) &&
        o->protocol.observe == PROGRAM_OBSERVE_YES)
      return problem_failure(problem, "--observe yes: %s is not observed: %s",
                             r->workload, r->unobserved);
  }
  return told ? prediction_write(
                    so_far->records, &counts,
                    run_path(o->measure.out, "prediction.json", path), problem)
              : PROBLEM_NONE;
}

/* After the first pairs: what it looks like, and how long the rest takes. */
static void say_provisional(void *context, const struct so_far *so_far,
                            uint32_t rounds, double rest_s) {
  const struct program_options *o = context;
  char text[NUMBER_LENGTH];
  const struct record *one = NULL;
  measure_clear_progress();
  for (size_t i = 0; i < so_far->last_count; i++) {
    const struct record *r = &so_far->records->list[so_far->last[i]];
    if (r->observed == 1 && r->workers == 1)
      print_pilot(o, r, find_look(so_far, r, o->weak));
    else if (r->observed == 1)
      continue;
    else if (notation_names_serial(r->requested))
      one = r;
    else if (one)
      print_pair(o, so_far->records, one, r);
  }
  if (rest_s > 0)
    printf("The rest takes about %s: %" PRIu32 " round%s%s%s.\n",
           number_time(rest_s, text), rounds, rounds == 1 ? "" : "s",
           o->target_width > 0 ? ", then what their widths ask for" : "",
           o->measure.budget_s > 0 ? ", or what the budget leaves" : "");
  fflush(stdout);
}

static void say_decided(void *context, uint32_t rounds, const char *reason) {
  (void)context;
  measure_clear_progress();
  printf("%" PRIu32 " rounds: %s.\n", rounds, reason);
  fflush(stdout);
}

static void say_missed(void *context, const char *what) {
  (void)context;
  measure_clear_progress();
  printf("Short of what was planned: %s.\n", what);
}

/* What would be run, as a shell has it; NULL: it cannot be told.  Owned. */
static char *command_of(const struct point *point) {
  struct problem ignored;
  struct words command;
  bool copies = notation_is_copies(&point->variant);
  if (program_command(point->workload->program, point_is_serial(point),
                      copies ? 1 : point->workers, point->size, &command,
                      &ignored) != 0)
    return NULL;
  char *line = words_quote(&command);
  words_free(&command);
  return line;
}

static int export_dry_run(const struct program_options *o,
                          const struct program_plan *plan,
                          struct problem *problem) {
  json_t *rows = json_array();
  for (size_t i = 0; i < plan->count; i++) {
    char *line = command_of(&plan->points[i]);
    json_array_append_new(rows, dry_run_row(&plan->points[i], line));
    free(line);
  }
  return dry_run_export(rows, plan->rounds, &o->measure.as, problem);
}

static void print_dry_run(const struct program_options *o,
                          const struct program_plan *plan) {
  for (size_t i = 0; i < plan->count; i++) {
    const struct point *point = &plan->points[i];
    char *line = command_of(point);
    if (line)
      printf("%s, %s, %" PRIu32 " worker%s%s: %s\n", point->workload->name,
             point->variant.team, point->workers,
             point->workers == 1 ? "" : "s",
             point->observed ? ", observed" : "", line);
    free(line);
  }
  printf("%s%" PRIu32 " round%s%s, after %" PRIu32 " warm-up%s.\n",
         o->measure.budget_s > 0 && !o->rounds ? "Up to " : "", plan->rounds,
         plan->rounds == 1 ? "" : "s",
         plan->target_width > 0 ? ", then what their widths ask for" : "",
         plan->warmups, plan->warmups == 1 ? "" : "s");
}

static int report(const struct program_options *o, struct problem *problem) {
  struct analysis analysis = {0};
  int status =
      run_analyze(o->measure.out, &o->measure.records, &analysis, problem);
  if (!status && o->report)
    status =
        run_report(o->measure.out, &analysis, &o->rule, RUN_ANSWER, problem);
  else if (!status)
    run_answer(o->measure.out, &analysis, &o->rule);
  analysis_free(&analysis);
  return status;
}

static int measure_programs(struct program_options *o,
                            struct program_plan *plan,
                            struct problem *problem) {
  struct measure *measure = &o->measure;
  static struct executor_program executor;
  executor_program_init(&executor, o->programs, o->program_count, &o->protocol,
                        measure->out);
  measure->engine.executor = &executor.base;
  plan->hooks = (struct program_hooks){.context = o,
                                       .piloted = take_pilots,
                                       .provisional = say_provisional,
                                       .look = widest_look,
                                       .decided = say_decided,
                                       .missed = say_missed};
  environment_gather(&measure->machine, machine_bind_name(measure->bind),
                     getenv("MACHINE"), &measure->environment);
  int status = measure_start(measure, "", NULL, problem);
  if (!status)
    status = measure_run(measure, &plan->base, problem);
  return measure_end(measure, status, problem);
}

/* Whether there is an observer, where one is asked for. */
static int check_observer(struct program_options *o, struct problem *problem) {
  char path[OBSERVING_PATH];
  if (o->protocol.observe == PROGRAM_OBSERVE_NO || observing_library(path))
    return PROBLEM_NONE;
  if (o->protocol.observe == PROGRAM_OBSERVE_YES)
    return problem_failure(problem,
                           "--observe yes: the observer is not there: %s; "
                           "`make` builds it",
                           path);
  o->protocol.observe = PROGRAM_OBSERVE_NO;
  return PROBLEM_NONE;
}

static int run(struct program_options *o, struct problem *problem) {
  struct program_plan plan = {0};
  int status = settings_check(problem);
  if (!status)
    status = check_observer(o, problem);
  if (!status)
    status = machine_discover(&o->measure.machine, problem);
  if (!status)
    status = program_options_resolve(o, problem);
  const struct program_scope scope = {
      .programs = o->programs,
      .program_count = o->program_count,
      .counts = o->counts,
      .count_count = o->count_count,
      .sizes = o->size_list,
      .size_count = o->size_count,
      .copies = o->copies,
      .weak = o->weak,
      .warmups = o->warmups,
      .rounds = o->rounds ? o->rounds : PROGRAM_ROUNDS,
      .rounds_given = o->rounds > 0,
      .target_width = o->target_width,
      .budget_s = o->measure.budget_s,
      .observe = o->protocol.observe != PROGRAM_OBSERVE_NO,
      .was_done = o->measure.resume && o->measure.request.done,
  };
  if (!status)
    status = program_plan_make(&scope, &plan, problem);
  if (!status && o->dry_run)
    status = export_check(&o->measure.as, problem);
  if (!status && o->dry_run && export_wanted(&o->measure.as)) {
    status = export_dry_run(o, &plan, problem);
  } else if (!status && o->dry_run) {
    print_dry_run(o, &plan);
  } else if (!status) {
    status = measure_programs(o, &plan, problem);
    if (!status && o->report)
      putchar('\n');
    if (!status)
      status = report(o, problem);
    if (!status)
      status = measure_export(&o->measure, problem);
    if (!status)
      status = measure_verdict(&o->measure, true, problem);
  }
  program_plan_free(&plan);
  return status;
}

int program_sweep(int argc, char **argv) {
  static struct program_options o;
  struct problem problem = {""};
  int status = program_options_parse(argc, argv, &o, &problem);
  if (!status)
    status = run(&o, &problem);
  program_options_free(&o);
  if (status && interrupt_signal())
    return 128 + interrupt_signal();
  return status ? command_fail("sweep", status, &problem) : 0;
}

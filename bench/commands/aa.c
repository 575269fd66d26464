/* coresweep aa: how often this machine shows a difference that is not there. */
#include "bench/analyze/aa.h"
#include "bench/analyze/stats.h"
#include "bench/commands/command.h"
#include "bench/commands/conclude.h"
#include "bench/commands/measure.h"
#include "bench/plan/json_file.h"
#include "bench/plan/settings.h"
#include "bench/plan/text.h"
#include "bench/report/aa_chart.h"
#include "bench/report/run_page.h"
#include "bench/sweep/aa_plan.h"
#include "bench/sweep/interrupt.h"
#include "bench/sweep/simulated/simulated.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const double target_s = 0.005; /* as a sweep's */

struct aa_options {
  struct measure measure;  /* first: see measure_seen */
  uint32_t sweeps, rounds; /* rounds: trials of each */
  const char *machine;
};

static const struct option_spec option_list[] = {
    {.name = "sweeps",
     .arg = "N",
     .help = "How often it is compared with itself (20)",
     OPTION_COUNT(struct aa_options, sweeps, 1, AA_SWEEPS_MOST)},
    {OPTION_ROUNDS(struct aa_options, rounds, STATS_SAMPLES_MIN,
                   AA_TRIALS_MOST),
     .help = "Trials of each sweep, at least 6 (9)"},
    {.name = "machine",
     .arg = "FILE",
     .help = "Simulate this machine instead, as `coresweep simulate` does, and "
             "keep no run",
     OPTION_TEXT(struct aa_options, machine)},
    {0}};

/* of: the outcome. */
static void print_outcome(const void *of, FILE *out) {
  const struct aa_outcome *outcome = of;
  uint32_t sweeps = outcome->sweeps, within = sweeps - outcome->found;
  fprintf(out,
          "spin, serial in blocks with serial, regions of %.3g ms: %" PRIu32
          " sweeps of %" PRIu32 " trials, one to each in turn.\n",
          1e3 * outcome->region_s, sweeps, outcome->trials);
  fprintf(out,
          "1 is within the interval of %" PRIu32 " of %" PRIu32
          ".  Differences found that are not there: %.1f%% (95%% interval "
          "%.1f%% to %.1f%%); %.1f%% are expected of independent trials.\n",
          within, sweeps, 100 * outcome->rate.median, 100 * outcome->rate.low,
          100 * outcome->rate.high, 100 * outcome->expected);
  fprintf(out,
          "Intervals reach ±%.2f%% in the median (eight in ten: %.2f%% to "
          "%.2f%%): smaller differences do not show in %" PRIu32 " trials.\n",
          100 * outcome->width, 100 * outcome->width_low,
          100 * outcome->width_high, outcome->trials);
  if (sweeps < AA_SWEEPS_JUDGED)
    fprintf(out, "Fewer than %d sweeps: nothing is concluded.\n",
            AA_SWEEPS_JUDGED);
  else if (outcome->too_many)
    fprintf(
        out,
        "Too few: at least %" PRIu32 " of %" PRIu32
        " have to hold it.  Do not trust intervals on this machine as it is "
        "now.\n",
        sweeps + 1 - aa_surely_many(sweeps), sweeps);
  else
    fprintf(out,
            "Enough: at least %" PRIu32 " of %" PRIu32
            " have to hold it, as intervals promise 95%%.\n",
            sweeps + 1 - aa_surely_many(sweeps), sweeps);
}

/* All rounds that there are; fewer where the budget ended them. */
static int times_of(const struct records *records, struct aa_times *times,
                    struct problem *problem) {
  uint32_t rounds = 0;
  for (size_t i = 0; i < records->count; i++)
    if (records->list[i].round > rounds)
      rounds = (uint32_t)records->list[i].round;
  return aa_times_make(records, rounds, times, problem);
}

/* The chart of the sweeps; -1 when there is no gnuplot. */
static int draw(const struct measure *measure, const struct aa_outcome *outcome,
                struct charts *charts, struct problem *problem) {
  char scripts[RUN_PATH];
  struct aa_times times;
  struct interval *intervals =
      malloc((outcome->sweeps + 1) * sizeof *intervals);
  int status = times_of(&measure->records, &times, problem);
  if (!status && !intervals)
    status = problem_failure(problem, "out of memory");
  if (!status)
    status = aa_intervals(&times, outcome->sweeps, intervals, problem);
  if (!status && mkdir(charts->folder, 0777) != 0 && errno != EEXIST)
    status = problem_failure(problem, "%s could not be created: %s",
                             charts->folder, strerror(errno));
  if (!status)
    status = aa_chart_data(outcome, intervals, &measure->environment, charts,
                           problem);
  if (!status)
    status = report_draw(charts, run_scripts(scripts), problem);
  aa_times_free(&times);
  free(intervals);
  return status;
}

/* The page, and aa.json beside it. */
static int write_page(const struct measure *measure,
                      const struct aa_outcome *outcome,
                      struct problem *problem) {
  char path[RUN_PATH], scripts[RUN_PATH], shown[TEXT_SHOWN], title[REPORT_LINE];
  char charts_folder[RUN_PATH];
  struct charts charts = {.folder =
                              run_path(measure->out, "charts", charts_folder)};
  int status = json_file_write(
      aa_json(outcome), run_path(measure->out, "aa.json", path), 9, problem);
  int drawn = status ? status : draw(measure, outcome, &charts, problem);
  status = drawn == -1 ? PROBLEM_NONE : drawn;
  char *sentences = page_words(print_outcome, outcome);
  aa_headline(outcome, title);
  const struct plain_page page = {.title = title,
                                  .sentences = sentences,
                                  .environment = &measure->environment,
                                  .charts = drawn ? NULL : &charts,
                                  .numbers = "aa.json",
                                  .folder = measure->out,
                                  .scripts = run_scripts(scripts)};
  if (!status)
    status = plain_page_write(&page, problem);
  free(sentences);
  charts_free(&charts);
  if (!status)
    printf("Page: %s/%s\n", text_shown(measure->out, shown), run_page_name);
  return status;
}

/* Of all sweeps. */
static int conclude(const struct aa_options *o, const struct records *records,
                    struct aa_outcome *outcome, struct problem *problem) {
  struct aa_times times;
  int status = times_of(records, &times, problem);
  if (!status)
    status = aa_conclude(&times, o->sweeps, outcome, problem);
  aa_times_free(&times);
  if (!status)
    print_outcome(outcome, stdout);
  return status;
}

static int run_here(struct aa_options *o, struct planner *planner,
                    struct aa_outcome *outcome, struct problem *problem) {
  struct measure *measure = &o->measure;
  int status = settings_check(problem);
  if (!status)
    status = machine_discover(&measure->machine, problem);
  if (!status)
    status = measure_start(measure, "aa-", NULL, problem);
  measure->engine.usable_cpus = 1; /* the trial is told of one CPU only */
  if (!status)
    status = measure_run(measure, planner, problem);
  status = measure_end(measure, status, problem);
  if (!status)
    status = conclude(o, &measure->records, outcome, problem);
  if (!status)
    status = write_page(measure, outcome, problem);
  return status ? status : measure_export(measure, problem);
}

/* Where no run is kept. */
static int export(const struct measure *measure,
                  const struct aa_outcome *outcome, struct problem *problem) {
  json_t *json = aa_json(outcome);
  json_t *rows = json ? json_pack("[O]", json) : NULL;
  int status =
      rows ? export_rows(json, rows, &measure->as, measure->data, problem)
           : problem_failure(problem, "out of memory");
  json_decref(rows);
  json_decref(json);
  return status;
}

/* In memory, and on no machine that could be gone on with. */
static int run_simulated(struct aa_options *o, struct planner *planner,
                         struct aa_outcome *outcome, struct problem *problem) {
  struct simulated_machine description;
  struct executor_simulated executor;
  struct measure *measure = &o->measure;
  struct engine *engine = &measure->engine;
  int status = simulated_machine_read(o->machine, &description, problem);
  if (!status)
    status = export_start(&measure->as, &measure->data, problem);
  if (!status)
    status =
        simulated_machine_topology(&description, &measure->machine, problem);
  if (status)
    return status;
  status = executor_simulated_init(&executor, &description,
                                   &measure->machine.topology, measure->seed,
                                   problem);
  engine->executor = &executor.base;
  engine->usable_cpus = measure->machine.usable_cpus;
  engine->seed = measure->seed;
  engine->budget_s = measure->budget_s;
  engine->records = &measure->records;
  if (!status)
    printf("simulated: %s\n", description.name);
  if (!status)
    status = engine_run(engine, planner, problem);
  if (!status)
    status = conclude(o, &measure->records, outcome, problem);
  if (!status && measure->data)
    status = export(measure, outcome, problem);
  engine->executor = NULL;
  executor_simulated_free(&executor);
  return status;
}

int command_aa(int argc, char **argv) {
  static const struct options options = {
      .list = option_list,
      .seen = measure_seen,
      .shared = measure_option_list,
      .shared_at = offsetof(struct aa_options, measure),
      .doc = "Compares serial with itself, in blocks as a sweep's regions "
             "are, and counts how often an interval excludes 1: how far the "
             "intervals can be trusted here, and which differences are too "
             "small to show.\vThe exit status is 1 when there are more than "
             "chance explains, from 20 sweeps on: so many have a chance of at "
             "most 2.5% where each interval misses in 5%.  Of 20 sweeps, 17 "
             "have to hold 1."};
  static struct workload workload;
  static struct aa_options o = {.sweeps = AA_SWEEPS, .rounds = AA_TRIALS};
  struct problem problem = {""};
  struct aa_outcome outcome = {0};
  measure_init(&o.measure, "aa");
  int status = measure_parse(&o.measure, &options, argc, argv, &problem);
  if (!status)
    status = workload_parse("spin", &workload, &problem);
  if (!status) {
    struct aa_plan plan =
        aa_plan_make(&workload, target_s, o.sweeps * o.rounds);
    plan.least = o.sweeps * STATS_SAMPLES_MIN; /* or there is no interval */
    status = o.machine ? run_simulated(&o, &plan.base, &outcome, &problem)
                       : run_here(&o, &plan.base, &outcome, &problem);
  }
  measure_free(&o.measure);
  if (status && interrupt_signal())
    return 128 + interrupt_signal();
  return status ? command_fail("aa", status, &problem) : outcome.too_many;
}

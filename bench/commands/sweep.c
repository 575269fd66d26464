/* coresweep sweep: calibrate, pilot, predict, rounds; and what is shown. */
#include "bench/commands/sweep_run.h"

#include "bench/analyze/prediction.h"
#include "bench/commands/command.h"
#include "bench/commands/conclude.h"
#include "bench/commands/dry_run.h"
#include "bench/commands/program.h"
#include "bench/commands/program_options.h"
#include "bench/commands/sweep_commands.h"
#include "bench/commands/widest.h"
#include "bench/plan/settings.h"
#include "bench/plan/text.h"
#include "bench/report/wrap.h"
#include "bench/sweep/interrupt.h"
#include "bench/sweep/sweep.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void print_plan(const struct plan *plan) {
  size_t workloads = plan_count_workloads(plan);
  printf(
      "%zu workload%s, %zu variants, %zu points; %" PRIu32 " usable CPU%s.\n",
      workloads, workloads == 1 ? "" : "s", plan->variant_count,
      plan->result_count, plan->usable_cpus, plan->usable_cpus == 1 ? "" : "s");
  if (plan_has_sizes(plan))
    printf("%zu sizes; no meters of memory and additions beside them, and so "
           "no rooflines.\n",
           plan->workload_count / plan_count_workloads(plan));
  if (plan->note_count > 0)
    printf("Thinned, to stay within the budget: %zu change%s, in plan.json.\n",
           plan->note_count, plan->note_count == 1 ? "" : "s");
}

/* ---- what is kept when something is decided ------------------------------ */

/* The prediction, from the pilot's records and nothing else. */
static int write_prediction(const struct sweep_options *o,
                            const struct so_far *so_far,
                            struct problem *problem) {
  char path[RUN_PATH];
  const struct prediction_counts counts = {o->plan.waiting,
                                           o->plan.waiting_count, o->plan.weak};
  return prediction_write(so_far->records, &counts,
                          run_path(o->measure.out, "prediction.json", path),
                          problem);
}

/* plan.json must not know more than trials.jsonl holds, whatever stops. */
static int save_plan(const struct sweep_options *o, struct problem *problem) {
  char path[RUN_PATH];
  if (fdatasync(o->measure.engine.fd) != 0 && errno != EINVAL && errno != EROFS)
    return problem_failure(problem, "%s: %s", o->measure.trials,
                           strerror(errno));
  return plan_write(&o->plan, run_path(o->measure.out, "plan.json", path),
                    problem);
}

static void print_decision(const struct sweep_options *o,
                           enum sweep_decision decision) {
  const struct plan *plan = &o->plan;
  measure_clear_progress();
  if (decision == SWEEP_ROUNDS || decision == SWEEP_ROUNDS_AGAIN)
    print_plan(plan);
  if (decision == SWEEP_WIDTH)
    wrap_format(stdout, 2, 0, "%" PRIu32 " rounds: %s.", plan->rounds,
                plan->rounds_reason);
  if (decision == SWEEP_DONE)
    for (size_t i = o->notes_shown; i < plan->note_count; i++)
      wrap_format(stdout, 2, 0, "Short of what was planned: %s.",
                  plan->notes[i]);
  fflush(stdout);
}

static int decided(void *context, enum sweep_decision decision,
                   const struct so_far *so_far, struct problem *problem) {
  struct sweep_options *o = context;
  int status = PROBLEM_NONE;
  if (decision == SWEEP_ROUNDS)
    status = sweep_commands_write(o, problem);
  if (!status && decision == SWEEP_ROUNDS)
    status = write_prediction(o, so_far, problem);
  if (!status && decision != SWEEP_ROUNDS_AGAIN)
    status = save_plan(o, problem);
  if (!status)
    print_decision(o, decision);
  if (decision == SWEEP_ROUNDS || decision == SWEEP_ROUNDS_AGAIN)
    o->notes_shown = o->plan.note_count;
  return status;
}

/* ---- the run's plan.json ------------------------------------------------- */

static int write_plan(void *context, struct identity *identity,
                      const char *path, struct problem *problem) {
  struct plan *plan = &((struct sweep_options *)context)->plan;
  plan->identity = *identity;
  *identity = (struct identity){0};
  return plan_write(plan, path, problem);
}

static int read_plan(void *context, const char *path,
                     const struct identity **then, struct problem *problem) {
  struct sweep_options *o = context;
  plan_free(&o->plan); /* it was read before the lock was had */
  *then = &o->plan.identity;
  return sweep_options_read_plan(o, path, problem);
}

/* ---- what is shown of it ------------------------------------------------- */

/* The records' conclusions, in the folder and as the answer, with charts or
 * without; or for look_at_credibility alone. */
static int conclude(const struct sweep_options *o, bool charts,
                    struct analysis *analysis, struct problem *problem) {
  const char *folder = o->measure.out;
  const struct records *records = &o->measure.records;
  if (o->no_answer)
    return analysis_make(records, NULL, NULL, NULL, analysis, problem);
  int status = run_analyze(folder, records, analysis, problem);
  if (!status && charts)
    return run_report(folder, analysis, NULL, RUN_ANSWER, problem);
  if (!status)
    run_answer(folder, analysis, NULL);
  return status;
}

/* Whether some kernel's times cannot be what they say. */
static int look_at_credibility(const struct analysis *analysis,
                               struct problem *problem) {
  const struct result *first = NULL;
  size_t refused = 0;
  for (size_t i = 0; i < analysis->result_count; i++)
    if (analysis->results[i].refused) {
      first = first ? first : &analysis->results[i];
      refused++;
    }
  if (refused > 0)
    return problem_failure(problem,
                           "%zu of %zu results are refused; the first: %s",
                           refused, analysis->result_count, first->refused);
  return PROBLEM_NONE;
}

static int finish(struct sweep_options *o, int status,
                  struct problem *problem) {
  struct problem reason = {""};
  struct analysis analysis = {0};
  status = measure_end(&o->measure, status, problem);
  if (!status && o->cross_check)
    status = sweep_commands_time(o, problem);
  if (interrupt_signal()) {
    putchar('\n');
    if (conclude(o, true, &analysis, &reason) != 0)
      printf("%s\n", reason.text);
    analysis_free(&analysis);
    return status;
  }
  if (!status && o->report)
    putchar('\n');
  if (!status)
    status = conclude(o, o->report, &analysis, problem);
  if (!status)
    status = measure_export(&o->measure, problem);
  if (!status)
    status = measure_verdict(&o->measure, false, problem);
  if (!status)
    status = look_at_credibility(&analysis, problem);
  analysis_free(&analysis);
  if (status)
    return command_fail(o->measure.command, status, problem);
  return measure_verdict(&o->measure, true, problem);
}

static void note_threads(struct sweep_options *o) {
  for (size_t i = 0; i < o->plan.point_count; i++)
    measure_threads(&o->measure, &o->plan.points[i].variant,
                    o->plan.points[i].workers);
}

int sweep_run(struct sweep_options *o) {
  struct problem problem = {""};
  const struct measure_plan file = {o, write_plan, read_plan};
  const struct sweep_hooks hooks = {o, decided, widest_look, widest_look_first};
  struct sweep sweep = sweep_make(&o->plan, &hooks);
  struct measure *measure = &o->measure;
  bool real = strcmp(measure->executor_name, "real") == 0;
  sweep.metered = o->metered || real;
  sweep.empties = real; /* which may take no time on another */
  measure->engine.serial_touch = o->plan.serial_touch;
  note_threads(o);
  int status = measure_start(measure, "", &file, &problem);
  if (!status && measure->resume)
    status =
        finished_check(&measure->finished, &o->plan, measure->cpus, &problem);
  if (!status)
    status = measure_run(measure, &sweep.base, &problem);
  status = finish(o, status, &problem);
  sweep_free(&sweep);
  return status;
}

static int export_dry_run(const struct sweep_options *o,
                          struct problem *problem) {
  const struct plan *plan = &o->plan;
  json_t *rows = json_array();
  for (size_t i = 0; i < plan->result_count; i++)
    json_array_append_new(rows, dry_run_row(&plan->points[i], NULL));
  return dry_run_export(rows, plan->rounds, &o->measure.as, problem);
}

static void print_dry_run(const struct plan *plan) {
  char name[NOTATION_LENGTH];
  bool sized = plan_has_sizes(plan);
  for (size_t i = 0; i < plan->result_count; i++) {
    const struct point *point = &plan->points[i];
    notation_format_variant(&point->variant, name);
    printf("%s %s %" PRIu32, point->workload->name, name, point->workers);
    if (sized)
      printf(" %" PRIu64, point->size);
    putchar('\n');
  }
  printf("%s%" PRIu32 " rounds of %zu trials%s, after calibration and a pilot "
         "of %d trials per one-worker point%s.\n",
         plan->rounds_given ? "" : "Up to ", plan->rounds, plan->result_count,
         plan->adaptive ? ", then what their widths ask for" : "", PLAN_PILOTS,
         plan->budget_s > 0 ? "; thinned where the budget asks for it" : "");
  if (plan->programs)
    printf("And %zu cold programs, each workload's in a row, serial before and "
           "after them.\n",
           plan->program_count);
  size_t probes = plan->point_count - plan->result_count - plan->program_count;
  if (probes > 0)
    printf("Beside them, in every round, %zu probes of what the CPUs deliver "
           "together.\n",
           probes);
  if (!plan->unprobed && !sized)
    puts("Once sizes are known, meters of memory and additions join them: one "
         "for each worker count, kind of access and working set.");
}

int sweep_here(struct sweep_options *o) {
  struct problem problem = {""};
  int status = settings_check(&problem);
  if (!status)
    status = sweep_options_resolve(o, false, &problem);
  if (!status && o->dry_run) {
    note_threads(o);
    status = measure_may(&o->measure, &problem);
  }
  if (!status && o->dry_run)
    status = export_check(&o->measure.as, &problem);
  bool export = !status && o->dry_run && export_wanted(&o->measure.as);
  if (export)
    status = export_dry_run(o, &problem);
  if (status)
    status = command_fail(o->measure.command, status, &problem);
  else if (o->dry_run && !export)
    print_dry_run(&o->plan);
  else if (!o->dry_run)
    status = sweep_run(o);
  sweep_options_free(o);
  return status;
}

int command_sweep(int argc, char **argv) {
  static struct sweep_options o;
  if (program_options_are(argc, argv))
    return program_sweep(argc, argv);
  sweep_options_parse(argc, argv, &o);
  return sweep_here(&o);
}

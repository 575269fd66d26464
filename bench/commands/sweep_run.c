#include "bench/commands/sweep_run.h"

#include "bench/analyze/prediction.h"
#include "bench/commands/command.h"
#include "bench/commands/run.h"
#include "bench/commands/sweep_folder.h"
#include "bench/commands/sweep_width.h"
#include "bench/plan/meters.h"
#include "bench/plan/width.h"
#include "bench/sweep/interrupt.h"
#include "bench/trial/trial.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The progress line: on a terminal only. */
static void show_progress(const struct sweep_progress *p) {
  char left[40] = "";
  if (isfinite(p->left_s))
    snprintf(left, sizeof left, "%3.0f%%, %.0f s left, ", 100 * p->share,
             p->left_s);
  fprintf(stderr, "\r\033[K%s%s", left, p->phase);
  if (p->round)
    fprintf(stderr, " %" PRIu32 "/%" PRIu32, p->round, p->rounds);
  fprintf(stderr, ": %.40s %.24s %" PRIu32, p->workload, p->variant,
          p->workers);
}

static void clear_progress(void) {
  if (isatty(STDERR_FILENO))
    fputs("\r\033[K", stderr);
}

static void print_plan(const struct plan *plan, const struct machine *machine) {
  printf("%zu workloads, %zu variants, %zu configurations; %" PRIu32
         " usable CPU%s.\n",
         plan->workload_count, plan->variant_count, plan->entry_count,
         machine->usable_cpus, machine->usable_cpus == 1 ? "" : "s");
  for (size_t i = 0; i < plan->note_count; i++)
    printf("Thinned, to stay within the budget: %s.\n", plan->notes[i]);
}

/* The command of every configuration, to be typed or timed by itself. */
static int write_commands(const struct sweep *sweep, const char *folder,
                          const char *program, struct problem *problem) {
  char path[RUN_PATH], name[NOTATION_LENGTH];
  FILE *out = fopen(run_path(folder, "commands.tsv", path), "we");
  if (!out)
    return problem_failure(problem, "%s: %s", path, strerror(errno));
  for (size_t i = 0; i < sweep->plan->entry_count; i++) {
    const struct plan_entry *entry = &sweep->plan->entries[i];
    struct trial_request order = sweep_order(sweep, entry);
    char **arguments = executor_arguments(&order);
    notation_format_variant(&sweep->plan->variants[entry->variant], name);
    fprintf(out, "%s\t%s\t%" PRIu32 "\t%s", order.workload->name, name,
            entry->workers, program);
    for (size_t k = 0; arguments && arguments[k]; k++)
      fprintf(out, strpbrk(arguments[k], " '\"") ? " '%s'" : " %s",
              arguments[k]);
    fputc('\n', out);
    executor_free_arguments(arguments);
  }
  if (fclose(out) != 0)
    return problem_failure(problem, "%s: %s", path, strerror(errno));
  return PROBLEM_NONE;
}

/* The prediction, from the pilot's records and nothing else. */
static int write_prediction(const struct sweep *sweep, const char *folder,
                            struct problem *problem) {
  char path[RUN_PATH];
  struct records records;
  int status = records_read(sweep->path, &records, problem);
  if (status)
    return status;
  status = prediction_write(&records, sweep->plan->waiting,
                            sweep->plan->waiting_count,
                            run_path(folder, "prediction.json", path), problem);
  records_free(&records);
  return status;
}

static double left_s(const struct sweep *sweep) {
  return sweep->plan->budget_s - sweep_elapsed_s(sweep);
}

/* plan.json must not know more than trials.jsonl holds, whatever stops. */
static int save_plan(const struct sweep *sweep, const char *folder,
                     struct problem *problem) {
  char path[RUN_PATH];
  if (fdatasync(sweep->fd) != 0 && errno != EINVAL && errno != EROFS)
    return problem_failure(problem, "%s: %s", sweep->path, strerror(errno));
  return plan_write(sweep->plan, run_path(folder, "plan.json", path), problem);
}

/* Sizes and configurations; those of a run that is gone on with are fixed. */
static int settle_sizes(struct sweep *sweep, const struct sweep_options *o,
                        struct problem *problem) {
  struct plan *plan = sweep->plan;
  /* A simulated machine has no memory and no vectors to measure. */
  bool metered = !plan->unprobed && strcmp(o->executor, "real") == 0;
  if (plan->stage >= STAGE_SIZED) {
    for (size_t s = 0; s < plan->workload_count; s++)
      sweep->costs[s] = plan->workloads[s].cost;
    return PROBLEM_NONE;
  }
  int status = sweep_calibrate(sweep, problem);
  if (!status && metered)
    status = plan_add_meters(plan, problem);
  if (!status)
    status = budget_thin(plan, sweep->costs, left_s(sweep), problem);
  if (status)
    return status;
  for (size_t s = 0; s < plan->workload_count; s++)
    plan->workloads[s].cost = sweep->costs[s];
  plan->stage = STAGE_SIZED;
  return save_plan(sweep, o->out, problem);
}

/* The rounds, and all that must be known before the first of them. */
static int settle_rounds(struct sweep *sweep, const struct sweep_options *o,
                         struct problem *problem) {
  struct plan *plan = sweep->plan;
  if (plan->stage >= STAGE_ROUNDS)
    return PROBLEM_NONE;
  budget_rounds(plan, sweep->costs, left_s(sweep));
  int status = write_commands(sweep, o->out, o->program, problem);
  if (!status)
    status = write_prediction(sweep, o->out, problem);
  plan->stage = STAGE_ROUNDS;
  return status ? status : save_plan(sweep, o->out, problem);
}

/* --target-width: decides once, after the first rounds, how many it takes. */
static int widen(struct sweep *sweep, const char *folder,
                 struct problem *problem) {
  struct plan *plan = sweep->plan;
  struct sweep_width now;
  uint32_t first = sweep->rounds_done;
  if (plan->width_decided || first < WIDTH_ROUNDS_FIRST)
    return PROBLEM_NONE;
  int status = sweep_width_find(sweep->path, &now, problem);
  if (status)
    return status;
  double most = WIDTH_ROUNDS_MOST;
  if (plan->budget_s > 0)
    most = fmin(100000, first + floor(fmax(0, left_s(sweep)) / sweep->round_s));
  plan->rounds = width_rounds(now.width, plan->target_width, (uint32_t)most);
  plan->width = now.width;
  plan->width_decided = true;
  snprintf(plan->rounds_reason, sizeof plan->rounds_reason,
           "after %" PRIu32 " rounds the widest interval was %.3g%% of its "
           "speedup (%.80s), and %.3g%% was asked for%s",
           first, 100 * now.width, now.whose, 100 * plan->target_width,
           plan->rounds < (uint32_t)most ? ""
           : plan->budget_s > 0          ? "; the budget allows no more"
                                         : "; no more are done");
  printf("%" PRIu32 " rounds: %s.\n", plan->rounds, plan->rounds_reason);
  fflush(stdout);
  status = save_plan(sweep, folder, problem);
  return status ? status : sweep_rounds(sweep, problem);
}

/* What came of it. */
static int look_at_width(struct sweep *sweep, struct problem *problem) {
  struct plan *plan = sweep->plan;
  struct sweep_width now;
  int status = sweep_width_find(sweep->path, &now, problem);
  if (status)
    return status;
  plan->width = now.width;
  if (!(now.width <= plan->target_width))
    plan_note(plan,
              "no intervals as narrow as %.3g%%: the widest is %.3g%% (%.60s)",
              100 * plan->target_width, 100 * now.width, now.whose);
  return PROBLEM_NONE;
}

/* Rounds up to the end, and what they decide on the way. */
static int do_rounds(struct sweep *sweep, const char *folder,
                     struct problem *problem) {
  struct plan *plan = sweep->plan;
  size_t notes = plan->note_count;
  bool done = plan->stage == STAGE_DONE;
  if (done) /* not more than there were: a budget had run out */
    plan->rounds = plan->rounds_done;
  int status = sweep_rounds(sweep, problem);
  if (!status && !done && plan->target_width > 0)
    status = widen(sweep, folder, problem);
  if (!status && !done && plan->target_width > 0)
    status = look_at_width(sweep, problem);
  if (status || done)
    return status;
  clear_progress();
  for (size_t i = notes; i < plan->note_count; i++)
    printf("Short of what was planned: %s.\n", plan->notes[i]);
  plan->rounds_done = sweep->rounds_done;
  plan->stage = STAGE_DONE;
  return save_plan(sweep, folder, problem);
}

static int measure(struct sweep *sweep, const struct sweep_options *o,
                   struct problem *problem) {
  int status = settle_sizes(sweep, o, problem);
  if (!status)
    status = sweep_pilot(sweep, problem);
  if (!status)
    status = settle_rounds(sweep, o, problem);
  if (status)
    return status;
  clear_progress();
  print_plan(sweep->plan, sweep->machine);
  fflush(stdout);
  return do_rounds(sweep, o->out, problem);
}

static int report_run(const struct sweep_options *o, struct problem *problem) {
  struct analysis analysis = {0};
  int status = run_analyze(o->out, &analysis, problem);
  if (!status)
    status = run_report(o->out, &analysis, problem);
  analysis_free(&analysis);
  return status;
}

/* Whether some kernel's times cannot be what they say. */
static int look_at_credibility(const struct sweep *sweep,
                               struct problem *problem) {
  struct records records;
  struct analysis analysis = {0};
  const struct result *first = NULL;
  size_t refused = 0;
  int status = records_read(sweep->path, &records, problem);
  if (status)
    return status;
  status = analysis_make(&records, NULL, NULL, NULL, &analysis, problem);
  for (size_t i = 0; i < analysis.result_count; i++)
    if (analysis.results[i].refused) {
      first = first ? first : &analysis.results[i];
      refused++;
    }
  if (!status && refused > 0)
    status = problem_failure(problem,
                             "%zu of %zu results are refused; the first: %s",
                             refused, analysis.result_count, first->refused);
  analysis_free(&analysis);
  records_free(&records);
  return status;
}

/* After an interruption: what there is, reported. */
static int report_interrupted(const struct sweep_options *o) {
  struct problem problem = {""};
  clear_progress();
  printf("Interrupted; what was measured is kept in %s, and `coresweep %s "
         "--resume %s` goes on with it.\n",
         o->out, o->command, o->out);
  if (report_run(o, &problem) != 0)
    printf("%s\n", problem.text);
  return 128 + interrupt_signal();
}

static int finish(const struct sweep *sweep, const struct sweep_options *o,
                  int status, struct problem *problem) {
  clear_progress();
  if (interrupt_signal())
    return report_interrupted(o);
  if (!status && o->resume)
    printf("%" PRIu32 " of %" PRIu32 " trials were missing.\n", sweep->fresh,
           sweep->ordered);
  if (!status)
    printf("%" PRIu32 " trials in %.0f s, in %s.\n", sweep->ordered,
           sweep_elapsed_s(sweep), o->out);
  if (!status && o->report)
    status = report_run(o, problem);
  if (!status && sweep->bad > 0)
    status = problem_failure(problem,
                             "%" PRIu32 " of %" PRIu32
                             " trials failed or were wrong; the first: %s",
                             sweep->bad, sweep->ordered, sweep->first_error);
  if (!status)
    status = look_at_credibility(sweep, problem);
  return status ? command_fail(o->command, status, problem) : 0;
}

int sweep_run(struct sweep_options *o, struct executor *executor,
              const struct environment *environment) {
  static int cpus[TRIAL_WORKERS];
  char trials[RUN_PATH];
  struct problem problem = {""};
  struct finished finished = {0};
  struct sweep sweep = {.plan = &o->plan,
                        .machine = &o->machine,
                        .executor = executor,
                        .path = run_path(o->out, "trials.jsonl", trials),
                        .fd = -1,
                        .cpus = cpus,
                        .finished = &finished,
                        .begin_s = executor->now_s(executor)};
  int status =
      sweep_folder_open(o, environment, &finished, &sweep.fd, &problem);
  if (!status)
    sweep.costs = calloc(o->plan.workload_count + 1, sizeof *sweep.costs);
  if (!status && !sweep.costs)
    status = problem_failure(&problem, "out of memory");
  sweep.ordered = (uint32_t)finished.orders;
  if (isatty(STDERR_FILENO))
    sweep.report = show_progress;
  topology_place(&o->machine.topology, o->plan.bind, TRIAL_WORKERS, cpus);
  interrupt_install();
  if (!status && o->resume)
    status = finished_check(&finished, &o->plan, cpus, &problem);
  if (!status)
    status = measure(&sweep, o, &problem);
  if (sweep.fd >= 0 && close(sweep.fd) != 0 && !status)
    status = problem_failure(&problem, "%s: %s", trials, strerror(errno));
  status = finish(&sweep, o, status, &problem);
  free(sweep.costs);
  finished_free(&finished);
  if (!status && !o->out_given)
    run_set_latest(o->out);
  return status;
}

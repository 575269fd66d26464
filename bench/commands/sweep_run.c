#include "bench/commands/sweep_run.h"

#include "bench/analyze/prediction.h"
#include "bench/commands/command.h"
#include "bench/commands/run.h"
#include "bench/sweep/interrupt.h"
#include "bench/trial/trial.h"

#include <errno.h>
#include <fcntl.h>
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
  fprintf(stderr, ": %.40s %.24s %" PRIu32, p->setting, p->variant, p->workers);
}

static void clear_progress(void) {
  if (isatty(STDERR_FILENO))
    fputs("\r\033[K", stderr);
}

static void print_plan(const struct plan *plan, const struct machine *machine) {
  printf("%zu kernel settings, %zu variants, %zu configurations; %" PRIu32
         " usable CPU%s.\n",
         plan->setting_count, plan->variant_count, plan->entry_count,
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
    struct trial_order order = sweep_order(sweep, entry);
    char **arguments = executor_arguments(&order);
    notation_format_variant(&sweep->plan->variants[entry->variant], name);
    fprintf(out, "%s\t%s\t%" PRIu32 "\t%s", order.setting->name, name,
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

static int measure(struct sweep *sweep, const struct sweep_options *o,
                   struct problem *problem) {
  char path[RUN_PATH];
  struct plan *plan = sweep->plan;
  run_path(o->out, "plan.json", path);
  int status = sweep_calibrate(sweep, problem);
  if (!status)
    status = budget_thin(plan, sweep->costs, left_s(sweep), problem);
  if (!status)
    status = sweep_pilot(sweep, problem);
  if (status)
    return status;
  budget_rounds(plan, sweep->costs, left_s(sweep));
  status = plan_write(plan, path, problem);
  if (!status)
    status = write_commands(sweep, o->out, o->program, problem);
  if (!status)
    status = write_prediction(sweep, o->out, problem);
  if (status)
    return status;
  clear_progress();
  print_plan(plan, sweep->machine);
  fflush(stdout);
  size_t notes = plan->note_count;
  status = sweep_rounds(sweep, problem);
  if (!status && plan->note_count > notes)
    status = plan_write(plan, path, problem);
  return status;
}

static int report_run(const struct sweep_options *o, struct problem *problem) {
  struct analysis analysis = {0};
  int status = run_analyze(o->out, &analysis, problem);
  if (!status)
    status = run_report(o->out, &analysis, problem);
  analysis_free(&analysis);
  return status;
}

/* After an interruption: what there is, reported. */
static int report_interrupted(const struct sweep_options *o) {
  struct problem problem = {""};
  clear_progress();
  printf("Interrupted; what was measured is kept in %s.\n", o->out);
  if (report_run(o, &problem) != 0)
    printf("%s\n", problem.text);
  return 128 + interrupt_signal();
}

static int finish(const struct sweep *sweep, const struct sweep_options *o,
                  int status, struct problem *problem) {
  clear_progress();
  if (interrupt_signal())
    return report_interrupted(o);
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
  return status ? command_fail(o->command, status, problem) : 0;
}

int sweep_run(struct sweep_options *o, struct executor *executor,
              const struct environment *environment) {
  static int cpus[TRIAL_WORKERS];
  char path[RUN_PATH], trials[RUN_PATH];
  struct problem problem = {""};
  struct sweep sweep = {.plan = &o->plan,
                        .machine = &o->machine,
                        .executor = executor,
                        .path = run_path(o->out, "trials.jsonl", trials),
                        .cpus = cpus,
                        .begin_s = executor->now_s(executor)};
  int status = run_create(o->out, &problem);
  if (status)
    return command_fail(o->command, status, &problem);
  status = environment_write(
      environment, run_path(o->out, "environment.json", path), &problem);
  sweep.fd = open(trials, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  sweep.costs = calloc(o->plan.setting_count, sizeof *sweep.costs);
  if (!status && (sweep.fd < 0 || !sweep.costs))
    status = problem_failure(&problem, "%s: %s", trials, strerror(errno));
  if (isatty(STDERR_FILENO))
    sweep.report = show_progress;
  topology_place(&o->machine.topology, o->plan.bind, TRIAL_WORKERS, cpus);
  interrupt_install();
  if (!status)
    status = measure(&sweep, o, &problem);
  if (sweep.fd >= 0 && close(sweep.fd) != 0 && !status)
    status = problem_failure(&problem, "%s: %s", trials, strerror(errno));
  status = finish(&sweep, o, status, &problem);
  free(sweep.costs);
  if (!status && o->default_out)
    run_set_latest(o->out);
  return status;
}

/* plan.json, as --resume and --like read it: of a sweep, and of the commands
 * whose plan is their command line. */
#include "bench/plan/plan.h"
#include "bench/plan/budget.h"
#include "bench/plan/request.h"
#include "bench/sweep/executor.h"
#include "bench/tests/fuzz/place.h"
#include "bench/tests/fuzz/target.h"

#include <string.h>

static const char *const commands[] = {"overheads", "breakeven", "granularity",
                                       "probe", "aa"};
enum { COMMANDS = sizeof commands / sizeof *commands };

/* The command of a trial, as commands.tsv has it. */
static void print_command(const struct plan *plan, const struct point *point,
                          FILE *out) {
  static const int cpus[] = {-1};
  char text[POINT_TEXT];
  const struct trial_request request = {.workload = point->workload,
                                        .variant = point->variant,
                                        .workers = 1,
                                        .usable_cpus = 1,
                                        .cpus = cpus,
                                        .size = point->size,
                                        .seed = plan->seed,
                                        .iterations = plan->iterations,
                                        .warmups = plan->warmups,
                                        .expect = ""};
  fprintf(out, "%s: %g s\n", point_text(point, text),
          budget_trial_s(plan, point));
  char **arguments = executor_arguments(&request);
  for (size_t k = 0; arguments && arguments[k]; k++)
    fprintf(out, " %s", arguments[k]);
  executor_free_arguments(arguments);
}

static void go_on(struct plan *plan) {
  struct problem problem = {""};
  double pilot_s = budget_pilot_s(plan), round_s = budget_round_s(plan);
  FILE *out = place_print();
  fprintf(out, "%zu workloads, %g s and %g s\n", plan_count_workloads(plan),
          pilot_s, round_s);
  for (size_t i = 0; i < plan->point_count && i < 100; i++)
    print_command(plan, &plan->points[i], out);
  for (size_t i = 0; i < plan->workload_count; i++)
    fprintf(out, "%u\n", plan_most_workers(plan, i));
  place_printed(out);
  if (budget_thin(plan, 1, &problem) == 0)
    budget_rounds(plan, 1);
}

/* A plan that was read is written as it was. */
static void write_again(const struct plan *plan) {
  static struct plan again; /* large */
  struct problem problem = {""};
  const char *path = place_path("again.json");
  again = (struct plan){0};
  if (plan_write(plan, path, &problem) != 0 ||
      plan_read(&again, path, &problem) != 0)
    fuzz_fail("a plan that was written cannot be read: %s", problem.text);
  if (again.point_count != plan->point_count ||
      again.workload_count != plan->workload_count ||
      again.seed != plan->seed || again.rounds != plan->rounds)
    fuzz_fail("a plan that was read again is another one");
  plan_free(&again);
}

static bool read_plan(const char *path, bool like) {
  static struct plan plan; /* large */
  struct problem problem = {""};
  plan = (struct plan){0};
  bool taken = like ? plan_read_like(&plan, path, &problem) == 0
                    : plan_read(&plan, path, &problem) == 0;
  if (taken && !like)
    write_again(&plan);
  if (taken && like)
    taken = plan_list_points(&plan, &problem) == 0;
  if (taken)
    go_on(&plan);
  plan_free(&plan);
  return taken;
}

static bool read_request(const char *path, const char *command) {
  struct request request = {.command = command}, again = request;
  struct problem problem = {""};
  if (request_read(&request, path, &problem) != 0)
    return false;
  path = place_path("again.json");
  if (request_write(&request, path, &problem) != 0 ||
      request_read(&again, path, &problem) != 0)
    fuzz_fail("a command that was written cannot be read: %s", problem.text);
  request_free(&again);
  request_free(&request);
  return true;
}

static bool run(const uint8_t *data, size_t size) {
  const char *path = place_file("plan.json", data, size);
  bool taken = read_plan(path, false);
  taken = read_plan(path, true) || taken;
  for (size_t i = 0; i < COMMANDS; i++)
    taken = read_request(path, commands[i]) || taken;
  return taken;
}

const struct fuzz_target fuzz_plan = {"plan", true, run};

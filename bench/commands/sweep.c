/* coresweep sweep: calibrate, pilot, predict, rounds. */
#include "bench/commands/command.h"
#include "bench/commands/sweep_run.h"
#include "bench/trial/openmp_env.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

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
  printf("%s%" PRIu32 " rounds of %zu trials, after calibration and a pilot "
         "of %d trials per one-worker point%s.\n",
         plan->rounds_given ? "" : "Up to ", plan->rounds, plan->result_count,
         PLAN_PILOTS,
         plan->budget_s > 0 ? "; thinned where the budget asks for it" : "");
  size_t probes = plan->point_count - plan->result_count;
  if (probes > 0)
    printf("Beside them, in every round, %zu probes of the clock and of what "
           "the CPUs deliver together.\n",
           probes);
  if (!plan->unprobed && !sized)
    puts("Once sizes are known, meters of memory and additions join them: one "
         "for each worker count, kind of access and working set.");
}

int command_sweep(int argc, char **argv) {
  static struct sweep_options o;
  struct problem problem = {""};
  sweep_options_parse(argc, argv, &o);
  int status = openmp_env_check(&problem);
  if (!status)
    status = sweep_options_resolve(&o, false, &problem);
  if (status)
    status = command_fail(o.measure.command, status, &problem);
  else if (o.dry_run)
    print_dry_run(&o.plan);
  else
    status = sweep_run(&o);
  sweep_options_free(&o);
  return status;
}

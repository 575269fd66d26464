/* coresweep sweep: calibrate, pilot, predict, rounds. */
#include "bench/commands/command.h"
#include "bench/commands/sweep_run.h"
#include "bench/trial/openmp_env.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void print_dry_run(const struct plan *plan) {
  char name[NOTATION_LENGTH];
  for (size_t i = 0; i < plan->entry_count; i++) {
    const struct plan_entry *entry = &plan->entries[i];
    notation_format_variant(&plan->variants[entry->variant], name);
    printf("%s %s %" PRIu32 "\n",
           plan->workloads[entry->workload].workload->name, name,
           entry->workers);
  }
  printf("%s%" PRIu32 " rounds of %zu trials, after calibration and a pilot "
         "of %d trials per one-worker configuration%s.\n",
         plan->rounds_given ? "" : "Up to ", plan->rounds, plan->entry_count,
         PLAN_PILOTS,
         plan->budget_s > 0 ? "; thinned where the budget asks for it" : "");
  if (plan->probe_entry_count > 0)
    printf("Beside them, in every round, %zu probes of the clock and of what "
           "the CPUs deliver together.\n",
           plan->probe_entry_count);
  if (!plan->unprobed)
    puts("Once sizes are known, meters of memory and additions join them: one "
         "for each worker count, kind of access and working set.");
}

static int run_here(struct sweep_options *o) {
  struct executor_real executor;
  struct environment environment;
  setenv("OMP_WAIT_POLICY", "passive", 0);
  environment_gather(&o->machine, o->bind, getenv("MACHINE"), &environment);
  environment.seed = (int64_t)o->plan.seed;
  executor_real_init(&executor, o->timeout_s);
  int status = sweep_run(o, &executor.base, &environment);
  fields_free(environment_fields, &environment);
  return status;
}

int command_sweep(int argc, char **argv) {
  static struct sweep_options o;
  struct problem problem = {""};
  sweep_options_parse(argc, argv, &o);
  int status = openmp_env_check(&problem);
  if (!status)
    status = sweep_options_resolve(&o, &problem);
  if (status)
    status = command_fail(o.command, status, &problem);
  else if (o.dry_run)
    print_dry_run(&o.plan);
  else
    status = run_here(&o);
  sweep_options_free(&o);
  return status;
}

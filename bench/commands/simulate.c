/* coresweep simulate: a sweep on a machine that exists only as a file. */
#include "bench/commands/command.h"
#include "bench/commands/options.h"
#include "bench/commands/sweep_run.h"
#include "bench/record/environment.h"
#include "bench/record/record.h"
#include "bench/sweep/simulated/simulated.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct simulate_options {
  struct sweep_options sweep;
  const char *machine;
  bool keys;
};

static const struct option_spec option_list[] = {
    {.name = "machine",
     .arg = "FILE",
     .help = "The machine; results/machines has some, and says what a file may "
             "hold",
     OPTION_PATH(struct simulate_options, machine)},
    {.name = "keys",
     .help = "Print what a machine's file may hold, and do nothing else",
     OPTION_FLAG(struct simulate_options, keys)},
    {0}};

static void check_machine(void *input, struct argp_state *state) {
  const struct simulate_options *o = input;
  if (!o->machine && !o->keys)
    options_refuse(state, "--machine is missing, as in --machine "
                          "results/machines/amdahl.json");
}

/* What is not simulated stays null, the date too: the same machine and seed
 * give the same file. */
static void describe(const struct simulated_machine *simulated,
                     const struct sweep_options *o, struct environment *e) {
  char name[120];
  fields_clear(environment_fields, e);
  snprintf(name, sizeof name, "simulated: %s", simulated->name);
  e->schema = 1;
  e->machine = strdup(name);
  environment_topology(&o->measure.machine, machine_bind_name(o->measure.bind),
                       e);
  e->version = strdup(CORESWEEP_VERSION);
  e->revision = strdup(build_revision());
  e->bind = strdup(machine_bind_name(o->measure.bind));
  e->online_cpus = o->measure.machine.topology.cpu_count;
}

static int simulate(const struct simulated_machine *machine,
                    struct sweep_options *o) {
  struct executor_simulated executor;
  struct problem problem = {""};
  struct measure *measure = &o->measure;
  int status = executor_simulated_init(
      &executor, machine, &measure->machine.topology, measure->seed, &problem);
  if (status)
    return command_fail(measure->command, status, &problem);
  measure->engine.executor = &executor.base;
  describe(machine, o, &measure->environment);
  o->metered = simulated_machine_has_memory(machine);
  status = sweep_run(o);
  measure->engine.executor = NULL;
  executor_simulated_free(&executor);
  return status;
}

int command_simulate(int argc, char **argv) {
  static const struct options options = {
      .list = option_list,
      .end = check_machine,
      .shared = sweep_option_list,
      .shared_at = offsetof(struct simulate_options, sweep),
      .shared_title = "What is measured, as of sweep:",
      .doc = "A sweep on a machine that exists only as a description, on a "
             "clock of its own: 256 cores on a laptop, in seconds.  The "
             "kernels are spin,spin/serial=0.05 where --kernels does not say; "
             "results are not computed, so their digests check nothing.\vThe "
             "run's folder is like any other: `coresweep analyze DIR` and "
             "`coresweep report DIR` go on from there.  The same machine and "
             "--seed give the same trials.jsonl, byte by byte."};
  static struct simulate_options o;
  static struct simulated_machine machine;
  struct problem problem = {""};
  sweep_options_init(&o.sweep, argv[-1], "simulate");
  options_parse(&options, "simulate", argc, argv, &o);
  if (o.keys && export_wanted(&o.sweep.measure.as))
    return command_fail("simulate",
                        problem_usage(&problem, "--keys: are Markdown; leave "
                                                "out --json, --csv and "
                                                "--markdown"),
                        &problem);
  if (o.keys) {
    simulated_machine_markdown(stdout);
    return 0;
  }
  o.sweep.measure.executor_name = "simulated";
  if (!o.sweep.request.kernels && !o.sweep.like)
    o.sweep.request.kernels = "spin spin/serial=0.05";
  int status = PROBLEM_NONE;
  if (o.sweep.dry_run)
    status = problem_usage(&problem, "--dry-run: nothing is measured anyway; "
                                     "leave it out");
  if (!status && o.sweep.measure.resume)
    status = problem_usage(&problem, "--resume: a simulated run cannot be gone "
                                     "on with; run it again, it takes seconds");
  if (!status)
    status = simulated_machine_read(o.machine, &machine, &problem);
  if (!status)
    status = simulated_machine_topology(&machine, &o.sweep.measure.machine,
                                        &problem);
  if (!status)
    status = sweep_options_resolve(&o.sweep, true, &problem);
  status = status ? command_fail("simulate", status, &problem)
                  : simulate(&machine, &o.sweep);
  sweep_options_free(&o.sweep);
  return status;
}

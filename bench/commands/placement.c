#include "bench/commands/placement.h"

#include "bench/plan/machine.h"

static int choose_listed(const char *list, int cpus[static TRIAL_WORKERS],
                         uint32_t *usable_cpus, struct problem *problem) {
  char message[200];
  int listed =
      cpulist_parse(list, cpus, TRIAL_WORKERS, message, sizeof message);
  if (listed <= 0)
    return problem_usage(problem, "--cpus %s: %s", list, message);
  *usable_cpus = (uint32_t)listed;
  for (uint32_t w = *usable_cpus; w < TRIAL_WORKERS; w++)
    cpus[w] = cpus[w % *usable_cpus];
  return PROBLEM_NONE;
}

int placement_choose(const char *list, const char *bind,
                     int cpus[static TRIAL_WORKERS], uint32_t *usable_cpus,
                     struct problem *problem) {
  struct machine machine;
  enum bind how = BIND_SPREAD;
  if (list)
    return choose_listed(list, cpus, usable_cpus, problem);
  int status = machine_parse_bind(bind, &how, problem);
  if (!status)
    status = machine_discover(&machine, problem);
  if (status)
    return status;
  *usable_cpus = machine.usable_cpus;
  topology_place(&machine.topology, how, TRIAL_WORKERS, cpus);
  machine_free(&machine);
  return PROBLEM_NONE;
}

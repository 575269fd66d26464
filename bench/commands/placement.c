#include "bench/commands/placement.h"

#include "bench/plan/cpulist.h"
#include "bench/plan/machine.h"

#include <sched.h>

enum { CPUS_MOST = 8192 };

/* Each of them once, and one that this process may run on: anything else would
 * put two workers on one CPU, or leave one where it is, without a word. */
static int check_listed(const char *list, const int *cpus, int count,
                        struct problem *problem) {
  cpu_set_t *usable = CPU_ALLOC(CPUS_MOST);
  size_t bytes = CPU_ALLOC_SIZE(CPUS_MOST);
  int status = PROBLEM_NONE;
  if (!usable)
    return problem_failure(problem, "out of memory");
  bool known = sched_getaffinity(0, bytes, usable) == 0;
  for (int i = 0; !status && known && i < count; i++) {
    bool may =
        cpus[i] < CPUS_MOST && CPU_ISSET_S((size_t)cpus[i], bytes, usable);
    bool again = false;
    for (int j = 0; j < i; j++)
      again = again || cpus[j] == cpus[i];
    if (again)
      status = problem_usage(problem,
                             "--cpus %s: CPU %d is in it twice; workers share "
                             "CPUs by --workers and --oversubscribe",
                             list, cpus[i]);
    else if (!may)
      status = problem_usage(problem,
                             "--cpus %s: this process may not run on CPU %d; "
                             "Cpus_allowed_list in /proc/self/status has those "
                             "on which it may",
                             list, cpus[i]);
  }
  CPU_FREE(usable);
  return status;
}

static int choose_listed(const char *list, int cpus[static TRIAL_WORKERS],
                         uint32_t *usable_cpus, struct problem *problem) {
  char message[200];
  int listed =
      cpulist_parse(list, cpus, TRIAL_WORKERS, message, sizeof message);
  if (listed <= 0)
    return problem_usage(problem, "--cpus %s: %s", list, message);
  int status = check_listed(list, cpus, listed, problem);
  if (status)
    return status;
  *usable_cpus = (uint32_t)listed;
  for (uint32_t w = *usable_cpus; w < TRIAL_WORKERS; w++)
    cpus[w] = cpus[w % *usable_cpus];
  return PROBLEM_NONE;
}

int placement_choose(const char *list, const char *bind,
                     int cpus[static TRIAL_WORKERS], uint32_t *usable_cpus,
                     struct problem *problem) {
  struct machine machine;
  enum bind how = BIND_CORES;
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

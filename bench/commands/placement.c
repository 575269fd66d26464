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

static int parse_nodes(const char *list, uint32_t cpu_count,
                       struct placement *placement, struct problem *problem) {
  char message[200] = "want one for each CPU of --cpus";
  int listed = cpulist_parse(list, placement->nodes, TRIAL_WORKERS, message,
                             sizeof message);
  if (listed != (int)cpu_count)
    return problem_usage(problem, "--nodes %s: %s", list, message);
  placement->placeable = true;
  return PROBLEM_NONE;
}

static int choose_listed(const struct placement_words *words,
                         struct placement *placement, struct problem *problem) {
  char message[200];
  int *cpus = placement->cpus, *nodes = placement->nodes;
  int listed =
      cpulist_parse(words->cpus, cpus, TRIAL_WORKERS, message, sizeof message);
  if (listed <= 0)
    return problem_usage(problem, "--cpus %s: %s", words->cpus, message);
  uint32_t count = placement->usable_cpus = (uint32_t)listed;
  int status = check_listed(words->cpus, cpus, listed, problem);
  if (!status && words->nodes)
    status = parse_nodes(words->nodes, count, placement, problem);
  for (uint32_t w = count; w < TRIAL_WORKERS; w++) {
    cpus[w] = cpus[w % count];
    nodes[w] = nodes[w % count];
  }
  return status;
}

int placement_choose(const struct placement_words *words,
                     struct placement *placement, struct problem *problem) {
  struct machine machine;
  enum bind how = BIND_CORES;
  placement->placeable = false;
  if (words->cpus)
    return choose_listed(words, placement, problem);
  if (words->nodes)
    return problem_usage(problem,
                         "--nodes %s without --cpus: they are the nodes of "
                         "those CPUs; give both, or none",
                         words->nodes);
  int status = machine_parse_bind(words->bind, &how, problem);
  if (!status)
    status = machine_discover(&machine, problem);
  if (status)
    return status;
  placement->usable_cpus = machine.usable_cpus;
  topology_place(&machine.topology, how, TRIAL_WORKERS, placement->cpus);
  placement->placeable = topology_nodes(&machine.topology, placement->cpus,
                                        TRIAL_WORKERS, placement->nodes);
  machine_free(&machine);
  return PROBLEM_NONE;
}

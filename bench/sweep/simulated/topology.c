/* The CPUs of a machine that exists only as a description. */
#include "bench/sweep/simulated/machine.h"

#include "bench/plan/cpulist.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

enum { CPUS = 4096 };

/* A list of CPUs under a key; "" has none.  Returns how many, or -1. */
static int read_cpus(const char *key, const char *text, int cpus[CPUS],
                     struct problem *problem) {
  char message[300] = "";
  int count =
      *text ? cpulist_parse(text, cpus, CPUS, message, sizeof message) : 0;
  if (count < 0)
    problem_usage(problem, "the key \"%s\": %s", key, message);
  return count < 0 ? -1 : count;
}

static bool has_cpu(const struct topology *topology, int os_index) {
  for (uint32_t i = 0; i < topology->cpu_count; i++)
    if (topology->cpus[i].os_index == os_index)
      return true;
  return false;
}

static int check_cpus(const struct topology *topology, const char *key,
                      const int *cpus, int count, struct problem *problem) {
  for (int i = 0; i < count; i++)
    if (!has_cpu(topology, cpus[i]))
      return problem_usage(problem,
                           "the key \"%s\": CPU %d is none of the %" PRIu32
                           " that the machine has",
                           key, cpus[i], topology->cpu_count);
  return PROBLEM_NONE;
}

/* How many CPUs a description is of, at most: hwloc makes an object of each
 * before it says how many there are. */
static double count_cpus(const char *description) {
  double count = 1;
  int depth = 0;
  char before = ' ';
  for (const char *at = description; *at; before = *at++) {
    depth += (*at == '(' || *at == '[') - (*at == ')' || *at == ']');
    bool begins = before == ':' || before == ' ';
    if (depth == 0 && begins && *at >= '0' && *at <= '9')
      count *= strtod(at, NULL);
  }
  return count;
}

static int build(const char *description, const struct topology_fake *fake,
                 struct topology *topology, struct problem *problem) {
  char message[300] = "";
  if (!(count_cpus(description) <= CPUS))
    return problem_usage(problem,
                         "the key \"topology\" is \"%.60s\": want at most %d "
                         "CPUs",
                         description, CPUS);
  return topology_from_synthetic(description, fake, topology, message,
                                 sizeof message) == 0
             ? PROBLEM_NONE
             : problem_usage(problem, "the key \"topology\": %s", message);
}

/* The CPUs of the topology but those that are missing; returns how many. */
static int remaining(const struct topology *all, const int *missing, int count,
                     int left[CPUS]) {
  int left_count = 0;
  for (uint32_t i = 0; i < all->cpu_count && i < CPUS; i++) {
    bool is_missing = false;
    for (int k = 0; k < count; k++)
      is_missing = is_missing || missing[k] == all->cpus[i].os_index;
    if (!is_missing)
      left[left_count++] = all->cpus[i].os_index;
  }
  return left_count;
}

/* Lists of a machine's CPUs: large. */
struct lists {
  int slow[CPUS], missing[CPUS], left[CPUS];
};

static int make_topology(const struct simulated_machine *machine,
                         struct lists *lists, struct machine *cpus,
                         struct problem *problem) {
  int *slow = lists->slow, *missing = lists->missing, *left = lists->left;
  struct topology all = {0};
  *cpus = (struct machine){.quota_cpus = (double)INFINITY, .usable_cpus = 1};
  int slow_count = read_cpus("slow_cpus", machine->slow_cpus, slow, problem);
  int missing_count =
      read_cpus("missing_cpus", machine->missing_cpus, missing, problem);
  if (slow_count < 0 || missing_count < 0)
    return PROBLEM_USAGE;
  int status = build(machine->topology, NULL, &all, problem);
  if (status)
    return status;
  status = check_cpus(&all, "missing_cpus", missing, missing_count, problem);
  int left_count = remaining(&all, missing, missing_count, left);
  topology_free(&all);
  if (!status && left_count == 0)
    status = problem_usage(problem, "the key \"missing_cpus\": no CPU is left");
  const struct topology_fake fake = {.affinity = left,
                                     .affinity_count = (size_t)left_count,
                                     .slow = slow,
                                     .slow_count = (size_t)slow_count};
  if (!status)
    status = build(machine->topology, &fake, &cpus->topology, problem);
  if (!status)
    status =
        check_cpus(&cpus->topology, "slow_cpus", slow, slow_count, problem);
  if (status)
    machine_free(cpus);
  cpus->usable_cpus = status ? 1 : cpus->topology.cpu_count;
  return status;
}

int simulated_machine_topology(const struct simulated_machine *machine,
                               struct machine *cpus, struct problem *problem) {
  struct lists *lists = malloc(sizeof *lists);
  *cpus = (struct machine){.usable_cpus = 1};
  int status = lists ? make_topology(machine, lists, cpus, problem)
                     : problem_failure(problem, "out of memory");
  free(lists);
  return status;
}

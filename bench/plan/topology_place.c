/* Who goes where: the CPUs in the order in which workers get them. */
#include "bench/plan/topology.h"

/* Before zero: a comes first.  Zero only for the same CPU. */
static int order(const struct cpu *a, const struct cpu *b, enum bind bind) {
  if (bind != BIND_CLOSE && a->sibling != b->sibling)
    return a->sibling - b->sibling;
  if (a->kind != b->kind)
    return a->kind - b->kind;
  if (bind == BIND_SPREAD && a->turn != b->turn)
    return a->turn - b->turn;
  if (a->package != b->package)
    return a->package - b->package;
  if (a->core != b->core)
    return a->core - b->core;
  return a->sibling - b->sibling;
}

/* The CPU after previous (NULL: the first one); NULL after the last. */
static const struct cpu *next_cpu(const struct topology *topology,
                                  enum bind bind, const struct cpu *previous) {
  const struct cpu *next = NULL;
  for (uint32_t i = 0; i < topology->cpu_count; i++) {
    const struct cpu *cpu = &topology->cpus[i];
    if (previous && order(cpu, previous, bind) <= 0)
      continue;
    if (!next || order(cpu, next, bind) < 0)
      next = cpu;
  }
  return next;
}

void topology_place(const struct topology *topology, enum bind bind,
                    uint32_t workers, int *os_index) {
  uint32_t cpu_count = bind == BIND_NONE ? 0 : topology->cpu_count;
  const struct cpu *cpu = NULL;
  for (uint32_t i = 0; i < workers; i++) {
    if (i < cpu_count)
      cpu = next_cpu(topology, bind, cpu);
    os_index[i] = cpu_count > 0 && i >= cpu_count ? os_index[i - cpu_count]
                  : cpu                           ? cpu->os_index
                                                  : -1;
  }
}

static int node_of(const struct topology *topology, int os_index) {
  for (uint32_t i = 0; i < topology->cpu_count; i++)
    if (topology->cpus[i].os_index == os_index)
      return topology->cpus[i].node;
  return -1;
}

bool topology_nodes(const struct topology *topology, const int *os_index,
                    uint32_t count, int *nodes) {
  if (topology->numa_nodes < 2)
    return false;
  for (uint32_t i = 0; i < count; i++)
    nodes[i] = node_of(topology, os_index[i]);
  return true;
}

struct placement_steps topology_steps(const struct topology *topology,
                                      enum bind bind) {
  struct placement_steps steps = {0};
  if (bind == BIND_NONE)
    return steps;
  const struct cpu *first = next_cpu(topology, bind, NULL);
  const struct cpu *cpu = first;
  for (uint32_t workers = 1; cpu; workers++) {
    if (!steps.siblings_from && cpu->sibling > 0)
      steps.siblings_from = workers;
    if (!steps.slower_from && cpu->kind > first->kind)
      steps.slower_from = workers;
    if (!steps.numa_from && cpu->numa != first->numa)
      steps.numa_from = workers;
    cpu = next_cpu(topology, bind, cpu);
  }
  return steps;
}

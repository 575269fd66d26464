#include "bench/record/environment_topology.h"

#include "bench/plan/cpulist.h"

#include <stdlib.h>
#include <string.h>

/* The number of the group that a CPU belongs to. */
typedef int group_of(const struct cpu *cpu);

static int all_of(const struct cpu *cpu) {
  (void)cpu;
  return 0;
}

static int core_of(const struct cpu *cpu) {
  return cpu->core;
}

static int kind_of(const struct cpu *cpu) {
  return cpu->kind;
}

static int numa_of(const struct cpu *cpu) {
  return cpu->numa;
}

static int by_number(const void *a, const void *b) {
  return *(const int *)a - *(const int *)b;
}

/* The CPUs of the group, ascending, as "0-3,8"; NULL when they are fewer than
 * `fewest`. */
static char *group_text(const struct topology *topology, group_of *of,
                        int group, size_t fewest) {
  size_t count = 0, room = 8 * (size_t)topology->cpu_count + 8;
  int *cpus = calloc(topology->cpu_count + 1, sizeof *cpus);
  char *text = malloc(room);
  for (uint32_t i = 0; cpus && i < topology->cpu_count; i++)
    if (of(&topology->cpus[i]) == group)
      cpus[count++] = topology->cpus[i].os_index;
  if (cpus)
    qsort(cpus, count, sizeof *cpus, by_number);
  if (!cpus || !text || count < fewest ||
      cpulist_format(cpus, count, text, room) < 0) {
    free(text);
    text = NULL;
  }
  free(cpus);
  return text;
}

/* A word per group, ascending by the group's number. */
static char *groups_text(const struct topology *topology, group_of *of,
                         size_t fewest) {
  char *text = NULL;
  size_t size = 0;
  int next = -1;
  FILE *out = open_memstream(&text, &size);
  for (int group = INT32_MIN; out && next != INT32_MAX; group = next) {
    char *word = group_text(topology, of, group, fewest);
    if (word)
      fprintf(out, "%s%s", ftell(out) > 0 ? " " : "", word);
    free(word);
    next = INT32_MAX;
    for (uint32_t i = 0; i < topology->cpu_count; i++) {
      int other = of(&topology->cpus[i]);
      next = other > group && other < next ? other : next;
    }
  }
  if (out)
    (void)fclose(out);
  return text;
}

static int64_t step(uint32_t from) {
  return from ? (int64_t)from : FIELD_NULL;
}

void environment_topology(const struct machine *machine, const char *bind,
                          struct environment *environment) {
  struct environment *e = environment;
  const struct topology *topology = &machine->topology;
  struct problem problem;
  enum bind how;
  e->usable_cpus = machine->usable_cpus;
  e->quota_cpus =
      isfinite(machine->quota_cpus) ? machine->quota_cpus : (double)NAN;
  e->cores = topology->cores;
  e->hardware_threads = topology->cpu_count;
  e->packages = topology->packages;
  e->numa_nodes = topology->numa_nodes;
  e->core_kinds = topology->kinds;
  e->smt = topology->smt;
  e->affinity = group_text(topology, all_of, 0, 1);
  e->siblings = groups_text(topology, core_of, 2);
  e->kinds = groups_text(topology, kind_of, 1);
  e->numa = groups_text(topology, numa_of, 1);
  if (!bind || machine_parse_bind(bind, &how, &problem) != 0)
    return;
  struct placement_steps steps = topology_steps(topology, how);
  e->siblings_from = step(steps.siblings_from);
  e->slower_from = step(steps.slower_from);
  e->numa_from = step(steps.numa_from);
}

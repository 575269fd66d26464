#include "bench/plan/caches.h"

#include "bench/plan/counts.h"

static const double unknown_cache_bytes = 32 * 1048576.0;

const char *const memory_level_names[MEMORY_LEVELS] = {"L1", "L2", "L3",
                                                       "memory"};

static const struct cpu *cpu_of(const struct topology *topology, int os_index) {
  for (uint32_t i = 0; i < topology->cpu_count; i++)
    if (topology->cpus[i].os_index == os_index)
      return &topology->cpus[i];
  return NULL;
}

/* What the first of the workers has of each cache of its CPU. */
static void parts(const struct topology *topology, uint32_t workers,
                  double bytes[static CACHE_LEVELS]) {
  int cpus[COUNTS_MAX];
  uint32_t sharers[CACHE_LEVELS] = {0};
  topology_place(topology, BIND_CORES, workers, cpus);
  const struct cpu *first = cpu_of(topology, cpus[0]);
  for (uint32_t w = 0; first && w < workers; w++)
    for (int k = 0; k < CACHE_LEVELS; k++)
      sharers[k] += cpu_of(topology, cpus[w])->caches[k].number ==
                    first->caches[k].number;
  for (int k = 0; k < CACHE_LEVELS; k++)
    bytes[k] = first ? (double)first->caches[k].bytes / sharers[k] : 0;
}

double memory_set_bytes(const struct topology *topology, int level,
                        uint32_t workers) {
  double bytes[CACHE_LEVELS], largest = 0;
  parts(topology, workers, bytes);
  for (int k = 0; k < CACHE_LEVELS; k++)
    largest = bytes[k] > largest ? bytes[k] : largest;
  if (level == CACHE_LEVELS)
    return 4 * (largest > 0 ? largest : unknown_cache_bytes / workers);
  /* Half of it must be out of reach of the level before. */
  bool distinct = level == 0 || bytes[level] >= 4 * bytes[level - 1];
  return distinct ? bytes[level] / 2 : 0;
}

/* The level of a CPU's last cache; -1: none is known. */
static int last_level(const struct cpu *cpu) {
  int level = CACHE_LEVELS - 1;
  while (level >= 0 && cpu->caches[level].bytes == 0)
    level--;
  return level;
}

double last_caches_bytes(const struct topology *topology) {
  double bytes = 0;
  for (uint32_t i = 0; i < topology->cpu_count; i++) {
    const struct cpu *cpu = &topology->cpus[i];
    int level = last_level(cpu);
    bool counted = level < 0;
    for (uint32_t k = 0; !counted && k < i; k++)
      counted =
          last_level(&topology->cpus[k]) == level &&
          topology->cpus[k].caches[level].number == cpu->caches[level].number;
    if (!counted)
      bytes += (double)cpu->caches[level].bytes;
  }
  return bytes;
}

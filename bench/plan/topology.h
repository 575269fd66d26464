/* topology.h: the CPUs that a run may use, how they are related, and which
 * worker goes where. */
#ifndef CORESWEEP_TOPOLOGY_H
#define CORESWEEP_TOPOLOGY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CACHE_LEVELS = 3 }; /* of data: L1, L2, L3 */

/* A data cache. */
struct cache {
  int number;     /* hwloc's logical one: CPUs with the same one share it */
  uint64_t bytes; /* 0: there is none, or it is not known */
};

/* One usable hardware thread. */
struct cpu {
  int os_index; /* the number that the kernel, taskset and --cpus use */
  int core;     /* hwloc's logical core number, counted over the machine */
  int package;  /* hwloc's logical package number; 0 when unknown */
  int numa;     /* hwloc's logical number of the node whose memory is nearest */
  int node;     /* and the number that the kernel and numactl have for it */
  int kind;     /* 0: the fastest usable kind of core, 1: the next, ... */
  int sibling;  /* 0: the first usable hardware thread of its core, 1: ... */
  int turn_in_node, turn; /* for BIND_SPREAD: when it is used, counted from 0,
                             among its like in its node, and its package */
  struct cache caches[CACHE_LEVELS];
};

/* The usable CPUs, in hwloc's logical order.  Every count is of what is
 * usable, not of what the machine has: with one hardware thread of each core
 * in the affinity mask, smt is false and every sibling is 0. */
struct topology {
  struct cpu *cpus; /* cpu_count of them; owned, see topology_free */
  uint32_t cpu_count;
  uint32_t cores;
  uint32_t packages;
  uint32_t numa_nodes;
  uint32_t kinds;
  bool smt; /* some core has two or more usable hardware threads */
  /* Whether the machine tells of its cores, packages, kinds of cores and NUMA
   * nodes at all.  Where it does not, each CPU counts as a core of its own, all
   * of one package, kind and node: then the counts are nothing to be told to
   * anybody. */
  bool cores_told, packages_told, kinds_told, numa_told;
};

/* What a described (not real) machine lacks in its description. */
struct topology_fake {
  const int *affinity;   /* os indexes of the usable CPUs */
  size_t affinity_count; /* 0: all that the description allows */
  const int *slow;       /* os indexes of CPUs on slow cores */
  size_t slow_count;     /* 0: kinds as the description has them */
};

enum bind {
  BIND_CORES,  /* a worker per core: fast cores, slow ones, siblings last;
                  a package is filled before the next one */
  BIND_SPREAD, /* the same, but packages take turns, and the nodes of each */
  BIND_CLOSE,  /* all hardware threads of a core before the next core */
  BIND_NONE,   /* the kernel decides */
};

/* The smallest number of workers at which a placement begins to use, beside
 * what the first worker has, ...; 0: never. */
struct placement_steps {
  uint32_t siblings_from; /* a second hardware thread of some core */
  uint32_t slower_from;   /* a core of a slower kind */
  uint32_t numa_from;     /* another NUMA node */
};

/* In all functions below, message (message_size bytes, or NULL and 0) receives
 * one sentence when the function fails, and is left alone otherwise.  Those
 * that fill a topology are for one thread at a time: what hwloc is to say goes
 * through the process's environment. */

/* The machine that this process runs on, restricted to the affinity mask of
 * the calling thread (masks of any size).  Call it before anything binds.
 * Fills *topology (free with topology_free), which is zeroed on failure.
 * Returns 0, -ENOMEM, -ENODEV when hwloc knows no CPU of the mask, or what
 * hwloc or sched_getaffinity(2) said. */
int topology_discover(struct topology *topology, char *message,
                      size_t message_size);

/* Whether the calling thread may set its affinity: sets what it is.  0, or what
 * sched_setaffinity(2) said, negative. */
int topology_may_bind(void);

/* A machine from hwloc's synthetic notation, "pack:2 core:8 pu:2".
 * fake: may be NULL.  Fills *topology and returns as topology_discover does;
 * -EINVAL for a description that hwloc refuses.
 * Source: hwloc 2.9 manual, "Synthetic topologies". */
int topology_from_synthetic(const char *description,
                            const struct topology_fake *fake,
                            struct topology *topology, char *message,
                            size_t message_size);

/* A machine from the file that `lstopo FILE.xml` writes.  Otherwise as
 * topology_from_synthetic. */
int topology_from_xml(const char *path, const struct topology_fake *fake,
                      struct topology *topology, char *message,
                      size_t message_size);

/* Frees what the functions above allocated and zeroes *topology.  Cannot
 * fail; a zeroed topology is fine. */
void topology_free(struct topology *topology);

/* Gives each worker a CPU: os_index[0..workers), caller's array; all -1 for
 * BIND_NONE or a topology without CPUs.  The first n entries are the same for
 * every workers >= n; with more workers than CPUs the order repeats.  The first
 * CPU is the same for all but BIND_NONE.  With BIND_CORES neighbours share a
 * cache and memory first; with BIND_SPREAD they are as far apart as they can
 * be, as with OMP_PROC_BIND=spread, but for all worker counts alike.
 * BIND_CLOSE fills fast cores first as well.  Cannot fail. */
void topology_place(const struct topology *topology, enum bind bind,
                    uint32_t workers, int *os_index);

/* The NUMA node of each CPU in os_index[0..count), into nodes[0..count), the
 * caller's: by the kernel's numbers; -1 for a CPU that is none of the usable
 * ones.  Returns false, and fills nothing, where all usable CPUs have one
 * node: then nothing can be placed.  Cannot fail. */
bool topology_nodes(const struct topology *topology, const int *os_index,
                    uint32_t count, int *nodes);

/* Where lines through a placement's worker counts must be broken.  All 0 for
 * BIND_NONE, where nothing is known.  Cannot fail. */
struct placement_steps topology_steps(const struct topology *topology,
                                      enum bind bind);

#endif

#include "bench/plan/topology.h"

#include <errno.h>
#include <hwloc.h>
#include <hwloc/glibc-sched.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
  MASK_MAX_CPUS = 1 << 20, /* no kernel has more: ends the mask's growth */
  KINDS_MAX = 62,          /* bits of a word */
};

/* hwloc reports through errno, but not always. */
static int last_error(int otherwise) {
  return errno > 0 ? -errno : -otherwise;
}

/* The calling thread's affinity mask, to be freed by CPU_FREE.  The kernel
 * refuses a mask shorter than its own with EINVAL and does not tell the length:
 * grow until it fits. */
static int read_mask(cpu_set_t **mask, size_t *mask_bytes) {
  for (int capacity = CPU_SETSIZE; capacity <= MASK_MAX_CPUS; capacity *= 2) {
    *mask_bytes = CPU_ALLOC_SIZE(capacity);
    *mask = CPU_ALLOC(capacity);
    if (!*mask)
      return -ENOMEM;
    if (sched_getaffinity(0, *mask_bytes, *mask) == 0)
      return 0;
    int error = -errno;
    CPU_FREE(*mask);
    if (error != -EINVAL)
      return error;
  }
  return -EINVAL;
}

static int read_affinity(hwloc_topology_t machine, hwloc_bitmap_t usable) {
  cpu_set_t *mask;
  size_t mask_bytes;
  int error = read_mask(&mask, &mask_bytes);
  if (error)
    return error;
  hwloc_cpuset_from_glibc_sched_affinity(machine, usable, mask, mask_bytes);
  CPU_FREE(mask);
  return 0;
}

int topology_may_bind(void) {
  cpu_set_t *mask;
  size_t mask_bytes;
  int error = read_mask(&mask, &mask_bytes);
  if (error)
    return error;
  error = sched_setaffinity(0, mask_bytes, mask) ? -errno : 0;
  CPU_FREE(mask);
  return error;
}

static int set_list(hwloc_bitmap_t set, const int *cpus, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (cpus[i] < 0 || hwloc_bitmap_set(set, (unsigned)cpus[i]))
      return cpus[i] < 0 ? -EINVAL : -ENOMEM;
  return 0;
}

/* Synthetic notation has no kinds of cores: register two, after loading. */
static int register_slow(hwloc_topology_t machine,
                         const struct topology_fake *fake) {
  hwloc_bitmap_t slow = hwloc_bitmap_alloc();
  hwloc_bitmap_t fast = hwloc_bitmap_alloc();
  int error = slow && fast ? 0 : -ENOMEM;
  if (!error)
    error = set_list(slow, fake->slow, fake->slow_count);
  errno = 0;
  if (!error && hwloc_cpukinds_register(machine, slow, 0, 0, NULL, 0))
    error = last_error(EINVAL);
  if (!error && hwloc_bitmap_andnot(
                    fast, hwloc_topology_get_topology_cpuset(machine), slow))
    error = -ENOMEM;
  if (!error && !hwloc_bitmap_iszero(fast) &&
      hwloc_cpukinds_register(machine, fast, 1, 0, NULL, 0))
    error = last_error(EINVAL);
  hwloc_bitmap_free(slow);
  hwloc_bitmap_free(fast);
  return error;
}

/* hwloc's efficiency of a PU's kind: 0 is the slowest.  Where hwloc does not
 * know, the PU counts as one of the fastest: slower is a claim. */
static int efficiency_of(hwloc_topology_t machine, hwloc_obj_t pu) {
  int kinds = hwloc_cpukinds_get_nr(machine, 0), efficiency = -1;
  int kind = hwloc_cpukinds_get_by_cpuset(machine, pu->cpuset, 0);
  if (kind >= 0)
    (void)hwloc_cpukinds_get_info(machine, (unsigned)kind, NULL, &efficiency,
                                  NULL, NULL, 0);
  if (efficiency < 0)
    efficiency = kinds > 1 ? kinds - 1 : 0;
  return efficiency < KINDS_MAX ? efficiency : KINDS_MAX - 1;
}

static void find_caches(hwloc_obj_t pu, struct cache caches[CACHE_LEVELS]) {
  for (hwloc_obj_t at = pu->parent; at; at = at->parent)
    if (hwloc_obj_type_is_dcache(at->type) &&
        at->attr->cache.depth <= CACHE_LEVELS)
      caches[at->attr->cache.depth - 1] =
          (struct cache){(int)at->logical_index, at->attr->cache.size};
}

/* The node whose memory is the PU's own.  Memory that has no CPUs beside it
 * belongs to several: it comes into question last. */
static hwloc_obj_t nearest_node(hwloc_obj_t pu) {
  for (hwloc_obj_t at = pu; at; at = at->parent)
    for (hwloc_obj_t memory = at->memory_first_child; memory;
         memory = memory->memory_first_child)
      if (memory->type == HWLOC_OBJ_NUMANODE)
        return memory;
  return NULL;
}

/* kind holds the efficiency for now; sibling and turns nothing yet. */
static struct cpu describe(hwloc_topology_t machine, hwloc_obj_t pu) {
  hwloc_obj_t core =
      hwloc_get_ancestor_obj_by_type(machine, HWLOC_OBJ_CORE, pu);
  hwloc_obj_t package =
      hwloc_get_ancestor_obj_by_type(machine, HWLOC_OBJ_PACKAGE, pu);
  hwloc_obj_t numa = nearest_node(pu);
  /* Without known cores, each hardware thread is one, numbered past them. */
  int cores = hwloc_get_nbobjs_by_type(machine, HWLOC_OBJ_CORE);
  int own_core = (cores > 0 ? cores : 0) + (int)pu->logical_index;
  struct cpu cpu = {
      .os_index = (int)pu->os_index,
      .core = core ? (int)core->logical_index : own_core,
      .package = package ? (int)package->logical_index : 0,
      .numa = numa ? (int)numa->logical_index : 0,
      .node = numa ? (int)numa->os_index : 0,
      .kind = efficiency_of(machine, pu),
  };
  find_caches(pu, cpu.caches);
  return cpu;
}

/* Counts what is distinct, numbers siblings, turns efficiencies to kinds. */
static void relate(struct topology *topology) {
  uint64_t efficiencies = 0;
  for (uint32_t i = 0; i < topology->cpu_count; i++) {
    struct cpu *cpu = &topology->cpus[i];
    bool new_package = true;
    bool new_numa = true;
    for (const struct cpu *before = topology->cpus; before < cpu; before++) {
      cpu->sibling += before->core == cpu->core;
      new_package = new_package && before->package != cpu->package;
      new_numa = new_numa && before->numa != cpu->numa;
    }
    topology->cores += cpu->sibling == 0;
    topology->packages += new_package;
    topology->numa_nodes += new_numa;
    topology->smt = topology->smt || cpu->sibling > 0;
    efficiencies |= UINT64_C(1) << cpu->kind;
  }
  topology->kinds = (uint32_t)__builtin_popcountll(efficiencies);
  for (uint32_t i = 0; i < topology->cpu_count; i++) {
    struct cpu *cpu = &topology->cpus[i];
    cpu->kind = __builtin_popcountll(efficiencies >> (cpu->kind + 1));
  }
}

/* Whether they are of one package, and only turns tell which comes first. */
static bool are_like(const struct cpu *a, const struct cpu *b) {
  return a->package == b->package && a->kind == b->kind &&
         a->sibling == b->sibling;
}

/* A node's CPUs take turns in the order of cores; then a package's, where its
 * nodes take turns. */
static void take_turns(struct topology *topology) {
  struct cpu *const end = topology->cpus + topology->cpu_count;
  for (struct cpu *cpu = topology->cpus; cpu < end; cpu++)
    for (const struct cpu *other = topology->cpus; other < end; other++)
      cpu->turn_in_node += are_like(other, cpu) && other->numa == cpu->numa &&
                           other->core < cpu->core;
  for (struct cpu *cpu = topology->cpus; cpu < end; cpu++)
    for (const struct cpu *other = topology->cpus; other < end; other++)
      cpu->turn +=
          are_like(other, cpu) && (other->turn_in_node < cpu->turn_in_node ||
                                   (other->turn_in_node == cpu->turn_in_node &&
                                    other->numa < cpu->numa));
}

static int collect(hwloc_topology_t machine, hwloc_const_bitmap_t usable,
                   struct topology *topology) {
  int pu_count = hwloc_get_nbobjs_by_type(machine, HWLOC_OBJ_PU);
  if (pu_count < 1)
    return -ENODEV;
  topology->cpus = calloc((size_t)pu_count, sizeof *topology->cpus);
  if (!topology->cpus)
    return -ENOMEM;
  for (int i = 0; i < pu_count; i++) {
    hwloc_obj_t pu = hwloc_get_obj_by_type(machine, HWLOC_OBJ_PU, (unsigned)i);
    if (hwloc_bitmap_isset(usable, pu->os_index))
      topology->cpus[topology->cpu_count++] = describe(machine, pu);
  }
  if (topology->cpu_count == 0)
    return -ENODEV;
  relate(topology);
  take_turns(topology);
  topology->cores_told = hwloc_get_nbobjs_by_type(machine, HWLOC_OBJ_CORE) > 0;
  topology->packages_told =
      hwloc_get_nbobjs_by_type(machine, HWLOC_OBJ_PACKAGE) > 0;
  topology->kinds_told = hwloc_cpukinds_get_nr(machine, 0) > 0;
  topology->numa_told = true;
  return 0;
}

/* Loads a machine whose source is set; fake is NULL for the real one. */
static int load(hwloc_topology_t machine, const struct topology_fake *fake,
                struct topology *topology) {
  /* The whole machine, so that core numbers do not depend on the cgroup. */
  unsigned long flags = HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED;
  errno = 0;
  if (hwloc_topology_set_flags(machine, flags) || hwloc_topology_load(machine))
    return last_error(EINVAL);
  hwloc_bitmap_t usable = hwloc_bitmap_alloc();
  int error = usable ? 0 : -ENOMEM;
  if (!error && !fake)
    error = read_affinity(machine, usable);
  else if (!error && fake->affinity_count > 0)
    error = set_list(usable, fake->affinity, fake->affinity_count);
  else if (!error && hwloc_bitmap_copy(
                         usable, hwloc_topology_get_allowed_cpuset(machine)))
    error = -ENOMEM;
  if (!error && fake && fake->slow_count > 0)
    error = register_slow(machine, fake);
  if (!error)
    error = collect(machine, usable, topology);
  hwloc_bitmap_free(usable);
  return error;
}

/* Where a machine comes from; synthetic and xml both NULL: the real one. */
struct source {
  const char *synthetic;
  const char *xml;
  const struct topology_fake *fake;
  const char *what; /* for the message: the thing, and what would be right */
  const char *hint;
};

/* What goes wrong is said here, and not by hwloc on stderr; but for who has
 * asked it to. */
static const char hides[] = "HWLOC_HIDE_ERRORS";

static int build(const struct source *source, struct topology *topology,
                 char *message, size_t message_size) {
  *topology = (struct topology){0};
  const char *name = source->synthetic ? source->synthetic : source->xml;
  hwloc_topology_t machine;
  bool hidden = !getenv(hides) && setenv(hides, "2", 1) == 0;
  errno = 0;
  int error = hwloc_topology_init(&machine) ? last_error(ENOMEM) : 0;
  if (!error) {
    bool refused =
        (source->synthetic &&
         hwloc_topology_set_synthetic(machine, source->synthetic)) ||
        (source->xml && hwloc_topology_set_xml(machine, source->xml));
    error =
        refused ? last_error(EINVAL) : load(machine, source->fake, topology);
    hwloc_topology_destroy(machine);
  }
  if (hidden)
    unsetenv(hides); /* it is not among what was set by others */
  if (!error)
    return 0;
  topology_free(topology);
  if (message && message_size > 0)
    (void)snprintf(message, message_size, "%s%s%s: %s; %s", source->what,
                   name ? " " : "", name ? name : "", strerror(-error),
                   source->hint);
  return error;
}

int topology_discover(struct topology *topology, char *message,
                      size_t message_size) {
  struct source source = {.what = "the CPUs of this machine",
                          .hint = "see what `lstopo` and `taskset -p $$` say"};
  cpu_set_t *mask;
  size_t mask_bytes;
  int error = read_mask(&mask, &mask_bytes);
  if (error) { /* hwloc 2.9 would ask again for ever */
    *topology = (struct topology){0};
    (void)snprintf(message, message_size,
                   "sched_getaffinity is refused: %s; allow it in this sandbox",
                   strerror(-error));
    return error;
  }
  CPU_FREE(mask);
  error = build(&source, topology, message, message_size);
  /* hwloc makes one node of all where it is told of none. */
  topology->numa_told =
      !error && access("/sys/devices/system/node/online", F_OK) == 0;
  return error;
}

static const struct topology_fake as_described;

int topology_from_synthetic(const char *description,
                            const struct topology_fake *fake,
                            struct topology *topology, char *message,
                            size_t message_size) {
  struct source source = {.synthetic = description,
                          .fake = fake ? fake : &as_described,
                          .what = "synthetic topology",
                          .hint = "write it as in \"pack:2 core:8 pu:2\""};
  return build(&source, topology, message, message_size);
}

int topology_from_xml(const char *path, const struct topology_fake *fake,
                      struct topology *topology, char *message,
                      size_t message_size) {
  struct source source = {.xml = path,
                          .fake = fake ? fake : &as_described,
                          .what = "topology file",
                          .hint = "`lstopo FILE.xml` writes one"};
  return build(&source, topology, message, message_size);
}

void topology_free(struct topology *topology) {
  free(topology->cpus);
  *topology = (struct topology){0};
}

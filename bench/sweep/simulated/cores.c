#include "bench/sweep/simulated/cores.h"

#include "bench/plan/meters.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double spin_operations = 2048; /* of its items */
static const double clock_cycles = 1000;    /* of an item of `clock` */

const struct cpu *simulated_cores_cpu(const struct simulated_cores *cores,
                                      const struct trial_request *order,
                                      uint32_t worker) {
  int os = order->cpus ? order->cpus[worker] : -1;
  if (os < 0 || os >= cores->os_count || !cores->by_os[os])
    os = cores->spread[worker];
  return &cores->topology->cpus[cores->by_os[os] - 1];
}

/* Counts who is where; returns how many cores are busy, and how many CPUs. */
static uint32_t count_busy(struct simulated_cores *cores,
                           const struct trial_request *order,
                           uint32_t *busy_cpus) {
  uint32_t busy_cores = 0;
  *busy_cpus = 0;
  memset(cores->on_cpu, 0, (size_t)cores->os_count * sizeof *cores->on_cpu);
  memset(cores->on_core, 0, cores->core_count * sizeof *cores->on_core);
  for (uint32_t w = 0; w < order->workers; w++) {
    const struct cpu *cpu = simulated_cores_cpu(cores, order, w);
    if (cores->on_cpu[cpu->os_index]++ > 0)
      continue;
    ++*busy_cpus;
    busy_cores += cores->on_core[cpu->core]++ == 0;
  }
  return busy_cores;
}

static bool is_clock(const struct workload *workload) {
  return strcmp(workload->kernel->name, "clock") == 0;
}

/* Whether each of its items is a page that is touched for the first time. */
static bool faults(const struct workload *workload) {
  for (int pages = 0; pages < METER_PAGES; pages++)
    if (strcmp(workload->name, meter_faults[pages].first) == 0)
      return true;
  return false;
}

/* What is left of the clock, while so many cores are busy. */
static double clock_left(const struct simulated_cores *cores,
                         uint32_t busy_cores) {
  uint32_t others = cores->topology->cores - 1;
  return others == 0
             ? 1
             : 1 - cores->machine->clock_drop * (busy_cores - 1) / others;
}

static double clock_hz(const struct simulated_cores *cores,
                       const struct cpu *cpu, uint32_t busy_cores) {
  return cores->machine->clock_hz * clock_left(cores, busy_cores) *
         (cpu->kind > 0 ? cores->machine->slow_clock : 1);
}

double simulated_cores_clock_hz(const struct simulated_cores *cores,
                                const struct trial_request *order,
                                uint32_t worker) {
  return clock_hz(cores, simulated_cores_cpu(cores, order, worker),
                  cores->busy_cores);
}

/* An item on a core of its own, while so many cores are busy. */
static double core_item_s(const struct simulated_cores *cores,
                          const struct workload *workload,
                          const struct cpu *cpu, uint32_t busy_cores) {
  const struct simulated_machine *machine = cores->machine;
  if (workload->kernel->waits)
    return machine->wait_item_s;
  if (is_clock(workload))
    return clock_cycles / clock_hz(cores, cpu, busy_cores);
  double speed =
      clock_left(cores, busy_cores) * (cpu->kind > 0 ? machine->slow_speed : 1);
  double item_s = machine->spin_item_s * workload_shape(workload).operations /
                  spin_operations / speed;
  return faults(workload) ? item_s + machine->fault_s : item_s;
}

/* Whether several workers write to the same lines. */
static bool shares_lines(const struct trial_request *order) {
  return order->workers > 1 && !notation_is_copies(&order->variant) &&
         strcmp(order->workload->name, "counter/update=packed") == 0;
}

/* An item, where all that so many workers do waits for memory. */
static double memory_s(const struct simulated_cores *cores,
                       const struct workload *workload, uint32_t workers) {
  struct kernel_shape shape = workload_shape(workload);
  double moved = shape.input_bytes + (double)shape.output_bytes;
  double units = strcmp(workload->kernel->name, "memory") == 0
                     ? meter_units(workload)
                     : moved;
  if (!(moved > 0))
    return 0;
  return units * (moved + (double)shape.output_bytes) / moved * workers /
         cores->machine->memory_bytes_per_s;
}

/* How many times as long a worker's items take since others work too. */
static double slowed(const struct simulated_cores *cores,
                     const struct trial_request *order, const struct cpu *cpu) {
  const struct simulated_machine *machine = cores->machine;
  const struct workload *workload = order->workload;
  uint32_t siblings = cores->on_core[cpu->core];
  double p = order->workers;
  if (workload->kernel->waits)
    return 1;
  double factor = cores->on_cpu[cpu->os_index];
  if (siblings > 1 && !is_clock(workload))
    factor *= siblings / (1 + machine->smt_gain);
  if (is_clock(workload) || strcmp(workload->name, "spin/chains=8") == 0)
    return factor;                         /* nothing is shared but the core */
  if (notation_is_copies(&order->variant)) /* nor do they share data */
    return factor * (1 + machine->copies_sigma * (p - 1));
  if (shares_lines(order))
    factor *= 1 + machine->line_cost;
  if (cpu->numa != simulated_cores_cpu(cores, order, 0)->numa)
    factor *= 1 + machine->numa_cost;
  return factor * (1 + machine->sigma * (p - 1) + machine->kappa * p * (p - 1));
}

double simulated_cores_alone_s(const struct simulated_cores *cores,
                               const struct trial_request *order,
                               uint32_t worker) {
  const struct cpu *cpu = simulated_cores_cpu(cores, order, worker);
  return fmax(core_item_s(cores, order->workload, cpu, 1),
              memory_s(cores, order->workload, 1));
}

void simulated_cores_place(struct simulated_cores *cores,
                           const struct trial_request *order) {
  bool clock = is_clock(order->workload); /* who shares the core is no matter */
  uint32_t busy_cpus, busy_cores = count_busy(cores, order, &busy_cpus);
  cores->busy_cores = busy_cores;
  for (uint32_t w = 0; w < order->workers; w++) {
    const struct cpu *cpu = simulated_cores_cpu(cores, order, w);
    cores->item_s[w] =
        fmax(core_item_s(cores, order->workload, cpu, busy_cores) *
                 slowed(cores, order, cpu),
             memory_s(cores, order->workload, order->workers));
    cores->places[w] =
        (struct simulated_place){clock ? -1 : cpu->os_index, busy_cpus};
  }
  cores->alone_item_s = simulated_cores_alone_s(cores, order, 0);
}

int simulated_cores_init(struct simulated_cores *cores,
                         const struct simulated_machine *machine,
                         const struct topology *topology,
                         struct problem *problem) {
  cores->machine = machine;
  cores->topology = topology;
  for (uint32_t i = 0; i < topology->cpu_count; i++) {
    const struct cpu *cpu = &topology->cpus[i];
    if (cpu->os_index >= cores->os_count)
      cores->os_count = cpu->os_index + 1;
    if ((uint32_t)cpu->core >= cores->core_count)
      cores->core_count = (uint32_t)cpu->core + 1;
  }
  cores->by_os = calloc((size_t)cores->os_count, sizeof *cores->by_os);
  cores->on_cpu = calloc((size_t)cores->os_count, sizeof *cores->on_cpu);
  cores->on_core = calloc(cores->core_count, sizeof *cores->on_core);
  if (!cores->by_os || !cores->on_cpu || !cores->on_core)
    return problem_failure(problem, "out of memory");
  for (uint32_t i = 0; i < topology->cpu_count; i++)
    cores->by_os[topology->cpus[i].os_index] = i + 1;
  topology_place(topology, BIND_CORES, TRIAL_WORKERS, cores->spread);
  return PROBLEM_NONE;
}

void simulated_cores_free(struct simulated_cores *cores) {
  free(cores->by_os);
  free(cores->on_cpu);
  free(cores->on_core);
  cores->by_os = NULL;
  cores->on_cpu = NULL;
  cores->on_core = NULL;
}

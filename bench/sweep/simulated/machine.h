/* machine.h: a machine that exists only as a description.  The files
 * are explained in results/machines/README.md. */
#ifndef CORESWEEP_SIMULATED_MACHINE_H
#define CORESWEEP_SIMULATED_MACHINE_H

#include "bench/plan/machine.h"

#include <stdio.h>

/* The members are explained in the table that reads them, and so in the file's
 * documentation.  Shares are of 1. */
struct simulated_machine {
  char name[80];
  char about[400];
  char topology[200]; /* hwloc's synthetic notation */
  char slow_cpus[200], missing_cpus[200];
  /* what work costs */
  double spin_item_s, wait_item_s, fault_s, serial_share, sigma, kappa,
      copies_sigma, line_cost, page_bytes, memory_bytes_per_s, hit_share;
  /* what teams cost */
  double process_s, start_s, start_per_worker_s, fork_s, worker_start_s,
      close_s, region_fixed_s, dispatch_s, send_s, skew;
  /* what the cores are */
  double clock_hz, clock_drop, smt_gain, slow_speed, slow_clock, numa_cost;
  /* what goes wrong */
  double jitter, region_jitter, drift, drift_correlation, trend,
      steal_probability, steal_share, off_cpu_s, clock_resolution_s, seed;
  double setup_jitter, state_share, state_cost, state_least_s, state_most_s,
      crowded_share, crowded_cpus, crowded_least_s, crowded_most_s, quota_cpus;
};

/* A machine without costs or noise, on which a spin item takes 1 us: what a
 * file that says nothing means.  Cannot fail. */
void simulated_machine_init(struct simulated_machine *machine);

/* Reads a machine file.  Returns 0, or the usage problem that names the file,
 * the key, and what would be right. */
int simulated_machine_read(const char *path, struct simulated_machine *machine,
                           struct problem *problem);

/* Its CPUs, to be released with machine_free; there is no quota.  Returns 0,
 * or the usage problem of a topology that hwloc refuses. */
int simulated_machine_topology(const struct simulated_machine *machine,
                               struct machine *cpus, struct problem *problem);

/* Whether its memory has an end, and so is worth measuring.  Cannot fail. */
bool simulated_machine_has_memory(const struct simulated_machine *machine);

/* The keys as Markdown: name, unit, what is taken where it is missing, the
 * range, and the meaning. */
void simulated_machine_markdown(FILE *out);

#endif

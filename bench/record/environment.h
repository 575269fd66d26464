/* environment.h: what a run was measured on and with: environment.json. */
#ifndef CORESWEEP_ENVIRONMENT_H
#define CORESWEEP_ENVIRONMENT_H

#include "bench/plan/machine.h"
#include "bench/record/fields.h"

enum { ENVIRONMENT_SCHEMA = 1 };

/* The members are explained in environment_fields.  What a machine does not
 * offer is null, never 0.  No host name, no user name, no paths. */
struct environment {
  int64_t schema;
  char *machine, *cpu_model, *architecture, *hypervisor, *container, *system;
  int64_t usable_cpus, online_cpus;
  char *affinity;
  int64_t cores, hardware_threads, packages, numa_nodes, core_kinds, smt;
  char *smt_control, *siblings, *kinds, *numa;
  int64_t siblings_from, slower_from, numa_from;
  double last_caches_bytes;
  int64_t vector_bytes, machine_vector_bytes;
  double quota_cpus, throttled_s;
  int64_t quota_set;
  int64_t thermal_throttles;
  double memory_bytes, memory_limit_bytes, swap_used_bytes, load_1min;
  int64_t memory_limited;
  char *look_cpus; /* the look before the first trial: see look.h */
  double look_s, look_steal_share, look_throttled_s;
  struct numbers look_shares;
  char *governor;
  int64_t turbo;
  char *power_source, *power_profile, *huge_pages, *clock_source;
  char *date, *version, *revision, *build, *omp_settings, *wait_policy, *bind;
  char *library_settings;
  int64_t seed;
};

extern const struct field environment_fields[];

/* Looks around.  bind: how workers are bound ("cores", ...).  `machine_name`:
 * what the user calls this kind of machine, or NULL.  The seed is left to the
 * caller.  Release with fields_free(environment_fields, ...).  Cannot fail. */
void environment_gather(const struct machine *machine, const char *bind,
                        const char *machine_name,
                        struct environment *environment);

/* As environment_gather, of the machine whose /proc and /sys lie below root. */
void environment_gather_from(const char *root, const struct machine *machine,
                             const char *bind, const char *machine_name,
                             struct environment *environment);

/* Writes or reads environment.json. */
int environment_write(const struct environment *environment, const char *path,
                      struct problem *problem);
int environment_read(const char *path, struct environment *environment,
                     struct problem *problem);

/* Fills the counts, the lists of CPUs, the steps of the placement and the
 * quota.  bind: as typed; with another text there are no steps.
 * Cannot fail. */
void environment_topology(const struct machine *machine, const char *bind,
                          struct environment *environment);

#endif

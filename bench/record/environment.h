/* environment.h: what a run was measured on and with: environment.json. */
#ifndef CORESWEEP_ENVIRONMENT_H
#define CORESWEEP_ENVIRONMENT_H

#include "bench/plan/machine.h"
#include "bench/record/fields.h"

/* The members are explained in environment_fields.  What a machine does not
 * offer is null, never 0.  No host name, no user name, no paths. */
struct environment {
  int64_t schema;
  char *machine, *cpu_model, *architecture, *hypervisor, *system;
  int64_t usable_cpus, cores, hardware_threads, packages, numa_nodes, smt;
  int64_t online_cpus, siblings_from, slower_from, numa_from;
  double quota_cpus, memory_bytes, load_1min;
  char *governor, *huge_pages, *clock_source;
  char *date, *version, *revision, *build, *wait_policy, *bind;
};

extern const struct field environment_fields[];

/* Looks around.  `machine_name`: what the user calls this kind of machine, or
 * NULL.  Release with fields_free(environment_fields, ...).  Cannot fail. */
void environment_gather(const struct machine *machine, const char *bind,
                        const char *machine_name,
                        struct environment *environment);

/* Writes or reads environment.json. */
int environment_write(const struct environment *environment, const char *path,
                      struct problem *problem);
int environment_read(const char *path, struct environment *environment,
                     struct problem *problem);

#endif

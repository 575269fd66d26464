/* probe.h: what `coresweep probe` measures. */
#ifndef CORESWEEP_COMMANDS_PROBE_H
#define CORESWEEP_COMMANDS_PROBE_H

#include "bench/commands/run.h"
#include "bench/plan/caches.h"
#include "bench/plan/counts.h"
#include "bench/plan/machine.h"
#include "bench/plan/notation.h"
#include "bench/plan/workload.h"
#include "bench/sweep/executor.h"

enum {
  PROBE_ROUNDS = 10,
};

/* One configuration; a trial of it is in every round. */
struct probe_config {
  struct workload workload;
  struct variant_spec variant;
  uint32_t workers, iterations;
  uint64_t size;
  double units;     /* bytes, additions or cycles in a region */
  int level;        /* of the memory; -1: adds, cycles */
  double set_bytes; /* a worker's; 0: none */
  double *per_s;    /* [rounds]: units per second; NAN: no good trial */
  char digest[20];  /* of the first trial, which is verified; "" before */
  char error[300];  /* why the first bad trial was bad; "" for none */
};

/* Fills in a configuration from its notation, units as 0.  To be released with
 * probe_config_free in every case. */
int probe_config_make(const char *workload, const char *variant,
                      uint32_t workers, uint64_t size, uint32_t rounds,
                      struct probe_config *config, struct problem *problem);
void probe_config_free(struct probe_config *config);

/* A run of the configurations. */
struct probe_run {
  const struct machine *machine;
  struct probe_config **configs; /* [count] */
  size_t count;
  uint32_t rounds;
  uint32_t counts[COUNTS_MAX]; /* worker counts, ascending */
  size_t count_count;
  int fd;           /* where records go; -1: nowhere */
  const char *path; /* its name, for messages */
  uint32_t ordered; /* trials so far */
};

/* Runs every configuration once in each round, in random order, each in a
 * fresh process.  0, or the problem. */
int probe_rounds(struct probe_run *run, struct problem *problem);

/* Prints the table: a worker count after the other. */
void probe_print(const struct probe_run *run);

/* Writes the rates, "probe.json".  0, or the problem. */
int probe_write(const struct probe_run *run, const char *path,
                struct problem *problem);

#endif

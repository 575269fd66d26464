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
  PROBE_GATES_ROUNDS = 20,
};

/* One configuration; a trial of it is in every round. */
struct probe_config {
  struct workload workload;
  struct variant_spec variant;
  uint32_t workers, iterations;
  bool shortest; /* a trial counts by its shortest region, not its median */
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
  size_t group; /* so many configurations in a row are measured right after one
                   another, because they are compared; divides count */
  uint32_t rounds;
  uint32_t counts[COUNTS_MAX]; /* worker counts, ascending */
  size_t count_count;
  int fd;           /* where records go; -1: nowhere */
  const char *path; /* its name, for messages */
  uint32_t ordered; /* trials so far */
  /* Called in each round, counted from 0, right before the group with that
   * number; NULL: nothing. */
  int (*each_round)(void *context, uint32_t round, struct problem *problem);
  size_t each_round_at;
  void *context;
};

/* Runs every configuration once in each round, in random order of groups and
 * within groups, each in a fresh process.  0, or the problem. */
int probe_rounds(struct probe_run *run, struct problem *problem);

/* Prints the table: a worker count after the other. */
void probe_print(const struct probe_run *run);

/* Writes the rates, "probe.json".  0, or the problem. */
int probe_write(const struct probe_run *run, const char *path,
                struct problem *problem);

/* What the gates need. */
struct probe_gates_options {
  const char *zlib; /* the program that times zlib's adler32, or "" */
  const struct machine *machine;
  uint32_t rounds;
};

/* Measures kernels beside the meters, and prints each ratio with its limit.
 * 0 whether they are kept or not; or the problem. */
int probe_gates(const struct probe_gates_options *options,
                struct problem *problem);

/* Measures each kernel's blocks (omp:static) beside the plain directive on its
 * own loop (textbook), by one worker and by one per usable CPU, and prints the
 * ratios of their times with the limit.  0 whether it is kept or not; or the
 * problem. */
int probe_textbook(const struct probe_gates_options *options,
                   struct problem *problem);

/* Prints the ratio of two series of rounds, above[0..rounds) by below, with its
 * 95% interval, its limit, and whether the median keeps it: "not sure" where
 * the interval reaches past the limit, or nothing can be `trusted` now.  NANs,
 * rounds without a good trial, are left out.  Returns whether all of the
 * interval keeps the limit. */
bool probe_print_gate(const char *text, const double *above,
                      const double *below, uint32_t rounds, double least,
                      double most, bool trusted);

#endif

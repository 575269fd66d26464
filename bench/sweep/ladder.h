/* ladder.h: pairs of a serial and a parallel trial at many sizes.  Every
 * trial's record is appended to the run's trials.jsonl at once. */
#ifndef CORESWEEP_LADDER_H
#define CORESWEEP_LADDER_H

#include "bench/sweep/executor.h"

enum ladder_scope {
  LADDER_REGION, /* warm, from fork to join */
  LADDER_PROGRAM /* set-up, start of the team, first region, finish */
};

/* What is known of a size after its first trial, which was verified. */
struct ladder_rung {
  uint64_t items;
  char digest[20];
  uint32_t iterations;
};

/* One workload and, at a time, one variant.  Pointers are borrowed; the
 * members from `rungs` on begin as 0. */
struct ladder {
  struct executor *executor;
  const char *path; /* of trials.jsonl */
  int fd;           /* open for appending */
  const struct workload *workload;
  struct variant_spec variant;
  uint32_t workers, usable_cpus;
  const int *cpus;
  uint64_t seed;
  const char *phase; /* as recorded */
  enum ladder_scope scope;
  double
      regions_s;  /* timed regions of a trial together, where they are short */
  uint64_t tasks; /* a size is the items of one of so many tasks; 0: all */
  struct ladder_rung *rungs; /* owned */
  size_t rung_count;
  uint32_t ordered; /* trials so far */
  uint32_t bad;     /* of them failed or wrong */
  char first_error[400];
};

/* Times of a pair; NAN where a trial failed. */
struct ladder_pair {
  double serial_s, parallel_s;
  double wall_s; /* of the longer of the two trials */
  double work_s; /* of the serial trial, without exec and exit */
};

/* Runs a pair at a size, serial first in every other round; before the first
 * one at a size, a serial trial that is verified in full and not used.
 * round: from 1; recorded as none where `probing`.
 * Returns 0, or the problem when nothing further makes sense. */
int ladder_pair(struct ladder *ladder, uint64_t size, uint32_t round,
                bool probing, struct ladder_pair *pair,
                struct problem *problem);

/* The largest size that the footprint's limit, the kernel and a preset's own
 * items allow; *why says which of them.  At least 1. */
uint64_t ladder_most(const struct ladder *ladder, const char **why);

/* Releases the rungs. */
void ladder_free(struct ladder *ladder);

#endif

/* overheads.h: the trials of `coresweep overheads`. */
#ifndef CORESWEEP_COMMANDS_OVERHEADS_H
#define CORESWEEP_COMMANDS_OVERHEADS_H

#include "bench/commands/run.h"
#include "bench/plan/counts.h"
#include "bench/plan/machine.h"
#include "bench/plan/notation.h"
#include "bench/plan/workload.h"

enum {
  OVERHEADS_ROUNDS = 10,
  OVERHEADS_ROUNDS_QUICK = 6,
};

/* One configuration; a trial of it is in every round. */
struct overheads_config {
  const struct workload *workload; /* borrowed from the list */
  struct variant_spec variant;
  uint32_t workers, warmups, iterations;
  uint64_t size;
  bool active; /* under OMP_WAIT_POLICY=active */
  bool stampless, weigh;
  char digest[20]; /* of the first trial, which is verified; "" before */
};

struct overheads_configs {
  struct workload *workloads; /* owned */
  size_t workload_count;
  struct overheads_config *list; /* owned */
  size_t count;
};

/* What the trials are to cover. */
struct overheads_scope {
  const uint32_t *counts; /* worker counts, ascending, from 1 */
  size_t count_count;
  bool quick; /* fewer item sizes */
};

/* Lists every configuration.  Release with overheads_configs_free in every
 * case. */
int overheads_configs_make(const struct overheads_scope *scope,
                           struct overheads_configs *configs,
                           struct problem *problem);
void overheads_configs_free(struct overheads_configs *configs);

#endif

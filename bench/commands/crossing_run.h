/* crossing_run.h: what breakeven and granularity share: options, the run's
 * folder, the measurement. */
#ifndef CORESWEEP_CROSSING_RUN_H
#define CORESWEEP_CROSSING_RUN_H

#include "bench/analyze/crossing_case.h"
#include "bench/commands/run.h"
#include "bench/plan/machine.h"
#include "bench/sweep/ladder.h"

enum { CROSSING_WORKLOADS = 16, CROSSING_VARIANTS = 16, CROSSING_ROUNDS = 100 };

/* What tells the two experiments apart. */
struct crossing_experiment {
  const char *name; /* of the command, the phase and the JSON file */
  const char *doc;
  enum crossing_question question;
  size_t sizes; /* of a grid */
  double ratio; /* from one of them to the next */
};

struct crossing_run {
  const struct crossing_experiment *experiment;
  /* as typed; NULL where nothing was */
  const char *kernels, *variants;
  uint32_t workers, rounds; /* 0: not given */
  uint64_t seed;
  double timeout_s;
  bool quick, oversubscribe;
  bool program; /* the whole of it is compared, not its warm regions */
  char out[RUN_PATH];
  bool out_given;
  /* resolved */
  struct machine machine;
  struct workload *workloads[CROSSING_WORKLOADS]; /* owned */
  size_t workload_count;
  struct variant_spec specs[CROSSING_VARIANTS];
  size_t variant_count;
  struct crossing_case *cases; /* owned; by workload, then variant */
  size_t case_count;
  /* while measuring */
  struct ladder ladder;
  double trial_s; /* no size whose trials take longer */
  double spawn_s; /* of a trial at the smallest size: no work, but exec */
};

/* Reads the command line, measures, and fills run->cases with conclusions.
 * Returns the exit status; what went wrong has been said.  Release with
 * crossing_run_free in every case. */
int crossing_run(struct crossing_run *run, int argc, char **argv);

void crossing_run_free(struct crossing_run *run);

/* Writes the JSON file, prints table and sentences, draws the charts. */
int crossing_run_report(const struct crossing_run *run);

/* In crossing_measure.c: searches, and measures around what it found.
 * run->ladder is ready but for its workload and variant. */
int crossing_measure(struct crossing_run *run, struct crossing_case *c,
                     struct problem *problem);

#endif

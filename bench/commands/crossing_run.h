/* crossing_run.h: what breakeven and granularity share: options, and what is
 * shown. */
#ifndef CORESWEEP_CROSSING_RUN_H
#define CORESWEEP_CROSSING_RUN_H

#include "bench/analyze/crossing_plan.h"
#include "bench/commands/measure.h"

enum { CROSSING_WORKLOADS = 16, CROSSING_VARIANTS = 16, CROSSING_ROUNDS = 100 };

struct crossing_run {
  struct measure measure; /* first: see measure_seen */
  const struct crossing_experiment *experiment;
  /* as typed; NULL where nothing was */
  const char *kernels, *variants;
  uint32_t workers, rounds; /* 0: not given */
  bool rounds_given;
  bool quick, oversubscribe;
  bool program; /* the whole of it is compared, not its warm regions */
  /* resolved */
  struct workload *workloads[CROSSING_WORKLOADS]; /* owned */
  size_t workload_count;
  struct variant_spec specs[CROSSING_VARIANTS];
  size_t variant_count;
  struct crossing_case *cases; /* owned; by workload, then variant */
  struct variant_spec *case_specs;
  size_t case_count;
};

/* Reads the command line, measures, concludes and shows.  Returns the exit
 * status; what went wrong has been said.  Release with crossing_run_free in
 * every case. */
int crossing_run(struct crossing_run *run, int argc, char **argv);

void crossing_run_free(struct crossing_run *run);

/* Writes the JSON file, prints table and sentences, draws the charts.  0, or
 * the problem. */
int crossing_run_report(const struct crossing_run *run,
                        struct problem *problem);

#endif

/* program.h: the executor of somebody else's programs: a trial is one run, in
 * fresh processes, its result checked. */
#ifndef CORESWEEP_SWEEP_PROGRAM_H
#define CORESWEEP_SWEEP_PROGRAM_H

#include "bench/plan/program.h"
#include "bench/sweep/executor.h"

enum { PROGRAM_OUTPUT_MIB = 256 }; /* more than that is no output to check */

struct executor_program {
  struct executor base;
  const struct program *programs; /* [count], borrowed */
  size_t count;
  const struct program_protocol *protocol;
  struct noise_watch noise;
  const char *folder; /* of the run: the outputs that others are compared with
                         lie in its outputs/ */
};

/* The workloads of points must be of these programs.  Cannot fail. */
void executor_program_init(struct executor_program *executor,
                           const struct program *programs, size_t count,
                           const struct program_protocol *protocol,
                           const char *folder);

#endif

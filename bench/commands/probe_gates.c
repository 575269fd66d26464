/* How close kernels come to what the machine can do. */
#include "bench/commands/probe.h"

int probe_gates(const struct probe_gates_options *options,
                struct problem *problem) {
  (void)options;
  return problem_failure(problem, "--gates: not there yet");
}

/* sweep_commands.h: the command of every point, to be typed or timed by itself:
 * of the program alone, where the sweep times those. */
#ifndef CORESWEEP_SWEEP_COMMANDS_H
#define CORESWEEP_SWEEP_COMMANDS_H

#include "bench/commands/sweep_options.h"

/* Writes commands.tsv: workload, variant, workers, command.  The sizes are
 * known.  0, or the problem. */
int sweep_commands_write(const struct sweep_options *o,
                         struct problem *problem);

/* Times some of them once more with hyperfine, as an independent check of the
 * sweep's own wall times, and writes hyperfine.json: serial, omp:static and
 * pool:static, five runs each, at the most workers that do not share CPUs, and
 * of several sizes the last, which is the largest.  Nothing where hyperfine is
 * not installed.  0, or the problem; 128 + signal after an interruption. */
int sweep_commands_time(const struct sweep_options *o, struct problem *problem);

#endif

/* command.h: one file in bench/commands/ is one subcommand; only these print.
 */
#ifndef CORESWEEP_COMMAND_H
#define CORESWEEP_COMMAND_H

#include "bench/plan/problem.h"

/* Each takes what main got from its own name on, and returns the exit status:
 * 0, 1 (failure), 2 (usage), or 128 + signal. */
int command_list(int argc, char **argv);
int command_trial(int argc, char **argv);
int command_dump(int argc, char **argv);
int command_bench(int argc, char **argv);
int command_sweep(int argc, char **argv);
int command_analyze(int argc, char **argv);
int command_report(int argc, char **argv);
int command_merge(int argc, char **argv);
int command_compare(int argc, char **argv);
int command_overheads(int argc, char **argv);
int command_probe(int argc, char **argv);
int command_granularity(int argc, char **argv);
int command_breakeven(int argc, char **argv);
int command_simulate(int argc, char **argv);
int command_doctor(int argc, char **argv);
int command_aa(int argc, char **argv);

/* What charts call the machine: $MACHINE, borrowed; NULL where it says nothing.
 * 0, or PROBLEM_USAGE where that is no printable text. */
int command_machine_name(const char **name, struct problem *problem);

/* Prints "coresweep NAME: problem" on stderr and returns the status; after an
 * interruption, 128 + its signal. */
int command_fail(const char *name, int status, const struct problem *problem);

#endif

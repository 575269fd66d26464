/* command.h: one file in bench/commands/ is one subcommand; only these print.
 */
#ifndef CORESWEEP_COMMAND_H
#define CORESWEEP_COMMAND_H

#include "bench/plan/problem.h"

#include <argp.h>
#include <stdint.h>

/* Each takes what main got from its own name on, and returns the exit status:
 * 0, 1 (failure), 2 (usage), or 128 + signal. */
int command_list(int argc, char **argv);
int command_trial(int argc, char **argv);
int command_dump(int argc, char **argv);
int command_sweep(int argc, char **argv);
int command_analyze(int argc, char **argv);
int command_report(int argc, char **argv);
int command_compare(int argc, char **argv);
int command_overheads(int argc, char **argv);
int command_probe(int argc, char **argv);
int command_bare(int argc, char **argv);
int command_granularity(int argc, char **argv);
int command_breakeven(int argc, char **argv);
int command_simulate(int argc, char **argv);
int command_doctor(int argc, char **argv);
int command_aa(int argc, char **argv);

/* Prints "coresweep NAME: problem" on stderr and returns the status. */
int command_fail(const char *name, int status, const struct problem *problem);

/* argp_parse with the command's name as the program's ("coresweep trial").
 * Exits by itself after --help, --usage and wrong options (status 2). */
void command_parse(const struct argp *argp, const char *name, int argc,
                   char **argv, void *input);

/* For argp parsers: a whole number of at most `high`, or exits with usage. */
uint64_t command_count(struct argp_state *state, const char *option,
                       const char *text, uint64_t low, uint64_t high);

/* The same for a time in seconds, as in 90s, 3m or 1h. */
double command_duration(struct argp_state *state, const char *option,
                        const char *text);

#endif

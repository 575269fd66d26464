/* ask.h: runs a program for one number of what it prints. */
#ifndef CORESWEEP_COMMANDS_ASK_H
#define CORESWEEP_COMMANDS_ASK_H

#include "bench/commands/run.h"
#include "bench/plan/machine.h"

/* This very program's path, and all CPUs of the machine in the order in which
 * workers get them, as --cpus takes them.  0, or the problem: too many. */
int ask_here(const struct machine *machine, char program[static RUN_PATH],
             char cpus[static RUN_PATH], struct problem *problem);

/* Runs words[0] (a path) with the words up to a NULL, and sets *value to the
 * positive number that the JSON object on its standard output has as `key`, in
 * that key's unit.  0; the problem: it failed, took over a minute, or printed
 * no such number; or 128 + signal, without one, when this program was
 * interrupted: then nothing it started is left. */
int ask_number(char **words, const char *key, double *value,
               struct problem *problem);

#endif

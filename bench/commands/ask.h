/* ask.h: runs a program for one number of what it prints. */
#ifndef CORESWEEP_COMMANDS_ASK_H
#define CORESWEEP_COMMANDS_ASK_H

#include "bench/plan/problem.h"

/* Runs words[0] (a path) with the words up to a NULL, and sets *value to the
 * positive number that the JSON object on its standard output has as `key`, in
 * that key's unit.  0; the problem: it failed, took over a minute, or printed
 * no such number; or 128 + signal, without one, when this program was
 * interrupted: then nothing it started is left. */
int ask_number(char **words, const char *key, double *value,
               struct problem *problem);

#endif

/* measure.h: numbers that programs print, in interleaved rounds. */
#ifndef CORESWEEP_PERF_MEASURE_H
#define CORESWEEP_PERF_MEASURE_H

#include "bench/plan/problem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A command, run once in every round, and the number that it gives. */
struct measure {
  char **words;    /* the program's path and its arguments, then NULL; owned */
  size_t count;    /* of words; 0: nothing is run, and the values are NAN */
  const char *key; /* of the JSON object that it prints: a number, or numbers
                      of which the least counts */
  double per;      /* the number is divided by this; 0: by nothing */
  bool spins;      /* under OMP_WAIT_POLICY=active; otherwise passive */
  bool joined;     /* is compared with the one before it in the list, and runs
                      right before or after it: neighbours here are neighbours
                      in time, and a shared machine differs from second to
                      second */
  char digest[20]; /* as the first run printed it: later ones get it by
                      --expect, and need not verify in full; "": none */
  double *values;  /* [rounds]; owned */
};

/* Adds a word, as printf makes it.  Ends the program when memory is out. */
void measure_word(struct measure *measure, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Runs the command once, and sets *value.  0; the problem: it failed, took over
 * a minute, or printed no positive number under its key; or 128 + signal when
 * this program was interrupted: then nothing that it started is left. */
int measure_once(struct measure *measure, double *value,
                 struct problem *problem);

/* Runs each of list[0..count) once in each round, in random order of those that
 * are joined, and within them; fills in the values, in the order of rounds.
 * Shows how far it is where stderr is a terminal.  As measure_once. */
int measure_rounds(struct measure *list, size_t count, uint32_t rounds,
                   struct problem *problem);

/* Frees words and values. */
void gate_measure_free(struct measure *measure);

#endif

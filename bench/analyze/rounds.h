/* rounds.h: the rounds of a run: which count, and what disturbed them. */
#ifndef CORESWEEP_ROUNDS_H
#define CORESWEEP_ROUNDS_H

#include "bench/record/record.h"

/* By round, [count + 1]; rounds count from 1. */
struct rounds {
  int64_t count;
  bool *bad;                       /* a trial failed or was wrong: left out */
  bool *throttled, *swapped, *hot; /* some trial was, in a round that counts */
};

/* What disturbed a trial. */
bool rounds_throttled(const struct record *record);
bool rounds_swapped(const struct record *record);
bool rounds_hot(const struct record *record);

/* 0, or -1: no memory; to be released with rounds_free in either case. */
int rounds_make(const struct records *records, struct rounds *rounds);
void rounds_free(struct rounds *rounds);

/* Whether that is one of the rounds that count. */
bool rounds_hold(const struct rounds *rounds, int64_t round);

#endif

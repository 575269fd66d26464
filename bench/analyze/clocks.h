/* clocks.h: the clock of a trial's own time, as its blocks read it.
 * Pure: nothing here measures, prints or keeps state. */
#ifndef CORESWEEP_CLOCKS_H
#define CORESWEEP_CLOCKS_H

#include "bench/record/environment.h"
#include "bench/record/record.h"

/* Workers that are not known to be on slower cores than the first: a slow
 * core's clock is lower, but has not dropped.  environment: may be NULL. Cannot
 * fail. */
int64_t clocks_alike(const struct environment *environment);

/* The mean over the trial's blocks, and its workers that are alike, in Hz. NAN:
 * it read none, or some reading is no clock's (counted in *refused).  Cannot
 * fail. */
double clocks_of(const struct record *record, int64_t alike, int64_t *refused);

#endif

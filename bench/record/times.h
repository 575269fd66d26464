/* times.h: times that coresweep did not measure, as records of programs:
 *
 *   workers,seconds,run,name       a CSV file with such a header; the last two
 *   1,12.5,1,solver                may be missing
 *
 * or what hyperfine exports as JSON after a --parameter-scan or
 * --parameter-list. */
#ifndef CORESWEEP_TIMES_H
#define CORESWEEP_TIMES_H

#include "bench/record/record.h"

/* Reads the file into records of rounds: the k-th time of a name with so many
 * workers, or the one of run k, is of round k; one worker is the baseline.
 * Where there are no runs, times are paired at random, and *at_random says so.
 * workers: the column or parameter that says how many; NULL: "workers", or one
 * that is usual.  0, with the records to be released with records_free; or the
 * problem. */
int times_read(const char *path, const char *workers, struct records *records,
               bool *at_random, struct problem *problem);

#endif

/* times_records.h: times that were read somewhere, as records. */
#ifndef CORESWEEP_TIMES_RECORDS_H
#define CORESWEEP_TIMES_RECORDS_H

#include "bench/record/record.h"

/* A time, and where it stands, for messages. */
struct times_line {
  const char *name, *workers, *seconds, *run; /* run: NULL: the next one */
  const char *where;
};

/* One more than the runs of that name with so many workers. */
int64_t times_next_run(const struct records *records, const char *name,
                       int64_t workers);

/* Adds the record of a time; 0, or the problem with what it says. */
int times_add(struct records *records, const struct times_line *line,
              struct problem *problem);

/* Times without runs are in no pairs: they get one at random, the same for the
 * same times, in whatever order they were listed.  0, or PROBLEM_FAILURE: no
 * memory. */
int times_pair_at_random(struct records *records, struct problem *problem);

#endif

/* sweep_folder.h: a sweep's folder, new or gone on with, and held by one
 * process at a time. */
#ifndef CORESWEEP_SWEEP_FOLDER_H
#define CORESWEEP_SWEEP_FOLDER_H

#include "bench/commands/sweep_options.h"
#include "bench/record/environment.h"
#include "bench/sweep/finished.h"

/* Opens trials.jsonl for appending and locks it, until it is closed or the
 * process ends.  A new run gets its environment.json and its first plan.json;
 * of one that is gone on with, o->plan is read again, its identity compared
 * with this program and machine, a torn last line cut off (and said on
 * stderr), and what is finished read.
 * Fills *finished (to be released with finished_free in any case).  Returns 0
 * and *fd, or the problem. */
int sweep_folder_open(struct sweep_options *o,
                      const struct environment *environment,
                      struct finished *finished, int *fd,
                      struct problem *problem);

#endif

/* replay.h: an executor whose trials were recorded before. */
#ifndef CORESWEEP_REPLAY_H
#define CORESWEEP_REPLAY_H

#include "bench/sweep/executor.h"

/* Each order is answered by the first record that was not used yet of the same
 * workload, variant as asked for, workers, size, seed and number of timed
 * regions.  Its clock goes on by each trial's wall_s. */
struct executor_replay {
  struct executor base;
  const struct records *records; /* borrowed */
  const char *path;              /* where they are from, for messages */
  bool *used;                    /* [records->count], owned */
  size_t first;                  /* all before it are used */
  double now_s;
};

/* Returns 0, or the problem when memory is out; release with
 * executor_replay_free.  An order without a record is a problem that names
 * it, and ends the sweep. */
int executor_replay_init(struct executor_replay *executor,
                         const struct records *records, const char *path,
                         struct problem *problem);
void executor_replay_free(struct executor_replay *executor);

#endif

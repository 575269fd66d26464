/* processes.h: one team of worker processes, for `fork`, `pool` and `copies`
 * alike.
 *
 * P children do the work and the parent only waits.  Hand-off is a number in
 * shared memory and a futex.  Nothing depends on a lock that a dead worker
 * could hold: the parent waits in short slices and looks for dead children
 * between them.  To be used from the main thread alone: a child asks to be
 * killed when the *thread* that forked it ends. */
#ifndef CORESWEEP_PROCESSES_H
#define CORESWEEP_PROCESSES_H

#include "bench/plan/problem.h"
#include "bench/trial/job.h"

struct processes;

enum processes_life {
  PROCESSES_STAY,   /* wait for regions until they are told to stop */
  PROCESSES_LEAVE,  /* do one region as soon as they start, and exit */
  PROCESSES_COPIES, /* wait for errands until they are told to stop */
};

/* Forks job->workers children, which bind themselves.  Those that stay are
 * waiting when this returns.
 * *team is to be closed with processes_close, whatever happens after.
 * Returns 0, or the problem with nothing left behind. */
int processes_open(struct job *job, enum processes_life life,
                   struct processes **team, struct problem *problem);

/* Lets each worker of a team that waits do the errand, and waits for all of
 * them.  What context points to is in a worker what it was when the team was
 * opened, but for memory that is shared.  As processes_region. */
int processes_send(struct processes *team, worker_errand *errand, void *context,
                   struct problem *problem);

/* Lets the team do the job, and waits for all of it (for teams that leave:
 * also for their exits).  Returns 0, or the problem: which worker died, of
 * what, at which items. */
int processes_region(struct processes *team, struct problem *problem);

/* Ends and reaps the team: by force where it failed, and a worker that does
 * not end by itself within a second.  Sleeps on nothing but their ends.
 * Cannot fail. */
void processes_close(struct processes *team);

#endif

/* processes_team.h: what the files of a team of processes share: the parent's
 * side (processes.c), its watch over the workers (processes_watch.c), and the
 * life of a worker (processes_worker.c). */
#ifndef CORESWEEP_PROCESSES_TEAM_H
#define CORESWEEP_PROCESSES_TEAM_H

#include "bench/trial/handoff.h"
#include "bench/trial/memory.h"
#include "bench/trial/processes.h"
#include "bench/trial/transports/transport.h"

#define APPLY_END UINT64_MAX /* instead of an item: that was all */

/* Between the parent and one worker. */
struct mailbox {
  struct handoff request; /* a number per item under apply */
  struct handoff reply;
  _Atomic uint64_t item;     /* of the request; APPLY_END: that was all */
  _Atomic uint32_t reported; /* the last region whose share is done */
};

/* What a generation is for. */
enum task { TASK_REGION, TASK_ERRAND, TASK_STOP };

/* Shared by parent and workers. */
struct control {
  struct handoff generation; /* number of the region; workers wait for it */
  struct handoff remaining;  /* workers at work; the parent waits for 0 */
  _Atomic uint32_t task;     /* of this generation: enum task */
  _Atomic int bind_error;    /* errno of a worker that could not be bound */
  worker_errand *errand;     /* of TASK_ERRAND, and what it is given */
  void *context;
  struct mailbox mailboxes[];
};

struct processes {
  struct job *job;
  struct control *control;
  struct memory memory;
  struct channel channel;
  pid_t *pids; /* 0: not started, or reaped */
  enum processes_life life;
  bool channel_open, failed, spins;
  int64_t looked_ns; /* when the parent last looked around */
  uint32_t awaited;  /* the one worker it waits for; workers: all of them */
};

/* The life of a worker; never returns, and runs no exit handlers. */
_Noreturn void processes_worker(const struct processes *team, uint32_t worker,
                                pid_t parent);

/* Waits until the word has the value; looks around meanwhile, for processes
 * that died and for the time-out.  0, or the problem with team->failed set. */
int processes_wait_for(struct processes *team, struct handoff *handoff,
                       uint32_t value, struct problem *problem);

/* Waits until all workers have reported.  As processes_wait_for. */
int processes_wait_all(struct processes *team, struct problem *problem);

/* Takes what has come through the channel, or looks around. */
int processes_receive(struct processes *team, struct problem *problem);

/* Whether the trial's time is out: names who is late. */
int processes_look_at_clock(struct processes *team, struct problem *problem);

/* Says what became of a worker that ended, and sets team->failed. */
int processes_describe_worker(struct processes *team, uint32_t worker,
                              int status, struct problem *problem);

#endif

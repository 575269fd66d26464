/* The life of a worker process. */
#include "bench/trial/processes_team.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

/* Items as the parent asks for them, one by one. */
static void apply_loop(const struct processes *team, uint32_t worker,
                       uint32_t *seen) {
  struct mailbox *mailbox = &team->control->mailboxes[worker];
  for (;;) {
    while (handoff_read(&mailbox->request) == *seen)
      handoff_wait(&mailbox->request, *seen, team->spins, 0);
    ++*seen;
    uint64_t item = atomic_load_explicit(&mailbox->item, memory_order_relaxed);
    if (item == APPLY_END)
      return;
    worker_run(team->job, worker, item, item + 1);
    if (!team->job->channel)
      handoff_set(&mailbox->reply, *seen);
  }
}

static void report_done(const struct processes *team, uint32_t worker,
                        uint32_t generation) {
  struct control *control = team->control;
  const struct job *job = team->job;
  if (job->channel) {
    const struct parcel done = {.kind = PARCEL_DONE, .worker = worker};
    if (job->channel->transport->send(job->channel, &done, job->output) != 0)
      _exit(1);
  } else if (atomic_fetch_sub(&control->remaining.word, 1) == 1) {
    handoff_wake(&control->remaining); /* the last one wakes the parent */
  }
  atomic_store(&control->mailboxes[worker].reported, generation);
}

static void work(const struct processes *team, uint32_t worker,
                 uint32_t generation, uint32_t *requests_seen) {
  worker_enter(team->job, worker);
  if (team->job->schedule == SCHEDULE_APPLY)
    apply_loop(team, worker, requests_seen);
  else
    worker_loop(team->job, worker);
  worker_leave(team->job, worker);
  report_done(team, worker, generation);
}

_Noreturn void processes_worker(const struct processes *team, uint32_t worker,
                                pid_t parent) {
  struct control *control = team->control;
  uint32_t seen = 0, requests_seen = 0;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent)
    _exit(1); /* the parent was gone before the line above */
  int error = worker_bind(team->job->cpus[worker]);
  if (error)
    atomic_store(&control->bind_error, -error);
  if (team->job->channel)
    team->job->channel->transport->attach(team->job->channel, worker);
  if (team->life == PROCESSES_LEAVE) {
    noise_born();
    work(team, worker, 1, &requests_seen);
    _exit(0);
  }
  report_done(team, worker, 0);
  for (;;) {
    while (handoff_read(&control->generation) == seen)
      handoff_wait(&control->generation, seen, team->spins, 0);
    seen = handoff_read(&control->generation);
    uint32_t task = atomic_load(&control->task);
    if (task == TASK_STOP)
      _exit(0);
    if (task == TASK_REGION) {
      work(team, worker, seen, &requests_seen);
    } else {
      control->errand(control->context, worker);
      report_done(team, worker, seen);
    }
  }
}

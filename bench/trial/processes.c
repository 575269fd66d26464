#include "bench/trial/processes.h"

#include "bench/trial/clock.h"
#include "bench/trial/handoff.h"
#include "bench/trial/limits.h"
#include "bench/trial/memory.h"
#include "bench/trial/transports/transport.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
  SLICE_MS = 20, /* how long the parent waits without looking around */
  SLICE_NS = SLICE_MS * 1000000,
  CLOSE_SLICES = 50, /* for idle workers to leave by themselves: a second */
};

static const uint64_t no_item = UINT64_MAX;

/* Between the parent and one worker. */
struct mailbox {
  struct handoff request; /* a number per item under apply */
  struct handoff reply;
  _Atomic uint64_t item;     /* of the request; no_item: that was all */
  _Atomic uint32_t reported; /* the last region whose share is done */
};

/* Shared by parent and workers. */
struct control {
  struct handoff generation; /* number of the region; workers wait for it */
  struct handoff remaining;  /* workers at work; the parent waits for 0 */
  _Atomic uint32_t stop;
  _Atomic int bind_error; /* errno of a worker that could not be bound */
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
  int64_t begin_ns; /* of the region, or of open: for the time-out */
};

/* ---- workers ----------------------------------------------------------- */

/* Items as the parent asks for them, one by one. */
static void apply_loop(const struct processes *team, uint32_t worker,
                       uint32_t *seen) {
  struct mailbox *mailbox = &team->control->mailboxes[worker];
  for (;;) {
    while (handoff_read(&mailbox->request) == *seen)
      handoff_wait(&mailbox->request, *seen, team->spins, 0);
    ++*seen;
    uint64_t item = atomic_load_explicit(&mailbox->item, memory_order_relaxed);
    if (item == no_item)
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
  atomic_store(&control->mailboxes[worker].reported, generation);
  if (job->channel) {
    const struct parcel done = {.kind = PARCEL_DONE, .worker = worker};
    if (job->channel->transport->send(job->channel, &done, job->output) != 0)
      _exit(1);
    return;
  }
  /* The last one wakes the parent. */
  if (atomic_fetch_sub(&control->remaining.word, 1) == 1)
    handoff_wake(&control->remaining);
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

/* The life of a worker; never returns, and runs no exit handlers. */
static _Noreturn void worker_main(const struct processes *team, uint32_t worker,
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
    work(team, worker, 1, &requests_seen);
    _exit(0);
  }
  worker_touch(team->job, worker);
  report_done(team, worker, 0);
  for (;;) {
    while (handoff_read(&control->generation) == seen)
      handoff_wait(&control->generation, seen, team->spins, 0);
    if (atomic_load(&control->stop))
      _exit(0);
    seen = handoff_read(&control->generation);
    work(team, worker, seen, &requests_seen);
  }
}

/* ---- what may go wrong, seen by the parent ------------------------------- */

static const char *team_name(const struct processes *team) {
  return team->life == PROCESSES_LEAVE ? "fork" : "pool";
}

/* Says what became of a process that ended before its share was done. */
static int describe_death(struct processes *team, const char *who, int status,
                          const struct worker_slot *slot,
                          struct problem *problem) {
  char how[80], where[80] = "";
  team->failed = true;
  if (WIFSIGNALED(status))
    snprintf(how, sizeof how, "was killed by signal %d (%s)", WTERMSIG(status),
             strsignal(WTERMSIG(status)));
  else
    snprintf(how, sizeof how, "exited with status %d", WEXITSTATUS(status));
  if (slot)
    snprintf(where, sizeof where,
             "; its last chunk was items %" PRIu64 " to %" PRIu64,
             atomic_load(&slot->at_begin), atomic_load(&slot->at_end));
  return problem_failure(problem, "%s: %s %s%s", team_name(team), who, how,
                         where);
}

/* Looks for processes that ended; one that leaves with status 0 after its
 * region has done its share. */
static int look_for_dead(struct processes *team, struct problem *problem) {
  int status;
  char who[40];
  if (team->channel.server > 0 &&
      waitpid(team->channel.server, &status, WNOHANG) > 0) {
    team->channel.server = 0;
    return describe_death(team, "the server", status, NULL, problem);
  }
  for (uint32_t w = 0; w < team->job->workers; w++) {
    if (team->pids[w] == 0 || waitpid(team->pids[w], &status, WNOHANG) <= 0)
      continue;
    team->pids[w] = 0;
    if (team->life == PROCESSES_LEAVE && WIFEXITED(status) &&
        WEXITSTATUS(status) == 0)
      continue;
    snprintf(who, sizeof who, "worker %" PRIu32, w);
    return describe_death(team, who, status, &team->job->slots[w], problem);
  }
  return PROBLEM_NONE;
}

static int look_at_clock(struct processes *team, struct problem *problem) {
  double elapsed_s = (double)(clock_now_ns() - team->begin_ns) * 1e-9;
  if (!(team->job->timeout_s > 0) || elapsed_s < team->job->timeout_s)
    return PROBLEM_NONE;
  uint32_t generation = handoff_read(&team->control->generation);
  uint32_t late = 0;
  while (late + 1 < team->job->workers &&
         atomic_load(&team->control->mailboxes[late].reported) == generation &&
         team->job->slots[late].chunks > 0)
    late++;
  team->failed = true;
  return problem_failure(problem,
                         "%s: worker %" PRIu32
                         " was not done after %.3g s (--timeout); its last "
                         "chunk was items %" PRIu64 " to %" PRIu64,
                         team_name(team), late, team->job->timeout_s,
                         atomic_load(&team->job->slots[late].at_begin),
                         atomic_load(&team->job->slots[late].at_end));
}

static int look_around(struct processes *team, struct problem *problem) {
  int status = look_for_dead(team, problem);
  return status ? status : look_at_clock(team, problem);
}

/* Takes what has come through the channel, or looks around. */
static int receive_some(struct processes *team, struct problem *problem) {
  struct channel *channel = &team->channel;
  int got = channel->transport->receive(channel, SLICE_MS);
  if (got > 0)
    return PROBLEM_NONE;
  int status = look_around(team, problem);
  if (status || got == 0)
    return status;
  if (got == -EPIPE) { /* all ends are closed: someone is about to be found */
    usleep(SLICE_MS * 1000 / 20);
    return PROBLEM_NONE;
  }
  team->failed = true;
  return problem_failure(problem, "%s: %s", channel->transport->name,
                         strerror(-got));
}

/* Waits until the word has the value, and looks around between slices. */
static int wait_for(struct processes *team, struct handoff *handoff,
                    uint32_t value, struct problem *problem) {
  uint32_t now;
  while ((now = handoff_read(handoff)) != value) {
    handoff_wait(handoff, now, team->spins, SLICE_NS);
    if (handoff_read(handoff) != now)
      continue;
    int status = look_around(team, problem);
    if (status)
      return status;
  }
  return PROBLEM_NONE;
}

/* Waits until all workers have reported. */
static int wait_all(struct processes *team, struct problem *problem) {
  int status = PROBLEM_NONE;
  if (!team->job->channel)
    status = wait_for(team, &team->control->remaining, 0, problem);
  while (!status && team->job->channel &&
         team->channel.done < team->job->workers)
    status = receive_some(team, problem);
  team->channel.done = 0;
  int error = atomic_load(&team->control->bind_error);
  if (status || !error)
    return status;
  team->failed = true;
  return problem_failure(problem, "a worker could not be bound: %s",
                         strerror(error));
}

/* ---- the team ------------------------------------------------------------ */

static int start_workers(struct processes *team, struct problem *problem) {
  pid_t parent = getpid();
  for (uint32_t w = 0; w < team->job->workers; w++) {
    pid_t pid = fork();
    if (pid == 0)
      worker_main(team, w, parent);
    if (pid < 0) {
      team->failed = true;
      return limits_fork_problem(w, team->job->workers, errno, problem);
    }
    team->pids[w] = pid;
  }
  return PROBLEM_NONE;
}

static int open_channel(struct processes *team, struct problem *problem) {
  struct job *job = team->job;
  team->channel = (struct channel){.transport = transport_find(job->transport),
                                   .job = job,
                                   .spins = team->spins};
  job->channel = team->channel.transport ? &team->channel : NULL;
  if (!job->channel)
    return PROBLEM_NONE;
  int status = job->channel->transport->open(job->channel, problem);
  team->channel_open = !status;
  return status;
}

static int fill_team(struct processes *team, struct problem *problem) {
  struct job *job = team->job;
  team->pids = calloc(job->workers, sizeof *team->pids);
  team->control =
      memory_map(&team->memory,
                 sizeof *team->control + job->workers * sizeof(struct mailbox),
                 MEMORY_SHARED);
  if (!team->pids || !team->control)
    return problem_failure(
        problem, "no memory for a team of %" PRIu32 " processes", job->workers);
  atomic_store(&team->control->remaining.word, job->workers);
  if (team->life == PROCESSES_LEAVE)
    atomic_store(&team->control->generation.word, 1);
  int status = open_channel(team, problem);
  if (!status)
    status = start_workers(team, problem);
  if (!status && job->channel)
    job->channel->transport->detach(job->channel);
  return status;
}

int processes_open(struct job *job, enum processes_life life,
                   struct processes **out, struct problem *problem) {
  struct processes *team = calloc(1, sizeof *team);
  if (!team)
    return problem_failure(problem, "no memory for a team of processes");
  memory_init(&team->memory);
  team->job = job;
  team->life = life;
  team->begin_ns = clock_now_ns();
  team->spins = job->usable_cpus > job->workers;
  int status = fill_team(team, problem);
  if (!status && life == PROCESSES_STAY)
    status = wait_all(team, problem);
  if (status) {
    processes_close(team);
    return status;
  }
  /* The CPU that is left over is the parent's. */
  if (team->spins)
    worker_bind(job->cpus[job->workers]);
  *out = team;
  return PROBLEM_NONE;
}

/* Hands out the items one by one, to each worker in turn, and waits for each
 * result before the next. */
static int apply_all(struct processes *team, struct problem *problem) {
  const struct job *job = team->job;
  int status = PROBLEM_NONE;
  for (uint64_t item = 0; !status && item < job->size; item++) {
    struct mailbox *mailbox = &team->control->mailboxes[item % job->workers];
    uint64_t results = team->channel.results;
    atomic_store_explicit(&mailbox->item, item, memory_order_relaxed);
    handoff_advance(&mailbox->request);
    if (!job->channel)
      status = wait_for(team, &mailbox->reply,
                        atomic_load(&mailbox->request.word), problem);
    while (!status && job->channel && team->channel.results == results)
      status = receive_some(team, problem);
  }
  for (uint32_t w = 0; !status && w < job->workers; w++) {
    atomic_store(&team->control->mailboxes[w].item, no_item);
    handoff_advance(&team->control->mailboxes[w].request);
  }
  return status;
}

/* Waits for the ends of all that are left: of idle ones that were told to go
 * a second, then by force. */
static void reap(struct processes *team) {
  int slices = team->failed ? 0 : CLOSE_SLICES;
  for (uint32_t w = 0; w < team->job->workers; w++) {
    while (team->pids[w] != 0) {
      if (slices == 0)
        kill(team->pids[w], SIGKILL);
      pid_t ended = waitpid(team->pids[w], NULL, slices > 0 ? WNOHANG : 0);
      if (ended == team->pids[w] || (ended < 0 && errno != EINTR))
        team->pids[w] = 0;
      else if (ended == 0 && slices-- > 0)
        usleep(slices > CLOSE_SLICES - 10 ? 100 : SLICE_MS * 1000);
    }
  }
}

/* As reap, for workers that leave after their region: part of it. */
static int await_leaving(struct processes *team, struct problem *problem) {
  for (uint32_t w = 0; w < team->job->workers; w++) {
    int status;
    char who[40];
    while (team->pids[w] != 0 && waitpid(team->pids[w], &status, 0) < 0)
      if (errno != EINTR)
        break;
    if (team->pids[w] == 0)
      continue;
    team->pids[w] = 0;
    snprintf(who, sizeof who, "worker %" PRIu32, w);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
      return describe_death(team, who, status, &team->job->slots[w], problem);
  }
  return PROBLEM_NONE;
}

int processes_region(struct processes *team, struct problem *problem) {
  struct control *control = team->control;
  int status = PROBLEM_NONE;
  if (team->life == PROCESSES_STAY) {
    team->begin_ns = clock_now_ns();
    atomic_store(&control->remaining.word, team->job->workers);
    handoff_advance(&control->generation);
  }
  if (team->job->schedule == SCHEDULE_APPLY)
    status = apply_all(team, problem);
  if (!status)
    status = wait_all(team, problem);
  if (!status && team->life == PROCESSES_LEAVE)
    status = await_leaving(team, problem);
  return status;
}

void processes_close(struct processes *team) {
  if (team->control && team->pids) {
    atomic_store(&team->control->stop, 1);
    handoff_advance(&team->control->generation);
    reap(team);
  }
  if (team->channel_open)
    team->channel.transport->close(&team->channel);
  team->job->channel = NULL;
  if (team->spins)
    worker_bind(team->job->cpus[0]);
  memory_release(&team->memory);
  free(team->pids);
  free(team);
}

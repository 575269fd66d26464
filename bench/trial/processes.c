#include "bench/trial/processes.h"

#include "bench/trial/clock.h"
#include "bench/trial/limits.h"
#include "bench/trial/processes_team.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
  CLOSE_MS = 20,     /* between looks at workers that were told to leave */
  CLOSE_SLICES = 50, /* for idle ones to leave by themselves: a second */
};

/* A child is born where its parent may run.  Were that only the CPU that the
 * parent is bound to, every child would wait there, behind its parent and the
 * workers before it, until it could move to its own: so the parent may also run
 * on the CPU of the child to come.  The worker that shares the parent's CPU
 * comes last: it would hold up the others. */
static int start_workers(struct processes *team, struct problem *problem) {
  pid_t parent = getpid();
  for (uint32_t w = team->job->workers; w-- > 0;) {
    const int places[] = {team->job->cpus[0], team->job->cpus[w]};
    worker_bind_any(places, 2);
    pid_t pid = fork();
    if (pid == 0)
      processes_worker(team, w, parent);
    if (pid < 0) {
      int error = errno;
      char what[60];
      team->failed = true;
      snprintf(what, sizeof what, "worker %" PRIu32 " of %" PRIu32,
               team->job->workers - w, team->job->workers);
      return limits_fork_problem(what, error, problem);
    }
    team->pids[w] = pid;
  }
  worker_bind(team->job->cpus[0]);
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
    return limits_memory_problem("a team of processes", problem);
  atomic_store(&team->control->remaining.word, job->workers);
  for (uint32_t w = 0; w < job->workers; w++)
    atomic_store(&team->control->mailboxes[w].reported, UINT32_MAX);
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
    return limits_memory_problem("a team of processes", problem);
  memory_init(&team->memory);
  team->job = job;
  team->life = life;
  team->begin_ns = team->looked_ns = clock_now_ns();
  team->awaited = job->workers;
  team->spins = job->usable_cpus > job->workers;
  int status = fill_team(team, problem);
  if (!status && life == PROCESSES_STAY)
    status = processes_wait_all(team, problem);
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
    team->awaited = (uint32_t)(item % job->workers);
    struct mailbox *mailbox = &team->control->mailboxes[team->awaited];
    uint64_t results = team->channel.results;
    atomic_store_explicit(&mailbox->item, item, memory_order_relaxed);
    handoff_advance(&mailbox->request);
    if (!job->channel)
      status = processes_wait_for(team, &mailbox->reply,
                                  atomic_load(&mailbox->request.word), problem);
    while (!status && job->channel && team->channel.results == results)
      status = processes_receive(team, problem);
  }
  team->awaited = job->workers;
  for (uint32_t w = 0; !status && w < job->workers; w++) {
    atomic_store(&team->control->mailboxes[w].item, APPLY_END);
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
        usleep(slices > CLOSE_SLICES - 10 ? 100 : CLOSE_MS * 1000);
    }
  }
}

/* As reap, for workers that leave after their region: part of it.  Blocks,
 * but not for one that is stopped on its way out: then the clock decides. */
static int await_leaving(struct processes *team, struct problem *problem) {
  int failure = PROBLEM_NONE, options = WUNTRACED;
  for (uint32_t w = 0; !failure && w < team->job->workers; w++) {
    team->awaited = w;
    while (!failure && team->pids[w] != 0) {
      int status;
      pid_t ended = waitpid(team->pids[w], &status, options);
      if (ended > 0 && !WIFSTOPPED(status)) {
        team->pids[w] = 0;
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
          failure = processes_describe_worker(team, w, status, problem);
      } else if (ended >= 0) {
        options = WNOHANG;
        usleep(CLOSE_MS * 1000);
        failure = processes_look_at_clock(team, problem);
      } else if (errno != EINTR) {
        team->pids[w] = 0;
      }
    }
  }
  return failure;
}

int processes_region(struct processes *team, struct problem *problem) {
  struct control *control = team->control;
  int status = PROBLEM_NONE;
  if (team->life == PROCESSES_STAY) {
    team->begin_ns = team->looked_ns = clock_now_ns();
    atomic_store(&control->remaining.word, team->job->workers);
    handoff_advance(&control->generation);
  }
  if (team->job->schedule == SCHEDULE_APPLY)
    status = apply_all(team, problem);
  if (!status)
    status = processes_wait_all(team, problem);
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

#include "bench/trial/processes.h"

#include "bench/trial/clock.h"
#include "bench/trial/limits.h"
#include "bench/trial/processes_team.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
  CLOSE_MS = 1000, /* for idle workers to leave by themselves, all together */
  LOOK_MS = 20,    /* between looks at one that is stopped on its way out */
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
  team->looked_ns = clock_now_ns();
  team->awaited = job->workers;
  team->spins = job->usable_cpus > job->workers;
  int status = fill_team(team, problem);
  if (!status && life != PROCESSES_LEAVE)
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
 * result before the next; none past a hit. */
static int apply_all(struct processes *team, struct problem *problem) {
  const struct job *job = team->job;
  const _Atomic uint64_t *hit = &job->shared->control.lowest_hit;
  int status = PROBLEM_NONE;
  for (uint64_t item = 0; !status && item < job->size; item++) {
    if (item > atomic_load_explicit(hit, memory_order_relaxed))
      break;
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

/* Waits until the child has ended, which wakes it at once, or until then.
 * Returns whether it has ended. */
static bool await_end(pid_t pid, int64_t until_ns) {
  int fd = (int)syscall(SYS_pidfd_open, pid, 0); /* closed on exec */
  bool ended = false;
  for (int64_t left_ms = 1; !ended && left_ms > 0;) {
    siginfo_t info = {.si_pid = 0};
    int gone = waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT);
    ended = gone != 0 || info.si_pid == pid;
    left_ms = (until_ns - clock_now_ns()) / 1000000;
    if (!ended && left_ms > 0 && fd >= 0)
      poll(&(struct pollfd){fd, POLLIN, 0}, 1, (int)left_ms);
    else if (!ended)
      sched_yield(); /* before Linux 5.3, or out of descriptors */
  }
  if (fd >= 0)
    close(fd);
  return ended;
}

/* Waits for the ends of all that are left: of idle ones that were told to go
 * a second, then by force. */
static void reap(struct processes *team) {
  int64_t until_ns = clock_now_ns() + INT64_C(1000000) * CLOSE_MS;
  for (uint32_t w = 0; w < team->job->workers; w++) {
    pid_t pid = team->pids[w];
    if (pid == 0)
      continue;
    if (team->failed || !await_end(pid, until_ns))
      kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
      ;
    team->pids[w] = 0;
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
        usleep(LOOK_MS * 1000);
        failure = processes_look_at_clock(team, problem);
      } else if (errno != EINTR) {
        team->pids[w] = 0;
      }
    }
  }
  return failure;
}

/* Wakes the workers for something to do. */
static void begin_task(struct processes *team, enum task task) {
  struct control *control = team->control;
  team->looked_ns = clock_now_ns();
  atomic_store(&control->task, task);
  atomic_store(&control->remaining.word, team->job->workers);
  handoff_advance(&control->generation);
}

int processes_send(struct processes *team, worker_errand *errand, void *context,
                   struct problem *problem) {
  team->control->errand = errand;
  team->control->context = context;
  begin_task(team, TASK_ERRAND);
  return processes_wait_all(team, problem);
}

int processes_region(struct processes *team, struct problem *problem) {
  int status = PROBLEM_NONE;
  if (team->life != PROCESSES_LEAVE)
    begin_task(team, TASK_REGION);
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
    begin_task(team, TASK_STOP);
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

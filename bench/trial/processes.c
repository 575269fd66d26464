#include "bench/trial/processes.h"

#include "bench/trial/clock.h"
#include "bench/trial/memory.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
  SLICE_NS = 20000000, /* how long the parent sleeps without looking around */
  SPIN_NS = 50000,     /* how long to spin before sleeping, where one may */
};

/* Shared by parent and workers. */
struct control {
  _Alignas(128) _Atomic uint32_t generation; /* region number; workers wait */
  _Alignas(128) _Atomic uint32_t remaining;  /* workers; the parent waits */
  _Alignas(128) _Atomic uint32_t stop;
  _Atomic int bind_error; /* errno of a worker that could not be bound */
};

struct processes {
  struct job *job;
  struct control *control;
  struct memory memory;
  pid_t *pids; /* 0: not started, or reaped */
  enum processes_life life;
  bool failed;
  bool spins;
};

static long futex(_Atomic uint32_t *word, int operation, uint32_t value,
                  const struct timespec *timeout) {
  return syscall(SYS_futex, word, operation, value, timeout, NULL, 0);
}

/* Waits until *word is not `value`, or about `slice_ns` (0: for ever). */
static void wait_change(_Atomic uint32_t *word, uint32_t value, bool spins,
                        long slice_ns) {
  struct timespec slice = {.tv_nsec = slice_ns};
  if (spins)
    for (int64_t end = clock_now_ns() + SPIN_NS; clock_now_ns() < end;)
      if (atomic_load_explicit(word, memory_order_acquire) != value)
        return;
  if (atomic_load_explicit(word, memory_order_acquire) == value)
    futex(word, FUTEX_WAIT, value, slice_ns ? &slice : NULL);
}

/* One worker's share is done; the last one wakes the parent. */
static void report_done(struct control *control) {
  if (atomic_fetch_sub_explicit(&control->remaining, 1, memory_order_acq_rel) ==
      1)
    futex(&control->remaining, FUTEX_WAKE, 1, NULL);
}

static void work(const struct processes *team, uint32_t worker) {
  worker_enter(team->job, worker);
  worker_loop(team->job, worker);
  worker_leave(team->job, worker);
  report_done(team->control);
}

/* The life of a worker; never returns, and runs no exit handlers. */
static _Noreturn void worker_main(const struct processes *team, uint32_t worker,
                                  pid_t parent) {
  struct control *control = team->control;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent)
    _exit(1); /* the parent was gone before the line above */
  int error = worker_bind(team->job->cpus[worker]);
  if (error)
    atomic_store(&control->bind_error, -error);
  if (team->life == PROCESSES_LEAVE) {
    work(team, worker);
    _exit(0);
  }
  uint32_t seen = atomic_load(&control->generation);
  worker_touch(team->job, worker);
  report_done(control);
  for (;;) {
    wait_change(&control->generation, seen, team->spins, 0);
    if (atomic_load(&control->stop))
      _exit(0);
    uint32_t now =
        atomic_load_explicit(&control->generation, memory_order_acquire);
    if (now == seen)
      continue;
    seen = now;
    work(team, worker);
  }
}

/* Says what became of a worker that ended before its share was done. */
static int describe_death(const struct processes *team, uint32_t worker,
                          int status, struct problem *problem) {
  const struct worker_slot *slot = &team->job->slots[worker];
  char how[80];
  if (WIFSIGNALED(status))
    snprintf(how, sizeof how, "was killed by signal %d (%s)", WTERMSIG(status),
             strsignal(WTERMSIG(status)));
  else
    snprintf(how, sizeof how, "exited with status %d", WEXITSTATUS(status));
  return problem_failure(problem,
                         "%s: worker %" PRIu32 " %s; its last chunk was items "
                         "%" PRIu64 " to %" PRIu64,
                         team->life == PROCESSES_LEAVE ? "fork" : "pool",
                         worker, how, atomic_load(&slot->at_begin),
                         atomic_load(&slot->at_end));
}

/* Looks for workers that ended; under PROCESSES_LEAVE, one that exits with
 * status 0 has done its share. */
static int look_for_dead(struct processes *team, struct problem *problem) {
  for (uint32_t w = 0; w < team->job->workers; w++) {
    int status;
    if (team->pids[w] == 0 || waitpid(team->pids[w], &status, WNOHANG) <= 0)
      continue;
    team->pids[w] = 0;
    if (team->life == PROCESSES_LEAVE && WIFEXITED(status) &&
        WEXITSTATUS(status) == 0)
      continue;
    team->failed = true;
    return describe_death(team, w, status, problem);
  }
  return PROBLEM_NONE;
}

/* Waits until all workers have reported. */
static int wait_all(struct processes *team, struct problem *problem) {
  _Atomic uint32_t *remaining = &team->control->remaining;
  uint32_t left;
  while ((left = atomic_load_explicit(remaining, memory_order_acquire)) > 0) {
    wait_change(remaining, left, team->spins, SLICE_NS);
    if (atomic_load_explicit(remaining, memory_order_acquire) == left) {
      int status = look_for_dead(team, problem);
      if (status)
        return status;
    }
  }
  int error = atomic_load(&team->control->bind_error);
  if (error) {
    team->failed = true;
    return problem_failure(problem, "a worker could not be bound: %s",
                           strerror(error));
  }
  return PROBLEM_NONE;
}

static int start_workers(struct processes *team, struct problem *problem) {
  pid_t parent = getpid();
  for (uint32_t w = 0; w < team->job->workers; w++) {
    pid_t pid = fork();
    if (pid == 0)
      worker_main(team, w, parent);
    if (pid < 0) {
      team->failed = true;
      return problem_failure(
          problem, "worker %" PRIu32 " of %" PRIu32 " could not be forked: %s",
          w, team->job->workers, strerror(errno));
    }
    team->pids[w] = pid;
  }
  return PROBLEM_NONE;
}

int processes_open(struct job *job, enum processes_life life,
                   struct processes **out, struct problem *problem) {
  struct processes *team = calloc(1, sizeof *team);
  if (!team)
    return problem_failure(problem, "no memory for a team of processes");
  memory_init(&team->memory);
  team->job = job;
  team->life = life;
  team->spins = job->usable_cpus > job->workers;
  team->pids = calloc(job->workers, sizeof *team->pids);
  team->control =
      memory_map(&team->memory, sizeof *team->control, MEMORY_SHARED);
  if (!team->pids || !team->control) {
    team->job = NULL;
    processes_close(team);
    return problem_failure(problem, "no memory for a team of processes");
  }
  atomic_store(&team->control->remaining, job->workers);
  int status = start_workers(team, problem);
  if (!status && life == PROCESSES_STAY)
    status = wait_all(team, problem);
  if (status)
    processes_close(team);
  else
    *out = team;
  return status;
}

/* Waits for the ends of all that are left. */
static void reap(struct processes *team) {
  for (uint32_t w = 0; w < team->job->workers; w++) {
    if (team->pids[w] == 0)
      continue;
    if (team->failed)
      kill(team->pids[w], SIGKILL);
    while (waitpid(team->pids[w], NULL, 0) < 0 && errno == EINTR)
      ;
    team->pids[w] = 0;
  }
}

int processes_region(struct processes *team, struct problem *problem) {
  struct control *control = team->control;
  if (team->life == PROCESSES_STAY) {
    atomic_store(&control->remaining, team->job->workers);
    atomic_fetch_add_explicit(&control->generation, 1, memory_order_release);
    futex(&control->generation, FUTEX_WAKE, INT32_MAX, NULL);
  }
  int status = wait_all(team, problem);
  if (!status && team->life == PROCESSES_LEAVE)
    reap(team);
  return status;
}

void processes_close(struct processes *team) {
  if (team->job) {
    atomic_store(&team->control->stop, 1);
    atomic_fetch_add(&team->control->generation, 1);
    futex(&team->control->generation, FUTEX_WAKE, INT32_MAX, NULL);
    reap(team);
  }
  memory_release(&team->memory);
  free(team->pids);
  free(team);
}

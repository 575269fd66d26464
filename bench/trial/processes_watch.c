/* The parent's watch: waiting, and noticing who died, stopped or is late. */
#include "bench/trial/clock.h"
#include "bench/trial/processes_team.h"
#include "bench/trial/watch.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
  SLICE_MS = 20, /* how long the parent waits without looking around */
  SLICE_NS = SLICE_MS * 1000000,
  SERVER_MS = 100, /* for a dead server to be seen after its victims */
};

static const char *team_name(const struct processes *team) {
  static const char *const names[] = {[PROCESSES_STAY] = "pool",
                                      [PROCESSES_LEAVE] = "fork",
                                      [PROCESSES_COPIES] = "copies"};
  return names[team->life];
}

/* Says what became of a process that ended before its share was done. */
static int describe_death(struct processes *team, const char *who, int status,
                          const struct worker_slot *slot,
                          struct problem *problem) {
  char how[WATCH_WORDS], where[WATCH_WORDS] = "";
  bool killed = WIFSIGNALED(status);
  team->failed = true;
  if (killed)
    watch_signal(WTERMSIG(status), how);
  else
    snprintf(how, sizeof how, "exited with status %d", WEXITSTATUS(status));
  if (slot)
    watch_place(slot, where);
  return problem_failure(problem, "%s: %s %s%s%s%s", team_name(team), who,
                         killed ? "was " : "", how, slot ? " " : "", where);
}

/* Looks whether the transport's server has died.  One that leaves with 0 has
 * seen all workers go: then it is they who are to be described. */
static int look_for_server(struct processes *team, struct problem *problem) {
  int status;
  if (team->channel.server <= 0 ||
      waitpid(team->channel.server, &status, WNOHANG) <= 0)
    return PROBLEM_NONE;
  team->channel.server = 0;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
    return PROBLEM_NONE;
  return describe_death(team, "the server", status, NULL, problem);
}

/* One that could no longer send may be found before the server that it sent
 * to. */
int processes_describe_worker(struct processes *team, uint32_t worker,
                              int status, struct problem *problem) {
  char who[40];
  bool unheard = WIFSIGNALED(status) ? WTERMSIG(status) == SIGPIPE
                                     : WEXITSTATUS(status) == 1;
  for (int ms = 0; unheard && team->channel.server > 0 && ms < SERVER_MS;
       ms++) {
    if (look_for_server(team, problem))
      return PROBLEM_FAILURE;
    usleep(1000);
  }
  snprintf(who, sizeof who, "worker %" PRIu32, worker);
  return describe_death(team, who, status, &team->job->slots[worker], problem);
}

/* Looks for processes that ended; one that leaves with status 0 after it has
 * reported its region has done its share. */
static int look_for_dead(struct processes *team, struct problem *problem) {
  int status = look_for_server(team, problem);
  for (uint32_t w = 0; !status && w < team->job->workers; w++) {
    int ending;
    if (team->pids[w] == 0 || waitpid(team->pids[w], &ending, WNOHANG) <= 0)
      continue;
    team->pids[w] = 0;
    if (team->life != PROCESSES_LEAVE || !WIFEXITED(ending) ||
        WEXITSTATUS(ending) != 0 ||
        atomic_load(&team->control->mailboxes[w].reported) != 1)
      status = processes_describe_worker(team, w, ending, problem);
  }
  return status;
}

/* Whether a signal has stopped that child. */
static bool is_stopped(pid_t pid) {
  siginfo_t info = {.si_pid = 0};
  return pid > 0 &&
         waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == pid;
}

/* The worker that keeps the parent waiting: a stopped one, the one that is
 * waited for, or the first that has not reported. */
static uint32_t late_worker(struct processes *team) {
  const uint32_t workers = team->job->workers;
  uint32_t generation = handoff_read(&team->control->generation), late = 0;
  for (uint32_t w = 0; w < workers; w++)
    if (is_stopped(team->pids[w]))
      return w;
  if (team->awaited < workers)
    return team->awaited;
  while (late + 1 < workers &&
         atomic_load(&team->control->mailboxes[late].reported) == generation)
    late++;
  return late;
}

int processes_look_at_clock(struct processes *team, struct problem *problem) {
  char who[40] = "the server", where[WATCH_WORDS] = "", late_words[WATCH_WORDS];
  const struct worker_slot *slot = NULL;
  if (!(team->job->timeout_s > 0) || clock_now_ns() < team->job->deadline_ns)
    return PROBLEM_NONE;
  if (!is_stopped(team->channel.server)) {
    uint32_t late = late_worker(team);
    snprintf(who, sizeof who, "worker %" PRIu32, late);
    slot = &team->job->slots[late];
  }
  if (slot)
    watch_place(slot, where);
  watch_late(team->job->timeout_s, late_words);
  team->failed = true;
  return problem_failure(problem, "%s: %s %s%s%s", team_name(team), who,
                         late_words, slot ? ", " : "", where);
}

static int look_around(struct processes *team, struct problem *problem) {
  int status = look_for_dead(team, problem);
  return status ? status : processes_look_at_clock(team, problem);
}

/* Looks around once in a slice, however much comes in meanwhile.  By a clock
 * that is cheap and coarse, since it is read at every hand-off. */
static int look_if_due(struct processes *team, struct problem *problem) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
  int64_t now_ns = (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
  if (now_ns - team->looked_ns < SLICE_NS / 2)
    return PROBLEM_NONE;
  team->looked_ns = now_ns;
  return look_around(team, problem);
}

/* Looks around if it is time to, then takes what has come or comes soon. */
int processes_receive(struct processes *team, struct problem *problem) {
  struct channel *channel = &team->channel;
  int status = look_if_due(team, problem);
  if (status)
    return status;
  int got = channel->transport->receive(channel, SLICE_MS);
  if (got >= 0)
    return PROBLEM_NONE;
  status = look_around(team, problem);
  if (status)
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
int processes_wait_for(struct processes *team, struct handoff *handoff,
                       uint32_t value, struct problem *problem) {
  uint32_t now;
  while ((now = handoff_read(handoff)) != value) {
    int status = look_if_due(team, problem);
    if (status)
      return status;
    handoff_wait(handoff, now, team->spins, SLICE_NS);
  }
  return PROBLEM_NONE;
}

/* Waits until all workers have reported. */
int processes_wait_all(struct processes *team, struct problem *problem) {
  int status = PROBLEM_NONE;
  if (!team->job->channel)
    status = processes_wait_for(team, &team->control->remaining, 0, problem);
  while (!status && team->job->channel &&
         team->channel.done < team->job->workers)
    status = processes_receive(team, problem);
  team->channel.done = 0;
  int error = atomic_load(&team->control->bind_error);
  if (status || !error)
    return status;
  team->failed = true;
  return problem_failure(problem, "a worker could not be bound: %s",
                         strerror(error));
}

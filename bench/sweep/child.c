#include "bench/sweep/child.h"

#include "bench/plan/own_file.h"
#include "bench/sweep/interrupt.h"
#include "bench/sweep/strays.h"
#include "bench/trial/clock.h"
#include "bench/trial/limits.h"
#include "bench/trial/openmp_env.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OUTPUT_BYTES = 1 << 20, POLL_MS = 100, SHORT_MS = 1 };

/* What a child says on one of its outputs. */
struct capture {
  int fd;     /* does not block; -1: it has ended */
  char *text; /* OUTPUT_BYTES, terminated */
  size_t length;
};

/* In the child: becomes the program, in a process group of its own, with
 * nothing to read, and dies with its parent.  told: where errno is written to
 * if it cannot; -1: nowhere. */
static _Noreturn void become(const struct child_start *start, pid_t parent,
                             const sigset_t *mask, int told) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (getppid() == parent && (in < 0 || dup2(in, STDIN_FILENO) >= 0) &&
      dup2(start->out, STDOUT_FILENO) >= 0 &&
      dup2(start->err, STDERR_FILENO) >= 0 &&
      sigprocmask(SIG_SETMASK, mask, NULL) == 0)
    execvpe(start->program, start->argv, start->environment);
  int error = errno;
  if (told >= 0 && write(told, &error, sizeof error) < 0)
    _exit(CHILD_NOT_RUN); /* all the same */
  _exit(CHILD_NOT_RUN);
}

pid_t child_fork(void) {
  return (pid_t)syscall(SYS_clone, (unsigned long)SIGCHLD, 0UL, 0UL, 0UL, 0UL);
}

static pid_t fork_become(const struct child_start *start, const sigset_t *mask,
                         int told) {
  pid_t parent = getpid(), pid = child_fork();
  if (pid == 0)
    become(start, parent, mask, told);
  if (pid > 0)
    setpgid(pid, pid); /* whoever of us two comes first */
  return pid;
}

int child_start(const struct child_start *start, pid_t *pid) {
  int told[2], error = 0;
  sigset_t mask;
  if (pipe2(told, O_CLOEXEC) != 0)
    return errno;
  sigprocmask(SIG_SETMASK, NULL, &mask);
  *pid = fork_become(start, &mask, told[1]);
  if (*pid < 0)
    error = errno;
  close(told[1]);
  while (*pid > 0 && read(told[0], &error, sizeof error) < 0 && errno == EINTR)
    ;
  close(told[0]);
  if (*pid > 0 && error)
    while (waitpid(*pid, NULL, 0) < 0 && errno == EINTR)
      ;
  return error;
}

/* Takes what there is.  Whether there may be more at once. */
static bool read_some(struct capture *capture) {
  char scrap[4096];
  size_t room = OUTPUT_BYTES - 1 - capture->length;
  char *to = room ? capture->text + capture->length : scrap;
  ssize_t got = read(capture->fd, to, room ? room : sizeof scrap);
  if (got < 0 && (errno == EINTR || errno == EAGAIN))
    return errno == EINTR;
  if (got <= 0) {
    close(capture->fd);
    capture->fd = -1;
  } else if (room) {
    capture->length += (size_t)got;
  }
  return got > 0;
}

/* Leaves it to be reaped.  0: it runs; 1: it has ended; or why that is not
 * known, negative. */
static int has_ended(pid_t pid) {
  siginfo_t info = {.si_pid = 0};
  if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0)
    return -errno;
  return info.si_pid == pid;
}

/* How long to wait for something to happen.  Before Linux 5.3 nothing tells
 * that a process ends but its outputs, which others may hold. */
static int patience_ms(int pidfd, const struct capture captures[2],
                       int verdict) {
  bool over = verdict || (captures[0].fd < 0 && captures[1].fd < 0);
  return pidfd < 0 && over ? SHORT_MS : POLL_MS;
}

/* Reads both outputs until the child ends, whoever else may hold them then.
 * Kills it, and all of its group, past the time or on interruption.
 * Returns 0, ETIMEDOUT, EINTR, or why it could not be waited for. */
static int watch(pid_t pid, struct capture captures[2], int64_t end_ns) {
  int pidfd = (int)syscall(SYS_pidfd_open, pid, 0); /* closed on exec */
  int verdict = 0, ended;
  while ((ended = has_ended(pid)) == 0) {
    struct pollfd polls[] = {{captures[0].fd, POLLIN, 0},
                             {captures[1].fd, POLLIN, 0},
                             {pidfd, POLLIN, 0}};
    bool told = poll(polls, 3, patience_ms(pidfd, captures, verdict)) >= 0;
    if (!told && errno != EINTR)
      usleep(SHORT_MS * 1000); /* a sandbox refuses it */
    for (int i = 0; i < 2; i++)
      if (captures[i].fd >= 0 && (polls[i].revents || !told))
        read_some(&captures[i]);
    if (!verdict && (interrupt_signal() || clock_now_ns() > end_ns)) {
      verdict = interrupt_signal() ? EINTR : ETIMEDOUT;
      kill(-pid, SIGKILL);
      kill(pid, SIGKILL); /* wherever it went */
    }
  }
  if (pidfd >= 0)
    close(pidfd);
  return ended < 0 ? -ended : verdict;
}

/* Watches, reaps, and ends what it has left in its group. */
static int await(pid_t pid, struct capture captures[2], int64_t end_ns,
                 int *status) {
  int verdict = watch(pid, captures, end_ns);
  kill(-pid, SIGKILL); /* not reaped yet: the group is still its own */
  while (waitpid(pid, status, 0) < 0 && errno == EINTR)
    ;
  return verdict;
}

int child_await(pid_t pid, int64_t end_ns, int *status) {
  struct capture nothing[] = {{-1, NULL, 0}, {-1, NULL, 0}};
  return await(pid, nothing, end_ns, status);
}

/* What is left in the pipes. */
static void drain(struct capture captures[2]) {
  for (int i = 0; i < 2; i++) {
    while (captures[i].fd >= 0 && read_some(&captures[i]))
      ;
    if (captures[i].fd >= 0)
      close(captures[i].fd);
    captures[i].text[captures[i].length] = '\0';
  }
}

static bool make_pipe(int ends[2]) {
  return pipe2(ends, O_CLOEXEC) == 0 &&
         fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0;
}

static void close_all(const int *fds, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (fds[i] >= 0)
      close(fds[i]);
}

static int spawn(const char *program, char **argv, struct capture captures[2],
                 pid_t *pid, struct problem *problem) {
  int out[2] = {-1, -1}, err[2] = {-1, -1};
  sigset_t stops, mask;
  bool piped = make_pipe(out) && make_pipe(err);
  /* Stopped from the terminal, both stop: not before both are known. */
  sigemptyset(&stops);
  sigaddset(&stops, SIGTSTP);
  sigprocmask(SIG_BLOCK, &stops, &mask);
  const struct child_start start = {program, argv, environ, out[1], err[1]};
  *pid = piped ? fork_become(&start, &mask, -1) : -1;
  int error = errno;
  if (*pid > 0)
    interrupt_hold(*pid);
  sigprocmask(SIG_SETMASK, &mask, NULL);
  close_all((int[]){out[1], err[1]}, 2);
  captures[0].fd = out[0];
  captures[1].fd = err[0];
  if (*pid > 0)
    return PROBLEM_NONE;
  close_all((int[]){out[0], err[0]}, 2);
  if (piped)
    return limits_fork_problem("a trial", error, problem);
  return problem_failure(problem, "a trial could not be started: %s",
                         strerror(error));
}

int child_run(const char *program, char **argv, double timeout_s,
              struct child *child, struct problem *problem) {
  struct capture captures[2] = {{-1, malloc(OUTPUT_BYTES), 0},
                                {-1, malloc(OUTPUT_BYTES), 0}};
  struct strays strays;
  pid_t pid;
  *child = (struct child){.out = captures[0].text, .err = captures[1].text};
  if (!child->out || !child->err)
    return problem_failure(problem, "out of memory");
  *child->out = *child->err = '\0';
  strays_begin(&strays);
  int status =
      spawn(program ? program : own_file(), argv, captures, &pid, problem);
  int verdict = 0;
  if (!status) {
    int64_t end_ns = clock_now_ns() + (int64_t)(timeout_s * 1e9);
    verdict = await(pid, captures, end_ns, &child->status);
    interrupt_hold(0);
    drain(captures);
  }
  strays_end(&strays);
  child->timed_out = verdict == ETIMEDOUT;
  if (!status && verdict && verdict != ETIMEDOUT && verdict != EINTR)
    status = problem_failure(problem, "a trial could not be waited for: %s",
                             strerror(verdict));
  if (status)
    return status;
  if (WIFSIGNALED(child->status)) {
    char trace[OPENMP_TRACE];
    openmp_env_trace(pid, trace);
    unlink(trace);
  }
  if (interrupt_signal())
    return problem_failure(problem, "interrupted by signal %d (%s)",
                           interrupt_signal(), strsignal(interrupt_signal()));
  return PROBLEM_NONE;
}

void child_free(struct child *child) {
  free(child->out);
  free(child->err);
  *child = (struct child){.out = NULL};
}

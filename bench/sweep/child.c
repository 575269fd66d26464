#include "bench/sweep/child.h"

#include "bench/sweep/interrupt.h"
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
#include <sys/wait.h>
#include <unistd.h>

enum { OUTPUT_BYTES = 1 << 20, POLL_MS = 100 };

/* What a child says on one of its outputs. */
struct capture {
  int fd;
  char *text; /* OUTPUT_BYTES, terminated */
  size_t length;
};

/* In the child: becomes the program, and dies with its parent. */
static _Noreturn void become(const char *program, char **argv, int out, int err,
                             pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() == parent && dup2(out, STDOUT_FILENO) >= 0 &&
      dup2(err, STDERR_FILENO) >= 0)
    execv(program, argv);
  _exit(127);
}

static void read_some(struct capture *capture) {
  char scrap[4096];
  size_t room = OUTPUT_BYTES - 1 - capture->length;
  char *to = room ? capture->text + capture->length : scrap;
  ssize_t got = read(capture->fd, to, room ? room : sizeof scrap);
  if (got < 0 && (errno == EINTR || errno == EAGAIN))
    return;
  if (got <= 0) {
    close(capture->fd);
    capture->fd = -1;
  } else if (room) {
    capture->length += (size_t)got;
  }
}

/* Reads both outputs to their ends.  They end when the trial and all its
 * workers have.  Kills the trial on time-out or interruption.
 * Returns 0, ETIMEDOUT or EINTR. */
static int watch(pid_t pid, struct capture captures[2], double timeout_s) {
  int64_t end_ns = clock_now_ns() + (int64_t)(timeout_s * 1e9);
  int verdict = 0;
  while (captures[0].fd >= 0 || captures[1].fd >= 0) {
    struct pollfd polls[2] = {{captures[0].fd, POLLIN, 0},
                              {captures[1].fd, POLLIN, 0}};
    poll(polls, 2, POLL_MS);
    for (int i = 0; i < 2; i++)
      if (polls[i].revents)
        read_some(&captures[i]);
    if (!verdict && (interrupt_signal() || clock_now_ns() > end_ns)) {
      verdict = interrupt_signal() ? EINTR : ETIMEDOUT;
      kill(pid, SIGKILL);
    }
  }
  captures[0].text[captures[0].length] = '\0';
  captures[1].text[captures[1].length] = '\0';
  return verdict;
}

static int spawn(const char *program, char **argv, struct capture captures[2],
                 pid_t *pid, struct problem *problem) {
  int out[2] = {-1, -1}, err[2] = {-1, -1};
  pid_t parent = getpid();
  bool piped = pipe2(out, O_CLOEXEC) == 0 && pipe2(err, O_CLOEXEC) == 0;
  /* Without the handlers of libraries: in a child, libomp's make it a file that
   * outlives the exec.  Between here and the exec the child calls nothing that
   * is not async-signal-safe. */
  *pid = piped ? _Fork() : -1;
  if (*pid == 0)
    become(program, argv, out[1], err[1], parent);
  int error = errno;
  if (out[1] >= 0)
    close(out[1]);
  if (err[1] >= 0)
    close(err[1]);
  captures[0].fd = out[0];
  captures[1].fd = err[0];
  if (*pid > 0)
    return PROBLEM_NONE;
  if (out[0] >= 0)
    close(out[0]);
  if (err[0] >= 0)
    close(err[0]);
  if (piped)
    return limits_fork_problem("a trial", error, problem);
  return problem_failure(problem, "a trial could not be started: %s",
                         strerror(error));
}

int child_run(const char *program, char **argv, double timeout_s,
              struct child *child, struct problem *problem) {
  struct capture captures[2] = {{-1, malloc(OUTPUT_BYTES), 0},
                                {-1, malloc(OUTPUT_BYTES), 0}};
  pid_t pid;
  *child = (struct child){.out = captures[0].text, .err = captures[1].text};
  if (!child->out || !child->err)
    return problem_failure(problem, "out of memory");
  *child->out = *child->err = '\0';
  int status = spawn(program ? program : "/proc/self/exe", argv, captures, &pid,
                     problem);
  if (status)
    return status;
  child->timed_out = watch(pid, captures, timeout_s) == ETIMEDOUT;
  while (waitpid(pid, &child->status, 0) < 0 && errno == EINTR)
    ;
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

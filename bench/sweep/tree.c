/* A guardian process stands between this program and the other one.  All that
 * the other one starts becomes a child of the guardian when its own parent is
 * gone, so that it can wait for it, count its CPU time, and end it; and the
 * guardian learns of this program's death, however it dies.  It calls only what
 * is safe in a forked child of a program with threads. */
#include "bench/sweep/tree.h"

#include "bench/plan/text.h"
#include "bench/sweep/child.h"
#include "bench/sweep/interrupt.h"
#include "bench/sweep/strays.h"
#include "bench/trial/clock.h"
#include "bench/trial/job.h"
#include "bench/trial/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
  LOOK_NS = 20000000,   /* how often output and clock are looked at */
  ASK_MS = 100,         /* and whether this program was interrupted */
  GRACE_NS = 100000000, /* for what is on its way out when the program ended */
  CHILDREN = 4096,      /* bytes of a list of processes */
};

struct guardian {
  const struct tree_request *request;
  struct tree_result result;
  pid_t *programs; /* [count]; once it has ended, less than 0 */
  uint32_t count, running;
  int64_t begin_ns, end_ns;
};

/* ---- the program --------------------------------------------------------- */

static void reset_signals(void) {
  sigset_t none;
  for (int number = 1; number < NSIG; number++)
    signal(number, SIG_DFL);
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

/* The same file from its beginning: a place in it that copies shared would give
 * each a part.  Negative: errno says why not. */
static int open_again(int fd) {
  char bytes[40];
  struct text path = text_begin(bytes, sizeof bytes);
  text_put(&path, "/proc/self/fd/", 14);
  text_put_number(&path, (uint64_t)fd);
  return open(bytes, O_RDONLY | O_CLOEXEC);
}

static _Noreturn void become(const struct tree_request *request, uint32_t copy,
                             int told) {
  setpgid(0, 0);
  reset_signals();
  bool copies = request->copies > 0;
  int out = copies ? request->outs[copy] : request->out, error = 0;
  if (request->cpu_count && copies)
    error = -worker_bind(request->cpus[copy % request->cpu_count]);
  else if (request->cpu_count)
    error = -worker_bind_any(request->cpus, request->cpu_count);
  int in = copies ? open_again(request->in) : request->in;
  if (!error && (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 ||
                 dup2(request->err, STDERR_FILENO) < 0))
    error = errno;
  if (!error) {
    execvpe(request->argv[0], request->argv, request->environment);
    error = errno;
  }
  (void)!write(told, &error, sizeof error);
  _exit(127);
}

/* Returns errno, or 0: it is running. */
static int start_one(struct guardian *guardian, uint32_t copy) {
  int told[2], error = 0;
  if (pipe2(told, O_CLOEXEC) != 0)
    return errno;
  pid_t pid = child_fork();
  if (pid == 0)
    become(guardian->request, copy, told[1]);
  int failed = pid < 0 ? errno : 0;
  close(told[1]);
  if (pid > 0) {
    guardian->programs[copy] = pid;
    guardian->running++;
  }
  while (!failed && read(told[0], &error, sizeof error) < 0 && errno == EINTR)
    ;
  close(told[0]);
  return failed ? failed : error;
}

static int start(struct guardian *guardian) {
  int error = 0;
  guardian->begin_ns = clock_now_ns();
  for (uint32_t copy = 0; !error && copy < guardian->count; copy++)
    error = start_one(guardian, copy);
  return error;
}

/* ---- its end ------------------------------------------------------------- */

static double seconds(const struct timeval *time) {
  return (double)time->tv_sec + (double)time->tv_usec * 1e-6;
}

static void add_usage(const struct rusage *usage, struct tree_result *result) {
  double peak_bytes = (double)usage->ru_maxrss * 1024;
  result->cpu_s += seconds(&usage->ru_utime) + seconds(&usage->ru_stime);
  result->cpu_system_s += seconds(&usage->ru_stime);
  result->switches += usage->ru_nivcsw;
  result->minor_faults += usage->ru_minflt;
  if (peak_bytes > result->peak_bytes)
    result->peak_bytes = peak_bytes;
}

pid_t tree_next_child(const char **at) {
  const pid_t most = 1 << 22; /* PID_MAX_LIMIT */
  pid_t pid = 0;
  for (; **at >= '0' && **at <= '9' && pid < most; ++*at)
    pid = 10 * pid + (**at - '0');
  if (**at != ' ' || pid <= 1)
    return 0;
  ++*at;
  return pid;
}

/* Ends the program's group and every child, those that come as their parents
 * go included. */
static void end_all(const struct guardian *guardian) {
  char list[CHILDREN];
  int fd = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
  ssize_t got = fd >= 0 ? read(fd, list, sizeof list - 1) : -1;
  if (fd >= 0)
    close(fd);
  for (uint32_t k = 0; k < guardian->count; k++)
    if (guardian->programs[k] != 0)
      kill(-abs(guardian->programs[k]), SIGKILL);
  list[got > 0 ? got : 0] = '\0';
  const char *at = list;
  for (pid_t pid; (pid = tree_next_child(&at)) > 0;)
    kill(pid, SIGKILL);
}

static void note_stop(struct guardian *guardian, int number) {
  struct tree_result *result = &guardian->result;
  if (result->end != TREE_ENDED)
    return;
  bool terminal = number == SIGTTIN || number == SIGTTOU;
  result->end = terminal ? TREE_TERMINAL : TREE_STOPPED;
  result->error = number;
  end_all(guardian);
}

/* The first that ends otherwise than with 0 is told. */
static void note_end(struct guardian *guardian, pid_t pid, int status) {
  struct tree_result *result = &guardian->result;
  for (uint32_t k = 0; k < guardian->count; k++) {
    if (guardian->programs[k] != pid)
      continue;
    /* Its group's number stays known: others may still be in it. */
    guardian->programs[k] = -pid;
    guardian->running--;
    if (result->status == 0)
      result->status = status;
    result->wall_s = (double)(clock_now_ns() - guardian->begin_ns) * 1e-9;
  }
}

/* Takes all that have ended.  Returns whether any child is left. */
static bool reap(struct guardian *guardian) {
  struct tree_result *result = &guardian->result;
  for (;;) {
    struct rusage usage;
    int status;
    pid_t pid = wait4(-1, &status, WNOHANG | WUNTRACED, &usage);
    if (pid < 0 && errno == EINTR)
      continue;
    if (pid <= 0)
      return pid == 0;
    if (WIFSTOPPED(status)) {
      note_stop(guardian, WSTOPSIG(status));
      continue;
    }
    add_usage(&usage, result);
    note_end(guardian, pid, status);
  }
}

static bool is_over(int fd, const struct tree_request *request) {
  struct stat about;
  return fstat(fd, &about) == 0 && about.st_size > request->output_most_bytes;
}

static bool is_flooding(const struct tree_request *request) {
  bool over = is_over(request->out, request) || is_over(request->err, request);
  for (uint32_t copy = 0; !over && copy < request->copies; copy++)
    over = is_over(request->outs[copy], request);
  return over;
}

static void look(struct guardian *guardian, bool asked) {
  struct tree_result *result = &guardian->result;
  enum tree_end end = asked                               ? TREE_ASKED
                      : clock_now_ns() > guardian->end_ns ? TREE_LATE
                      : is_flooding(guardian->request)    ? TREE_FLOODED
                                                          : TREE_ENDED;
  if (end == TREE_ENDED || result->end != TREE_ENDED)
    return;
  result->end = end;
  end_all(guardian);
}

/* Until the program and all that it has started are gone. */
static void watch(struct guardian *guardian, const sigset_t *set,
                  pid_t parent) {
  const struct timespec slice = {.tv_nsec = LOOK_NS};
  struct tree_result *result = &guardian->result;
  while (reap(guardian)) {
    int64_t end_ns =
        guardian->begin_ns + (int64_t)(result->wall_s * 1e9) + GRACE_NS;
    if (guardian->running == 0 && clock_now_ns() > end_ns) {
      result->left = result->end == TREE_ENDED;
      end_all(guardian);
    }
    int number = sigtimedwait(set, NULL, &slice);
    look(guardian, number == SIGTERM || getppid() != parent);
  }
}

static _Noreturn void guard(const struct tree_request *request, int told,
                            pid_t parent) {
  static pid_t programs[TREE_COPIES];
  struct guardian guardian = {.request = request,
                              .programs = programs,
                              .count = request->copies ? request->copies : 1};
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  sigaddset(&set, SIGTERM);
  for (int number = 1; number < NSIG; number++)
    if (number != SIGCHLD && number != SIGTERM && number != SIGKILL)
      signal(number, SIG_IGN); /* the parent decides on them */
  signal(SIGCHLD, SIG_DFL);
  signal(SIGTERM, SIG_DFL);
  sigprocmask(SIG_BLOCK, &set, NULL);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  int error = getppid() == parent ? start(&guardian) : ESRCH;
  guardian.end_ns = guardian.begin_ns + (int64_t)(request->timeout_s * 1e9);
  if (error) /* some copies may be running */
    end_all(&guardian);
  watch(&guardian, &set, parent);
  if (error)
    guardian.result = (struct tree_result){.end = TREE_MISSING, .error = error};
  (void)!write(told, &guardian.result, sizeof guardian.result);
  _exit(0);
}

/* ---- this program's side ------------------------------------------------- */

/* Reads what the guardian has to tell; false: it has died. */
static bool hear(int fd, pid_t guardian, struct tree_result *result) {
  struct pollfd told = {fd, POLLIN, 0};
  bool asked = false;
  errno = 0;
  while (poll(&told, 1, ASK_MS) <= 0) {
    if (interrupt_signal() && !asked)
      asked = kill(guardian, SIGTERM) == 0;
    if (errno == ENOSYS || errno == EPERM)
      break; /* a sandbox refuses it: read waits as well */
    errno = 0;
  }
  return read(fd, result, sizeof *result) == (ssize_t)sizeof *result;
}

int tree_run(const struct tree_request *request, struct tree_result *result,
             struct problem *problem) {
  int told[2];
  pid_t parent = getpid();
  struct strays strays;
  *result = (struct tree_result){.end = TREE_MISSING};
  if (pipe2(told, O_CLOEXEC) != 0)
    return problem_failure(problem, "a program could not be started: %s",
                           strerror(errno));
  strays_begin(&strays);
  pid_t guardian = child_fork();
  if (guardian == 0)
    guard(request, told[1], parent);
  int error = errno;
  close(told[1]);
  if (guardian < 0) {
    close(told[0]);
    strays_end(&strays);
    return limits_fork_problem("a program", error, problem);
  }
  bool heard = hear(told[0], guardian, result);
  close(told[0]);
  if (!heard)
    kill(guardian, SIGKILL);
  while (waitpid(guardian, NULL, 0) < 0 && errno == EINTR)
    ;
  strays_end(&strays); /* what a guardian that was killed has left */
  return heard ? PROBLEM_NONE
               : problem_failure(problem, "what watches over the program was "
                                          "killed: out of memory?");
}

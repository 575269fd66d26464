/* program_fixture.h: starting the program as its users do, and finding what it
 * starts.  To be included once, by a test that has set
 * PR_SET_CHILD_SUBREAPER: what a program leaves behind becomes the test's
 * child, so nothing that outlives it is missed. */
#ifndef CORESWEEP_PROGRAM_FIXTURE_H
#define CORESWEEP_PROGRAM_FIXTURE_H

#include "bench/trial/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
  ARGUMENTS = 32,
  CHILDREN = 16, /* as many as are looked at */
  OUTPUT_BYTES = 16384,
  LIMIT_MS = 10000, /* for anything to end, on the slowest machine */
};

struct program {
  pid_t pid;
  int out, err; /* files in memory */
};

/* How a program ended. */
struct ending {
  int status; /* as of waitpid */
  char out[OUTPUT_BYTES], err[OUTPUT_BYTES], error[600];
  bool ok, failed; /* what its record says */
};

/* How long the longest wait for an end was, since it was set to 0. */
static double largest_ms;

static inline void note_ms(int64_t begin_ns) {
  double ms = (double)(clock_now_ns() - begin_ns) * 1e-6;
  largest_ms = ms > largest_ms ? ms : largest_ms;
}

static inline bool out_of_time(int64_t begin_ns) {
  return clock_now_ns() - begin_ns > INT64_C(1000000) * LIMIT_MS;
}

/* What a child does before it becomes the program, if anything; 0: it may. */
#ifndef PROGRAM_PREPARE
#define PROGRAM_PREPARE() 0
#endif

/* Starts $CORESWEEP with the arguments, from "coresweep" to NULL.  On return it
 * is that program: a signal is not lost on a child that still ignores it, as
 * one of nohup does. */
static inline struct program program_start(const char *const arguments[]) {
  char *argv[ARGUMENTS] = {NULL};
  struct program program = {.out = memfd_create("out", MFD_CLOEXEC),
                            .err = memfd_create("err", MFD_CLOEXEC)};
  const char *path = getenv("CORESWEEP");
  int started[2];
  char nothing;
  assert_true(program.out >= 0 && program.err >= 0);
  assert_int_equal(pipe2(started, O_CLOEXEC), 0);
  for (int i = 0; arguments[i]; i++)
    argv[i] = strdup(arguments[i]);
  program.pid = fork();
  assert_true(program.pid >= 0);
  if (program.pid == 0) {
    static const int signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
      signal(signals[i], SIG_DFL); /* this test may run under nohup */
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    setenv("ASAN_OPTIONS", "handle_segv=0", 1);
    dup2(program.out, STDOUT_FILENO);
    dup2(program.err, STDERR_FILENO);
    if (PROGRAM_PREPARE() == 0)
      execv(path ? path : "build/coresweep", argv);
    _exit(127);
  }
  close(started[1]);
  while (read(started[0], &nothing, 1) < 0 && errno == EINTR) {
  }
  close(started[0]);
  for (int i = 0; argv[i]; i++)
    free(argv[i]);
  return program;
}

/* Whether the kernel says which children a process has. */
static inline bool program_lists_children(void) {
  char path[64];
  snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
  return access(path, R_OK) == 0;
}

/* Its children, in the order of their forks; returns how many. */
static inline int program_children(pid_t parent, pid_t children[CHILDREN]) {
  char path[64], text[400] = "";
  snprintf(path, sizeof path, "/proc/%d/task/%d/children", parent, parent);
  FILE *file = fopen(path, "re");
  if (!file || !fgets(text, sizeof text, file))
    text[0] = '\0';
  if (file)
    fclose(file);
  int count = 0;
  char *rest = text, *end;
  for (long pid; count < CHILDREN && (pid = strtol(rest, &end, 10)) > 0;
       rest = end)
    children[count++] = (pid_t)pid;
  return count;
}

static inline bool has_ended(pid_t pid) {
  siginfo_t info = {.si_pid = 0};
  return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == pid;
}

/* Waits until it has so many children, or has ended; returns how many. */
static inline int program_await_children(pid_t parent, int wanted,
                                         pid_t children[CHILDREN]) {
  int64_t begin_ns = clock_now_ns();
  for (;;) {
    int count = program_children(parent, children);
    if (count >= wanted || has_ended(parent))
      return count;
    if (out_of_time(begin_ns))
      fail_msg("%d children expected, got %d", wanted, count);
    usleep(50);
  }
}

static inline void program_close(const struct program *program) {
  close(program->out);
  close(program->err);
}

static inline void program_read(int fd, char text[OUTPUT_BYTES]) {
  ssize_t got = pread(fd, text, OUTPUT_BYTES - 1, 0);
  text[got > 0 ? got : 0] = '\0';
}

/* Waits for its end, and reads what it said. */
static inline void program_await_end(const struct program *program,
                                     struct ending *ending) {
  int64_t begin_ns = clock_now_ns();
  pid_t ended;
  while ((ended = waitpid(program->pid, &ending->status, WNOHANG)) == 0 &&
         !out_of_time(begin_ns))
    usleep(200);
  note_ms(begin_ns);
  if (ended == 0)
    fail_msg("hangs: no end after %d ms", LIMIT_MS);
  program_read(program->out, ending->out);
  program_read(program->err, ending->err);
  program_close(program);
  json_t *record = json_loads(ending->out, 0, NULL);
  const char *status = json_string_value(json_object_get(record, "status"));
  const char *error = json_string_value(json_object_get(record, "error"));
  snprintf(ending->error, sizeof ending->error, "%s", error ? error : "");
  ending->ok = status && strcmp(status, "ok") == 0;
  ending->failed = status && strcmp(status, "failed") == 0;
  json_decref(record);
}

/* No process is left of any that was started: all were reaped by the program,
 * or die within a moment when it could not. */
static inline void assert_none_left(bool at_once) {
  int64_t begin_ns = clock_now_ns();
  pid_t ended;
  while ((ended = waitpid(-1, NULL, WNOHANG)) >= 0) {
    if (at_once || out_of_time(begin_ns))
      fail_msg("a process was left behind");
    if (ended == 0)
      usleep(100);
  }
  assert_int_equal(errno, ECHILD);
  note_ms(begin_ns);
}

static inline int program_kill_all(void **state) {
  pid_t children[CHILDREN];
  (void)state;
  while (waitpid(-1, NULL, WNOHANG) >= 0) {
    int count = program_children(getpid(), children);
    for (int i = 0; i < count; i++)
      kill(children[i], SIGKILL);
    usleep(1000);
  }
  return 0;
}

#endif

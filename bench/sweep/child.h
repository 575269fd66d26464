/* child.h: a program that runs, is watched, and leaves nothing behind. */
#ifndef CORESWEEP_CHILD_H
#define CORESWEEP_CHILD_H

#include "bench/plan/problem.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The exit status of a child that could not become the program. */
enum { CHILD_NOT_RUN = 127 };

/* What a program that was run has left. */
struct child {
  char *out, *err; /* all that it printed, up to a mebibyte each; owned */
  int status;      /* as waitpid has it */
  bool timed_out;  /* it took longer than it might, and was killed */
};

/* Forks without the handlers of libraries: in a child, libomp's make it a file
 * that outlives the exec.  The child may call nothing that is not
 * async-signal-safe. */
pid_t child_fork(void);

struct child_start {
  const char *program; /* its file; without a '/' in it, as $PATH has it */
  char **argv, **environment;
  int out, err; /* what its outputs are to be */
};

/* Starts a program in a process group of its own, with nothing on its stdin;
 * it is killed when this program dies.  In the main thread.
 * Returns 0, or what errno was: ENOENT, where there is no such program. */
int child_start(const struct child_start *start, pid_t *pid);

/* Waits for it until then, on the clock of clock_now_ns, or until this program
 * is interrupted; kills it if it has not ended, and in any case what it has
 * left in its group.  *status: as waitpid has it.
 * Returns 0, ETIMEDOUT, EINTR, or why it could not be waited for. */
int child_await(pid_t pid, int64_t end_ns, int *status);

/* Runs a program (NULL: this one, from its very file) with argv, whose first
 * member is its name, in a process group of its own and with nothing on its
 * stdin, until it ends: what it has started and left is killed then, in that
 * group or out of it, and what they print after that is lost.  It is killed
 * past the time-out, when this program is interrupted, and when this program
 * dies; it is stopped when this program is, from the terminal.
 * Returns 0 however it ended; or the problem: it could not be started, or there
 * was an interruption.  The child is to be released in every case. */
int child_run(const char *program, char **argv, double timeout_s,
              struct child *child, struct problem *problem);
void child_free(struct child *child);

#endif

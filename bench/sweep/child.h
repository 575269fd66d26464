/* child.h: a program that runs, is watched, and leaves nothing behind. */
#ifndef CORESWEEP_CHILD_H
#define CORESWEEP_CHILD_H

#include "bench/plan/problem.h"

#include <stdbool.h>
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

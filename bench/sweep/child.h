/* child.h: a program that runs, is watched, and leaves nothing behind. */
#ifndef CORESWEEP_CHILD_H
#define CORESWEEP_CHILD_H

#include "bench/plan/problem.h"

#include <stdbool.h>

/* What a program that was run has left. */
struct child {
  char *out, *err; /* all that it printed, up to a mebibyte each; owned */
  int status;      /* as waitpid has it */
  bool timed_out;  /* it took longer than it might, and was killed */
};

/* Runs a program (NULL: this one, from its very file) with argv, whose first
 * member is its name, until both of its outputs have ended.  It is killed past
 * the time-out, when this program is interrupted, and when this program dies.
 * Returns 0 however it ended; or the problem: it could not be started, or there
 * was an interruption.  The child is to be released in every case. */
int child_run(const char *program, char **argv, double timeout_s,
              struct child *child, struct problem *problem);
void child_free(struct child *child);

#endif

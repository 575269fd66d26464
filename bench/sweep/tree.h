/* tree.h: somebody else's program, run with all the processes that it starts:
 * timed, confined, watched, and ended as a whole. */
#ifndef CORESWEEP_TREE_H
#define CORESWEEP_TREE_H

#include "bench/plan/problem.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { TREE_COPIES = 4096 };

/* Pointers are borrowed. */
struct tree_request {
  char *const *argv;        /* NULL at its end; the file is sought in PATH */
  char *const *environment; /* NAME=VALUE, NULL at its end: all of it */
  const int *cpus;          /* [cpu_count] that it may use */
  uint32_t cpu_count;       /* 0: those that this program may use */
  uint32_t copies; /* at once: copy k gets cpus[k % cpu_count] alone, and prints
                      to outs[k]; 0: the program once, as it is */
  const int *outs; /* [copies] */
  int in, out, err;          /* open files; out and err may be the same */
  int64_t output_most_bytes; /* of out or err: one that prints more is ended */
  double timeout_s;          /* one that takes longer is ended */
};

enum tree_end {
  TREE_ENDED,    /* by itself; see status */
  TREE_LATE,     /* past its time-out */
  TREE_FLOODED,  /* it printed too much */
  TREE_TERMINAL, /* it was stopped as it wanted the terminal */
  TREE_STOPPED,  /* a signal stopped it */
  TREE_ASKED,    /* this program was interrupted */
  TREE_MISSING,  /* it could not be executed: see error */
};

/* What a run came to.  Times of all its processes together, as far as their
 * parents waited for them or were outlived by them. */
struct tree_result {
  enum tree_end end;
  int status; /* as waitpid has it */
  int error;  /* errno, of TREE_MISSING; the signal, of TREE_STOPPED */
  bool left;  /* processes that outlived it, and were ended */
  double wall_s, cpu_s, cpu_system_s;
  double peak_bytes;              /* of its largest process */
  int64_t switches, minor_faults; /* involuntary; without a disk */
};

/* The next process of a list as /proc/.../children has it, "12 345 ", from *at
 * on; 0: there is none, or no more of it than the list's end has left, whose
 * number would be another's.  Cannot fail. */
pid_t tree_next_child(const char **at);

/* Runs it to its end, and whatever it has started to theirs: nothing is left,
 * also if this program is killed meanwhile.  Returns 0; or the problem that no
 * process could be made. */
int tree_run(const struct tree_request *request, struct tree_result *result,
             struct problem *problem);

#endif

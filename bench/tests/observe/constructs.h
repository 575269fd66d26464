/* constructs.h: what the files of the program that runs one construct of OpenMP
 * have in common (constructs.c).  C, and C++ as well. */
#ifndef CORESWEEP_OBSERVE_CONSTRUCTS_H
#define CORESWEEP_OBSERVE_CONSTRUCTS_H

#include <omp.h>
#include <stdlib.h>

#include "stamps.h"

enum { CALLS = 20, THREADS = 8, WORK_US = 100 };

/* Of a call; a thread's own in cache lines of its own. */
struct thread {
  uint64_t begin, end, lock, task, barrier, dispatch, critical;
  uint64_t mark;        /* the last stamp in a loop */
  uint64_t after, last; /* bodies of tasks past its end, and the last's end */
  char room[128];
};
extern struct thread threads[THREADS];
extern int team; /* of the call */

static inline struct thread *self(void) {
  return &threads[omp_get_thread_num()];
}

/* A thread begins, and ends, its part of a region. */
void enter(void);
void leave(void);

/* Adds the call that was opened and came back then, with so many events of each
 * thread besides. */
void add(uint64_t fork, uint64_t join, int events);

/* A construct each. */
struct construct {
  const char *name; /* NULL: the last */
  void (*run)(void);
  const char *terms; /* that are printed; the others are not known here */
};
extern const struct construct constructs_of_regions[], constructs_of_loops[],
    constructs_of_locks[], constructs_of_tasks[], constructs_of_old[];

#endif

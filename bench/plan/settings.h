/* settings.h: the environment variables by which libraries of this program are
 * set before main: hwloc, OpenMP's runtimes, the C library.  One table says
 * what is done with each: refused by name, cleared for all that is started
 * from here, or recorded with the run. */
#ifndef CORESWEEP_SETTINGS_H
#define CORESWEEP_SETTINGS_H

#include "bench/plan/problem.h"

#include <stdbool.h>
#include <stdint.h>

/* Whose. */
enum settings_of { SETTINGS_OPENMP, SETTINGS_LIBRARIES };

/* 0, or the usage problem: a variable is set that binds threads before this
 * program can (it leaves the whole process on one CPU before main, and its
 * children with it: binding is ours), or that describes another machine. */
int settings_check(struct problem *problem);

/* As that, but only of what describes another machine. */
int settings_check_machine(struct problem *problem);

/* Whether the OpenMP runtime that the program was built with can run here at
 * all.  0, or PROBLEM_FAILURE. */
int settings_check_openmp(struct problem *problem);

/* 0, or the usage problem: a variable is set with which OpenMP gives fewer than
 * so many threads, or none with the stack that they would have. */
int settings_check_threads(uint32_t threads, struct problem *problem);

/* Unsets those that would only make a child print what nobody asked it for, or
 * read its command line in another way.  Cannot fail. */
void settings_clear(void);

/* Those that are recorded, as "OMP_A=1 OMP_B=2", sorted: the order in the
 * environment means nothing.  "" where none is set; NULL: no memory.  The
 * caller's to free.  with_paths: also the values that hold a '/'. */
char *settings_text(enum settings_of whose, bool with_paths);

#endif

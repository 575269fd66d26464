/* openmp_env.h: the environment variables that OpenMP runtimes read before
 * main, where they can spoil a trial. */
#ifndef CORESWEEP_OPENMP_ENV_H
#define CORESWEEP_OPENMP_ENV_H

#include "bench/plan/problem.h"

/* Refuses variables that bind threads: they leave the whole process on one
 * CPU before main, and its children with it.  Binding is ours. */
int openmp_env_check(struct problem *problem);

/* Makes waiting threads sleep (OMP_WAIT_POLICY=passive) unless the user chose
 * otherwise.  The runtime has read its variables by now, so where it was not
 * set the program replaces itself, with the same arguments; then this does not
 * return.  Cannot fail: where exec fails, the run goes on as it is. */
void openmp_env_settle(char **argv);

#endif

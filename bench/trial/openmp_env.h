/* openmp_env.h: what OpenMP runtimes do before main and after the end of a
 * trial. */
#ifndef CORESWEEP_OPENMP_ENV_H
#define CORESWEEP_OPENMP_ENV_H

#include <sys/types.h>

enum { OPENMP_TRACE = 80 };

/* The file that LLVM's libomp names after a process that uses it, and takes
 * away at the process's exit: one that was killed, or ended by _exit, has none
 * to do it.  libgomp has no such file.  Cannot fail. */
void openmp_env_trace(pid_t pid, char path[static OPENMP_TRACE]);

/* Makes waiting threads sleep (OMP_WAIT_POLICY=passive) unless the user chose
 * otherwise.  The runtime has read its variables by now, so where it was not
 * set the program replaces itself, with the same arguments; then this does not
 * return.  Cannot fail: where exec fails, the run goes on as it is. */
void openmp_env_settle(char **argv);

#endif

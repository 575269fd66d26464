#include "bench/trial/openmp_env.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

int openmp_env_check(struct problem *problem) {
  static const char *const binding[] = {"OMP_PROC_BIND", "OMP_PLACES",
                                        "GOMP_CPU_AFFINITY", "KMP_AFFINITY"};
  for (size_t i = 0; i < sizeof binding / sizeof *binding; i++) {
    const char *value = getenv(binding[i]);
    if (value && *value && strcasecmp(value, "false") != 0 &&
        strcasecmp(value, "disabled") != 0)
      return problem_usage(problem,
                           "%s=%s is set: it binds the process before "
                           "coresweep can; unset it, and use --bind or --cpus",
                           binding[i], value);
  }
  return PROBLEM_NONE;
}

void openmp_env_trace(pid_t pid, char path[static OPENMP_TRACE]) {
  snprintf(path, OPENMP_TRACE, "/dev/shm/__KMP_REGISTERED_LIB_%d_%u", (int)pid,
           (unsigned)getuid());
}

void openmp_env_settle(char **argv) {
  if (getenv("OMP_WAIT_POLICY"))
    return;
  if (setenv("OMP_WAIT_POLICY", "passive", 0) == 0)
    execv("/proc/self/exe", argv);
}

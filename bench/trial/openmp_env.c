#include "bench/trial/openmp_env.h"

#include "bench/plan/own_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void openmp_env_trace(pid_t pid, char path[static OPENMP_TRACE]) {
  snprintf(path, OPENMP_TRACE, "/dev/shm/__KMP_REGISTERED_LIB_%d_%u", (int)pid,
           (unsigned)getuid());
}

void openmp_env_settle(char **argv) {
  if (getenv("OMP_WAIT_POLICY"))
    return;
  if (setenv("OMP_WAIT_POLICY", "passive", 0) != 0)
    return;
  execv(own_file(), argv);
  unsetenv("OMP_WAIT_POLICY"); /* the runtime has not read it */
}

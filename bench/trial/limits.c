#include "bench/trial/limits.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* The pids limit of this process's control group (v2, then v1), or "". */
static void read_pids_limit(char *text, size_t capacity) {
  char line[512], path[640] = "";
  FILE *groups = fopen("/proc/self/cgroup", "re");
  text[0] = '\0';
  while (groups && !*path && fgets(line, sizeof line, groups)) {
    char *controllers = strchr(line, ':');
    char *group = controllers ? strchr(controllers + 1, ':') : NULL;
    if (!group)
      continue;
    group[strcspn(group, "\n")] = '\0';
    if (strncmp(controllers, "::", 2) == 0)
      snprintf(path, sizeof path, "/sys/fs/cgroup%s/pids.max", group + 1);
    else if (strncmp(controllers, ":pids:", 6) == 0)
      snprintf(path, sizeof path, "/sys/fs/cgroup/pids%s/pids.max", group + 1);
  }
  if (groups)
    fclose(groups);
  FILE *limit = *path ? fopen(path, "re") : NULL;
  if (limit && fgets(text, (int)capacity, limit))
    text[strcspn(text, "\n")] = '\0';
  if (limit)
    fclose(limit);
  if (strcmp(text, "max") == 0)
    text[0] = '\0';
}

int limits_fork_problem(const char *what, int error, struct problem *problem) {
  struct rlimit processes;
  char pids[40], why[120];
  read_pids_limit(pids, sizeof pids);
  bool limited = getrlimit(RLIMIT_NPROC, &processes) == 0 &&
                 processes.rlim_cur != RLIM_INFINITY;
  if (error == EAGAIN && *pids && !limited)
    snprintf(why, sizeof why, "the pids control group allows %s", pids);
  else if (error == EAGAIN && limited)
    snprintf(why, sizeof why, "RLIMIT_NPROC (ulimit -u) is %ju%s%s",
             (uintmax_t)processes.rlim_cur,
             *pids ? ", and the pids control group allows " : "", pids);
  else
    snprintf(why, sizeof why, "%s", strerror(error));
  return problem_failure(problem, "%s could not be forked: %s", what, why);
}

int limits_memory_problem(const char *what, struct problem *problem) {
  struct rlimit space;
  if (getrlimit(RLIMIT_AS, &space) != 0 || space.rlim_cur == RLIM_INFINITY)
    return problem_failure(problem, "no memory for %s", what);
  return problem_failure(problem,
                         "no memory for %s: RLIMIT_AS (ulimit -v) is %ju KiB",
                         what, (uintmax_t)space.rlim_cur / 1024);
}

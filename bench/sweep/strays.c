#include "bench/sweep/strays.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Each round finds the children of those that the one before has killed. */
enum { ROUNDS = 1000 };

static bool has_children(void) {
  siginfo_t info;
  return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

/* Up to STRAYS_KIN of this thread's children; one more says that there are
 * more.  0: none, or the system does not list them. */
static size_t list_children(pid_t list[STRAYS_KIN]) {
  char path[64], *line = NULL;
  size_t count = 0, capacity = 0;
  snprintf(path, sizeof path, "/proc/self/task/%ld/children", (long)gettid());
  FILE *file = has_children() ? fopen(path, "re") : NULL;
  if (file && getline(&line, &capacity, file) > 0) {
    char *rest = line, *end;
    for (long pid; (pid = strtol(rest, &end, 10)) > 0 && count <= STRAYS_KIN;
         rest = end) {
      if (count < STRAYS_KIN)
        list[count] = (pid_t)pid;
      count++;
    }
  }
  if (file)
    fclose(file);
  free(line);
  return count;
}

void strays_begin(struct strays *strays) {
  strays->was_reaper = 0;
  prctl(PR_GET_CHILD_SUBREAPER, &strays->was_reaper);
  strays->kin_count = list_children(strays->kin);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
}

static bool is_kin(const struct strays *strays, pid_t pid) {
  for (size_t i = 0; i < strays->kin_count; i++)
    if (strays->kin[i] == pid)
      return true;
  return false;
}

void strays_end(const struct strays *strays) {
  pid_t list[STRAYS_KIN];
  bool found = strays->kin_count <= STRAYS_KIN;
  for (int round = 0; found && round < ROUNDS; round++) {
    size_t count = list_children(list);
    found = false;
    for (size_t i = 0; i < count && i < STRAYS_KIN; i++) {
      if (is_kin(strays, list[i]))
        continue;
      found = true;
      kill(list[i], SIGKILL);
      while (waitpid(list[i], NULL, 0) < 0 && errno == EINTR)
        ;
    }
  }
  prctl(PR_SET_CHILD_SUBREAPER, strays->was_reaper);
}

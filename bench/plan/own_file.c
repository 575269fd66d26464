#include "bench/plan/own_file.h"

#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

static const char very[] = "/proc/self/exe";

/* Source: getauxval(3); "" where the kernel does not tell. */
static const char *started_by(void) {
  /* NOLINTNEXTLINE(performance-no-int-to-ptr): all values are numbers */
  const char *path = (const char *)getauxval(AT_EXECFN);
  return path ? path : "";
}

const char *own_file(void) {
  return access(very, R_OK) == 0 ? very : started_by();
}

int own_file_problem(const char *what, int error, struct problem *problem) {
  const char *why = error ? strerror(error) : "not run";
  if (access(very, R_OK) == 0)
    return problem_failure(problem, "%s, this program, could not be %s: %s",
                           very, what, why);
  return problem_failure(problem,
                         "%.200s, this program, could not be %s: %s; there is "
                         "no %s: mount /proc",
                         started_by(), what, why, very);
}

/* Running gnuplot, as many at once as there are CPUs. */
#include "bench/report/report.h"

#include <errno.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { PATH_BYTES = 4096 };

static const char *const endings[] = {"svg", "png"};
enum { ENDINGS = sizeof endings / sizeof *endings };

/* Starts the drawing of one picture.  0, -1 when there is no gnuplot. */
static int start(const struct chart *chart, const char *ending,
                 const char *folder, const char *scripts,
                 struct problem *problem) {
  char script[PATH_BYTES], data[PATH_BYTES], out[PATH_BYTES];
  char gnuplot[] = "gnuplot", option[] = "-c";
  char *argv[] = {gnuplot, option, script, data, out, NULL};
  pid_t pid;
  snprintf(script, sizeof script, "%s/%s", scripts, chart->script);
  snprintf(data, sizeof data, "%s/%s.tsv", folder, chart->name);
  snprintf(out, sizeof out, "%s/%s.%s", folder, chart->name, ending);
  int error = posix_spawnp(&pid, "gnuplot", NULL, NULL, argv, environ);
  if (error == ENOENT)
    return -1;
  return error ? problem_failure(problem, "gnuplot could not be started: %s",
                                 strerror(error))
               : PROBLEM_NONE;
}

/* Waits for one of them. */
static int await(const char *folder, struct problem *problem) {
  int status;
  while (wait(&status) < 0)
    if (errno != EINTR)
      return problem_failure(problem, "gnuplot: %s", strerror(errno));
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return problem_failure(problem, "gnuplot could not draw a chart in %s",
                           folder);
  return PROBLEM_NONE;
}

int report_draw(const struct chart *charts, size_t count, const char *folder,
                const char *scripts, struct problem *problem) {
  long at_once = sysconf(_SC_NPROCESSORS_ONLN);
  long running = 0;
  int status = PROBLEM_NONE;
  for (size_t i = 0; !status && i < count * ENDINGS; i++) {
    if (running >= at_once && running > 0) {
      status = await(folder, problem);
      running--;
    }
    if (!status)
      status = start(&charts[i / ENDINGS], endings[i % ENDINGS], folder,
                     scripts, problem);
    running += !status;
  }
  for (; running > 0; running--) {
    struct problem ignored;
    int ended = await(folder, status ? &ignored : problem);
    status = status ? status : ended;
  }
  return status;
}

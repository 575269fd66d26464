/* Running gnuplot, as many at once as there are CPUs. */
#include "bench/report/chart_file.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { PATH_BYTES = 4096 };

static const char *const endings[] = {"svg", "png"};
enum { ENDINGS = sizeof endings / sizeof *endings };

/* The pictures of some charts, while they are drawn. */
struct drawing {
  const struct charts *charts;
  const char *scripts;
  char **environment; /* gnuplot's; what it holds is borrowed */
  pid_t *pids;        /* a picture's gnuplot; 0: none runs */
  size_t count;       /* of pictures */
  int said;           /* a file for what gnuplot says */
};

static const struct chart *chart_of(const struct drawing *d, size_t picture) {
  return &d->charts->list[picture / ENDINGS];
}

/* FOLDER/NAME.svg; while it is drawn, FOLDER/NAME.new.svg. */
static void picture_path(const struct drawing *d, size_t picture,
                         const char *between, char path[static PATH_BYTES]) {
  snprintf(path, PATH_BYTES, "%s/%s%s.%s", d->charts->folder,
           chart_of(d, picture)->name, between, endings[picture % ENDINGS]);
}

/* Without what would make gnuplot draw as its user likes it. */
static char **gnuplot_environment(void) {
  static const char *const out[] = {"GNUPLOT", "GNUTERM", "GDFONTPATH",
                                    "FIT_",    "LC_",     "LANG"};
  static char locale[] = "LC_ALL=C.UTF-8";
  size_t count = 0, kept = 0;
  while (environ[count])
    count++;
  char **list = calloc(count + 2, sizeof *list);
  for (size_t i = 0; list && i < count; i++) {
    bool keep = true;
    for (size_t k = 0; k < sizeof out / sizeof *out; k++)
      keep = keep && strncmp(environ[i], out[k], strlen(out[k])) != 0;
    if (keep)
      list[kept++] = environ[i];
  }
  if (list)
    list[kept] = locale;
  return list;
}

/* Starts gnuplot.  Returns errno's value. */
static int spawn(const struct drawing *d, char **argv, pid_t *pid) {
  posix_spawn_file_actions_t actions;
  int error = posix_spawn_file_actions_init(&actions);
  if (error)
    return error;
  error = posix_spawn_file_actions_adddup2(&actions, d->said, STDERR_FILENO);
  if (!error)
    error = posix_spawnp(pid, "gnuplot", &actions, NULL, argv, d->environment);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

/* Starts the drawing of one picture.  0, -1 when there is no gnuplot.  -d: not
 * by the user's ~/.gnuplot. */
static int start(struct drawing *d, size_t picture, struct problem *problem) {
  char script[PATH_BYTES], data[PATH_BYTES], out[PATH_BYTES];
  char gnuplot[] = "gnuplot", plain[] = "-d", option[] = "-c";
  char *argv[] = {gnuplot, plain, option, script, data, out, NULL};
  const struct chart *chart = chart_of(d, picture);
  snprintf(script, sizeof script, "%s/%s", d->scripts, chart->script);
  snprintf(data, sizeof data, "%s/%s.tsv", d->charts->folder, chart->name);
  picture_path(d, picture, ".new", out);
  int error = spawn(d, argv, &d->pids[picture]);
  if (!error)
    return PROBLEM_NONE;
  d->pids[picture] = 0;
  return error == ENOENT
             ? -1
             : problem_failure(problem, "gnuplot could not be started: %s",
                               strerror(error));
}

/* The last line of what gnuplot has said. */
static void last_line(const struct drawing *d, char line[static REPORT_LINE]) {
  off_t end = lseek(d->said, 0, SEEK_END);
  off_t from = end < REPORT_LINE ? 0 : end - REPORT_LINE + 1;
  ssize_t got = pread(d->said, line, REPORT_LINE - 1, from);
  line[got > 0 ? got : 0] = '\0';
  for (size_t n = strlen(line); n > 0 && strchr("\n ", line[n - 1]); n--)
    line[n - 1] = '\0';
  char *last = strrchr(line, '\n');
  if (last)
    memmove(line, last + 1, strlen(last));
}

/* Puts a drawn picture in place of the one before. */
static int keep(const struct drawing *d, size_t picture, int status,
                struct problem *problem) {
  char drawn[PATH_BYTES], path[PATH_BYTES];
  picture_path(d, picture, ".new", drawn);
  picture_path(d, picture, "", path);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    char said[REPORT_LINE];
    last_line(d, said);
    unlink(drawn);
    return problem_failure(problem, "gnuplot could not draw %s%s%s", path,
                           *said ? ": " : "", said);
  }
  if (rename(drawn, path) == 0)
    return PROBLEM_NONE;
  int error = errno;
  unlink(drawn);
  return problem_failure(problem, "%s could not be written: %s", path,
                         strerror(error));
}

/* Waits for the one that was begun first: there may be children that are not
 * ours, of whoever this program replaced. */
static int await(struct drawing *d, struct problem *problem) {
  int status;
  size_t i = 0;
  while (i < d->count && d->pids[i] == 0)
    i++;
  if (i == d->count)
    return PROBLEM_NONE;
  pid_t pid = d->pids[i];
  d->pids[i] = 0;
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR)
      return problem_failure(problem, "gnuplot: %s", strerror(errno));
  return keep(d, i, status, problem);
}

static int draw(struct drawing *d, struct problem *problem) {
  long at_once = sysconf(_SC_NPROCESSORS_ONLN);
  long running = 0;
  int status = PROBLEM_NONE;
  for (size_t i = 0; !status && i < d->count; i++) {
    if (running >= at_once && running > 0) {
      status = await(d, problem);
      running--;
    }
    if (!status)
      status = start(d, i, problem);
    running += !status;
  }
  for (; running > 0; running--) {
    struct problem ignored;
    int ended = await(d, status ? &ignored : problem);
    status = status ? status : ended;
  }
  return status;
}

int report_draw(const struct charts *charts, const char *scripts,
                struct problem *problem) {
  struct drawing drawing = {
      .charts = charts, .scripts = scripts, .count = charts->count * ENDINGS};
  int status = charts_write_list(charts, problem);
  if (status)
    return status;
  drawing.environment = gnuplot_environment();
  drawing.pids = calloc(drawing.count + 1, sizeof *drawing.pids);
  drawing.said = memfd_create("gnuplot", MFD_CLOEXEC);
  if (drawing.pids && drawing.environment && drawing.said >= 0)
    status = draw(&drawing, problem);
  else
    status = problem_failure(problem, "gnuplot: %s", strerror(errno));
  if (drawing.said >= 0)
    close(drawing.said);
  free(drawing.pids);
  free(drawing.environment);
  return status;
}

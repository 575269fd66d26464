/* Running gnuplot, as many at once as there are CPUs. */
#include "bench/report/chart_file.h"
#include "bench/sweep/child.h"
#include "bench/sweep/interrupt.h"
#include "bench/sweep/strays.h"
#include "bench/trial/clock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* A picture takes a second at most, and ten of them on a machine that others
 * use as well: after a minute it is not slow, it hangs. */
enum { PATH_BYTES = 4096, PATIENCE_S = 60 };

/* How files of that name end, within so many bytes: gnuplot succeeds, too,
 * where the disk was full in the middle of them. */
static const struct {
  const char *name, *end;
  size_t end_bytes;
} endings[] = {{"svg", "</svg>", 6}, {"png", "IEND\xae\x42\x60\x82", 8}};
enum { ENDINGS = sizeof endings / sizeof *endings, TAIL_BYTES = 16 };

/* The pictures of some charts, while they are drawn. */
struct drawing {
  const struct charts *charts;
  const char *scripts;
  double patience_s;  /* for a picture */
  char **environment; /* gnuplot's; what it holds is borrowed */
  struct running {
    pid_t pid;      /* a picture's gnuplot; 0: none runs */
    int64_t end_ns; /* when it is to be done */
  } * running;
  size_t count; /* of pictures */
  int said;     /* a file for what gnuplot says */
};

static const struct chart *chart_of(const struct drawing *d, size_t picture) {
  return &d->charts->list[picture / ENDINGS];
}

/* FOLDER/NAME.svg; while it is drawn, FOLDER/NAME.new.svg. */
static void picture_path(const struct drawing *d, size_t picture,
                         const char *between, char path[static PATH_BYTES]) {
  snprintf(path, PATH_BYTES, "%s/%s%s.%s", d->charts->folder,
           chart_of(d, picture)->name, between,
           endings[picture % ENDINGS].name);
}

static void script_path(const struct drawing *d, size_t picture,
                        char path[static PATH_BYTES]) {
  snprintf(path, PATH_BYTES, "%s/%s", d->scripts, chart_of(d, picture)->script);
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

/* Starts the drawing of one picture.  0, -1 when there is no gnuplot.  -d: not
 * by the user's ~/.gnuplot. */
static int start(struct drawing *d, size_t picture, struct problem *problem) {
  char script[PATH_BYTES], data[PATH_BYTES], out[PATH_BYTES];
  char gnuplot[] = "gnuplot", plain[] = "-d", option[] = "-c";
  char *argv[] = {gnuplot, plain, option, script, data, out, NULL};
  const struct chart *chart = chart_of(d, picture);
  script_path(d, picture, script);
  snprintf(data, sizeof data, "%s/%s.tsv", d->charts->folder, chart->name);
  picture_path(d, picture, ".new", out);
  const struct child_start gnuplot_start = {gnuplot, argv, d->environment,
                                            STDOUT_FILENO, d->said};
  struct running *running = &d->running[picture];
  int error = child_start(&gnuplot_start, &running->pid);
  running->end_ns = clock_now_ns() + (int64_t)(d->patience_s * 1e9);
  if (!error)
    return PROBLEM_NONE;
  running->pid = 0;
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

/* Why there is no picture. */
static int not_drawn(const struct drawing *d, size_t picture, int verdict,
                     struct problem *problem) {
  char said[REPORT_LINE], path[PATH_BYTES], script[PATH_BYTES];
  picture_path(d, picture, "", path);
  script_path(d, picture, script);
  if (verdict == EINTR)
    return problem_failure(problem, "interrupted by signal %d (%s)",
                           interrupt_signal(), strsignal(interrupt_signal()));
  if (verdict == ETIMEDOUT)
    return problem_failure(problem,
                           "gnuplot could not draw %s: it was not done after "
                           "%g s, and was killed; see whether `gnuplot "
                           "--version` ends, or take it out of $PATH: the "
                           "numbers come without it",
                           path, d->patience_s);
  if (verdict)
    return problem_failure(problem, "gnuplot: %s", strerror(verdict));
  if (access(script, R_OK) != 0)
    return problem_failure(problem,
                           "gnuplot could not draw %s: %s could not be read: "
                           "%s; set CORESWEEP_SCRIPTS to the folder of the "
                           "scripts",
                           path, script, strerror(errno));
  last_line(d, said);
  return problem_failure(problem, "gnuplot could not draw %s%s%s", path,
                         *said ? ": " : "", said);
}

static bool is_whole(const char *path, size_t picture) {
  char tail[TAIL_BYTES];
  const char *end = endings[picture % ENDINGS].end;
  size_t got = 0;
  FILE *file = fopen(path, "re");
  if (file && fseek(file, 0, SEEK_END) == 0) {
    long size = ftell(file);
    if (fseek(file, size > TAIL_BYTES ? size - TAIL_BYTES : 0, SEEK_SET) == 0)
      got = fread(tail, 1, sizeof tail, file);
  }
  if (file)
    (void)fclose(file);
  return memmem(tail, got, end, endings[picture % ENDINGS].end_bytes) != NULL;
}

/* Puts a drawn picture in place of the one before. */
static int keep(const struct drawing *d, size_t picture, int verdict,
                int status, struct problem *problem) {
  char drawn[PATH_BYTES], path[PATH_BYTES];
  picture_path(d, picture, ".new", drawn);
  picture_path(d, picture, "", path);
  if (verdict || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    unlink(drawn);
    return not_drawn(d, picture, verdict, problem);
  }
  if (!is_whole(drawn, picture)) {
    unlink(drawn);
    return problem_failure(problem,
                           "gnuplot could not draw %s: it is not whole; make "
                           "room on its disk, or draw on another one by --out "
                           "DIR",
                           path);
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
  int status = 0;
  size_t i = 0;
  while (i < d->count && d->running[i].pid == 0)
    i++;
  if (i == d->count)
    return PROBLEM_NONE;
  int verdict = child_await(d->running[i].pid, d->running[i].end_ns, &status);
  d->running[i].pid = 0;
  return keep(d, i, verdict, status, problem);
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
      .charts = charts,
      .scripts = scripts,
      .patience_s = charts->patience_s > 0 ? charts->patience_s : PATIENCE_S,
      .count = charts->count * ENDINGS};
  struct strays strays;
  int status = charts_write_list(charts, problem);
  if (status)
    return status;
  drawing.environment = gnuplot_environment();
  drawing.running = calloc(drawing.count + 1, sizeof *drawing.running);
  drawing.said = memfd_create("gnuplot", MFD_CLOEXEC);
  if (drawing.running && drawing.environment && drawing.said >= 0) {
    interrupt_remember();
    strays_begin(&strays);
    status = draw(&drawing, problem);
    strays_end(&strays);
  } else {
    status = problem_failure(problem, "gnuplot: %s", strerror(errno));
  }
  if (drawing.said >= 0)
    close(drawing.said);
  free(drawing.running);
  free(drawing.environment);
  return status;
}

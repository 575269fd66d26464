#include "bench/record/run.h"

#include "bench/plan/output.h"
#include "bench/record/record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

const char *run_path(const char *folder, const char *name,
                     char path[static RUN_PATH]) {
  snprintf(path, RUN_PATH, "%s/%s", folder, name);
  return path;
}

void run_name_folder(const char *prefix, char folder[static RUN_PATH]) {
  time_t now = time(NULL);
  struct tm utc;
  char date[32];
  gmtime_r(&now, &utc);
  strftime(date, sizeof date, "%Y-%m-%dT%H-%M-%S", &utc);
  snprintf(folder, RUN_PATH, "results/%s%s", prefix, date);
  /* Several may begin in one second. */
  for (int more = 2; access(folder, F_OK) == 0 && more < 1000; more++)
    snprintf(folder, RUN_PATH, "results/%s%s-%d", prefix, date, more);
}

int run_make_folder(const char *folder, struct problem *problem) {
  char path[RUN_PATH];
  if (strlen(folder) + 64 > sizeof path || !*folder)
    return problem_usage(problem, "--out: '%.80s' is no name for a folder",
                         folder);
  snprintf(path, sizeof path, "%s", folder);
  for (char *slash = strchr(path + 1, '/');; slash = strchr(slash + 1, '/')) {
    if (slash)
      *slash = '\0';
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
      return problem_failure(problem,
                             "%s could not be created: %s; name another folder "
                             "by --out DIR",
                             path, strerror(errno));
    if (!slash)
      break;
    *slash = '/';
  }
  if (access(folder, W_OK) != 0)
    return problem_failure(problem,
                           "%s cannot be written to: %s; name another folder "
                           "by --out DIR",
                           folder, strerror(errno));
  return PROBLEM_NONE;
}

int run_refuse(const char *folder, struct problem *problem) {
  char path[RUN_PATH];
  struct stat trials;
  bool planned = access(run_path(folder, "plan.json", path), F_OK) == 0;
  bool begun = stat(run_path(folder, "trials.jsonl", path), &trials) == 0 &&
               trials.st_size > 0;
  if (!planned && !begun)
    return PROBLEM_NONE;
  return problem_usage(problem,
                       "--out %s: holds a run already; choose another folder, "
                       "go on with that run by --resume, or remove it",
                       folder);
}

void run_set_latest(const char *folder) {
  static const char results[] = "results/";
  if (strncmp(folder, results, strlen(results)) != 0)
    return;
  /* A name of its own first, so that `latest` is never missing. */
  unlink("results/.latest");
  if (symlink(folder + strlen(results), "results/.latest") == 0 &&
      rename("results/.latest", "results/latest") != 0)
    unlink("results/.latest");
}

/* A process that was killed a moment ago may still be going. */
enum { LOCK_TRIES = 100, LOCK_PAUSE_MS = 20 };

static int lock(int fd, const char *folder, struct problem *problem) {
  static const struct timespec pause = {0, LOCK_PAUSE_MS * 1000000L};
  int failed = flock(fd, LOCK_EX | LOCK_NB);
  for (int i = 0; failed && errno == EWOULDBLOCK && i < LOCK_TRIES; i++) {
    nanosleep(&pause, NULL);
    failed = flock(fd, LOCK_EX | LOCK_NB);
  }
  if (!failed)
    return PROBLEM_NONE;
  if (errno == EWOULDBLOCK)
    return problem_usage(problem,
                         "%s: another coresweep is measuring into it; wait "
                         "for its end, or choose another folder",
                         folder);
  if (errno == ENOLCK || errno == EOPNOTSUPP || errno == ENOSYS)
    return PROBLEM_NONE; /* a file system that has no locks */
  return problem_failure(problem, "%s/trials.jsonl could not be locked: %s",
                         folder, strerror(errno));
}

int run_open_trials(const char *folder, int *fd, struct problem *problem) {
  char path[RUN_PATH];
  *fd = open(run_path(folder, "trials.jsonl", path),
             O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (*fd < 0)
    return problem_failure(problem, "%s: %s", path, strerror(errno));
  struct stat about;
  int status =
      fstat(*fd, &about) == 0 && S_ISREG(about.st_mode)
          ? lock(*fd, folder, problem)
          : problem_failure(problem, "%s: is no file with an end", path);
  if (status) {
    close(*fd);
    *fd = -1;
  }
  return status;
}

/* Where the last whole line ends; -1 with errno. */
static off_t end_of_lines(int fd, off_t size) {
  char bytes[4096];
  off_t whole = size;
  while (whole > 0) {
    off_t from = whole > (off_t)sizeof bytes ? whole - (off_t)sizeof bytes : 0;
    size_t length = (size_t)(whole - from);
    if (pread(fd, bytes, length, from) != (ssize_t)length)
      return -1;
    while (length > 0 && bytes[length - 1] != '\n')
      length--;
    whole = from + (off_t)length;
    if (length > 0)
      break;
  }
  return whole;
}

int run_cut_torn_line(int fd, const char *path, off_t *cut_bytes,
                      struct problem *problem) {
  off_t size = lseek(fd, 0, SEEK_END);
  off_t whole = size < 0 ? -1 : end_of_lines(fd, size);
  *cut_bytes = 0;
  if (whole < 0)
    return problem_failure(problem, "%s could not be read: %s", path,
                           strerror(errno));
  if (size - whole > RECORD_LINE_MOST)
    return problem_failure(problem,
                           "%s: its last %jd bytes are no line, and more than "
                           "a crash tears off: want a line of JSON for each "
                           "trial",
                           path, (intmax_t)(size - whole));
  if (whole < size && ftruncate(fd, whole) != 0)
    return problem_failure(problem,
                           "%s: its torn last line could not be cut off: %s",
                           path, strerror(errno));
  *cut_bytes = size - whole;
  return PROBLEM_NONE;
}

int run_copy_file(const char *from, const char *to, struct problem *problem) {
  char bytes[BUFSIZ];
  struct output output;
  FILE *in = fopen(from, "r");
  if (!in && errno == ENOENT)
    return PROBLEM_NONE;
  if (!in)
    return problem_failure(problem, "%s: %s", from, strerror(errno));
  FILE *out = output_open(&output, to, problem);
  int status = out ? PROBLEM_NONE : PROBLEM_FAILURE;
  size_t count;
  while (out && (count = fread(bytes, 1, sizeof bytes, in)) > 0)
    fwrite(bytes, 1, count, out);
  if (ferror(in))
    status = problem_failure(problem, "%s: %s", from, strerror(errno));
  fclose(in);
  return out ? output_close(&output, out, status, problem) : status;
}

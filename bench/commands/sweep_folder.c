#include "bench/commands/sweep_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

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

/* A run has a plan, or at least trials. */
static int refuse_run(const char *folder, struct problem *problem) {
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

/* Takes away what a crash left of a last line: its trial is run again. */
static int cut_torn_line(int fd, const char *path, struct problem *problem) {
  char bytes[4096];
  off_t size = lseek(fd, 0, SEEK_END), whole = size;
  while (whole > 0) {
    off_t from = whole > (off_t)sizeof bytes ? whole - (off_t)sizeof bytes : 0;
    size_t length = (size_t)(whole - from);
    if (pread(fd, bytes, length, from) != (ssize_t)length)
      return problem_failure(problem, "%s could not be read: %s", path,
                             strerror(errno));
    while (length > 0 && bytes[length - 1] != '\n')
      length--;
    whole = from + (off_t)length;
    if (length > 0)
      break;
  }
  if (size < 0 || (whole < size && ftruncate(fd, whole) != 0))
    return problem_failure(problem,
                           "%s: its torn last line could not be cut "
                           "off: %s",
                           path, strerror(errno));
  if (whole < size)
    fprintf(stderr,
            "coresweep: %s: its last line was torn by a crash; its %lld bytes "
            "were cut off, and that trial is run again\n",
            path, (long long)(size - whole));
  return PROBLEM_NONE;
}

static int begin_run(struct sweep_options *o,
                     const struct environment *environment,
                     struct identity *identity, struct problem *problem) {
  char path[RUN_PATH];
  int status = refuse_run(o->out, problem);
  if (!status)
    status = environment_write(
        environment, run_path(o->out, "environment.json", path), problem);
  if (status) {
    identity_free(identity);
    return status;
  }
  o->plan.identity = *identity;
  return plan_write(&o->plan, run_path(o->out, "plan.json", path), problem);
}

static int continue_run(struct sweep_options *o, int fd,
                        const struct identity *identity,
                        struct finished *finished, struct problem *problem) {
  char path[RUN_PATH];
  struct problem reason = {""};
  struct records records = {NULL, 0, false};
  plan_free(&o->plan); /* it was read before the lock was had */
  int status =
      plan_read(&o->plan, run_path(o->out, "plan.json", path), problem);
  if (!status && identity_compare(&o->plan.identity, identity, &reason) != 0)
    status = problem_usage(problem, "--resume %s: %s", o->out, reason.text);
  run_path(o->out, "trials.jsonl", path);
  if (!status)
    status = cut_torn_line(fd, path, problem);
  if (!status)
    status = records_read(path, &records, problem);
  if (!status)
    status = finished_make(&records, finished, problem);
  return status;
}

int sweep_folder_open(struct sweep_options *o,
                      const struct environment *environment,
                      struct finished *finished, int *fd,
                      struct problem *problem) {
  char path[RUN_PATH];
  struct identity identity = {0};
  const struct identity_source source = {.machine = &o->machine,
                                         .executor = o->executor,
                                         .cpu_model = environment->cpu_model,
                                         .system = environment->system};
  int status = o->resume ? PROBLEM_NONE : run_make_folder(o->out, problem);
  if (!status && !o->resume)
    status = refuse_run(o->out, problem);
  if (!status)
    status = identity_gather(&source, &identity, problem);
  if (status)
    return status;
  *fd = open(run_path(o->out, "trials.jsonl", path),
             O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (*fd < 0)
    status = problem_failure(problem, "%s: %s", path, strerror(errno));
  else
    status = lock(*fd, o->out, problem);
  if (!status && !o->resume)
    return begin_run(o, environment, &identity, problem);
  if (!status)
    status = continue_run(o, *fd, &identity, finished, problem);
  identity_free(&identity);
  return status;
}

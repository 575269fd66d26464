#include "bench/plan/json_file.h"

#include "bench/plan/whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Writes all of the text to a new file, down to the disk. */
static bool write_new(const char *path, const char *text) {
  unlink(path); /* whatever is there: a pipe would be waited for */
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  size_t length = strlen(text), done = 0;
  while (fd >= 0 && done < length) {
    ssize_t wrote = write(fd, text + done, length - done);
    if (wrote < 0 && errno == EINTR)
      continue;
    if (wrote <= 0)
      break;
    done += (size_t)wrote;
  }
  bool written = fd >= 0 && done == length && fsync(fd) == 0;
  int error = errno;
  bool closed = fd >= 0 && close(fd) == 0;
  if (!written)
    errno = error;
  return written && closed;
}

/* Without it, a crash of the machine may bring back the file's old name.  Not
 * every file system can do it. */
static void sync_folder(const char *path) {
  char *folder = strdup(path);
  char *slash = folder ? strrchr(folder, '/') : NULL;
  if (slash)
    slash[slash == folder] = '\0';
  int fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  free(folder);
  if (fd < 0)
    return;
  fsync(fd);
  close(fd);
}

int json_file_write(json_t *json, const char *path, unsigned digits,
                    struct problem *problem) {
  char *text =
      json ? json_dumps(json, JSON_INDENT(1) | JSON_REAL_PRECISION(digits))
           : NULL;
  char *beside = NULL;
  int status = PROBLEM_NONE;
  json_decref(json);
  if (!text || asprintf(&beside, "%s.new", path) < 0) {
    free(text);
    return problem_failure(problem, "%s could not be written: out of memory",
                           path);
  }
  if (!write_new(beside, text) || rename(beside, path) != 0) {
    status = problem_failure(problem, "%s could not be written: %s", path,
                             strerror(errno));
    unlink(beside);
  } else {
    sync_folder(path);
  }
  free(text);
  free(beside);
  return status;
}

int json_file_read(const char *path, json_t **json, struct problem *problem) {
  json_error_t error;
  const char *why;
  FILE *file = whole_file_open(path, &why);
  *json = NULL;
  if (!file)
    return problem_failure(problem, "%s: %s", path, why);
  *json = json_loadf(file, JSON_REJECT_DUPLICATES, &error);
  fclose(file);
  if (*json)
    return PROBLEM_NONE;
  return problem_failure(problem, "%s, line %d: not JSON: %s", path, error.line,
                         error.text);
}

int json_file_read_if_any(const char *path, json_t **json,
                          struct problem *problem) {
  *json = NULL;
  if (access(path, F_OK) != 0 && errno == ENOENT)
    return PROBLEM_NONE;
  return json_file_read(path, json, problem);
}

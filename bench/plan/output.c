#include "bench/plan/output.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void forget(struct output *output) {
  free(output->path);
  free(output->beside);
  *output = (struct output){NULL, NULL};
}

FILE *output_open(struct output *output, const char *path,
                  struct problem *problem) {
  *output = (struct output){.path = strdup(path)};
  if (!output->path || asprintf(&output->beside, "%s.new", path) < 0) {
    output->beside = NULL;
    forget(output);
    problem_failure(problem, "%s could not be written: out of memory", path);
    return NULL;
  }
  unlink(output->beside); /* whatever is there: a pipe would be waited for */
  FILE *file = fopen(output->beside, "we");
  if (file)
    return file;
  problem_failure(problem, "%s could not be written: %s", path,
                  strerror(errno));
  forget(output);
  return NULL;
}

int output_close(struct output *output, FILE *file, int status,
                 struct problem *problem) {
  bool written = !ferror(file);
  written = fclose(file) == 0 && written;
  if (!status && (!written || rename(output->beside, output->path) != 0))
    status = problem_failure(problem, "%s could not be written: %s",
                             output->path, strerror(errno));
  if (status)
    unlink(output->beside);
  forget(output);
  return status;
}

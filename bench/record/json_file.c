#include "bench/record/json_file.h"

#include <errno.h>
#include <string.h>

int json_file_write(json_t *json, const char *path, unsigned digits,
                    struct problem *problem) {
  int failed = !json || json_dump_file(json, path,
                                       JSON_INDENT(1) |
                                           JSON_REAL_PRECISION(digits)) != 0;
  json_decref(json);
  if (failed)
    return problem_failure(problem, "%s could not be written: %s", path,
                           strerror(errno));
  return PROBLEM_NONE;
}

/* request.h: plan.json of a measurement whose points follow from what was
 * typed: its command line, and whose run it is. */
#ifndef CORESWEEP_REQUEST_H
#define CORESWEEP_REQUEST_H

#include "bench/plan/identity.h"

#include <stdbool.h>

struct request {
  const char *command; /* "overheads"; borrowed */
  int argc;
  char **argv; /* [argc], argv[0] the command; owned where it was read */
  struct identity identity;
  double memory_bytes; /* what was free when it began; 0: not told */
  bool done;           /* nothing is missing */
};

/* Writes or replaces the file as a whole.  0, or the problem. */
int request_write(const struct request *request, const char *path,
                  struct problem *problem);

/* Reads the file of a run of request->command.  0 and the rest of it, to be
 * released with request_free; or PROBLEM_USAGE naming what is not so. */
int request_read(struct request *request, const char *path,
                 struct problem *problem);

/* Whether the file, read as JSON of today's schema, is that of some command.
 * 0, or PROBLEM_FAILURE. */
int request_check(const json_t *json, struct problem *problem);

/* Whether the file is that of such a run.  Cannot fail. */
bool request_is_of(const char *command, const char *path);

void request_free(struct request *request);

#endif

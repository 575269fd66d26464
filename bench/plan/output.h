/* output.h: a file that is replaced as a whole: it is written beside the one
 * that is there, which stays until the new one is complete. */
#ifndef CORESWEEP_OUTPUT_H
#define CORESWEEP_OUTPUT_H

#include "bench/plan/problem.h"

#include <stdio.h>

struct output {
  char *path, *beside; /* owned until it is closed */
};

/* Begins it.  Returns the stream to write to, which output_close closes; or
 * NULL with the problem. */
FILE *output_open(struct output *output, const char *path,
                  struct problem *problem);

/* Ends it.  status: whether what was to be written could be found out; if it is
 * not 0, the old file stays.  Returns status, or the failure to write. */
int output_close(struct output *output, FILE *file, int status,
                 struct problem *problem);

#endif

#include "bench/commands/command.h"

#include <stdio.h>

int command_fail(const char *name, int status, const struct problem *problem) {
  fflush(stdout);
  fprintf(stderr, "coresweep %s: %s\n", name, problem->text);
  return status;
}

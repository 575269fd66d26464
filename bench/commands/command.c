#include "bench/commands/command.h"

#include "bench/plan/text.h"
#include "bench/sweep/interrupt.h"

#include <stdio.h>
#include <stdlib.h>

int command_machine_name(const char **name, struct problem *problem) {
  *name = getenv("MACHINE");
  if (*name && !text_is_printable(*name))
    return problem_usage(problem,
                         "MACHINE=%s: want UTF-8 text that can be printed, as "
                         "in \"2-vCPU cloud VM\"",
                         *name);
  return PROBLEM_NONE;
}

int command_fail(const char *name, int status, const struct problem *problem) {
  fflush(stdout);
  fprintf(stderr, "coresweep %s: %s\n", name, problem->text);
  return interrupt_signal() ? 128 + interrupt_signal() : status;
}

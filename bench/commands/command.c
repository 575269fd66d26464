#include "bench/commands/command.h"

#include "bench/plan/notation.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int command_fail(const char *name, int status, const struct problem *problem) {
  fflush(stdout);
  fprintf(stderr, "coresweep %s: %s\n", name, problem->text);
  return status;
}

void command_parse(const struct argp *argp, const char *name, int argc,
                   char **argv, void *input) {
  char program[64];
  char *own = argv[0];
  snprintf(program, sizeof program, "coresweep %s", name);
  argv[0] = program;
  int error = argp_parse(argp, argc, argv, 0, NULL, input);
  argv[0] = own;
  if (error) { /* usage errors have ended the program; this one is memory */
    fprintf(stderr, "%s: the command line could not be read: %s\n", program,
            strerror(error));
    exit(1);
  }
}

uint64_t command_count(struct argp_state *state, const char *option,
                       const char *text, uint64_t low, uint64_t high) {
  uint64_t value = 0;
  if (!notation_parse_count(text, high, &value) || value < low)
    argp_error(state, "%s %s: want a whole number from %" PRIu64 " to %" PRIu64,
               option, text, low, high);
  return value;
}

double command_duration(struct argp_state *state, const char *option,
                        const char *text) {
  double seconds = 0;
  if (!notation_parse_duration(text, &seconds))
    argp_error(state, "%s %s: want a time, as in 90s, 3m or 1h", option, text);
  return seconds;
}

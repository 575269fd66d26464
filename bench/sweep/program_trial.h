/* program_trial.h: one run of a program, while it is made: between program.c
 * and program_check.c. */
#ifndef CORESWEEP_PROGRAM_TRIAL_H
#define CORESWEEP_PROGRAM_TRIAL_H

#include "bench/sweep/observing.h"
#include "bench/sweep/printed.h"
#include "bench/sweep/program.h"
#include "bench/sweep/tree.h"

/* One run of a program. */
struct program_trial {
  const struct executor_program *self;
  const struct trial_request *request;
  const struct program *program;
  bool serial;
  struct words command, environment;
  uint32_t copies;  /* 0: the program once, with its workers */
  int *outs;        /* [copies], owned; outs[0] is out */
  int in, out, err; /* owned; -1: none */
  struct printed output, errors;
  struct noise_watch *noise;
  struct noise_system before, after; /* of the run itself */
  struct tree_result result;
  struct observing observing;
  double region_s;
  uint64_t digest;
};

/* Runs argv with its environment and outputs.  0; or the problem that nothing
 * more can be run, or that this program was interrupted. */
int program_run_tree(const struct program_trial *trial, char *const *argv,
                     uint32_t copies, int in, bool confine,
                     struct tree_result *result, struct problem *problem);

/* Why the run is none, in *problem; its text is "" where it is one. */
void program_explain(const struct program_trial *trial,
                     const struct tree_result *result, const char *what,
                     struct problem *problem);

/* Whether what it printed is right, of all copies, and what it says of its own
 * time.  The problem says where it differs. */
int program_check_outputs(struct program_trial *trial, struct problem *problem);

#endif

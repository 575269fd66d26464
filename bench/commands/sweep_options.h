/* sweep_options.h: what was asked of a sweep, and the plan that it means. */
#ifndef CORESWEEP_SWEEP_OPTIONS_H
#define CORESWEEP_SWEEP_OPTIONS_H

#include "bench/commands/measure.h"
#include "bench/sweep/plan_make.h"

struct sweep_options {
  struct measure measure; /* first: see measure_seen */
  struct sweep_request request;
  const char *like;    /* a run's folder to repeat; as typed */
  const char *program; /* what the program was called as */
  bool dry_run, report, no_answer;
  bool cross_check; /* with hyperfine, where there is one */
  bool metered;     /* what its memory and vectors do is measured, too */
  /* resolved */
  char like_path[RUN_PATH];
  struct plan plan;
  size_t notes_shown; /* of the plan */
};

/* The options of a sweep, for a command that has more of its own; they set a
 * struct sweep_options, once sweep_options_init has. */
extern const struct option_spec sweep_option_list[];
void sweep_options_init(struct sweep_options *o, const char *program,
                        const char *command);

/* Of those commands: refuses an argument, and says where a program's stand. */
option_read sweep_options_argument;

/* Reads the command line; exits by itself on --help and wrong options. */
void sweep_options_parse(int argc, char **argv, struct sweep_options *o);

/* Makes the plan, as far as it goes without having measured, or reads that of
 * the run that is gone on with.  Looks at the machine, unless that was given.
 * 0, or the problem. */
int sweep_options_resolve(struct sweep_options *o, bool machine_given,
                          struct problem *problem);

/* Reads the plan of a run that is gone on with, which begins as {0}; to be
 * released with the options.  0, or the problem. */
int sweep_options_read_plan(struct sweep_options *o, const char *path,
                            struct problem *problem);

void sweep_options_free(struct sweep_options *o);

#endif

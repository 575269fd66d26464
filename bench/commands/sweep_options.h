/* sweep_options.h: what was asked of a sweep, and the plan that it means. */
#ifndef CORESWEEP_SWEEP_OPTIONS_H
#define CORESWEEP_SWEEP_OPTIONS_H

#include "bench/commands/options.h"
#include "bench/commands/run.h"
#include "bench/plan/machine.h"
#include "bench/plan/plan.h"

struct sweep_options {
  /* as typed; NULL where nothing was */
  const char *kernels, *variants, *workers, *like, *bind;
  const char *program; /* what the program was called as */
  const char *command; /* "sweep" */
  uint64_t size;
  const char *resume;       /* a run's folder to go on with */
  const char *fixed_option; /* the first given that --resume does not take */
  const char *executor;     /* for plan.json's identity: "real" */
  bool size_given, seed_given, scaling_given, touch_given, out_given;
  bool oversubscribe, dry_run, quick, weak, report, serial_touch, no_probes;
  double target_width; /* a share; 0: not given */
  uint64_t seed;
  uint32_t rounds; /* 0: not given */
  double budget_s, timeout_s;
  /* resolved */
  char out[RUN_PATH];
  struct machine machine;
  bool machine_given; /* `machine` is filled in already: not to be discovered */
  struct plan plan;
};

/* The options of a sweep, for a command that has more of its own; they set a
 * struct sweep_options, once sweep_options_init has. */
extern const struct option_spec sweep_option_list[];
void sweep_options_init(struct sweep_options *o, const char *program,
                        const char *command);

/* Reads the command line; exits by itself on --help and wrong options. */
void sweep_options_parse(int argc, char **argv, struct sweep_options *o);

/* Looks at the machine and makes the plan, as far as it goes without having
 * measured.  0, or the problem. */
int sweep_options_resolve(struct sweep_options *o, struct problem *problem);

void sweep_options_free(struct sweep_options *o);

#endif

/* measure.h: what all commands that measure have in common: a run's folder, new
 * or gone on with, an executor, the engine, the progress line, and the words at
 * the end. */
#ifndef CORESWEEP_MEASURE_H
#define CORESWEEP_MEASURE_H

#include "bench/commands/export.h"
#include "bench/commands/options.h"
#include "bench/plan/machine.h"
#include "bench/plan/request.h"
#include "bench/record/environment.h"
#include "bench/sweep/engine.h"

struct measure {
  /* as typed */
  char out[RUN_PATH];
  bool out_given;
  const char *resume;       /* a run's folder to go on with */
  bool retry;               /* and to make up for trials that failed */
  const char *fixed_option; /* the first given that --resume does not take */
  double budget_s, timeout_s;
  uint64_t seed;
  bool seed_given, timeout_given;
  struct export_as as;
  /* set by the command */
  const char *command;
  bool reports;              /* has --report */
  bool retries;              /* has --retry */
  const char *executor_name; /* for the identity: "real" */
  char *commands; /* for the identity, of somebody else's programs; owned */
  enum bind bind;
  uint32_t threads; /* of OpenMP, the most that a trial will ask for */
  /* of the run */
  struct request request; /* plan.json, where it holds the command line */
  bool by_request;
  struct machine machine;
  struct environment environment;
  int cpus[TRIAL_WORKERS], nodes[TRIAL_WORKERS];
  struct executor_real real;
  struct records records;
  struct finished finished;
  struct engine engine;
  char trials[RUN_PATH];
  FILE *data; /* for an export; NULL: none was asked for */
};

/* What measure_start has for those that keep a plan of their own. */
struct measure_plan {
  void *context;
  /* Writes plan.json of a new run; takes the identity over, and empties it. */
  int (*write)(void *context, struct identity *identity, const char *path,
               struct problem *problem);
  /* Reads it to go on with the run; *then: whose it was, borrowed. */
  int (*read)(void *context, const char *path, const struct identity **then,
              struct problem *problem);
};

/* --out, --resume, --budget, --seed and --timeout, of a command whose run
 * follows from its command line: they set a struct measure. */
extern const struct option_spec measure_option_list[];

/* The words of some of them, for commands that have members of their own. */
#define OPTION_SEED_HELP "Seed of the items and of the order (1)"
#define OPTION_RESUME(type, to)                                                \
  .name = "resume", .arg = "DIR",                                              \
  .help = "Go on with the run in that folder: only what is missing is "        \
          "measured, on the same machine with the same program",               \
  OPTION_PATH(type, to)

/* Of a command whose plan can take more rounds: `to`: its struct's measure. */
#define OPTION_RETRY(type, to)                                                 \
  .name = "retry",                                                             \
  .help = "With --resume: measure another round in place of each in which a "  \
          "trial failed; what failed stays recorded",                          \
  OPTION_FLAG(type, to.retry)

/* For struct options' `seen`: remembers the first option that cannot be given
 * beside --resume.  input: a struct that begins with a struct measure. */
void measure_seen(void *input, const struct option_spec *option);

/* What is true where nothing is said.  `command` is borrowed. */
void measure_init(struct measure *measure, const char *command);

/* Whether the run, if it is one that is gone on with, can be gone on with as it
 * was asked; then its folder is `out`.  0, or the problem. */
int measure_check_resume(struct measure *measure, struct problem *problem);

/* Reads the command line into the command's struct, which begins with
 * *measure; with --resume, then that of the run that is gone on with.  0, or
 * the problem. */
int measure_parse(struct measure *measure, const struct options *options,
                  int argc, char **argv, struct problem *problem);

/* What came of a command line, read by measure_parse: the status and the
 * problem, which names plan.json where it is from there.  Returns the status.
 */
int measure_of_plan(const struct measure *measure, int status,
                    struct problem *problem);

/* 0, or the problem that every trial would stumble over: see measure_threads.
 */
int measure_may(const struct measure *measure, struct problem *problem);

/* A point will be measured that is run so: for `threads`.  Before
 * measure_start. */
void measure_threads(struct measure *measure, const struct variant_spec *spec,
                     uint32_t workers);

/* Names the folder (PREFIX and the time) where none was given; creates or
 * opens it, locks it, and gets the engine ready.  The machine has been looked
 * at; where there is no executor yet, trials are fresh processes, and the
 * environment is this one.  plan: NULL: plan.json holds the command line. */
int measure_start(struct measure *measure, const char *prefix,
                  const struct measure_plan *plan, struct problem *problem);

/* Runs the plan.  0, or the problem. */
int measure_run(struct measure *measure, struct planner *planner,
                struct problem *problem);

/* Closes the file, and says how much was measured.  status and problem: what
 * came of it so far.  Returns them; or 128 + signal after an interruption, and
 * says how to go on. */
int measure_end(struct measure *measure, int status, struct problem *problem);

/* After everything was shown: 0, or the problem that trials were bad.  Points
 * results/latest to the run. */
int measure_verdict(const struct measure *measure, bool latest,
                    struct problem *problem);

/* Looks at who else uses the CPUs, just before the first trial; says so where
 * that is more than it should be; and keeps it in environment.json, of several
 * looks at one run the one that saw the busiest machine.  context: the struct
 * measure.  0, or the problem. */
int measure_look(void *context, struct problem *problem);

/* Of a run that is gone on with: takes the busiest of its looks over into the
 * environment of this one, for what is said while it is measured.  0, or the
 * problem of environment.json. */
int measure_know_look(struct measure *measure, struct problem *problem);

/* Prints what the run has found, if that was asked for: --json and the like.
 * 0, or the problem. */
int measure_export(const struct measure *measure, struct problem *problem);

/* Takes the progress line away, if there is a terminal. */
void measure_clear_progress(void);

void measure_free(struct measure *measure);

#endif

/* program_options.h: what is typed for a sweep over somebody else's programs.
 */
#ifndef CORESWEEP_PROGRAM_OPTIONS_H
#define CORESWEEP_PROGRAM_OPTIONS_H

#include "bench/commands/measure.h"
#include "bench/plan/counts.h"
#include "bench/plan/program.h"
#include "bench/plan/sizes.h"
#include "bench/report/programs.h"
#include "bench/sweep/program_plan.h"

enum { PROGRAM_PARAMETERS = 8 };

struct program_options {
  struct measure measure; /* first: see measure_seen */
  /* as typed */
  const char *workers, *sizes, *serial, *check, *worth, *efficiency, *observe;
  struct words named;       /* --program NAME=COMMAND */
  struct words parameters;  /* -L NAME=a,b */
  struct words environment; /* --env NAME=VALUE */
  struct words command;     /* after -- */
  struct program_protocol protocol;
  bool own_reference, no_confine, copies, weak, oversubscribe, report, dry_run;
  uint32_t rounds, warmups;
  double target_width; /* a share; 0: not asked */
  /* what follows */
  struct program programs[PROGRAMS];
  size_t program_count;
  uint32_t counts[COUNTS_MAX];
  size_t count_count;
  uint64_t size_list[SIZES_MAX];
  size_t size_count;
  struct report_worth rule;
};

/* Whether the command line of `coresweep sweep` is about programs: it has a --,
 * a --program, or goes on with such a run. */
bool program_options_are(int argc, char **argv);

/* Reads the command line, and makes the programs of it.  0, or the problem;
 * exits by itself on what argp finds wrong. */
int program_options_parse(int argc, char **argv, struct program_options *o,
                          struct problem *problem);

/* What --check (but for a command) and --observe take, ended by NULL. */
extern const char *const program_check_words[], *const program_observe_words[];

/* Makes o->protocol of what was typed; program_options_parse does. */
int program_protocol_read(struct program_options *o, struct problem *problem);

/* Makes o->programs of what was typed; program_options_parse does. */
int program_list_make(struct program_options *o, struct problem *problem);

/* Checks it against the machine, which has been looked at. */
int program_options_resolve(struct program_options *o, struct problem *problem);

void program_options_free(struct program_options *o);

#endif

/* plan_make.h: from what was asked of a sweep to its plan, as far as it goes
 * without having measured. */
#ifndef CORESWEEP_PLAN_MAKE_H
#define CORESWEEP_PLAN_MAKE_H

#include "bench/plan/plan.h"

/* As typed; NULL or 0 where nothing was.  Borrowed. */
struct sweep_request {
  const char *kernels, *variants, *workers, *bind;
  const char *like;  /* a run's plan.json to repeat */
  const char *sizes; /* a list, as sizes_parse reads it */
  uint64_t size, seed;
  uint32_t rounds;
  uint32_t shard, shards; /* 0: all of it */
  double target_width;    /* a share */
  double budget_s;
  double memory_bytes; /* that are free; 0: not told, or of no machine here */
  bool size_given, seed_given, scaling_given, touch_given;
  bool oversubscribe, quick, weak, serial_touch, no_probes;
  bool copies;           /* also, where they are not among the variants */
  uint32_t class_number; /* fixes sizes, seed and counts; 0: none */
};

/* Makes the plan, which begins as {0}.  0, or the problem;
 * to be released with plan_free in either case. */
int plan_make(const struct sweep_request *request,
              const struct machine *machine, struct plan *plan,
              struct problem *problem);

/* Finds which variants' trials may be in blocks with `serial`, and lists the
 * points anew; plan_make does it, a plan that was read needs it.  topology: of
 * the machine that it runs on.  path: the file that it was read from, for the
 * message; NULL: the command line.  0; or PROBLEM_USAGE where this program
 * lacks a variant's team, schedule or transport. */
int plan_settle_turns(struct plan *plan, const struct topology *topology,
                      const char *path, struct problem *problem);

#endif

/* program_plan.h: the plan of a sweep over somebody else's programs: the first
 * pair, warm-ups, rounds. */
#ifndef CORESWEEP_PROGRAM_PLAN_H
#define CORESWEEP_PROGRAM_PLAN_H

#include "bench/plan/program.h"
#include "bench/sweep/engine.h"

enum {
  PROGRAMS = 64,      /* of one sweep */
  PROGRAM_ROUNDS = 9, /* where nobody says */
  PROGRAM_LEAST = 6,  /* that a budget leaves: fewer have no interval */
};

/* What is swept.  Pointers are borrowed. */
struct program_scope {
  const struct program *programs;
  size_t program_count;
  const uint32_t *counts; /* [count_count], ascending */
  size_t count_count;
  const uint64_t *sizes; /* [size_count], ascending; what {size} stands for */
  size_t size_count;     /* 0: no size: 1, a run */
  bool copies;           /* as many one-worker copies at once as well */
  bool weak;             /* the size is for each worker */
  uint32_t warmups, rounds;
  bool rounds_given;
};

struct program_plan {
  struct planner base;
  struct workload *workloads; /* [programs], owned */
  struct point *points;       /* [count] of a round, owned */
  struct point *batch;        /* what is run before the rounds; owned */
  size_t count, workload_count;
  uint32_t warmups, rounds, most;
  bool rounds_given;
  enum {
    PROGRAM_STEP_FIRST,
    PROGRAM_STEP_OTHERS,
    PROGRAM_STEP_WARMUP,
    PROGRAM_STEP_ROUNDS,
    PROGRAM_STEP_END
  } step;
  double round_s; /* what a round is thought to take */
  /* Called once with the first pairs, and with what the rounds are thought to
   * take; may be NULL. */
  void (*provisional)(void *context, const struct so_far *so_far,
                      double rounds_s);
  void *context;
};

/* Lists the points: of every program and size, one worker as the baseline, then
 * every count; where there is a serial program of its own, one worker of the
 * parallel one as well.  Release with program_plan_free in every case. */
int program_plan_make(const struct program_scope *scope,
                      struct program_plan *plan, struct problem *problem);
void program_plan_free(struct program_plan *plan);

#endif

/* program_plan.h: the plan of a sweep over somebody else's programs: the first
 * pair, warm-ups, rounds, and more of them where intervals are to be narrower.
 */
#ifndef CORESWEEP_PROGRAM_PLAN_H
#define CORESWEEP_PROGRAM_PLAN_H

#include "bench/plan/program.h"
#include "bench/sweep/engine.h"
#include "bench/sweep/width.h"

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
  double target_width; /* of the widest interval, a share; 0: not asked */
  double budget_s;     /* 0: none */
  bool was_done;       /* it is a run that had come to its end */
  bool observe;        /* runs of it are observed beside the timed ones, where
                          the pilot tells anything: see program_observed.h */
};

/* What a sweep tells, and asks of those who know more than it does. */
struct program_hooks {
  void *context;
  /* The first pairs have run; rest_s: what all that follows up to the last of
   * `rounds` is thought to take; 0: nothing is left, NAN: not known. */
  void (*provisional)(void *context, const struct so_far *so_far,
                      uint32_t rounds, double rest_s);
  /* Needed where a width is asked for. */
  width_look *look;
  void (*decided)(void *context, uint32_t rounds, const char *reason);
  void (*missed)(void *context, const char *what);
  /* The pilot's observed runs are there, and no round yet: 0, or the problem
   * that ends the run. */
  int (*piloted)(void *context, const struct so_far *so_far,
                 struct problem *problem);
};

struct program_plan {
  struct planner base;
  struct workload *workloads; /* [programs], owned */
  struct point *points;       /* [count] of a round, owned */
  struct point *batch;        /* what is run before the rounds; owned */
  size_t *first; /* [first_count] records of the first pairs; owned */
  size_t first_count;
  double first_s; /* what they took */
  bool looked;    /* at teams, after them */
  size_t count, workload_count;
  size_t timed; /* of the points; those behind them are the same, observed */
  uint32_t warmups, rounds, most;
  bool rounds_given, was_done, observe, weak;
  double target_width, budget_s;
  struct program_hooks hooks; /* each may be NULL */
  enum {
    PROGRAM_STEP_FIRST,
    PROGRAM_STEP_LOOK, /* at teams of programs that one worker tells nothing of
                        */
    PROGRAM_STEP_OTHERS,
    PROGRAM_STEP_WARMUP,
    PROGRAM_STEP_ROUNDS,
    PROGRAM_STEP_WIDTH, /* more rounds, for narrower intervals */
    PROGRAM_STEP_REACHED,
    PROGRAM_STEP_END
  } step;
  double round_s; /* what a round is thought to take */
};

/* Lists the points: of every program and size, one worker as the baseline, then
 * every count; where there is a serial program of its own, one worker of the
 * parallel one as well.  Release with program_plan_free in every case. */
int program_plan_make(const struct program_scope *scope,
                      struct program_plan *plan, struct problem *problem);
void program_plan_free(struct program_plan *plan);

#endif

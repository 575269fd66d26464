/* sweep.h: the plan of a sweep, run: calibration, pilot, rounds, and more of
 * them where intervals are to be narrower. */
#ifndef CORESWEEP_SWEEP_H
#define CORESWEEP_SWEEP_H

#include "bench/plan/plan.h"
#include "bench/sweep/calibration.h"
#include "bench/sweep/empty_plan.h"
#include "bench/sweep/engine.h"
#include "bench/sweep/width.h"

/* What has been decided: from then on the plan says so. */
enum sweep_decision {
  SWEEP_SIZES,  /* sizes, and which points there are */
  SWEEP_ROUNDS, /* the rounds, after the pilot and before the first of them */
  SWEEP_ROUNDS_AGAIN, /* they were already: a run that is gone on with */
  SWEEP_WIDTH,        /* how many trials each point gets */
  SWEEP_DONE          /* that there is nothing more */
};

/* What a sweep asks of those who know more than it does. */
struct sweep_hooks {
  void *context;
  /* The plan is to be kept; 0, or the problem that ends the sweep. */
  int (*decided)(void *context, enum sweep_decision decision,
                 const struct so_far *so_far, struct problem *problem);
  /* How wide the intervals are so far; needed where the plan is adaptive. */
  width_look *look;
  /* How wide they are where that alone decides how many trials a point gets,
   * and nobody asked for a width; NULL: the same. */
  width_look *look_first;
};

struct sweep {
  struct planner base;
  struct plan *plan;        /* borrowed; it changes as things are decided */
  bool metered;             /* the machine has memory and vectors to measure */
  bool empties;             /* empty regions are measured before the rounds */
  struct sweep_hooks hooks; /* each may be NULL */
  /* its own */
  enum {
    SWEEP_STEP_CALIBRATION,
    SWEEP_STEP_VERIFICATION, /* the pilot's first cycle */
    SWEEP_STEP_PILOT,
    SWEEP_STEP_EMPTY,
    SWEEP_STEP_ROUNDS,
    SWEEP_STEP_END
  } step;
  struct calibration calibration;
  struct point *pilot; /* owned */
  size_t pilot_count;
  struct empty_plan empty_plan;
  /* Owned: those that take part in the next rounds, which of the plan's they
   * are, and what a trial of each of the plan's costs. */
  struct point *some;
  size_t *some_of;
  double *cost_s; /* NULL: not known yet */
  bool was_done;  /* nothing was missing when the sweep began */
};

/* A planner for an engine.  Cannot fail; release with sweep_free. */
struct sweep sweep_make(struct plan *plan, const struct sweep_hooks *hooks);
void sweep_free(struct sweep *sweep);

#endif

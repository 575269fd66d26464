#include "bench/sweep/aa_plan.h"

#include <math.h>

/* Regions of a trial, and items to begin the calibration with. */
enum { ITERATIONS = 3, FIRST_SIZE = 200 };

const char *const aa_names[AA_NAMES] = {"a", "b"};

static void calibrate(struct aa_plan *plan, uint32_t trials,
                      struct batch *batch) {
  struct point *point = &plan->points[0];
  point->size = plan->sizing.size;
  point->iterations = 1;
  point->phase = "calibration";
  batch->points = point;
  batch->count = 1;
  batch->rounds = trials;
  batch->unnumbered = batch->needed = true;
  batch->then_s = (double)NAN;
}

static void give_rounds(struct aa_plan *plan, struct batch *batch) {
  for (int i = 0; i < AA_NAMES; i++) {
    plan->points[i] = plan->points[0];
    plan->points[i].iterations = ITERATIONS;
    plan->points[i].phase = aa_names[i];
  }
  batch->points = plan->points;
  batch->count = AA_NAMES;
  batch->rounds = plan->rounds;
  batch->least = plan->least;
  batch->shuffled = batch->needed = true;
}

static int next(struct planner *self, const struct so_far *so_far,
                struct batch *batch, struct problem *problem) {
  struct aa_plan *plan = (struct aa_plan *)self; /* its first member */
  const struct record *seen[SIZING_TRIALS];
  (void)problem;
  if (plan->given)
    return PROBLEM_NONE;
  for (size_t i = 0; i < so_far->last_count; i++)
    seen[i] = &so_far->records->list[so_far->last[i]];
  uint32_t trials = sizing_next(&plan->sizing, seen, so_far->last_count);
  plan->given = trials == 0;
  if (trials)
    calibrate(plan, trials, batch);
  else
    give_rounds(plan, batch);
  return PROBLEM_NONE;
}

struct aa_plan aa_plan_make(const struct workload *workload, double target_s,
                            uint32_t rounds) {
  return (struct aa_plan){
      .base = {.next = next},
      .sizing = {.size = FIRST_SIZE,
                 .most = UINT64_C(1) << 40,
                 .multiple = 1,
                 .target_s = target_s,
                 .limit = "not met"},
      .points = {{.workload = workload,
                  .variant = {.team = "serial"},
                  .workers = 1}},
      .rounds = rounds,
  };
}

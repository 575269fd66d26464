#include "bench/sweep/aa_plan.h"

#include "bench/plan/plan.h"

#include <math.h>

/* Items to begin the calibration with. */
enum { FIRST_SIZE = 200 };

const char aa_phase[] = "a";
static const struct variant_spec serial = {.team = "serial"};

static void calibrate(struct aa_plan *plan, uint32_t trials,
                      struct batch *batch) {
  struct point *point = &plan->point;
  point->size = plan->sizing.size;
  point->iterations = 1;
  point->phase = "calibration";
  batch->points = point;
  batch->count = 1;
  batch->rounds = trials;
  batch->unnumbered = batch->needed = true;
  batch->then_s = (double)NAN;
}

/* As a sweep's points are in blocks: see take_turns in plan.c. */
static void give_rounds(struct aa_plan *plan, struct batch *batch) {
  struct point *point = &plan->point;
  point->beside = &serial;
  point->blocks = plan_blocks(point->workload, PLAN_BLOCKS);
  point->warmups = plan_turns(point->workload, PLAN_BLOCKS);
  point->iterations = 0;
  point->phase = aa_phase;
  batch->points = point;
  batch->count = 1;
  batch->rounds = plan->rounds;
  batch->least = plan->least;
  batch->needed = true;
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
      .point = {.workload = workload, .variant = serial, .workers = 1},
      .rounds = rounds,
  };
}

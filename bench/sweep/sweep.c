#include "bench/sweep/sweep.h"

#include "bench/plan/budget.h"
#include "bench/plan/meters.h"
#include "bench/plan/repeat.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

_Static_assert(PLAN_PROFILE <= (int)TRIAL_PROFILE, "what a trial takes");

static int decided(const struct sweep *sweep, enum sweep_decision decision,
                   const struct so_far *so_far, struct problem *problem) {
  return sweep->hooks.decided ? sweep->hooks.decided(sweep->hooks.context,
                                                     decision, so_far, problem)
                              : PROBLEM_NONE;
}

static double left_s(const struct sweep *sweep, const struct so_far *so_far) {
  return sweep->plan->budget_s - so_far->elapsed_s;
}

/* ---- sizes --------------------------------------------------------------- */

/* Sizes and points: from here on they are fixed. */
static int settle_sizes(struct sweep *sweep, const struct so_far *so_far,
                        struct problem *problem) {
  struct plan *plan = sweep->plan;
  int status = PROBLEM_NONE;
  /* Beside several sizes they would be most of a round. */
  if (sweep->metered && !plan->unprobed && !plan_has_sizes(plan))
    status = plan_add_meters(plan, problem);
  if (!status)
    repeat_settle(plan);
  if (!status)
    status = budget_thin(plan, left_s(sweep, so_far), problem);
  plan->stage = STAGE_SIZED;
  return status ? status : decided(sweep, SWEEP_SIZES, so_far, problem);
}

/* ---- pilot --------------------------------------------------------------- */

/* Whether a point before it has the same result. */
static bool is_known(const struct plan *plan, size_t index) {
  const struct point *point = &plan->points[index];
  for (size_t i = 0; i < index; i++)
    if (plan->points[i].workload == point->workload &&
        plan->points[i].size == point->size)
      return true;
  return false;
}

/* The points of a cycle: every one-worker point; in the first cycle,
 * which verifies the first trial of every result in full, also one of each
 * size that weak scaling adds. */
static int list_pilot(struct sweep *sweep, struct problem *problem) {
  const struct plan *plan = sweep->plan;
  struct point *points =
      reallocarray(sweep->pilot, plan->result_count + 1, sizeof *points);
  if (!points)
    return problem_failure(problem, "out of memory");
  sweep->pilot = points;
  sweep->pilot_count = 0;
  for (size_t i = 0; i < plan->result_count; i++) {
    struct point point = plan->points[i];
    bool first = sweep->step == SWEEP_STEP_VERIFICATION;
    plan_make_pilot(plan, first ? 0 : 1, &point);
    point.verify = first && !is_known(plan, i);
    if (point.workers == 1 || point.verify)
      points[sweep->pilot_count++] = point;
  }
  return PROBLEM_NONE;
}

static int pilot(struct sweep *sweep, struct batch *batch,
                 struct problem *problem) {
  const struct plan *plan = sweep->plan;
  bool first = sweep->step == SWEEP_STEP_VERIFICATION;
  int status = list_pilot(sweep, problem);
  batch->points = sweep->pilot;
  batch->count = sweep->pilot_count;
  batch->rounds = first ? 1 : PLAN_PILOTS - 1;
  batch->unnumbered = batch->needed = true;
  batch->round_s = budget_pilot_s(plan) / PLAN_PILOTS;
  batch->then_s = plan->rounds * budget_round_s(plan);
  if (first)
    batch->then_s += (PLAN_PILOTS - 1) * batch->round_s;
  return status;
}

/* ---- rounds -------------------------------------------------------------- */

static double cost_of(const struct sweep *sweep, size_t point) {
  return sweep->cost_s
             ? sweep->cost_s[point]
             : budget_trial_s(sweep->plan, &sweep->plan->points[point]);
}

/* The rounds up to the next one after which some point has had all of its
 * trials, by those that have not; none: there is nothing more. */
static int give_rounds(struct sweep *sweep, uint32_t last, struct batch *batch,
                       struct problem *problem) {
  const struct plan *plan = sweep->plan;
  uint32_t next = UINT32_MAX;
  free(sweep->some);
  free(sweep->some_of);
  sweep->some = calloc(plan->point_count + 1, sizeof *sweep->some);
  sweep->some_of = calloc(plan->point_count + 1, sizeof *sweep->some_of);
  if (!sweep->some || !sweep->some_of)
    return problem_failure(problem, "out of memory");
  for (size_t i = 0; i < plan->point_count; i++) {
    uint32_t trials = plan_trials(plan, i);
    if (trials <= last || plan_is_apart(&plan->points[i]))
      continue;
    sweep->some_of[batch->count] = i;
    sweep->some[batch->count++] = plan->points[i];
    batch->round_s += cost_of(sweep, i);
    if (trials < next)
      next = trials;
  }
  batch->points = sweep->some;
  batch->rounds = next - last;
  batch->first_round = last + 1;
  batch->shuffled = true;
  batch->least = plan->rounds_given ? 0 : PLAN_ROUNDS_QUICK;
  batch->wanted = plan->rounds_given ? 0 : WIDTH_ROUNDS_FIRST;
  return PROBLEM_NONE;
}

static int begin_rounds(struct sweep *sweep, const struct so_far *so_far,
                        struct batch *batch, struct problem *problem) {
  struct plan *plan = sweep->plan;
  bool settled = plan->stage >= STAGE_ROUNDS;
  sweep->was_done = plan->stage == STAGE_DONE;
  if (!settled) {
    budget_rounds(plan, left_s(sweep, so_far));
    plan->stage = STAGE_ROUNDS;
  }
  int status = decided(sweep, settled ? SWEEP_ROUNDS_AGAIN : SWEEP_ROUNDS,
                       so_far, problem);
  if (sweep->was_done) /* not more than there were: a budget had run out */
    plan->rounds = plan->rounds_done;
  return status ? status : give_rounds(sweep, 0, batch, problem);
}

/* Of points that are measured at all. */
static int find_width(const struct sweep *sweep, width_look *look,
                      const struct so_far *so_far, double **half_widths,
                      struct problem *problem) {
  const struct plan *plan = sweep->plan;
  int status = width_find(look, sweep->hooks.context, so_far, plan->points,
                          plan->point_count, half_widths, problem);
  for (size_t i = 0; !status && i < plan->point_count; i++)
    if (plan_trials(plan, i) == 0)
      (*half_widths)[i] = 0;
  return status;
}

/* Decides once, after the first rounds, how many trials it takes. */
static int widen(struct sweep *sweep, const struct so_far *so_far,
                 struct problem *problem) {
  struct plan *plan = sweep->plan;
  const struct sweep_hooks *hooks = &sweep->hooks;
  bool asked = plan->target_width > 0 || !hooks->look_first;
  double *half_widths;
  int status = find_width(sweep, asked ? hooks->look : hooks->look_first,
                          so_far, &half_widths, problem);
  free(sweep->cost_s);
  sweep->cost_s = width_costs(plan, so_far, sweep->some_of);
  if (!status && !sweep->cost_s)
    status = problem_failure(problem, "out of memory");
  if (!status)
    status = width_share(plan, half_widths, sweep->cost_s, so_far, problem);
  if (!status) {
    plan->width =
        width_widest(plan->points, plan->point_count, half_widths).width;
    plan->width_decided = true;
    status = decided(sweep, SWEEP_WIDTH, so_far, problem);
  }
  free(half_widths);
  return status;
}

/* What came of it. */
static int look_at_width(struct sweep *sweep, const struct so_far *so_far,
                         struct problem *problem) {
  struct plan *plan = sweep->plan;
  char missed[PLAN_REASON];
  double *half_widths;
  int status =
      find_width(sweep, sweep->hooks.look, so_far, &half_widths, problem);
  if (!status) {
    struct width now =
        width_widest(plan->points, plan->point_count, half_widths);
    plan->width = now.width;
    if (plan->target_width > 0 &&
        width_missed(&now, plan->target_width, missed))
      plan_note(plan, "%s", missed);
  }
  free(half_widths);
  return status;
}

static int end_rounds(struct sweep *sweep, const struct so_far *so_far,
                      struct problem *problem) {
  struct plan *plan = sweep->plan;
  int status = PROBLEM_NONE;
  sweep->step = SWEEP_STEP_END;
  if (plan->adaptive && !sweep->was_done)
    status = look_at_width(sweep, so_far, problem);
  if (status || sweep->was_done)
    return status;
  plan->rounds_done = so_far->last_round;
  if (plan->rounds < plan->rounds_done) /* some stand in for failed ones */
    plan->rounds = plan->rounds_done;
  plan->stage = STAGE_DONE;
  return decided(sweep, SWEEP_DONE, so_far, problem);
}

static int after_rounds(struct sweep *sweep, const struct so_far *so_far,
                        struct batch *batch, struct problem *problem) {
  struct plan *plan = sweep->plan;
  int status = PROBLEM_NONE;
  if (so_far->cut)
    plan_note(plan,
              "the budget ran out after %" PRIu32 " of %" PRIu32 " rounds",
              so_far->last_round, plan->rounds);
  if (plan->adaptive && !plan->width_decided && !sweep->was_done &&
      so_far->last_round >= WIDTH_ROUNDS_FIRST)
    status = widen(sweep, so_far, problem);
  if (!status && !so_far->cut)
    status = give_rounds(sweep, so_far->last_round, batch, problem);
  return status || batch->count > 0 ? status
                                    : end_rounds(sweep, so_far, problem);
}

/* ---- the planner --------------------------------------------------------- */

static int next(struct planner *self, const struct so_far *so_far,
                struct batch *batch, struct problem *problem) {
  struct sweep *sweep = (struct sweep *)self; /* its first member */
  int status = PROBLEM_NONE;
  switch (sweep->step) {
  case SWEEP_STEP_CALIBRATION:
    /* Sizes of a run that is gone on with may be fixed already. */
    if (sweep->plan->stage < STAGE_SIZED) {
      if (calibration_batch(&sweep->calibration, so_far, batch))
        return PROBLEM_NONE;
      status = settle_sizes(sweep, so_far, problem);
    }
    sweep->step = SWEEP_STEP_VERIFICATION;
    return status ? status : pilot(sweep, batch, problem);
  case SWEEP_STEP_VERIFICATION:
    sweep->step = SWEEP_STEP_PILOT;
    return pilot(sweep, batch, problem);
  case SWEEP_STEP_PILOT:
    sweep->step = SWEEP_STEP_EMPTY;
    if (sweep->empties)
      status = empty_plan_batch(&sweep->empty_plan, sweep->plan,
                                left_s(sweep, so_far), batch, problem);
    if (status || batch->count > 0)
      return status;
    /* fall through */
  case SWEEP_STEP_EMPTY:
    sweep->step = SWEEP_STEP_ROUNDS;
    return begin_rounds(sweep, so_far, batch, problem);
  case SWEEP_STEP_ROUNDS:
    return after_rounds(sweep, so_far, batch, problem);
  case SWEEP_STEP_END:
    break;
  }
  return PROBLEM_NONE;
}

struct sweep sweep_make(struct plan *plan, const struct sweep_hooks *hooks) {
  return (struct sweep){.base = {.next = next},
                        .plan = plan,
                        .hooks = *hooks,
                        .calibration = {.plan = plan}};
}

void sweep_free(struct sweep *sweep) {
  empty_plan_free(&sweep->empty_plan);
  free(sweep->pilot);
  free(sweep->some);
  free(sweep->some_of);
  free(sweep->cost_s);
  sweep->pilot = sweep->some = NULL;
  sweep->some_of = NULL;
  sweep->cost_s = NULL;
}

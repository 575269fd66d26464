#include "bench/sweep/program_plan.h"

#include "bench/plan/budget.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void add(struct program_plan *plan, const struct workload *workload,
                const char *team, uint32_t workers, uint64_t size) {
  struct point *point = &plan->points[plan->count++];
  *point = (struct point){
      .workload = workload, .workers = workers, .size = size, .phase = "round"};
  snprintf(point->variant.team, sizeof point->variant.team, "%s", team);
}

static void list_points(const struct program_scope *scope,
                        struct program_plan *plan) {
  static const uint64_t one_run[] = {1};
  const uint64_t *sizes = scope->size_count ? scope->sizes : one_run;
  size_t size_count = scope->size_count ? scope->size_count : 1;
  for (size_t w = 0; w < plan->workload_count; w++)
    for (size_t s = 0; s < size_count; s++) {
      const struct workload *workload = &plan->workloads[w];
      add(plan, workload, "serial", 1, sizes[s]);
      for (size_t c = 0; c < scope->count_count; c++) {
        uint32_t workers = scope->counts[c];
        if (workers > 1 || scope->programs[w].serial.count > 0)
          add(plan, workload, "program", workers,
              sizes[s] * (scope->weak ? workers : 1));
      }
      for (size_t c = 0; scope->copies && c < scope->count_count; c++)
        if (scope->counts[c] > 1)
          add(plan, workload, "copies", scope->counts[c], sizes[s]);
    }
}

/* ---- observed runs --------------------------------------------------------
 */

/* Its own one-worker run: of a program with another serial one, not that. */
static bool is_own_one(const struct point *point) {
  return point->workers == 1 &&
         (point_is_serial(point) ? point->workload->program->serial.count == 0
                                 : strcmp(point->variant.team, "program") == 0);
}

/* Behind the timed points the same again, each with its own in turns: in every
 * second round after it. */
static void list_observed(struct program_plan *plan) {
  for (size_t i = 0; i < plan->timed; i++) {
    struct point *point = &plan->points[i];
    bool own = !point_is_serial(point) || is_own_one(point);
    if (!own || strcmp(point->variant.team, "copies") == 0)
      continue;
    point->unit = (uint32_t)i + 1;
    plan->points[plan->count] = *point;
    plan->points[plan->count].observed = true;
    plan->points[plan->count++].phase = "observed";
  }
}

/* Whether the pilot's run of its program tells what further ones would. */
static bool is_worth_observing(const struct program_plan *plan,
                               const struct so_far *so_far,
                               const struct point *point) {
  for (size_t i = 0; i < so_far->last_count; i++) {
    const struct record *r = &so_far->records->list[so_far->last[i]];
    if (record_tells_inside(r) && record_inside_within(r, 1) &&
        strcmp(r->workload, point->workload->name) == 0 &&
        (plan->weak || r->size == (int64_t)point->size))
      return true;
  }
  return false;
}

static void keep_observed(struct program_plan *plan,
                          const struct so_far *so_far) {
  size_t count = plan->timed;
  for (size_t i = plan->timed; i < plan->count; i++)
    if (is_worth_observing(plan, so_far, &plan->points[i]))
      plan->points[count++] = plan->points[i];
  plan->count = count;
}

/* How often a point is run in a round. */
static double times_of(const struct program_plan *plan,
                       const struct point *point) {
  double times = 1;
  for (size_t i = plan->timed; i < plan->count; i++)
    times += plan->points[i].unit == point->unit;
  return times;
}

/* ---- the first pairs ------------------------------------------------------
 */

/* Whether the point is one of those that are looked at first: of every program
 * and size the baseline, and the most workers. */
static bool is_first(const struct program_plan *plan,
                     const struct point *point) {
  return point_is_serial(point) || (point->workers == plan->most &&
                                    strcmp(point->variant.team, "copies") != 0);
}

enum which { THE_FIRST, THE_OTHERS, ALL };

static void give(const struct program_plan *plan, enum which which,
                 uint32_t rounds, struct batch *batch) {
  batch->points = plan->batch;
  batch->count = 0;
  batch->rounds = rounds;
  batch->unnumbered = batch->needed = true;
  batch->then_s = (double)NAN;
  for (size_t i = 0; rounds > 0 && i < plan->timed; i++) {
    struct point point = plan->points[i];
    point.phase = "warmup";
    point.unit = 0;
    if (which == ALL || is_first(plan, &point) == (which == THE_FIRST))
      plan->batch[batch->count++] = point;
  }
  for (size_t i = plan->timed; which == THE_FIRST && i < plan->count; i++) {
    struct point point = plan->points[i];
    point.phase = "pilot";
    point.unit = 0;
    if (is_own_one(&point))
      plan->batch[batch->count++] = point;
  }
}

/* A point's time, from those of its program's baseline and with the most
 * workers: on a line between them in 1/p. */
static double guess_s(const struct program_plan *plan,
                      const struct point *point, double one_s, double most_s) {
  double p = point->workers, most = plan->most;
  if (p <= 1 || most <= 1 || strcmp(point->variant.team, "copies") == 0)
    return one_s;
  return most_s + (one_s - most_s) * (1 / p - 1 / most) / (1 - 1 / most);
}

/* What the points of a round may take, and those of them that have not run
 * yet, from the first pairs: their times, and what passed besides (outputs,
 * preparing) at each of them. */
static void guess_round(struct program_plan *plan, const struct so_far *so_far,
                        double *others_s) {
  double one_s = 0, most_s = 0, seen_s = 0;
  size_t next = 0, others = 0;
  plan->round_s = *others_s = 0;
  for (size_t i = 0; i < so_far->last_count; i++)
    seen_s += so_far->records->list[so_far->last[i]].wall_s;
  for (size_t i = 0; i < plan->timed; i++) {
    const struct point *point = &plan->points[i];
    if (point_is_serial(point)) { /* a program's first point */
      one_s = most_s = so_far->records->list[so_far->last[next]].wall_s;
      if (next + 1 < so_far->last_count && plan->most > 1)
        most_s = so_far->records->list[so_far->last[next + 1]].wall_s;
    }
    double point_s = guess_s(plan, point, one_s, most_s);
    plan->round_s += point_s * times_of(plan, point);
    next += is_first(plan, point);
    others += !is_first(plan, point);
    *others_s += is_first(plan, point) ? 0 : point_s;
  }
  double besides_s =
      fmax(0, so_far->round_s - seen_s) / (double)so_far->last_count;
  plan->round_s += besides_s * (double)plan->count;
  *others_s += besides_s * (double)others;
}

/* What follows the first pairs; a run that is gone on with has some of it. */
static void tell_provisional(struct program_plan *plan,
                             const struct so_far *so_far) {
  double others_s, once = plan->warmups > 0 ? 1 : 0;
  size_t firsts = 0;
  for (size_t i = 0; i < plan->timed; i++)
    firsts += is_first(plan, &plan->points[i]);
  double more = plan->rounds + (plan->warmups > 0 ? plan->warmups - 1.0 : 0);
  guess_round(plan, so_far, &others_s);
  double trials =
      more * (double)plan->count + once * (double)(plan->timed - firsts);
  double there = (double)(so_far->records->count - so_far->last_count);
  double rest_s =
      (more * plan->round_s + once * others_s) * fmax(0, 1 - there / trials);
  if (plan->hooks.provisional)
    plan->hooks.provisional(plan->hooks.context, so_far, plan->rounds, rest_s);
}

/* ---- rounds -------------------------------------------------------------- */

static void give_rounds(const struct program_plan *plan, uint32_t first,
                        double round_s, struct batch *batch) {
  *batch = (struct batch){.points = plan->points,
                          .count = plan->count,
                          .rounds = plan->rounds + 1 - first,
                          .first_round = first,
                          .shuffled = true,
                          .least = plan->rounds_given ? 0 : PROGRAM_LEAST,
                          .round_s = round_s};
}

static int find_widest(const struct program_plan *plan,
                       const struct so_far *so_far, struct width *now,
                       struct problem *problem) {
  double *half_widths;
  int status = width_find(plan->hooks.look, plan->hooks.context, so_far,
                          plan->points, plan->timed, &half_widths, problem);
  if (!status)
    *now = width_widest(plan->points, plan->timed, half_widths);
  free(half_widths);
  return status;
}

/* Decides once, after the first rounds, how many it takes. */
static int widen(struct program_plan *plan, const struct so_far *so_far,
                 struct batch *batch, struct problem *problem) {
  struct width now;
  char reason[PLAN_REASON];
  uint32_t first = so_far->last_round;
  int status = find_widest(plan, so_far, &now, problem);
  if (status)
    return status;
  plan->rounds =
      width_decide(&now, plan->target_width, plan->budget_s, so_far, reason);
  if (plan->was_done && so_far_rounds(so_far) < plan->rounds)
    plan->rounds = so_far_rounds(so_far);
  if (plan->hooks.decided)
    plan->hooks.decided(plan->hooks.context, plan->rounds, reason);
  if (plan->rounds > first)
    give_rounds(plan, first + 1, so_far->round_s, batch);
  return PROBLEM_NONE;
}

/* What came of it. */
static int look_at_width(const struct program_plan *plan,
                         const struct so_far *so_far, struct problem *problem) {
  struct width now;
  char missed[PLAN_REASON];
  int status = find_widest(plan, so_far, &now, problem);
  if (!status && width_missed(&now, plan->target_width, missed) &&
      plan->hooks.missed)
    plan->hooks.missed(plan->hooks.context, missed);
  return status;
}

/* ---- the planner --------------------------------------------------------- */

static int next(struct planner *self, const struct so_far *so_far,
                struct batch *batch, struct problem *problem) {
  struct program_plan *plan = (struct program_plan *)(void *)self;
  int status = PROBLEM_NONE;
  switch (plan->step) {
  case PROGRAM_STEP_FIRST:
    plan->step = PROGRAM_STEP_OTHERS;
    give(plan, THE_FIRST, 1, batch);
    break;
  case PROGRAM_STEP_OTHERS:
    plan->step = PROGRAM_STEP_WARMUP;
    if (plan->observe && plan->hooks.piloted)
      status = plan->hooks.piloted(plan->hooks.context, so_far, problem);
    if (status)
      break;
    keep_observed(plan, so_far);
    tell_provisional(plan, so_far);
    give(plan, THE_OTHERS, plan->warmups > 0, batch);
    if (batch->count > 0)
      break;
    /* fall through */
  case PROGRAM_STEP_WARMUP:
    plan->step = PROGRAM_STEP_ROUNDS;
    give(plan, ALL, plan->warmups > 1 ? plan->warmups - 1 : 0, batch);
    if (batch->count > 0)
      break;
    /* fall through */
  case PROGRAM_STEP_ROUNDS:
    plan->step = plan->target_width > 0 ? PROGRAM_STEP_WIDTH : PROGRAM_STEP_END;
    if (plan->was_done && so_far_rounds(so_far) < plan->rounds)
      plan->rounds = so_far_rounds(so_far); /* the budget had ended it */
    give_rounds(plan, 1, plan->round_s, batch);
    break;
  case PROGRAM_STEP_WIDTH:
    plan->step = PROGRAM_STEP_REACHED;
    if (so_far->last_round >= WIDTH_ROUNDS_FIRST)
      status = widen(plan, so_far, batch, problem);
    if (status || batch->count > 0)
      break;
    /* fall through */
  case PROGRAM_STEP_REACHED:
    plan->step = PROGRAM_STEP_END;
    status = look_at_width(plan, so_far, problem);
    break;
  case PROGRAM_STEP_END:
    break;
  }
  return status;
}

int program_plan_make(const struct program_scope *scope,
                      struct program_plan *plan, struct problem *problem) {
  size_t sizes = scope->size_count ? scope->size_count : 1;
  size_t room = 2 * scope->program_count * sizes * (2 * scope->count_count + 1);
  *plan = (struct program_plan){
      .base = {.next = next},
      .workloads = calloc(scope->program_count + 1, sizeof *plan->workloads),
      .points = calloc(room + 1, sizeof *plan->points),
      .batch = calloc(room + 1, sizeof *plan->batch),
      .workload_count = scope->program_count,
      .warmups = scope->warmups,
      .rounds = scope->target_width > 0 ? WIDTH_ROUNDS_FIRST : scope->rounds,
      .most = scope->counts[scope->count_count - 1],
      .rounds_given = scope->rounds_given,
      .target_width = scope->target_width,
      .budget_s = scope->budget_s,
      .observe = scope->observe,
      .weak = scope->weak,
      .was_done = scope->was_done};
  if (!plan->workloads || !plan->points || !plan->batch)
    return problem_failure(problem, "out of memory");
  int status = PROBLEM_NONE;
  for (size_t w = 0; !status && w < plan->workload_count; w++)
    status =
        program_workload(&scope->programs[w], &plan->workloads[w], problem);
  if (!status)
    list_points(scope, plan);
  plan->timed = plan->count;
  if (!status && plan->observe)
    list_observed(plan);
  return status;
}

void program_plan_free(struct program_plan *plan) {
  free(plan->workloads);
  free(plan->points);
  free(plan->batch);
  *plan = (struct program_plan){.count = 0};
}

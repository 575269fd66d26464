#include "bench/sweep/program_plan.h"

#include "bench/plan/budget.h"
#include "bench/sweep/program_observed.h"

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

/* ---- the first pairs ------------------------------------------------------
 */

/* Whether the point is one of those that are looked at first: of every program
 * and size the baseline, and the most workers. */
static bool is_first(const struct program_plan *plan,
                     const struct point *point) {
  return point_is_serial(point) || (point->workers == plan->most &&
                                    strcmp(point->variant.team, "copies") != 0);
}

enum which { NOTHING, THE_FIRST, THE_OTHERS, ALL };

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
    if (which == ALL ||
        (which != NOTHING && is_first(plan, &point) == (which == THE_FIRST)))
      plan->batch[batch->count++] = point;
  }
  if (which == THE_FIRST)
    program_observed_pilots(plan, batch);
}

/* Keeps which runs the first pairs were, and looks at teams beside them. */
static void give_look(struct program_plan *plan, const struct so_far *so_far,
                      struct batch *batch) {
  plan->first_count = so_far->last_count;
  memcpy(plan->first, so_far->last, so_far->last_count * sizeof *plan->first);
  plan->first_s = so_far->round_s;
  give(plan, NOTHING, 1, batch);
  program_observed_look(plan, so_far, batch);
}

/* The first pairs, and behind them the looks at teams: all that came before
 * what is left. */
static struct so_far first_runs(struct program_plan *plan,
                                const struct so_far *so_far) {
  struct so_far all = *so_far;
  if (plan->looked) {
    memcpy(plan->first + plan->first_count, so_far->last,
           so_far->last_count * sizeof *plan->first);
    all.last = plan->first;
    all.last_points = NULL;
    all.last_count += plan->first_count;
    all.round_s += plan->first_s;
  }
  return all;
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
    plan->round_s += point_s * program_observed_times(plan, point);
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

/* What follows from the first runs. */
static int end_first(struct program_plan *plan, const struct so_far *so_far,
                     struct problem *problem) {
  const struct so_far all = first_runs(plan, so_far);
  int status = PROBLEM_NONE;
  if (plan->observe && plan->hooks.piloted)
    status = plan->hooks.piloted(plan->hooks.context, &all, problem);
  if (status)
    return status;
  program_observed_keep(plan, &all);
  tell_provisional(plan, &all);
  return PROBLEM_NONE;
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
    plan->step = PROGRAM_STEP_LOOK;
    give(plan, THE_FIRST, 1, batch);
    break;
  case PROGRAM_STEP_LOOK:
    plan->step = PROGRAM_STEP_OTHERS;
    give_look(plan, so_far, batch);
    plan->looked = batch->count > 0;
    if (plan->looked)
      break;
    /* fall through */
  case PROGRAM_STEP_OTHERS:
    plan->step = PROGRAM_STEP_WARMUP;
    status = end_first(plan, so_far, problem);
    if (!status)
      give(plan, THE_OTHERS, plan->warmups > 0, batch);
    if (status || batch->count > 0)
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
      .first = calloc(room + 1, sizeof *plan->first),
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
  if (!plan->workloads || !plan->points || !plan->batch || !plan->first)
    return problem_failure(problem, "out of memory");
  int status = PROBLEM_NONE;
  for (size_t w = 0; !status && w < plan->workload_count; w++)
    status =
        program_workload(&scope->programs[w], &plan->workloads[w], problem);
  if (!status)
    list_points(scope, plan);
  plan->timed = plan->count;
  if (!status && plan->observe)
    program_observed_list(plan);
  return status;
}

void program_plan_free(struct program_plan *plan) {
  free(plan->workloads);
  free(plan->points);
  free(plan->batch);
  free(plan->first);
  *plan = (struct program_plan){.count = 0};
}

#include "bench/sweep/program_plan.h"

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

/* ---- the planner --------------------------------------------------------- */

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
  for (size_t i = 0; rounds > 0 && i < plan->count; i++) {
    struct point point = plan->points[i];
    point.phase = "warmup";
    if (which == ALL || is_first(plan, &point) == (which == THE_FIRST))
      plan->batch[batch->count++] = point;
  }
}

/* A point's time, from those of its program with one worker and with the most:
 * on a line between them in 1/p. */
static double guess_s(const struct program_plan *plan,
                      const struct point *point, double one_s, double most_s) {
  double p = point->workers, most = plan->most;
  if (p <= 1 || most <= 1 || strcmp(point->variant.team, "copies") == 0)
    return one_s;
  return most_s + (one_s - most_s) * (1 / p - 1 / most) / (1 - 1 / most);
}

/* What a round may take, from the first pairs: their times, and what passed
 * besides (outputs, preparing) at each of them. */
static double guess_round_s(const struct program_plan *plan,
                            const struct so_far *so_far) {
  double round_s = 0, one_s = 0, most_s = 0, seen_s = 0;
  size_t next = 0;
  for (size_t i = 0; i < plan->count; i++) {
    const struct point *point = &plan->points[i];
    if (point_is_serial(point)) { /* a program's first point */
      size_t pair = plan->most > 1 ? 2 : 1;
      if (next + pair > so_far->last_count)
        return (double)NAN;
      one_s = so_far->records->list[so_far->last[next]].wall_s;
      most_s = so_far->records->list[so_far->last[next + pair - 1]].wall_s;
      seen_s += one_s + (pair > 1 ? most_s : 0);
      next += pair;
    }
    round_s += guess_s(plan, point, one_s, most_s);
  }
  double besides_s = (so_far->elapsed_s - seen_s) / (double)next;
  return round_s + fmax(0, besides_s) * (double)plan->count;
}

static int next(struct planner *self, const struct so_far *so_far,
                struct batch *batch, struct problem *problem) {
  struct program_plan *plan = (struct program_plan *)(void *)self;
  (void)problem;
  switch (plan->step) {
  case PROGRAM_STEP_FIRST:
    plan->step = PROGRAM_STEP_OTHERS;
    give(plan, THE_FIRST, 1, batch);
    return PROBLEM_NONE;
  case PROGRAM_STEP_OTHERS:
    plan->step = PROGRAM_STEP_WARMUP;
    plan->round_s = guess_round_s(plan, so_far);
    if (plan->provisional)
      plan->provisional(plan->context, so_far, plan->rounds * plan->round_s);
    give(plan, THE_OTHERS, plan->warmups > 0, batch);
    if (batch->count > 0)
      return PROBLEM_NONE;
    /* fall through */
  case PROGRAM_STEP_WARMUP:
    plan->step = PROGRAM_STEP_ROUNDS;
    give(plan, ALL, plan->warmups > 1 ? plan->warmups - 1 : 0, batch);
    if (batch->count > 0)
      return PROBLEM_NONE;
    /* fall through */
  case PROGRAM_STEP_ROUNDS:
    plan->step = PROGRAM_STEP_END;
    *batch = (struct batch){.points = plan->points,
                            .count = plan->count,
                            .rounds = plan->rounds,
                            .first_round = 1,
                            .shuffled = true,
                            .least = plan->rounds_given ? 0 : PROGRAM_LEAST,
                            .round_s = plan->round_s};
    return PROBLEM_NONE;
  case PROGRAM_STEP_END:
    break;
  }
  return PROBLEM_NONE;
}

int program_plan_make(const struct program_scope *scope,
                      struct program_plan *plan, struct problem *problem) {
  size_t sizes = scope->size_count ? scope->size_count : 1;
  size_t room = scope->program_count * sizes * (2 * scope->count_count + 1);
  *plan = (struct program_plan){
      .base = {.next = next},
      .workloads = calloc(scope->program_count + 1, sizeof *plan->workloads),
      .points = calloc(room + 1, sizeof *plan->points),
      .batch = calloc(room + 1, sizeof *plan->batch),
      .workload_count = scope->program_count,
      .warmups = scope->warmups,
      .rounds = scope->rounds,
      .most = scope->counts[scope->count_count - 1],
      .rounds_given = scope->rounds_given};
  if (!plan->workloads || !plan->points || !plan->batch)
    return problem_failure(problem, "out of memory");
  int status = PROBLEM_NONE;
  for (size_t w = 0; !status && w < plan->workload_count; w++)
    status =
        program_workload(&scope->programs[w], &plan->workloads[w], problem);
  if (!status)
    list_points(scope, plan);
  return status;
}

void program_plan_free(struct program_plan *plan) {
  free(plan->workloads);
  free(plan->points);
  free(plan->batch);
  *plan = (struct program_plan){.count = 0};
}

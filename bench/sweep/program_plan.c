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
          add(plan, workload, "copies", scope->counts[c],
              sizes[s] * scope->counts[c]);
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

static void give(const struct program_plan *plan, bool first, uint32_t rounds,
                 struct batch *batch) {
  batch->points = plan->batch;
  batch->count = 0;
  batch->rounds = rounds;
  batch->unnumbered = batch->needed = true;
  batch->then_s = (double)NAN;
  for (size_t i = 0; i < plan->count; i++) {
    struct point point = plan->points[i];
    point.phase = "warmup";
    if (is_first(plan, &point) == first)
      plan->batch[batch->count++] = point;
  }
}

/* What a round may take, from the first pairs: as long as one worker's time for
 * one, the share of it that all of them need for all, and between. */
static double guess_round_s(const struct program_plan *plan,
                            const struct so_far *so_far) {
  double round_s = 0, one_s = 0, all_s = 0;
  for (size_t i = 0, k = 0; i < plan->count; i++) {
    const struct point *point = &plan->points[i];
    if (is_first(plan, point) && k < so_far->last_count) {
      double wall_s = so_far->records->list[so_far->last[k++]].wall_s;
      one_s = point_is_serial(point) ? wall_s : one_s;
      all_s = wall_s;
      round_s += isfinite(wall_s) ? wall_s : 0;
    } else if (one_s > 0) {
      /* On a line in 1/p between both. */
      round_s += fmax(all_s, one_s / point->workers);
    }
  }
  return round_s;
}

static int next(struct planner *self, const struct so_far *so_far,
                struct batch *batch, struct problem *problem) {
  struct program_plan *plan = (struct program_plan *)(void *)self;
  (void)problem;
  switch (plan->step) {
  case PROGRAM_STEP_FIRST:
    plan->step = PROGRAM_STEP_WARMUP;
    give(plan, true, 1, batch);
    return PROBLEM_NONE;
  case PROGRAM_STEP_WARMUP:
    plan->step = PROGRAM_STEP_ROUNDS;
    plan->round_s = guess_round_s(plan, so_far);
    if (plan->provisional)
      plan->provisional(plan->context, so_far, plan->rounds * plan->round_s);
    if (plan->warmups > 0)
      give(plan, false, plan->warmups, batch);
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

#include "bench/sweep/empty_plan.h"

#include "bench/plan/budget.h"
#include "bench/trial/variants/variant.h"

#include <stdlib.h>
#include <string.h>

/* Some milliseconds a trial. */
enum { WARMUPS = 3, REGIONS = 15, REGIONS_FORK = 3 };

static bool same_variant(const struct variant_spec *a,
                         const struct variant_spec *b) {
  return strcmp(a->team, b->team) == 0 && a->schedule == b->schedule &&
         a->chunk == b->chunk && a->transport == b->transport;
}

static bool is_listed(const struct empty_plan *empties,
                      const struct point *point) {
  for (size_t i = 0; i < empties->count; i++)
    if (empties->points[i].workers == point->workers &&
        same_variant(&empties->points[i].variant, &point->variant))
      return true;
  return false;
}

/* The team, where it can have an empty region; NULL: it cannot. */
static const struct variant *team_of(const struct empty_plan *empties,
                                     const struct point *point) {
  const struct variant *variant = registry_find_variant(point->variant.team);
  bool empty = variant && variant->team && !variant->copies &&
               point->variant.schedule != SCHEDULE_APPLY;
  const struct kernel *nothing = empties->workload.kernel;
  return empty && (!variant->takes || variant->takes(nothing)) ? variant : NULL;
}

int empty_plan_make(const struct plan *plan, struct empty_plan *empties,
                    struct problem *problem) {
  int status = workload_parse("null", &empties->workload, problem);
  empties->count = 0;
  empties->points = calloc(plan->result_count + 1, sizeof *empties->points);
  if (!empties->points)
    return problem_failure(problem, "out of memory");
  for (size_t i = 0; !status && i < plan->result_count; i++) {
    const struct point *of = &plan->points[i];
    const struct variant *variant = team_of(empties, of);
    if (variant && !is_listed(empties, of))
      empties->points[empties->count++] =
          (struct point){.workload = &empties->workload,
                         .variant = of->variant,
                         .workers = of->workers,
                         .size = of->workers,
                         .repeat = 1,
                         .warmups = WARMUPS,
                         .iterations = variant->forks ? REGIONS_FORK : REGIONS,
                         .phase = "empty",
                         .region_alone = true};
  }
  return status;
}

int empty_plan_batch(struct empty_plan *empties, struct plan *plan,
                     double left_s, struct batch *batch,
                     struct problem *problem) {
  double round_s = budget_round_s(plan);
  if (plan->unprobed || plan->stage >= STAGE_ROUNDS)
    return PROBLEM_NONE;
  if (plan->budget_s > 0 && left_s < PLAN_ROUNDS * round_s) {
    plan_note_once(plan, "empty regions (what teams cost in predictions)");
    return PROBLEM_NONE;
  }
  int status = empty_plan_make(plan, empties, problem);
  if (status || empties->count == 0)
    return status;
  batch->points = empties->points;
  batch->count = empties->count;
  batch->rounds = 1;
  batch->unnumbered = true;
  batch->then_s = plan->rounds * round_s;
  return PROBLEM_NONE;
}

void empty_plan_free(struct empty_plan *empties) {
  free(empties->points);
  empties->points = NULL;
  empties->count = 0;
}

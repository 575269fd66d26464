#include "bench/sweep/program_observed.h"

#include "bench/observe/observed.h"

#include <string.h>

/* Its own one-worker run: of a program with another serial one, not that. */
static bool is_own_one(const struct point *point) {
  return point->workers == 1 &&
         (point_is_serial(point) ? point->workload->program->serial.count == 0
                                 : strcmp(point->variant.team, "program") == 0);
}

void program_observed_list(struct program_plan *plan) {
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

static void add_pilot(const struct program_plan *plan,
                      const struct point *observed, struct batch *batch) {
  struct point *point = &plan->batch[batch->count++];
  *point = *observed;
  point->phase = "pilot";
  point->unit = 0;
}

void program_observed_pilots(const struct program_plan *plan,
                             struct batch *batch) {
  for (size_t i = plan->timed; i < plan->count; i++)
    if (is_own_one(&plan->points[i]))
      add_pilot(plan, &plan->points[i], batch);
}

/* Whether a run is an observed one of the point's program, at its size. */
static bool is_of(const struct program_plan *plan, const struct record *r,
                  const struct point *point) {
  return r->observed == 1 && strcmp(r->workload, point->workload->name) == 0 &&
         (plan->weak || r->size == (int64_t)point->size);
}

/* Whether it loaded an OpenMP library, and opened no region of it. */
static bool opened_none(const struct record *r) {
  return r->unobserved &&
         strcmp(r->unobserved, observed_why_not(OBSERVED_NOT_CALLED)) == 0;
}

void program_observed_look(const struct program_plan *plan,
                           const struct so_far *so_far, struct batch *batch) {
  for (size_t i = plan->timed; i < plan->count; i++) {
    const struct point *point = &plan->points[i];
    if (point->workers != plan->most || point->workers == 1)
      continue;
    for (size_t k = 0; k < so_far->last_count; k++) {
      const struct record *r = &so_far->records->list[so_far->last[k]];
      if (is_of(plan, r, point) && opened_none(r)) {
        add_pilot(plan, point, batch);
        break;
      }
    }
  }
}

/* Whether a run of the pilot tells what further ones would. */
static bool is_worth_observing(const struct program_plan *plan,
                               const struct so_far *so_far,
                               const struct point *point) {
  for (size_t i = 0; i < so_far->last_count; i++) {
    const struct record *r = &so_far->records->list[so_far->last[i]];
    if (is_of(plan, r, point) && record_tells_inside(r) &&
        record_inside_within(r, (double)r->workers) &&
        (r->workers == 1 || !is_own_one(point)))
      return true;
  }
  return false;
}

void program_observed_keep(struct program_plan *plan,
                           const struct so_far *so_far) {
  size_t count = plan->timed;
  for (size_t i = plan->timed; i < plan->count; i++)
    if (is_worth_observing(plan, so_far, &plan->points[i]))
      plan->points[count++] = plan->points[i];
  plan->count = count;
}

double program_observed_times(const struct program_plan *plan,
                              const struct point *point) {
  double times = 1;
  for (size_t i = plan->timed; i < plan->count; i++)
    times += plan->points[i].unit == point->unit;
  return times;
}

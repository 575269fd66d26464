/* Which points of a plan share a trial: schedules of a team at one worker
 * count, and on many CPUs its worker counts as well. */
#include "bench/plan/plan.h"
#include "bench/plan/plan_file.h"

#include <string.h>

/* A choice.  A region that takes 5 ms on all CPUs takes `serial` 5 ms for each
 * of them: 80 ms on 16, 320 ms on 64.  There are nine or more worker counts
 * from there on, and trials of their own do serial's twice a block for each:
 * three quarters of the time is serial's.  On fewer CPUs counts and serial's
 * time are few, a pair lies closer around what it is compared with, and no
 * point's noise is another's. */
enum { COUNTS_SHARED_FROM = 16 };

bool plan_shares_counts(const struct plan *plan) {
  return plan->usable_cpus >= COUNTS_SHARED_FROM;
}

/* A workload's points. */
struct group {
  struct point *points;
  size_t begin, end;
};

/* Whether two may share one trial: not of several sizes, as under weak scaling;
 * one that is in a unit is no more to be had.
 */
static bool are_left(const struct point *a, const struct point *b) {
  return b->sharers && b->unit == 0 && a->size == b->size &&
         strcmp(a->variant.team, b->variant.team) == 0 &&
         (a->workers == b->workers || (a->counts && b->counts));
}

/* The largest worker count, below that one, of those that are left to share
 * with `first`, and how many have it; 0: none. */
static uint32_t next_count(const struct group *group, const struct point *first,
                           uint32_t below, uint32_t *workers) {
  uint32_t have = 0;
  *workers = 0;
  for (size_t i = group->begin; i < group->end; i++) {
    uint32_t own = group->points[i].workers;
    if (!are_left(first, &group->points[i]) || own >= below || own < *workers)
      continue;
    have = own > *workers ? 1 : have + 1;
    *workers = own;
  }
  return have;
}

/* Makes a unit of the most workers that are left to share with `first`, and of
 * as many counts below as there is room for. */
static void make_unit(const struct group *group, const struct point *first) {
  const struct point alike = *first;
  uint32_t least = UINT32_MAX, sharers = 0, workers, have;
  uint32_t unit = 0;
  while ((have = next_count(group, &alike, least, &workers)) > 0 &&
         sharers + have <= POINT_SHARERS) {
    least = workers;
    sharers += have;
  }
  for (size_t i = group->begin; i < group->end; i++) {
    struct point *point = &group->points[i];
    if (!are_left(&alike, point) || point->workers < least)
      continue;
    unit = unit ? unit : PLAN_WORKLOADS + 1 + (uint32_t)i;
    point->unit = unit;
  }
}

/* Of the unit that begins with that point: how many share it. */
static void count_unit(const struct group *group, size_t first) {
  struct point *points = group->points;
  uint32_t unit = points[first].unit, sharers = 0, counts = 0, most = 0;
  for (size_t i = first; i < group->end; i++) {
    bool again = false;
    if (points[i].unit != unit)
      continue;
    for (size_t k = first; k < i; k++)
      again = again || (points[k].unit == unit &&
                        points[k].workers == points[i].workers);
    sharers++;
    counts += !again;
    most = points[i].workers > most ? points[i].workers : most;
  }
  for (size_t i = first; i < group->end; i++) {
    if (points[i].unit != unit)
      continue;
    points[i].sharers = sharers;
    points[i].counts = sharers > 1 ? counts : 0;
    points[i].team_workers = sharers > 1 ? most : 0;
    points[i].unit = sharers > 1 ? unit : 0;
  }
}

void plan_share_trials(struct plan *plan, size_t begin) {
  const struct group group = {plan->points, begin, plan->point_count};
  for (size_t i = begin; i < group.end; i++)
    while (group.points[i].sharers && group.points[i].unit == 0)
      make_unit(&group, &group.points[i]);
  for (size_t i = begin; i < group.end; i++)
    if (group.points[i].unit == PLAN_WORKLOADS + 1 + (uint32_t)i)
      count_unit(&group, i);
}

void plan_read_shared(struct plan *plan, struct json_reader *reader) {
  static const char key[] = "trial";
  struct point *points = plan->points;
  const struct group group = {points, 0, plan->result_count};
  for (size_t i = 0; i < group.end && !reader->status; i++) {
    struct json_reader item = json_reader_item(reader, "points", i);
    const json_t *place = json_object_get(item.object, key);
    if (!place || json_is_null(place))
      continue;
    int64_t first = json_read_integer(&item, key, 1, (int64_t)i + 1);
    points[i].unit = PLAN_WORKLOADS + (uint32_t)first;
    if (!item.status && (points[first - 1].unit != points[i].unit ||
                         points[first - 1].workload != points[i].workload))
      json_reader_refuse(&item, key,
                         "the place of the first point that shares its trial");
    reader->status = item.status;
  }
  for (size_t i = 0; i < group.end && !reader->status; i++)
    if (points[i].unit == PLAN_WORKLOADS + 1 + (uint32_t)i)
      count_unit(&group, i);
}

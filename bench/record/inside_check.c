/* Whether what a record tells of a program's inside can be true. */
#include "bench/record/record_check.h"

#include <math.h>

/* A list of a number for each region, and whether it may lie below 0. */
struct list {
  const char *key;
  const struct numbers *numbers;
};

enum { LISTS = 20, PARTS = 14, FIRST_PART = 6 };

/* The parts of core_s stand at the end. */
static void list_all(const struct record_inside *in, struct list lists[LISTS]) {
  const struct list all[LISTS] = {
      {"inside.calls", &in->calls},
      {"inside.team", &in->team},
      {"inside.wall_s", &in->wall_s},
      {"inside.core_s", &in->core_s},
      {"inside.uneven_s", &in->uneven_s},
      {"inside.critical_s", &in->critical_s},
      {"inside.start_s", &in->start_s},
      {"inside.work_s", &in->work_s},
      {"inside.dispatch_s", &in->dispatch_s},
      {"inside.lock_s", &in->lock_s},
      {"inside.task_s", &in->task_s},
      {"inside.behind_s", &in->behind_s},
      {"inside.release_s", &in->release_s},
      {"inside.join_s", &in->join_s},
      {"inside.late_start_s", &in->late_start_s},
      {"inside.late_work_s", &in->late_work_s},
      {"inside.late_dispatch_s", &in->late_dispatch_s},
      {"inside.late_lock_s", &in->late_lock_s},
      {"inside.late_task_s", &in->late_task_s},
      {"inside.late_barrier_s", &in->late_barrier_s},
  };
  for (size_t i = 0; i < LISTS; i++)
    lists[i] = all[i];
}

static size_t count_words(const char *words) {
  size_t count = words && *words;
  for (const char *at = words; at && *at; at++)
    count += *at == ' ';
  return count;
}

/* Of nine digits each, and of as much as a call in the middle can be off. */
static bool within(double part, double whole) {
  return part <= whole * (1 + 0.02) + 1e-6;
}

/* The key of a list that has not one known number for each region; NULL. */
static const char *wrong_list(const struct list lists[LISTS], size_t count) {
  for (size_t i = 0; i < LISTS; i++)
    if (lists[i].numbers->count != count || !numbers_are_told(lists[i].numbers))
      return lists[i].key;
  return NULL;
}

/* Its core-time is all of it, each of it once, of no more threads than its
 * largest team had; NULL, or the key that is wrong. */
static const char *wrong_region(const struct record_inside *in,
                                const struct list lists[LISTS], size_t k,
                                const char **want) {
  double core_s = in->core_s.values[k], sum_s = 0, size_s = 0;
  double wall_s = in->wall_s.values[k];
  for (size_t i = FIRST_PART; i < LISTS; i++) {
    sum_s += lists[i].numbers->values[k];
    size_s += fabs(lists[i].numbers->values[k]);
  }
  *want = "the sum of start, work, dispatch, lock, task, behind, release, join "
          "and late";
  if (!(fabs(core_s - sum_s) <= 0.02 * fmax(core_s, size_s) + 1e-6))
    return "inside.core_s";
  *want = "times inside.team, at least inside.core_s, and no more than that";
  if (!within(core_s, wall_s * in->team.values[k]) || !within(wall_s, core_s))
    return "inside.wall_s";
  *want = "at most inside.wall_s";
  if (!within(in->uneven_s.values[k], wall_s))
    return "inside.uneven_s";
  *want = "at most inside.work_s";
  return within(in->critical_s.values[k], in->work_s.values[k])
             ? NULL
             : "inside.critical_s";
}

const char *record_wrong_inside(const struct record *r, const char **want) {
  const struct record_inside *in = &r->inside;
  struct list lists[LISTS];
  list_all(in, lists);
  *want = "null but for a run of somebody else's program";
  if (r->observed != FIELD_NULL && !record_is_program(r))
    return "observed";
  *want = "a text where an observed run tells nothing of its inside, else null";
  bool told = isfinite(in->open_s);
  if ((r->unobserved != NULL) != (r->observed == 1 && !told))
    return "unobserved";
  *want = "null but for an observed run that is ok";
  if (!told)
    return NULL;
  if (!record_tells_inside(r))
    return "inside";
  *want = "at most program_s";
  if (!within(in->open_s, r->program_s))
    return "inside.open_s";
  size_t count = count_words(in->regions);
  *want = "1 to 512 of them";
  if (count == 0 || count > RECORD_INSIDE_MOST)
    return "inside.regions";
  *want = "a number for each of inside.regions";
  const char *key = wrong_list(lists, count);
  for (size_t k = 0; !key && k < count; k++)
    key = wrong_region(in, lists, k, want);
  return key;
}

#include "bench/sweep/finished.h"

#include "bench/trial/trial.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What tells trials apart.  Pointers are borrowed. */
struct key {
  const char *phase, *workload, *requested;
  int64_t round, workers, size;
};

static struct key key_of(const struct record *r) {
  return (struct key){
      .phase = r->phase ? r->phase : "",
      .workload = r->workload ? r->workload : "",
      .requested = r->requested ? r->requested
                   : r->variant ? r->variant
                                : "",
      .round = r->round == FIELD_NULL ? 0 : r->round,
      .workers = r->workers,
      .size = r->size,
  };
}

static int compare_numbers(int64_t a, int64_t b) {
  return (a > b) - (a < b);
}

static int compare_keys(const struct key *a, const struct key *b) {
  int order = strcmp(a->phase, b->phase);
  if (!order)
    order = strcmp(a->workload, b->workload);
  if (!order)
    order = strcmp(a->requested, b->requested);
  if (!order)
    order = compare_numbers(a->workers, b->workers);
  if (!order)
    order = compare_numbers(a->size, b->size);
  return order ? order : compare_numbers(a->round, b->round);
}

static int compare(const void *left, const void *right, void *list) {
  size_t a = *(const size_t *)left, b = *(const size_t *)right;
  const struct record *records = list;
  struct key one = key_of(&records[a]), other = key_of(&records[b]);
  int order = compare_keys(&one, &other);
  return order ? order : (a > b) - (a < b);
}

int finished_make(const struct records *records, struct finished *finished,
                  struct problem *problem) {
  size_t count = records->count;
  *finished = (struct finished){.records = records,
                                .count = count,
                                .sorted = calloc(count + 1, sizeof(size_t)),
                                .taken = calloc(count + 1, sizeof(bool))};
  if (!finished->sorted || !finished->taken)
    return problem_failure(problem, "out of memory");
  for (size_t i = 0; i < count; i++) {
    const struct record *r = &records->list[i];
    finished->sorted[i] = i;
    if (r->order > finished->orders)
      finished->orders = (uint32_t)r->order;
    if (isfinite(r->wall_s))
      finished->used_s += r->wall_s;
  }
  qsort_r(finished->sorted, count, sizeof *finished->sorted, compare,
          records->list);
  return PROBLEM_NONE;
}

void finished_free(struct finished *finished) {
  free(finished->sorted);
  free(finished->taken);
  *finished = (struct finished){0};
}

/* The first place in the sorted order that does not come before the key. */
static size_t lower_bound(const struct finished *finished,
                          const struct key *wanted) {
  size_t low = 0, high = finished->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    struct key key = key_of(&finished->records->list[finished->sorted[middle]]);
    if (compare_keys(&key, wanted) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* The first that may be taken; finished->count: there is none. */
static size_t find(const struct finished *finished, const struct point *point,
                   uint32_t round) {
  char requested[NOTATION_LENGTH];
  notation_format_variant(&point->variant, requested);
  const struct key wanted = {.phase = point->phase,
                             .workload = point->workload->name,
                             .requested = requested,
                             .round = round,
                             .workers = point->workers,
                             .size = (int64_t)point->size};
  for (size_t i = lower_bound(finished, &wanted); i < finished->count; i++) {
    size_t at = finished->sorted[i];
    const struct record *r = &finished->records->list[at];
    struct key key = key_of(r);
    bool good = record_is_ok(r);
    if (compare_keys(&key, &wanted) != 0)
      break;
    if (!finished->taken[at] && (good || round != 0))
      return at;
  }
  return finished->count;
}

bool finished_take(struct finished *finished, const struct point *point,
                   uint32_t round, size_t *index) {
  *index = find(finished, point, round);
  if (*index == finished->count)
    return false;
  finished->taken[*index] = true;
  return true;
}

bool finished_has(const struct finished *finished, const struct point *points,
                  size_t count, uint32_t round) {
  for (size_t i = 0; i < count; i++)
    if (find(finished, &points[i], round) < finished->count)
      return true;
  return false;
}

/* ---- whether they are the plan's ---------------------------------------- */

/* The plan's point of a record: at its size, or else at another; or NULL. */
static const struct point *point_of(const struct plan *plan,
                                    const struct key *key) {
  char requested[NOTATION_LENGTH];
  bool pilot = strcmp(key->phase, "pilot") == 0;
  const char *phase = key->phase;
  const struct point *at_another = NULL;
  for (size_t i = 0; i < plan->point_count; i++) {
    const struct point *point = &plan->points[i];
    bool of_phase = strcmp(point->phase, phase) == 0 ||
                    (pilot && strcmp(point->phase, "round") == 0);
    if (point->workers != key->workers || !of_phase ||
        strcmp(point->workload->name, key->workload) != 0)
      continue;
    notation_format_variant(&point->variant, requested);
    if (strcmp(requested, key->requested) != 0)
      continue;
    if (key->size == (int64_t)point->size)
      return point;
    at_another = point;
  }
  return at_another;
}

static bool same_cpus(const struct record *r, const struct point *point,
                      const int *cpus) {
  for (uint32_t k = 0; r->cpus.count == 1 && k < point->over_cpus; k++)
    if ((int)r->cpus.values[0] == cpus[k])
      return true;
  for (size_t w = 0; w < r->cpus.count; w++)
    if ((int)r->cpus.values[w] != cpus[w])
      return false;
  return (r->cpus.count > 0) == (cpus[0] >= 0);
}

/* What of a trial is not as the plan has it; NULL: nothing. */
static const char *difference(const struct record *r, const struct plan *plan,
                              const int *cpus) {
  struct key key = key_of(r);
  if (r->seed != FIELD_NULL && r->seed != (int64_t)plan->seed)
    return "its seed";
  bool pilot = strcmp(key.phase, "pilot") == 0;
  if (!pilot && key.round == 0)
    return NULL; /* calibration tries sizes, and one region each */
  const struct point *point = point_of(plan, &key);
  if (!point)
    return "its point";
  if (key.size != (int64_t)point->size)
    return "its size";
  struct point program = *point;
  plan_make_program(plan, &program);
  uint32_t repeat = pilot ? program.repeat : point->repeat;
  if (record_repeat(r) != (repeat > 0 ? repeat : 1))
    return "its number of repeats";
  const struct trial_request trial = {.workload = point->workload,
                                      .beside = point->beside,
                                      .blocks = point->blocks,
                                      .iterations = point->iterations};
  if (!pilot && r->regions_s.count > 0 &&
      r->regions_s.count != trial_iterations(&trial))
    return "its number of iterations";
  return same_cpus(r, point, cpus) ? NULL : "its workers' CPUs";
}

int finished_check(const struct finished *finished, const struct plan *plan,
                   const int *cpus, struct problem *problem) {
  for (size_t i = 0; i < finished->count; i++) {
    const struct record *r = &finished->records->list[i];
    const char *what = difference(r, plan, cpus);
    if (what)
      return problem_usage(
          problem,
          "trials.jsonl, line %zu (%s, %s, %" PRId64 " workers): %s is not "
          "that of plan.json, which was changed; bring back the plan that the "
          "run began with, or begin a new one",
          i + 1, r->workload, key_of(r).requested, r->workers, what);
  }
  return PROBLEM_NONE;
}

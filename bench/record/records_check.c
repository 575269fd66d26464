/* What is true of a file of records as a whole. */
#include "bench/record/record_check.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Each point's rounds are there, but for the last one's, and for points that
 * have a pilot alone: how many of them a record may stand for.  An analysis has
 * a place for every round of every point, though some points have more than
 * others: so many at most, where the records alone are too few. */
enum { PLACES = 16, PLACES_MORE = 4096, GRID_MOST = 1 << 21 };

static bool is_unnumbered(const struct record *r) {
  return record_is_in(r, "calibration") || record_is_in(r, "pilot") ||
         record_is_in(r, "empty") || record_is_in(r, "warmup");
}

/* Whose rounds may hold a trial twice: several cases have one serial trial
 * each. */
static bool repeats(const struct record *r) {
  return record_is_in(r, "granularity") || record_is_in(r, "breakeven");
}

/* `serial` comes before the programs of a round, and after them. */
static bool is_twice(const struct record *r) {
  return record_is_in(r, "program") &&
         strcmp(record_requested(r), "serial") == 0;
}

/* Runs of somebody else's program that say what it does inside; in no other
 * phase, so that none of them is taken for a result. */
static bool is_observed(const struct record *r) {
  return record_is_in(r, "observed") ||
         (record_is_program(r) && record_is_in(r, "pilot"));
}

static int refuse(const char *path, size_t index, const char *why,
                  struct problem *problem) {
  return problem_failure(problem, "%s, line %zu: %s", path, index + 1, why);
}

/* Whether they shared a trial, one right after the other. */
static bool comes_next(const struct record *before, const struct record *r) {
  return before && before->shared == r->shared &&
         before->shared_place == r->shared_place - 1 &&
         before->order == r->order - 1 && before->round == r->round &&
         before->size == r->size && before->workers >= r->workers &&
         strcmp(before->workload, r->workload) == 0;
}

/* Phase, round and order, which only a record in a run has. */
static int check_place(const struct record *r, const struct record *before,
                       struct problem *problem) {
  bool numbered = r->round != FIELD_NULL;
  if (!r->phase)
    return problem_failure(problem, "the key \"phase\" is missing: want that "
                                    "of a record in a run");
  if (!repeats(r) && numbered == is_unnumbered(r))
    return problem_failure(
        problem, "the key \"round\" is %s: want %s in the phase \"%s\"",
        numbered ? "a number" : "null", numbered ? "null" : "a number",
        r->phase);
  if ((r->observed == 1) != is_observed(r))
    return problem_failure(problem,
                           "the key \"observed\" is %s: want %s in the phase "
                           "\"%s\" of a program",
                           r->observed == 1 ? "true" : "not true",
                           r->observed == 1 ? "null or false" : "true",
                           r->phase);
  if (r->order == FIELD_NULL)
    return problem_failure(problem, "the key \"order\" is missing: want the "
                                    "place in the run");
  if (record_is_sharer(r) && !comes_next(before, r))
    return problem_failure(problem,
                           "the key \"shared_place\" is %" PRId64
                           ": want the line before to be the one of the same "
                           "trial that comes before it",
                           r->shared_place);
  if (before && r->order <= before->order)
    return problem_failure(problem,
                           "the key \"order\" is %" PRId64
                           ": want more than %" PRId64 ", the line before",
                           r->order, before->order);
  return PROBLEM_NONE;
}

/* A record by what tells its point apart, and then by its round. */
struct place {
  uint64_t hash;
  size_t index;
};

/* FNV-1a, with the end of the text. */
static uint64_t hash_text(uint64_t hash, const char *text) {
  do
    hash = (hash ^ (unsigned char)*text) * 0x100000001b3;
  while (*text++);
  return hash;
}

static uint64_t hash_point(const struct record *r) {
  uint64_t hash = hash_text(0xcbf29ce484222325, r->phase);
  hash = hash_text(hash, r->workload);
  hash = hash_text(hash, record_requested(r));
  hash = (hash ^ (uint64_t)r->workers) * 0x100000001b3;
  return (hash ^ (uint64_t)r->size) * 0x100000001b3;
}

static int compare_numbers(int64_t a, int64_t b) {
  return (a > b) - (a < b);
}

static int compare_points(const struct record *a, const struct record *b) {
  int order = strcmp(a->phase, b->phase);
  if (!order)
    order = strcmp(a->workload, b->workload);
  if (!order)
    order = strcmp(record_requested(a), record_requested(b));
  if (!order)
    order = compare_numbers(a->workers, b->workers);
  return order ? order : compare_numbers(a->size, b->size);
}

static int compare(const void *left, const void *right, void *list) {
  const struct place *a = left, *b = right;
  const struct record *records = list;
  const struct record *one = &records[a->index], *other = &records[b->index];
  if (a->hash != b->hash)
    return a->hash < b->hash ? -1 : 1;
  int order = compare_points(one, other);
  if (!order)
    order = compare_numbers(one->round, other->round);
  return order ? order : compare_numbers((int64_t)a->index, (int64_t)b->index);
}

/* Places in order of points.  The later of two lines that hold one trial is the
 * one refused. */
static int check_grid(const struct records *records, const struct place *places,
                      const char *path, struct problem *problem) {
  int64_t rounds = 0;
  bool third = false;
  double filled = 0; /* each point's rounds, summed up */
  size_t points = 0, count = records->count;
  char why[100];
  for (size_t i = 0; i < count; i++) {
    const struct record *r = &records->list[places[i].index];
    const struct record *before =
        i ? &records->list[places[i - 1].index] : NULL;
    bool same = before && compare_points(r, before) == 0;
    points += !same;
    if (r->round > rounds)
      rounds = r->round;
    if (r->round > 0)
      filled +=
          (double)(r->round - (same && before->round > 0 ? before->round : 0));
    bool again = same && r->round != FIELD_NULL && r->round == before->round;
    if (again && !repeats(r) && (third || !is_twice(r))) {
      snprintf(why, sizeof why, "the same trial as in line %zu: round %" PRId64,
               places[i - 1].index + 1, r->round);
      return refuse(path, places[i].index, why, problem);
    }
    third = again;
  }
  double most = (double)PLACES * (double)count + PLACES_MORE;
  if (filled <= most &&
      (double)rounds * (double)points <= fmax(most, GRID_MOST))
    return PROBLEM_NONE;
  return problem_failure(problem,
                         "%s: the key \"round\" is up to %" PRId64
                         ", of %zu points, in %zu lines: want every point in "
                         "every round",
                         path, rounds, points, count);
}

static int compare_results(const void *left, const void *right, void *list) {
  const struct place *a = left, *b = right;
  const struct record *records = list;
  const struct record *one = &records[a->index], *other = &records[b->index];
  int order = strcmp(one->workload, other->workload);
  if (!order)
    order = compare_numbers(one->size, other->size);
  return order ? order : compare_numbers((int64_t)a->index, (int64_t)b->index);
}

static bool alike(const char *a, const char *b) {
  return a == b || (a && b && strcmp(a, b) == 0);
}

/* What two trials of one workload and size cannot have differently; NULL: all
 * is as it should be.  Of somebody else's program only the checks know. */
static const char *disagree(const struct record *a, const struct record *b) {
  if (record_is_program(a) || !record_is_ok(a) || !record_is_ok(b))
    return NULL;
  return !alike(a->digest, b->digest)   ? "digest"
         : a->seed != b->seed           ? "seed"
         : !alike(a->params, b->params) ? "params"
         : !alike(a->input, b->input)   ? "input"
                                        : NULL;
}

/* Programs of one workload and size are one program; a trial of a round may be
 * of the region alone. */
static bool is_program_of(const struct record *r) {
  return record_is_in(r, "pilot") || record_is_in(r, "program") ||
         (record_is_in(r, "round") && record_repeat(r) > 1);
}

static int check_results(const struct records *records, struct place *places,
                         const char *path, struct problem *problem) {
  const struct record *last_ok = NULL, *program = NULL;
  size_t line = 0, program_line = 0;
  char why[120];
  qsort_r(places, records->count, sizeof *places, compare_results,
          records->list);
  for (size_t i = 0; i < records->count; i++) {
    const struct record *r = &records->list[places[i].index];
    bool same = last_ok && strcmp(last_ok->workload, r->workload) == 0 &&
                last_ok->size == r->size;
    const char *key = same ? disagree(last_ok, r) : NULL;
    program = same ? program : NULL;
    if (!key && program && is_program_of(r) &&
        record_repeat(r) != record_repeat(program)) {
      key = "repeat";
      line = program_line;
    }
    if (key) {
      snprintf(why, sizeof why,
               "the key \"%s\" is not that of line %zu, which has the same "
               "workload and size",
               key, line);
      return refuse(path, places[i].index, why, problem);
    }
    if (record_is_ok(r)) {
      last_ok = r;
      line = places[i].index + 1;
    }
    if (record_is_ok(r) && is_program_of(r)) {
      program = r;
      program_line = places[i].index + 1;
    }
  }
  return PROBLEM_NONE;
}

int records_check(const struct records *records, const char *path,
                  struct problem *problem) {
  struct problem reason;
  struct place *places = malloc((records->count + 1) * sizeof *places);
  if (!places)
    return problem_failure(problem, "%s: out of memory", path);
  int status = PROBLEM_NONE;
  for (size_t i = 0; !status && i < records->count; i++) {
    const struct record *r = &records->list[i];
    if (check_place(r, i ? r - 1 : NULL, &reason) != 0)
      status = refuse(path, i, reason.text, problem);
    else
      places[i] = (struct place){hash_point(r), i};
  }
  if (!status) {
    qsort_r(places, records->count, sizeof *places, compare, records->list);
    status = check_grid(records, places, path, problem);
    if (!status)
      status = check_results(records, places, path, problem);
  }
  free(places);
  return status;
}

#include "bench/record/record_check.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- one record ---------------------------------------------------------- */

static bool is_ok(const struct record *r) {
  return strcmp(r->status, "ok") == 0;
}

static bool is_none(const struct numbers *numbers) {
  return !numbers->values;
}

static bool fits_status(const struct record *r) {
  return is_ok(r) == !r->error;
}

static bool is_right(const struct record *r) {
  return !is_ok(r) || r->correct == 1;
}

static bool has_digest(const struct record *r) {
  return !is_ok(r) || r->digest;
}

/* Somebody else's, of which the clock outside alone knows. */
static bool is_program(const struct record *r) {
  return strcmp(r->kernel, "program") == 0;
}

static bool has_kernel(const struct record *r) {
  if (is_program(r)) /* it has a name of its own */
    return true;
  size_t length = strlen(r->kernel);
  return strncmp(r->workload, r->kernel, length) == 0 &&
         (r->workload[length] == '\0' || r->workload[length] == '/');
}

static bool has_regions(const struct record *r) {
  if (is_program(r))
    return is_none(&r->regions_s);
  return is_ok(r) == !is_none(&r->regions_s);
}

/* Times have nine digits each. */
static bool equals(double a, double b) {
  return fabs(a - b) <= 1e-7 * fabs(b) + 1e-15;
}

/* The lower median of the regions, none of which is unknown. */
static bool is_median(const struct record *r) {
  size_t below = 0, same = 0, count = r->regions_s.count;
  if (is_program(r))
    return isnan(r->region_s) || (is_ok(r) && r->region_s > 0);
  if (count == 0)
    return isnan(r->region_s);
  for (size_t i = 0; i < count; i++) {
    double region_s = r->regions_s.values[i];
    if (isnan(region_s))
      return false;
    same += region_s == r->region_s;
    below += region_s < r->region_s;
  }
  return r->region_s > 0 && below <= (count - 1) / 2 &&
         below + same > (count - 1) / 2;
}

static bool is_sum(const struct record *r) {
  double sum_s = r->setup_s + r->start_s + r->touch_s + r->region_first_s +
                 r->finish_s + r->close_s;
  if (is_program(r))
    sum_s = r->wall_s;
  return is_ok(r) ? r->program_s > 0 && equals(r->program_s, sum_s)
                  : isnan(r->program_s);
}

/* Of what is read from another process, or from a trial by itself: not told. */
static bool holds_program(const struct record *r) {
  return isnan(r->wall_s) ||
         (is_ok(r) && r->wall_s >= r->program_s * (1 - 1e-7));
}

static bool was_seen(const struct record *r) {
  if (is_program(r))
    return r->workers_seen == FIELD_NULL;
  return is_ok(r) ? r->workers_seen >= 0 && r->workers_seen <= r->workers
                  : r->workers_seen <= r->workers;
}

static bool is_item(const struct record *r) {
  return r->lowest_hit < r->size || r->lowest_hit == FIELD_NULL;
}

/* "serial" has one worker. */
static bool fits_variant(const struct record *r) {
  return r->workers == 1 || strcmp(record_requested(r), "serial") != 0;
}

/* Of a program, and of nothing else; known where it is ok. */
static bool has_cpu(const struct record *r) {
  bool known = !isnan(r->cpu_s) && !isnan(r->cpu_system_s);
  if (!is_program(r) || !is_ok(r))
    return isnan(r->cpu_s) && isnan(r->cpu_system_s) && isnan(r->peak_bytes);
  return known && r->cpu_system_s <= r->cpu_s * (1 + 1e-7);
}

/* Begins before it ends, and ends within the region. */
static bool lies_within(const struct record *r) {
  const struct numbers *begin = &r->worker_begin_s, *end = &r->worker_end_s;
  for (size_t i = 0; i < end->count; i++)
    if (!(end->values[i] <= r->region_s * (1 + 1e-7)) ||
        (i < begin->count && !(begin->values[i] <= end->values[i])))
      return false;
  return is_none(begin) == is_none(end);
}

static bool is_busy_within(const struct record *r) {
  for (size_t i = 0; i < r->worker_busy_s.count; i++)
    if (!(r->worker_busy_s.values[i] <= r->region_s * (1 + 1e-7)))
      return false;
  return true;
}

static bool sums_to_size(const struct record *r) {
  double sum = 0;
  for (size_t i = 0; i < r->worker_items.count; i++)
    sum += r->worker_items.values[i];
  return sum <= (double)r->size;
}

static const struct {
  const char *key;
  bool (*holds)(const struct record *r);
  const char *want;
} rules[] = {
    {"error", fits_status, "null for a trial that is ok, else what went wrong"},
    {"correct", is_right, "true for a trial that is ok"},
    {"digest", has_digest, "16 digits for a trial that is ok"},
    {"kernel", has_kernel, "the one that its workload begins with"},
    {"workers", fits_variant, "1 for serial"},
    {"regions_s", has_regions, "a list for a trial that is ok, else null"},
    {"region_s", is_median,
     "more than 0, the lower median of regions_s; null without any"},
    {"program_s", is_sum,
     "setup + start + touch + first region + finish + close of a trial that is "
     "ok (wall_s of somebody else's program), else null"},
    {"cpu_s", has_cpu, "that of a program that is ok, at least cpu_system_s"},
    {"wall_s", holds_program,
     "at least program_s; null for one that is not ok"},
    {"workers_seen", was_seen, "at most workers, and known where it is ok"},
    {"lowest_hit", is_item, "less than size, or null"},
    {"worker_end_s", lies_within,
     "from worker_begin_s on, and within region_s"},
    {"worker_busy_s", is_busy_within, "at most region_s"},
    {"worker_items", sums_to_size, "size together, or less"},
};

/* Lists have a number for each worker. */
static const char *wrong_list(const struct record *r) {
  const struct {
    const char *key;
    const struct numbers *numbers;
  } lists[] = {
      {"cpus", &r->cpus},
      {"worker_begin_s", &r->worker_begin_s},
      {"worker_end_s", &r->worker_end_s},
      {"worker_busy_s", &r->worker_busy_s},
      {"worker_cpu_s", &r->worker_cpu_s},
      {"worker_chunks", &r->worker_chunks},
      {"worker_items", &r->worker_items},
      {"worker_run_delay_s", &r->worker_run_delay_s},
      {"worker_switches", &r->worker_switches},
      {"worker_minor_faults", &r->worker_minor_faults},
      {"worker_cpu_begin", &r->worker_cpu_begin},
      {"worker_cpu_end", &r->worker_cpu_end},
  };
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
    if (!is_none(lists[i].numbers) &&
        lists[i].numbers->count != (size_t)r->workers)
      return lists[i].key;
  return NULL;
}

int record_check(const struct record *record, const json_t *json,
                 struct problem *problem) {
  char want[80];
  const char *list = wrong_list(record);
  if (list) {
    snprintf(want, sizeof want, "a number for each of %" PRId64 " workers",
             record->workers);
    return json_refuse(list, json_object_get(json, list), want, problem);
  }
  for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
    if (!rules[i].holds(record))
      return json_refuse(rules[i].key, json_object_get(json, rules[i].key),
                         rules[i].want, problem);
  return PROBLEM_NONE;
}

/* ---- a file of them ------------------------------------------------------ */

/* How many places in a grid of rounds and points a record may stand for; all of
 * them are filled but for the last round's, and for points that have a pilot
 * alone. */
enum { PLACES = 16, PLACES_MORE = 4096 };

static bool is_unnumbered(const struct record *r) {
  return record_is_in(r, "calibration") || record_is_in(r, "pilot") ||
         record_is_in(r, "warmup");
}

/* Whose rounds may hold a trial twice: several cases have one serial trial
 * each. */
static bool repeats(const struct record *r) {
  return record_is_in(r, "granularity") || record_is_in(r, "breakeven");
}

static int refuse(const char *path, size_t index, const char *why,
                  struct problem *problem) {
  return problem_failure(problem, "%s, line %zu: %s", path, index + 1, why);
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
  if (r->order == FIELD_NULL)
    return problem_failure(problem, "the key \"order\" is missing: want the "
                                    "place in the run");
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
    if (!same || r->round == FIELD_NULL || r->round != before->round ||
        repeats(r))
      continue;
    snprintf(why, sizeof why, "the same trial as in line %zu: round %" PRId64,
             places[i - 1].index + 1, r->round);
    return refuse(path, places[i].index, why, problem);
  }
  if ((double)rounds * (double)points <=
      (double)PLACES * (double)count + PLACES_MORE)
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
  if (is_program(a) || !is_ok(a) || !is_ok(b))
    return NULL;
  return !alike(a->digest, b->digest)   ? "digest"
         : a->seed != b->seed           ? "seed"
         : !alike(a->params, b->params) ? "params"
         : !alike(a->input, b->input)   ? "input"
                                        : NULL;
}

static int check_results(const struct records *records, struct place *places,
                         const char *path, struct problem *problem) {
  const struct record *last_ok = NULL;
  size_t line = 0;
  char why[120];
  qsort_r(places, records->count, sizeof *places, compare_results,
          records->list);
  for (size_t i = 0; i < records->count; i++) {
    const struct record *r = &records->list[places[i].index];
    bool same = last_ok && strcmp(last_ok->workload, r->workload) == 0 &&
                last_ok->size == r->size;
    const char *key = same ? disagree(last_ok, r) : NULL;
    if (key) {
      snprintf(why, sizeof why,
               "the key \"%s\" is not that of line %zu, which has the same "
               "workload and size",
               key, line);
      return refuse(path, places[i].index, why, problem);
    }
    if (is_ok(r)) {
      last_ok = r;
      line = places[i].index + 1;
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

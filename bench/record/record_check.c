#include "bench/record/record_check.h"

#include "bench/plan/notation.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- one record ---------------------------------------------------------- */

static bool is_none(const struct numbers *numbers) {
  return !numbers->values;
}

static bool fits_status(const struct record *r) {
  return record_is_ok(r) == !r->error;
}

static bool is_right(const struct record *r) {
  return !record_is_ok(r) || r->correct == 1;
}

static bool has_digest(const struct record *r) {
  return !record_is_ok(r) || r->digest;
}

static bool has_kernel(const struct record *r) {
  if (record_is_program(r)) /* it has a name of its own */
    return true;
  size_t length = strlen(r->kernel);
  return strncmp(r->workload, r->kernel, length) == 0 &&
         (r->workload[length] == '\0' || r->workload[length] == '/');
}

static bool has_regions(const struct record *r) {
  if (record_is_program(r))
    return is_none(&r->regions_s);
  return record_is_ok(r) == !is_none(&r->regions_s);
}

/* Times have nine digits each. */
static bool equals(double a, double b) {
  return fabs(a - b) <= 1e-7 * fabs(b) + 1e-15;
}

/* The lower median of the regions, none of which is unknown. */
static bool is_median(const struct record *r) {
  size_t below = 0, same = 0, count = r->regions_s.count;
  if (record_is_program(r))
    return isnan(r->region_s) || (record_is_ok(r) && r->region_s > 0);
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
  if (record_is_program(r))
    sum_s = r->wall_s;
  return record_is_ok(r) ? r->program_s > 0 && equals(r->program_s, sum_s)
                         : isnan(r->program_s);
}

/* Of what is read from another process, or from a trial by itself: not told. */
static bool holds_program(const struct record *r) {
  return isnan(r->wall_s) ||
         (record_is_ok(r) && r->wall_s >= r->program_s * (1 - 1e-7));
}

static bool was_seen(const struct record *r) {
  if (record_is_program(r))
    return r->workers_seen == FIELD_NULL;
  return record_is_ok(r) ? r->workers_seen >= 0 && r->workers_seen <= r->workers
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
  if (!record_is_program(r) || !record_is_ok(r))
    return isnan(r->cpu_s) && isnan(r->cpu_system_s) && isnan(r->peak_bytes) &&
           isnan(r->others_cpu_s) && r->switches == FIELD_NULL &&
           r->minor_faults == FIELD_NULL;
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

/* Together; each of copies by itself. */
static bool sums_to_size(const struct record *r) {
  bool apart = notation_names_copies(record_requested(r));
  double sum = 0;
  for (size_t i = 0; i < r->worker_items.count; i++) {
    sum = r->worker_items.values[i] + (apart ? 0 : sum);
    if (!(sum <= (double)r->size))
      return false;
  }
  return true;
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
    {"worker_items", sums_to_size, "size together (of copies each), or less"},
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

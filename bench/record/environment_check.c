#include "bench/record/environment_check.h"

#include "bench/plan/cpulist.h"
#include "bench/plan/plan.h"

#include <stdlib.h>
#include <string.h>

enum { CPUS_MOST = CPULIST_MAX_INDEX + 1 };

/* Not told is FIELD_NULL, which is less than all. */
static bool fits_threads(int64_t count, const struct environment *e) {
  return e->hardware_threads == FIELD_NULL || count <= e->hardware_threads;
}

static bool has_cores(const struct environment *e) {
  return fits_threads(e->cores, e);
}

static bool has_packages(const struct environment *e) {
  return fits_threads(e->packages, e);
}

static bool has_nodes(const struct environment *e) {
  return fits_threads(e->numa_nodes, e);
}

static bool has_kinds(const struct environment *e) {
  return fits_threads(e->core_kinds, e);
}

static bool has_usable(const struct environment *e) {
  return fits_threads(e->usable_cpus, e);
}

/* A quota is known where there is one, and nowhere else. */
static bool is_set(double limit, int64_t set) {
  return isfinite(limit) == (set == 1);
}

static bool has_quota(const struct environment *e) {
  return e->quota_set == FIELD_NULL ? true
                                    : is_set(e->quota_cpus, e->quota_set);
}

static bool has_limit(const struct environment *e) {
  return e->memory_limited == FIELD_NULL
             ? true
             : is_set(e->memory_limit_bytes, e->memory_limited);
}

/* Words of CPUs, at most so many together. */
static bool are_cpus(const char *words, int64_t most) {
  char *copy = strdup(words ? words : ""), *rest = NULL;
  int *cpus = malloc(CPUS_MOST * sizeof *cpus);
  bool good = copy && cpus;
  int64_t all = 0;
  for (char *word = good ? strtok_r(copy, " ", &rest) : NULL; good && word;
       word = strtok_r(NULL, " ", &rest)) {
    int count = cpulist_parse(word, cpus, CPUS_MOST, NULL, 0);
    all += count;
    good = count > 0 && (most == FIELD_NULL || all <= most);
  }
  free(copy);
  free(cpus);
  return good;
}

static bool has_affinity(const struct environment *e) {
  return !e->affinity || are_cpus(e->affinity, e->hardware_threads);
}

static bool has_siblings(const struct environment *e) {
  return are_cpus(e->siblings, e->hardware_threads);
}

static bool has_kind_lists(const struct environment *e) {
  return are_cpus(e->kinds, e->hardware_threads);
}

static bool has_node_lists(const struct environment *e) {
  return are_cpus(e->numa, e->hardware_threads);
}

static bool has_vectors(const struct environment *e) {
  return e->machine_vector_bytes == FIELD_NULL ||
         e->vector_bytes <= e->machine_vector_bytes;
}

static bool has_bind(const struct environment *e) {
  struct problem ignored;
  enum bind how;
  return !e->bind || machine_parse_bind(e->bind, &how, &ignored) == 0;
}

/* As in 2026-01-31T12:00:00Z. */
static bool has_date(const struct environment *e) {
  static const char form[] = "0000-00-00T00:00:00Z";
  if (!e->date)
    return true;
  for (size_t i = 0; i < sizeof form; i++)
    if (form[i] == '0' ? e->date[i] < '0' || e->date[i] > '9'
                       : e->date[i] != form[i])
      return false;
  return true;
}

/* As many numbers as CPUs; neither where there was no look. */
static bool has_looked(const struct environment *e) {
  int *cpus = malloc(CPUS_MOST * sizeof *cpus);
  int count = 0;
  if (cpus && e->look_cpus)
    count = cpulist_parse(e->look_cpus, cpus, CPUS_MOST, NULL, 0);
  free(cpus);
  if (isnan(e->look_s) || !e->look_cpus)
    return isnan(e->look_s) && !e->look_cpus && !e->look_shares.values &&
           isnan(e->look_steal_share) && isnan(e->look_throttled_s);
  return count > 0 &&
         (!e->look_shares.values || e->look_shares.count == (size_t)count);
}

static const char of_threads[] = "at most hardware_threads";
static const char of_cpus[] =
    "CPUs as in \"0-3,8\", no more of them than hardware_threads";

static const struct {
  const char *key;
  bool (*holds)(const struct environment *e);
  const char *want;
} rules[] = {
    {"cores", has_cores, of_threads},
    {"packages", has_packages, of_threads},
    {"numa_nodes", has_nodes, of_threads},
    {"core_kinds", has_kinds, of_threads},
    {"usable_cpus", has_usable, of_threads},
    {"quota_cpus", has_quota, "a number where quota_set is true, else null"},
    {"memory_limit_bytes", has_limit,
     "a number where memory_limited is true, else null"},
    {"vector_bytes", has_vectors, "at most machine_vector_bytes"},
    {"affinity", has_affinity, of_cpus},
    {"siblings", has_siblings, of_cpus},
    {"kinds", has_kind_lists, of_cpus},
    {"numa", has_node_lists, of_cpus},
    {"look_cpus", has_looked,
     "CPUs where look_s is known, as many as look_shares has numbers, or else "
     "null, and the other look_... too"},
    {"bind", has_bind, "cores, spread, close or none"},
    {"date", has_date, "a time as in 2026-01-31T12:00:00Z"},
};

int environment_check(const struct environment *environment, const json_t *json,
                      struct problem *problem) {
  for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
    if (!rules[i].holds(environment))
      return json_refuse(rules[i].key, json_object_get(json, rules[i].key),
                         rules[i].want, problem);
  return PROBLEM_NONE;
}

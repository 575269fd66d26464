#include "bench/sweep/finished.h"

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

static uint64_t mix(uint64_t hash, const void *bytes, size_t length) {
  for (size_t i = 0; i < length; i++)
    hash = (hash ^ ((const unsigned char *)bytes)[i]) * UINT64_C(0x100000001b3);
  return hash;
}

static size_t bucket_of(const struct finished *finished,
                        const struct key *key) {
  uint64_t hash = UINT64_C(0xcbf29ce484222325);
  hash = mix(hash, key->phase, strlen(key->phase));
  hash = mix(hash, key->workload, strlen(key->workload));
  hash = mix(hash, key->requested, strlen(key->requested));
  hash = mix(hash, &key->round, sizeof key->round);
  hash = mix(hash, &key->workers, sizeof key->workers);
  hash = mix(hash, &key->size, sizeof key->size);
  return (size_t)(hash % finished->bucket_count);
}

static bool same(const struct key *a, const struct key *b) {
  return a->round == b->round && a->workers == b->workers &&
         a->size == b->size && strcmp(a->phase, b->phase) == 0 &&
         strcmp(a->workload, b->workload) == 0 &&
         strcmp(a->requested, b->requested) == 0;
}

int finished_make(struct records *records, struct finished *finished,
                  struct problem *problem) {
  size_t count = records->count;
  *finished = (struct finished){.records = *records,
                                .next = calloc(count + 1, sizeof(size_t)),
                                .buckets = calloc(count + 1, sizeof(size_t)),
                                .bucket_count = count + 1};
  *records = (struct records){NULL, 0, false};
  if (!finished->next || !finished->buckets)
    return problem_failure(problem, "out of memory");
  for (size_t i = 0; i <= count; i++)
    finished->buckets[i] = SIZE_MAX;
  /* From the last to the first: buckets then begin with the first. */
  for (size_t i = count; i-- > 0;) {
    const struct record *r = &finished->records.list[i];
    struct key key = key_of(r);
    size_t bucket = bucket_of(finished, &key);
    finished->next[i] = finished->buckets[bucket];
    finished->buckets[bucket] = i;
    if (r->order > finished->orders)
      finished->orders = r->order;
    if (key.round > finished->rounds)
      finished->rounds = key.round;
    if (isfinite(r->wall_s))
      finished->used_s += r->wall_s;
  }
  return PROBLEM_NONE;
}

void finished_free(struct finished *finished) {
  records_free(&finished->records);
  free(finished->next);
  free(finished->buckets);
  *finished = (struct finished){0};
}

bool finished_take(struct finished *finished, const struct place *place,
                   const struct trial_request *order, struct record *record) {
  char requested[NOTATION_LENGTH];
  if (finished->records.count == 0)
    return false;
  notation_format_variant(&order->variant, requested);
  struct key wanted = {.phase = place->phase,
                       .workload = order->workload->name,
                       .requested = requested,
                       .round = place->round,
                       .workers = order->workers,
                       .size = (int64_t)order->size};
  size_t *link = &finished->buckets[bucket_of(finished, &wanted)];
  for (; *link != SIZE_MAX; link = &finished->next[*link]) {
    struct record *r = &finished->records.list[*link];
    struct key key = key_of(r);
    bool good = r->status && strcmp(r->status, "ok") == 0;
    if (!same(&key, &wanted) || (!good && place->round == 0))
      continue;
    *link = finished->next[*link];
    *record = *r;
    record_clear(r);
    return true;
  }
  return false;
}

/* ---- whether they are the plan's ---------------------------------------- */

/* The plan's entry of a record, or NULL. */
static const struct plan_entry *entry_of(const struct plan *plan,
                                         const struct key *key) {
  char requested[NOTATION_LENGTH];
  bool probe = strcmp(key->phase, "probe") == 0;
  for (size_t i = 0; i < plan_trial_count(plan); i++) {
    const struct plan_entry *entry = plan_trial(plan, i);
    if (entry->workers != key->workers || entry->probe != probe ||
        strcmp(plan_entry_workload(plan, entry)->workload->name,
               key->workload) != 0)
      continue;
    notation_format_variant(plan_entry_variant(plan, entry), requested);
    if (strcmp(requested, key->requested) == 0)
      return entry;
  }
  return NULL;
}

static bool same_cpus(const struct record *r, const int *cpus) {
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
  if (strcmp(key.phase, "pilot") != 0 && key.round == 0)
    return NULL; /* calibration tries sizes, and one region each */
  const struct plan_entry *entry = entry_of(plan, &key);
  if (!entry)
    return "its configuration";
  if (key.size != (int64_t)plan_entry_size(plan, entry))
    return "its size";
  if (r->regions_s.count > 0 && r->regions_s.count != plan->iterations)
    return "its number of iterations";
  return same_cpus(r, cpus) ? NULL : "its workers' CPUs";
}

int finished_check(const struct finished *finished, const struct plan *plan,
                   const int *cpus, struct problem *problem) {
  for (size_t i = 0; i < finished->records.count; i++) {
    const struct record *r = &finished->records.list[i];
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

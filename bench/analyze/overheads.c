#include "bench/analyze/overheads.h"

#include "bench/analyze/stats.h"
#include "bench/plan/json_file.h"
#include "bench/plan/meters.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define AT(member) offsetof(struct overhead, member)

const struct field overhead_fields[] = {
    {"cost", FIELD_TEXT, AT(cost), "",
     "`start`, `region`, `trip`, `chunk`, `rate`, `memory`, `fault` or `map`",
     true, NULL},
    {"variant", FIELD_TEXT, AT(variant), "", "execution model as asked for",
     true, NULL},
    {"policy", FIELD_TEXT, AT(policy), "",
     "OMP_WAIT_POLICY, for omp; null for others", false, NULL},
    {"workers", FIELD_INTEGER, AT(workers), "", "workers of the team", true,
     NULL},
    {"spins", FIELD_TRUTH, AT(spins), "",
     "who waits spins first; null where the transport decides", false, NULL},
    {"item_bytes", FIELD_REAL, AT(item_bytes), "bytes",
     "length of an item's result, for `rate`", false, NULL},
    {"value", FIELD_INTERVAL, AT(value), "",
     "s (`start`, `region`, `trip`, `chunk`, `fault`, `map`), bytes/s (`rate`) "
     "or bytes",
     false, NULL},
    {"at_least", FIELD_REAL, AT(at_least), "bytes/s",
     "for `rate`, where the cost was too small to measure", false, NULL},
    {"by_round", FIELD_REALS, AT(by_round), "", "the value in each round",
     false, NULL},
    {NULL, FIELD_TEXT, 0, NULL, NULL, false, NULL},
};

static const struct {
  const char *name, *unit;
} kinds[OVERHEAD_KINDS] = {
    [OVERHEAD_START] = {"start", "s"},
    [OVERHEAD_REGION] = {"region", "s"},
    [OVERHEAD_TRIP] = {"trip", "s"},
    [OVERHEAD_CHUNK] = {"chunk", "s"},
    [OVERHEAD_RATE] = {"rate", "bytes/s"},
    [OVERHEAD_MEMORY] = {"memory", "bytes"},
    [OVERHEAD_FAULT] = {"fault", "s"},
    [OVERHEAD_MAP] = {"map", "s"},
};

const char *overhead_unit(enum overhead_kind kind) {
  return kinds[kind].unit;
}

/* ---- records ------------------------------------------------------------- */

static bool is_active(const struct record *r) {
  return record_is_in(r, OVERHEADS_ACTIVE);
}

static bool is_ours(const struct record *r) {
  return r->requested && r->round > 0 &&
         (is_active(r) || record_is_in(r, OVERHEADS_PASSIVE));
}

static bool is_good(const struct record *r) {
  return is_ours(r) && record_is_ok(r) && isfinite(r->region_s);
}

/* "bytes=64" among a record's parameters; NAN without. */
static double item_bytes(const struct record *r) {
  const char *at = r->params ? strstr(r->params, "bytes=") : NULL;
  return at ? strtod(at + strlen("bytes="), NULL) : (double)NAN;
}

/* The good record of the same round and workers, and of this workload, variant
 * and size (0: any); its region, or NAN. */
static double region_at(const struct records *records, const struct record *to,
                        const char *workload, const struct variant_spec *spec,
                        int64_t size) {
  char requested[NOTATION_LENGTH];
  notation_format_variant(spec, requested);
  for (size_t i = 0; i < records->count; i++) {
    const struct record *r = &records->list[i];
    if (is_good(r) && r->round == to->round && r->workers == to->workers &&
        (size == 0 || r->size == size) && is_active(r) == is_active(to) &&
        strcmp(r->workload, workload) == 0 &&
        strcmp(r->requested, requested) == 0)
      return r->region_s;
  }
  return (double)NAN;
}

/* The same of its own workload. */
static double region_of(const struct records *records, const struct record *to,
                        const struct variant_spec *spec, int64_t size) {
  return region_at(records, to, to->workload, spec, size);
}

/* ---- filling ------------------------------------------------------------- */

struct filling {
  const struct records *records;
  struct overheads *overheads;
  const struct record *record; /* that is looked at */
  struct variant_spec spec;    /* its variant */
  bool memory_out;
};

static bool equal_bytes(double a, double b) {
  return (!isfinite(a) && !isfinite(b)) || fabs(a - b) < 0.5;
}

static struct overhead *new_overhead(struct filling *f, enum overhead_kind kind,
                                     double bytes) {
  struct overheads *o = f->overheads;
  const struct record *r = f->record;
  struct overhead *grown = reallocarray(o->list, o->count + 1, sizeof *grown);
  if (!grown)
    return NULL;
  o->list = grown;
  struct overhead *cost = &grown[o->count];
  fields_clear(overhead_fields, cost);
  cost->kind = kind;
  cost->spec = f->spec;
  cost->cost = strdup(kinds[kind].name);
  cost->variant = strdup(r->requested);
  cost->workers = r->workers;
  cost->item_bytes = bytes;
  if (strcmp(f->spec.team, "omp") == 0) {
    cost->policy = strdup(is_active(r) ? "active" : "passive");
    cost->spins = is_active(r);
  } else if (f->spec.transport == TRANSPORT_SHM) {
    cost->spins = r->workers < (int64_t)o->usable_cpus;
  }
  cost->by_round.values = calloc(o->rounds, sizeof(double));
  if (!cost->by_round.values || !cost->cost || !cost->variant) {
    fields_free(overhead_fields, cost);
    return NULL;
  }
  for (cost->by_round.count = 0; cost->by_round.count < o->rounds;)
    cost->by_round.values[cost->by_round.count++] = (double)NAN;
  o->count++;
  return cost;
}

/* Notes what the record gives for a kind of cost. */
static void note(struct filling *f, enum overhead_kind kind, double value) {
  const struct record *r = f->record;
  struct overheads *o = f->overheads;
  struct overhead *cost = NULL;
  double bytes = kind == OVERHEAD_RATE ? item_bytes(r) : (double)NAN;
  for (size_t i = 0; !cost && i < o->count; i++) {
    struct overhead *c = &o->list[i];
    bool active = c->policy && strcmp(c->policy, "active") == 0;
    if (c->kind == kind && c->workers == r->workers &&
        strcmp(c->variant, r->requested) == 0 && active == is_active(r) &&
        equal_bytes(c->item_bytes, bytes))
      cost = c;
  }
  if (!cost)
    cost = new_overhead(f, kind, bytes);
  if (cost)
    cost->by_round.values[r->round - 1] = value;
  else
    f->memory_out = true;
}

static void note_static(struct filling *f) {
  const struct record *r = f->record;
  bool fork = strcmp(f->spec.team, "fork") == 0;
  note(f, OVERHEAD_START,
       r->start_s + r->region_first_s - (fork ? 0 : r->region_s));
  note(f, OVERHEAD_REGION, r->region_s);
  if (!fork && isfinite(r->team_pss_bytes))
    note(f, OVERHEAD_MEMORY, r->team_pss_bytes);
}

static void note_faults(struct filling *f) {
  const struct record *r = f->record;
  for (int pages = 0; pages < METER_PAGES; pages++)
    if (strcmp(r->workload, meter_faults[pages].first) == 0)
      note(f, pages == METER_PAGES_NEW ? OVERHEAD_FAULT : OVERHEAD_MAP,
           (r->region_s - region_at(f->records, r, meter_faults[pages].again,
                                    &f->spec, r->size)) *
               (double)r->workers / (double)r->size);
}

static void note_record(struct filling *f) {
  const struct record *r = f->record;
  struct variant_spec other = f->spec;
  struct problem ignored;
  if (notation_parse_variant(r->requested, &f->spec, &ignored) != 0)
    return;
  other = f->spec;
  if (strcmp(r->kernel, "block") == 0) {
    other.transport = TRANSPORT_SHM;
    if (f->spec.transport != TRANSPORT_SHM)
      note(f, OVERHEAD_RATE,
           r->region_s - region_of(f->records, r, &other, r->size));
  } else if (strcmp(r->kernel, "fault") == 0) {
    note_faults(f);
  } else if (strcmp(r->kernel, "null") != 0) {
    return;
  } else if (f->spec.schedule == SCHEDULE_STATIC) {
    note_static(f);
  } else if (f->spec.schedule == SCHEDULE_APPLY) {
    note(f, OVERHEAD_TRIP, r->region_s / (double)r->size);
  } else {
    other.schedule = SCHEDULE_STATIC;
    other.chunk = 0;
    note(f, OVERHEAD_CHUNK,
         (r->region_s - region_of(f->records, r, &other, 0)) / (double)r->size);
  }
}

/* Bytes of all items in the records of a rate. */
static double moved_bytes(const struct records *records,
                          const struct overhead *cost) {
  for (size_t i = 0; i < records->count; i++) {
    const struct record *r = &records->list[i];
    if (is_good(r) && r->workers == cost->workers &&
        strcmp(r->requested, cost->variant) == 0 &&
        equal_bytes(item_bytes(r), cost->item_bytes))
      return cost->item_bytes * (double)r->size;
  }
  return (double)NAN;
}

/* From the extra seconds in each round to bytes per second.  The order of
 * positive ones turns round, so the interval's ends change places. */
static void to_rate(const struct records *records, struct overhead *cost) {
  double bytes = moved_bytes(records, cost);
  struct interval extra_s = cost->value;
  cost->value = INTERVAL_NULL;
  if (extra_s.low > 0)
    cost->value = (struct interval){bytes / extra_s.median,
                                    bytes / extra_s.high, bytes / extra_s.low};
  else if (!isfinite(extra_s.low) && extra_s.median > 0) /* too few rounds */
    cost->value.median = bytes / extra_s.median;
  else if (isfinite(extra_s.high) && extra_s.high > 0)
    cost->at_least = bytes / extra_s.high;
  for (size_t i = 0; i < cost->by_round.count; i++) {
    double *value = &cost->by_round.values[i];
    *value = *value > 0 ? bytes / *value : (double)NAN;
  }
}

static int summarise(const struct records *records, struct overhead *cost) {
  size_t n = cost->by_round.count;
  double *sorted = malloc((n + 1) * sizeof *sorted);
  if (!sorted)
    return -ENOMEM;
  memcpy(sorted, cost->by_round.values, n * sizeof *sorted);
  cost->value = stats_median_interval(sorted, n);
  free(sorted);
  if (cost->kind == OVERHEAD_RATE)
    to_rate(records, cost);
  return 0;
}

/* ---- the whole ----------------------------------------------------------- */

static int team_rank(const char *team) {
  static const char *const teams[] = {"omp", "pool", "fork"};
  int rank = 0;
  while (rank < 3 && strcmp(teams[rank], team) != 0)
    rank++;
  return rank;
}

static int compare_costs(const void *left, const void *right) {
  const struct overhead *a = left, *b = right;
  bool a_bytes = isfinite(a->item_bytes), b_bytes = isfinite(b->item_bytes);
  const int64_t steps[] = {
      (int64_t)a->kind - (int64_t)b->kind,
      team_rank(a->spec.team) - team_rank(b->spec.team),
      (int64_t)a->spec.schedule - (int64_t)b->spec.schedule,
      (int64_t)a->spec.transport - (int64_t)b->spec.transport,
      (a->policy && *a->policy == 'a') - (b->policy && *b->policy == 'a'),
      a_bytes && b_bytes ? (int64_t)(a->item_bytes - b->item_bytes) : 0,
      a->workers - b->workers,
  };
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
    if (steps[i] != 0)
      return steps[i] < 0 ? -1 : 1;
  return strcmp(a->variant, b->variant);
}

int overheads_make(const struct records *records, uint32_t usable_cpus,
                   struct overheads *overheads, struct problem *problem) {
  struct filling filling = {.records = records, .overheads = overheads};
  *overheads = (struct overheads){.usable_cpus = usable_cpus};
  for (size_t i = 0; i < records->count; i++) {
    const struct record *r = &records->list[i];
    if (is_ours(r) && r->round > (int64_t)overheads->rounds)
      overheads->rounds = (uint32_t)r->round;
    overheads->failed += is_ours(r) && !record_is_ok(r);
  }
  for (size_t i = 0; i < records->count; i++) {
    filling.record = &records->list[i];
    if (is_good(filling.record))
      note_record(&filling);
  }
  for (size_t i = 0; i < overheads->count; i++)
    if (summarise(records, &overheads->list[i]) != 0)
      filling.memory_out = true;
  if (filling.memory_out) {
    overheads_free(overheads);
    return problem_failure(problem, "out of memory");
  }
  if (overheads->count > 0)
    qsort(overheads->list, overheads->count, sizeof *overheads->list,
          compare_costs);
  return PROBLEM_NONE;
}

void overheads_free(struct overheads *overheads) {
  for (size_t i = 0; i < overheads->count; i++)
    fields_free(overhead_fields, &overheads->list[i]);
  free(overheads->list);
  *overheads = (struct overheads){0};
}

const struct overhead *overheads_find(const struct overheads *overheads,
                                      const struct overhead_key *key) {
  double bytes = key->item_bytes > 0 ? key->item_bytes : (double)NAN;
  for (size_t i = 0; i < overheads->count; i++) {
    const struct overhead *c = &overheads->list[i];
    bool active = c->policy && strcmp(c->policy, "active") == 0;
    if (c->kind == key->kind && c->workers == key->workers &&
        active == key->active && strcmp(c->variant, key->variant) == 0 &&
        equal_bytes(c->item_bytes, bytes))
      return c;
  }
  return NULL;
}

struct interval overheads_ratio(const struct overhead *above,
                                const struct overhead *below) {
  if (!above || !below || above->by_round.count != below->by_round.count)
    return INTERVAL_NULL;
  return stats_ratio_interval(above->by_round.values, below->by_round.values,
                              above->by_round.count);
}

struct interval overheads_slope(const struct overhead *more,
                                const struct overhead *less) {
  if (!more || !less || more->by_round.count != less->by_round.count ||
      more->workers <= less->workers)
    return INTERVAL_NULL;
  size_t n = more->by_round.count;
  double *steps = malloc((n + 1) * sizeof *steps);
  if (!steps)
    return INTERVAL_NULL;
  for (size_t i = 0; i < n; i++)
    steps[i] = (more->by_round.values[i] - less->by_round.values[i]) /
               (double)(more->workers - less->workers);
  struct interval slope = stats_median_interval(steps, n);
  free(steps);
  return slope;
}

int overheads_write(const struct overheads *overheads, const char *path,
                    struct problem *problem) {
  json_t *costs = json_array();
  for (size_t i = 0; i < overheads->count; i++)
    json_array_append_new(costs,
                          fields_to_json(overhead_fields, &overheads->list[i]));
  json_t *json = json_pack("{s:i, s:i, s:i, s:i, s:o}", "schema", RECORD_SCHEMA,
                           "rounds", (int)overheads->rounds, "usable_cpus",
                           (int)overheads->usable_cpus, "failed",
                           (int)overheads->failed, "costs", costs);
  return json_file_write(json, path, 9, problem);
}

#include "bench/plan/plan_shard.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { UNIT_ROOM = WORKLOAD_TEXT + 24 };

void plan_free_units(struct plan *plan) {
  for (size_t i = 0; i < plan->unit_count; i++)
    free(plan->units[i]);
  free(plan->units);
  plan->units = NULL;
  plan->unit_count = 0;
}

/* "SIZE NAME"; size 0: it is calibrated. */
static int add_unit(struct plan *plan, const char *text,
                    struct problem *problem) {
  char **units =
      realloc(plan->units, (plan->unit_count + 1) * sizeof *plan->units);
  char *copy = strdup(text);
  if (units)
    plan->units = units;
  if (!units || !copy) {
    free(copy);
    return problem_failure(problem, "out of memory");
  }
  plan->units[plan->unit_count++] = copy;
  return PROBLEM_NONE;
}

/* ---- taking -------------------------------------------------------------- */

/* The first workload whose region is this one's. */
static size_t family_of(const struct plan *plan, size_t index) {
  for (size_t i = 0; i < index; i++)
    if (plan->workloads[i].size == plan->workloads[index].size &&
        workload_same_region(plan->workloads[i].workload,
                             plan->workloads[index].workload))
      return i;
  return index;
}

int plan_take_shard(struct plan *plan, uint32_t shard, uint32_t shards,
                    struct problem *problem) {
  uint32_t part_of[PLAN_WORKLOADS];
  uint32_t families = 0;
  size_t kept = 0;
  int status = PROBLEM_NONE;
  for (size_t i = 0; i < plan->workload_count; i++) {
    size_t first = family_of(plan, i);
    part_of[i] = first < i ? part_of[first] : families++ % shards + 1;
  }
  if (families < shards)
    return problem_usage(problem,
                         "--shard %" PRIu32 "/%" PRIu32 ": there are %" PRIu32
                         " workloads to deal out, and a "
                         "shard has one at least",
                         shard, shards, families);
  for (size_t i = 0; !status && i < plan->workload_count; i++) {
    char unit[UNIT_ROOM];
    const struct plan_workload *w = &plan->workloads[i];
    snprintf(unit, sizeof unit, "%" PRIu64 " %s", w->size, w->workload->name);
    status = add_unit(plan, unit, problem);
  }
  if (status)
    return status;
  for (size_t i = 0; i < plan->workload_count; i++)
    if (part_of[i] == shard)
      plan->workloads[kept++] = plan->workloads[i];
    else
      free(plan->workloads[i].workload);
  plan->workload_count = kept;
  plan->shard = shard;
  plan->shards = shards;
  return PROBLEM_NONE;
}

/* ---- joining ------------------------------------------------------------- */

#define FIXED(member)                                                          \
  { #member, offsetof(struct plan, member), sizeof((struct plan *)0)->member }
static const struct {
  const char *name;
  size_t offset, size;
} fixed[] = {FIXED(shards),        FIXED(seed),         FIXED(serial_touch),
             FIXED(weak),          FIXED(bind),         FIXED(target_s),
             FIXED(budget_s),      FIXED(rounds_given), FIXED(target_width),
             FIXED(iterations),    FIXED(warmups),      FIXED(blocks),
             FIXED(programs),      FIXED(unprobed),     FIXED(without_ones),
             FIXED(ends_apart),    FIXED(all_counts),   FIXED(one_profile),
             FIXED(variant_count), FIXED(count_count),  FIXED(waiting_count),
             FIXED(counts),        FIXED(waiting)};

static const char *difference(const struct plan *plan,
                              const struct plan *other) {
  char name[NOTATION_LENGTH], other_name[NOTATION_LENGTH];
  for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
    if (memcmp((const char *)plan + fixed[i].offset,
               (const char *)other + fixed[i].offset, fixed[i].size) != 0)
      return fixed[i].name;
  if (plan->rounds_given && plan->rounds != other->rounds)
    return "rounds";
  for (size_t v = 0; v < plan->variant_count; v++) {
    notation_format_variant(&plan->variants[v], name);
    notation_format_variant(&other->variants[v], other_name);
    if (strcmp(name, other_name) != 0)
      return "variants";
  }
  bool same = plan->unit_count == other->unit_count;
  for (size_t i = 0; same && i < plan->unit_count; i++)
    same = strcmp(plan->units[i], other->units[i]) == 0;
  return same ? NULL : "shard_of";
}

static int check_parts(struct plan *const *parts, const char *const *names,
                       size_t count, struct problem *problem) {
  for (size_t i = 0; i < count; i++) {
    const struct plan *part = parts[i];
    const char *differs;
    struct problem reason;
    if (part->shards == 0)
      return problem_usage(problem,
                           "%s: it is no shard of a sweep; want runs of "
                           "`sweep --shard I/N`",
                           names[i]);
    if (part->stage != STAGE_DONE)
      return problem_usage(problem,
                           "%s: it is not done; `coresweep sweep --resume` "
                           "goes on with it",
                           names[i]);
    if ((differs = difference(parts[0], part)))
      return problem_usage(problem, "%s and %s: of two sweeps: \"%s\" differs",
                           names[0], names[i], differs);
    if (i > 0 && part->shard == parts[i - 1]->shard)
      return problem_usage(problem,
                           "%s and %s: both are shard %" PRIu32 "/%" PRIu32,
                           names[i - 1], names[i], part->shard, part->shards);
    if (identity_compare_kind(&parts[0]->identity, &part->identity, &reason))
      return problem_usage(problem, "%s and %s: %s", names[0], names[i],
                           reason.text);
  }
  for (uint32_t i = 0; i < parts[0]->shards; i++)
    if (i >= count || parts[i]->shard != i + 1)
      return problem_usage(problem, "shard %" PRIu32 "/%" PRIu32 " is missing",
                           i + 1, parts[0]->shards);
  return PROBLEM_NONE;
}

/* Whether the part's next workload is that unit. */
static bool is_next(const struct plan *part, size_t next, const char *unit) {
  const struct plan_workload *w = &part->workloads[next];
  uint64_t size = strtoull(unit, NULL, 10);
  return next < part->workload_count &&
         strcmp(w->workload->name, strchr(unit, ' ') + 1) == 0 &&
         (size == 0 || size == w->size);
}

/* Deals the workloads in the whole's order. */
static int collect(struct plan *const *parts, const char *const *names,
                   size_t count, struct plan_workload *all,
                   struct problem *problem) {
  const struct plan *whole = parts[0];
  size_t *next = calloc(count, sizeof *next);
  int status = PROBLEM_NONE;
  if (!next)
    return problem_failure(problem, "out of memory");
  for (size_t i = 0; !status && i < whole->unit_count; i++) {
    size_t part = 0;
    while (part < count && !is_next(parts[part], next[part], whole->units[i]))
      part++;
    if (part < count)
      all[i] = parts[part]->workloads[next[part]++];
    else
      status = problem_usage(problem,
                             "%s was left out of its shard, for lack of time; "
                             "want a larger --budget",
                             strchr(whole->units[i], ' ') + 1);
  }
  for (size_t i = 0; !status && i < count; i++)
    if (next[i] < parts[i]->workload_count)
      status =
          problem_usage(problem, "%s: %s is none of its shard's workloads",
                        names[i], parts[i]->workloads[next[i]].workload->name);
  free(next);
  return status;
}

/* Probes of others than those that are there: of their workloads' memory. */
static int add_probes(struct plan *plan, const struct plan *part,
                      struct problem *problem) {
  int status = PROBLEM_NONE;
  for (size_t i = 0; !status && i < part->probe_count; i++) {
    const struct plan_workload *probe = &part->probes[i];
    struct plan_workload *added;
    bool known = false;
    for (size_t k = 0; k < plan->probe_count; k++)
      known = known || (strcmp(plan->probes[k].workload->name,
                               probe->workload->name) == 0 &&
                        plan->probes[k].workers == probe->workers);
    if (known)
      continue;
    status = plan_add_probe(plan, probe->workload->name, probe->workers, &added,
                            problem);
    if (!status) {
      struct workload *own = added->workload;
      *added = *probe;
      added->workload = own;
    }
  }
  return status;
}

/* The first part gets the workloads of all, in the whole plan's order. */
static int join_workloads(struct plan *const *parts, const char *const *names,
                          size_t count, struct problem *problem) {
  struct plan *whole = parts[0];
  struct plan_workload *all = calloc(PLAN_WORKLOADS, sizeof *all);
  if (!all)
    return problem_failure(problem, "out of memory");
  int status = collect(parts, names, count, all, problem);
  if (!status) {
    for (size_t i = 0; i < count; i++)
      parts[i]->workload_count = 0; /* they are the whole's now */
    memcpy(whole->workloads, all, whole->unit_count * sizeof *all);
    whole->workload_count = whole->unit_count;
  }
  free(all);
  return status;
}

/* The parts' points, to be freed. */
struct points {
  struct point *list;
  size_t count;
};

static int copy_points(struct plan *const *parts, size_t count,
                       struct points *points, struct problem *problem) {
  size_t room = 1;
  for (size_t i = 0; i < count; i++)
    room += parts[i]->result_count;
  *points = (struct points){calloc(room, sizeof *points->list), 0};
  if (!points->list)
    return problem_failure(problem, "out of memory");
  for (size_t i = 0; i < count; i++)
    for (size_t p = 0; p < parts[i]->result_count; p++)
      points->list[points->count++] = parts[i]->points[p];
  return PROBLEM_NONE;
}

/* The first of the workload's points; the count where it has none. */
static size_t first_of(const struct point *list, size_t count,
                       const struct workload *workload) {
  size_t first = 0;
  while (first < count && list[first].workload != workload)
    first++;
  return first;
}

/* Which points shared a trial is the parts' to say: the machine that they ran
 * on decided it.  A workload's points are in one order in its part and here. */
static void take_shared(struct plan *whole, const struct points *parts) {
  for (size_t i = 0; i < whole->result_count; i++) {
    struct point *point = &whole->points[i];
    size_t first = first_of(whole->points, i, point->workload);
    size_t there = first_of(parts->list, parts->count, point->workload);
    const struct point *part = &parts->list[there + i - first];
    if (there + i - first >= parts->count || part->sharers <= 1)
      continue;
    size_t unit = there; /* the first of the part's that share it */
    while (parts->list[unit].unit != part->unit)
      unit++;
    point->unit = PLAN_WORKLOADS + 1 + (uint32_t)(first + unit - there);
    point->sharers = part->sharers;
    point->counts = part->counts;
    point->team_workers = part->team_workers;
  }
}

int plan_join(struct plan *const *parts, const char *const *names, size_t count,
              struct problem *problem) {
  struct plan *whole = parts[0];
  struct points points = {NULL, 0};
  int status = check_parts(parts, names, count, problem);
  if (!status)
    status = copy_points(parts, count, &points, problem);
  if (!status)
    status = join_workloads(parts, names, count, problem);
  for (size_t i = 1; !status && i < count; i++) {
    status = add_probes(whole, parts[i], problem);
    for (size_t k = 0; k < parts[i]->note_count; k++)
      plan_note(whole, "%s", parts[i]->notes[k]);
    if (parts[i]->rounds > whole->rounds)
      whole->rounds = parts[i]->rounds;
    if (parts[i]->rounds_done > whole->rounds_done)
      whole->rounds_done = parts[i]->rounds_done;
  }
  if (!status) {
    free(whole->trials); /* each part's own */
    whole->trials = NULL;
    whole->trial_count = 0;
    whole->width_decided = false;
    plan_free_units(whole);
    whole->shard = whole->shards = 0;
    status = plan_list_points(whole, problem);
  }
  if (!status)
    take_shared(whole, &points);
  free(points.list);
  return status;
}

/* ---- plan.json ----------------------------------------------------------- */

int plan_shard_json(const struct plan *plan, json_t *json) {
  if (plan->shards == 0)
    return 0;
  json_t *units = json_array();
  for (size_t i = 0; i < plan->unit_count; i++)
    json_array_append_new(units, json_string(plan->units[i]));
  return json_object_set_new(json, "shard", json_integer(plan->shard)) ||
                 json_object_set_new(json, "shards",
                                     json_integer(plan->shards)) ||
                 json_object_set_new(json, "shard_of", units)
             ? -1
             : 0;
}

void plan_shard_read(struct plan *plan, struct json_reader *reader) {
  static const char key[] = "shard_of";
  if (reader->status || !json_object_get(reader->object, "shards"))
    return;
  plan->shards =
      (uint32_t)json_read_integer(reader, "shards", 1, PLAN_WORKLOADS);
  plan->shard = (uint32_t)json_read_integer(reader, "shard", 1, plan->shards);
  size_t count = json_read_list(reader, key, PLAN_WORKLOADS);
  for (size_t i = 0; i < count && !reader->status; i++) {
    const char *unit = json_read_text_at(reader, key, i, UNIT_ROOM);
    if (!reader->status && !strchr(unit, ' '))
      json_reader_refuse_at(reader, key, i, "a size and a workload");
    if (!reader->status)
      reader->status = add_unit(plan, unit, reader->problem);
  }
}

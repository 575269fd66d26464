/* plan.json: written as the run begins and whenever a decision is made.  It is
 * read in plan_read.c. */
#include "bench/plan/json_file.h"
#include "bench/plan/plan.h"
#include "bench/plan/plan_file.h"
#include "bench/plan/plan_shard.h"

#include <math.h>

static json_t *counts_json(const uint32_t *counts, size_t count) {
  json_t *array = json_array();
  for (size_t i = 0; i < count; i++)
    json_array_append_new(array, json_integer(counts[i]));
  return array;
}

static json_t *workloads_json(const struct plan_workload *list, size_t count) {
  json_t *array = json_array();
  for (size_t i = 0; i < count; i++) {
    const struct plan_workload *s = &list[i];
    json_array_append_new(
        array,
        json_pack("{s:s, s:s, s:I, s:b, s:s, s:f, s:f, s:i, s:i, s:b, s:b}",
                  "workload", s->workload->name, "params", s->workload->params,
                  "size", (json_int_t)s->size, "fixed", (int)s->fixed, "target",
                  s->target, "region_s", s->region_s, "fixed_s", s->fixed_s,
                  "repeat", (int)s->repeat, "workers", (int)s->workers, "meter",
                  (int)s->meter, "all_counts", (int)s->all_counts));
  }
  return array;
}

static json_t *variants_json(const struct plan *plan) {
  json_t *array = json_array();
  char name[NOTATION_LENGTH];
  for (size_t i = 0; i < plan->variant_count; i++) {
    notation_format_variant(&plan->variants[i], name);
    json_array_append_new(array, json_string(name));
  }
  return array;
}

/* Those that have all worker counts where others have the ends alone. */
static json_t *variants_all_json(const struct plan *plan) {
  json_t *array = plan->ends_apart ? json_array() : json_null();
  char name[NOTATION_LENGTH];
  for (size_t i = 0; plan->ends_apart && i < plan->variant_count; i++) {
    notation_format_variant(&plan->variants[i], name);
    if (plan->all_counts[i])
      json_array_append_new(array, json_string(name));
  }
  return array;
}

/* Of those that share a trial, the place of the first of them, from 1. */
static json_t *trial_json(const struct point *points, size_t count,
                          const struct point *point) {
  size_t first = 0;
  while (point->sharers > 1 && first < count &&
         points[first].unit != point->unit)
    first++;
  return point->sharers > 1 ? json_integer((json_int_t)first + 1) : json_null();
}

/* `sized`: with their sizes, which tell them apart. */
static json_t *points_json(const struct point *points, size_t count,
                           bool sized) {
  json_t *array = json_array();
  char name[NOTATION_LENGTH];
  bool shared = false;
  for (size_t i = 0; i < count; i++)
    shared = shared || points[i].sharers > 1;
  for (size_t i = 0; i < count; i++) {
    const struct point *p = &points[i];
    notation_format_variant(&p->variant, name);
    json_t *point = json_pack("{s:s, s:s, s:i}", "workload", p->workload->name,
                              "variant", name, "workers", (int)p->workers);
    if (shared)
      json_object_set_new(point, "trial", trial_json(points, count, p));
    if (sized)
      json_object_set_new(point, "size", json_integer((json_int_t)p->size));
    json_array_append_new(array, point);
  }
  return array;
}

static json_t *notes_json(const struct plan *plan) {
  json_t *array = json_array();
  for (size_t i = 0; i < plan->note_count; i++)
    json_array_append_new(array, json_string(plan->notes[i]));
  return array;
}

static json_t *real_json(double value) {
  return isfinite(value) ? json_real(value) : json_null();
}

/* What was asked for. */
static json_t *request_json(const struct plan *plan) {
  return json_pack(
      "{s:i, s:s, s:I, s:s, s:s, s:s, s:i, s:i, s:f, s:f, s:f, s:i, s:b, s:o, "
      "s:i, "
      "s:i, s:i, s:b, s:b, s:b, s:b, s:o}",
      "schema", PLAN_SCHEMA, "stage", plan_stage_names[plan->stage], "seed",
      (json_int_t)plan->seed, "touch",
      plan->serial_touch ? "serial" : "workers", "scaling",
      plan->weak ? "weak" : "strong", "bind", machine_bind_name(plan->bind),
      "usable_cpus", (int)plan->usable_cpus, "cores", (int)plan->cores,
      "target_s", plan->target_s, "budget_s", plan->budget_s, "memory_bytes",
      plan->memory_bytes, "rounds", (int)plan->rounds, "rounds_given",
      (int)plan->rounds_given, "target_width",
      plan->target_width > 0 ? json_real(plan->target_width) : json_null(),
      "iterations", (int)plan->iterations, "warmups", (int)plan->warmups,
      "blocks", (int)plan->blocks, "programs", (int)plan->programs, "unprobed",
      (int)plan->unprobed, "without_ones", (int)plan->without_ones,
      "one_profile", (int)plan->one_profile, "all_counts",
      variants_all_json(plan));
}

/* What was decided on the way, and what follows from all of it. */
static json_t *decisions_json(const struct plan *plan) {
  return json_pack(
      "{s:b, s:b, s:o, s:s, s:o, s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
      "s:o}",
      "adaptive", (int)plan->adaptive, "width_decided",
      (int)plan->width_decided, "trials",
      counts_json(plan->trials, plan->trial_count), "rounds_reason",
      plan->rounds_reason, "width", real_json(plan->width), "rounds_done",
      (int)plan->rounds_done, "identity", identity_json(&plan->identity),
      "workloads", workloads_json(plan->workloads, plan->workload_count),
      "probes", workloads_json(plan->probes, plan->probe_count), "variants",
      variants_json(plan), "workers",
      counts_json(plan->counts, plan->count_count), "workers_waiting",
      counts_json(plan->waiting, plan->waiting_count), "points",
      points_json(plan->points, plan->result_count, plan_has_sizes(plan)),
      "probe_points",
      points_json(plan->points + plan->result_count + plan->program_count,
                  plan->point_count - plan->result_count - plan->program_count,
                  false),
      "left_out", notes_json(plan));
}

int plan_write(const struct plan *plan, const char *path,
               struct problem *problem) {
  json_t *json = request_json(plan);
  json_t *decisions = decisions_json(plan);
  bool whole = json && decisions && json_object_update(json, decisions) == 0;
  json_decref(decisions);
  whole = whole && plan_shard_json(plan, json) == 0;
  if (!whole) {
    json_decref(json);
    json = NULL;
  }
  return json_file_write(json, path, 0, problem);
}

const char *const plan_stage_names[STAGE_COUNT + 1] = {
    [STAGE_REQUESTED] = "requested",
    [STAGE_SIZED] = "sized",
    [STAGE_ROUNDS] = "rounds",
    [STAGE_DONE] = "done",
};

/* plan.json: written as the run begins and whenever a decision is made; read to
 * repeat its run elsewhere, or to go on with it. */
#include "bench/plan/counts.h"
#include "bench/plan/json_file.h"
#include "bench/plan/old_words.h"
#include "bench/plan/plan.h"
#include "bench/plan/plan_file.h"

#include <math.h>
#include <string.h>

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
        json_pack("{s:s, s:s, s:I, s:b, s:s, s:f, s:f, s:i, s:b}", "workload",
                  s->workload->name, "params", s->workload->params, "size",
                  (json_int_t)s->size, "fixed", (int)s->fixed, "target",
                  s->target, "region_s", s->region_s, "fixed_s", s->fixed_s,
                  "workers", (int)s->workers, "meter", (int)s->meter));
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

/* `sized`: with their sizes, which tell them apart. */
static json_t *points_json(const struct point *points, size_t count,
                           bool sized) {
  json_t *array = json_array();
  char name[NOTATION_LENGTH];
  for (size_t i = 0; i < count; i++) {
    const struct point *p = &points[i];
    notation_format_variant(&p->variant, name);
    json_t *point = json_pack("{s:s, s:s, s:i}", "workload", p->workload->name,
                              "variant", name, "workers", (int)p->workers);
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
      "s:i, s:b}",
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
      "unprobed", (int)plan->unprobed);
}

/* What was decided on the way, and what follows from all of it. */
static json_t *decisions_json(const struct plan *plan) {
  return json_pack(
      "{s:b, s:s, s:o, s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
      "width_decided", (int)plan->width_decided, "rounds_reason",
      plan->rounds_reason, "width", real_json(plan->width), "rounds_done",
      (int)plan->rounds_done, "identity", identity_json(&plan->identity),
      "workloads", workloads_json(plan->workloads, plan->workload_count),
      "probes", workloads_json(plan->probes, plan->probe_count), "variants",
      variants_json(plan), "workers",
      counts_json(plan->counts, plan->count_count), "workers_waiting",
      counts_json(plan->waiting, plan->waiting_count), "points",
      points_json(plan->points, plan->result_count, plan_has_sizes(plan)),
      "probe_points",
      points_json(plan->points + plan->result_count,
                  plan->point_count - plan->result_count, false),
      "left_out", notes_json(plan));
}

int plan_write(const struct plan *plan, const char *path,
               struct problem *problem) {
  json_t *json = request_json(plan);
  json_t *decisions = decisions_json(plan);
  bool whole = json && decisions && json_object_update(json, decisions) == 0;
  json_decref(decisions);
  if (!whole) {
    json_decref(json);
    json = NULL;
  }
  return json_file_write(json, path, 0, problem);
}

/* ---- and back --------------------------------------------------------------
 */

const char *const plan_stage_names[STAGE_COUNT] = {
    [STAGE_REQUESTED] = "requested",
    [STAGE_SIZED] = "sized",
    [STAGE_ROUNDS] = "rounds",
    [STAGE_DONE] = "done",
};

static int read_counts(const json_t *array, uint32_t *counts, size_t *count) {
  *count = 0;
  for (size_t i = 0; i < json_array_size(array) && i < PLAN_COUNTS; i++) {
    json_int_t value = json_integer_value(json_array_get(array, i));
    if (value < 1 || value > COUNTS_MAX)
      return -1;
    counts[(*count)++] = (uint32_t)value;
  }
  return *count > 0 && counts[0] == 1 ? 0 : -1;
}

static void copy_text(const json_t *json, const char *key, char *text,
                      size_t size) {
  const char *value = json_string_value(json_object_get(json, key));
  snprintf(text, size, "%s", value ? value : "");
}

static double real_of(const json_t *json, const char *key, double otherwise) {
  const json_t *value = json_object_get(json, key);
  return json_is_number(value) ? json_number_value(value) : otherwise;
}

static void read_workload(const json_t *item, struct plan_workload *workload) {
  workload->size = (uint64_t)json_integer_value(json_object_get(item, "size"));
  workload->fixed = json_is_true(json_object_get(item, "fixed"));
  copy_text(item, "target", workload->target, sizeof workload->target);
  workload->region_s = real_of(item, "region_s", 0);
  workload->fixed_s = real_of(item, "fixed_s", 0);
  workload->meter = json_is_true(json_object_get(item, "meter"));
}

static int read_workloads(struct plan *plan, const json_t *array,
                          struct problem *problem) {
  int status = PROBLEM_NONE;
  for (size_t i = 0; !status && i < json_array_size(array); i++) {
    const json_t *item = json_array_get(array, i);
    const char *name = json_string_value(json_object_get(item, "workload"));
    json_int_t size = json_integer_value(json_object_get(item, "size"));
    if (!name || size < 0)
      return problem_failure(problem, "workload %zu is not complete", i);
    status = plan_add_workload_at(plan, name, (uint64_t)size, problem);
    if (!status)
      read_workload(item, &plan->workloads[plan->workload_count - 1]);
  }
  return status;
}

/* A count of at most `most`, or -1. */
static int read_count(const json_t *json, const char *key, uint32_t most,
                      uint32_t *count) {
  json_int_t value = json_integer_value(json_object_get(json, key));
  if (value < 0 || value > most)
    return -1;
  *count = (uint32_t)value;
  return 0;
}

static bool is(const json_t *json, const char *key, const char *text) {
  const char *value = json_string_value(json_object_get(json, key));
  return value && strcmp(value, text) == 0;
}

/* What --like repeats, too. */
static int read_common(struct plan *plan, const json_t *json,
                       struct problem *problem) {
  const json_t *variants = json_object_get(json, "variants");
  plan->weak = is(json, "scaling", "weak");
  plan->serial_touch = is(json, "touch", "serial");
  plan->seed = (uint64_t)json_integer_value(json_object_get(json, "seed"));
  if (read_count(json, "iterations", 1000, &plan->iterations) != 0 ||
      read_count(json, "warmups", 1000, &plan->warmups) != 0)
    return problem_failure(problem, "its iterations or warm-ups are no count");
  if (read_counts(json_object_get(json, "workers"), plan->counts,
                  &plan->count_count) != 0 ||
      read_counts(json_object_get(json, "workers_waiting"), plan->waiting,
                  &plan->waiting_count) != 0)
    return problem_failure(problem, "its worker counts cannot be read");
  int status =
      read_workloads(plan, json_object_get(json, "workloads"), problem);
  for (size_t i = 0; !status && i < json_array_size(variants); i++) {
    const char *name = json_string_value(json_array_get(variants, i));
    status = plan_add_variant(plan, name ? name : "", problem);
  }
  return status;
}

static json_int_t schema_of(const json_t *json) {
  return json_integer_value(json_object_get(json, "schema"));
}

static int read_bind(struct plan *plan, const json_t *json,
                     struct problem *problem) {
  const char *bind = json_string_value(json_object_get(json, "bind"));
  if (!bind)
    return problem_failure(problem, "its bind cannot be read");
  return machine_parse_bind(machine_bind_today(bind, schema_of(json)),
                            &plan->bind, problem);
}

int plan_read_like(struct plan *plan, const char *path,
                   struct problem *problem) {
  struct problem reason = {""};
  json_error_t error;
  json_t *json = json_load_file(path, 0, &error);
  if (!json)
    return problem_usage(problem, "%s: %s", path, error.text);
  const char *command = json_string_value(json_object_get(json, "command"));
  int status = PROBLEM_NONE;
  if (command)
    status = problem_failure(&reason, "it is a run of `%s`, not of `sweep`",
                             command);
  else if (old_words_read(json, schema_of(json)) != 0)
    status = problem_failure(&reason, "out of memory");
  if (!status)
    status = read_common(plan, json, &reason);
  plan->unprobed = json_is_true(json_object_get(json, "unprobed"));
  if (!status)
    status = read_bind(plan, json, &reason);
  json_decref(json);
  for (size_t i = 0; !status && i < plan->workload_count; i++) {
    struct plan_workload *s = &plan->workloads[i];
    if (s->size == 0)
      status = problem_failure(&reason, "the size of %s is not known yet",
                               s->workload->name);
    *s = (struct plan_workload){
        .workload = s->workload, .size = s->size, .fixed = true};
    snprintf(s->target, sizeof s->target,
             "not sought: the size is another run's");
  }
  return status ? problem_usage(problem, "%s: %s", path, reason.text)
                : PROBLEM_NONE;
}

static int read_stage(const json_t *json, struct plan *plan) {
  for (size_t i = 0; i < STAGE_COUNT; i++)
    if (is(json, "stage", plan_stage_names[i])) {
      plan->stage = (enum plan_stage)i;
      return 0;
    }
  return -1;
}

/* The clock's and the capacity's are the program's own; meters follow. */
static int read_probes(struct plan *plan, const json_t *array,
                       struct problem *problem) {
  static const char unlike[] = "its probes are not this program's";
  size_t count = json_array_size(array);
  const json_t *first = json_array_get(array, 0);
  /* Meters run as the program's own probes do, of which there may be none. */
  int status =
      notation_parse_variant("omp:static", &plan->probe_variant, problem);
  if (!status && count > 0 && !json_is_true(json_object_get(first, "meter")))
    status = plan_add_probes(plan, problem);
  if (!status && count < plan->probe_count)
    return problem_failure(problem, unlike);
  for (size_t i = 0; !status && i < count; i++) {
    const json_t *item = json_array_get(array, i);
    const char *name = json_string_value(json_object_get(item, "workload"));
    uint32_t workers = 0;
    struct plan_workload *probe = &plan->probes[i];
    if (read_count(item, "workers", COUNTS_MAX, &workers) != 0)
      return problem_failure(problem, unlike);
    if (i >= plan->probe_count)
      status = plan_add_probe(plan, name ? name : "", workers, &probe, problem);
    if (!status && !is(item, "workload", probe->workload->name))
      return problem_failure(problem, unlike);
    if (!status)
      read_workload(item, probe);
  }
  return status;
}

static int read_decisions(struct plan *plan, const json_t *json,
                          struct problem *problem) {
  const json_t *notes = json_object_get(json, "left_out");
  if (read_stage(json, plan) != 0 ||
      read_count(json, "rounds", 100000, &plan->rounds) != 0 ||
      read_count(json, "rounds_done", 100000, &plan->rounds_done) != 0 ||
      read_count(json, "usable_cpus", COUNTS_MAX, &plan->usable_cpus) != 0 ||
      read_count(json, "cores", COUNTS_MAX, &plan->cores) != 0)
    return problem_failure(problem, "its stage or its counts cannot be read");
  int status = read_bind(plan, json, problem);
  plan->target_s = real_of(json, "target_s", 0);
  plan->budget_s = real_of(json, "budget_s", 0);
  plan->memory_bytes = real_of(json, "memory_bytes", 0);
  plan->rounds_given = json_is_true(json_object_get(json, "rounds_given"));
  plan->unprobed = json_is_true(json_object_get(json, "unprobed"));
  plan->target_width = real_of(json, "target_width", 0);
  plan->width = real_of(json, "width", (double)NAN);
  plan->width_decided = json_is_true(json_object_get(json, "width_decided"));
  copy_text(json, "rounds_reason", plan->rounds_reason,
            sizeof plan->rounds_reason);
  identity_of_json(json_object_get(json, "identity"), &plan->identity);
  for (size_t i = 0; i < json_array_size(notes); i++) {
    const char *note = json_string_value(json_array_get(notes, i));
    plan_note(plan, "%s", note ? note : "");
  }
  if (!status)
    status = read_probes(plan, json_object_get(json, "probes"), problem);
  return status ? status : plan_list_points(plan, problem);
}

int plan_file_load(const char *path, json_t **json, struct problem *problem) {
  json_error_t error;
  *json = json_load_file(path, 0, &error);
  if (!*json)
    return problem_usage(problem, "%s: %s", path, error.text);
  json_int_t schema = json_integer_value(json_object_get(*json, "schema"));
  if (schema == PLAN_SCHEMA)
    return PROBLEM_NONE;
  json_decref(*json);
  *json = NULL;
  if (schema < PLAN_SCHEMA)
    return problem_usage(problem,
                         "%s: its schema is %" JSON_INTEGER_FORMAT
                         ": an older coresweep wrote it, and only that goes on "
                         "with the run; --like repeats it",
                         path, schema);
  return problem_usage(problem,
                       "%s: its schema is %" JSON_INTEGER_FORMAT
                       "; this program goes on with runs of %d",
                       path, schema, PLAN_SCHEMA);
}

int plan_read(struct plan *plan, const char *path, struct problem *problem) {
  json_t *json;
  struct problem reason = {""};
  int status = plan_file_load(path, &json, problem);
  if (status)
    return status;
  const char *command = json_string_value(json_object_get(json, "command"));
  if (command)
    status = problem_failure(&reason, "it is a run of `%s`, not of `sweep`",
                             command);
  if (!status)
    status = read_common(plan, json, &reason);
  if (!status)
    status = read_decisions(plan, json, &reason);
  json_decref(json);
  return status ? problem_usage(problem, "%s: %s", path, reason.text)
                : PROBLEM_NONE;
}

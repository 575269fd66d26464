/* plan.json: written before the first round, and read back for --like. */
#include "bench/plan/counts.h"
#include "bench/plan/order.h"
#include "bench/plan/plan.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { PLAN_SCHEMA = 1 };

static json_t *counts_json(const uint32_t *counts, size_t count) {
  json_t *array = json_array();
  for (size_t i = 0; i < count; i++)
    json_array_append_new(array, json_integer(counts[i]));
  return array;
}

static json_t *settings_json(const struct plan *plan) {
  json_t *array = json_array();
  for (size_t i = 0; i < plan->setting_count; i++) {
    const struct plan_setting *s = &plan->settings[i];
    json_array_append_new(
        array, json_pack("{s:s, s:s, s:I, s:b, s:s, s:s}", "setting",
                         s->setting->name, "params", s->setting->params, "size",
                         (json_int_t)s->size, "fixed", (int)s->fixed, "target",
                         s->target, "digest", s->digest));
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

static json_t *entries_json(const struct plan *plan) {
  json_t *array = json_array();
  char name[NOTATION_LENGTH];
  for (size_t i = 0; i < plan->entry_count; i++) {
    const struct plan_entry *e = &plan->entries[i];
    notation_format_variant(&plan->variants[e->variant], name);
    json_array_append_new(
        array, json_pack("{s:s, s:s, s:i}", "setting",
                         plan->settings[e->setting].setting->name, "variant",
                         name, "workers", (int)e->workers));
  }
  return array;
}

static json_t *order_json(const struct plan *plan) {
  json_t *rounds = json_array();
  uint32_t *order = calloc(plan->entry_count + 1, sizeof *order);
  for (uint32_t r = 1; order && r <= plan->rounds; r++) {
    order_shuffle(order, plan->entry_count, plan->seed, r);
    json_array_append_new(rounds, counts_json(order, plan->entry_count));
  }
  free(order);
  return rounds;
}

static json_t *notes_json(const struct plan *plan) {
  json_t *array = json_array();
  for (size_t i = 0; i < plan->note_count; i++)
    json_array_append_new(array, json_string(plan->notes[i]));
  return array;
}

int plan_write(const struct plan *plan, const char *path,
               struct problem *problem) {
  static const char *const binds[] = {
      [BIND_SPREAD] = "spread", [BIND_CLOSE] = "close", [BIND_NONE] = "none"};
  json_t *json = json_pack(
      "{s:i, s:I, s:s, s:s, s:s, s:i, s:i, s:f, s:f, s:i, s:i, s:i, s:o, s:o, "
      "s:o, "
      "s:o, "
      "s:o, s:o, s:o}",
      "schema", PLAN_SCHEMA, "seed", (json_int_t)plan->seed, "touch",
      plan->serial_touch ? "serial" : "workers", "scaling",
      plan->weak ? "weak" : "strong", "bind", binds[plan->bind], "usable_cpus",
      (int)plan->usable_cpus, "cores", (int)plan->cores, "target_s",
      plan->target_s, "budget_s", plan->budget_s, "rounds", (int)plan->rounds,
      "iterations", (int)plan->iterations, "warmups", (int)plan->warmups,
      "settings", settings_json(plan), "variants", variants_json(plan),
      "workers", counts_json(plan->counts, plan->count_count),
      "workers_waiting", counts_json(plan->waiting, plan->waiting_count),
      "configurations", entries_json(plan), "order", order_json(plan),
      "left_out", notes_json(plan));
  int failed = !json || json_dump_file(json, path, JSON_INDENT(1)) != 0;
  json_decref(json);
  if (failed)
    return problem_failure(problem, "%s could not be written: %s", path,
                           strerror(errno));
  return PROBLEM_NONE;
}

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

static int read_settings(struct plan *plan, const json_t *array,
                         struct problem *problem) {
  int status = PROBLEM_NONE;
  for (size_t i = 0; !status && i < json_array_size(array); i++) {
    const json_t *item = json_array_get(array, i);
    const char *name = json_string_value(json_object_get(item, "setting"));
    json_int_t size = json_integer_value(json_object_get(item, "size"));
    if (!name || size < 0)
      return problem_failure(problem, "setting %zu is not complete", i);
    status = plan_add_setting(plan, name, problem);
    if (status)
      break;
    struct plan_setting *added = &plan->settings[plan->setting_count - 1];
    added->size = (uint64_t)size;
    added->fixed = true;
    snprintf(added->target, sizeof added->target,
             "not sought: the size is another run's");
  }
  return status;
}

static int read_plan(struct plan *plan, const json_t *json,
                     struct problem *problem) {
  const json_t *variants = json_object_get(json, "variants");
  const char *scaling = json_string_value(json_object_get(json, "scaling"));
  plan->weak = scaling && strcmp(scaling, "weak") == 0;
  plan->seed = (uint64_t)json_integer_value(json_object_get(json, "seed"));
  plan->iterations =
      (uint32_t)json_integer_value(json_object_get(json, "iterations"));
  plan->warmups =
      (uint32_t)json_integer_value(json_object_get(json, "warmups"));
  if (plan->iterations > 1000 || plan->warmups > 1000)
    return problem_failure(problem, "its iterations or warm-ups are no count");
  if (read_counts(json_object_get(json, "workers"), plan->counts,
                  &plan->count_count) != 0 ||
      read_counts(json_object_get(json, "workers_waiting"), plan->waiting,
                  &plan->waiting_count) != 0)
    return problem_failure(problem, "its worker counts cannot be read");
  int status = read_settings(plan, json_object_get(json, "settings"), problem);
  for (size_t i = 0; !status && i < json_array_size(variants); i++) {
    const char *name = json_string_value(json_array_get(variants, i));
    status = plan_add_variant(plan, name ? name : "", problem);
  }
  return status;
}

int plan_read_like(struct plan *plan, const char *path,
                   struct problem *problem) {
  json_error_t error;
  json_t *json = json_load_file(path, 0, &error);
  if (!json)
    return problem_usage(problem, "%s: %s", path, error.text);
  struct problem reason = {""};
  int status = read_plan(plan, json, &reason);
  json_decref(json);
  if (status)
    return problem_usage(problem, "%s: %s", path, reason.text);
  return PROBLEM_NONE;
}

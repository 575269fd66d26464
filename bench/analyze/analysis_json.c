/* analysis.json, written and read. */
#include "bench/analyze/analysis.h"

#include "bench/analyze/analysis_check.h"
#include "bench/analyze/breakdown_json.h"
#include "bench/plan/json_file.h"
#include "bench/plan/machine.h"
#include "bench/plan/old_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One array of analysis.json. */
struct list {
  const char *name;
  const struct field *fields;
  size_t item_bytes;
  void *array; /* where the analysis keeps its pointer to the items */
  size_t *count;
};

enum { LISTS = 6 };

static void describe_lists(struct analysis *analysis,
                           struct list lists[LISTS]) {
  lists[0] =
      (struct list){"workloads", workload_fields, sizeof *analysis->workloads,
                    &analysis->workloads, &analysis->workload_count};
  lists[1] = (struct list){"results", result_fields, sizeof *analysis->results,
                           &analysis->results, &analysis->result_count};
  lists[2] = (struct list){"hyperfine", check_fields, sizeof *analysis->checks,
                           &analysis->checks, &analysis->check_count};
  lists[3] =
      (struct list){"capacity", capacity_fields, sizeof *analysis->capacities,
                    &analysis->capacities, &analysis->capacity_count};
  lists[4] = (struct list){"models", model_fields, sizeof *analysis->models,
                           &analysis->models, &analysis->model_count};
  lists[5] =
      (struct list){"regions", inside_region_fields, sizeof *analysis->regions,
                    &analysis->regions, &analysis->region_count};
}

/* The pointer is copied: it has another type in each list. */
static char *item_at(const struct list *list, size_t i) {
  char *items;
  memcpy(&items, list->array, sizeof items);
  return items ? items + i * list->item_bytes : items;
}

/* These have more than fields. */
static bool are_results(const struct list *list) {
  return list->fields == result_fields;
}

static bool are_regions(const struct list *list) {
  return list->fields == inside_region_fields;
}

static json_t *item_json(const struct list *list, const void *item) {
  json_t *json = fields_to_json(list->fields, item);
  const struct inside_region *region = item;
  int failed = 0;
  if (json && are_results(list))
    failed = breakdown_write(item, json);
  if (json && are_regions(list))
    failed = json_object_set_new(json, "breakdown",
                                 breakdown_terms_json(&region->breakdown));
  if (failed) {
    json_decref(json);
    return NULL;
  }
  return json;
}

int analysis_write(const struct analysis *analysis, const char *path,
                   struct problem *problem) {
  struct list lists[LISTS];
  struct analysis borrowed = *analysis;
  describe_lists(&borrowed, lists);
  json_t *json =
      json_pack("{s:o}", "run", fields_to_json(run_fields, &analysis->run));
  for (size_t l = 0; json && l < LISTS; l++) {
    json_t *array = json_array();
    for (size_t i = 0; i < *lists[l].count; i++)
      json_array_append_new(array, item_json(&lists[l], item_at(&lists[l], i)));
    json_object_set_new(json, lists[l].name, array);
  }
  return json_file_write(json, path, 9, problem);
}

static int read_region(const json_t *json, struct inside_region *region,
                       struct problem *problem) {
  breakdown_clear(&region->breakdown);
  region->breakdown.trials = region->trials;
  return breakdown_terms_read(json, "breakdown", &region->breakdown, problem);
}

/* On failure nothing is left of it. */
static int read_item(const json_t *json, const struct list *list, void *item,
                     struct problem *problem) {
  int status = fields_from_json(list->fields, json, item, problem);
  if (!status && are_results(list))
    status = breakdown_read(json, item, problem);
  if (!status && are_regions(list))
    status = read_region(json, item, problem);
  if (status)
    fields_free(list->fields, item);
  return status;
}

static int read_list(const json_t *array, const struct list *list,
                     struct problem *problem) {
  struct problem reason;
  size_t count = json_array_size(array);
  if (array && !json_is_array(array))
    return json_refuse(list->name, array, "a list", problem);
  void *items = calloc(count + 1, list->item_bytes);
  if (!items)
    return problem_failure(problem, "out of memory");
  memcpy(list->array, &items, sizeof items);
  for (size_t i = 0; i < count; i++) {
    if (read_item(json_array_get(array, i), list, item_at(list, i), &reason) !=
        0)
      return problem_failure(problem, "%s[%zu]: %s", list->name, i,
                             reason.text);
    *list->count = i + 1;
  }
  return PROBLEM_NONE;
}

/* What a file may leave out, and is shown. */
static int settle_words(struct analysis *analysis) {
  for (size_t i = 0; i < analysis->workload_count; i++) {
    struct workload_result *w = &analysis->workloads[i];
    w->title = w->title ? w->title : strdup(w->kernel);
    w->items = w->items ? w->items : strdup("items");
    if (!w->title || !w->items)
      return -1;
  }
  return 0;
}

/* What the run is bound by, in the words of today. */
static int read_bind(struct run_facts *run) {
  if (!run->bind)
    return 0;
  char *bind = strdup(machine_bind_today(run->bind, run->schema));
  free(run->bind);
  run->bind = bind;
  return bind ? 0 : -1;
}

static int read_run(json_t *json, struct run_facts *run,
                    struct problem *problem) {
  const json_t *facts = json_object_get(json, "run");
  json_int_t schema = json_integer_value(json_object_get(facts, "schema"));
  struct problem reason;
  if (schema > ANALYSIS_SCHEMA)
    return problem_failure(problem,
                           "its schema is %" JSON_INTEGER_FORMAT
                           "; this program reads up to %d",
                           schema, ANALYSIS_SCHEMA);
  int status = fields_from_json(run_fields, facts, run, &reason);
  if (status)
    return problem_failure(problem, "run: %s", reason.text);
  if ((read_bind(run) != 0 || old_words_read(json, run->schema)))
    status = problem_failure(problem, "out of memory");
  return status;
}

int analysis_read(const char *path, struct analysis *analysis,
                  struct problem *problem) {
  struct problem reason = {""};
  struct list lists[LISTS];
  json_t *json;
  *analysis = (struct analysis){0};
  int status = json_file_read(path, &json, problem);
  if (status)
    return status;
  describe_lists(analysis, lists);
  status = read_run(json, &analysis->run, &reason);
  for (size_t l = 0; !status && l < LISTS; l++)
    status =
        read_list(json_object_get(json, lists[l].name), &lists[l], &reason);
  json_decref(json);
  if (!status && settle_words(analysis) != 0)
    status = problem_failure(&reason, "out of memory");
  analysis_mark_sizes(analysis);
  if (!status)
    status = analysis_check(analysis, &reason);
  if (!status)
    return PROBLEM_NONE;
  analysis_free(analysis);
  return problem_failure(problem, "%s: %s", path, reason.text);
}

void analysis_free(struct analysis *analysis) {
  struct list lists[LISTS];
  describe_lists(analysis, lists);
  for (size_t i = 0; i < analysis->result_count; i++)
    breakdown_free(&analysis->results[i]);
  for (size_t l = 0; l < LISTS; l++) {
    for (size_t i = 0; i < *lists[l].count; i++)
      fields_free(lists[l].fields, item_at(&lists[l], i));
    free(item_at(&lists[l], 0));
  }
  fields_free(run_fields, &analysis->run);
  *analysis = (struct analysis){0};
}

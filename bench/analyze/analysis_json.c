/* analysis.json, and the check against hyperfine's own times. */
#include "bench/analyze/analysis.h"

#include "bench/analyze/internal.h"
#include "bench/plan/machine.h"
#include "bench/record/json_file.h"

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

enum { LISTS = 4 };

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
}

/* The pointer is copied: it has another type in each list. */
static char *item_at(const struct list *list, size_t i) {
  char *items;
  memcpy(&items, list->array, sizeof items);
  return items + i * list->item_bytes;
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
      json_array_append_new(
          array, fields_to_json(lists[l].fields, item_at(&lists[l], i)));
    json_object_set_new(json, lists[l].name, array);
  }
  return json_file_write(json, path, 9, problem);
}

static int read_list(const json_t *array, const struct list *list,
                     struct problem *problem) {
  size_t count = json_array_size(array);
  void *items = calloc(count + 1, list->item_bytes);
  if (!items)
    return problem_failure(problem, "out of memory");
  memcpy(list->array, &items, sizeof items);
  for (size_t i = 0; i < count; i++) {
    int status = fields_from_json(list->fields, json_array_get(array, i),
                                  item_at(list, i), problem);
    if (status)
      return status;
    *list->count = i + 1;
  }
  return PROBLEM_NONE;
}

/* The run of an older program, in the words of today. */
static void read_old_words(struct run_facts *run) {
  char *bind =
      run->bind ? strdup(machine_bind_today(run->bind, run->schema)) : NULL;
  free(run->bind);
  run->bind = bind;
}

int analysis_read(const char *path, struct analysis *analysis,
                  struct problem *problem) {
  json_error_t error;
  struct problem reason = {""};
  struct list lists[LISTS];
  *analysis = (struct analysis){0};
  json_t *json = json_load_file(path, 0, &error);
  if (!json)
    return problem_failure(problem, "%s: %s", path, error.text);
  describe_lists(analysis, lists);
  int status = fields_from_json(run_fields, json_object_get(json, "run"),
                                &analysis->run, &reason);
  read_old_words(&analysis->run);
  for (size_t l = 0; !status && l < LISTS; l++)
    status =
        read_list(json_object_get(json, lists[l].name), &lists[l], &reason);
  json_decref(json);
  if (!status)
    return PROBLEM_NONE;
  analysis_free(analysis);
  return problem_failure(problem, "%s: %s", path, reason.text);
}

void analysis_free(struct analysis *analysis) {
  struct list lists[LISTS];
  describe_lists(analysis, lists);
  for (size_t l = 0; l < LISTS; l++) {
    for (size_t i = 0; i < *lists[l].count; i++)
      fields_free(lists[l].fields, item_at(&lists[l], i));
    free(item_at(&lists[l], 0));
  }
  fields_free(run_fields, &analysis->run);
  *analysis = (struct analysis){0};
}

const struct result *analysis_find(const struct analysis *analysis,
                                   const char *workload, const char *requested,
                                   int64_t workers) {
  for (size_t i = 0; i < analysis->result_count; i++) {
    const struct result *r = &analysis->results[i];
    if (r->workers == workers && strcmp(r->workload, workload) == 0 &&
        strcmp(r->requested, requested) == 0)
      return r;
  }
  return NULL;
}

int64_t analysis_most_workers(const struct analysis *analysis,
                              const struct workload_result *workload) {
  int64_t most = 1;
  for (size_t i = 0; i < analysis->result_count; i++) {
    const struct result *r = &analysis->results[i];
    bool counts = workload->waits == 1 || r->oversubscribed != 1;
    if (counts && r->workers > most &&
        strcmp(r->workload, workload->workload) == 0)
      most = r->workers;
  }
  return most;
}

/* ---- hyperfine --------------------------------------------------------- */

/* Cuts "workload|variant|workers", as scripts/hyperfine.sh names commands. */
static bool cut_name(const char *name, char *workload, char *variant,
                     int64_t *workers) {
  const char *first = name ? strchr(name, '|') : NULL;
  const char *second = first ? strchr(first + 1, '|') : NULL;
  if (!second)
    return false;
  snprintf(workload, 256, "%.*s", (int)(first - name), name);
  snprintf(variant, 256, "%.*s", (int)(second - first - 1), first + 1);
  *workers = strtoll(second + 1, NULL, 10);
  return true;
}

/* A median of no runs is not 0. */
static double number_or_nan(const json_t *number) {
  return json_is_number(number) ? json_number_value(number) : (double)NAN;
}

static double hyperfine_median(const json_t *results, const char *workload,
                               const char *variant, int64_t workers) {
  char one_workload[256], one_variant[256];
  int64_t one_workers;
  for (size_t i = 0; i < json_array_size(results); i++) {
    const json_t *item = json_array_get(results, i);
    if (cut_name(json_string_value(json_object_get(item, "command")),
                 one_workload, one_variant, &one_workers) &&
        strcmp(one_workload, workload) == 0 &&
        strcmp(one_variant, variant) == 0 && one_workers == workers)
      return number_or_nan(json_object_get(item, "median"));
  }
  return (double)NAN;
}

static double sweep_median(const struct work *work, const char *workload,
                           const char *variant, int64_t workers) {
  const struct series *series = work_find(work, workload, variant, workers);
  return series ? series_interval(work, series, WALL).median : (double)NAN;
}

int cross_check_make(const struct work *work, const json_t *hyperfine,
                     struct analysis *analysis) {
  const json_t *results = json_object_get(hyperfine, "results");
  char workload[256], variant[256];
  int64_t workers;
  analysis->checks =
      calloc(json_array_size(results) + 1, sizeof *analysis->checks);
  if (!analysis->checks)
    return -1;
  for (size_t i = 0; i < json_array_size(results); i++) {
    const json_t *item = json_array_get(results, i);
    if (!cut_name(json_string_value(json_object_get(item, "command")), workload,
                  variant, &workers))
      continue;
    struct cross_check *check = &analysis->checks[analysis->check_count++];
    double serial_s = hyperfine_median(results, workload, "serial", 1);
    double serial_sweep_s = sweep_median(work, workload, "serial", 1);
    *check = (struct cross_check){
        .workload = strdup(workload),
        .variant = strdup(variant),
        .workers = workers,
        .hyperfine_s = number_or_nan(json_object_get(item, "median")),
        .sweep_s = sweep_median(work, workload, variant, workers)};
    check->hyperfine_speedup = serial_s / check->hyperfine_s;
    check->sweep_speedup = serial_sweep_s / check->sweep_s;
  }
  return 0;
}

#include "bench/analyze/cross_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static double sweep_median(const struct series_set *set, const char *workload,
                           const char *variant, int64_t workers) {
  const struct series *series = series_find(set, workload, variant, workers);
  return series ? series_interval(series, WALL).median : (double)NAN;
}

int cross_check_make(const struct series_set *set, const json_t *hyperfine,
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
    double serial_sweep_s = sweep_median(set, workload, "serial", 1);
    *check = (struct cross_check){
        .workload = strdup(workload),
        .variant = strdup(variant),
        .workers = workers,
        .hyperfine_s = number_or_nan(json_object_get(item, "median")),
        .sweep_s = sweep_median(set, workload, variant, workers)};
    check->hyperfine_speedup = serial_s / check->hyperfine_s;
    check->sweep_speedup = serial_sweep_s / check->sweep_s;
  }
  return 0;
}

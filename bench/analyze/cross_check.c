#include "bench/analyze/cross_check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A command's name, as scripts/hyperfine.sh gives it:
 * "workload|variant|workers".  A workload may hold a '|'. */
struct named {
  char *workload; /* owns all of them */
  const char *variant;
  int64_t workers;
};

/* Release it with free(named.workload), which is NULL where it is no name. */
static struct named cut_name(const json_t *item) {
  const char *name = json_string_value(json_object_get(item, "command"));
  struct named named = {.workload = name ? strdup(name) : NULL};
  char *cuts[2] = {NULL, NULL};
  for (int i = 1; i >= 0 && named.workload; i--) {
    cuts[i] = strrchr(named.workload, '|');
    if (!cuts[i]) {
      free(named.workload);
      return (struct named){.workload = NULL};
    }
    *cuts[i] = '\0';
  }
  if (named.workload) {
    named.variant = cuts[0] + 1;
    named.workers = strtoll(cuts[1] + 1, NULL, 10);
  }
  return named;
}

/* A median of no runs is not 0. */
static double number_or_nan(const json_t *number) {
  return json_is_number(number) ? json_number_value(number) : (double)NAN;
}

static double hyperfine_median(const json_t *results, const char *workload,
                               const char *variant, int64_t workers) {
  double median = (double)NAN;
  for (size_t i = 0; i < json_array_size(results) && isnan(median); i++) {
    const json_t *item = json_array_get(results, i);
    struct named one = cut_name(item);
    if (one.workload && strcmp(one.workload, workload) == 0 &&
        strcmp(one.variant, variant) == 0 && one.workers == workers)
      median = number_or_nan(json_object_get(item, "median"));
    free(one.workload);
  }
  return median;
}

static double sweep_median(const struct series_set *set, const char *workload,
                           const char *variant, int64_t workers) {
  const struct series *series = series_find(set, workload, variant, workers);
  return series ? series_interval(series, WALL).median : (double)NAN;
}

int cross_check_make(const struct series_set *set, const json_t *hyperfine,
                     struct analysis *analysis) {
  const json_t *results = json_object_get(hyperfine, "results");
  analysis->checks =
      calloc(json_array_size(results) + 1, sizeof *analysis->checks);
  if (!analysis->checks)
    return -1;
  for (size_t i = 0; i < json_array_size(results); i++) {
    const json_t *item = json_array_get(results, i);
    struct named named = cut_name(item);
    if (!named.workload)
      continue;
    struct cross_check *check = &analysis->checks[analysis->check_count++];
    double serial_s = hyperfine_median(results, named.workload, "serial", 1);
    double serial_sweep_s = sweep_median(set, named.workload, "serial", 1);
    *check = (struct cross_check){
        .workload = named.workload,
        .variant = strdup(named.variant),
        .workers = named.workers,
        .hyperfine_s = number_or_nan(json_object_get(item, "median")),
        .sweep_s =
            sweep_median(set, named.workload, named.variant, named.workers)};
    check->hyperfine_speedup = serial_s / check->hyperfine_s;
    check->sweep_speedup = serial_sweep_s / check->sweep_s;
  }
  return 0;
}

#include "bench/analyze/cross_check.h"

#include "bench/analyze/stats.h"
#include "bench/plan/counts.h"
#include "bench/plan/json_file.h"
#include "bench/plan/json_read.h"
#include "bench/plan/notation.h"
#include "bench/plan/workload.h"
#include "bench/record/hyperfine.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const contradicted_words[] = {"time", "speedup", NULL};
static const struct limits contradicted = {.words = contradicted_words};

#define AT(member) offsetof(struct cross_check, member)

const struct field check_fields[] = {
    {"workload", FIELD_TEXT, AT(workload), "",
     "kernel with the parameters that differ from the defaults", true,
     &limits_name},
    {"variant", FIELD_TEXT, AT(variant), "", "as asked for", true,
     &limits_name},
    {"workers", FIELD_INTEGER, AT(workers), "", "", true, &limits_workers},
    {"hyperfine_s", FIELD_REAL, AT(hyperfine_s), "s",
     "median wall time by hyperfine", false, &limits_time_s},
    {"sweep_s", FIELD_REAL, AT(sweep_s), "s",
     "median wall time of the same command in the sweep", false,
     &limits_time_s},
    {"hyperfine_speedup", FIELD_REAL, AT(hyperfine_speedup), "",
     "serial over this, by hyperfine", false, &limits_number},
    {"sweep_speedup", FIELD_REAL, AT(sweep_speedup), "",
     "serial over this, by the sweep", false, &limits_number},
    {"hyperfine_least_s", FIELD_REAL, AT(hyperfine_least_s), "s",
     "the shortest of hyperfine's runs", false, &limits_time_s},
    {"hyperfine_most_s", FIELD_REAL, AT(hyperfine_most_s), "s", "the longest",
     false, &limits_time_s},
    {"sweep_low_s", FIELD_REAL, AT(sweep_low_s), "s",
     "lower end of the interval of sweep_s", false, &limits_time_s},
    {"sweep_high_s", FIELD_REAL, AT(sweep_high_s), "s", "upper end", false,
     &limits_time_s},
    {"contradicts", FIELD_TEXT, AT(contradicts), "",
     "time: no run of hyperfine's lies in the sweep's interval; speedup: nor "
     "does any speedup that its runs allow lie in the interval of the sweep's; "
     "null: neither, or an interval is not known",
     false, &contradicted},
    {NULL, FIELD_TEXT, 0, NULL, NULL, false, NULL},
};

#undef AT

struct name {
  char workload[WORKLOAD_TEXT], variant[NOTATION_LENGTH];
  int64_t workers;
};

/* A text that is no command of ours has no bars. */
static bool is_ours(const char *text) {
  const char *first = text ? strchr(text, '|') : NULL;
  return first && strchr(first + 1, '|');
}

/* Cuts "workload|variant|workers", as sweep_commands_time names commands;
 * false: it cannot be so. */
static bool cut_name(const char *text, struct name *name) {
  const char *last = strrchr(text, '|'), *middle = last;
  uint64_t workers = 0;
  while (middle > text && *--middle != '|')
    ;
  size_t workload = (size_t)(middle - text);
  size_t variant = (size_t)(last - middle) - 1;
  if (workload >= sizeof name->workload || variant >= sizeof name->variant ||
      !notation_parse_count(last + 1, COUNTS_MAX, &workers) || workers == 0)
    return false;
  snprintf(name->workload, sizeof name->workload, "%.*s", (int)workload, text);
  snprintf(name->variant, sizeof name->variant, "%.*s", (int)variant,
           middle + 1);
  name->workers = (int64_t)workers;
  return true;
}

int hyperfine_read(const char *path, json_t **json, struct problem *problem) {
  enum { RESULTS_MOST = 1000000, COMMAND_ROOM = 131072 };
  struct problem reason = {""};
  struct name ignored;
  int status = json_file_read_if_any(path, json, problem);
  if (status || !*json)
    return status;
  hyperfine_settle(*json);
  struct json_reader reader = json_reader_of(*json, &reason);
  size_t count = json_read_list(&reader, "results", RESULTS_MOST);
  for (size_t i = 0; i < count && !reader.status; i++) {
    struct json_reader item = json_reader_item(&reader, "results", i);
    const char *command = json_read_text(&item, "command", COMMAND_ROOM);
    static const char *const times[] = {"median", "min", "max"};
    for (size_t k = 0; k < sizeof times / sizeof *times; k++)
      if (k == 0 || json_object_get(item.object, times[k]))
        (void)json_read_real_or_null(&item, times[k], 0, limits_time_s.most);
    if (is_ours(command) && !cut_name(command, &ignored))
      json_reader_refuse(&item, "command", "workload|variant|workers");
    reader.status = item.status;
  }
  if (!reader.status)
    return PROBLEM_NONE;
  json_decref(*json);
  *json = NULL;
  return problem_failure(problem, "%s: %s", path, reason.text);
}

static const char *command_of(const json_t *item) {
  return json_string_value(json_object_get(item, "command"));
}

/* A median of no runs is not 0. */
static double number_or_nan(const json_t *number) {
  return json_is_number(number) ? json_number_value(number) : (double)NAN;
}

static double member_of(const json_t *item, const char *member) {
  return number_or_nan(json_object_get(item, member));
}

/* Where a command is in the list for the first time; it may be there again. */
static size_t first_of(const json_t *results, const char *command) {
  size_t i = 0;
  while (i < json_array_size(results) &&
         (!command_of(json_array_get(results, i)) ||
          strcmp(command_of(json_array_get(results, i)), command) != 0))
    i++;
  return i;
}

/* A command's runs by hyperfine: the median (of medians, where it is in the
 * list several times), the shortest and the longest.  INTERVAL_NULL where it is
 * in none, and where memory is out. */
static struct interval runs_of(const json_t *results, const char *command) {
  struct interval runs = INTERVAL_NULL;
  size_t all = json_array_size(results), count = 0;
  double *medians = calloc(all + 1, sizeof *medians);
  for (size_t i = 0; medians && i < all; i++) {
    const json_t *item = json_array_get(results, i);
    if (!command_of(item) || strcmp(command_of(item), command) != 0)
      continue;
    runs.low = fmin(runs.low, member_of(item, "min"));
    runs.high = fmax(runs.high, member_of(item, "max"));
    medians[count++] = member_of(item, "median");
  }
  if (medians)
    stats_sort(medians, count);
  runs.median = medians ? stats_median(medians, count) : (double)NAN;
  free(medians);
  return runs;
}

static struct interval find_serial_runs(const json_t *results,
                                        const char *workload) {
  struct name name;
  for (size_t i = 0; i < json_array_size(results); i++) {
    const char *command = command_of(json_array_get(results, i));
    if (is_ours(command) && cut_name(command, &name) &&
        strcmp(name.workload, workload) == 0 &&
        notation_names_serial(name.variant) && name.workers == 1)
      return runs_of(results, command);
  }
  return INTERVAL_NULL;
}

static bool disjoint(struct interval a, struct interval b) {
  return a.high < b.low || b.high < a.low;
}

/* Of a speedup all that the runs allow, from the slowest pair to the fastest.
 */
static struct interval over(struct interval above, struct interval below) {
  return (struct interval){above.median / below.median, above.low / below.high,
                           above.high / below.low};
}

/* Whether its commands run serial regions beside their own: then a ratio of
 * their times is nobody's speedup. */
static bool has_serial_inside(const struct series *series) {
  return series->programs == 0 && series->last && series->last->beside;
}

/* Both times and both speedups of a command; what contradicts is said of the
 * speedup where that is contradicted, since then the time is, too, or its
 * baseline's. */
static void compare(const struct series *serial, const struct series *series,
                    struct interval serial_runs, struct interval runs,
                    struct cross_check *check) {
  struct interval sweep = INTERVAL_NULL, serial_sweep = INTERVAL_NULL,
                  speedup = INTERVAL_NULL;
  if (series)
    sweep = series_interval(series, WALL);
  if (serial)
    serial_sweep = series_interval(serial, WALL);
  if (series && has_serial_inside(series))
    serial_runs = serial_sweep = INTERVAL_NULL;
  else if (serial && series)
    speedup = series_ratio(serial, series, WALL);
  struct interval hyperfine_speedup = over(serial_runs, runs);
  check->hyperfine_s = runs.median;
  check->hyperfine_least_s = runs.low;
  check->hyperfine_most_s = runs.high;
  check->sweep_s = sweep.median;
  check->sweep_low_s = sweep.low;
  check->sweep_high_s = sweep.high;
  check->hyperfine_speedup = hyperfine_speedup.median;
  check->sweep_speedup = serial_sweep.median / sweep.median;
  if (serial != series && disjoint(hyperfine_speedup, speedup))
    check->contradicts = strdup("speedup");
  else if (disjoint(runs, sweep))
    check->contradicts = strdup("time");
}

int cross_check_make(const struct series_set *set, const json_t *hyperfine,
                     struct analysis *analysis) {
  const json_t *results = json_object_get(hyperfine, "results");
  struct name name;
  analysis->checks =
      calloc(json_array_size(results) + 1, sizeof *analysis->checks);
  if (!analysis->checks)
    return -1;
  for (size_t i = 0; i < json_array_size(results); i++) {
    const char *command = command_of(json_array_get(results, i));
    if (!is_ours(command) || !cut_name(command, &name) ||
        first_of(results, command) < i)
      continue;
    struct cross_check *check = &analysis->checks[analysis->check_count++];
    *check = (struct cross_check){.workload = strdup(name.workload),
                                  .variant = strdup(name.variant),
                                  .workers = name.workers};
    compare(series_find(set, name.workload, "serial", 1),
            series_find(set, name.workload, name.variant, name.workers),
            find_serial_runs(results, name.workload), runs_of(results, command),
            check);
  }
  return 0;
}

/* What `coresweep probe` found, as a table and as JSON. */
#include "bench/analyze/stats.h"
#include "bench/commands/probe.h"
#include "bench/report/numbers.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { OPS = 4, COLUMN = 20 };

static const char *const op_titles[OPS] = {"read", "write", "copy",
                                           "mix, 5 read:1 written"};

/* The median over rounds, in billions per second. */
static struct interval rate_g(const struct probe_run *run,
                              const struct probe_config *config) {
  double *values = calloc(run->rounds, sizeof *values);
  if (!values)
    return INTERVAL_NULL;
  for (uint32_t r = 0; r < run->rounds; r++)
    values[r] = config->per_s[r] * 1e-9;
  struct interval rate = stats_median_interval(values, run->rounds);
  free(values);
  return rate;
}

static const struct probe_config *find(const struct probe_run *run,
                                       uint32_t workers, const char *kernel,
                                       int level, int op) {
  for (size_t i = 0; i < run->count; i++) {
    const struct probe_config *c = run->configs[i];
    if (c->workers == workers && c->level == level &&
        strcmp(c->workload.kernel->name, kernel) == 0 &&
        (level < 0 || c->workload.values[0].integer == op))
      return c;
  }
  return NULL;
}

/* "12.3 (12.1–12.5)", in a column; `per` divides it. */
static void print_rate(const struct probe_run *run,
                       const struct probe_config *config, double per) {
  char median[NUMBER_LENGTH], low[NUMBER_LENGTH], high[NUMBER_LENGTH];
  char text[4 * NUMBER_LENGTH];
  struct interval r = config ? rate_g(run, config) : INTERVAL_NULL;
  number_plain(r.median / per, median);
  if (isnan(r.low))
    snprintf(text, sizeof text, "%s", median);
  else
    snprintf(text, sizeof text, "%s (%s–%s)", median,
             number_plain(r.low / per, low), number_plain(r.high / per, high));
  size_t columns = number_columns(text);
  printf("  %s%*s", text, (int)(columns < COLUMN ? COLUMN - columns : 0), "");
}

static void print_level(const struct probe_run *run, uint32_t workers,
                        int level) {
  const struct probe_config *read = find(run, workers, "memory", level, 0);
  char set[32];
  if (!read)
    return;
  bool small = read->set_bytes < 1048576;
  snprintf(set, sizeof set, "%.0f %s",
           read->set_bytes / (small ? 1024 : 1048576), small ? "KiB" : "MiB");
  printf("  %-7s %10s", memory_level_names[level], set);
  for (int op = 0; op < OPS; op++)
    print_rate(run, find(run, workers, "memory", level, op), 1);
  putchar('\n');
}

void probe_print(const struct probe_run *run) {
  for (size_t c = 0; c < run->count_count; c++) {
    uint32_t workers = run->counts[c];
    printf("\n%" PRIu32 " worker%s: GB/s of all, by what each goes over\n%20s",
           workers, workers == 1 ? "" : "s", "");
    for (int op = 0; op < OPS; op++)
      printf("  %-*s", COLUMN, op_titles[op]);
    putchar('\n');
    for (int level = 0; level < MEMORY_LEVELS; level++)
      print_level(run, workers, level);
    printf("  G 64-bit additions/s of all");
    print_rate(run, find(run, workers, "adds", -1, 0), 1);
    printf("\n  GHz of each                ");
    print_rate(run, find(run, workers, "clock", -1, 0), workers);
    putchar('\n');
  }
}

static json_t *config_json(const struct probe_run *run,
                           const struct probe_config *config) {
  struct interval rate = rate_g(run, config);
  const char *kernel = config->workload.kernel->name;
  const char *unit = config->level >= 0            ? "GB/s"
                     : strcmp(kernel, "adds") == 0 ? "G additions/s"
                                                   : "G cycles/s";
  json_t *json =
      json_pack("{s:s, s:s, s:i, s:s, s:f}", "meter", kernel, "workload",
                config->workload.name, "workers", (int)config->workers, "unit",
                unit, "set_bytes", config->set_bytes);
  if (config->level >= 0)
    json_object_set_new(json, "level",
                        json_string(memory_level_names[config->level]));
  /* json_real has no NAN: what is not known is null. */
  json_object_set_new(json, "median",
                      isnan(rate.median) ? json_null()
                                         : json_real(rate.median));
  json_object_set_new(json, "low",
                      isnan(rate.low) ? json_null() : json_real(rate.low));
  json_object_set_new(json, "high",
                      isnan(rate.high) ? json_null() : json_real(rate.high));
  return json;
}

int probe_write(const struct probe_run *run, const char *path,
                struct problem *problem) {
  json_t *rates = json_array();
  for (size_t i = 0; i < run->count; i++)
    json_array_append_new(rates, config_json(run, run->configs[i]));
  json_t *json = json_pack("{s:i, s:i, s:s, s:i, s:o}", "schema", RECORD_SCHEMA,
                           "rounds", (int)run->rounds, "build", build_text(),
                           "vector_bytes", KERNEL_VECTOR_BYTES, "rates", rates);
  int failed =
      !json ||
      json_dump_file(json, path, JSON_INDENT(1) | JSON_REAL_PRECISION(6)) != 0;
  json_decref(json);
  if (failed)
    return problem_failure(problem, "%s could not be written: %s", path,
                           strerror(errno));
  return PROBLEM_NONE;
}

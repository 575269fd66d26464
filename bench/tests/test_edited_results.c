/* test_edited_results.c: the same as test_edited_files.c, of records and of
 * what follows from them; all that is shown of them is shown, too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/report/answer.h"
#include "bench/report/compare.h"
#include "bench/report/programs.h"
#include "bench/report/report.h"
#include "bench/tests/edit_fixture.h"
#include "bench/tests/record_fixture.h"
#include "bench/tests/text_fixture.h"

/* ---- analysis.json ------------------------------------------------------- */

/* All that is printed or drawn of an analysis, but for the drawing. */
static void show(const struct bed *bed, const struct analysis *analysis) {
  struct versus versus;
  const struct comparison comparison = {{.folder = "a", .name = "a", analysis},
                                        {.folder = "b", .name = "b", analysis},
                                        &versus};
  assert_int_equal(versus_make(analysis, analysis, false, &versus), 0);
  struct problem problem = {""};
  struct charts charts = {.folder = bed->folder};
  char *text;
  FILE *out = text_open(&text);
  report_answer(analysis, NULL, 0, out);
  report_whole(analysis, NULL, out);
  report_bars(analysis, out);
  compare_report(&comparison, out);
  versus_free(&versus);
  fclose(out);
  free(text);
  must(report_csv(analysis, bed->again, &problem), &problem, "report_csv");
  must(report_chart_data(analysis, &charts, &problem), &problem,
       "report_chart_data");
  for (size_t i = 0; i < charts.count; i++) {
    char path[PATH + sizeof charts.list->name];
    snprintf(path, sizeof path, "%s/%s.tsv", bed->folder, charts.list[i].name);
    unlink(path);
  }
  charts_free(&charts);
}

static void see_analysis(void *context, json_t *whole, const char *what) {
  struct bed *bed = context;
  struct problem problem = {""};
  struct analysis analysis, again;
  write_json(bed->path, whole);
  int status = analysis_read(bed->path, &analysis, &problem);
  if (!was_read(bed, status, &problem, what))
    return;
  if (analysis.result_count > 0 && analysis.run.rounds > 0)
    show(bed, &analysis);
  unlink(bed->again);
  analysis.run.schema = ANALYSIS_SCHEMA; /* its words are today's */
  must(analysis_write(&analysis, bed->again, &problem), &problem, what);
  must(analysis_read(bed->again, &again, &problem), &problem, what);
  analysis_free(&analysis);
  analysis_free(&again);
}

/* The first run of the old program, with all that it did not know. */
static json_t *full_analysis(const struct bed *bed) {
  struct analysis analysis;
  struct problem problem = {""};
  must(analysis_read("bench/tests/golden/old-run-1/analysis.json", &analysis,
                     &problem),
       &problem, "old-run-1");
  const struct interval share = {0.5, 0.25, 0.75};
  /* One workload will do. */
  while (strcmp(analysis.results[analysis.result_count - 1].workload,
                analysis.workloads[0].workload) != 0)
    fields_free(result_fields, &analysis.results[--analysis.result_count]);
  fields_free(workload_fields, &analysis.workloads[--analysis.workload_count]);
  analysis.run.schema = ANALYSIS_SCHEMA;
  free(analysis.capacities); /* empty lists */
  free(analysis.checks);
  analysis.capacities = calloc(2, sizeof *analysis.capacities);
  analysis.checks = calloc(1, sizeof *analysis.checks);
  assert_true(analysis.capacities && analysis.checks);
  for (int64_t i = 0; i < 2; i++)
    analysis.capacities[analysis.capacity_count++] =
        (struct capacity){i + 1, share};
  analysis.checks[analysis.check_count++] =
      (struct cross_check){.workload = strdup("cube"),
                           .variant = strdup("serial"),
                           .workers = 1,
                           .hyperfine_s = 0.5,
                           .hyperfine_least_s = 0.4,
                           .hyperfine_most_s = 0.6,
                           .sweep_s = 0.25,
                           .sweep_low_s = 0.2,
                           .sweep_high_s = 0.3,
                           .hyperfine_speedup = 1,
                           .sweep_speedup = 1,
                           .contradicts = strdup("time")};
  for (size_t i = 0; i < analysis.result_count; i++) {
    struct result *r = &analysis.results[i];
    r->roofline_share = r->clock_ratio = r->speedup_clock_adjusted = share;
    r->operations_per_s = r->roofline_operations_per_s = share;
    r->roofline_bytes_per_s = share;
    r->operations_per_byte = 0.5;
    r->roofline_bound = strdup("memory");
    if (strcmp(r->requested, "omp:static") == 0)
      r->blocks_over_textbook = share;
  }
  must(analysis_write(&analysis, bed->path, &problem), &problem, "full");
  analysis_free(&analysis);
  json_t *json = json_load_file(bed->path, 0, NULL);
  assert_non_null(json);
  return json;
}

static void analyses(void **state) {
  struct bed *bed = *state;
  json_t *json = full_analysis(bed);
  see_analysis(bed, json, "as it is");
  assert_int_equal(bed->read, 1);
  check_counts(bed, edit_each(json, see_analysis, bed), 500);
  json_decref(json);
}

/* ---- trials.jsonl -------------------------------------------------------- */

/* Sums of that many regions, of which a part joins and all else is busy. */
static void set_sums(json_t *json, const char *of, int regions, double region_s,
                     int workers) {
  static const char *const nothing[] = {
      "start_s",     "dispatch_s",    "send_s",          "few_s",
      "off_cpu_s",   "late_start_s",  "late_dispatch_s", "late_send_s",
      "late_busy_s", "late_off_cpu_s"};
  double join_s = region_s / 1024;
  char key[60];
  const struct {
    const char *name;
    json_t *value;
  } sums[] = {{"regions", json_integer(regions)},
              {"refused", json_integer(0)},
              {"region_s", json_real(region_s)},
              {"join_s", json_real(join_s)},
              {"busy_s", json_real(workers * region_s - join_s)}};
  for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++) {
    snprintf(key, sizeof key, "%s_%s", of, nothing[i]);
    json_object_set_new(json, key, json_real(0));
  }
  for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
    snprintf(key, sizeof key, "%s_%s", of, sums[i].name);
    json_object_set_new(json, key, sums[i].value);
  }
}

/* Adds a line; times are multiples of 1/64 s, so that sums are exact. */
static void add_line(struct bed *bed, const char *phase, int round,
                     const char *workload, int workers) {
  double time_s = (8.0 + round) / 64 / workers;
  json_t *json = json_loads(record_ok, 0, NULL);
  bool team = workers > 1 || strcmp(phase, "probe") == 0;
  const char *variant = team ? "omp:static" : "serial";
  assert_non_null(json);
  json_t *changes = json_pack(
      "{s:s, s:o, s:i, s:s, s:s, s:s, s:s, s:i, s:f, s:f, s:[f], s:f, s:i, "
      "s:s, s:[f,f,f], s:[i,n,i], s:n, s:f, s:n, s:n, s:i}",
      "phase", phase, "round", round ? json_integer(round) : json_null(),
      "order", (int)json_array_size(bed->lines) + 1, "workload", workload,
      "kernel", "cube", "variant", variant, "requested", variant, "workers",
      workers, "region_first_s", 0.5, "region_s", time_s, "regions_s", time_s,
      "program_s", 1.49609375, "workers_seen", 1, "turns", "sPS|", "turns_s",
      0.5, time_s, 2 * time_s, "turns_cpu", 0, 1, "turns_clock_hz",
      "turns_ratio", 2.0, "shared", "shared_place", "placed_nodes", 1);
  assert_non_null(changes);
  json_object_update(json, changes);
  set_sums(json, "core", 1, time_s, workers);
  set_sums(json, "program_core", 4, 1.25, workers);
  json_object_set_new(json, "kernel",
                      json_stringn(workload, strcspn(workload, "/")));
  const struct {
    const char *key;
    double value;
  } lists[] = {{"worker_begin_s", 0},     {"worker_end_s", time_s},
               {"worker_busy_s", time_s}, {"worker_cpu_s", time_s},
               {"worker_cycles", 1e6},    {"worker_instructions", 2e6},
               {"worker_run_delay_s", 0}};
  static const char *const whole[] = {"cpus",
                                      "worker_chunks",
                                      "worker_items",
                                      "worker_switches",
                                      "worker_minor_faults",
                                      "worker_cpu_begin",
                                      "worker_cpu_end"};
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
    json_t *list = json_array();
    for (int w = 0; w < workers; w++)
      json_array_append_new(list, json_real(lists[i].value));
    json_object_set_new(json, lists[i].key, list);
  }
  for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
    json_t *list = json_array();
    for (int w = 0; w < workers; w++)
      json_array_append_new(list, json_integer(w + 1));
    json_object_set_new(json, whole[i], list);
  }
  json_array_append_new(bed->lines, json);
  json_decref(changes);
}

static void write_lines(const struct bed *bed) {
  FILE *file = fopen(bed->path, "w");
  assert_non_null(file);
  for (size_t i = 0; i < json_array_size(bed->lines); i++) {
    json_dumpf(json_array_get(bed->lines, i), file, JSON_COMPACT);
    fputc('\n', file);
  }
  fclose(file);
}

static void see_line(void *context, json_t *line, const char *what) {
  struct bed *bed = context;
  struct records records;
  struct analysis analysis, again;
  struct problem problem = {""};
  (void)line; /* it is one of them */
  write_lines(bed);
  int status = records_read(bed->path, &records, &problem);
  if (!was_read(bed, status, &problem, what))
    return;
  must(analysis_make(&records, NULL, NULL, NULL, &analysis, &problem), &problem,
       what);
  must(analysis_write(&analysis, bed->again, &problem), &problem, what);
  must(analysis_read(bed->again, &again, &problem), &problem, what);
  analysis_free(&analysis);
  analysis_free(&again);
  records_free(&records);
}

static void records(void **state) {
  enum { ROUNDS = 3 };
  struct bed *bed = *state;
  size_t edits = 0;
  bed->lines = json_array();
  for (int workers = 1; workers <= 2; workers++)
    add_line(bed, "pilot", 0, "cube/first=3", workers);
  for (int round = 1; round <= ROUNDS; round++)
    for (int workers = 1; workers <= 2; workers++) {
      add_line(bed, "round", round, "cube/first=3", workers);
      add_line(bed, "probe", round, "clock", workers);
    }
  see_line(bed, NULL, "as it is");
  assert_int_equal(bed->read, 1);
  for (size_t i = 0; i < json_array_size(bed->lines); i += 3)
    edits += edit_each(json_array_get(bed->lines, i), see_line, bed);
  check_counts(bed, edits, 300);
}

/* The shortest times beside the longest, of the most items: what is computed
 * from them is within the limits of what is read. */
static void extremes_are_read_back(void **state) {
  static const char *const lists[] = {"worker_begin_s", "worker_end_s",
                                      "worker_busy_s"};
  struct bed *bed = *state;
  bed->lines = json_array();
  for (int round = 1; round <= 3; round++)
    for (int workers = 1; workers <= 2; workers++)
      add_line(bed, "round", round, "cube/first=3", workers);
  for (int kind = 0; kind < 2; kind++) {
    for (size_t i = 0; i < json_array_size(bed->lines); i++) {
      json_t *line = json_array_get(bed->lines, i);
      size_t workers =
          (size_t)json_integer_value(json_object_get(line, "workers"));
      double time_s = (workers == 1) == (kind == 0) ? 1e-12 : 1e7;
      json_t *changes =
          json_pack("{s:f, s:f, s:[f], s:f, s:f, s:i, s:i, s:i, s:i, s:i, s:I, "
                    "s:i, s:i, s:[f,f,f], s:f}",
                    "region_s", time_s, "region_first_s", time_s, "regions_s",
                    time_s, "program_s", time_s, "wall_s", 1e7, "setup_s", 0,
                    "start_s", 0, "touch_s", 0, "finish_s", 0, "close_s", 0,
                    "size", (json_int_t)INT64_MAX, "repeat", 1, "repeats_s", 0,
                    "turns_s", 1e7, time_s, 1e7, "turns_ratio", 1e7 / time_s);
      assert_int_equal(json_object_update(line, changes), 0);
      json_decref(changes);
      set_sums(line, "core", 1, time_s, (int)workers);
      set_sums(line, "program_core", 1, time_s, (int)workers);
      for (size_t k = 0; k < sizeof lists / sizeof *lists; k++)
        for (size_t w = 0; w < workers; w++)
          json_array_set_new(json_object_get(line, lists[k]), w, json_real(0));
    }
    see_line(bed, NULL, "extremes");
  }
  assert_int_equal(bed->read, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(analyses),
      TEST(records),
      TEST(extremes_are_read_back),
  };
  limit_memory();
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_edited_files.c: each member of each file that a run consists of is taken
 * out, made null, of another type, negative, huge: it is read as something that
 * makes sense, and what is made of it can be read again; or it is refused in
 * one line that names the file.  Nothing crashes, hangs, or grows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/analyze/cross_check.h"
#include "bench/plan/request.h"
#include "bench/report/compare.h"
#include "bench/report/report.h"
#include "bench/tests/edit_fixture.h"
#include "bench/tests/record_fixture.h"
#include "bench/tests/text_fixture.h"

#include <sys/resource.h>
#include <unistd.h>

enum { MEMORY_MOST = 1 << 29, PATH = 100 };

/* Where the files are, and what comes of the edited ones. */
struct bed {
  char folder[60], path[PATH], again[PATH];
  size_t read, refused;
  json_t *lines; /* of a file of records */
};

static int begin(void **state) {
  struct bed *bed = calloc(1, sizeof *bed);
  *state = bed;
  if (!bed)
    return -1;
  strcpy(bed->folder, "/tmp/test_edited_files.XXXXXX");
  if (!mkdtemp(bed->folder))
    return -1;
  snprintf(bed->path, PATH, "%s/edited", bed->folder);
  snprintf(bed->again, PATH, "%s/again", bed->folder);
  return 0;
}

static int end(void **state) {
  struct bed *bed = *state;
  unlink(bed->path);
  unlink(bed->again);
  json_decref(bed->lines);
  int failed = rmdir(bed->folder);
  free(bed);
  return failed;
}

static void write_json(const char *path, const json_t *json) {
  assert_int_equal(json_dump_file(json, path, JSON_INDENT(1)), 0);
}

/* Counts what came of an edit: it was read, or refused as it should be. */
static bool was_read(struct bed *bed, int status, const struct problem *problem,
                     const char *what) {
  if (!status) {
    bed->read++;
    return true;
  }
  bed->refused++;
  if (!strstr(problem->text, bed->path) || strchr(problem->text, '\n'))
    fail_msg("%s: '%s' does not name the file in one line", what,
             problem->text);
  return false;
}

static void must(int status, const struct problem *problem, const char *what) {
  if (status)
    fail_msg("%s: %s", what, problem->text);
}

/* At least so many edits of each kind: the test looks at what it should. */
static void check_counts(const struct bed *bed, size_t edits, size_t least) {
  if (bed->read + bed->refused < edits || bed->read < least ||
      bed->refused < least)
    fail_msg("%zu edits: %zu read, %zu refused", edits, bed->read,
             bed->refused);
}

/* ---- analysis.json ------------------------------------------------------- */

/* All that is printed or drawn of an analysis, but for the drawing. */
static void show(const struct bed *bed, const struct analysis *analysis) {
  const struct compare_run runs[] = {{.folder = "a", .name = "a", analysis},
                                     {.folder = "b", .name = "b", analysis}};
  const struct comparison comparison = {runs, 2};
  struct problem problem = {""};
  struct charts charts = {.folder = bed->folder};
  char *text;
  FILE *out = text_open(&text);
  report_table(analysis, out);
  report_roofline(analysis, out);
  report_sentences(analysis, out);
  report_comparisons(analysis, out);
  report_method(analysis, out);
  report_cross_check(analysis, out);
  report_bars(analysis, out);
  compare_report(&comparison, out);
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
  analysis.capacities = calloc(2, sizeof *analysis.capacities);
  analysis.checks = calloc(1, sizeof *analysis.checks);
  assert_true(analysis.capacities && analysis.checks);
  for (int64_t i = 0; i < 2; i++)
    analysis.capacities[analysis.capacity_count++] =
        (struct capacity){i + 1, share, share};
  analysis.checks[analysis.check_count++] = (struct cross_check){
      strdup("cube"), strdup("serial"), 1, 0.5, 0.25, 1, 1};
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

/* Adds a line; times are multiples of 1/64 s, so that sums are exact. */
static void add_line(struct bed *bed, const char *phase, int round,
                     const char *workload, int workers) {
  double time_s = (8.0 + round) / 64 / workers;
  json_t *json = json_loads(record_ok, 0, NULL);
  bool team = workers > 1 || strcmp(phase, "probe") == 0;
  const char *variant = team ? "omp:static" : "serial";
  assert_non_null(json);
  json_t *changes = json_pack(
      "{s:s, s:o, s:i, s:s, s:s, s:s, s:s, s:i, s:f, s:f, s:[f], s:f, s:i}",
      "phase", phase, "round", round ? json_integer(round) : json_null(),
      "order", (int)json_array_size(bed->lines) + 1, "workload", workload,
      "kernel", "cube", "variant", variant, "requested", variant, "workers",
      workers, "region_first_s", 0.5, "region_s", time_s, "regions_s", time_s,
      "program_s", 0.62109375, "workers_seen", 1);
  assert_non_null(changes);
  json_object_update(json, changes);
  json_object_set_new(json, "kernel",
                      json_stringn(workload, strcspn(workload, "/")));
  const struct {
    const char *key;
    double value;
  } lists[] = {{"worker_begin_s", 0},
               {"worker_end_s", time_s},
               {"worker_busy_s", time_s},
               {"worker_cpu_s", time_s},
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

/* ---- plan.json ----------------------------------------------------------- */

static void fill_plan(struct plan *plan) {
  struct problem problem = {""};
  *plan = (struct plan){.counts = {1, 2, 4},
                        .count_count = 3,
                        .waiting = {1, 8},
                        .waiting_count = 2,
                        .usable_cpus = 4,
                        .cores = 4,
                        .iterations = 3,
                        .rounds = 9,
                        .width = 0.25,
                        .stage = STAGE_ROUNDS};
  plan_note(plan, "one note");
  for (size_t i = 0; i < IDENTITY_FACTS; i++)
    plan->identity.values[i] = strdup("same");
  must(plan_add_workload(plan, "cube", &problem), &problem, "cube");
  must(plan_add_variant(plan, "serial", &problem), &problem, "serial");
  must(plan_add_variant(plan, "omp:static", &problem), &problem, "omp");
  must(plan_add_probes(plan, &problem), &problem, "probes");
  plan->workloads[0].size = plan->probes[0].size = plan->probes[1].size = 99;
  must(plan_list_points(plan, &problem), &problem, "points");
}

static void see_plan(void *context, json_t *whole, const char *what) {
  struct bed *bed = context;
  struct problem problem = {""};
  struct plan plan = {0}, like = {0}, again = {0};
  struct plan_facts facts;
  write_json(bed->path, whole);
  int repeats = plan_read_like(&like, bed->path, &problem);
  plan_free(&like);
  (void)was_read(bed, repeats, &problem, what);
  int analysed = plan_facts_read(&facts, bed->path, &problem);
  plan_facts_free(&facts);
  (void)was_read(bed, analysed, &problem, what);
  int status = plan_read(&plan, bed->path, &problem);
  if (was_read(bed, status, &problem, what)) {
    must(plan_write(&plan, bed->again, &problem), &problem, what);
    must(plan_read(&again, bed->again, &problem), &problem, what);
    must(repeats, &problem, what); /* what is gone on with can be repeated */
    must(analysed, &problem, what);
  }
  plan_free(&plan);
  plan_free(&again);
}

static void plans(void **state) {
  struct bed *bed = *state;
  struct problem problem = {""};
  struct plan plan;
  fill_plan(&plan);
  must(plan_write(&plan, bed->path, &problem), &problem, "plan");
  plan_free(&plan);
  json_t *json = json_load_file(bed->path, 0, NULL);
  see_plan(bed, json, "as it is");
  assert_int_equal(bed->read, 3);
  check_counts(bed, 3 * edit_each(json, see_plan, bed), 300);
  json_decref(json);
}

/* ---- the small ones ------------------------------------------------------ */

static void see_request(void *context, json_t *whole, const char *what) {
  struct bed *bed = context;
  struct problem problem = {""};
  struct request request = {.command = "overheads"};
  write_json(bed->path, whole);
  if (was_read(bed, request_read(&request, bed->path, &problem), &problem,
               what))
    must(request_write(&request, bed->again, &problem), &problem, what);
  request_free(&request);
}

static void requests(void **state) {
  struct bed *bed = *state;
  struct problem problem = {""};
  char command[] = "overheads", option[] = "--rounds", value[] = "7";
  char *argv[] = {command, option, value};
  const struct request request = {
      .command = argv[0], .argc = 3, .argv = argv, .memory_bytes = 1e9};
  must(request_write(&request, bed->path, &problem), &problem, "request");
  json_t *json = json_load_file(bed->path, 0, NULL);
  see_request(bed, json, "as it is");
  assert_int_equal(bed->read, 1);
  check_counts(bed, edit_each(json, see_request, bed), 10);
  json_decref(json);
}

static void see_environment(void *context, json_t *whole, const char *what) {
  struct bed *bed = context;
  struct problem problem = {""};
  struct environment environment;
  write_json(bed->path, whole);
  int status = environment_read(bed->path, &environment, &problem);
  if (was_read(bed, status, &problem, what))
    must(environment_write(&environment, bed->again, &problem), &problem, what);
  fields_free(environment_fields, &environment);
}

static void environments(void **state) {
  struct bed *bed = *state;
  json_t *json =
      json_load_file("bench/tests/golden/old-run-1/environment.json", 0, NULL);
  assert_non_null(json);
  see_environment(bed, json, "as it is");
  assert_int_equal(bed->read, 1);
  check_counts(bed, edit_each(json, see_environment, bed), 50);
  json_decref(json);
}

static void see_hyperfine(void *context, json_t *whole, const char *what) {
  struct bed *bed = context;
  struct problem problem = {""};
  json_t *json;
  write_json(bed->path, whole);
  (void)was_read(bed, hyperfine_read(bed->path, &json, &problem), &problem,
                 what);
  json_decref(json);
}

static void hyperfine_exports(void **state) {
  struct bed *bed = *state;
  json_t *json = json_loads("{\"results\": [{\"command\": \"cube|serial|1\","
                            "\"median\": 0.5, \"times\": [0.5]}]}",
                            0, NULL);
  see_hyperfine(bed, json, "as it is");
  assert_int_equal(bed->read, 1);
  check_counts(bed, edit_each(json, see_hyperfine, bed), 10);
  json_decref(json);
  must(hyperfine_read("/nowhere/at-all", &json, &(struct problem){""}),
       &(struct problem){""}, "a file that is missing");
  assert_null(json);
}

/* What is made of a number in a file must not ask for more; a sanitizer's own
 * memory is not counted so. */
static void limit_memory(void) {
#if !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__
  const struct rlimit limit = {MEMORY_MOST, MEMORY_MOST};
  assert_int_equal(setrlimit(RLIMIT_AS, &limit), 0);
#endif
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(analyses), TEST(records),      TEST(plans),
      TEST(requests), TEST(environments), TEST(hyperfine_exports),
  };
  limit_memory();
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_old_runs.c: what runs of older programs are good for: their analyses are
 * read, their plans are repeated, their records are refused by name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/plan/plan.h"
#include "bench/report/report.h"
#include "bench/tests/text_fixture.h"

#include <stdlib.h>
#include <unistd.h>

#define GOLDEN "bench/tests/golden/"

/* Two kernels, serial and two variants with one worker and with two.  The plan
 * of the first has schema 1, of the second 2. */
static const char *const runs[] = {GOLDEN "old-run-1", GOLDEN "old-run-2"};
enum { RUNS = 2 };

static const char *path_of(int run, const char *name) {
  static char path[200];
  snprintf(path, sizeof path, "%s/%s", runs[run], name);
  return path;
}

static void analyses_are_read_in_the_words_of_today(void **state) {
  (void)state;
  for (int run = 0; run < RUNS; run++) {
    struct analysis analysis;
    struct problem problem = {""};
    if (analysis_read(path_of(run, "analysis.json"), &analysis, &problem) != 0)
      fail_msg("%s", problem.text);
    assert_int_equal(analysis.workload_count, 2);
    assert_int_equal(analysis.result_count, 10);
    assert_int_equal(analysis.run.schema, 1);
    assert_string_equal(analysis.run.bind, "cores");
    assert_string_equal(analysis.workloads[1].workload, "latency/sleep_us=0");
    assert_true(analysis.workloads[1].serial_region_s.median > 0);
    const struct result *r = analysis_find(&analysis, "cube", "pool:static", 2);
    assert_non_null(r);
    assert_true(r->speedup_abs.low <= r->speedup_abs.median);
    assert_true(r->program_speedup.median > 0 && r->program_s.median > 0);
    assert_int_equal(r->program_ratios.count, 6);
    char *table = printed(report_table, &analysis);
    has(table, "pool:static");
    has_not(table, "end of the");
    free(table);
    analysis.run.schema = ANALYSIS_SCHEMA; /* as if it were of today */
    table = printed(report_table, &analysis);
    has(table, "its regions,\nfinish, end of the team.");
    free(table);
    analysis_free(&analysis);
  }
}

/* Writes the text to a file, and reads it as an analysis, which fails. */
static void refuse(const char *text, const char *why) {
  char path[] = "/tmp/coresweep-analysis-XXXXXX";
  struct analysis analysis;
  struct problem problem = {""};
  int fd = mkstemp(path);
  assert_int_equal(write(fd, text, strlen(text)), strlen(text));
  close(fd);
  assert_int_equal(analysis_read(path, &analysis, &problem), PROBLEM_FAILURE);
  unlink(path);
  has(problem.text, path);
  has(problem.text, why);
  assert_null(analysis.results);
}

/* Old words in a file of today are no words. */
static void only_old_analyses_have_old_words(void **state) {
  (void)state;
  static const char today[] = "{\"run\": {\"schema\": 3, \"rounds\": 1}, "
                              "\"workloads\": [{\"setting\": \"cube\","
                              " \"kernel\": \"cube\", \"size\": 1}]}";
  refuse(today, "\"workload\" is missing");
  refuse("{\"run\": {\"schema\": 4}}",
         "schema is 4; this program reads up to 3");
}

static void plans_are_repeated(void **state) {
  (void)state;
  for (int run = 0; run < RUNS; run++) {
    struct plan plan = {.budget_s = 0};
    struct problem problem = {""};
    if (plan_read_like(&plan, path_of(run, "plan.json"), &problem) != 0)
      fail_msg("%s", problem.text);
    assert_int_equal(plan.workload_count, 2);
    assert_string_equal(plan.workloads[0].workload->name, "cube");
    assert_string_equal(plan.workloads[1].workload->name, "latency/sleep_us=0");
    assert_int_equal(plan.workloads[1].size, 200);
    assert_int_equal(plan.variant_count, 3);
    assert_int_equal(plan.count_count, 2);
    assert_int_equal(plan.bind, BIND_CORES);
    plan_free(&plan);
  }
}

static void plans_are_not_gone_on_with(void **state) {
  (void)state;
  static const char *const why[RUNS] = {
      "old-run-1/plan.json: its schema is 1: an older coresweep wrote it",
      "old-run-2/plan.json: its schema is 2: an older coresweep wrote it"};
  for (int run = 0; run < RUNS; run++) {
    struct plan plan = {.budget_s = 0};
    struct problem problem = {""};
    assert_int_equal(plan_read(&plan, path_of(run, "plan.json"), &problem),
                     PROBLEM_USAGE);
    has(problem.text, why[run]);
    plan_free(&plan);
  }
}

static void records_are_refused(void **state) {
  (void)state;
  for (int run = 0; run < RUNS; run++) {
    struct records records;
    struct problem problem = {""};
    const char *path = path_of(run, "trials.jsonl");
    assert_int_equal(records_read(path, &records, &problem), PROBLEM_FAILURE);
    has(problem.text, path);
    has(problem.text, "was written by an older coresweep (schema 1); "
                      "`report` still shows its analysis.json");
    assert_null(records.list);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(analyses_are_read_in_the_words_of_today),
      cmocka_unit_test(only_old_analyses_have_old_words),
      cmocka_unit_test(plans_are_repeated),
      cmocka_unit_test(plans_are_not_gone_on_with),
      cmocka_unit_test(records_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

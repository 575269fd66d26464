/* test_report.c: a flag is seen: its mark in the table, its words below, a
 * hollow point and a note on the chart; lines are broken where other CPUs come
 * into use, and the capacity stands beside the ideal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/analyze/flags.h"
#include "bench/report/report.h"
#include "bench/tests/distinct_fixture.h"
#include "bench/tests/text_fixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COUNTS = 4 };
static const int64_t counts[COUNTS] = {1, 2, 4, 8};

/* serial, and omp:static at `count` worker counts; the one at `at` has the
 * flags. */
static struct analysis make(size_t count, int64_t at, const char *flags) {
  struct analysis a = {0};
  fields_clear(run_fields, &a.run);
  a.run.rounds = 15;
  a.run.usable_cpus = 8;
  a.workload_count = 1;
  a.workloads = calloc(1, sizeof *a.workloads);
  fields_clear(workload_fields, a.workloads);
  a.workloads->workload = strdup("cube");
  a.workloads->title = strdup("Cube");
  a.workloads->items = strdup("integers");
  a.workloads->size = 1000;
  a.workloads->waits = 0;
  a.workloads->serial_region_s = (struct interval){0.1, 0.09, 0.11};
  a.workloads->serial_program_s = (struct interval){0.2, 0.19, 0.21};
  a.result_count = count + 1;
  a.results = calloc(count + 1, sizeof *a.results);
  for (size_t i = 0; i <= count; i++) {
    struct result *r = &a.results[i];
    double p = i ? (double)counts[i - 1] : 1;
    fields_clear(result_fields, r);
    r->workload = strdup("cube");
    r->kernel = strdup("cube");
    r->variant = strdup(i ? "omp:static" : "serial");
    r->requested = strdup(r->variant);
    r->label = strdup(r->variant);
    r->workers = (int64_t)p;
    r->oversubscribed = 0;
    r->region_s = r->program_s = (struct interval){0.1 / p, 0.1 / p, 0.1 / p};
    r->speedup_abs = r->program_speedup = (struct interval){p, p, p};
    r->flags = strdup(i && r->workers == at ? flags : "");
  }
  return a;
}

static void add_capacity(struct analysis *a) {
  a->capacities = calloc(COUNTS, sizeof *a->capacities);
  for (; a->capacity_count < COUNTS; a->capacity_count++) {
    double p = (double)counts[a->capacity_count];
    a->capacities[a->capacity_count] = (struct capacity){
        .workers = (int64_t)p, .capacity = {0.75 * p, 0.7 * p, 0.8 * p}};
  }
}

/* The data of one chart of the run; owned. */
static char *chart_of(const struct analysis *a, const char *name) {
  char folder[] = "/tmp/test_report.XXXXXX", path[300];
  struct charts charts = {.folder = folder};
  struct problem problem = {""};
  assert_non_null(mkdtemp(folder));
  assert_int_equal(report_chart_data(a, &charts, &problem), 0);
  char *text = calloc(1, 1 << 16);
  for (size_t i = 0; i < charts.count; i++) {
    snprintf(path, sizeof path, "%s/%s.tsv", folder, charts.list[i].name);
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    if (strcmp(charts.list[i].name, name) == 0)
      fread(text, 1, (1 << 16) - 1, in);
    fclose(in);
    unlink(path);
  }
  rmdir(folder);
  charts_free(&charts);
  return text;
}

/* Whether a flag means that a number is doubtful. */
static bool doubts(int flag) {
  return flag != FLAG_SHORT && flag != FLAG_OVERHEAD && flag != FLAG_IDLE &&
         flag != FLAG_CLOCK_DROP && flag != FLAG_WIDE && flag != FLAG_BIMODAL &&
         flag != FLAG_ABOVE && !flag_table[flag].breaks;
}

static void every_flag_has_its_mark_and_words(void **state) {
  (void)state;
  char row[80];
  for (int f = 0; f < FLAGS; f++) {
    struct analysis a = make(COUNTS, 8, flag_table[f].word);
    char *table = printed(report_table, &a),
         *chart = chart_of(&a, "cube-region");
    snprintf(row, sizeof row, "omp:static %s ", flag_table[f].mark);
    has(table, row);
    snprintf(row, sizeof row, "\n%s %s: ", flag_table[f].mark,
             flag_table[f].word);
    has(table, row);
    has(table, flag_table[f].meaning);
    if (doubts(f))
      has(chart, "\nhollow\tomp:static\t1\t8\t");
    else
      has_not(chart, "hollow");
    has_not(chart, "\nhollow\tomp:static\t1\t4\t");
    if (flag_table[f].drawn)
      has_not(chart, "# note: wide");
    else if (!flag_table[f].breaks) {
      snprintf(row, sizeof row, "# note: %s%s: ", doubts(f) ? "hollow, " : "",
               flag_table[f].word);
      has(chart, row);
      has(chart, ": omp:static on 8\n");
    }
    free(table);
    free(chart);
    analysis_free(&a);
  }
}

static void no_flag_no_words(void **state) {
  (void)state;
  struct analysis a = make(COUNTS, 8, "");
  char *table = printed(report_table, &a), *chart = chart_of(&a, "cube-region");
  for (int f = 0; f < FLAGS; f++)
    has_not(table, flag_table[f].meaning);
  has_not(table, "Beware");
  has_not(chart, "hollow");
  has_not(chart, "# break");
  has_not(chart, "capacity");
  free(table);
  free(chart);
  analysis_free(&a);
}

/* The table shows the most workers alone. */
static void flags_out_of_sight_are_told(void **state) {
  (void)state;
  struct analysis a = make(COUNTS, 4, "drift");
  char *table = printed(report_table, &a);
  has_not(table, "omp:static ~");
  has(table,
      "fall over the rounds (at worker counts that are not in this table)\n");
  free(table);
  analysis_free(&a);
}

static void places_break_lines(void **state) {
  (void)state;
  struct analysis a = make(COUNTS, 8, "smt");
  a.run.siblings_from = 5;
  a.run.numa_from = 0;
  char *chart = chart_of(&a, "cube-program");
  has(chart, "# break: 5 SMT siblings\n");
  has_not(chart, "NUMA");
  has_not(chart, "# note: smt"); /* the break says it */
  free(chart);
  chart = chart_of(&a, "overview"); /* without lines */
  has(chart, "# note: smt: ");
  free(chart);
  analysis_free(&a);
}

static void capacity_stands_beside_the_ideal(void **state) {
  (void)state;
  struct analysis a = make(COUNTS, 8, "");
  add_capacity(&a);
  char *chart = chart_of(&a, "cube-region"), *table = printed(report_table, &a);
  has(chart, "law\tcapacity\t-1\t8\t6\t-\t-\n");
  has(chart, "# elsewhere: capacity: ");
  has(table, "8 CPUs at work together deliver 6.0× (5.6–6.4) of one");
  free(chart);
  free(table);
  chart = chart_of(&a, "cube-program");
  has_not(chart, "capacity");
  free(chart);
  a.workloads->waits = 1; /* waiting needs no CPU */
  chart = chart_of(&a, "cube-region");
  has_not(chart, "capacity");
  free(chart);
  analysis_free(&a);
  a = make(2, 0, ""); /* two counts: dots */
  add_capacity(&a);
  chart = chart_of(&a, "cube-region");
  has(chart, "# capacity: 1.500000000\n");
  free(chart);
  analysis_free(&a);
}

static void the_clock_is_taken_out_in_words(void **state) {
  (void)state;
  struct analysis a = make(COUNTS, 8, "clock-drop");
  a.results[COUNTS].clock_ratio = (struct interval){0.9, 0.89, 0.91};
  a.results[COUNTS].speedup_clock_adjusted = (struct interval){8.8, 8.7, 8.9};
  char *table = printed(report_table, &a);
  has(table, "omp:static on 8: region 8.00×; at the clock of one worker, "
             "8.80× (8.70–8.90) (the clock was at 90.0%)");
  free(table);
  analysis_free(&a);
}

/* What spoils a run, what was left out, both baselines, how. */
static void the_reader_learns_what_to_beware_of(void **state) {
  (void)state;
  struct analysis a = make(COUNTS, 8, "");
  a.run.warnings = strdup("It rained.");
  a.run.left_out = strdup("without fork:static");
  a.run.seed = 7;
  a.run.iterations = 3;
  char *table = printed(report_table, &a), *chart = chart_of(&a, "cube-region");
  has(table, "Beware: It rained.\n");
  has(table, "without fork:static");
  has(chart, "# elsewhere: It rained.\n");
  has(chart, "# elsewhere: left out, to stay within the budget: without fork");
  has(chart, "against serial (100 ms)");
  has(chart, "# elsewhere: with one worker: omp:static 100 ms\n");
  has(chart, " · seed 7");
  free(table);
  free(chart);
  table = printed(report_method, &a);
  has(table, "cube: serial 100 ms (90.0 ms–110 ms), program 200 ms");
  has(table, "with one worker: omp:static 100 ms (100 ms–100 ms)\n");
  has(table, "median of 3 timed regions");
  has(table, "(seed 7)");
  free(table);
  analysis_free(&a);
}

static void feet_say_how_workers_were_bound(void **state) {
  static const char *const cases[][2] = {
      {"cores", "m · b · bound, one worker per core"},
      {"spread", "m · b · bound, packages and nodes in turn"},
      {"close", "m · b · bound, siblings first"},
      {"none", "m · b · not bound"},
      {NULL, "m · b"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char bind[10], machine[] = "m", build[] = "b", text[REPORT_LINE];
    struct analysis analysis = {.run = {.seed = FIELD_NULL,
                                        .machine = machine,
                                        .build = build,
                                        .bind = cases[i][0] ? bind : NULL}};
    snprintf(bind, sizeof bind, "%s", cases[i][0] ? cases[i][0] : "");
    report_foot(&analysis, NULL, text);
    assert_string_equal(text, cases[i][1]);
  }
}

/* Off by a quarter and by a half in opposite directions: by sqrt(1.875) in the
 * mean. */
static void each_score_is_one_line(void **state) {
  (void)state;
  struct analysis a = distinct_analysis();
  size_t given = 0;
  char *text = printed(report_score, &a);
  assert_string_equal(text, "");
  free(text);
  for (size_t i = 0; i < a.result_count; i++) {
    struct result *r = &a.results[i];
    if (r->workers == 1 || given == 2)
      continue;
    double off = given++ ? log(1.5) : -log(1.25);
    r->program_law_residual = (struct interval){off, off - 0.01, off + 0.01};
    r->program_one_residual = (struct interval){0.01, -0.1, 0.1};
    r->program_ideal_residual = (struct interval){-log(2), -1, 0.001};
  }
  assert_int_equal(given, 2);
  text = printed(report_score, &a);
  assert_string_equal(
      text,
      "Predicted before the rounds, at 2 points: Amdahl's law is off by 36.9% "
      "in the mean, S = 1 by 1.01%, S = workers by 100%; within the measured "
      "interval at 0, 2 and 2.\n");
  free(text);
  struct result *one = &a.results[3]; /* four workers */
  one->region_law_residual = (struct interval){log(1.5), -1, 1};
  one->speedup_abs = (struct interval){2, 1, 4};
  one->region_law_overheads_residual = (struct interval){0, -1, 1};
  text = printed(report_score, &a);
  assert_string_equal(
      text,
      "Predicted before the rounds, at 2 points: Amdahl's law is off by 36.9% "
      "in the mean, S = 1 by 1.01%, S = workers by 100%; within the measured "
      "interval at 0, 2 and 2.\n"
      "Of regions, at 1 point: the schedule's bound is off by 50.0% in the "
      "mean, S = 1 by 100%, S = workers by 100%; within the measured interval "
      "at 1, 1 and 1.\n"
      "Probed on several workers before the rounds, at 1 point: that bound "
      "with what teams and chunks cost is off by 0.00% in the mean, S = 1 by "
      "100%, S = workers by 100%; within the measured interval at 1, 1 and "
      "1.\n");
  free(text);
  analysis_free(&a);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_score_is_one_line),
      cmocka_unit_test(every_flag_has_its_mark_and_words),
      cmocka_unit_test(no_flag_no_words),
      cmocka_unit_test(flags_out_of_sight_are_told),
      cmocka_unit_test(places_break_lines),
      cmocka_unit_test(capacity_stands_beside_the_ideal),
      cmocka_unit_test(the_clock_is_taken_out_in_words),
      cmocka_unit_test(the_reader_learns_what_to_beware_of),
      cmocka_unit_test(feet_say_how_workers_were_bound),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

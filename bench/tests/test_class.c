/* test_class.c: many machines that measured the same, made up here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/report/class.h"
#include "bench/tests/text_fixture.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RUNS = 12 };
static const double speeds[RUNS] = {5, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12};

static struct interval around(double x) {
  return (struct interval){x, x * 0.99, x * 1.01};
}

static void add_result(struct analysis *analysis, const char *requested,
                       int64_t workers, double speed) {
  struct result *r = &analysis->results[analysis->result_count++];
  fields_clear(result_fields, r);
  r->workload = strdup("cube");
  r->kernel = strdup("cube");
  r->variant = strdup(requested);
  r->requested = strdup(requested);
  r->workers = workers;
  r->size = 1000;
  r->items_per_s = around(speed * (double)workers);
  r->speedup_abs = around((double)workers);
  r->oversubscribed = 0;
}

/* A machine of that speed, with 2 CPUs, or 4 where it is fast. */
static struct analysis make(double speed) {
  struct analysis analysis = {.workloads =
                                  calloc(1, sizeof(*analysis.workloads)),
                              .results = calloc(3, sizeof(*analysis.results)),
                              .workload_count = 1};
  int64_t cpus = speed > 6 ? 4 : 2;
  assert_non_null(analysis.workloads);
  assert_non_null(analysis.results);
  fields_clear(run_fields, &analysis.run);
  fields_clear(workload_fields, analysis.workloads);
  analysis.run.usable_cpus = cpus;
  analysis.workloads->workload = strdup("cube");
  analysis.workloads->kernel = strdup("cube");
  analysis.workloads->title = strdup("Cube mapping");
  analysis.workloads->size = 1000;
  add_result(&analysis, "serial", 1, speed);
  add_result(&analysis, "omp:static", 2, speed);
  if (cpus > 2)
    add_result(&analysis, "omp:static", cpus, speed);
  return analysis;
}

struct made {
  struct analysis analyses[RUNS];
  const struct analysis *runs[RUNS];
  char names[RUNS][16];
  const char *list[RUNS];
  struct class class;
};

static void begin(struct made *made) {
  for (size_t k = 0; k < RUNS; k++) {
    made->analyses[k] = make(speeds[k]);
    made->runs[k] = &made->analyses[k];
    /* In no order. */
    snprintf(made->names[k], sizeof made->names[k], "laptop%zu",
             (k * 5) % RUNS + 1);
    made->list[k] = made->names[k];
  }
}

static void end(struct made *made) {
  class_free(&made->class);
  for (size_t k = 0; k < RUNS; k++)
    analysis_free(&made->analyses[k]);
}

/* Of 1 to 12: median 6.5, quartiles 3.75 and 9.25; 5 is the eighth. */
static void a_run_stands_where_it_is(void **state) {
  static struct made made;
  (void)state;
  begin(&made);
  assert_int_equal(class_make(made.runs, RUNS, 0, &made.class), 0);
  const struct class_values *one = &made.class.rows[0].of[CLASS_ONE];
  assert_int_equal(made.class.row_count, 1);
  assert_int_equal(one->count, RUNS);
  assert_int_equal(one->place, 8);
  assert_true(one->spread.median == 6.5);
  assert_true(one->spread.low == 3.75 && one->spread.high == 9.25);
  assert_true(made.class.scores[CLASS_ONE][0] == 5 / 6.5);
  /* At its own most workers: 10 of 2, ..., 12 of 2, and 28 to 48 of 4. */
  assert_true(made.class.rows[0].of[CLASS_ALL].spread.median == 20);
  assert_true(made.class.scores[CLASS_SPEEDUP][0] == 2);
  assert_true(made.class.scores[CLASS_SPEEDUP][11] == 4);
  end(&made);
}

/* Of another size, or without the workload: not among them. */
static void other_problems_are_left_out(void **state) {
  static struct made made;
  char *text;
  (void)state;
  begin(&made);
  made.analyses[1].workloads->size = 1001;
  made.analyses[2].workloads->workload[0] = 'C';
  assert_int_equal(class_make(made.runs, RUNS, 0, &made.class), 0);
  assert_int_equal(made.class.rows[0].of[CLASS_ONE].count, RUNS - 2);
  assert_int_equal(made.class.rows[0].other_problems, 1);
  FILE *out = text_open(&text);
  class_report(&made.class, made.list, out);
  fclose(out);
  has(text, "cube: 1 of 12 runs are not comparable with yours: ");
  free(text);
  end(&made);
}

/* Others had the CPUs of one's own run, and of another. */
static void spoilt_runs_are_marked(void **state) {
  static struct made made;
  char *text;
  (void)state;
  begin(&made);
  made.analyses[0].results[1].flags = strdup("contended");
  made.analyses[3].run.steal_share = 0.5;
  assert_int_equal(class_make(made.runs, RUNS, 0, &made.class), 0);
  const struct class_row *row = &made.class.rows[0];
  assert_false(row->of[CLASS_ONE].spoilt[0]);
  assert_true(row->of[CLASS_ALL].spoilt[0] && row->of[CLASS_SPEEDUP].spoilt[0]);
  assert_true(row->of[CLASS_ONE].spoilt[3]);
  assert_int_equal(class_spoilt(&made.class, 0), 1);
  assert_int_equal(class_spoilt(&made.class, 1), 0);
  FILE *out = text_open(&text);
  class_report(&made.class, made.list, out);
  fclose(out);
  has(text, "> laptop1 ‡ ");
  has(text, "  laptop4 ‡ ");
  has_not(text, "laptop2 ‡");
  has(text, "‡ 2 of 12 runs, and yours among them: others used the machine");
  free(text);
  json_t *json = class_json(&made.class, made.list);
  json_t *run = json_array_get(json_object_get(json, "runs"), 0);
  json_t *point = json_array_get(json_object_get(json, "points"), 3);
  assert_int_equal(json_integer_value(json_object_get(run, "spoilt_workloads")),
                   1);
  assert_true(json_is_true(json_object_get(point, "spoilt")));
  json_decref(json);
  end(&made);
}

static void rows_are_in_natural_order(void **state) {
  static struct made made;
  char *text;
  (void)state;
  begin(&made);
  assert_int_equal(class_make(made.runs, RUNS, 0, &made.class), 0);
  FILE *out = text_open(&text);
  class_report(&made.class, made.list, out);
  fclose(out);
  has(text, "12 runs; yours (>): laptop1\n");
  has(text, "cube           6.50 /s  8 of 12   20.0 /s  8 of 12    3.00×\n");
  has(text, "> laptop1      2   0.769×    0.500×    2.00×\n");
  has_not(text, "comparable");
  const char *before = text;
  for (int i = 1; i <= RUNS; i++) {
    char name[24];
    snprintf(name, sizeof name, " laptop%d ", i);
    const char *at = strstr(before, name);
    if (!at)
      fail_msg("%s is not in its place:\n%s", name, text);
    before = at;
  }
  free(text);
  end(&made);
}

/* A dot a run, one for all, and one's own; each with a look of its own. */
static void charts_hold_a_dot_a_run(void **state) {
  static struct made made;
  char folder[] = "/tmp/test_class.XXXXXX", path[256], text[1 << 14];
  struct problem problem = {""};
  (void)state;
  begin(&made);
  assert_non_null(mkdtemp(folder));
  struct charts charts = {.folder = folder};
  assert_int_equal(class_make(made.runs, RUNS, 0, &made.class), 0);
  assert_int_equal(class_chart_data(&made.class, made.list, &charts, &problem),
                   0);
  assert_int_equal(charts.count, CLASS_QUANTITIES);
  assert_string_equal(charts.list[0].name, "class-one");
  for (size_t i = 0; i < charts.count; i++) {
    snprintf(path, sizeof path, "%s/%s.tsv", folder, charts.list[i].name);
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    text[fread(text, 1, sizeof text - 1, in)] = '\0';
    fclose(in);
    unlink(path);
    size_t dots = 0;
    for (const char *at = text;
         (at = strstr(at, "\nraw\tcube\teach run\t12\t")); at++)
      dots++;
    assert_int_equal(dots, RUNS);
    has(text, i == 2 ? "\npoint\tcube\tmedian and quartiles\t13\t3\t2\t4\n"
                     : "\npoint\tcube\tmedian and quartiles\t13\t1\t0.");
    has(text, i == 2 ? "\npoint\tcube\tyours\t2\t2\t1.98\t2.02\n"
                     : "\npoint\tcube\tyours\t2\t0.");
    has(text, i == 0 ? "# title: One CPU: yours is at 0.769× the speed of the "
                       "median of 12 runs\n"
                     : "# title: ");
  }
  rmdir(folder);
  charts_free(&charts);
  end(&made);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_run_stands_where_it_is),
      cmocka_unit_test(other_problems_are_left_out),
      cmocka_unit_test(spoilt_runs_are_marked),
      cmocka_unit_test(rows_are_in_natural_order),
      cmocka_unit_test(charts_hold_a_dot_a_run),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

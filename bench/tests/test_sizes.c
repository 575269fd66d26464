/* test_sizes.c: size as an axis: as text, in a plan, in its file, and each size
 * beside its own serial. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/analyze/prediction.h"
#include "bench/analyze/roofline.h"
#include "bench/analyze/verdict.h"
#include "bench/analyze/versus.h"
#include "bench/plan/plan.h"
#include "bench/plan/sizes.h"
#include "bench/plan/text.h"
#include "bench/report/titles.h"
#include "bench/tests/run_fixture.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/* ---- text ---------------------------------------------------------------- */

/* What is read, written again; NULL: refused, with these words. */
static void lists_are_read(void **state) {
  (void)state;
  static const struct {
    const char *text, *read, *refused;
  } cases[] = {
      {"1000,2000", "1000 2000", NULL},
      {"2000,1000,2000", "1000 2000", NULL},
      {"1k..8k", "1k 2k 4k 8k", NULL},
      {"1k..1M,3000", "1k 2k 3000 4k 8k 16k 32k 64k 128k 256k 512k 1M", NULL},
      {"3..20", "3 6 12", NULL},
      {"7..7", "7", NULL},
      {"1024,1k,1048576", "1k 1M", NULL},
      {"0", NULL, "'0' is no number of items"},
      {"", NULL, "'' is empty"},
      {"1,,2", NULL, "'' is empty"},
      {"5K", NULL, "'5K' is no number of items"},
      {"k", NULL, "'k' is no number of items"},
      {"-1", NULL, "'-1' is no number of items"},
      {"1kk", NULL, "'1kk' is no number of items"},
      {"10,4k..1k", NULL, "'4k..1k' begins above its end"},
      {"1..", NULL, "'1..' is no range"},
      {"1..2..3", NULL, "'1..2..3' is no range"},
      {"9223372036854775808", NULL, "is no number of items"},
      {"8796093022208M", NULL, "is no number of items"},
      {"1..8796093022207M,3", NULL, "more than 63 sizes"},
  };
  for (size_t i = 0; i < LENGTH(cases); i++) {
    uint64_t sizes[SIZES_MAX];
    size_t count;
    char text[SIZES_MAX * SIZES_TEXT], one[SIZES_TEXT];
    struct text list = TEXT_BEGIN(text);
    struct problem problem = {""};
    int status = sizes_parse(cases[i].text, sizes, &count, &problem);
    if (cases[i].refused) {
      assert_int_equal(status, PROBLEM_USAGE);
      if (!strstr(problem.text, cases[i].refused))
        fail_msg("%s: %s", cases[i].text, problem.text);
      continue;
    }
    assert_int_equal(status, 0);
    for (size_t k = 0; k < count; k++)
      text_add(&list, "%s%s", k ? " " : "", sizes_format(sizes[k], one));
    assert_string_equal(text, cases[i].read);
  }
}

/* ---- a plan -------------------------------------------------------------- */

static int begin_plan(void **state) {
  *state = calloc(2, sizeof(struct plan));
  return *state ? 0 : -1;
}

static int end_plan(void **state) {
  struct plan *plans = *state;
  plan_free(&plans[0]);
  plan_free(&plans[1]);
  free(plans);
  return 0;
}

/* Two workloads, serial and omp:static on 1 and 2, at three sizes. */
static void fill_plan(struct plan *plan) {
  static const uint64_t sizes[] = {1000, 2000, 4000};
  struct problem problem = {""};
  plan->counts[0] = plan->waiting[0] = 1;
  plan->counts[1] = plan->waiting[1] = 2;
  plan->count_count = plan->waiting_count = 2;
  plan->usable_cpus = plan->cores = 2;
  plan->iterations = plan->rounds = 1;
  assert_int_equal(plan_add_workload(plan, "cube", &problem), 0);
  assert_int_equal(plan_add_workload(plan, "spin/serial=0.5", &problem), 0);
  assert_int_equal(plan_add_variant(plan, "serial", &problem), 0);
  assert_int_equal(plan_add_variant(plan, "omp:static", &problem), 0);
  assert_false(plan_has_sizes(plan));
  assert_int_equal(
      plan_give_sizes(plan, sizes, LENGTH(sizes), "--sizes", &problem), 0);
  assert_int_equal(plan_list_points(plan, &problem), 0);
}

static void every_point_is_listed_at_every_size(void **state) {
  struct plan *plan = *state;
  struct problem problem = {""};
  size_t found = 0;
  fill_plan(plan);
  assert_true(plan_has_sizes(plan));
  assert_int_equal(plan_count_workloads(plan), 2);
  assert_int_equal(plan->result_count, 2 * 3 * 3);
  for (size_t i = 0; i < plan->result_count; i++) {
    const struct point *p = &plan->points[i];
    const struct plan_workload *of = plan_find_workload(plan, p);
    assert_int_equal(of->size, p->size);
    assert_true(of->fixed);
    assert_string_equal(of->target, "not sought: --sizes was given");
    found += p->size == 2000 && p->workers == 2;
  }
  assert_int_equal(found, 2);
  /* One size in place of them. */
  const uint64_t one = 77;
  assert_int_equal(plan_give_sizes(plan, &one, 1, "--size", &problem), 0);
  assert_int_equal(plan->workload_count, 2);
  assert_false(plan_has_sizes(plan));
  assert_int_equal(plan_add_workload(plan, "cube", &problem), PROBLEM_USAGE);
}

static void sizes_come_back_from_a_file(void **state) {
  struct plan *plan = *state, *again = plan + 1;
  struct problem problem = {""};
  char path[] = "/tmp/test_sizes.XXXXXX";
  close(mkstemp(path));
  fill_plan(plan);
  assert_int_equal(plan_write(plan, path, &problem), 0);
  assert_int_equal(plan_read_like(again, path, &problem), 0);
  assert_int_equal(again->workload_count, 6);
  for (size_t s = 0; s < 6; s++) {
    assert_string_equal(again->workloads[s].workload->name,
                        plan->workloads[s].workload->name);
    assert_int_equal(again->workloads[s].size, plan->workloads[s].size);
  }
  plan_free(again);
  assert_int_equal(plan_read(again, path, &problem), 0);
  assert_int_equal(again->result_count, plan->result_count);
  for (size_t i = 0; i < plan->result_count; i++)
    assert_int_equal(again->points[i].size, plan->points[i].size);
  unlink(path);
}

/* ---- what follows from records ------------------------------------------- */

static void add(struct run *run, int64_t round, const char *variant,
                int64_t workers, int64_t size, double region_s,
                double serial_share) {
  struct record *r =
      run_add(run, round ? "round" : "pilot", round ? round : FIELD_NULL,
              "cube", variant, workers);
  r->size = size;
  r->region_s = r->region_first_s = region_s;
  r->program_s = region_s / (1 - serial_share);
  r->setup_s = r->program_s * serial_share;
  r->start_s = r->touch_s = r->finish_s = r->close_s = 0;
  r->wall_s = 2 * r->program_s;
}

/* Speedups of 0.5 at 1000, 1.5 at 4000 and 2 at 2000; serial fractions of a
 * half, an eighth and a quarter. */
static void fill_run(struct run *run) {
  run_empty(run);
  for (int64_t i = 0; i < 6; i++) {
    add(run, 0, "serial", 1, 1000, 1, 0.5);
    add(run, 0, "serial", 1, 2000, 4, 0.25);
    add(run, 0, "serial", 1, 4000, 9, 0.125);
  }
  for (int64_t i = 1; i <= 6; i++) {
    add(run, i, "omp:static", 2, 4000, 6, 0);
    add(run, i, "omp:static", 2, 1000, 2, 0);
    add(run, i, "omp:static", 2, 2000, 2, 0);
    add(run, i, "serial", 1, 2000, 4, 0);
    add(run, i, "serial", 1, 4000, 9, 0);
    add(run, i, "serial", 1, 1000, 1, 0);
  }
  run_analyse(run, NULL);
}

static void near(double actual, double expected) {
  if (!(fabs(actual - expected) <= 1e-12))
    fail_msg("%.17g expected, got %.17g", expected, actual);
}

static void each_size_has_its_own_serial(void **state) {
  static const struct {
    int64_t size;
    double serial_s, speedup, fraction;
  } expected[] = {
      {1000, 1, 0.5, 0.5}, {2000, 4, 2, 0.25}, {4000, 9, 1.5, 0.125}};
  struct run *run = *state;
  const struct analysis *a = &run->analysis;
  fill_run(run);
  assert_int_equal(a->workload_count, 3);
  assert_int_equal(a->result_count, 6);
  for (size_t s = 0; s < 3; s++) {
    const struct workload_result *workload = &a->workloads[s];
    const struct result *two = analysis_find_of(a, workload, "omp:static", 2);
    assert_int_equal(workload->size, expected[s].size);
    assert_true(workload->sized);
    assert_true(analysis_is_largest(a, workload) == (s == 2));
    near(workload->serial_region_s.median, expected[s].serial_s);
    near(workload->serial_fraction.median, expected[s].fraction);
    assert_non_null(two);
    assert_int_equal(two->size, expected[s].size);
    assert_int_equal(two->n, 6);
    near(two->speedup_abs.median, expected[s].speedup);
    near(two->speedup_abs.low, expected[s].speedup);
    assert_ptr_equal(analysis_workload_of(a, two), workload);
  }
}

/* Under weak scaling the size follows from the workers: it is no axis. */
static void weak_scaling_has_one_size(void **state) {
  struct run *run = *state;
  run_empty(run);
  for (int64_t i = 1; i <= 6; i++) {
    add(run, i, "serial", 1, 1000, 1, 0);
    add(run, i, "omp:static", 1, 1000, 1, 0);
    add(run, i, "omp:static", 2, 2000, 1, 0);
    add(run, i, "omp:static", 4, 4000, 2, 0);
  }
  run_analyse(run, NULL);
  assert_int_equal(run->analysis.workload_count, 1);
  assert_false(run->analysis.workloads[0].sized);
  near(run_find(run, "cube", "omp:static", 2)->speedup_abs.median, 2);
  near(run_find(run, "cube", "omp:static", 4)->speedup_abs.median, 2);
}

static void predictions_are_of_a_size(void **state) {
  struct run *run = *state;
  char path[] = "/tmp/test_sizes.XXXXXX";
  struct problem problem = {""};
  const uint32_t workers[] = {1, 2};
  const struct prediction_counts counts = {workers, 2, false};
  close(mkstemp(path));
  fill_run(run);
  assert_int_equal(prediction_write(&run->records, &counts, path, &problem), 0);
  json_t *json = json_load_file(path, 0, NULL);
  unlink(path);
  const json_t *list = json_object_get(json, "predictions");
  assert_int_equal(json_array_size(list), 3);
  const json_t *second = json_array_get(list, 1);
  assert_int_equal(json_integer_value(json_object_get(second, "size")), 2000);
  near(json_number_value(json_object_get(
           json_object_get(second, "serial_fraction"), "median")),
       0.25);
  json_decref(json);
}

/* Of sizes that were given, some may be so small that a region is mostly fork
 * and join: its time hardly grows, and says nothing of the kernel. */
static void short_regions_do_not_refuse_a_kernel(void **state) {
  struct run *run = *state;
  run_empty(run);
  for (int64_t size = 1; size <= 1024; size *= 32) {
    struct record *r =
        run_add(run, "calibration", FIELD_NULL, "cube", "serial", 1);
    r->size = size;
    r->region_s = 1e-7 + 3e-10 * (double)size;
  }
  assert_true(roofline_growth(&run->records, "cube", false).ratio < 1.25);
  assert_true(isnan(roofline_growth(&run->records, "cube", true).ratio));
  for (size_t i = 0; i < run->records.count; i++) /* long enough to tell */
    run->list[i].region_s *= 1000;
  assert_true(roofline_growth(&run->records, "cube", true).ratio < 1.25);
}

/* Of each size its program's speedup, and the p of that. */
static void says_of_sizes(struct analysis *a, const double speedups[3],
                          const double p[3], const char *expected) {
  char text[REPORT_LINE];
  for (size_t i = 0; i < a->result_count; i++) {
    struct result *r = &a->results[i];
    int size = r->size == 1000 ? 0 : r->size == 2000 ? 1 : 2;
    double s = speedups[size];
    r->program_speedup = (struct interval){s, 0.9 * s, 1.1 * s};
    r->program_speedup_p = p[size];
    r->program_law = INTERVAL_NULL;
    r->program_law_p = (double)NAN;
    r->program_ratios.count = 9;
  }
  assert_int_equal(verdicts_settle(a), 0);
  title_sizes(a, &a->workloads[0], SCOPE_PROGRAM, text);
  assert_string_equal(text, expected);
}

static void a_title_says_from_where_on(void **state) {
#define TITLE "Cube mapping, 2 workers: "
  static const double sure[] = {0.001, 0.001, 0.001}, no[] = {0.5, 0.5, 0.5},
                      but_one[] = {0.001, 0.5, 0.001};
  struct run *run = *state;
  char text[REPORT_LINE];
  fill_run(run);
  struct analysis *a = &run->analysis;
  says_of_sizes(a, (double[]){0.8, 1.2, 1.5}, sure,
                TITLE "threads gain from 2000 on, 1.50× at 4000");
  says_of_sizes(a, (double[]){3, 3, 3}, but_one, /* not from 1000 on */
                TITLE "threads gain from 4000 on, 3.00× at 4000");
  says_of_sizes(a, (double[]){3, 3, 3}, sure,
                TITLE "threads gain at all 3 sizes, 3.00× at 4000");
  says_of_sizes(a, (double[]){0.75, 0.75, 0.75}, sure,
                TITLE "threads lose at all 3 sizes, 0.75× at 4000");
  says_of_sizes(a, (double[]){0.75, 0.75, 1.25}, no,
                TITLE "no gain of threads is shown at any of 3 sizes, 1.25× at "
                      "4000");
  /* regions get no verdicts, nor do too few trials */
  title_sizes(a, &a->workloads[2], SCOPE_REGION, text);
  assert_string_equal(text, TITLE "threads reach 1.50× at 4000");
  for (size_t i = 0; i < a->result_count; i++)
    a->results[i].program_ratios.count = 6;
  title_sizes(a, &a->workloads[0], SCOPE_PROGRAM, text);
  assert_string_equal(text, TITLE "threads reach 1.25× at 4000");
}

/* A run of several sizes beside one: only that size has something to be
 * compared with. */
static void runs_are_compared_size_by_size(void **state) {
  struct run *run = *state;
  fill_run(run);
  struct analysis *a = &run->analysis;
  struct workload_result one = a->workloads[1];
  struct result results[2];
  size_t count = 0;
  for (size_t i = 0; i < a->result_count; i++)
    if (a->results[i].size == 2000)
      results[count++] = a->results[i];
  one.sized = false;
  struct analysis other = {.run = a->run,
                           .workloads = &one,
                           .workload_count = 1,
                           .results = results,
                           .result_count = 2};
  assert_int_equal(count, 2);
  assert_null(versus_workload(&other, &a->workloads[0]));
  assert_ptr_equal(versus_workload(&other, &a->workloads[1]), &one);
  assert_ptr_equal(versus_workload(a, &one), &a->workloads[1]);
  for (size_t i = 0; i < a->result_count; i++) {
    const struct result *r = &a->results[i];
    const struct result *beside =
        versus_find(&other, analysis_workload_of(a, r), r);
    assert_true((beside != NULL) == (r->size == 2000));
  }
  one.size = 3000; /* neither is there now */
  assert_null(versus_workload(&other, &a->workloads[1]));
  assert_null(versus_workload(a, &one));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lists_are_read),
      cmocka_unit_test_setup_teardown(every_point_is_listed_at_every_size,
                                      begin_plan, end_plan),
      cmocka_unit_test_setup_teardown(sizes_come_back_from_a_file, begin_plan,
                                      end_plan),
      IN_RUN(each_size_has_its_own_serial),
      IN_RUN(weak_scaling_has_one_size),
      IN_RUN(predictions_are_of_a_size),
      IN_RUN(short_regions_do_not_refuse_a_kernel),
      IN_RUN(a_title_says_from_where_on),
      IN_RUN(runs_are_compared_size_by_size),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

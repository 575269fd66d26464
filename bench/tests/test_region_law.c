/* test_region_law.c: what a region's speedup can be at most, from the pilot's
 * profiles alone: by hand, and on simulated machines, where the schedule's
 * bound is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/analyze/region_law.h"
#include "bench/analyze/score.h"
#include "bench/tests/analysis_fixture.h"
#include "bench/tests/simulated_fixture.h"

#include <stdlib.h>
#include <unistd.h>

static const char cube[] = "cube/first=3";

static void near_to(struct interval x, double expected) {
  near(x.median, expected, 1e-9 * expected);
  near(x.low, expected, 1e-9 * expected);
  near(x.high, expected, 1e-9 * expected);
}

/* Blocks of 1000 items that take 1 to 8 s, the last of them longer. */
static void give_profile(struct record *r, double longer_s) {
  r->profile_s = numbers_of(8, 0);
  for (int k = 0; k < 8; k++)
    r->profile_s.values[k] = k + 1 + (k == 7 ? longer_s : 0);
}

/* Three speedups of each of the points; on two workers 1.3, on four 3. */
static void fill_run_of(struct run *run, const double *longer_s) {
  static const char *const variants[] = {"omp:static", "omp:dynamic,125"};
  run_empty(run);
  for (int i = 0; i < 6; i++) {
    give_profile(add(run, PILOT, "serial", 1, 1), longer_s[i]);
    add(run, PILOT, "omp:static", 1, 1);
    add(run, PILOT, "copies", 1, 1);
    add(run, i + 1, "serial", 1, 1);
    add(run, i + 1, "copies", 2, 1);
    for (int v = 0; v < 2; v++) {
      add(run, i + 1, variants[v], 2, 1 / (1.29 + 0.01 * (i % 3)));
      add(run, i + 1, variants[v], 4, 1 / (2.9 + 0.1 * (i % 3)));
    }
  }
  analyse(run);
}

static const double alike_s[6] = {0, 0, 0, 0, 0, 0};

static void the_bound_is_that_of_the_schedule(void **state) {
  struct run *run = *state;
  fill_run_of(run, alike_s);
  const struct result *two = find(run, "omp:static", 2);
  near_to(two->region_law, 36.0 / 26);
  near_to(find(run, "omp:static", 4)->region_law, 36.0 / 15);
  near_to(find(run, "omp:dynamic,125", 2)->region_law, 36.0 / 20);
  near_to(find(run, "omp:dynamic,125", 4)->region_law, 36.0 / 12);
  near(two->region_law_residual.median, log(1.3 * 26 / 36), 1e-9);
  near(two->region_law_residual.low, log(1.29 * 26 / 36), 1e-9);
  near(two->region_law_residual.high, log(1.31 * 26 / 36), 1e-9);
  assert_true(isnan(find(run, "serial", 1)->region_law.median));
  assert_true(isnan(find(run, "serial", 1)->region_law_residual.median));
  assert_true(isnan(find(run, "copies", 2)->region_law.median));
}

/* The median of six trials, and the ends of all. */
static void pilots_that_differ_make_an_interval(void **state) {
  static const double longer_s[6] = {0, 0, 0, 0, 18, 36};
  struct run *run = *state;
  fill_run_of(run, longer_s);
  struct interval law = find(run, "omp:static", 2)->region_law;
  near(law.median, 36.0 / 26, 1e-12);
  near(law.high, 36.0 / 26, 1e-12);
  assert_true(law.low < law.median && law.low >= 72.0 / 62);
}

/* Whatever the rounds, another phase, size or workload, or a trial that failed
 * may say. */
static void it_knows_the_pilot_alone(void **state) {
  struct run *run = *state;
  struct record *others[5];
  fill_run_of(run, alike_s);
  for (size_t i = 0; i < run->records.count; i++)
    if (!record_is_in(&run->list[i], "pilot"))
      give_profile(&run->list[i], 500);
  for (int i = 0; i < 5; i++)
    give_profile(others[i] = add(run, PILOT, "serial", 1, 1), 500);
  set(&others[0]->status, "failed");
  set(&others[1]->phase, "calibration");
  set(&others[2]->workload, "cube");
  others[3]->workers = 2;
  set(&others[4]->requested, "omp:static");
  struct region_law_point point = {cube,         0,    "omp:static",
                                   "omp:static", 1000, 2};
  near_to(region_law(&run->records, &point), 36.0 / 26);
  point.workload = "spin";
  assert_true(isnan(region_law(&run->records, &point).median));
  point.workload = cube;
  others[3]->workers = 1;
  others[3]->size = 5000;
  point.size = 1000;
  near_to(region_law(&run->records, &point), 36.0 / 26);
  point.size = 5000;
  near(region_law(&run->records, &point).median, 536.0 / 526, 1e-9);
}

/* Under weak scaling the profile is that of as many more items; a chunk stays
 * what it is. */
static void more_items_have_the_same_profile(void **state) {
  struct run *run = *state;
  fill_run_of(run, alike_s);
  struct region_law_point point = {cube,         0,    "omp:static",
                                   "omp:static", 2000, 2};
  near_to(region_law(&run->records, &point), 36.0 / 26);
  point.variant = "omp:dynamic,250";
  near_to(region_law(&run->records, &point), 36.0 / 20);
  point.variant = "omp:dynamic"; /* with what chunk? */
  assert_true(isnan(region_law(&run->records, &point).median));
  point.variant = "no variant";
  assert_true(isnan(region_law(&run->records, &point).median));
}

/* Chunks of 4096 cubes: all 1000 are one; so are the ends of spin's 16. */
static void what_dynamic_could_win_is_told(void **state) {
  struct run *run = *state;
  fill_run_of(run, alike_s);
  near(find(run, "omp:static", 2)->region_law_dynamic_gain, 26.0 / 36, 1e-9);
  for (size_t i = 0; i < run->records.count; i++) {
    set(&run->list[i].workload, "spin");
    set(&run->list[i].kernel, "spin");
  }
  analyse(run);
  const struct result *r = run_find(run, "spin", "omp:static", 2);
  assert_true(r->region_law_dynamic_gain > 1.42 &&
              r->region_law_dynamic_gain <= 26.0 / 18);
  assert_true(
      isnan(run_find(run, "spin", "serial", 1)->region_law_dynamic_gain));
  for (size_t i = 0; i < run->records.count; i++)
    set(&run->list[i].workload, "somebody's");
  analyse(run);
  r = run_find(run, "somebody's", "omp:static", 2);
  near_to(r->region_law, 36.0 / 26);
  assert_true(isnan(r->region_law_dynamic_gain));
}

/* 1.3 beside 36/26 and 2, 3 beside 36/15 and 4, and beside 1; dynamic beside
 * 36/20 and 36/12, which is within what was measured. */
static void bounds_are_scored(void **state) {
  struct run *run = *state;
  fill_run_of(run, alike_s);
  struct scores scores = score_regions(&run->analysis);
  assert_int_equal(scores.points, 4);
  double off = log(36.0 / 26 / 1.3) + log(3 * 15 / 36.0) + log(1.8 / 1.3);
  near(scores.law.off, expm1(off / 4), 1e-9);
  near(scores.one.off, sqrt(1.3 * 3) - 1, 1e-9);
  near(scores.ideal.off, sqrt(2 / 1.3 * 4 / 3) - 1, 1e-9);
  assert_int_equal(scores.law.held, 1);
  assert_int_equal(scores.one.held, 0);
  assert_int_equal(scores.ideal.held, 0);
  for (size_t i = 0; i < run->analysis.result_count; i++)
    run->analysis.results[i].oversubscribed = 1;
  assert_int_equal(score_regions(&run->analysis).points, 0);
}

/* An empty region takes 2 s with two workers: 36 s in 28 instead of 26. */
static void add_empty(struct run *run, const char *variant, int64_t workers,
                      double region_s) {
  struct record *r =
      run_add(run, "empty", FIELD_NULL, "null", variant, workers);
  r->requested = strdup(variant);
  r->region_s = region_s;
  r->size = workers;
}

static void overheads_come_on_top(void **state) {
  struct run *run = *state;
  fill_run_of(run, alike_s);
  add_empty(run, "omp:static", 1, 100);
  add_empty(run, "pool:static", 2, 100);
  add_empty(run, "omp:static", 2, 100);
  set(&run->list[run->records.count - 1].status, "failed");
  add_empty(run, "omp:static", 2, 2);
  analyse(run);
  const struct result *two = find(run, "omp:static", 2);
  near_to(two->region_law, 36.0 / 26);
  near_to(two->region_law_overheads, 36.0 / 28);
  near(two->region_law_overheads_residual.high, log(1.31 * 28 / 36), 1e-9);
  assert_true(
      isnan(find(run, "omp:dynamic,125", 2)->region_law_overheads.median));
  assert_true(isnan(find(run, "omp:static", 4)->region_law_overheads.median));
  assert_int_equal(run->analysis.workload_count, 1); /* no result of its own */
  struct scores scores = score_overheads(&run->analysis);
  assert_int_equal(scores.points, 1);
  near(scores.law.off, 1.3 * 28 / 36 - 1, 1e-9);
  near(scores.ideal.off, 2 / 1.3 - 1, 1e-9);
}

/* Eight chunks, between which the pilot's one worker waits for 7 s in each
 * region: with two workers each has three more than its first, with four one;
 * besides 2 s of an empty region. */
static void chunks_come_on_top(void **state) {
  static const double dispatch_s[6] = {7, 7, 14, 14, 7, 21};
  struct run *run = *state;
  fill_run_of(run, alike_s);
  for (int i = 0; i < 6; i++) {
    struct record *r = add(run, PILOT, "omp:dynamic,125", 1, 1);
    r->program_sums.regions = i < 2 ? 1 : 2;
    r->program_sums.dispatch_s = dispatch_s[i];
  }
  add_empty(run, "omp:static", 2, 2);
  add_empty(run, "omp:dynamic,125", 2, 2);
  add_empty(run, "omp:dynamic,125", 4, 2);
  analyse(run);
  near_to(find(run, "omp:static", 2)->region_law_overheads, 36.0 / 28);
  near_to(find(run, "omp:dynamic,125", 2)->region_law_overheads, 36.0 / 25);
  near_to(find(run, "omp:dynamic,125", 4)->region_law_overheads, 36.0 / 15);
  near_to(find(run, "omp:dynamic,125", 4)->region_law, 36.0 / 12);
}

/* ---- prediction.json ----------------------------------------------------- */

static json_t *written(const struct run *run,
                       const struct prediction_counts *counts) {
  char path[] = "/tmp/test_region_law.XXXXXX";
  struct problem problem = {""};
  close(mkstemp(path));
  assert_int_equal(prediction_write(&run->records, counts, path, &problem), 0);
  json_t *json = json_load_file(path, 0, NULL);
  unlink(path);
  assert_non_null(json);
  return json;
}

static void bounds_are_written_before_the_rounds(void **state) {
  static const uint32_t workers[] = {1, 4};
  static const struct prediction_counts counts = {workers, 2, false};
  struct run *run = *state;
  fill_run_of(run, alike_s);
  add_empty(run, "omp:static", 4, 3);
  json_t *json = written(run, &counts);
  const json_t *list = json_object_get(json, "predictions");
  assert_int_equal(json_array_size(list), 2);
  const json_t *serial =
                   json_object_get(json_array_get(list, 0), "region_bound"),
               *threads =
                   json_object_get(json_array_get(list, 1), "region_bound");
  assert_true(json_is_null(json_object_get(json_array_get(serial, 1), "low")));
  for (size_t i = 0; i < 2; i++) {
    static const char *const keys[] = {"low", "median", "high"};
    const json_t *at = json_array_get(threads, i);
    assert_int_equal(json_integer_value(json_object_get(at, "workers")),
                     workers[i]);
    for (size_t k = 0; k < 3; k++)
      near(json_real_value(json_object_get(at, keys[k])), i ? 2.4 : 1, 1e-9);
  }
  const json_t *costly = json_array_get(
      json_object_get(json_array_get(list, 1), "region_with_overheads"), 1);
  near(json_real_value(json_object_get(costly, "median")), 2, 1e-9);
  json_decref(json);
}

/* ---- on simulated machines ----------------------------------------------- */

enum { MANY_ITEMS = 256 * 4096 };

/* Whatever is serial in the program, its region is shared evenly. */
static void regions_of_even_work_are_bound_by_the_workers(void **state) {
  static const char *const workloads[] = {"spin/serial=0.05", "spin/serial=0.1",
                                          "spin/serial=0.25",
                                          "spin/serial=0.5"},
                           *const variants[] = {"omp:static", "omp:dynamic,16",
                                                "pool:guided,16"};
  (void)state;
  for (size_t i = 0; i < 4; i++) {
    simulated_machine_init(&bed.description);
    bed_begin(&bed, workloads[i], 1);
    struct trial_request order = bed_order(&bed, "serial", 1, MANY_ITEMS);
    struct record pilot;
    struct problem problem;
    order.profile = 1024;
    assert_int_equal(
        bed.executor.base.run(&bed.executor.base, &order, &pilot, &problem), 0);
    pilot.phase = strdup("pilot");
    const struct records records = {.list = &pilot, .count = 1};
    for (uint32_t p = 1; p <= 256; p *= 2)
      for (size_t v = 0; v < 3; v++) {
        const struct region_law_point point = {
            workloads[i], 0, variants[v], variants[v], MANY_ITEMS, p};
        near(region_law(&records, &point).median, p, 1e-6 * p);
      }
    record_free(&pilot);
    bed_end(&bed);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_RUN(the_bound_is_that_of_the_schedule),
      IN_RUN(pilots_that_differ_make_an_interval),
      IN_RUN(it_knows_the_pilot_alone),
      IN_RUN(more_items_have_the_same_profile),
      IN_RUN(what_dynamic_could_win_is_told),
      IN_RUN(bounds_are_scored),
      IN_RUN(overheads_come_on_top),
      IN_RUN(chunks_come_on_top),
      IN_RUN(bounds_are_written_before_the_rounds),
      cmocka_unit_test(regions_of_even_work_are_bound_by_the_workers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A/A: the rate's interval, what is too many, and trials that fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bench/analyze/aa.h"
#include "bench/analyze/proportion.h"
#include "bench/commands/doctor.h"
#include "bench/sweep/aa_plan.h"
#include "bench/tests/simulated_fixture.h"

#include <math.h>
#include <string.h>

static void assert_near(double x, double wanted, double reach) {
  if (!(fabs(x - wanted) <= reach))
    fail_msg("%.6g instead of %.6g", x, wanted);
}

/* Solves (share - p)^2 = z^2 p (1 - p) / n at both ends. */
static void test_proportion(void **state) {
  const double z = 1.959963984540054;
  (void)state;
  for (size_t n = 1; n < 60; n += 7)
    for (size_t hits = 1; hits < n; hits++) {
      struct interval i = proportion_interval(hits, n);
      double ends[] = {i.low, i.high};
      assert_true(i.low < i.median && i.median < i.high);
      for (int e = 0; e < 2; e++)
        assert_near(fabs(i.median - ends[e]),
                    z * sqrt(ends[e] * (1 - ends[e]) / (double)n), 1e-12);
    }
  struct interval none = proportion_interval(0, 40);
  assert_true(none.low == 0);
  assert_near(none.high, z * z / (40 + z * z), 1e-12);
  assert_true(proportion_interval(40, 40).high == 1);
  assert_true(isnan(proportion_interval(0, 0).median));
}

/* P(Bin(20, 5%) >= 3) is 7.5%, and of 4 or more 1.6%; of 40, 4.8% for 5 and
 * 1.4% for 6. */
static void test_too_many(void **state) {
  (void)state;
  assert_int_equal(aa_surely_many(20), 4);
  assert_false(aa_too_many(0, 20));
  assert_false(aa_too_many(3, 20)); /* 1 is within 17 */
  assert_true(aa_too_many(4, 20));
  assert_true(aa_too_many(20, 20));
  assert_int_equal(aa_surely_many(40), 6);
  assert_int_equal(aa_surely_many(1), 2); /* one may always be */
  assert_false(aa_too_many(19, 19));      /* says nothing yet */
  /* far from any table, by the normal: 500 + 1.96 * 21.8 */
  assert_in_range(aa_surely_many(10000), 540, 547);
}

enum { TRIALS = 9 };
static const double target_s = 0.005;

/* As a sweep's in blocks, and both forms serial. */
static void assert_blocks(const struct record *r) {
  assert_string_equal(r->beside, "serial");
  assert_string_equal(record_requested(r), "serial");
  assert_string_equal(r->turns, "sspp|SPPcS|SPPcS|");
}

/* Those of the sweeps are what the outcome counts. */
static void assert_intervals(const struct aa_times *times,
                             const struct aa_outcome *outcome) {
  struct interval *all = calloc(outcome->sweeps, sizeof *all);
  struct problem problem;
  uint32_t found = 0;
  assert_non_null(all);
  assert_int_equal(aa_intervals(times, outcome->sweeps, all, &problem), 0);
  for (uint32_t s = 0; s < outcome->sweeps; s++)
    found += all[s].low > 1 || all[s].high < 1;
  assert_int_equal(found, outcome->found);
  free(all);
}

/* So many sweeps on a machine of that noise, by that executor (NULL: the
 * simulated one); what the engine says. */
static int run_aa(struct executor *executor, double jitter, uint32_t sweeps,
                  struct aa_outcome *outcome, struct problem *problem) {
  struct records records = {0};
  struct aa_times times;
  simulated_machine_init(&bed.description);
  bed.description.region_jitter = jitter; /* a trial's own is in both forms */
  bed_begin(&bed, "spin", 1);
  struct engine engine = {.executor = executor ? executor : &bed.executor.base,
                          .fd = -1,
                          .cpus = bed.cpus,
                          .usable_cpus = 8,
                          .seed = 1,
                          .records = &records};
  struct aa_plan plan = aa_plan_make(&bed.workload, target_s, sweeps * TRIALS);
  engine_begin(&engine);
  int status = engine_run(&engine, &plan.base, problem);
  if (!status) {
    assert_int_equal(aa_times_make(&records, sweeps * TRIALS, &times, problem),
                     0);
    assert_int_equal(aa_conclude(&times, sweeps, outcome, problem), 0);
    assert_int_equal(outcome->sweeps, sweeps);
    assert_int_equal(outcome->trials, TRIALS);
    assert_intervals(&times, outcome);
    assert_blocks(&records.list[records.count - 1]);
    aa_times_free(&times);
  }
  engine_free(&engine);
  records_free(&records);
  return status;
}

/* The calibration's target, or up to a half more. */
static void assert_calibrated(double region_s) {
  assert_true(region_s > 0.99 * target_s && region_s < 1.51 * target_s);
}

static void test_rate_and_width(void **state) {
  struct aa_outcome outcome = {0}, wider = {0};
  struct problem problem;
  (void)state;
  assert_int_equal(run_aa(NULL, 0.01, 400, &outcome, &problem), 0);
  bed_end(&bed);
  assert_calibrated(outcome.region_s);
  assert_near(outcome.expected, 1 - 0.9609375, 1e-9);
  /* 400 sweeps at 3.9%: 15.6, with a standard deviation of 3.9 */
  assert_in_range(outcome.found, 4, 27);
  assert_near(outcome.rate.median, outcome.found / 400.0, 1e-12);
  assert_true(outcome.width_low < outcome.width);
  assert_true(outcome.width < outcome.width_high);
  assert_int_equal(run_aa(NULL, 0.02, 400, &wider, &problem), 0);
  bed_end(&bed);
  assert_near(wider.width / outcome.width, 2, 0.1);
}

/* Without noise there is nothing to find, and no width. */
static void test_no_noise(void **state) {
  struct aa_outcome outcome = {0};
  struct problem problem;
  (void)state;
  assert_int_equal(run_aa(NULL, 0, 400, &outcome, &problem), 0);
  bed_end(&bed);
  assert_int_equal(outcome.found, 0);
  assert_true(outcome.width == 0);
}

/* An executor by which the trial's own form is slower than the one beside. */
struct lopsided {
  struct executor base;
  uint32_t trials, failing;
  double region_s; /* of the last trial, before anything is done to it */
};

static double now_s(struct executor *self) {
  (void)self;
  return bed.executor.base.now_s(&bed.executor.base);
}

static int run_lopsided(struct executor *base,
                        const struct trial_request *order,
                        struct record *record, struct problem *problem) {
  struct lopsided *self = (struct lopsided *)base;
  int status =
      bed.executor.base.run(&bed.executor.base, order, record, problem);
  self->trials++;
  if (record->beside)
    record->turns_ratio *= 0.99;
  if (self->trials == self->failing)
    strcpy(record->status, "no"); /* not longer than "ok" */
  return status;
}

/* What is there is found: 1% where intervals reach 0.3%. */
static void test_a_difference_is_found(void **state) {
  struct lopsided lopsided = {.base = {.run = run_lopsided, .now_s = now_s}};
  struct aa_outcome outcome = {0};
  struct problem problem;
  (void)state;
  assert_int_equal(run_aa(&lopsided.base, 0.004, 20, &outcome, &problem), 0);
  bed_end(&bed);
  assert_int_equal(outcome.found, 20);
  assert_true(outcome.too_many);
}

/* As a point's lie over all of a sweep: here every third trial is slower. */
static void test_trials_are_dealt_in_turn(void **state) {
  double beside[20], own[20];
  struct aa_times times = {{beside, own}, 20};
  struct aa_outcome outcome = {0};
  struct problem problem;
  (void)state;
  for (int i = 0; i < 20; i++) {
    own[i] = 1;
    beside[i] = i % 3 == 1 ? 1.5 : i % 2 ? 1.01 : 0.99;
  }
  assert_int_equal(aa_conclude(&times, 3, &outcome, &problem), 0);
  assert_int_equal(outcome.trials, 6);
  assert_int_equal(outcome.found, 1);
  assert_int_equal(aa_conclude(&times, 4, &outcome, &problem),
                   PROBLEM_FAILURE); /* five each */
}

/* Others come in between now and then: one calibrating trial in three takes
 * ten times as long, and the regions are as long as they should be. */
static int run_interrupted(struct executor *base,
                           const struct trial_request *order,
                           struct record *record, struct problem *problem) {
  struct lopsided *self = (struct lopsided *)base;
  int status =
      bed.executor.base.run(&bed.executor.base, order, record, problem);
  self->trials++;
  self->region_s = record->region_s;
  if (self->trials < 10 && self->trials % 3 == 0)
    record->region_s *= 10;
  return status;
}

static void test_interrupted_calibration(void **state) {
  struct lopsided interrupted = {
      .base = {.run = run_interrupted, .now_s = now_s}};
  struct aa_outcome outcome = {0};
  struct checkup_aa checkup;
  struct problem problem;
  const struct doctor_effort effort = {.rounds = 20, .region_s = 0.006};
  (void)state;
  assert_int_equal(run_aa(&interrupted.base, 0.001, 20, &outcome, &problem), 0);
  assert_calibrated(outcome.region_s);
  interrupted =
      (struct lopsided){.base = {.run = run_interrupted, .now_s = now_s}};
  assert_int_equal(
      doctor_aa(&effort, &interrupted.base, &bed.machine, &checkup, &problem),
      0);
  assert_true(interrupted.region_s > 0.0059);
  bed_end(&bed);
}

static void test_failed_trial(void **state) {
  struct lopsided lopsided = {.base = {.run = run_lopsided, .now_s = now_s},
                              .failing = 77};
  struct aa_outcome outcome = {0};
  struct problem problem;
  (void)state;
  assert_int_equal(run_aa(&lopsided.base, 0.001, 400, &outcome, &problem),
                   PROBLEM_FAILURE);
  assert_non_null(strstr(problem.text, "spin, serial"));
  assert_int_equal(lopsided.trials, 77);
  bed_end(&bed);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_proportion),
      cmocka_unit_test(test_too_many),
      cmocka_unit_test(test_rate_and_width),
      cmocka_unit_test(test_no_noise),
      cmocka_unit_test(test_a_difference_is_found),
      cmocka_unit_test(test_trials_are_dealt_in_turn),
      cmocka_unit_test(test_interrupted_calibration),
      cmocka_unit_test(test_failed_trial),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

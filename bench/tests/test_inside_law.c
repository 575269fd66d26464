/* Amdahl's law of somebody else's program: a bound from its observed runs, with
 * its interval, and where there is none; all of it made up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bench/tests/inside_run.h"

#include "bench/analyze/inside_law.h"
#include "bench/analyze/prediction.h"
#include "bench/record/environment.h"

#include <unistd.h>

static struct problem problem;

static const struct workload_result *workload(const struct inside_run *run) {
  return &run->analysis.workloads[0];
}

static void assert_no_law(struct inside_run *run, const char *why) {
  inside_analyse(run);
  const struct result *four = inside_point(run);
  const char *says = workload(run)->no_law;
  if (!says || strcmp(says, why) != 0)
    fail_msg("'%s' instead of '%s'", says ? says : "a law", why);
  assert_true(isnan(four->program_law.median));
  assert_true(isnan(four->program_law.high));
  assert_true(isnan(four->program_law_fraction));
  assert_true(isnan(four->program_law_critical));
  assert_true(isnan(workload(run)->law_limit));
  assert_true(isnan(workload(run)->serial_fraction.median));
}

static void assert_law(struct inside_run *run, double f) {
  inside_analyse(run);
  if (workload(run)->no_law)
    fail_msg("%s", workload(run)->no_law);
  assert_near(workload(run)->serial_fraction.median, f);
  assert_near(inside_point(run)->program_law.median, prediction_speedup(f, 4));
}

/* ---- the bound ----------------------------------------------------------- */

static void test_the_law_is_a_bound(void **state) {
  struct inside_run *run = *state;
  assert_law(run, 0.1);
  const struct result *four = inside_point(run);
  assert_near(workload(run)->critical_fraction, 0.3);
  assert_near(four->program_law_fraction, 0.1);
  assert_near(four->program_law_critical, 1 / (0.1 + 0.3));
  assert_true(isnan(four->program_law_residual.median)); /* not scored */
  assert_near(four->observed_ratio.median, 1.02);
}

/* Others work beside who holds the lock: a bound is lower only where what is
 * critical takes longer than a worker's part. */
static void test_others_work_beside_a_critical_section(void **state) {
  struct inside_run *run = *state;
  static const double critical_s[] = {1.5, 2.2, 2.3, 9};
  static const double wanted[] = {0.1 + 0.9 / 4, 0.1 + 0.9 / 4, 0.1 + 0.23, 1};
  static const char *const phases[] = {"pilot", "observed"};
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
    for (size_t k = 0; k < 2; k++) {
      size_t at = 0;
      struct record *r;
      while ((r = inside_next(run, phases[k], 1, &at))) {
        r->inside.critical_s.values[0] = fmin(critical_s[i], 6);
        r->inside.critical_s.values[1] = fmax(critical_s[i] - 6, 0);
      }
    }
    assert_law(run, 0.1);
    assert_near(inside_point(run)->program_law_critical, 1 / wanted[i]);
    assert_near(inside_law_most(inside_point(run)), 1 / wanted[i]);
  }
  assert_near(workload(run)->law_limit, 1);
  assert_near(prediction_speedup_critical(0, 0.296, 2), 2); /* a third */
}

/* Several locks are held at once: no bound follows from them together. */
static void test_several_locks_bound_nothing(void **state) {
  struct inside_run *run = *state;
  size_t at = 0;
  struct record *r = inside_next(run, "pilot", 1, &at);
  free(r->inside.untold);
  r->inside.untold = strdup("chunks locks");
  assert_law(run, 0.1);
  assert_near(workload(run)->critical_fraction, 0.3);
  assert_true(isnan(inside_point(run)->program_law_critical));
  assert_near(inside_law_most(inside_point(run)), 1 / (0.1 + 0.9 / 4));
  assert_near(workload(run)->law_limit, 10);
}

/* Of ten runs with f from 0.06 to 0.15 each, the pilot's among them: 2000
 * resamples of the median lie within, and around it. */
static void test_f_has_an_interval(void **state) {
  struct inside_run *run = *state;
  struct record *r;
  size_t at = 0;
  int64_t k = 0;
  while ((r = inside_next(run, "observed", 1, &at)))
    r->inside.open_s = 9.4 - 0.1 * (double)k++;
  at = 0;
  inside_next(run, "pilot", 1, &at)->inside.open_s = 8.5;
  inside_analyse(run);
  struct interval f = workload(run)->serial_fraction;
  const struct result *four = inside_point(run);
  assert_near(f.median, 0.105);
  assert_true(f.low >= 0.06 && f.low < 0.1);
  assert_true(f.high > 0.11 && f.high <= 0.15);
  assert_near(four->program_law.median, prediction_speedup(f.median, 4));
  assert_near(four->program_law.low, prediction_speedup(f.high, 4));
  assert_near(four->program_law.high, prediction_speedup(f.low, 4));
  at = 0;
  for (k = 1; k <= 5; k++) /* of five runs none is told */
    inside_next(run, "observed", 1, &at)->inside.open_s = (double)NAN;
  inside_analyse(run);
  assert_true(isnan(workload(run)->serial_fraction.low));
}

/* What was written before the rounds knows nothing of them. */
static void test_prediction_json_is_of_the_pilot_alone(void **state) {
  static const uint32_t workers[] = {1, 4};
  struct prediction_counts counts = {workers, 2, false};
  struct inside_run *run = *state;
  char path[] = "/tmp/test_inside.XXXXXX";
  struct record *r;
  size_t at = 0;
  while ((r = inside_next(run, "observed", 1, &at)))
    r->inside.open_s = 8;
  close(mkstemp(path));
  assert_int_equal(prediction_write(&run->records, &counts, path, &problem), 0);
  json_t *json = json_load_file(path, 0, NULL);
  json_t *one = json_array_get(json_object_get(json, "predictions"), 0);
  json_t *f = json_object_get(one, "serial_fraction");
  json_t *at_most = json_array_get(json_object_get(one, "predicted"), 1);
  json_t *lower =
      json_array_get(json_object_get(one, "predicted_with_critical"), 1);
  assert_near(json_real_value(json_object_get(f, "median")), 0.1);
  assert_near(json_real_value(json_object_get(at_most, "program_speedup")),
              1 / (0.1 + 0.9 / 4));
  assert_near(json_real_value(json_object_get(lower, "program_speedup")),
              1 / (0.1 + 0.3));
  json_decref(json);
  at = 0; /* of several locks nothing is predicted together */
  r = inside_next(run, "pilot", 1, &at);
  free(r->inside.untold);
  r->inside.untold = strdup("locks");
  assert_int_equal(prediction_write(&run->records, &counts, path, &problem), 0);
  json = json_load_file(path, 0, NULL);
  one = json_array_get(json_object_get(json, "predictions"), 0);
  assert_int_not_equal(json_array_size(json_object_get(one, "predicted")), 0);
  assert_int_equal(
      json_array_size(json_object_get(one, "predicted_with_critical")), 0);
  json_decref(json);
  counts.weak = true; /* the work grows: nothing is predicted of it */
  assert_int_equal(prediction_write(&run->records, &counts, path, &problem), 0);
  json = json_load_file(path, 0, NULL);
  one = json_array_get(json_object_get(json, "predictions"), 0);
  assert_int_equal(json_array_size(json_object_get(one, "predicted")), 0);
  assert_int_equal(
      json_array_size(json_object_get(one, "predicted_with_critical")), 0);
  json_decref(json);
  unlink(path);
}

/* ---- another serial program ---------------------------------------------- */

static void test_another_serial_program(void **state) {
  struct inside_run *run = *state;
  inside_add_another(run);
  inside_analyse(run);
  const struct result *four = inside_point(run);
  double law = 1 / (0.1 + 0.9 / 4);
  assert_near(four->program_speedup.median, 8 / (5 / 1.02));
  assert_near(workload(run)->serial_fraction.median, 0.1);
  assert_near(four->program_law.median, 0.8 * law);
  assert_near(four->program_law.high, 0.8 * law);
  assert_near(four->program_law_critical, 0.8 / (0.1 + 0.3));
  assert_near(workload(run)->law_limit, 0.8 / (0.1 + 0.3));
  const struct result *one = analysis_find(&run->analysis, "p", "program", 1);
  assert_near(one->program_law.median, 0.8);
  const struct result *other = analysis_find(&run->analysis, "p", "serial", 1);
  assert_true(isnan(other->program_law.median));
  assert_near(four->breakdown.core_s[TERM_USEFUL].median, 8);
}

/* ---- no law -------------------------------------------------------------- */

static void test_a_team_of_its_own(void **state) {
  struct inside_run *run = *state;
  inside_make_larger(run, 3);
  assert_no_law(run, "told to use one worker, it made a team of 2 for 30% of "
                     "its time");
  assert_true(
      isfinite(inside_point(run)->breakdown.share[TERM_MORE_IDLE].median));
  assert_int_equal(run->analysis.region_count, 0);
  inside_make_larger(run, 0.1);
  assert_no_law(run, "told to use one worker, it made a team of 2 for 1% of "
                     "its time");
}

/* As par2 does, of 0.16 ms. */
static void test_a_team_of_its_own_for_no_time(void **state) {
  struct inside_run *run = *state;
  inside_make_larger(run, 0.0999);
  assert_law(run, 0.1);
  assert_true(inside_point(run)->breakdown.told);
  assert_int_equal(run->analysis.region_count, 2);
}

/* Threads that are not OpenMP's: in each round more by a hundredth. */
static void shorten(struct inside_run *run, double by_s) {
  size_t at = 0;
  double k = 0;
  struct record *r;
  while ((r = inside_next(run, "observed", 4, &at)))
    r->inside.open_s = r->program_s - (1 - by_s) - 0.001 * (k++ - 4);
}

static void test_time_outside_that_is_shorter(void **state) {
  struct inside_run *run = *state;
  shorten(run, 0.6);
  assert_no_law(run, "with 4 workers the time outside of parallel regions is "
                     "40% of what it is with one, and so it is no serial time");
  shorten(run, 0.11);
  assert_no_law(run, "with 4 workers the time outside of parallel regions is "
                     "89% of what it is with one, and so it is no serial time");
  shorten(run, 0.09); /* under a hundredth of 10 s */
  assert_law(run, 0.1);
  shorten(run, -1);
  assert_law(run, 0.1);
}

/* Whoever works all the time waits for others; who sleeps in between does not.
 */
static void test_a_crowded_machine_withdraws_nothing(void **state) {
  struct inside_run *run = *state;
  struct environment environment;
  fields_clear(environment_fields, &environment);
  environment.online_cpus = 4;
  shorten(run, 0.6);
  for (int crowd = 0; crowd < 2; crowd++) {
    size_t at = 0;
    struct record *r;
    while ((r = inside_next(run, "round", 4, &at)))
      r->others_cpu_s = r->wall_s * (crowd ? 0.41 : 0.39);
    analysis_free(&run->analysis);
    assert_int_equal(analysis_make(&run->records, NULL, &environment, NULL,
                                   &run->analysis, &problem),
                     0);
    assert_int_equal(workload(run)->no_law == NULL, crowd);
  }
  fields_free(environment_fields, &environment);
}

/* In two of nine rounds it is longer: 0 is in the interval. */
static void test_what_may_be_noise_withdraws_nothing(void **state) {
  struct inside_run *run = *state;
  size_t at = 0;
  shorten(run, 0.6);
  for (int k = 0; k < 2; k++)
    inside_next(run, "observed", 4, &at)->inside.open_s = 3;
  assert_law(run, 0.1);
}

static void test_fewer_than_six_rounds_withdraw_nothing(void **state) {
  struct inside_run *run = *state;
  struct record *r;
  size_t at = 0;
  shorten(run, 0.6);
  for (int k = 0; k < 4; k++) {
    r = inside_next(run, "observed", 4, &at);
    r->inside.open_s = (double)NAN;
  }
  assert_law(run, 0.1);
}

static void call(struct record *r, const char *names) {
  free(r->inside.regions);
  r->inside.regions = strdup(names);
}

/* The region that takes 1.4 of 5 s is another one with one worker. */
static void test_regions_that_one_worker_does_not_have(void **state) {
  struct inside_run *run = *state;
  struct record *r;
  size_t at = 0;
  while ((r = inside_next(run, "observed", 1, &at)))
    call(r, "fft.c:42 sum.c:9");
  assert_no_law(run, "with 4 workers 28% of its time is in parallel regions "
                     "that it does not have with one (sum.c:7)");
  at = 0;
  while ((r = inside_next(run, "observed", 4, &at)))
    r->inside.wall_s.values[1] = r->inside.core_s.values[1] = 0.049;
  assert_law(run, 0.1);
}

/* It has none at all then: that is no reason not to be observed. */
static void test_one_worker_that_opens_none(void **state) {
  struct inside_run *run = *state;
  size_t at = 0;
  inside_leave_the_team(run);
  assert_no_law(run, "with one worker it opens no parallel region");
  assert_null(workload(run)->unobserved);
  assert_non_null(workload(run)->untold);
  assert_true(inside_point(run)->breakdown.told);
  /* The look at a team told nothing, either. */
  inside_leave_the_team(run);
  struct record *r = inside_next(run, "pilot", 4, &at);
  r->inside.open_s = (double)NAN;
  r->unobserved = strdup("no parallel region came by");
  inside_analyse(run);
  assert_null(workload(run)->no_law);
  assert_string_equal(workload(run)->unobserved, "no parallel region came by");
}

static void test_work_that_grows(void **state) {
  struct inside_run *run = *state;
  for (size_t i = 0; i < run->records.count; i++)
    run->records.list[i].size = run->records.list[i].workers;
  struct plan_facts weak = {.scaling = "weak"};
  analysis_free(&run->analysis);
  assert_int_equal(
      analysis_make(&run->records, &weak, NULL, NULL, &run->analysis, &problem),
      0);
  const char *says = workload(run)->no_law;
  assert_non_null(says);
  assert_string_equal(says, "the work grows with the workers, and how much of "
                            "it is serial is known of one size alone");
  assert_true(isnan(inside_point(run)->program_law.median));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_INSIDE(test_the_law_is_a_bound),
      IN_INSIDE(test_others_work_beside_a_critical_section),
      IN_INSIDE(test_several_locks_bound_nothing),
      IN_INSIDE(test_f_has_an_interval),
      IN_INSIDE(test_prediction_json_is_of_the_pilot_alone),
      IN_INSIDE(test_another_serial_program),
      IN_INSIDE(test_a_team_of_its_own),
      IN_INSIDE(test_a_team_of_its_own_for_no_time),
      IN_INSIDE(test_time_outside_that_is_shorter),
      IN_INSIDE(test_a_crowded_machine_withdraws_nothing),
      IN_INSIDE(test_what_may_be_noise_withdraws_nothing),
      IN_INSIDE(test_fewer_than_six_rounds_withdraw_nothing),
      IN_INSIDE(test_regions_that_one_worker_does_not_have),
      IN_INSIDE(test_one_worker_that_opens_none),
      IN_INSIDE(test_work_that_grows),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

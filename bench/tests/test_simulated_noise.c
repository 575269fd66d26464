/* The simulated machine's noise: as large as described, the same for the same
 * seed; and which descriptions are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bench/tests/simulated_fixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* ---- noise -------------------------------------------------------------- */

enum { TRIALS = 4000 };

/* Serial times of many trials, over the time without noise. */
static void times(double x[TRIALS]) {
  for (int i = 0; i < TRIALS; i++) {
    struct record r = bed_trial(&bed, "serial", 1, 1000);
    x[i] = log(r.region_s / 1e-3);
    record_free(&r);
  }
}

static double covariance(const double x[TRIALS], int lag) {
  double mean = 0, sum = 0;
  for (int i = 0; i < TRIALS; i++)
    mean += x[i] / TRIALS;
  for (int i = lag; i < TRIALS; i++)
    sum += (x[i] - mean) * (x[i - lag] - mean);
  return sum / TRIALS;
}

static void test_jitter(void **state) {
  static double x[TRIALS];
  (void)state;
  bed.description.jitter = 0.03;
  bed.description.region_jitter = 0.04;
  bed_begin(&bed, "spin", 1);
  times(x);
  /* The median of three has 0.67 of the single ones' standard deviation. */
  double sd = sqrt(covariance(x, 0));
  assert_true(fabs(sd / hypot(0.03, 0.67 * 0.04) - 1) < 0.05);
  assert_true(fabs(covariance(x, 1) / covariance(x, 0)) < 0.06);
}

static void test_drift_and_trend(void **state) {
  static double x[TRIALS];
  (void)state;
  bed.description.drift = 0.02;
  bed.description.drift_correlation = 0.9;
  bed_begin(&bed, "spin", 1);
  times(x);
  assert_true(fabs(sqrt(covariance(x, 0)) / 0.02 - 1) < 0.15);
  assert_true(fabs(covariance(x, 1) / covariance(x, 0) - 0.9) < 0.03);
  assert_true(fabs(covariance(x, 5) / covariance(x, 0) - 0.59) < 0.1);
  bed_end(&bed);
  bed.description.drift = 0;
  bed.description.trend = 1e-4;
  bed_begin(&bed, "spin", 1);
  times(x);
  assert_true(fabs(x[TRIALS - 1] - (TRIALS - 1) * log(1.0001)) < 1e-5);
}

static void test_steal(void **state) {
  int hit = 0;
  (void)state;
  bed.description.steal_probability = 0.25;
  bed.description.steal_share = 0.2;
  bed_begin(&bed, "spin", 1);
  for (int i = 0; i < TRIALS; i++) {
    struct record r = bed_trial(&bed, "omp:static", 4, 8000);
    bool stolen = r.steal_s > 0;
    hit += stolen;
    assert_int_equal(ns(r.region_s), stolen ? 2500000 : 2000000);
    /* The cold region's too: four of them. */
    assert_int_equal(ns(r.steal_s), stolen ? 4 * 4 * 500000 : 0);
    assert_int_equal(sum_ns(&r.worker_run_delay_s), stolen ? 4 * 500000 : 0);
    assert_int_equal(sum_ns(&r.worker_cpu_s), 8000000);
    record_free(&r);
  }
  assert_in_range(hit, TRIALS / 4 - 82, TRIALS / 4 + 82); /* 3 sd */
}

static char *line_of(const char *variant, uint32_t workers) {
  struct record r = bed_trial(&bed, variant, workers, 5000);
  char *line = record_format(&r);
  record_free(&r);
  return line;
}

/* The trial of a number has the noise of that number, whatever ran before. */
static void test_reproducible(void **state) {
  char *lines[4];
  (void)state;
  bed.description.jitter = 0.05;
  bed.description.drift = 0.05;
  bed.description.steal_probability = 0.5;
  for (int i = 0; i < 4; i++) {
    bed_begin(&bed, "spin", i == 2 ? 2 : 1);
    free(line_of(i == 1 ? "serial" : "omp:static", i == 1 ? 1 : 8));
    free(line_of("omp:static", i == 3 ? 5 : 2));
    lines[i] = line_of("omp:static", 4);
    if (i < 3)
      bed_end(&bed);
  }
  assert_string_equal(lines[0], lines[1]);
  assert_string_not_equal(lines[0], lines[2]);
  assert_string_equal(lines[0], lines[3]);
  for (int i = 0; i < 4; i++)
    free(lines[i]);
}

static void test_digest_must_agree(void **state) {
  struct problem problem;
  struct record r;
  (void)state;
  bed_begin(&bed, "spin", 1);
  struct trial_request order = bed_order(&bed, "serial", 1, 100);
  order.expect = "0123456789abcdef";
  assert_int_equal(
      bed.executor.base.run(&bed.executor.base, &order, &r, &problem), 0);
  assert_string_equal(r.status, "wrong");
  assert_true(isnan(r.region_s));
  record_free(&r);
}

/* ---- machine files --------------------------------------------------------
 */

static int read_text(const char *text, struct problem *problem) {
  struct simulated_machine machine;
  char path[64];
  int fd = memfd_create("machine", MFD_CLOEXEC);
  assert_int_equal(write(fd, text, strlen(text)), strlen(text));
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  int status = simulated_machine_read(path, &machine, problem);
  close(fd);
  return status;
}

static void test_wrong_files(void **state) {
  static const struct {
    const char *text, *named;
  } cases[] = {
      {"{\"name\": \"x\", \"topology\": \"core:2 pu:1\", \"sigmas\": 1}",
       "\"sigmas\""},
      {"{\"name\": \"x\", \"topology\": \"core:2 pu:1\", \"sigma\": -0.1}",
       "\"sigma\" is not a number from 0 to 1"},
      {"{\"name\": \"x\", \"topology\": \"core:2 pu:1\", \"sigma\": \"a\"}",
       "\"sigma\""},
      {"{\"name\": \"x\", \"topology\": \"core:2 pu:1\", \"seed\": 1.5}",
       "\"seed\" is not a whole number"},
      {"{\"topology\": \"core:2 pu:1\"}", "\"name\" is missing"},
      {"{\"name\": \"x\"}", "\"topology\" is missing"},
      {"{\"name\": 7, \"topology\": \"core:2 pu:1\"}", "\"name\""},
      {"{\"name\": \"x\", \"topology\": \"cores of wood\"}", "\"topology\""},
      {"{\"name\": \"x\", \"topology\": \"core:2 pu:1\", "
       "\"slow_cpus\": \"2\"}",
       "\"slow_cpus\": CPU 2"},
      {"{\"name\": \"x\", \"topology\": \"core:2 pu:1\", "
       "\"missing_cpus\": \"0,1\"}",
       "\"missing_cpus\": no CPU is left"},
      {"{\"name\": \"x\", \"topology\": \"core:2 pu:1\", "
       "\"state_most_s\": 0.05}",
       "\"state_most_s\" is 0.05: want at least state_least_s, which is 0.1"},
      {"{\"name\": \"x\", \"topology\": \"core:2 pu:1\", "
       "\"crowded_least_s\": 3}",
       "\"crowded_most_s\" is 2"},
      {"{\"name\": \"x\", \"topology\": \"core:2 pu:1\", \"name\": \"y\"}",
       "name"},
      {"[]", "not a JSON object"},
      {"{", "line 1"},
  };
  struct problem problem;
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    problem.text[0] = '\0';
    assert_int_equal(read_text(cases[i].text, &problem), PROBLEM_USAGE);
    if (!strstr(problem.text, cases[i].named))
      fail_msg("'%s' does not name %s", problem.text, cases[i].named);
  }
  assert_int_equal(
      read_text("{\"name\": \"x\", \"topology\": \"core:2 pu:1\"}", &problem),
      0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      ON_MACHINE(test_jitter),
      ON_MACHINE(test_drift_and_trend),
      ON_MACHINE(test_steal),
      ON_MACHINE(test_reproducible),
      ON_MACHINE(test_digest_must_agree),
      cmocka_unit_test(test_wrong_files),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

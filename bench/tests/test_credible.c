/* test_credible.c: kernels that a compiler has emptied are found out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "bench/analyze/credible.h"
#include "kernel_fixture.h"

/* Past any core's 64-bit additions per second: 8 of 8 lanes at 15 GHz. */
static const struct roofline generous = {.bytes_per_s = (double)NAN,
                                         .operations_per_s = 1e12};

static struct credible_case one_case(double median_s, double low_s,
                                     double high_s) {
  return (struct credible_case){.workload = "cube",
                                .workers = 2,
                                .size = 1000000,
                                .bytes_per_item = 16,
                                .operations_per_item = 2,
                                .region_s = {median_s, low_s, high_s}};
}

static void assert_near(double got, double wanted) {
  if (!(fabs(got - wanted) <= 1e-12 * fabs(wanted)))
    fail_msg("%.17g instead of %.17g", got, wanted);
}

static void test_share(void **unused) {
  const struct roofline roofline = {.bytes_per_s = 16e9,
                                    .operations_per_s = 8e9};
  const struct roofline bytes_only = {16e9, (double)NAN};
  const struct roofline nothing = {(double)NAN, (double)NAN};
  struct credible_case c = one_case(2e-3, 1.6e-3, 2.5e-3);
  (void)unused;
  struct interval share = credible_share(&c, &roofline); /* 1 ms for bytes */
  assert_near(share.median, 0.5);
  assert_near(share.low, 0.4);
  assert_near(share.high, 0.625);
  c.operations_per_item = 12; /* 1.5 ms */
  assert_near(credible_share(&c, &roofline).median, 0.75);
  assert_near(credible_share(&c, &bytes_only).median, 0.5);
  assert_true(isnan(credible_share(&c, &nothing).median));
}

static void test_roofline(void **unused) {
  const struct roofline roofline = {.bytes_per_s = 16e9,
                                    .operations_per_s = 8e9};
  const struct roofline nothing = {(double)NAN, (double)NAN};
  const double nan = (double)NAN;
  struct problem problem = {""};
  struct credible_case c = one_case(1.01e-3, 1e-3, 1.02e-3);
  (void)unused;
  assert_int_equal(credible_roofline(&c, &roofline, &problem), 0);
  c = one_case(0.7e-3, 0.6e-3, 0.9e-3); /* perhaps */
  assert_int_equal(credible_roofline(&c, &roofline, &problem), 0);
  c = one_case(0.7e-3, 0.6e-3, 0.79e-3); /* beyond doubt */
  assert_int_equal(credible_roofline(&c, &roofline, &problem), PROBLEM_FAILURE);
  assert_non_null(strstr(problem.text, "cube, 2 workers"));
  assert_non_null(strstr(problem.text, "0.001 s at least"));
  assert_int_equal(credible_roofline(&c, &nothing, &problem), 0);
  c = one_case(0.7e-3, nan, nan);
  assert_int_equal(credible_roofline(&c, &roofline, &problem), PROBLEM_FAILURE);
  c = one_case(0, nan, nan); /* no time at all */
  assert_int_equal(credible_roofline(&c, &roofline, &problem), PROBLEM_FAILURE);
}

static void test_growth(void **unused) {
  const double nan = (double)NAN;
  struct problem problem = {""};
  const struct credible_case c = one_case(1e-3, 1e-3, 1e-3);
  (void)unused;
  assert_int_equal(
      credible_growth(&c, (struct interval){2, 1.9, 2.1}, &problem), 0);
  assert_int_equal(
      credible_growth(&c, (struct interval){1.1, 0.9, 1.5}, &problem), 0);
  assert_int_equal(
      credible_growth(&c, (struct interval){nan, nan, nan}, &problem), 0);
  assert_int_equal(
      credible_growth(&c, (struct interval){1, 0.9, 1.1}, &problem),
      PROBLEM_FAILURE);
  assert_non_null(strstr(problem.text, "from 1000000 items on"));
  assert_int_equal(
      credible_growth(&c, (struct interval){1, nan, nan}, &problem),
      PROBLEM_FAILURE);
}

/* ---- two kernels that should not be measured ------------------------------
 */

/* A loop over integers, for which compilers have a formula. */
static void foldable_run(const void *state, void *output, uint64_t begin,
                         uint64_t end, struct partial *partial) {
  (void)state;
  (void)output;
  uint64_t sum = 0;
  for (uint64_t i = begin; i < end; i++)
    sum += i;
  partial->sum += sum;
}

/* What they make of it, whichever compiler this is. */
static void folded_run(const void *state, void *output, uint64_t begin,
                       uint64_t end, struct partial *partial) {
  uint64_t count = end - begin, ends = begin + end - 1;
  (void)state;
  (void)output;
  partial->sum += count % 2 == 0 ? count / 2 * ends : ends / 2 * count;
}

static const struct kernel kernel_foldable = {
    .name = "foldable", .shape = {.operations = 2}, .run = foldable_run};
static const struct kernel kernel_folded = {
    .name = "folded", .shape = {.operations = 2}, .run = folded_run};

/* The shortest of some runs over `size` items, in seconds. */
static double shortest_s(const struct kernel *kernel, uint64_t size) {
  double shortest = (double)INFINITY;
  for (int k = 0; k < 11; k++) {
    struct partial partial = {0};
    struct timespec begin, end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    kernel->run(NULL, NULL, 0, size, &partial);
    clock_gettime(CLOCK_MONOTONIC, &end);
    __asm__ volatile("" : : "r"(partial.sum));
    double took_s = (double)(end.tv_sec - begin.tv_sec) +
                    1e-9 * (double)(end.tv_nsec - begin.tv_nsec);
    shortest = took_s < shortest ? took_s : shortest;
  }
  return shortest;
}

enum { LARGEST_BITS = 36 }; /* honest: 2^36 additions, a second or more */

/* As a calibration does: doubles the size until a region takes 1 ms. */
static uint64_t calibrate(const struct kernel *kernel) {
  uint64_t size = 1024;
  while (size < UINT64_C(1) << LARGEST_BITS && shortest_s(kernel, size) < 1e-3)
    size *= 2;
  return size;
}

static void assert_caught(const struct kernel *kernel, uint64_t size) {
  struct problem problem = {""};
  const double nan = (double)NAN, once_s = shortest_s(kernel, size);
  const struct credible_case found = {
      .workload = kernel->name,
      .workers = 1,
      .size = size,
      .operations_per_item = kernel->shape.operations,
      .region_s = {once_s, nan, nan},
  };
  assert_int_equal(credible_roofline(&found, &generous, &problem),
                   PROBLEM_FAILURE);
  /* In steps of many doublings: the clock's own step is no growth. */
  double ratio =
      shortest_s(kernel, size) / fmax(shortest_s(kernel, size / 1024), 1e-6);
  assert_int_equal(
      credible_growth(&found, (struct interval){ratio, nan, nan}, &problem),
      PROBLEM_FAILURE);
}

static void test_folded_is_caught(void **unused) {
  (void)unused;
  assert_caught(&kernel_folded, calibrate(&kernel_folded));
}

static void test_foldable_is_caught_where_it_was_folded(void **unused) {
  uint64_t size = calibrate(&kernel_foldable);
  (void)unused;
  if (size >> LARGEST_BITS)
    assert_caught(&kernel_foldable, size);
  else
    puts("(this compiler left the loop as it was)");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_share),
      cmocka_unit_test(test_roofline),
      cmocka_unit_test(test_growth),
      cmocka_unit_test(test_folded_is_caught),
      cmocka_unit_test(test_foldable_is_caught_where_it_was_folded),
  };
  return cmocka_run_group_tests_name("credible times", tests, NULL, NULL);
}

/* test_kernels_latency.c: latency sleeps as long as it says, and what it
 * refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <time.h>

#include "kernel_fixture.h"

extern const struct kernel kernel_latency;

static void test_latency_known(void **unused) {
  static const char *const largest[] = {"9223372030926249001", NULL};
  (void)unused;
  assert_known(&kernel_latency, "sleep_us=1", 1, "x\n-3037000499\n", largest);
}

static int64_t monotonic_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void test_latency_sleeps_at_least_that_long(void **unused) {
  struct fixture f;
  (void)unused;
  fixture_open(&f, &kernel_latency, "sleep_us=3000", 3, NULL);
  int64_t begin_ns = monotonic_ns();
  fixture_run(&f);
  assert_true(monotonic_ns() - begin_ns >= 9000000);
  fixture_close(&f);
}

static void test_latency_refuses(void **unused) {
  static const struct fixture_refusal requests[] = {
      {"", UINT64_C(4000000000), NULL,
       "latency: size=4000000000: x² fits int64 only for |x| <= 3037000499"},
      {"", 1, "x\n3037000500\n",
       "latency: line 2 of the input, x=3037000500: x² fits int64 only for |x| "
       "<= "
       "3037000499"},
      {"", 1, "x,y\n1,2\n",
       "latency: the input has 1 rows of 2 columns; needed: size=1 rows of "
       "one, "
       "x"},
  };
  (void)unused;
  assert_refusals(&kernel_latency, requests,
                  sizeof requests / sizeof *requests);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_latency_known),
      cmocka_unit_test(test_latency_sleeps_at_least_that_long),
      cmocka_unit_test(test_latency_refuses),
  };
  return cmocka_run_group_tests_name("kernels: latency", tests, NULL, NULL);
}

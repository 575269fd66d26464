/* test_kernels_items.c: items are those that were asked for, a search leaves
 * alone what is behind a hit, and a kernel states what it moves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/tests/kernel_fixture.h"

#include <signal.h>
#include <sys/time.h>
#include <time.h>

extern const struct kernel kernel_cube, kernel_adler32, kernel_latency,
    kernel_memory, kernel_rowcount, kernel_block;

/* Source: Vigna's splitmix64.c, its first words from the seed 1234567. */
static void test_random_words(void **state) {
  static const uint64_t words[] = {
      UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
      UINT64_C(9817491932198370423), UINT64_C(4593380528125082431),
      UINT64_C(16408922859458223821)};
  (void)state;
  for (uint64_t i = 0; i < sizeof words / sizeof *words; i++) {
    assert_int_equal(kernel_random(1234567, i), words[i]);
    assert_int_equal(kernel_random_below(1234567, i, 1), 0);
    assert_int_equal(kernel_random_below(1234567, i, UINT64_C(1) << 32),
                     words[i] >> 32);
  }
}

static void test_cubes_start_over(void **state) {
  static const char *const x[] = {"5", "6", "7", "5", "6", "7", "5"};
  struct fixture f;
  (void)state;
  fixture_open(&f, &kernel_cube, "first=5,span=3", 7, NULL);
  for (uint64_t i = 0; i < 7; i++) {
    char *line = fixture_item(&f, i, false);
    assert_string_equal(line, x[i]);
    free(line);
  }
  fixture_close(&f);
}

/* What another worker has found ends the search of all that is behind it. */
static void test_a_search_stops_for_others(void **state) {
  struct fixture f;
  struct partial partial = {.lowest_hit = KERNEL_NO_HIT};
  (void)state;
  fixture_open(&f, &kernel_adler32, "mode=first,zeros=9", 100000, NULL);
  fixture_reset(&f);
  fixture_chunk(&f, 50, 60, &partial, 0);
  assert_true(partial.sum > 0);
  partial.sum = 0;
  atomic_store(&f.control.lowest_hit, 40);
  fixture_chunk(&f, 50, 100000, &partial, 0);
  assert_int_equal(partial.sum, 0);
  fixture_close(&f);
}

static void ignore(int signal_number) {
  (void)signal_number;
}

static double now_s(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* A signal that comes again and again takes nothing off a call's sleep. */
static void test_a_call_sleeps_through_signals(void **state) {
  struct sigaction action = {.sa_handler = ignore}; /* no SA_RESTART */
  struct itimerval often = {{0, 1000}, {0, 1000}}, never = {{0, 0}, {0, 0}};
  struct fixture f;
  (void)state;
  fixture_open(&f, &kernel_latency, "sleep_us=20000", 3, NULL);
  sigaction(SIGALRM, &action, NULL);
  double begin_s = now_s();
  setitimer(ITIMER_REAL, &often, NULL);
  fixture_run(&f);
  setitimer(ITIMER_REAL, &never, NULL);
  assert_true(now_s() - begin_s >= 3 * 0.02);
  assert_verified(&f);
  fixture_close(&f);
}

/* Bytes of an item, read and written. */
static void assert_bytes(const struct kernel *kernel, const char *params,
                         double input, size_t output) {
  struct fixture f;
  fixture_request(&f, kernel, params, 10, NULL);
  if (f.shape.input_bytes != input || f.shape.output_bytes != output)
    fail_msg("%s/%s: %g bytes read and %zu written expected, got %g and %zu",
             kernel->name, params, input, output, f.shape.input_bytes,
             f.shape.output_bytes);
  fixture_close(&f);
}

static void test_what_is_moved(void **state) {
  (void)state;
  assert_bytes(&kernel_memory, "op=read", 64, 0);
  assert_bytes(&kernel_memory, "op=write", 0, 64);
  assert_bytes(&kernel_memory, "op=copy", 64, 64);
  assert_bytes(&kernel_memory, "op=mix", 5.0 * 64, 64);
  assert_bytes(&kernel_cube, "", 8, 8);
  assert_bytes(&kernel_rowcount, "", 20, 4);
  assert_bytes(&kernel_rowcount, "cols=7", 28, 4);
  assert_bytes(&kernel_block, "bytes=64", 0, 64);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_random_words),
      cmocka_unit_test(test_cubes_start_over),
      cmocka_unit_test(test_a_search_stops_for_others),
      cmocka_unit_test(test_a_call_sleeps_through_signals),
      cmocka_unit_test(test_what_is_moved),
  };
  return cmocka_run_group_tests_name("kernels_items", tests, NULL, NULL);
}

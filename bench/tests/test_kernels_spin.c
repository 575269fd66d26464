/* test_kernels_spin.c: spin step by step, and what it refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>

#include "kernel_fixture.h"

extern const struct kernel kernel_spin;

/* The first ends, step by step. */
static void test_spin_known(void **unused) {
  struct fixture f;
  uint64_t sum = 0;
  (void)unused;
  fixture_open(&f, &kernel_spin, "serial=0.5", 10, NULL);
  fixture_run(&f);
  for (uint64_t unit = 0; unit < 20; unit++) {
    uint64_t x = kernel_random(42, unit);
    for (int step = 0; step < 1024; step++)
      x = x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    sum += x;
    char line[32];
    snprintf(line, sizeof line, "%" PRIu64, x);
    if (unit < 10)
      assert_item(&f, unit, line);
  }
  assert_int_equal(f.total.sum, sum); /* half of the work was serial */
  assert_true(kernel_spin.serial_fraction(f.params) == 0.5);
  fixture_close(&f);
}

static void test_spin_refuses(void **unused) {
  static const struct fixture_refusal requests[] = {
      {"chains=8", 1, "start\n0\n",
       "spin/chains=8: the input has 1 rows of 1 columns; needed: size=1 rows "
       "of "
       "one start per chain"},
      {"serial=0.99", UINT64_C(1) << 53, NULL,
       "spin/serial=0.99: with size=9007199254740992 the serial part exceeds "
       "9007199254740992 units; use a smaller size"},
  };
  (void)unused;
  assert_refusals(&kernel_spin, requests, sizeof requests / sizeof *requests);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_spin_known),
      cmocka_unit_test(test_spin_refuses),
  };
  return cmocka_run_group_tests_name("kernels: spin", tests, NULL, NULL);
}

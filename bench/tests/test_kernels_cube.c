/* test_kernels_cube.c: the ends of its range, and what cube refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernel_fixture.h"

extern const struct kernel kernel_cube;

static void test_cube_known(void **unused) {
  static const char *const ends[] = {"-9223358842721533951",
                                     "9223358842721533951", NULL};
  struct fixture f;
  (void)unused;
  fixture_open_preset(&f, &kernel_cube, "tutorial-5000");
  fixture_run(&f);
  assert_item(&f, 4999, "124925014999");
  fixture_close(&f);
  assert_known(&kernel_cube, "", 2, "x\n-2097151\n2097151\n", ends);
}

static void test_cube_refuses(void **unused) {
  static const struct fixture_refusal requests[] = {
      {"first=3000000", 6, NULL,
       "cube/first=3000000: x³ fits int64 only for |x| <= 2097151"},
      {"first=-2097152", 6, NULL,
       "cube/first=-2097152: x³ fits int64 only for |x| <= 2097151"},
      {"span=3000000", 10000000, NULL,
       "cube/span=3000000: reaches x = 2999999, and x³ fits int64 only for |x| "
       "<= 2097151; span=2097152 fits"},
      {"span=3000000", 2097152, NULL, NULL},
      {"", 2, "x\n1\n-2097152\n",
       "cube: line 3 of the input, x=-2097152: x³ fits int64 only for |x| <= "
       "2097151"},
      {"", 3, "x\n1\n2\n",
       "cube: the input has 2 rows of 1 columns; needed: size=3 rows of one, "
       "x"},
  };
  (void)unused;
  assert_refusals(&kernel_cube, requests, sizeof requests / sizeof *requests);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_cube_known),
      cmocka_unit_test(test_cube_refuses),
  };
  return cmocka_run_group_tests_name("kernels: cube", tests, NULL, NULL);
}

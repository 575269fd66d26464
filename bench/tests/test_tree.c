/* What ends all that a program has started: the list of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/sweep/tree.h"

/* The kernel's list is cut where the buffer ends: in the midst of a number,
 * perhaps, and what is left of that is the number of somebody else's process.
 */
static void test_a_number_that_was_cut_is_nobodys(void **state) {
  static const struct {
    const char *list;
    pid_t pids[4];
  } cases[] = {
      {"12 345 6789 ", {12, 345, 6789}},
      {"12 345 67", {12, 345}},
      {"12", {0}},
      {"", {0}},
      {"1 12 ", {0}},
      {"99999999999999999999 12 ", {0}},
      {"x 12 ", {0}},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const char *at = cases[i].list;
    for (size_t k = 0; k == 0 || cases[i].pids[k - 1]; k++)
      assert_int_equal(tree_next_child(&at), cases[i].pids[k]);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_number_that_was_cut_is_nobodys),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

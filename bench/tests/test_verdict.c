/* test_verdict.c: what may be said of a point, at each border of the rule. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/analyze/flags.h"
#include "bench/analyze/verdict.h"

static void borders_of_the_rule(void **state) {
  (void)state;
  static const struct {
    struct interval measured, null;
    enum verdict verdict;
  } cases[] = {
      {{1.2, 1.01, 1.3}, {1, 1, 1}, VERDICT_ABOVE},
      {{0.9, 0.8, 0.99}, {1, 1, 1}, VERDICT_BELOW},
      {{1, 0.96, 1.04}, {1, 1, 1}, VERDICT_SAME},
      {{1, 0.94, 1.04}, {1, 1, 1}, VERDICT_TOO_WIDE},
      {{1, 0.96, 1.06}, {1, 1, 1}, VERDICT_TOO_WIDE},
      {{1.1, 1, 1.2}, {1, 1, 1}, VERDICT_TOO_WIDE}, /* it reaches the null */
      /* against the nearer end of a prediction */
      {{1.97, 1.75, 2.53}, {2, 1.95, 2.05}, VERDICT_TOO_WIDE},
      {{1.9, 1.88, 1.94}, {2, 1.95, 2.05}, VERDICT_BELOW},
      {{2.1, 2.06, 2.2}, {2, 1.95, 2.05}, VERDICT_ABOVE},
      {{1.93, 1.88, 1.96}, {2, 1.95, 2.05}, VERDICT_SAME},
      {{1.93, 1.85, 1.96}, {2, 1.95, 2.05}, VERDICT_TOO_WIDE},
      {{2.02, 2.01, 2.04}, {2, 1.95, 2.05}, VERDICT_SAME},
      /* no interval, of the one or of the other */
      {{1.2, (double)NAN, (double)NAN}, {1, 1, 1}, VERDICT_NONE},
      {{1.2, 1.1, 1.3}, {2, (double)NAN, (double)NAN}, VERDICT_NONE},
  };
  const struct result clean = {.flags = (char[]){"drift smt"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    if (verdict_of(&clean, cases[i].measured, cases[i].null) !=
        cases[i].verdict)
      fail_msg("case %zu: %d instead of %d", i,
               (int)verdict_of(&clean, cases[i].measured, cases[i].null),
               (int)cases[i].verdict);
}

/* Whatever the interval says. */
static void what_spoils_a_point(void **state) {
  (void)state;
  const struct interval slower = {0.5, 0.4, 0.6};
  for (int f = 0; f < FLAGS; f++) {
    char word[40];
    struct result r = {.flags = word};
    bool spoils = f == FLAG_REFUSED || f == FLAG_CONTENDED ||
                  f == FLAG_THROTTLED || f == FLAG_SWAPPED;
    snprintf(word, sizeof word, "%s", flag_table[f].word);
    assert_int_equal(verdict_of(&r, slower, verdict_no_gain),
                     spoils ? VERDICT_SPOILT : VERDICT_BELOW);
    assert_ptr_equal(flags_spoilt(&r), spoils ? &flag_table[f] : NULL);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(borders_of_the_rule),
      cmocka_unit_test(what_spoils_a_point),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

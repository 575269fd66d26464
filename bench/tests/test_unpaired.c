/* Two unpaired samples: the ratio, its interval, Holm's correction; how often
 * the interval holds the truth.
 *
 * usage: test_unpaired              a part of the study
 *        test_unpaired --study      all of it, as tables */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/analyze/stats.h"
#include "bench/analyze/unpaired.h"
#include "bench/sweep/simulated/draws.h"
#include "bench/tests/coverage_unpaired.h"

#include <stdlib.h>
#include <string.h>

enum { PAIRS = 1000, PAIRS_PART = 200 };

static struct unpaired ratio_of(double *a, size_t m, double *b, size_t n) {
  struct unpaired unpaired;
  struct numbers in_a = {a, m}, in_b = {b, n};
  assert_int_equal(unpaired_ratio(&in_a, &in_b, &unpaired), 0);
  return unpaired;
}

static void assert_near(double got, double want) {
  if (!(fabs(got / want - 1) < 1e-12))
    fail_msg("%.17g wanted, got %.17g", want, got);
}

/* Of six and six all orders are 924: in one, all of b are above a. */
static void p_is_counted_out(void **state) {
  double a[] = {1, 2, 3, 4, 5, 6}, b[] = {7, 8, 9, 10, 11, 12};
  double between[] = {0.5, 7.5, 8.5, 9.5, 10.5, 11.5};
  (void)state;
  assert_near(ratio_of(a, 6, b, 6).p, 2.0 / 924);
  assert_near(ratio_of(b, 6, a, 6).p, 2.0 / 924);
  /* One below all: six pairs the other way round.  Partitions of 0 to 6 into
   * at most six parts of at most six: 1, 1, 2, 3, 5, 7, 11. */
  assert_near(ratio_of(a, 6, between, 6).p, 2.0 * 30 / 924);
}

/* Ties are on both sides. */
static void ties_are_no_difference(void **state) {
  double a[] = {1, 2, 3, 4, 5, 6}, b[] = {6, 8, 9, 10, 11, 12};
  (void)state;
  assert_near(ratio_of(a, 6, b, 6).p, 2.0 * 2 / 924);
}

/* k is 6 of 36 pairs: P(U < 6) is 19/924, and P(U < 7) is 30/924. */
static void the_interval_is_of_sorted_ratios(void **state) {
  double a[] = {1, 1, 1, 1, 1, 2}, b[] = {3, 4, 5, 6, 7, 8};
  (void)state;
  struct unpaired u = ratio_of(a, 6, b, 6);
  /* Each five times, and its half: 1.5, 2, 2.5, 3, 3, 3, ...; 7, 8, 8, 8, 8, 8.
   */
  assert_near(u.ratio.low, 3);
  assert_near(u.ratio.high, 7);
  assert_near(u.ratio.median, 5);
}

static void interval_and_p_agree(void **state) {
  (void)state;
  size_t apart = 0;
  for (uint64_t seed = 0; seed < 400; seed++) {
    double a[9], b[9], shift = 1 + ((double)(seed % 100) - 50) / 1000;
    for (uint64_t i = 0; i < 9; i++) {
      a[i] = 1 + 0.1 * simulated_uniform(seed, 2 * i);
      b[i] = shift * (1 + 0.1 * simulated_uniform(seed, 2 * i + 1));
    }
    struct unpaired u = ratio_of(a, 9, b, 9);
    bool excludes = u.ratio.low > 1 || u.ratio.high < 1;
    assert_int_equal(excludes, u.p <= 0.05);
    apart += excludes;
  }
  assert_in_range(apart, 40, 360); /* some of either */
}

static void few_have_no_interval(void **state) {
  double a[] = {1, 1, 1, 1, 1, 1}, b[] = {2, 2, 2, 2, 2, (double)NAN};
  (void)state;
  struct unpaired u = ratio_of(a, 6, b, 6);
  assert_true(u.ratio.median == 2 && isnan(u.ratio.low) && u.p == 1);
  u = ratio_of(a, 6, b, 0);
  assert_true(isnan(u.ratio.median) && isnan(u.p));
}

static void one_sample_is_itself(void **state) {
  double a[] = {1, 100, 3, 7, 2, 9};
  (void)state;
  struct unpaired u = ratio_of(a, 6, a, 6);
  assert_true(u.same && u.p == 1 && u.ratio.low == 1 && u.ratio.high == 1);
}

/* As many pairs as the normal distribution is for. */
static void many_are_as_few(void **state) {
  double a[51], b[51];
  (void)state;
  for (uint64_t i = 0; i < 51; i++) {
    a[i] = 1 + 0.1 * simulated_uniform(7, 2 * i);
    b[i] = 1.01 * (1 + 0.1 * simulated_uniform(7, 2 * i + 1));
  }
  struct unpaired exact = ratio_of(a, 50, b, 50);
  struct unpaired normal = ratio_of(a, 51, b, 50);
  if (!(fabs(log(exact.p / normal.p)) < 0.3 && exact.p < 0.9))
    fail_msg("p is %.4f, and with one more %.4f", exact.p, normal.p);
  assert_true(fabs(exact.ratio.low / normal.ratio.low - 1) < 0.005);
  assert_true(fabs(exact.ratio.high / normal.ratio.high - 1) < 0.005);
}

static void swapping_inverts_exactly(void **state) {
  double a[] = {1.1, 1.3, 0.7, 1.9, 1.2, 1.25, 1.4};
  double b[] = {2.3, 1.15, 3.1, 2.7, 1.65, 1.8};
  (void)state;
  struct unpaired up = ratio_of(a, 7, b, 6), down = ratio_of(b, 6, a, 7);
  assert_true(up.ratio.median > 1 && down.ratio.median == 1 / up.ratio.median);
  assert_true(up.ratio.low > 1 ? down.ratio.high == 1 / up.ratio.low
                               : up.ratio.low == 1 / down.ratio.high);
  assert_true(down.ratio.low == 1 / up.ratio.high && up.p == down.p);
}

/* By hand: 0.01 of four, 0.02 of three, 0.03 of two, 0.5 of one. */
static void holm_corrects(void **state) {
  double p[] = {0.03, (double)NAN, 0.01, 0.5, 0.02};
  double ties[] = {0.02, 0.02, 0.9}, alike[] = {2, 2, 2, 2, 2};
  (void)state;
  assert_int_equal(unpaired_holm(p, alike, NULL, 5), 0);
  assert_near(p[2], 0.04);
  assert_near(p[4], 0.06);
  assert_near(p[0], 0.06);
  assert_near(p[3], 0.5);
  assert_true(isnan(p[1]));
  assert_int_equal(unpaired_holm(ties, alike, NULL, 3), 0);
  assert_near(ties[0], 0.06);
  assert_near(ties[1], 0.06);
  assert_near(ties[2], 0.9);
}

/* By hand: 0.02 has 6 of 12 shares, then 0.01 has 2 of the 6 that are left, and
 * 0.015 of the other 4 has 2, but is not below that; then 0.4 is alone. */
static void shares_are_weighed(void **state) {
  double p[] = {0.01, 0.02, 0.4, 0.015}, weights[] = {2, 6, 2, 2};
  double none[] = {0.9, (double)NAN}, share[] = {1, 99};
  (void)state;
  assert_int_equal(unpaired_holm(p, weights, NULL, 4), 0);
  assert_near(p[1], 0.04);
  assert_near(p[0], 0.04);
  assert_near(p[3], 0.04);
  assert_near(p[2], 0.4);
  assert_int_equal(unpaired_holm(none, share, NULL, 2), 0);
  assert_near(none[0], 0.9);
}

/* By hand: 0.01 has 2 of 10 shares, and with it go the 4 of the whole that it
 * is a part of; then 0.015 has 2 of the 4 that are left.  The whole, of which a
 * part is told, is told by its own p, and no sooner than that part. */
static void what_holds_a_part_is_let_go(void **state) {
  double p[] = {0.015, 0.01, 0.4, 0.08}, weights[] = {2, 2, 2, 4};
  const size_t whole[] = {4, 3, 3, 4};
  double first[] = {0.04, 0.001};
  (void)state;
  assert_int_equal(unpaired_holm(p, weights, whole, 4), 0);
  assert_near(p[1], 0.05);
  assert_near(p[0], 0.05); /* 0.03 of its own */
  assert_near(p[3], 0.08);
  assert_near(p[2], 0.4);
  assert_int_equal(unpaired_holm(first, (double[]){1, 1}, (size_t[]){1, 2}, 2),
                   0);
  assert_near(first[1], 0.002); /* the whole first: its own share alone */
  assert_near(first[0], 0.04);
}

/* ---- the study ----------------------------------------------------------- */

/* The order of chance where 95% is true: three standard errors. */
static double least(size_t pairs) {
  return 0.95 - 3 * sqrt(0.95 * 0.05 / (double)pairs);
}

/* Of the same machine twice, but where it drifts, the ranks' interval is as
 * good as it says. */
static void intervals_hold_the_truth(void **state) {
  (void)state;
  for (size_t i = 0; i < unpaired_row_count; i++) {
    const struct unpaired_row *row = &unpaired_rows[i];
    if (strchr(row->name, ':') || row->a.cpus == 8)
      continue;
    struct unpaired_outcome o = unpaired_study(row, PAIRS_PART);
    for (int k = 0; k < UNPAIRED_SIZES; k++)
      if (!(o.coverage[k][WAY_RANKS] >= least(PAIRS_PART)))
        fail_msg("%s, %zu and %zu trials: coverage %.3f", row->name,
                 unpaired_sizes[k][0], unpaired_sizes[k][1],
                 o.coverage[k][WAY_RANKS]);
  }
}

/* A standard error of medians is not to be trusted where CPUs have states. */
static void a_wrong_way_is_found_out(void **state) {
  (void)state;
  for (size_t i = 0; i < unpaired_row_count; i++)
    if (strcmp(unpaired_rows[i].name, "CPU states, 2 CPUs") == 0) {
      struct unpaired_outcome o = unpaired_study(&unpaired_rows[i], PAIRS_PART);
      assert_true(o.coverage[1][WAY_SPREAD] < least(PAIRS_PART));
      assert_true(o.width[1][WAY_ENDS] > 1.3 * o.width[1][WAY_RANKS]);
      return;
    }
  fail();
}

/* Coverage at each size, and the median width with nine trials. */
static void print_row(const struct unpaired_row *row) {
  struct unpaired_outcome o = unpaired_study(row, PAIRS);
  printf("| %s |", row->name);
  for (int w = 0; w < UNPAIRED_WAYS; w++) {
    for (int k = 0; k < UNPAIRED_SIZES; k++)
      printf("%s %.3f", k ? " ·" : "", o.coverage[k][w]);
    printf(" (%.3g%%) |", 100 * o.width[1][w]);
  }
  putchar('\n');
}

static int study(void) {
  puts("| trials scatter by | ranks | ends of both | standard error | "
       "bootstrap |\n|---|---|---|---|---|");
  for (size_t i = 0; i < unpaired_row_count; i++)
    print_row(&unpaired_rows[i]);
  return 0;
}

int main(int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(p_is_counted_out),
      cmocka_unit_test(ties_are_no_difference),
      cmocka_unit_test(the_interval_is_of_sorted_ratios),
      cmocka_unit_test(interval_and_p_agree),
      cmocka_unit_test(few_have_no_interval),
      cmocka_unit_test(one_sample_is_itself),
      cmocka_unit_test(many_are_as_few),
      cmocka_unit_test(swapping_inverts_exactly),
      cmocka_unit_test(holm_corrects),
      cmocka_unit_test(shares_are_weighed),
      cmocka_unit_test(what_holds_a_part_is_let_go),
      cmocka_unit_test(intervals_hold_the_truth),
      cmocka_unit_test(a_wrong_way_is_found_out),
  };
  if (argc == 2 && strcmp(argv[1], "--study") == 0)
    return study();
  return cmocka_run_group_tests(tests, NULL, NULL);
}

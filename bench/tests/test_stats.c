/* test_stats.c: medians, intervals, ratios, outliers, the bootstrap and the
 * order of trials: against numbers worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/analyze/stats.h"
#include "bench/plan/order.h"
#include "kernels/kernel.h"

#include <errno.h>
#include <math.h>
#include <omp.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/* Cannot be passed by a NAN. */
static void near(double value, double expected, double tolerance) {
  if (!(fabs(value - expected) <= tolerance))
    fail_msg("%.17g, expected %.17g", value, expected);
}

static void same_interval(struct interval a, struct interval b) {
  assert_memory_equal(&a, &b, sizeof a);
}

static void sorting_puts_nans_last(void **state) {
  (void)state;
  double x[] = {3, (double)NAN, -1, (double)INFINITY, 2, (double)NAN, 2};
  stats_sort(x, LENGTH(x));
  assert_memory_equal(x, ((double[]){-1, 2, 2, 3, (double)INFINITY}),
                      5 * sizeof *x);
  assert_true(isnan(x[5]) && isnan(x[6]));
  stats_sort(NULL, 0);
}

static void medians_are_in_the_middle(void **state) {
  (void)state;
  const double x[] = {1, 2, 4, 8};
  near(stats_median(x, 1), 1, 0);
  near(stats_median(x, 2), 1.5, 0);
  near(stats_median(x, 3), 2, 0);
  near(stats_median(x, 4), 3, 0);
  near(stats_lower_median(x, 1), 1, 0);
  near(stats_lower_median(x, 2), 1, 0);
  near(stats_lower_median(x, 3), 2, 0);
  near(stats_lower_median(x, 4), 2, 0);
  assert_true(isnan(stats_median(x, 0)));
  assert_true(isnan(stats_lower_median(x, 0)));
}

/* P(Bin(n, 1/2) < k) from the recurrence of Pascal's triangle: another way
 * than the code's. */
static double pascal_tail(size_t n, size_t k) {
  double row[64] = {1};
  double sum = 0;
  for (size_t i = 1; i <= n; i++)
    for (size_t j = i; j > 0; j--)
      row[j] += row[j - 1];
  for (size_t j = 0; j < k; j++)
    sum += row[j];
  return ldexp(sum, -(int)n);
}

static void ranks_are_the_largest_that_cover(void **state) {
  (void)state;
  static const size_t known[][2] = {{6, 1},  {8, 1},  {9, 2},  {10, 2},
                                    {15, 4}, {20, 6}, {30, 10}};
  size_t k = 99;
  for (size_t i = 0; i < LENGTH(known); i++) {
    assert_int_equal(stats_order_rank(known[i][0], 0.95, &k), 0);
    assert_int_equal(k, known[i][1]);
  }
  k = 99;
  for (size_t n = 0; n < 6; n++)
    assert_int_equal(stats_order_rank(n, 0.95, &k), -EINVAL);
  assert_int_equal(stats_order_rank(10, 0, &k), -EINVAL);
  assert_int_equal(stats_order_rank(10, 1, &k), -EINVAL);
  assert_int_equal(stats_order_rank(10, (double)NAN, &k), -EINVAL);
  assert_int_equal(k, 99);
  for (size_t n = 6; n <= 50; n++) {
    assert_int_equal(stats_order_rank(n, 0.95, &k), 0);
    assert_true(pascal_tail(n, k) <= 0.025);
    assert_true(pascal_tail(n, k + 1) > 0.025);
  }
}

/* A level that is reached exactly counts as reached: 1 - 2/64 at n = 6. */
static void levels_are_exact(void **state) {
  (void)state;
  size_t k;
  near(stats_order_level(10, 2), 0.979, 0.0005);
  near(stats_order_level(15, 4), 0.965, 0.0005);
  near(stats_order_level(20, 6), 0.959, 0.0005);
  near(stats_order_level(6, 1), 1 - 2.0 / 64, 0);
  near(stats_order_level(3, 2), 0, 0);
  for (size_t n = 1; n <= 50; n++)
    for (size_t i = 1; i <= (n + 1) / 2; i++)
      near(stats_order_level(n, i), 1 - 2 * pascal_tail(n, i), 0);
  assert_true(isnan(stats_order_level(10, 0)));
  assert_true(isnan(stats_order_level(10, 6)));
  assert_true(isnan(stats_order_level(0, 1)));
  assert_int_equal(stats_order_rank(6, 1 - 2.0 / 64, &k), 0);
  assert_int_equal(k, 1);
  assert_int_equal(stats_order_rank(6, 0.97, &k), -EINVAL);
}

/* For many samples the binomial is normal: k is n/2 - 1.96 sqrt(n)/2, and a
 * step of k changes the level by 2 pdf(1.96) / (sqrt(n)/2). */
static void ranks_hold_for_many_samples(void **state) {
  (void)state;
  static const size_t counts[] = {1000, 1075, 5000, 100000};
  for (size_t i = 0; i < LENGTH(counts); i++) {
    size_t n = counts[i];
    double deviation = sqrt((double)n) / 2;
    size_t k;
    assert_int_equal(stats_order_rank(n, 0.95, &k), 0);
    near((double)k, (double)n / 2 - 1.959964 * deviation + 0.5, 1);
    assert_true(stats_order_level(n, k) >= 0.95);
    assert_true(stats_order_level(n, k + 1) < 0.95);
    near(stats_order_level(n, k), 0.95, 2 * 0.0585 / deviation);
  }
  /* P(Bin(n, 1/2) < n/2) = (1 - P(Bin = n/2)) / 2; Stirling to 1/(4n). */
  near(stats_order_level(100000, 50000),
       sqrt(2 / (acos(-1.0) * 100000)) * (1 - 1 / 400000.0), 1e-10);
}

static void median_intervals_are_order_statistics(void **state) {
  (void)state;
  double x[] = {10, 1, 9, 2, 8, 3, 7, 4, 6, 5};
  double few[] = {3, 1, 2, 5, 4};
  double holes[] = {(double)NAN, 6, 5, (double)NAN, 4, 3, 2, 1};
  double none[] = {(double)NAN};
  same_interval(stats_median_interval(x, 10), (struct interval){5.5, 2, 9});
  near(x[0], 1, 0);
  near(x[9], 10, 0);
  struct interval interval = stats_median_interval(few, 5);
  near(interval.median, 3, 0);
  assert_true(isnan(interval.low) && isnan(interval.high));
  same_interval(stats_median_interval(holes, 8), (struct interval){3.5, 1, 6});
  interval = stats_median_interval(none, 1);
  assert_true(isnan(interval.median));
  interval = stats_median_interval(NULL, 0);
  assert_true(isnan(interval.median) && isnan(interval.low) &&
              isnan(interval.high));
}

enum { PAIRS = 15 };

/* Ratios around 2, apart and in no order. */
static void make_pairs(double *above, double *below) {
  for (uint64_t i = 0; i < PAIRS; i++) {
    below[i] = 0.01 * (1 + 1e-3 * (double)kernel_random_below(7, i, 100));
    above[i] = 0.02 * (1 + 1e-3 * (double)kernel_random_below(8, i, 100));
  }
}

static void ratios_are_paired(void **state) {
  (void)state;
  const double above[] = {2, 40, 1, 8, 6, 4};
  const double below[] = {1, 10, 2, 2, 2, 2};
  /* ratios 2 4 1/2 4 3 2, of which the middle two are 2 and 3 */
  struct interval ratio = stats_ratio_interval(above, below, 6);
  near(ratio.median, sqrt(6), 1e-15);
  near(ratio.low, 0.5, 1e-15);
  near(ratio.high, 4, 1e-15);
  ratio = stats_ratio_interval(above, below, 5);
  near(ratio.median, 3, 1e-15);
  assert_true(isnan(ratio.low) && isnan(ratio.high));
  ratio = stats_ratio_interval(NULL, NULL, 0);
  assert_true(isnan(ratio.median));
}

static void swapping_inverts_a_ratio_exactly(void **state) {
  (void)state;
  double above[PAIRS];
  double below[PAIRS];
  make_pairs(above, below);
  struct interval direct = stats_ratio_interval(above, below, PAIRS);
  struct interval swapped = stats_ratio_interval(below, above, PAIRS);
  assert_true(direct.low > 1 && direct.low < direct.median &&
              direct.median < direct.high);
  near(swapped.median, 1 / direct.median, 0);
  near(swapped.low, 1 / direct.high, 0);
  near(swapped.high, 1 / direct.low, 0);
}

static void scaling_and_permuting_leave_a_ratio(void **state) {
  (void)state;
  double above[PAIRS], below[PAIRS], scaled_above[PAIRS], scaled_below[PAIRS];
  make_pairs(above, below);
  struct interval ratio = stats_ratio_interval(above, below, PAIRS);
  for (size_t i = 0; i < PAIRS; i++) {
    scaled_above[i] = above[i] * 1024;
    scaled_below[i] = below[i] * 1024;
  }
  same_interval(stats_ratio_interval(scaled_above, scaled_below, PAIRS), ratio);
  for (size_t i = 0; i < PAIRS; i++) {
    scaled_above[i] = above[7 * i % PAIRS];
    scaled_below[i] = below[7 * i % PAIRS];
  }
  same_interval(stats_ratio_interval(scaled_above, scaled_below, PAIRS), ratio);
}

static void ratios_leave_out_what_is_not_positive(void **state) {
  (void)state;
  double above[PAIRS + 6];
  double below[PAIRS + 6];
  static const double odd[][2] = {{(double)NAN, 1}, {1, (double)NAN},
                                  {0, 1},           {1, 0},
                                  {-2, -1},         {(double)INFINITY, 1}};
  make_pairs(above, below);
  struct interval ratio = stats_ratio_interval(above, below, PAIRS);
  for (size_t i = 0; i < LENGTH(odd); i++) {
    above[PAIRS + i] = odd[i][0];
    below[PAIRS + i] = odd[i][1];
  }
  same_interval(stats_ratio_interval(above, below, PAIRS + 6), ratio);
  ratio = stats_ratio_interval(above + PAIRS, below + PAIRS, 6);
  assert_true(isnan(ratio.median) && isnan(ratio.low) && isnan(ratio.high));
}

static void outliers_lie_outside_the_fences(void **state) {
  (void)state;
  /* Quartiles 2 and 4 (n = 5: the second and the fourth): fences -4 and 10. */
  static const double inside[] = {-4, 2, 3, 4, 10};
  static const double above[] = {-4, 2, 3, 4, 10.001};
  static const double both[] = {-4.001, 2, 3, 4, 10.001};
  /* n = 4: quartiles 1.75 and 5.5 by interpolation: fences -9.5 and 16.75.
   * Other definitions of the quartiles give another count. */
  static const double even[] = {1, 2, 3, 13};
  static const double equal[] = {7, 7, 7, 7, 7, 8};
  assert_int_equal(stats_outliers(inside, 5), 0);
  assert_int_equal(stats_outliers(above, 5), 1);
  assert_int_equal(stats_outliers(both, 5), 2);
  assert_int_equal(stats_outliers(even, 4), 0);
  assert_int_equal(stats_outliers(equal, 6), 1);
  assert_int_equal(stats_outliers(equal, 1), 0);
  assert_int_equal(stats_outliers(NULL, 0), 0);
}

static double mean_of(const size_t *chosen, size_t rounds, void *context) {
  const double *x = context;
  double sum = 0;
  for (size_t i = 0; i < rounds; i++)
    sum += x[chosen[i]];
  return sum / (double)rounds;
}

static double always(const size_t *chosen, size_t rounds, void *context) {
  (void)chosen, (void)rounds;
  return *(double *)context;
}

/* Not known where round 0 is missing: 0.35 of all draws of 20. */
static double needs_the_first(const size_t *chosen, size_t rounds,
                              void *context) {
  for (size_t i = 0; i < rounds; i++)
    if (chosen[i] == 0)
      return *(double *)context;
  return (double)NAN;
}

static void bootstraps_do_not_depend_on_threads(void **state) {
  (void)state;
  double x[20];
  int before = omp_get_max_threads();
  struct interval of[2][3];
  for (size_t i = 0; i < 20; i++)
    x[i] = (double)(i * i) / 20;
  for (uint64_t seed = 0; seed < 20; seed++) {
    for (int i = 0; i < 3; i++) {
      omp_set_num_threads(1 << i);
      of[seed % 2][i] = stats_bootstrap(20, mean_of, x, seed, 99);
    }
    same_interval(of[seed % 2][1], of[seed % 2][0]);
    same_interval(of[seed % 2][2], of[seed % 2][0]);
    if (seed > 0)
      assert_memory_not_equal(of[0], of[1], sizeof *of);
  }
  omp_set_num_threads(before);
}

/* The mean of 20 draws from 0..19 has the deviation sqrt(399/12/20). */
static void bootstraps_cover_as_t_does(void **state) {
  (void)state;
  double x[20];
  for (size_t i = 0; i < 20; i++)
    x[i] = (double)i;
  struct interval interval = stats_bootstrap(20, mean_of, x, 42, 9999);
  near(interval.median, 9.5, 0);
  /* t with 19 degrees of freedom, on the unbiased deviation */
  near(interval.low, 9.5 - 2.093 * 1.2894 * sqrt(20 / 19.0), 0.1);
  near(interval.high, 9.5 + 2.093 * 1.2894 * sqrt(20 / 19.0), 0.1);
}

/* Of means of a few normal samples 95% have to hold the truth: as it is, the
 * percentile interval of nine held it in 89.5%. */
static void bootstraps_hold_the_truth_of_few(void **state) {
  (void)state;
  enum { SAMPLES = 9, RUNS = 2000, DRAWS = 999 };
  size_t held = 0;
  for (uint64_t run = 0; run < RUNS; run++) {
    double x[SAMPLES];
    for (uint64_t i = 0; i < SAMPLES; i++) { /* Box & Muller, 1958 */
      double a = (double)kernel_random_below(run, 2 * i, 1 << 30) + 1;
      double b = (double)kernel_random_below(run, 2 * i + 1, 1 << 30);
      x[i] = sqrt(-2 * log(a / (1 << 30))) * cos(2 * M_PI * b / (1 << 30));
    }
    struct interval of = stats_bootstrap(SAMPLES, mean_of, x, run, DRAWS);
    held += of.low <= 0 && 0 <= of.high;
  }
  /* three binomial standard errors: 1.5% */
  assert_in_range(held, (size_t)(0.935 * RUNS), (size_t)(0.965 * RUNS));
}

static void tails_follow_from_t(void **state) {
  (void)state;
  near(stats_tail(6), 0.002432, 1e-5);  /* t = 2.57058 */
  near(stats_tail(9), 0.007225, 1e-5);  /* t = 2.30600 */
  near(stats_tail(20), 0.015881, 1e-5); /* t = 2.09302 */
  near(stats_tail(1000000), 0.025, 1e-6);
  assert_true(isnan(stats_tail(1)));
}

static void bootstraps_of_a_constant_are_that(void **state) {
  (void)state;
  double value = 2.5, nothing = (double)NAN, forever = (double)INFINITY;
  same_interval(stats_bootstrap(6, always, &value, 1, 411),
                (struct interval){2.5, 2.5, 2.5});
  same_interval(stats_bootstrap(20, needs_the_first, &value, 1, 200),
                (struct interval){2.5, 2.5, 2.5});
  same_interval(stats_bootstrap(6, always, &forever, 1, 500),
                (struct interval){forever, forever, forever});
  struct interval interval = stats_bootstrap(6, always, &value, 1, 409);
  near(interval.median, 2.5, 0);
  assert_true(isnan(interval.low) && isnan(interval.high));
  interval = stats_bootstrap(5, always, &value, 1, 1000);
  near(interval.median, 2.5, 0);
  assert_true(isnan(interval.low) && isnan(interval.high));
  interval = stats_bootstrap(6, always, &nothing, 1, 1000);
  assert_true(isnan(interval.median) && isnan(interval.low));
  interval = stats_bootstrap(0, always, &value, 1, 1000);
  assert_true(isnan(interval.median) && isnan(interval.high));
}

enum { PLACES = 12 };

static void shuffles_are_permutations(void **state) {
  (void)state;
  uint32_t order[PLACES + 1];
  for (uint64_t round = 0; round < 100; round++) {
    unsigned seen = 0;
    order[PLACES] = 77;
    order_shuffle(order, PLACES, 5, round);
    for (size_t i = 0; i < PLACES; i++) {
      assert_in_range(order[i], 0, PLACES - 1);
      seen |= 1U << order[i];
    }
    assert_int_equal(seen, (1U << PLACES) - 1);
    assert_int_equal(order[PLACES], 77);
  }
  order_shuffle(order, 1, 5, 1);
  assert_int_equal(order[0], 0);
  order_shuffle(NULL, 0, 5, 1);
}

static void shuffles_depend_on_seed_and_round(void **state) {
  (void)state;
  uint32_t order[PLACES], again[PLACES], round[PLACES], seed[PLACES];
  order_shuffle(order, PLACES, 5, 1);
  order_shuffle(again, PLACES, 5, 1);
  order_shuffle(round, PLACES, 5, 2);
  order_shuffle(seed, PLACES, 6, 1);
  assert_memory_equal(order, again, sizeof order);
  assert_memory_not_equal(order, round, sizeof order);
  assert_memory_not_equal(order, seed, sizeof order);
}

/* All 24 orders of 4, 24000 draws: chi-squared with 23 degrees of freedom is
 * below 49.7 in 99.9% of all cases; and the seeds are fixed. */
static void shuffles_are_uniform(void **state) {
  (void)state;
  for (uint64_t seed = 0; seed < 5; seed++) {
    unsigned counts[256] = {0};
    double chi_squared = 0;
    for (uint64_t round = 0; round < 24000; round++) {
      uint32_t order[4];
      order_shuffle(order, 4, seed, round);
      counts[order[0] | order[1] << 2 | order[2] << 4 | order[3] << 6]++;
    }
    for (size_t i = 0; i < LENGTH(counts); i++)
      if (counts[i])
        chi_squared += (counts[i] - 1000.0) * (counts[i] - 1000.0) / 1000;
    assert_true(chi_squared > 0 && chi_squared < 49.7);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sorting_puts_nans_last),
      cmocka_unit_test(medians_are_in_the_middle),
      cmocka_unit_test(ranks_are_the_largest_that_cover),
      cmocka_unit_test(levels_are_exact),
      cmocka_unit_test(ranks_hold_for_many_samples),
      cmocka_unit_test(median_intervals_are_order_statistics),
      cmocka_unit_test(ratios_are_paired),
      cmocka_unit_test(swapping_inverts_a_ratio_exactly),
      cmocka_unit_test(scaling_and_permuting_leave_a_ratio),
      cmocka_unit_test(ratios_leave_out_what_is_not_positive),
      cmocka_unit_test(outliers_lie_outside_the_fences),
      cmocka_unit_test(bootstraps_do_not_depend_on_threads),
      cmocka_unit_test(bootstraps_cover_as_t_does),
      cmocka_unit_test(bootstraps_hold_the_truth_of_few),
      cmocka_unit_test(tails_follow_from_t),
      cmocka_unit_test(bootstraps_of_a_constant_are_that),
      cmocka_unit_test(shuffles_are_permutations),
      cmocka_unit_test(shuffles_depend_on_seed_and_round),
      cmocka_unit_test(shuffles_are_uniform),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_trend.c: the exact Mann-Kendall test against tables of Kendall's
 * distribution, against every order of few samples with ties, and against
 * itself where it goes over to the normal approximation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/analyze/trend.h"
#include "kernels/kernel.h"

#include <math.h>
#include <stdlib.h>

static int score_of(const double *x, int n) {
  int s = 0;
  for (int i = 0; i < n; i++)
    for (int k = i + 1; k < n; k++)
      s += (x[k] > x[i]) - (x[k] < x[i]);
  return s;
}

/* Some order of 1..n with so many pairs more that rise than fall. */
static void order_with(double *x, int n, int score) {
  int inversions = (n * (n - 1) / 2 - score) / 2;
  for (int i = 0; i < n; i++)
    x[i] = i + 1;
  for (int i = 0; i < n; i++) { /* one goes before so many smaller ones */
    int moves = inversions < n - 1 - i ? inversions : n - 1 - i;
    double moved = x[i + moves];
    for (int k = i + moves; k > i; k--)
      x[k] = x[k - 1];
    x[i] = moved;
    inversions -= moves;
  }
  assert_int_equal(score_of(x, n), score);
}

/* P(S >= s), in the digits that are printed: Gilbert, Statistical Methods for
 * Environmental Pollution Monitoring, 1987, table A18, after Kendall. */
static const struct {
  int n, s;
  double tail, digit;
} table[] = {
    {4, 2, 0.375, 0.001},   {4, 4, 0.167, 0.001},   {4, 6, 0.042, 0.001},
    {5, 4, 0.242, 0.001},   {5, 6, 0.117, 0.001},   {5, 10, 0.0083, 0.0001},
    {6, 5, 0.235, 0.001},   {6, 9, 0.068, 0.001},   {6, 11, 0.028, 0.001},
    {6, 13, 0.0083, 1e-4},  {6, 15, 0.0014, 1e-4},  {7, 9, 0.119, 0.001},
    {7, 11, 0.068, 0.001},  {7, 13, 0.035, 0.001},  {7, 15, 0.015, 0.001},
    {7, 17, 0.0054, 1e-4},  {8, 10, 0.138, 0.001},  {8, 14, 0.054, 0.001},
    {8, 16, 0.031, 0.001},  {8, 18, 0.016, 0.001},  {8, 20, 0.0071, 1e-4},
    {9, 12, 0.130, 0.001},  {9, 16, 0.060, 0.001},  {9, 18, 0.038, 0.001},
    {9, 20, 0.022, 0.001},  {9, 24, 0.0063, 1e-4},  {10, 11, 0.190, 0.001},
    {10, 17, 0.078, 0.001}, {10, 21, 0.036, 0.001}, {10, 23, 0.023, 0.001},
    {10, 25, 0.014, 0.001}, {10, 27, 0.0083, 1e-4},
};

static void near(double value, double expected, double tolerance) {
  if (!(fabs(value - expected) <= tolerance))
    fail_msg("%.17g, expected %.17g", value, expected);
}

static void it_is_kendalls_distribution(void **state) {
  (void)state;
  double x[10];
  for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
    order_with(x, table[i].n, table[i].s);
    near(trend_p(x, (size_t)table[i].n) / 2, table[i].tail,
         0.5001 * table[i].digit);
    for (int k = 0; k < table[i].n; k++) /* and falling */
      x[k] = -x[k];
    near(trend_p(x, (size_t)table[i].n) / 2, table[i].tail,
         0.5001 * table[i].digit);
  }
}

struct counts {
  int as_far, all, score;
};

/* Every order of x[from..n). */
static void visit(double *x, int from, int n, struct counts *counts) {
  if (from == n) {
    counts->all++;
    counts->as_far += abs(score_of(x, n)) >= counts->score;
    return;
  }
  for (int i = from; i < n; i++) {
    double moved = x[i];
    x[i] = x[from];
    x[from] = moved;
    visit(x, from + 1, n, counts);
    x[from] = x[i];
    x[i] = moved;
  }
}

static void ties_count_as_they_are(void **state) {
  (void)state;
  static const double samples[][7] = {
      {1, 1, 2, 2, 3, 3, 4}, {1, 1, 1, 1, 2, 3, 4}, {2, 1, 1, 3, 3, 3, 5},
      {1, 1, 1, 2, 2, 2, 2}, {4, 4, 3, 2, 2, 1, 1}, {1, 2, 3, 4, 5, 7, 6}};
  for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
    double x[7];
    for (int k = 0; k < 7; k++)
      x[k] = samples[i][k];
    struct counts counts = {.score = abs(score_of(x, 7))};
    visit(x, 0, 7, &counts);
    near(trend_p(samples[i], 7), (double)counts.as_far / counts.all, 1e-12);
  }
}

static void what_says_nothing(void **state) {
  (void)state;
  const double same[] = {3, 3, 3, 3, 3, 3}, level[] = {1, 3, 2, 1};
  assert_true(isnan(trend_p(same, 0)) && isnan(trend_p(same, 1)));
  near(trend_p(same, 6), 1, 0);
  near(trend_p(level, 4), 1, 1e-12); /* S = 0 */
}

/* On both sides of the border p is about the same, for the same strength. */
static void many_samples_go_on_as_few(void **state) {
  (void)state;
  double x[TREND_EXACT_MOST + 1];
  for (int drift = 0; drift < 3; drift++) {
    double p[2];
    for (size_t n = TREND_EXACT_MOST; n <= TREND_EXACT_MOST + 1; n++) {
      int pairs = (int)(n * (n - 1) / 2);
      int score = (int)((0.1 + 0.1 * drift) * pairs);
      order_with(x, (int)n, score - (pairs - score) % 2);
      p[n - TREND_EXACT_MOST] = trend_p(x, n);
    }
    assert_true(p[0] > 0 && p[0] < 0.5);
    near(p[1] / p[0], 1, 0.12);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_is_kendalls_distribution),
      cmocka_unit_test(ties_count_as_they_are),
      cmocka_unit_test(what_says_nothing),
      cmocka_unit_test(many_samples_go_on_as_few),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

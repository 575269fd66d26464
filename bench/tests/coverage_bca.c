/* The BCa bootstrap of a median: a control that must miss, and nothing more. */
#include "bench/analyze/stats.h"
#include "bench/tests/coverage.h"
#include "kernels/kernel.h"

#include <math.h>
#include <stdlib.h>

static double normal_below(double z) {
  return erfc(-z / sqrt(2)) / 2;
}

/* By bisection: exact enough, and short. */
static double normal_quantile(double p) {
  double low = -9, high = 9;
  for (int i = 0; i < 60; i++) {
    double middle = (low + high) / 2;
    if (normal_below(middle) < p)
      low = middle;
    else
      high = middle;
  }
  return low;
}

/* From the medians of all but one. */
static double acceleration(const double *sorted, size_t n) {
  double *without = malloc(2 * n * sizeof *without), *medians = without + n;
  double mean = 0, cubes = 0, squares = 0;
  for (size_t i = 0; i < n; i++) {
    for (size_t k = 0, at = 0; k < n; k++)
      if (k != i)
        without[at++] = sorted[k];
    medians[i] = stats_median(without, n - 1);
    mean += medians[i] / (double)n;
  }
  for (size_t i = 0; i < n; i++) {
    double d = mean - medians[i];
    cubes += d * d * d;
    squares += d * d;
  }
  free(without);
  return squares > 0 ? cubes / (6 * pow(squares, 1.5)) : 0;
}

static double bootstrapped(const double *medians, size_t resamples, double z0,
                           double a, double z) {
  double level = normal_below(z0 + (z0 + z) / (1 - a * (z0 + z)));
  double at = level * (double)(resamples + 1);
  size_t rank = at < 1 ? 1 : (size_t)at;
  return medians[rank > resamples ? resamples - 1 : rank - 1];
}

struct interval coverage_bca(double *x, size_t n, uint64_t seed,
                             size_t resamples) {
  double *medians = malloc((resamples + n) * sizeof *medians);
  double *drawn = medians + resamples, below = 0;
  stats_sort(x, n);
  struct interval interval = {.median = stats_median(x, n)};
  for (size_t b = 0; b < resamples; b++) {
    uint64_t stream = kernel_random(seed, b);
    for (size_t i = 0; i < n; i++)
      drawn[i] = x[kernel_random_below(stream, i, n)];
    stats_sort(drawn, n);
    medians[b] = stats_median(drawn, n);
    below += medians[b] < interval.median   ? 1
             : medians[b] > interval.median ? 0
                                            : 0.5;
  }
  stats_sort(medians, resamples);
  double z0 = normal_quantile(below / (double)resamples);
  double a = acceleration(x, n), z = normal_quantile(0.975);
  interval.low = bootstrapped(medians, resamples, z0, a, -z);
  interval.high = bootstrapped(medians, resamples, z0, a, z);
  free(medians);
  return interval;
}

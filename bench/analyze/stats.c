#include "bench/analyze/stats.h"

#include "kernels/kernel.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* Draws in all below which a team costs more than it saves. */
enum { WORTH_A_TEAM = 100000 };

/* Keeps the draws apart from others that have the same seed. */
static const uint64_t bootstrap_stream = UINT64_C(0x626f6f7473747261);

double *stats_unknown(size_t n) {
  double *values = malloc((n + 1) * sizeof *values);
  for (size_t i = 0; values && i < n; i++)
    values[i] = (double)NAN;
  return values;
}

static int compare_numbers(const void *left, const void *right) {
  double a = *(const double *)left;
  double b = *(const double *)right;
  if (isnan(a) || isnan(b))
    return (isnan(a) != 0) - (isnan(b) != 0);
  return (a > b) - (a < b);
}

void stats_sort(double *x, size_t n) {
  if (n > 1)
    qsort(x, n, sizeof *x, compare_numbers);
}

double stats_median(const double *sorted, size_t n) {
  if (n == 0)
    return (double)NAN;
  if (n % 2 == 1)
    return sorted[n / 2];
  return (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

double stats_lower_median(const double *sorted, size_t n) {
  return n == 0 ? (double)NAN : sorted[(n - 1) / 2];
}

/* The largest k <= most with P(Bin(n, 1/2) < k) <= bound, and that
 * probability.  The sum of the binomial coefficients is sum * 2^(exponent + n):
 * exact for n <= 55, and no n overflows it. */
static size_t binomial_tail(size_t n, size_t most, double bound,
                            double *probability) {
  double sum = 0, term = 1;
  int exponent = -(int)n;
  size_t k = 0;
  *probability = 0;
  while (k < most && ldexp(sum + term, exponent) <= bound) {
    sum += term;
    *probability = ldexp(sum, exponent);
    term = term * (double)(n - k) / (double)(k + 1);
    k++;
    if (term > 0x1p512) {
      term *= 0x1p-512;
      sum *= 0x1p-512;
      exponent += 512;
    }
  }
  return k;
}

int stats_order_rank(size_t n, double level, size_t *k) {
  double probability;
  if (!(level > 0 && level < 1))
    return -EINVAL;
  size_t rank = binomial_tail(n, (n + 1) / 2, (1 - level) / 2, &probability);
  if (rank == 0)
    return -EINVAL;
  *k = rank;
  return 0;
}

double stats_order_level(size_t n, size_t k) {
  double probability;
  if (k < 1 || k > (n + 1) / 2)
    return (double)NAN;
  binomial_tail(n, k, 1, &probability);
  return 1 - 2 * probability;
}

/* Sorts, and returns how many are not NAN. */
static size_t sort_known(double *x, size_t n) {
  stats_sort(x, n);
  while (n > 0 && isnan(x[n - 1]))
    n--;
  return n;
}

double stats_sign_p(size_t n, size_t fewer) {
  double probability;
  if (n == 0 || fewer > n)
    return (double)NAN;
  binomial_tail(n, fewer + 1, 1, &probability);
  return fmin(1, 2 * probability);
}

struct interval stats_median_interval(double *x, size_t n) {
  struct interval interval = INTERVAL_NULL;
  size_t k;
  n = sort_known(x, n);
  interval.median = stats_median(x, n);
  if (stats_order_rank(n, STATS_LEVEL, &k) == 0) {
    interval.low = x[k - 1];
    interval.high = x[n - k];
  }
  return interval;
}

static bool usable(double x) {
  return isfinite(x) && x > 0;
}

/* log(above / below), of exactly the other sign when the two are swapped. */
static double log_ratio(double above, double below) {
  return above >= below ? log(above / below) : -log(below / above);
}

/* exp(x), exactly inverted for x and -x. */
static double exp_ratio(double x) {
  return x < 0 ? 1 / exp(-x) : exp(x);
}

struct interval stats_ratio_interval(const double *above, const double *below,
                                     size_t n) {
  double *logs = malloc((n ? n : 1) * sizeof *logs);
  size_t count = 0;
  if (!logs)
    return INTERVAL_NULL;
  for (size_t i = 0; i < n; i++)
    if (usable(above[i]) && usable(below[i]))
      logs[count++] = log_ratio(above[i], below[i]);
  struct interval interval = stats_median_interval(logs, count);
  free(logs);
  return (struct interval){.median = exp_ratio(interval.median),
                           .low = exp_ratio(interval.low),
                           .high = exp_ratio(interval.high)};
}

double stats_quartile(const double *sorted, size_t n, size_t quarters) {
  size_t place = (n - 1) * quarters;
  double low = sorted[place / 4];
  if (place % 4 == 0)
    return low;
  return low + (sorted[place / 4 + 1] - low) * (double)(place % 4) / 4;
}

size_t stats_outliers(const double *sorted, size_t n) {
  size_t count = 0;
  if (n == 0)
    return 0;
  double first = stats_quartile(sorted, n, 1);
  double third = stats_quartile(sorted, n, 3);
  double reach = 3 * (third - first);
  for (size_t i = 0; i < n; i++)
    count += sorted[i] < first - reach || sorted[i] > third + reach;
  return count;
}

bool stats_is_bimodal(const double *sorted, size_t n) {
  enum { FEWEST = 9, SIDE = 3 };
  size_t least = (n + 3) / 4 > SIDE ? (n + 3) / 4 : SIDE;
  if (n < FEWEST)
    return false;
  double matters = 0.05 * stats_median(sorted, n);
  for (size_t k = least; k + least <= n; k++) {
    const double *above = sorted + k;
    double gap = *above - above[-1];
    double scatter =
        stats_quartile(sorted, k, 3) - stats_quartile(sorted, k, 1) +
        stats_quartile(above, n - k, 3) - stats_quartile(above, n - k, 1);
    if (gap > matters && gap * (double)n > 24 * scatter)
      return true;
  }
  return false;
}

struct bootstrap {
  size_t rounds;
  stats_statistic *statistic;
  void *context;
  uint64_t seed;
};

void stats_draw(uint64_t seed, size_t b, size_t rounds, size_t *chosen) {
  uint64_t stream = kernel_random(seed ^ bootstrap_stream, b);
  for (size_t i = 0; i < rounds; i++)
    chosen[i] = kernel_random_below(stream, i, rounds);
}

/* The statistic of resample b; `chosen` has room for its rounds. */
static double resample(const struct bootstrap *bootstrap, size_t b,
                       size_t *chosen) {
  stats_draw(bootstrap->seed, b, bootstrap->rounds, chosen);
  return bootstrap->statistic(chosen, bootstrap->rounds, bootstrap->context);
}

/* Fills values[0..resamples); false: out of memory. */
static bool resample_all(const struct bootstrap *bootstrap, double *values,
                         size_t resamples) {
  bool failed = false;
#pragma omp parallel reduction(||                                              \
                               : failed) if (bootstrap->rounds * resamples >=  \
                                             WORTH_A_TEAM)
  {
    size_t *chosen = malloc(bootstrap->rounds * sizeof *chosen);
    failed = !chosen;
#pragma omp for schedule(static)
    for (size_t b = 0; b < resamples; b++)
      if (chosen)
        values[b] = resample(bootstrap, b, chosen);
    free(chosen);
  }
  return !failed;
}

static double of_all_rounds(const struct bootstrap *bootstrap, size_t *chosen) {
  for (size_t i = 0; i < bootstrap->rounds; i++)
    chosen[i] = i;
  return bootstrap->statistic(chosen, bootstrap->rounds, bootstrap->context);
}

/* Student's t at 97.5%: below 0.02% off from 5 degrees of freedom on.
 * Source: Abramowitz & Stegun, 26.7.5. */
static double student(double freedom) {
  static const double z = 1.959963984540054;
  double z2 = z * z, sum = z;
  sum += z * (z2 + 1) / (4 * freedom);
  sum += z * ((5 * z2 + 16) * z2 + 3) / (96 * pow(freedom, 2));
  sum += z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / (384 * pow(freedom, 3));
  sum += z * ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) /
         (92160 * pow(freedom, 4));
  return sum;
}

double stats_tail(size_t rounds) {
  double n = (double)rounds;
  return rounds < 2 ? (double)NAN
                    : erfc(sqrt(n / (n - 1)) * student(n - 1) * M_SQRT1_2) / 2;
}

void stats_percentiles(double *values, size_t resamples, size_t rounds,
                       struct interval *interval) {
  size_t known = sort_known(values, resamples);
  size_t m = (size_t)((double)(known + 1) * stats_tail(rounds));
  if (m == 0 || known < resamples - known)
    return;
  interval->low = values[m - 1];
  interval->high = values[known - m];
}

struct interval stats_bootstrap(size_t rounds, stats_statistic *statistic,
                                void *context, uint64_t seed,
                                size_t resamples) {
  const struct bootstrap bootstrap = {rounds, statistic, context, seed};
  struct interval interval = INTERVAL_NULL;
  if (rounds == 0)
    return interval;
  double *values = malloc((resamples ? resamples : 1) * sizeof *values);
  size_t *chosen = malloc(rounds * sizeof *chosen);
  bool complete = values && chosen;
  if (complete && rounds >= STATS_SAMPLES_MIN) {
    complete = resample_all(&bootstrap, values, resamples);
    if (complete)
      stats_percentiles(values, resamples, rounds, &interval);
  }
  if (complete)
    interval.median = of_all_rounds(&bootstrap, chosen);
  free(values);
  free(chosen);
  return interval;
}

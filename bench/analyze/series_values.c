/* What follows from the values of series: medians, speedups, ratios, trends. */
#include "bench/analyze/series.h"

#include "bench/analyze/stats.h"
#include "bench/analyze/trend.h"

#include <math.h>
#include <stdlib.h>

/* The values of all rounds that have one; owned.  NULL: no memory. */
static double *pack(const struct series *series, enum quantity quantity,
                    size_t *n) {
  double *values = malloc(((size_t)series->rounds + 1) * sizeof *values);
  *n = 0;
  for (int64_t round = 1; values && round <= series->rounds; round++)
    if (isfinite(series->by_round[quantity][round]))
      values[(*n)++] = series->by_round[quantity][round];
  return values;
}

struct numbers series_times(const struct series *series,
                            enum quantity quantity) {
  struct numbers numbers;
  numbers.values = pack(series, quantity, &numbers.count);
  return numbers;
}

struct interval series_interval(const struct series *series,
                                enum quantity quantity) {
  size_t n;
  double *values = pack(series, quantity, &n);
  struct interval interval =
      values ? stats_median_interval(values, n) : INTERVAL_NULL;
  free(values);
  return interval;
}

double series_growth(const struct series *above, const struct series *below) {
  const struct record *one = above->first, *other = below->first;
  double sizes = other->size == one->size /* 0 items, too */
                     ? 1
                     : (double)other->size / (double)one->size;
  return sizes * (double)record_times(other) / (double)record_times(one);
}

struct interval series_ratio(const struct series *above,
                             const struct series *below,
                             enum quantity quantity) {
  if (!above)
    return INTERVAL_NULL;
  struct interval times = stats_ratio_interval(above->by_round[quantity] + 1,
                                               below->by_round[quantity] + 1,
                                               (size_t)below->rounds);
  double more = series_growth(above, below);
  return (struct interval){times.median * more, times.low * more,
                           times.high * more};
}

struct interval series_speedup(const struct series *series) {
  return stats_ratio_interval(series->by_round[BESIDE] + 1,
                              series->by_round[REGION] + 1,
                              (size_t)series->rounds);
}

/* The speedup of each round; owned; NULL: no memory. */
static double *speedups(const struct series *series) {
  size_t count = (size_t)series->rounds + 1;
  double *values = stats_unknown(count);
  for (size_t round = 1; values && round < count; round++)
    values[round] =
        series->by_round[BESIDE][round] / series->by_round[REGION][round];
  return values;
}

struct interval series_relative(const struct series *one,
                                const struct series *series) {
  double *of_one = one ? speedups(one) : NULL, *of_all = speedups(series);
  struct interval ratio = INTERVAL_NULL;
  if (of_one && of_all)
    ratio =
        stats_ratio_interval(of_all + 1, of_one + 1, (size_t)series->rounds);
  free(of_one);
  free(of_all);
  /* Without serial there is nothing to go by but the times. */
  return isnan(ratio.median) ? series_ratio(one, series, REGION) : ratio;
}

struct interval series_clock_ratio(const struct series *one,
                                   const struct series *series) {
  return one ? stats_ratio_interval(series->by_round[CLOCK] + 1,
                                    one->by_round[CLOCK] + 1,
                                    (size_t)series->rounds)
             : INTERVAL_NULL;
}

struct interval series_clock_adjusted(const struct series *one,
                                      const struct series *series) {
  size_t rounds = (size_t)series->rounds;
  double *adjusted_s = one ? stats_unknown(rounds + 1) : NULL;
  if (!adjusted_s)
    return INTERVAL_NULL;
  for (size_t round = 1; round <= rounds; round++)
    adjusted_s[round] = series->by_round[REGION][round] *
                        series->by_round[CLOCK][round] /
                        one->by_round[CLOCK][round];
  struct interval speedup = stats_ratio_interval(series->by_round[BESIDE] + 1,
                                                 adjusted_s + 1, rounds);
  free(adjusted_s);
  return speedup;
}

struct numbers series_speedups(const struct series *series) {
  struct numbers numbers = {speedups(series), 0};
  for (int64_t round = 1; numbers.values && round <= series->rounds; round++)
    if (isfinite(numbers.values[round]))
      numbers.values[numbers.count++] = numbers.values[round];
  return numbers;
}

struct numbers series_ratios(const struct series *above,
                             const struct series *below,
                             enum quantity quantity) {
  struct numbers numbers = {
      malloc(((size_t)below->rounds + 1) * sizeof(double)), 0};
  double more = above ? series_growth(above, below) : (double)NAN;
  for (int64_t round = 1; above && numbers.values && round <= below->rounds;
       round++) {
    double value = above->by_round[quantity][round] /
                   below->by_round[quantity][round] * more;
    if (isfinite(value))
      numbers.values[numbers.count++] = value;
  }
  return numbers;
}

double series_trend_p(const struct series *series, size_t least) {
  size_t n;
  double *values = pack(series, REGION, &n);
  double p = values && n >= least ? trend_p(values, n) : (double)NAN;
  free(values);
  return p;
}

bool series_is_bimodal(const struct series *series) {
  size_t n;
  bool regions = isfinite(series_interval(series, REGION).median);
  double *values = pack(series, regions ? REGION : PROGRAM, &n);
  if (!values)
    return false;
  stats_sort(values, n);
  bool bimodal = stats_is_bimodal(values, n);
  free(values);
  return bimodal;
}

size_t series_outliers(const struct series *series) {
  size_t n;
  double *values = pack(series, REGION, &n);
  if (!values)
    return 0;
  stats_sort(values, n);
  size_t outliers = stats_outliers(values, n);
  free(values);
  return outliers;
}

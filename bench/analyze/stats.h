/* stats.h: medians, their intervals, and the bootstrap.
 *
 * Pure: nothing here prints, reads a clock or keeps state.  A number that is
 * not known is NAN, as in struct interval. */
#ifndef CORESWEEP_STATS_H
#define CORESWEEP_STATS_H

#include "bench/record/fields.h"

#include <stddef.h>
#include <stdint.h>

/* The coverage of every interval here. */
#define STATS_LEVEL 0.95

/* Samples below which no interval is given: with five, [min, max] covers the
 * median in 93.75% of all cases. */
enum { STATS_SAMPLES_MIN = 6 };

/* n numbers that are not known; owned; NULL: no memory. */
double *stats_unknown(size_t n);

/* Sorts x[0..n) ascending, in place; NANs last.  Cannot fail. */
void stats_sort(double *x, size_t n);

/* The median of n samples without a NAN, sorted ascending, in their unit: the
 * middle one, or the mean of the middle two.  NAN for n == 0. */
double stats_median(const double *sorted, size_t n);

/* As stats_median, but the lower of the middle two: always one of the samples.
 * NAN for n == 0. */
double stats_lower_median(const double *sorted, size_t n);

/* The largest k with P(Bin(n, 1/2) < k) <= (1 - level) / 2.  Of n independent
 * samples, sorted and counted from 1, [x(k), x(n+1-k)] then covers the median
 * with at least that probability, whatever their distribution.
 * n: below 2^31; 100000 takes 2 ms.  level: in (0,1).
 * Returns 0, or -EINVAL with *k as it was when there is no such k >= 1 (at
 * 95%: n < 6).
 * Source: Conover, Practical Nonparametric Statistics, 3rd ed., sec. 3.2. */
int stats_order_rank(size_t n, double level, size_t *k);

/* The exact coverage 1 - 2 P(Bin(n, 1/2) < k) of [x(k), x(n+1-k)] for samples
 * of a continuous distribution; at least that for any other.
 * NAN unless 1 <= k <= (n+1)/2.  Source: as stats_order_rank. */
double stats_order_level(size_t n, size_t k);

/* The two-sided p of the sign test: min(1, 2 P(Bin(n, 1/2) <= fewer)), exact.
 * Of n samples `fewer` are not on the side where the others lie, ties with what
 * is tested among them: then p is at most 1 - level where, and only where,
 * [x(k), x(n+1-k)] at that level (see stats_order_rank) excludes it.
 * NAN for n == 0 or fewer > n.  Source: Conover, as above, sec. 3.4. */
double stats_sign_p(size_t n, size_t fewer);

/* The median of x[0..n) with its order-statistic interval [x(k), x(n+1-k)] at
 * STATS_LEVEL, in x's unit.  NANs are left out; the bounds are NAN where fewer
 * than STATS_SAMPLES_MIN samples remain, the median where none does.  Sorts x
 * in place; cannot fail.  Source: as stats_order_rank. */
struct interval stats_median_interval(double *x, size_t n);

/* The ratio of n pairs of positive numbers, one pair per round:
 *
 *   exp(median over i of log(above[i] / below[i]))
 *
 * with the order-statistic interval of the log-ratios.  Pairs with a number
 * that is not positive and finite are left out; NANs as in
 * stats_median_interval.  Exact: swapping `above` and `below` inverts whichever
 * of the results are at least 1, and scaling both by a power of two changes
 * nothing.  INTERVAL_NULL when memory is out.
 * Source: as stats_order_rank, on paired differences of logarithms. */
struct interval stats_ratio_interval(const double *above, const double *below,
                                     size_t n);

/* The sample at so many quarters, 0 to 4, of the way from the first to the last
 * of n >= 1 without a NAN, sorted ascending; by linear interpolation between
 * the two next to it.  Source: Hyndman & Fan, as below, definition 7. */
double stats_quartile(const double *sorted, size_t n, size_t quarters);

/* How many of n samples without a NAN, sorted ascending, lie outside Tukey's
 * outer fences, [Q1 - 3 IQR, Q3 + 3 IQR]; quartiles by linear interpolation
 * between the samples at (n-1)/4 and 3(n-1)/4, counted from 0.
 * Sources: Tukey, Exploratory Data Analysis, 1977, sec. 2D ("far out");
 * quartiles: Hyndman & Fan, "Sample quantiles in statistical packages", The
 * American Statistician 50(4), 1996, definition 7. */
size_t stats_outliers(const double *sorted, size_t n);

/* Whether n samples without a NAN, sorted ascending, lie around two values: of
 * the gaps that leave a quarter of them, and at least three, to either side,
 * one is over 24/n times the interquartile ranges of both sides together, and
 * over 5% of the median.  Below nine samples never.
 * Of 4000 simulated normal, lognormal or exponential samples of 9 to 40, 0.4%
 * to 2% are called so; of two states 22% apart with scatter of 2%, 43% of
 * nine, and 73% to 99% of 12 to 40. */
bool stats_is_bimodal(const double *sorted, size_t n);

/* A statistic of a run of whole rounds.  chosen[0..rounds) are the rounds to
 * look at, counted from 0, some of them more than once; `context` is the
 * caller's data.  Called by several threads at once: it must only read them. */
typedef double stats_statistic(const size_t *chosen, size_t rounds,
                               void *context);

/* What is cut off at each end of a percentile interval at STATS_LEVEL, so that
 * it is as wide for a mean of so many rounds as Student's t makes it: with few
 * rounds 2.5% leave it too narrow (0.0024 for 6, 0.0072 for 9, to 0.025).
 * NAN below two rounds.
 * Source: Hesterberg, "What Teachers Should Know About the Bootstrap", The
 * American Statistician 69(4), 2015, sec. 3.2. */
double stats_tail(size_t rounds);

/* The rounds of draw b, with replacement: chosen[0..rounds). */
void stats_draw(uint64_t seed, size_t b, size_t rounds, size_t *chosen);

/* Sets the ends of the interval from the statistics of all draws, as below;
 * sorts them. */
void stats_percentiles(double *values, size_t resamples, size_t rounds,
                       struct interval *interval);

/* The statistic of all rounds (as `median`) with its percentile interval,
 * expanded by t (stats_tail), at STATS_LEVEL from `resamples` draws of whole
 * rounds with replacement; in the statistic's unit.  Draw b depends on (seed,
 * b) alone, so that the result is the same whatever the number of OpenMP
 * threads. The bounds are the m-th lowest and m-th highest statistic, m =
 * floor((B+1) tail), of the B resamples whose statistic is not NAN; they are
 * NAN where those are fewer than half or too few for m = 1, and for fewer than
 * STATS_SAMPLES_MIN rounds.  Infinite statistics count as what they are.
 * INTERVAL_NULL for no rounds, or when memory is out.
 * Sources: Efron & Tibshirani, An Introduction to the Bootstrap, 1993, sec.
 * 13.3; m: Davison & Hinkley, Bootstrap Methods, 1997, sec. 5.3.1. */
struct interval stats_bootstrap(size_t rounds, stats_statistic *statistic,
                                void *context, uint64_t seed, size_t resamples);

#endif

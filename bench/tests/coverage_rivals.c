#include "bench/tests/coverage_rivals.h"

#include "bench/analyze/stats.h"
#include "bench/analyze/verdict.h"

#include <math.h>
#include <string.h>

enum { EACH = 3, MOST = EACH * COVERAGE_TRIALS };

double coverage_sum_p(size_t rounds, size_t choices, size_t scores[][3],
                      size_t at_most) {
  static _Thread_local double sums[2][MOST * COVERAGE_TRIALS + 1];
  double *from = sums[0], *to = sums[1], p = 0;
  memset(from, 0, (at_most + 1) * sizeof *from);
  from[0] = 1;
  for (size_t round = 0; round < rounds; round++) {
    memset(to, 0, (at_most + 1) * sizeof *to);
    for (size_t choice = 0; choice < choices; choice++)
      for (size_t s = scores[round][choice]; s <= at_most; s++)
        to[s] += from[s - scores[round][choice]] / (double)choices;
    double *filled = to;
    to = from;
    from = filled;
  }
  for (size_t s = 0; s <= at_most; s++)
    p += from[s];
  return fmin(1, p);
}

/* ---- one side ------------------------------------------------------------ */

/* Logarithms of a round's times as they are seen from one side of a null: the
 * parallel one is low where the speedup is surely beyond it. */
struct seen {
  size_t count;
  double serial[2][COVERAGE_TRIALS], parallel[COVERAGE_TRIALS];
};

static struct seen see(const struct coverage_trials *trials, double null,
                       double side) {
  struct seen seen = {.count = trials->count};
  for (size_t i = 0; i < seen.count; i++) {
    for (int s = 0; s < 2; s++)
      seen.serial[s][i] = side * log(trials->serial_s[s][i]);
    seen.parallel[i] = side * (log(trials->parallel_s[i]) + log(null));
  }
  return seen;
}

typedef double one_sided(const struct seen *seen);

static double both_sides(const struct coverage_trials *trials,
                         struct interval null, one_sided *p) {
  struct seen above = see(trials, null.high, 1),
              below = see(trials, null.low, -1);
  return fmin(1, 2 * fmin(p(&above), p(&below)));
}

/* Each round adds one of the same scores. */
static double same_scores(size_t rounds, size_t choices, const size_t scores[3],
                          size_t at_most) {
  size_t all[COVERAGE_TRIALS][3];
  for (size_t i = 0; i < rounds; i++)
    memcpy(all[i], scores, sizeof all[i]);
  return coverage_sum_p(rounds, choices, all, at_most);
}

/* The logarithm of a round's ratio. */
static double ratio(const struct seen *seen, size_t i) {
  return (seen->serial[0][i] + seen->serial[1][i]) / 2 - seen->parallel[i];
}

/* ---- the tests ----------------------------------------------------------- */

/* The report's own. */
static double signs(const struct coverage_trials *trials,
                    struct interval null) {
  double values[COVERAGE_TRIALS];
  for (size_t i = 0; i < trials->count; i++)
    values[i] = sqrt(trials->serial_s[0][i] * trials->serial_s[1][i]) /
                trials->parallel_s[i];
  const struct numbers ratios = {values, trials->count};
  return verdict_p(&ratios, null);
}

static double signs_of_first(const struct coverage_trials *trials,
                             struct interval null) {
  double values[COVERAGE_TRIALS];
  for (size_t i = 0; i < trials->count; i++)
    values[i] = trials->serial_s[0][i] / trials->parallel_s[i];
  const struct numbers ratios = {values, trials->count};
  return verdict_p(&ratios, null);
}

static double ranks_of_one_side(const struct seen *seen) {
  size_t scores[COVERAGE_TRIALS][3], sum = 0;
  for (size_t i = 0; i < seen->count; i++) {
    size_t rank = 1;
    for (size_t j = 0; j < seen->count; j++)
      rank += fabs(ratio(seen, j)) < fabs(ratio(seen, i));
    scores[i][0] = 0;
    scores[i][1] = rank;
    sum += ratio(seen, i) <= 0 ? rank : 0;
  }
  return coverage_sum_p(seen->count, 2, scores, sum);
}

static double signed_ranks(const struct coverage_trials *trials,
                           struct interval null) {
  return both_sides(trials, null, ranks_of_one_side);
}

/* Serial times of a round that are below its parallel one. */
static size_t below_parallel(const struct seen *seen, size_t i) {
  return (seen->serial[0][i] <= seen->parallel[i]) +
         (size_t)(seen->serial[1][i] <= seen->parallel[i]);
}

/* Normal, as 9 and 18 times make it. */
static double rank_sum_of_one_side(const struct seen *seen) {
  double n = (double)seen->count, m = 2 * n, below = 0;
  for (size_t i = 0; i < seen->count; i++)
    for (size_t j = 0; j < seen->count; j++)
      for (int s = 0; s < 2; s++)
        below += seen->serial[s][j] <= seen->parallel[i];
  double z = (below - n * m / 2) / sqrt(n * m * (n + m + 1) / 12);
  return erfc(-z / sqrt(2)) / 2;
}

static double rank_sum(const struct coverage_trials *trials,
                       struct interval null) {
  return both_sides(trials, null, rank_sum_of_one_side);
}

static double choose(size_t n, size_t k) {
  return k > n ? 0
               : exp(lgamma((double)n + 1) - lgamma((double)k + 1) -
                     lgamma((double)(n - k) + 1));
}

/* Hypergeometric: of so many above the median, at most as many parallel. */
static double median_test_of_one_side(const struct seen *seen) {
  double all[MOST], p = 0;
  size_t n = seen->count, count = EACH * n, above = 0, parallel = 0;
  memcpy(all, seen->serial[0], n * sizeof *all);
  memcpy(all + n, seen->serial[1], n * sizeof *all);
  memcpy(all + 2 * n, seen->parallel, n * sizeof *all);
  stats_sort(all, count);
  double median = stats_median(all, count);
  for (size_t i = 0; i < count; i++)
    above += all[i] > median;
  for (size_t i = 0; i < n; i++)
    parallel += seen->parallel[i] > median;
  for (size_t k = 0; k <= parallel && k <= above; k++)
    p += choose(above, k) * choose(count - above, n - k) / choose(count, n);
  return fmin(1, p);
}

static double median_test(const struct coverage_trials *trials,
                          struct interval null) {
  return both_sides(trials, null, median_test_of_one_side);
}

static double round_ranks_of_one_side(const struct seen *seen) {
  static const size_t scores[3] = {0, 1, 2};
  size_t sum = 0;
  for (size_t i = 0; i < seen->count; i++)
    sum += below_parallel(seen, i);
  return same_scores(seen->count, 3, scores, sum);
}

static double round_ranks(const struct coverage_trials *trials,
                          struct interval null) {
  return both_sides(trials, null, round_ranks_of_one_side);
}

static double firsts_of_one_side(const struct seen *seen) {
  static const size_t scores[3] = {0, 1, 1};
  size_t sum = 0;
  for (size_t i = 0; i < seen->count; i++)
    sum += below_parallel(seen, i) > 0;
  return same_scores(seen->count, 3, scores, sum);
}

static double firsts(const struct coverage_trials *trials,
                     struct interval null) {
  return both_sides(trials, null, firsts_of_one_side);
}

static double middle(double a, double b, double c) {
  return fmax(fmin(a, b), fmin(fmax(a, b), c));
}

/* Of all times, less the median of their round. */
static double aligned_of_one_side(const struct seen *seen) {
  double all[COVERAGE_TRIALS][EACH];
  size_t scores[COVERAGE_TRIALS][3], sum = 0, count = EACH * seen->count;
  for (size_t i = 0; i < seen->count; i++) {
    double a = seen->serial[0][i], b = seen->serial[1][i],
           c = seen->parallel[i], m = middle(a, b, c);
    memcpy(all[i], (const double[EACH]){a - m, b - m, c - m}, sizeof all[i]);
  }
  for (size_t i = 0; i < count; i++) {
    double at = all[i / EACH][i % EACH];
    size_t twice = 0; /* the rank, from 0 on; ties share theirs */
    for (size_t j = 0; j < count; j++) {
      double other = all[j / EACH][j % EACH];
      twice += (other < at) + (size_t)(other <= at);
    }
    scores[i / EACH][i % EACH] = (twice - 1) / 2;
  }
  for (size_t i = 0; i < seen->count; i++)
    sum += scores[i][2];
  return coverage_sum_p(seen->count, 3, scores, sum);
}

static double aligned(const struct coverage_trials *trials,
                      struct interval null) {
  return both_sides(trials, null, aligned_of_one_side);
}

const struct coverage_rival coverage_rivals[COVERAGE_RIVALS] = {
    {.name = "signs of the rounds' ratios: the report's", .p = signs},
    {.name = "the same, Hochberg's procedure", .p = signs, .step_up = true},
    {.name = "signed ranks of the rounds' ratios", .p = signed_ranks},
    {.name = "rank sum of P among all S", .p = rank_sum},
    {.name = "median test (Mood's) of P and all S", .p = median_test},
    {.name = "rank of P in its round", .p = round_ranks},
    {.name = "P first in its round, by chance in a third", .p = firsts},
    {.name = "aligned ranks, less the round's median", .p = aligned},
    {.name = "signs of S@a / P", .p = signs_of_first},
};

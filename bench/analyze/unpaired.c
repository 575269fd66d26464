#include "bench/analyze/unpaired.h"

#include "bench/analyze/stats.h"

#include <stdlib.h>
#include <string.h>

/* Pairs up to which the rank sum's distribution is counted out. */
enum { EXACT_PAIRS = 2500 };

static bool is_usable(double x) {
  return isfinite(x) && x > 0;
}

static size_t count_usable(const struct numbers *numbers) {
  size_t count = 0;
  for (size_t i = 0; i < numbers->count; i++)
    count += is_usable(numbers->values[i]);
  return count;
}

/* ---- the rank sum's distribution ----------------------------------------- */

/* P(U <= u) for u in [0, count): of all orders of m and n numbers, the share
 * with at most u pairs the one way round.  Orders of i and j are those whose
 * last is of the one sample, and those whose last is of the other. */
static int exact_tail(size_t m, size_t n, double *tail, size_t count) {
  double *of = calloc((n + 1) * count, sizeof *of);
  if (!of)
    return -1;
  for (size_t j = 0; j <= n; j++)
    of[j * count] = 1; /* none of the other */
  for (size_t i = 1; i <= m; i++)
    for (size_t j = 1; j <= n; j++) {
      /* A last one of the i is behind all j: j more pairs. */
      double *here = of + j * count, *before = of + (j - 1) * count;
      double share = (double)i / (double)(i + j);
      for (size_t u = count; u-- > 0;)
        here[u] = (u >= j ? share * here[u - j] : 0) + (1 - share) * before[u];
    }
  double sum = 0;
  for (size_t u = 0; u < count; u++)
    tail[u] = sum += of[n * count + u];
  free(of);
  return 0;
}

/* The same by the normal distribution, corrected for whole numbers. */
static void normal_tail(size_t m, size_t n, double *tail, size_t count) {
  double pairs = (double)m * (double)n;
  double sd = sqrt(pairs * ((double)m + (double)n + 1) / 12);
  for (size_t u = 0; u < count; u++)
    tail[u] = erfc((pairs / 2 - (double)u - 0.5) / sd * M_SQRT1_2) / 2;
}

static int rank_tail(size_t m, size_t n, double *tail, size_t count) {
  if (m * n <= EXACT_PAIRS)
    return exact_tail(m, n, tail, count);
  normal_tail(m, n, tail, count);
  return 0;
}

/* ---- the ratio ----------------------------------------------------------- */

/* As in stats.c: of exactly the other sign when the two are swapped. */
static double log_ratio(double above, double below) {
  return above >= below ? log(above / below) : -log(below / above);
}

static double exp_ratio(double x) {
  return x < 0 ? 1 / exp(-x) : exp(x);
}

static size_t all_ratios(const struct numbers *a, const struct numbers *b,
                         double *logs) {
  size_t count = 0;
  for (size_t i = 0; i < a->count; i++)
    for (size_t j = 0; j < b->count; j++)
      if (is_usable(a->values[i]) && is_usable(b->values[j]))
        logs[count++] = log_ratio(b->values[j], a->values[i]);
  stats_sort(logs, count);
  return count;
}

/* Pairs on the side where fewer are; ties are on both. */
static size_t fewer_side(const double *logs, size_t pairs) {
  size_t up = 0, down = 0;
  for (size_t i = 0; i < pairs; i++) {
    up += logs[i] >= 0;
    down += logs[i] <= 0;
  }
  return up < down ? up : down;
}

/* tail: room for all pairs. */
static int judge(const double *logs, size_t m, size_t n, double *tail,
                 struct unpaired *unpaired) {
  size_t pairs = m * n, half = pairs / 2 + 1, k = 0;
  size_t fewer = fewer_side(logs, pairs);
  if (rank_tail(m, n, tail, half) != 0)
    return -1;
  unpaired->p = fewer < half ? fmin(1, 2 * tail[fewer]) : 1;
  while (k < half && 2 * tail[k] <= 1 - STATS_LEVEL)
    k++;
  if (k > 0) {
    unpaired->ratio.low = exp_ratio(logs[k - 1]);
    unpaired->ratio.high = exp_ratio(logs[pairs - k]);
  }
  return 0;
}

static bool are_same(const struct numbers *a, const struct numbers *b) {
  return a->count == b->count && a->count > 0 &&
         memcmp(a->values, b->values, a->count * sizeof *a->values) == 0;
}

int unpaired_ratio(const struct numbers *a, const struct numbers *b,
                   struct unpaired *unpaired) {
  size_t m = count_usable(a), n = count_usable(b);
  *unpaired = (struct unpaired){.ratio = INTERVAL_NULL, .p = (double)NAN};
  if (m == 0 || n == 0)
    return 0;
  unpaired->p = 1;
  if (are_same(a, b)) {
    unpaired->same = true;
    unpaired->ratio = (struct interval){1, 1, 1};
    return 0;
  }
  double *logs = malloc(m * n * sizeof *logs);
  double *tail = malloc((m * n / 2 + 1) * sizeof *tail);
  int status = logs && tail ? 0 : -1;
  if (!status) {
    size_t pairs = all_ratios(a, b, logs);
    unpaired->ratio.median = exp_ratio(stats_median(logs, pairs));
    if (m >= STATS_SAMPLES_MIN && n >= STATS_SAMPLES_MIN)
      status = judge(logs, m, n, tail, unpaired);
  }
  free(logs);
  free(tail);
  return status;
}

/* ---- of several ---------------------------------------------------------- */

struct test {
  double p, weight;
  size_t at;
};

/* By p in units of the test's share; those that are equal as they came. */
static int by_share(const void *left, const void *right) {
  const struct test *a = left, *b = right;
  double x = a->p / a->weight, y = b->p / b->weight;
  return x != y ? (x > y) - (x < y) : (a->at > b->at) - (a->at < b->at);
}

int unpaired_holm(double *p, const double *weights, size_t n) {
  struct test *tests = malloc((n + 1) * sizeof *tests);
  size_t count = 0;
  double left = 0, most = 0; /* left: weights of those that are still there */
  if (!tests)
    return -1;
  for (size_t i = 0; i < n; i++)
    if (!isnan(p[i])) {
      tests[count++] = (struct test){p[i], weights[i], i};
      left += weights[i];
    }
  qsort(tests, count, sizeof *tests, by_share);
  for (size_t i = 0; i < count; i++) {
    most = fmax(most, fmin(1, tests[i].p * left / tests[i].weight));
    p[tests[i].at] = most;
    left -= tests[i].weight;
  }
  free(tests);
  return 0;
}

double unpaired_least_p(size_t a, size_t b) {
  double p = 2;
  if (a < STATS_SAMPLES_MIN || b < STATS_SAMPLES_MIN)
    return (double)NAN;
  for (size_t i = 1; i <= a; i++)
    p *= (double)i / (double)(b + i);
  return p;
}

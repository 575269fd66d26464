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

/* ---- several points ------------------------------------------------------ */

/* Trials of several points, two runs': m and n of each point.  At a shift of
 * the logarithms of one run, each trial has a rank among all of its point. */
struct shifts {
  size_t points, m, n;
  double *logs;   /* [points * m * n]: of b by a */
  double *places; /* of logs, sorted, each once */
  size_t place_count;
  size_t *within_a, *within_b; /* [m], [n]: twice the ranks in the own run */
  size_t *score_a, *score_b;   /* [m], [n]: twice the sums of the ranks */
  double *tail;                /* as of judge */
};

/* How many pairs of trials are the one way round, and the other. */
struct sides {
  size_t up, down;
  double p;
};

/* Twice the number of those that are below, ties as half. */
static size_t twice_below(double x, double beside) {
  return (size_t)(beside < x) + (size_t)(beside <= x);
}

static void rank_within(const struct numbers *points, size_t count, size_t n,
                        size_t *ranks) {
  for (size_t k = 0; k < count; k++)
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j < n; j++)
        ranks[i] += twice_below(points[k].values[i], points[k].values[j]);
}

/* With b's logarithms less by what lies between that place and the one before:
 * then no two are alike. */
static struct sides sides_at(const struct shifts *s, size_t gap) {
  size_t last = s->place_count, half = s->m * s->n / 2 + 1;
  double by = gap == 0      ? -HUGE_VAL
              : gap == last ? HUGE_VAL
                            : s->places[gap - 1] / 2 + s->places[gap] / 2;
  struct sides sides = {0, 0, 1};
  memcpy(s->score_a, s->within_a, s->m * sizeof *s->score_a);
  memcpy(s->score_b, s->within_b, s->n * sizeof *s->score_b);
  const double *x = s->logs;
  for (size_t k = 0; k < s->points; k++)
    for (size_t i = 0; i < s->m; i++, x += s->n) {
      size_t above = 0;
      for (size_t j = 0; j < s->n; j++) {
        s->score_b[j] += x[j] > by ? 2 : 0;
        above += x[j] > by;
      }
      s->score_a[i] += 2 * (s->n - above);
    }
  for (size_t i = 0; i < s->m; i++)
    for (size_t j = 0; j < s->n; j++) {
      sides.up += s->score_b[j] >= s->score_a[i];
      sides.down += s->score_b[j] <= s->score_a[i];
    }
  size_t fewer = sides.up < sides.down ? sides.up : sides.down;
  if (fewer < half)
    sides.p = fmin(1, 2 * s->tail[fewer]);
  return sides;
}

typedef bool holds_at(const struct sides *sides);

static bool is_half(const struct sides *sides) {
  return sides->up <= sides->down;
}

static bool is_past_half(const struct sides *sides) {
  return sides->up < sides->down;
}

static bool is_inside(const struct sides *sides) {
  return is_half(sides) || sides->p > 1 - STATS_LEVEL;
}

static bool is_past(const struct sides *sides) {
  return is_past_half(sides) && !(sides->p > 1 - STATS_LEVEL);
}

/* The first gap of which that holds, as it does of all behind: the more is
 * taken from b, the fewer of its trials are above one of a's. */
static size_t first_gap(const struct shifts *s, holds_at *holds) {
  size_t low = 0, high = s->place_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    struct sides sides = sides_at(s, middle);
    if (holds(&sides))
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

static void find_ratio(const struct shifts *s, struct unpaired *unpaired) {
  size_t from = first_gap(s, is_half), past = first_gap(s, is_past_half);
  size_t low = first_gap(s, is_inside), high = first_gap(s, is_past);
  size_t below = 0;
  while (below < s->place_count && s->places[below] < 0)
    below++;
  bool tied = below < s->place_count && s->places[below] <= 0;
  unpaired->p = fmax(sides_at(s, below).p, sides_at(s, below + tied).p);
  unpaired->ratio = (struct interval){
      exp_ratio(s->places[from - 1] / 2 + s->places[past - 1] / 2),
      exp_ratio(s->places[low - 1]), exp_ratio(s->places[high - 1])};
}

static void list_logs(const struct numbers *a, const struct numbers *b,
                      struct shifts *s) {
  size_t count = 0, kept = 0;
  for (size_t k = 0; k < s->points; k++)
    for (size_t i = 0; i < s->m; i++)
      for (size_t j = 0; j < s->n; j++)
        s->logs[count++] = log_ratio(b[k].values[j], a[k].values[i]);
  memcpy(s->places, s->logs, count * sizeof *s->places);
  stats_sort(s->places, count);
  for (size_t i = 0; i < count; i++)
    if (kept == 0 || s->places[i] > s->places[kept - 1])
      s->places[kept++] = s->places[i];
  s->place_count = kept;
}

/* The trials that all of the points have; 0: some time is none. */
static size_t least_count(const struct numbers *points, size_t count) {
  size_t least = points[0].count;
  for (size_t k = 1; k < count; k++)
    least = points[k].count < least ? points[k].count : least;
  for (size_t k = 0; k < count; k++)
    for (size_t i = 0; i < least; i++)
      if (!is_usable(points[k].values[i]))
        return 0;
  return least;
}

static bool all_same(const struct numbers *a, const struct numbers *b,
                     size_t count) {
  bool same = true;
  for (size_t k = 0; k < count; k++)
    same = same && are_same(&a[k], &b[k]);
  return same;
}

int unpaired_together(const struct numbers *a, const struct numbers *b,
                      size_t points, struct unpaired *unpaired) {
  struct shifts s = {.points = points,
                     .m = least_count(a, points),
                     .n = least_count(b, points)};
  size_t pairs = s.m * s.n;
  *unpaired = (struct unpaired){.ratio = INTERVAL_NULL, .p = (double)NAN};
  if (s.m < STATS_SAMPLES_MIN || s.n < STATS_SAMPLES_MIN)
    return 0;
  if (all_same(a, b, points)) {
    *unpaired = (struct unpaired){{1, 1, 1}, 1, true};
    return 0;
  }
  s.logs = malloc(2 * points * pairs * sizeof *s.logs);
  s.tail = malloc((pairs / 2 + 1) * sizeof *s.tail);
  s.within_a = calloc(2 * (s.m + s.n), sizeof *s.within_a);
  int status = s.logs && s.tail && s.within_a ? 0 : -1;
  if (!status)
    status = rank_tail(s.m, s.n, s.tail, pairs / 2 + 1);
  if (!status) {
    s.places = s.logs + points * pairs;
    s.within_b = s.within_a + s.m;
    s.score_a = s.within_b + s.n;
    s.score_b = s.score_a + s.m;
    rank_within(a, points, s.m, s.within_a);
    rank_within(b, points, s.n, s.within_b);
    list_logs(a, b, &s);
    find_ratio(&s, unpaired);
  }
  free(s.logs);
  free(s.tail);
  free(s.within_a);
  return status;
}

/* ---- of several ---------------------------------------------------------- */

struct test {
  double p, weight;
  size_t at;
  bool left; /* its share is gone */
};

/* By p in units of the test's share; those that are equal as they came. */
static int by_share(const void *left, const void *right) {
  const struct test *a = left, *b = right;
  double x = a->p / a->weight, y = b->p / b->weight;
  return x != y ? (x > y) - (x < y) : (a->at > b->at) - (a->at < b->at);
}

/* What is true of the whole where a part of it differs: its share is free, and
 * its own difference is told by its own p. */
static void let_go(struct test *tests, size_t from, size_t count, size_t whole,
                   double level, double *p, double *left) {
  for (size_t i = from; i < count; i++)
    if (tests[i].at == whole && !tests[i].left) {
      tests[i].left = true;
      *left -= tests[i].weight;
      p[whole] = fmax(level, p[whole]);
    }
}

int unpaired_holm(double *p, const double *weights, const size_t *whole,
                  size_t n) {
  struct test *tests = malloc((n + 1) * sizeof *tests);
  size_t count = 0;
  double left = 0, most = 0; /* left: weights of those that are still there */
  if (!tests)
    return -1;
  for (size_t i = 0; i < n; i++)
    if (!isnan(p[i])) {
      tests[count++] = (struct test){p[i], weights[i], i, false};
      left += weights[i];
    }
  qsort(tests, count, sizeof *tests, by_share);
  for (size_t i = 0; i < count; i++) {
    if (tests[i].left)
      continue;
    most = fmax(most, fmin(1, tests[i].p * left / tests[i].weight));
    p[tests[i].at] = most;
    left -= tests[i].weight;
    if (whole)
      let_go(tests, i + 1, count, whole[tests[i].at], most, p, &left);
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

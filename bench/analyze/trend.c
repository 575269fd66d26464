#include "bench/analyze/trend.h"

#include "bench/analyze/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static long score(const double *x, size_t n) {
  long s = 0;
  for (size_t i = 0; i < n; i++)
    for (size_t k = i + 1; k < n; k++)
      s += (x[k] > x[i]) - (x[k] < x[i]);
  return s;
}

/* Inversions of all orders of what was taken in so far: how probable each
 * number of them is. */
struct inversions {
  double *p; /* [most + 1] */
  size_t most, items;
};

/* In how many ways `equal` new items, which are all the same, invert so many
 * pairs with `others` items: ways[0..equal * others], partitions in a box.
 * Returns owned memory, or NULL. */
static double *ways_of(size_t others, size_t equal) {
  size_t room = equal * others + 1;
  double *box = calloc((equal + 1) * room, sizeof *box);
  if (!box)
    return NULL;
  for (size_t b = 0; b <= equal; b++)
    box[b * room] = 1; /* no part larger than 0 */
  for (size_t part = 1; part <= others; part++)
    for (size_t b = 1; b <= equal; b++)
      for (size_t k = part; k < room; k++)
        box[b * room + k] += box[(b - 1) * room + k - part];
  memmove(box, box + equal * room, room * sizeof *box);
  return box;
}

/* Takes in a group of items of one value.  0, or -1: no memory. */
static int take_group(struct inversions *inversions, size_t equal) {
  size_t added = equal * inversions->items, most = inversions->most + added;
  double *ways = ways_of(inversions->items, equal);
  double *p = calloc(most + 1, sizeof *p);
  double all = 0;
  for (size_t k = 0; ways && k <= added; k++)
    all += ways[k];
  for (size_t i = 0; ways && p && i <= inversions->most; i++)
    for (size_t k = 0; k <= added; k++)
      p[i + k] += inversions->p[i] * ways[k] / all;
  free(ways);
  if (!ways || !p) {
    free(p);
    return -1;
  }
  free(inversions->p);
  *inversions = (struct inversions){p, most, inversions->items + equal};
  return 0;
}

/* P(S >= s): with N pairs that are not tied, S is N less twice the
 * inversions. */
static double exact_tail(const double *sorted, size_t n, long s) {
  struct inversions inversions = {calloc(1, sizeof(double)), 0, 0};
  double tail = 0;
  int status = inversions.p ? 0 : -1;
  if (!status)
    inversions.p[0] = 1;
  for (size_t i = 0, equal; !status && i < n; i += equal) {
    for (equal = 1; i + equal < n && sorted[i + equal] <= sorted[i];)
      equal++;
    status = take_group(&inversions, equal);
  }
  for (size_t k = 0; !status && k <= inversions.most; k++)
    if ((long)inversions.most - 2 * (long)k >= s)
      tail += inversions.p[k];
  free(inversions.p);
  return status ? (double)NAN : tail;
}

static double normal_tail(const double *sorted, size_t n, long s) {
  double m = (double)n, variance = m * (m - 1) * (2 * m + 5);
  for (size_t i = 0, equal; i < n; i += equal) {
    for (equal = 1; i + equal < n && sorted[i + equal] <= sorted[i];)
      equal++;
    double t = (double)equal;
    variance -= t * (t - 1) * (2 * t + 5);
  }
  return variance > 0
             ? 0.5 * erfc((double)(s - 1) / sqrt(variance / 18) / sqrt(2))
             : 1;
}

double trend_p(const double *x, size_t n) {
  long s = labs(score(x, n));
  double *sorted = n < 2 ? NULL : malloc(n * sizeof *sorted);
  if (!sorted)
    return (double)NAN;
  memcpy(sorted, x, n * sizeof *sorted);
  stats_sort(sorted, n);
  double tail = 1;
  if (s > 0)
    tail = n <= TREND_EXACT_MOST ? exact_tail(sorted, n, s)
                                 : normal_tail(sorted, n, s);
  free(sorted);
  return s > 0 ? fmin(1, 2 * tail) : tail;
}

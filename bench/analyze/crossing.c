#include "bench/analyze/crossing.h"

#include "bench/analyze/stats.h"

#include <math.h>
#include <string.h>

enum { ROUNDS_MAX = 1000 };

/* Around 1: overhead per task that does not depend on its size. */
static const double slope_low = 0.8, slope_high = 1.2;

/* How far past the sizes measured a line's root is believed. */
static const double reach = 2;

static bool usable(double x) {
  return isfinite(x) && x > 0;
}

double crossing_speedup(double serial_s, double parallel_s) {
  return usable(serial_s) && usable(parallel_s) ? serial_s / parallel_s
                                                : (double)NAN;
}

double crossing_height(enum crossing_question question, uint32_t workers,
                       double serial_s, double parallel_s) {
  double speedup = crossing_speedup(serial_s, parallel_s);
  if (question == CROSSING_BREAKEVEN || isnan(speedup))
    return -log(speedup);
  double efficiency = speedup / workers;
  return efficiency < 1 ? log((1 - efficiency) / efficiency)
                        : -(double)INFINITY;
}

size_t crossing_ladder(double centre, double ratio, size_t count, double low,
                       double high, double sizes[static CROSSING_SIZES]) {
  double first = centre / pow(ratio, ((double)count - 1) / 2);
  double span = pow(ratio, (double)count - 1);
  if (first * span > high)
    first = high / span;
  if (first < low)
    first = low;
  size_t n = 0;
  for (size_t i = 0; i < count; i++) {
    double size = floor(first * pow(ratio, (double)i) + 0.5);
    if (n > 0 && size <= sizes[n - 1])
      size = sizes[n - 1] + 1;
    if (size <= high)
      sizes[n++] = size;
  }
  return n;
}

/* Sums of powers about the mean; the polynomials are orthogonal on them. */
struct moments {
  double mean, n, s2, s3, s4, y, ty, t2y;
};

static struct moments add_up(const double *x, const double *y, size_t n) {
  struct moments m = {0};
  for (size_t i = 0; i < n; i++)
    if (isfinite(x[i]) && isfinite(y[i])) {
      m.n++;
      m.mean += x[i];
    }
  m.mean /= m.n;
  for (size_t i = 0; i < n; i++)
    if (isfinite(x[i]) && isfinite(y[i])) {
      double t = x[i] - m.mean;
      m.s2 += t * t;
      m.s3 += t * t * t;
      m.s4 += t * t * t * t;
      m.y += y[i];
      m.ty += t * y[i];
      m.t2y += t * t * y[i];
    }
  return m;
}

bool crossing_fit(const double *x, const double *y, size_t n, int degree,
                  double c[static 3]) {
  struct moments m = add_up(x, y, n);
  if (!(m.n >= 2 && m.s2 > 0))
    return false;
  double a0 = m.y / m.n, a1 = m.ty / m.s2, a2 = 0;
  if (degree > 1) {
    /* q = t^2 - (s3/s2) t - s2/n is orthogonal to 1 and t */
    double norm = m.s4 - m.s3 * m.s3 / m.s2 - m.s2 * m.s2 / m.n;
    if (!(m.n >= 3 && norm > 1e-12 * m.s4))
      return false;
    a2 = (m.t2y - m.s3 / m.s2 * m.ty - m.s2 / m.n * m.y) / norm;
    a0 -= a2 * m.s2 / m.n;
    a1 -= a2 * m.s3 / m.s2;
  }
  c[0] = a0 - a1 * m.mean + a2 * m.mean * m.mean;
  c[1] = a1 - 2 * a2 * m.mean;
  c[2] = a2;
  return true;
}

static double at(const double c[static 3], double x) {
  return c[0] + x * (c[1] + x * c[2]);
}

/* The root of that direction in low..high, or infinite: -INFINITY where the
 * curve is past it from the start, INFINITY where it never gets there. */
static double root_of(const double c[static 3], bool rising, double low,
                      double high) {
  double discriminant = c[1] * c[1] - 4 * c[2] * c[0];
  double sign = rising ? 1 : -1;
  double root = (double)NAN;
  if (discriminant >= 0) {
    /* slope at the root is sign * sqrt(discriminant) */
    double s = sign * sqrt(discriminant);
    bool cancels = (c[1] > 0) == (s > 0);
    root = cancels ? -2 * c[0] / (c[1] + s) : (s - c[1]) / (2 * c[2]);
  }
  if (root >= low && root <= high)
    return root;
  return sign * at(c, low) < 0 ? (double)INFINITY : -(double)INFINITY;
}

/* ---- Medians over chosen rounds ----------------------------------------- */

/* What the bootstrap's statistics look at. */
struct view {
  const struct crossing_grid *grid;
  enum crossing_question question;
  uint32_t workers;
  double tasks;
  bool rising, seconds;
};

static double median_of(double *values, size_t n) {
  stats_sort(values, n);
  while (n > 0 && isnan(values[n - 1]))
    n--;
  return stats_median(values, n);
}

/* Medians of the heights, or of ln(serial time), over the chosen rounds.
 * chosen NULL: all of them. */
static void medians(const struct view *view, const size_t *chosen,
                    size_t rounds, bool heights,
                    double y[static CROSSING_SIZES]) {
  const struct crossing_grid *grid = view->grid;
  double values[ROUNDS_MAX];
  rounds = rounds < ROUNDS_MAX ? rounds : ROUNDS_MAX;
  for (size_t s = 0; s < grid->count; s++) {
    for (size_t i = 0; i < rounds; i++) {
      size_t k = s * grid->rounds + (chosen ? chosen[i] : i);
      values[i] = heights
                      ? crossing_height(view->question, view->workers,
                                        grid->serial_s[k], grid->parallel_s[k])
                      : log(grid->serial_s[k]);
    }
    y[s] = median_of(values, rounds);
  }
}

static void logs_of_sizes(const struct crossing_grid *grid,
                          double x[static CROSSING_SIZES]) {
  for (size_t s = 0; s < grid->count; s++)
    x[s] = log(grid->sizes[s]);
}

/* ---- Break-even --------------------------------------------------------- */

static double breakeven_statistic(const size_t *chosen, size_t rounds,
                                  void *context) {
  const struct view *view = context;
  double x[CROSSING_SIZES], y[CROSSING_SIZES], c[3];
  logs_of_sizes(view->grid, x);
  medians(view, chosen, rounds, true, y);
  if (!crossing_fit(x, y, view->grid->count, 2, c))
    return (double)NAN;
  double root = root_of(c, view->rising, x[0], x[view->grid->count - 1]);
  return isfinite(root) ? exp(root) : root;
}

size_t crossing_breakeven(const struct crossing_grid *grid, uint64_t seed,
                          size_t resamples, struct crossing found[static 2]) {
  size_t count = 0;
  if (grid->count < 3 || grid->rounds == 0)
    return 0;
  for (int rising = 0; rising < 2; rising++) {
    struct view view = {
        .grid = grid, .question = CROSSING_BREAKEVEN, .rising = rising};
    struct interval size = stats_bootstrap(grid->rounds, breakeven_statistic,
                                           &view, seed, resamples);
    if (isfinite(size.median))
      found[count++] = (struct crossing){size, rising};
  }
  if (count == 2 && found[1].size.median < found[0].size.median) {
    struct crossing first = found[1];
    found[1] = found[0];
    found[0] = first;
  }
  return count;
}

/* ---- METG ---------------------------------------------------------------- */

/* The line through the heights and its root, in ln(items). */
static double metg_root(const struct view *view, const size_t *chosen,
                        size_t rounds, double c[static 3]) {
  double x[CROSSING_SIZES], y[CROSSING_SIZES];
  size_t n = view->grid->count;
  logs_of_sizes(view->grid, x);
  medians(view, chosen, rounds, true, y);
  if (!crossing_fit(x, y, n, 1, c))
    return (double)NAN;
  return root_of(c, false, x[0] - log(reach), x[n - 1] + log(reach));
}

static double metg_statistic(const size_t *chosen, size_t rounds,
                             void *context) {
  const struct view *view = context;
  double x[CROSSING_SIZES], y[CROSSING_SIZES], c[3];
  double root = metg_root(view, chosen, rounds, c);
  if (!view->seconds || !isfinite(root))
    return isfinite(root) ? exp(root) : root;
  logs_of_sizes(view->grid, x);
  medians(view, chosen, rounds, false, y);
  if (!crossing_fit(x, y, view->grid->count, 1, c))
    return (double)NAN;
  return exp(at(c, root)) / view->tasks;
}

struct crossing_metg crossing_metg(const struct crossing_grid *grid,
                                   uint32_t workers, double tasks,
                                   uint64_t seed, size_t resamples) {
  struct view view = {.grid = grid,
                      .question = CROSSING_GRANULARITY,
                      .workers = workers,
                      .tasks = tasks};
  struct crossing_metg metg = {INTERVAL_NULL, INTERVAL_NULL, (double)NAN};
  double c[3] = {0};
  if (grid->count < 2 || grid->rounds == 0)
    return metg;
  if (isnan(metg_root(&view, NULL, grid->rounds, c)))
    return metg;
  metg.slope = -c[1];
  metg.items =
      stats_bootstrap(grid->rounds, metg_statistic, &view, seed, resamples);
  view.seconds = true;
  metg.task_s =
      stats_bootstrap(grid->rounds, metg_statistic, &view, seed, resamples);
  return metg;
}

bool crossing_slope_usual(double slope) {
  return slope >= slope_low && slope <= slope_high;
}

/* ---- A grid as a whole --------------------------------------------------- */

double crossing_height_median(enum crossing_question question, uint32_t workers,
                              const struct crossing_grid *grid, size_t size) {
  const struct view view = {
      .grid = grid, .question = question, .workers = workers};
  double y[CROSSING_SIZES];
  medians(&view, NULL, grid->rounds, true, y);
  return size < grid->count ? y[size] : (double)NAN;
}

struct interval crossing_ratio(const struct crossing_grid *grid, size_t size) {
  return stats_ratio_interval(grid->serial_s + size * grid->rounds,
                              grid->parallel_s + size * grid->rounds,
                              grid->rounds);
}

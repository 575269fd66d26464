#include "bench/tests/coverage_unpaired.h"

#include "bench/analyze/stats.h"
#include "bench/analyze/unpaired.h"
#include "bench/record/record.h"
#include "bench/sweep/simulated/draws.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LAST = COVERAGE_POINTS - 1, RESAMPLES = 499, TRUTH = 20000 };

#define NORMAL(s)                                                              \
  { .draw = DRAW_NORMAL, .sigma = (s) }
#define SKEWED(s)                                                              \
  { .draw = DRAW_LOGNORMAL, .sigma = (s) }
#define MACHINE(name, c)                                                       \
  { .draw = DRAW_SIMULATED, .scenario = (name), .cpus = (c) }

const struct unpaired_row unpaired_rows[] = {
    {"normal, 2%", NORMAL(0.02), NORMAL(0.02)},
    {"lognormal tail", SKEWED(0.7), SKEWED(0.7)},
    {"independent noise, 8 CPUs", MACHINE("independent noise", 8),
     MACHINE("independent noise", 8)},
    {"steal bursts, 8 CPUs", MACHINE("steal bursts", 8),
     MACHINE("steal bursts", 8)},
    {"CPU states, 2 CPUs", MACHINE("CPU states", 2), MACHINE("CPU states", 2)},
    {"CPU states, 8 CPUs", MACHINE("CPU states", 8), MACHINE("CPU states", 8)},
    {"CPU states, crowded, 2 CPUs", MACHINE("CPU states, crowded", 2),
     MACHINE("CPU states, crowded", 2)},
    {"CPU states, crowded, 8 CPUs", MACHINE("CPU states, crowded", 8),
     MACHINE("CPU states, crowded", 8)},
    {"unlike: normal, 2% beside 6%", NORMAL(0.02), NORMAL(0.06)},
    {"unlike: normal beside lognormal", NORMAL(0.02), SKEWED(0.7)},
    {"unlike: independent noise beside states, 2 CPUs",
     MACHINE("independent noise", 2), MACHINE("CPU states", 2)},
    {"limit: drift, 8 CPUs", MACHINE("drift", 8), MACHINE("drift", 8)},
};
const size_t unpaired_row_count = sizeof unpaired_rows / sizeof *unpaired_rows;

const size_t unpaired_sizes[UNPAIRED_SIZES][2] = {
    {6, 6}, {9, 9}, {20, 20}, {20, 9}};

/* ---- samples ------------------------------------------------------------- */

/* A lognormal part of 2% on top of what is always there. */
static double draw(const struct unpaired_source *source, uint64_t stream,
                   uint64_t i) {
  double z = simulated_normal(stream, 2 * i);
  return source->draw == DRAW_LOGNORMAL ? 1 + 0.02 * exp(source->sigma * z)
                                        : exp(source->sigma * z);
}

/* The machine has those CPUs, whichever the scenario's own have. */
static struct coverage_scenario scenario_of(const struct unpaired_source *of) {
  for (size_t i = 0; i < coverage_scenario_count; i++) {
    struct coverage_scenario scenario = coverage_scenarios[i];
    if (strcmp(scenario.name, of->scenario) != 0 ||
        scenario.rule != RULE_BLOCKS)
      continue;
    scenario.cpus = of->cpus;
    return scenario;
  }
  fprintf(stderr, "coverage: no scenario '%s'\n", of->scenario);
  abort();
}

/* A run's trials of the team's region. */
static void run_trials(struct coverage_bench *bench, uint64_t seed, size_t n,
                       double *values) {
  coverage_bench_restart(bench, seed);
  for (size_t i = 0; i < n; i++) {
    struct record record;
    coverage_bench_run(bench, LAST, (uint32_t)i, &record);
    values[i] = record.region_s;
    record_free(&record);
  }
}

/* So many runs of UNPAIRED_MOST trials each; owned. */
static double *draw_runs(const struct unpaired_source *source, size_t runs,
                         uint64_t seed) {
  double *values = malloc(runs * UNPAIRED_MOST * sizeof *values);
  if (source->draw != DRAW_SIMULATED) {
    for (size_t i = 0; i < runs * UNPAIRED_MOST; i++)
      values[i] = draw(source, seed, i);
    return values;
  }
  struct coverage_scenario scenario = scenario_of(source);
#pragma omp parallel
  {
    struct coverage_bench *bench = coverage_bench_new(&scenario);
#pragma omp for schedule(static)
    for (size_t r = 0; r < runs; r++)
      run_trials(bench, seed + r, UNPAIRED_MOST, values + r * UNPAIRED_MOST);
    coverage_bench_free(bench);
  }
  return values;
}

static double median_of(double *values, size_t n) {
  stats_sort(values, n);
  return stats_median(values, n);
}

/* What both machines' long runs say; 1 where they are one. */
static double truth_of(const struct unpaired_row *row) {
  double medians[2];
  const struct unpaired_source *sources[] = {&row->a, &row->b};
  if (strncmp(row->name, "unlike", 6) != 0)
    return 1;
  for (int k = 0; k < 2; k++) {
    double *values =
        draw_runs(sources[k], TRUTH / UNPAIRED_MOST, UINT64_C(1) << 42);
    medians[k] = median_of(values, TRUTH);
    free(values);
  }
  return medians[1] / medians[0];
}

/* ---- ways to an interval ------------------------------------------------- */

/* Both samples sorted; b over a. */
struct samples {
  double a[UNPAIRED_MOST], b[UNPAIRED_MOST];
  size_t m, n;
};

static struct interval by_ranks(struct samples *s) {
  struct unpaired unpaired;
  struct numbers a = {s->a, s->m}, b = {s->b, s->n};
  int status = unpaired_ratio(&a, &b, &unpaired);
  assert(status == 0);
  (void)status;
  return unpaired.ratio;
}

static struct interval by_ends(struct samples *s) {
  struct interval a = stats_median_interval(s->a, s->m);
  struct interval b = stats_median_interval(s->b, s->n);
  return (struct interval){b.median / a.median, b.low / a.high, b.high / a.low};
}

static double normal_quantile(double p) {
  double low = -9, high = 9;
  for (int i = 0; i < 60; i++) {
    double middle = (low + high) / 2;
    if (erfc(-middle / sqrt(2)) / 2 < p)
      low = middle;
    else
      high = middle;
  }
  return low;
}

/* Standard error of a median's logarithm.
 * Source: Price & Bonett, "Distribution-free confidence intervals for
 * difference and ratio of medians", J. Statist. Comput. Simul. 72(2), 2002. */
static double spread(const double *sorted, size_t n) {
  size_t c = (size_t)lround(((double)n + 1) / 2 - sqrt((double)n));
  double z = normal_quantile(1 - stats_sign_p(n, c - 1) / 2);
  return log(sorted[n - c] / sorted[c - 1]) / (2 * z);
}

static struct interval by_spread(struct samples *s) {
  static const double z = 1.959963984540054;
  stats_sort(s->a, s->m);
  stats_sort(s->b, s->n);
  double ratio = stats_median(s->b, s->n) / stats_median(s->a, s->m);
  double more = exp(z * hypot(spread(s->a, s->m), spread(s->b, s->n)));
  return (struct interval){ratio, ratio / more, ratio * more};
}

static double median_again(const double *values, size_t n, uint64_t seed,
                           size_t b) {
  double again[UNPAIRED_MOST];
  size_t chosen[UNPAIRED_MOST];
  stats_draw(seed, b, n, chosen);
  for (size_t i = 0; i < n; i++)
    again[i] = values[chosen[i]];
  return median_of(again, n);
}

static struct interval by_bootstrap(struct samples *s) {
  double ratios[RESAMPLES];
  struct interval interval = INTERVAL_NULL;
  for (size_t b = 0; b < RESAMPLES; b++)
    ratios[b] = median_again(s->b, s->n, 1, b) / median_again(s->a, s->m, 2, b);
  stats_percentiles(ratios, RESAMPLES, s->m < s->n ? s->m : s->n, &interval);
  return interval;
}

typedef struct interval way(struct samples *samples);
static way *const ways[UNPAIRED_WAYS] = {[WAY_RANKS] = by_ranks,
                                         [WAY_ENDS] = by_ends,
                                         [WAY_SPREAD] = by_spread,
                                         [WAY_BOOTSTRAP] = by_bootstrap};

/* Of the first m and n trials of two runs. */
static struct interval interval_of(way *of, const double *a, const double *b,
                                   const size_t sizes[2]) {
  struct samples samples = {.m = sizes[0], .n = sizes[1]};
  memcpy(samples.a, a, sizes[0] * sizeof *a);
  memcpy(samples.b, b, sizes[1] * sizeof *b);
  return of(&samples);
}

struct unpaired_outcome unpaired_study(const struct unpaired_row *row,
                                       size_t pairs) {
  struct unpaired_outcome outcome;
  double truth = truth_of(row);
  double *a = draw_runs(&row->a, pairs, 1),
         *b = draw_runs(&row->b, pairs, UINT64_C(1) << 32);
  double *widths = malloc(pairs * sizeof *widths);
  for (int size = 0; size < UNPAIRED_SIZES; size++)
    for (int w = 0; w < UNPAIRED_WAYS; w++) {
      size_t covered = 0;
#pragma omp parallel for reduction(+ : covered)
      for (size_t i = 0; i < pairs; i++) {
        struct interval interval =
            interval_of(ways[w], a + i * UNPAIRED_MOST, b + i * UNPAIRED_MOST,
                        unpaired_sizes[size]);
        covered += interval.low <= truth && truth <= interval.high;
        widths[i] = interval.high / interval.low - 1;
      }
      outcome.coverage[size][w] = (double)covered / (double)pairs;
      outcome.width[size][w] = median_of(widths, pairs);
    }
  free(a);
  free(b);
  free(widths);
  return outcome;
}

#include "bench/tests/coverage_pairs.h"

#include "bench/analyze/stats.h"
#include "bench/analyze/versus.h"
#include "bench/sweep/simulated/draws.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const double half_width = 0.02;

const char *const pair_shape_names[PAIR_SHAPES] = {"normal", "lognormal tail",
                                                   "bursts", "two states"};

/* ---- noise --------------------------------------------------------------- */

/* The share of a standard normal's values that are below. */
static double share_below(double z) {
  return erfc(-z * M_SQRT1_2) / 2;
}

/* A time's noise, of one that has no such; small: another such number, for what
 * scatters besides; stretch: how much of it. */
static double noise_of(enum pair_shape shape, double z, double small,
                       double stretch) {
  static const double burst_share = 0.15, state_share = 0.35, besides = 0.1;
  double below = share_below(z);
  switch (shape) {
  case PAIR_TAIL:
    return 1 + stretch * 0.02 * exp(0.7 * z);
  case PAIR_BURSTS:
    return exp(stretch * (besides * small + fmax(0, 1 - below / burst_share)));
  case PAIR_STATES:
    return exp(stretch * (besides * small + (below < state_share)));
  case PAIR_NORMAL:
  case PAIR_SHAPES:
    break;
  }
  return exp(stretch * z);
}

/* The i-th time of a stream. */
static double draw(enum pair_shape shape, double stretch, uint64_t stream,
                   uint64_t i) {
  return noise_of(shape, simulated_normal(stream, 4 * i),
                  simulated_normal(stream, 4 * i + 2), stretch);
}

/* The half-width of a median's interval, in the median. */
static double width_of(enum pair_shape shape, size_t n, double stretch) {
  enum { RUNS = 2000 };
  double halves[RUNS], values[PAIR_TRIALS];
  for (size_t r = 0; r < RUNS; r++) {
    for (size_t i = 0; i < n; i++)
      values[i] = draw(shape, stretch, 3, r * n + i);
    struct interval interval = stats_median_interval(values, n);
    halves[r] = (interval.high - interval.low) / 2 / interval.median;
  }
  stats_sort(halves, RUNS);
  return stats_median(halves, RUNS);
}

/* The wider, the more it is stretched. */
static double stretch_of(enum pair_shape shape, size_t n) {
  double low = 1e-4, high = 10;
  for (int step = 0; step < 30; step++) {
    double middle = sqrt(low * high);
    if (width_of(shape, n, middle) < half_width)
      low = middle;
    else
      high = middle;
  }
  return low;
}

/* ---- runs ---------------------------------------------------------------- */

static char workload_names[PAIR_WORKLOADS][16], variant_name[] = "omp:static";

/* What a pair of runs is made in. */
struct room {
  struct workload_result workloads[2 * PAIR_WORKLOADS];
  struct result results[2 * PAIR_POINTS];
  double times[2 * PAIR_POINTS * PAIR_TRIALS];
};

/* A run of the case's points: a workload's are of as many numbers of workers.
 * What is owned elsewhere is borrowed here. */
static struct analysis make_run(const struct pair_case *of,
                                struct workload_result *workloads,
                                struct result *results, double *times) {
  struct analysis run = {.workloads = workloads,
                         .workload_count = of->workloads,
                         .results = results,
                         .result_count = of->points};
  size_t each = of->points / of->workloads;
  fields_clear(run_fields, &run.run);
  for (size_t w = 0; w < of->workloads; w++) {
    fields_clear(workload_fields, &workloads[w]);
    workloads[w].workload = workloads[w].kernel = workload_names[w];
  }
  for (size_t p = 0; p < of->points; p++) {
    struct result *r = &results[p];
    fields_clear(result_fields, r);
    r->workload = r->kernel = workload_names[p / each];
    r->variant = r->requested = variant_name;
    r->workers = (int64_t)(p % each) + 1;
    r->region_s.median = 1;
    r->region_times_s = (struct numbers){times + p * of->n, of->n};
  }
  return run;
}

/* Both runs' times, of that seed. */
static void draw_times(const struct pair_case *of, double stretch,
                       uint64_t seed, double *times) {
  enum { SHARED = 1 << 20 }; /* behind all others of the stream */
  size_t each = of->points / of->workloads;
  double own = sqrt(1 - of->shared), all = sqrt(of->shared);
  for (size_t k = 0; k < 2 * of->points; k++)
    for (size_t i = 0; i < of->n; i++) {
      size_t at = k * of->n + i, round = k / each * of->n + i;
      double z = own * simulated_normal(seed, 4 * at);
      if (all > 0)
        z += all * simulated_normal(seed, SHARED + 2 * round);
      times[at] =
          noise_of(of->shape, z, simulated_normal(seed, 4 * at + 2), stretch);
    }
}

/* Whether B is slower at that point. */
static bool differs(const struct pair_case *of, size_t point) {
  size_t each = of->points / of->workloads;
  switch (of->slower > 0 ? of->at : PAIR_ALL) {
  case PAIR_OWN:
    return point == each - 1;
  case PAIR_OTHER:
    return point == 0;
  case PAIR_WORKLOAD:
    return point < each;
  case PAIR_ALL:
    break;
  }
  return of->slower > 0;
}

/* ---- what is told -------------------------------------------------------- */

static bool is_told(enum versus_verdict verdict) {
  return verdict == VERSUS_SLOWER || verdict == VERSUS_FASTER;
}

static void judge_pair(const struct analysis *a, const struct analysis *b,
                       const struct pair_case *of, struct pair_outcome *sum) {
  struct versus versus;
  size_t each = of->points / of->workloads;
  bool wrong = false;
  int status = versus_make(a, b, false, &versus);
  assert(status == 0 && versus.leaders == of->workloads &&
         versus.workload_count == of->workloads);
  (void)status;
  for (size_t w = 0; w < of->workloads; w++) {
    enum versus_verdict all = versus.workloads[w].verdict;
    bool slower = false, told = false;
    for (size_t p = w * each; p < (w + 1) * each; p++) {
      enum versus_verdict verdict = versus.rows[p].verdict;
      slower = slower || differs(of, p);
      told = told || (differs(of, p) && verdict == VERSUS_SLOWER);
      wrong = wrong || (is_told(verdict) &&
                        !(differs(of, p) && verdict == VERSUS_SLOWER));
    }
    wrong = wrong || (is_told(all) && !(slower && all == VERSUS_SLOWER));
    sum->by_points += told;
    sum->together += slower && all == VERSUS_SLOWER;
    sum->found +=
        told || (slower && all == VERSUS_SLOWER && of->at >= PAIR_WORKLOAD);
  }
  sum->wrong += wrong;
  versus_free(&versus);
}

/* times: of B. */
static void slow_down(const struct pair_case *of, double *times) {
  for (size_t p = 0; p < of->points; p++)
    for (size_t i = 0; differs(of, p) && i < of->n; i++)
      times[p * of->n + i] *= 1 + of->slower;
}

struct pair_outcome pair_find(size_t pairs, const struct pair_case *of) {
  double stretch = stretch_of(of->shape, of->n);
  size_t count = of->points * of->n;
  size_t found = 0, by_points = 0, together = 0, wrong = 0;
  for (size_t w = 0; w < PAIR_WORKLOADS; w++)
    snprintf(workload_names[w], sizeof workload_names[w], "spin/serial=0.%zu",
             w);
#pragma omp parallel reduction(+ : found, by_points, together, wrong)
  {
    struct room *room = calloc(1, sizeof *room); /* large */
    struct pair_outcome sum = {0};
    struct analysis a =
        make_run(of, room->workloads, room->results, room->times);
    struct analysis b =
        make_run(of, room->workloads + of->workloads,
                 room->results + of->points, room->times + count);
#pragma omp for
    for (size_t pair = 0; pair < pairs; pair++) {
      draw_times(of, stretch, 5 + pair, room->times);
      slow_down(of, room->times + count);
      judge_pair(&a, &b, of, &sum);
    }
    found += sum.found;
    by_points += sum.by_points;
    together += sum.together;
    wrong += sum.wrong;
    free(room);
  }
  size_t slower = of->at == PAIR_ALL ? of->workloads : 1;
  return (struct pair_outcome){pairs, found / slower, by_points / slower,
                               together / slower, wrong};
}

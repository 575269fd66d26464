#include "bench/analyze/roofline.h"

#include "bench/analyze/credible.h"
#include "bench/analyze/flags.h"
#include "bench/analyze/stats.h"
#include "bench/plan/meters.h"

#include <stdlib.h>
#include <string.h>

/* ---- meters ------------------------------------------------------------ */

static struct meter_series *find(const struct work *work, const char *workload,
                                 int64_t workers, int64_t size) {
  for (size_t i = 0; i < work->meter_count; i++) {
    struct meter_series *m = &work->meters[i];
    if (m->workers == workers && m->size == size &&
        strcmp(m->workload, workload) == 0)
      return m;
  }
  return NULL;
}

static double units_of(const char *text) {
  struct workload workload;
  struct problem ignored;
  return workload_parse(text, &workload, &ignored) == 0 ? meter_units(&workload)
                                                        : 0;
}

int meters_add(struct work *work, const struct record *r) {
  struct meter_series *meter = find(work, r->workload, r->workers, r->size);
  if (!meter) {
    double units = units_of(r->workload);
    if (!(units > 0))
      return 0;
    struct meter_series *list =
        reallocarray(work->meters, work->meter_count + 1, sizeof *list);
    if (!list)
      return -1;
    work->meters = list;
    meter = &list[work->meter_count];
    *meter = (struct meter_series){r->workload, r->workers, r->size, units,
                                   unknown_by_round(work->rounds)};
    if (!meter->by_round)
      return -1;
    work->meter_count++;
  }
  meter->by_round[r->round] = (double)r->size * meter->units / r->region_s;
  return 0;
}

void meters_free(struct work *work) {
  for (size_t i = 0; i < work->meter_count; i++)
    free(work->meters[i].by_round);
  free(work->meters);
}

static struct interval rate(const struct work *work,
                            const struct meter_series *meter) {
  double *values = meter ? unknown_by_round(work->rounds) : NULL;
  if (!values)
    return INTERVAL_NULL;
  memcpy(values, meter->by_round, ((size_t)work->rounds + 1) * sizeof *values);
  struct interval rate =
      stats_median_interval(values + 1, (size_t)work->rounds);
  free(values);
  return rate;
}

/* The most that it was seen to do in any round. */
static double best(const struct work *work, const struct meter_series *meter) {
  double most = (double)NAN;
  for (int64_t i = 1; meter && i <= work->rounds; i++)
    most = fmax(most, meter->by_round[i]); /* of a NAN and a number, that */
  return most;
}

/* ---- a kernel under its roof --------------------------------------------- */

/* What a region needs, and the meters that say how long it takes. */
struct needs {
  double items, bytes, operations;          /* the last two of an item */
  const struct meter_series *memory, *adds; /* NULL: none, or not run */
  const char *workload;
};

/* A vector holds more of them where numbers are smaller than 64 bits. */
static double operand_share(const struct kernel_shape *shape) {
  return (shape->operand_bytes ? shape->operand_bytes : 8) / 8.0;
}

static bool find_needs(const struct work *work, const struct record *r,
                       struct needs *needs) {
  struct workload workload, wanted;
  struct problem ignored;
  struct meter meter = meter_adds();
  if (workload_parse(r->workload, &workload, &ignored) != 0 ||
      !meter_applies(&workload))
    return false;
  struct kernel_shape shape = workload_shape(&workload);
  *needs =
      (struct needs){.items = (double)r->size,
                     .bytes = shape.input_bytes + (double)shape.output_bytes,
                     .operations = shape.operations * operand_share(&shape),
                     .workload = r->workload};
  needs->adds =
      find(work, meter.workload, r->workers, (int64_t)meter.items * r->workers);
  double items = (double)r->size / (double)r->workers;
  bool moves = meter_memory(&shape, items, &meter);
  if (moves && workload_parse(meter.workload, &wanted, &ignored) == 0)
    needs->memory =
        find(work, wanted.name, r->workers, (int64_t)meter.items * r->workers);
  return needs->adds && (needs->memory || !moves);
}

/* By round, seconds; memory's are NAN where it is not needed. */
struct bounds {
  double *memory_s, *adds_s, *both_s;
};

static void fill_bounds(const struct work *work, const struct needs *needs,
                        struct bounds *bounds) {
  for (int64_t i = 1; i <= work->rounds; i++) {
    bounds->adds_s[i] =
        needs->items * needs->operations / needs->adds->by_round[i];
    bounds->both_s[i] = bounds->adds_s[i];
    if (!needs->memory)
      continue;
    bounds->memory_s[i] =
        needs->items * needs->bytes / needs->memory->by_round[i];
    bounds->both_s[i] = bounds->memory_s[i] > bounds->adds_s[i]
                            ? bounds->memory_s[i]
                            : bounds->adds_s[i];
    if (isnan(bounds->memory_s[i]))
      bounds->both_s[i] = (double)NAN;
  }
}

static int fill_share(const struct work *work, const struct series *series,
                      const struct needs *needs, struct result *result) {
  struct bounds bounds = {unknown_by_round(work->rounds),
                          unknown_by_round(work->rounds),
                          unknown_by_round(work->rounds)};
  size_t rounds = (size_t)work->rounds;
  bool got = bounds.memory_s && bounds.adds_s && bounds.both_s;
  if (got) {
    fill_bounds(work, needs, &bounds);
    result->roofline_share = stats_ratio_interval(
        bounds.both_s + 1, series->by_round[REGION] + 1, rounds);
    struct interval higher =
        stats_ratio_interval(bounds.memory_s + 1, bounds.adds_s + 1, rounds);
    if (!isnan(result->roofline_share.median))
      result->roofline_bound =
          strdup(higher.median > 1 ? "memory" : "arithmetic");
  }
  free(bounds.memory_s);
  free(bounds.adds_s);
  free(bounds.both_s);
  return got ? 0 : -1;
}

bool roofline_is_memory(const struct result *result) {
  return result->roofline_bound &&
         strcmp(result->roofline_bound, "memory") == 0 && !result->refused &&
         result->roofline_share.low > flags_memory_share();
}

/* ---- whether it can be true ---------------------------------------------- */

double roofline_growth(const struct records *calibrations, const char *workload,
                       uint64_t *size) {
  const struct record *small = NULL, *large = NULL;
  double shortest_s = (double)INFINITY;
  for (size_t i = 0; i < calibrations->count; i++) {
    const struct record *r = &calibrations->list[i];
    if (strcmp(r->workload, workload) != 0 || !(r->region_s > 0))
      continue;
    if (!small || r->size < small->size)
      small = r;
    if (!large || r->size > large->size ||
        (r->size == large->size && r->region_s < large->region_s))
      large = r;
    shortest_s = fmin(shortest_s, r->region_s);
  }
  if (!small || large->size / 8 < small->size)
    return (double)NAN;
  *size = (uint64_t)small->size;
  double doublings = log2((double)large->size / (double)small->size);
  return exp2(log2(large->region_s / shortest_s) / doublings);
}

/* Items may differ, and the shape states what one is on average.  Three
 * standard errors of that many items, each evenly between nothing and twice
 * the mean: 3 / sqrt(3 n). */
static double luck(int64_t items) {
  return sqrt(3 / (double)items);
}

static void judge(const struct work *work, const struct needs *needs,
                  struct result *result) {
  const struct interval *share = &result->roofline_share;
  struct problem problem = {""};
  struct credible_case of = {.workload = needs->workload,
                             .workers = (uint32_t)result->workers,
                             .size = (uint64_t)result->size,
                             .bytes_per_item = needs->bytes,
                             .operations_per_item = needs->operations,
                             .region_s = result->region_s};
  /* Beyond doubt: beside the meters of the same rounds, and beside the best
   * that they reached. */
  const struct roofline roofline = {.bytes_per_s = best(work, needs->memory),
                                    .operations_per_s =
                                        best(work, needs->adds)};
  double most = CREDIBLE_SHARE_MOST * (1 + luck(result->size));
  int status = PROBLEM_NONE;
  if (share->low > most ||
      (isnan(share->low) && share->median > CREDIBLE_SHARE_ALONE))
    status = credible_roofline(&of, &roofline, &problem);
  if (!status) { /* of the code that all models run */
    double growth =
        roofline_growth(&work->calibrations, needs->workload, &of.size);
    status = credible_growth(
        &of, (struct interval){growth, (double)NAN, (double)NAN}, &problem);
  }
  if (status)
    result->refused = strdup(problem.text);
}

int roofline_make(const struct work *work, const struct series *series,
                  struct result *result) {
  const struct record *r =
      series->first_in_round ? series->first_in_round : series->first;
  struct needs needs = {.items = 0};
  bool whole = find_needs(work, r, &needs);
  if (needs.items <= 0)
    return 0;
  result->operations_per_byte =
      needs.bytes > 0 ? needs.operations / needs.bytes : (double)NAN;
  double operations = needs.items * needs.operations;
  result->operations_per_s = (struct interval){
      operations / result->region_s.median, operations / result->region_s.high,
      operations / result->region_s.low};
  result->roofline_bytes_per_s = rate(work, needs.memory);
  result->roofline_operations_per_s = rate(work, needs.adds);
  if (whole && fill_share(work, series, &needs, result) != 0)
    return -1;
  judge(work, &needs, result);
  return 0;
}

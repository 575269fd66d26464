#include "bench/analyze/roofline.h"

#include "bench/analyze/credible.h"
#include "bench/analyze/flags.h"
#include "bench/analyze/stats.h"
#include "bench/plan/meters.h"

#include <stdlib.h>
#include <string.h>

/* ---- a kernel under its roof --------------------------------------------- */

static struct interval rate(const struct meter_series *meter, int64_t rounds) {
  double *values = meter ? stats_unknown((size_t)rounds) : NULL;
  if (!values)
    return INTERVAL_NULL;
  memcpy(values, meter->by_round + 1, (size_t)rounds * sizeof *values);
  struct interval rate = stats_median_interval(values, (size_t)rounds);
  free(values);
  return rate;
}

/* The most that it was seen to do in any round. */
static double best(const struct meter_series *meter, int64_t rounds) {
  double most = (double)NAN;
  for (int64_t i = 1; meter && i <= rounds; i++)
    most = fmax(most, meter->by_round[i]); /* of a NAN and a number, that */
  return most;
}

/* What a region needs, and the meters that say how long it takes. */
struct needs {
  double items, bytes, operations; /* the last two of an item */
  double allocated; /* what write-allocate makes of its bytes, over what it
                       makes of the meter's: a line written is read before */
  const struct meter_series *memory, *adds; /* NULL: none, or not run */
  const char *workload;
};

/* A vector holds more of them where numbers are smaller than 64 bits. */
static double operand_share(const struct kernel_shape *shape) {
  return (shape->operand_bytes ? shape->operand_bytes : 8) / 8.0;
}

/* Bytes that move over those that are read and written. */
static double allocation(const struct kernel_shape *shape) {
  double bytes = shape->input_bytes + (double)shape->output_bytes;
  return (bytes + (double)shape->output_bytes) / bytes;
}

static bool find_needs(const struct probes *probes, const struct record *r,
                       struct needs *needs) {
  struct workload workload; /* large: the one, then the other */
  struct problem ignored;
  struct meter meter = meter_adds();
  if (workload_parse(r->workload, &workload, &ignored) != 0 ||
      !meter_applies(&workload))
    return false;
  struct kernel_shape shape = workload_shape(&workload);
  *needs =
      (struct needs){.items = (double)r->size * (double)record_times(r),
                     .bytes = shape.input_bytes + (double)shape.output_bytes,
                     .operations = shape.operations * operand_share(&shape),
                     .workload = r->workload};
  needs->adds = probes_meter(probes, meter.workload, r->workers,
                             (int64_t)meter.items * r->workers);
  double items = needs->items / (double)r->workers;
  bool moves = meter_memory(&shape, items, &meter);
  if (moves && workload_parse(meter.workload, &workload, &ignored) == 0) {
    struct kernel_shape line = workload_shape(&workload);
    needs->memory = probes_meter(probes, workload.name, r->workers,
                                 (int64_t)meter.items * r->workers);
    needs->allocated = allocation(&shape) / allocation(&line);
  }
  return needs->adds && (needs->memory || !moves);
}

/* By round, seconds; memory's are NAN where it is not needed. */
struct bounds {
  double *memory_s, *adds_s, *both_s;
};

static void fill_bounds(const struct needs *needs, size_t rounds,
                        struct bounds *bounds) {
  for (size_t i = 1; i <= rounds; i++) {
    bounds->adds_s[i] =
        needs->items * needs->operations / needs->adds->by_round[i];
    bounds->both_s[i] = bounds->adds_s[i];
    if (!needs->memory)
      continue;
    bounds->memory_s[i] = needs->items * needs->bytes * needs->allocated /
                          needs->memory->by_round[i];
    bounds->both_s[i] = bounds->memory_s[i] > bounds->adds_s[i]
                            ? bounds->memory_s[i]
                            : bounds->adds_s[i];
    if (isnan(bounds->memory_s[i]))
      bounds->both_s[i] = (double)NAN;
  }
}

static int fill_share(const struct series *series, const struct needs *needs,
                      struct result *result) {
  size_t rounds = (size_t)series->rounds;
  struct bounds bounds = {stats_unknown(rounds + 1), stats_unknown(rounds + 1),
                          stats_unknown(rounds + 1)};
  bool got = bounds.memory_s && bounds.adds_s && bounds.both_s;
  if (got) {
    fill_bounds(needs, rounds, &bounds);
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

enum roofline_place roofline_place(const struct result *result) {
  if (result->roofline_share.low > 1)
    return ROOFLINE_ABOVE;
  return result->roofline_share.high > 1 ? ROOFLINE_AROUND : ROOFLINE_BELOW;
}

/* What limits it, or NULL.  Near its last-level caches' size what is read again
 * may come from there. */
static const char *limit_of(const struct needs *needs, double caches_bytes,
                            const struct result *result) {
  if (!result->roofline_bound || result->refused ||
      strcmp(result->roofline_bound, "memory") != 0 ||
      !(result->roofline_share.low >= flags_memory_share()) ||
      roofline_place(result) == ROOFLINE_ABOVE)
    return NULL;
  return needs->items * needs->bytes >= flags_memory_caches() * caches_bytes
             ? "memory"
             : "shared cache or memory";
}

/* ---- whether it can be true ---------------------------------------------- */

struct roofline_growth roofline_growth(const struct records *records,
                                       const char *workload, bool given) {
  /* Of regions ten times the cost of one, a tenth is not the kernel's. */
  const double least_s = given ? 1e-5 : 0;
  struct roofline_growth growth = {(double)NAN, 0};
  const struct record *small = NULL, *large = NULL;
  double shortest_s = (double)INFINITY;
  for (size_t i = 0; i < records->count; i++) {
    const struct record *r = &records->list[i];
    if (!record_is_in(r, "calibration") || strcmp(r->workload, workload) != 0 ||
        !(r->region_s > least_s))
      continue;
    if (!small || r->size < small->size)
      small = r;
    if (!large || r->size > large->size ||
        (r->size == large->size && r->region_s < large->region_s))
      large = r;
    shortest_s = fmin(shortest_s, r->region_s);
  }
  if (!small || large->size / 8 < small->size)
    return growth;
  growth.size = (uint64_t)small->size;
  double doublings = log2((double)large->size / (double)small->size);
  growth.ratio = exp2(log2(large->region_s / shortest_s) / doublings);
  return growth;
}

/* Items may differ, and the shape states what one is on average.  Three
 * standard errors of that many items, each evenly between nothing and twice
 * the mean: 3 / sqrt(3 n). */
static double luck(int64_t items) {
  return sqrt(3 / (double)items);
}

static void judge(const struct needs *needs, int64_t rounds,
                  const struct roofline_growth *growth, struct result *result) {
  const struct interval *share = &result->roofline_share;
  struct problem problem = {""};
  struct credible_case of = {.workload = needs->workload,
                             .workers = (uint32_t)result->workers,
                             .size = (uint64_t)needs->items,
                             .bytes_per_item = needs->bytes,
                             .operations_per_item = needs->operations,
                             .region_s = result->region_s};
  /* Beyond doubt: beside the meters of the same rounds, and beside the best
   * that they reached. */
  const struct roofline roofline = {.bytes_per_s = best(needs->memory, rounds),
                                    .operations_per_s =
                                        best(needs->adds, rounds)};
  double most = CREDIBLE_SHARE_MOST * (1 + luck(result->size));
  int status = PROBLEM_NONE;
  if (share->low > most ||
      (isnan(share->low) && share->median > CREDIBLE_SHARE_ALONE))
    status = credible_roofline(&of, &roofline, &problem);
  if (!status) { /* of the code that all models run */
    of.size = growth->size;
    status = credible_growth(
        &of, (struct interval){growth->ratio, (double)NAN, (double)NAN},
        &problem);
  }
  if (status)
    result->refused = strdup(problem.text);
}

int roofline_make(const struct probes *probes, const struct series *series,
                  const struct roofline_growth *growth, struct result *result) {
  const struct record *r = series_record(series);
  struct needs needs = {.items = 0};
  bool whole = find_needs(probes, r, &needs);
  if (needs.items <= 0)
    return 0;
  result->operations_per_byte =
      needs.bytes > 0 ? needs.operations / needs.bytes : (double)NAN;
  double operations = needs.items * needs.operations;
  result->operations_per_s = (struct interval){
      operations / result->region_s.median, operations / result->region_s.high,
      operations / result->region_s.low};
  result->roofline_bytes_per_s = rate(needs.memory, series->rounds);
  result->roofline_operations_per_s = rate(needs.adds, series->rounds);
  if (whole && fill_share(series, &needs, result) != 0)
    return -1;
  judge(&needs, series->rounds, growth, result);
  const char *limit = limit_of(&needs, probes->caches_bytes, result);
  if (limit)
    result->roofline_limit = strdup(limit);
  return 0;
}

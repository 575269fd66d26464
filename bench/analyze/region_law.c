#include "bench/analyze/region_law.h"

#include "bench/analyze/schedule_bound.h"
#include "bench/plan/notation.h"
#include "bench/plan/workload.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What the profile takes, and how much faster it is with the other workers, if
 * each region takes that much besides. */
static double speedup(const struct record *r,
                      const struct region_law_point *point,
                      const struct variant_spec *spec, double besides_s) {
  const struct schedule_work work = {r->profile_s.values, r->profile_s.count,
                                     (uint64_t)point->items};
  double all_s = 0;
  for (size_t k = 0; k < work.blocks; k++)
    all_s += work.block_s[k];
  double bound = schedule_bound(&work, spec, (uint32_t)point->workers);
  return all_s / (all_s / bound + besides_s);
}

static struct interval law_of(const struct records *pilots,
                              const struct region_law_point *point,
                              const struct variant_spec *spec,
                              double besides_s) {
  double *bound = malloc((pilots->count + 1) * sizeof *bound);
  size_t count = 0;
  struct interval law = INTERVAL_NULL;
  for (size_t i = 0; bound && i < pilots->count; i++) {
    const struct record *r = &pilots->list[i];
    if (r->profile_s.count == 0 ||
        !prediction_is_pilot(r, point->workload, point->size, "serial"))
      continue;
    double one = speedup(r, point, spec, besides_s);
    if (isfinite(one))
      bound[count++] = one;
  }
  if (bound)
    law = prediction_median(bound, count);
  free(bound);
  return law;
}

static bool read_spec(const struct region_law_point *point,
                      struct variant_spec *spec) {
  struct problem ignored;
  return notation_parse_variant(point->variant, spec, &ignored) == 0 &&
         !notation_is_copies(spec) && !notation_is_serial(spec);
}

struct interval region_law(const struct records *pilots,
                           const struct region_law_point *point) {
  struct variant_spec spec;
  return read_spec(point, &spec) ? law_of(pilots, point, &spec, 0)
                                 : INTERVAL_NULL;
}

/* An empty region of the variant with as many workers; NAN: not measured. */
static double empty_s(const struct records *empties,
                      const struct region_law_point *point) {
  for (size_t i = 0; i < empties->count; i++) {
    const struct record *r = &empties->list[i];
    if (record_is_in(r, "empty") && record_is_ok(r) &&
        r->workers == point->workers &&
        strcmp(record_requested(r), point->requested) == 0)
      return r->region_s;
  }
  return (double)NAN;
}

/* What a chunk after the first costs the one worker of the variant's pilot,
 * between two of them; 0: not told, as where there is one alone. */
static double chunk_cost_s(const struct records *pilots,
                           const struct region_law_point *point,
                           const struct variant_spec *spec) {
  double *cost_s = malloc((pilots->count + 1) * sizeof *cost_s);
  size_t count = 0;
  for (size_t i = 0; cost_s && i < pilots->count; i++) {
    const struct record *r = &pilots->list[i];
    const struct record_sums *sums = &r->program_sums;
    if (!prediction_is_pilot(r, point->workload, point->size,
                             point->requested) ||
        !(sums->regions > 0) || isnan(sums->dispatch_s))
      continue;
    double chunks = (double)schedule_chunks((uint64_t)r->size, spec, 1);
    if (chunks > 1)
      cost_s[count++] = sums->dispatch_s / (double)sums->regions / (chunks - 1);
  }
  double median_s = count > 0 ? prediction_median(cost_s, count).median : 0;
  free(cost_s);
  return median_s;
}

/* The first chunk of each is in the empty region. */
static double chunks_s(const struct records *pilots,
                       const struct region_law_point *point,
                       const struct variant_spec *spec) {
  uint32_t workers = (uint32_t)point->workers;
  uint64_t chunks = schedule_chunks((uint64_t)point->items, spec, workers);
  return chunks <= workers ? 0
                           : (double)(chunks - workers) / workers *
                                 chunk_cost_s(pilots, point, spec);
}

struct interval region_law_overheads(const struct records *pilots,
                                     const struct records *empties,
                                     const struct region_law_point *point) {
  struct variant_spec spec;
  if (!read_spec(point, &spec))
    return INTERVAL_NULL;
  double besides_s = empty_s(empties, point) + chunks_s(pilots, point, &spec);
  return law_of(pilots, point, &spec, besides_s);
}

double region_law_dynamic_gain(const struct records *pilots,
                               const struct region_law_point *point) {
  struct variant_spec spec;
  struct workload workload;
  struct problem ignored;
  if (!read_spec(point, &spec) ||
      workload_parse(point->workload, &workload, &ignored) != 0)
    return (double)NAN;
  struct variant_spec dynamic = spec;
  dynamic.schedule = SCHEDULE_DYNAMIC;
  dynamic.chunk = workload_shape(&workload).grain;
  return law_of(pilots, point, &dynamic, 0).median /
         law_of(pilots, point, &spec, 0).median;
}

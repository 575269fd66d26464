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

struct interval region_law_overheads(const struct records *pilots,
                                     const struct records *empties,
                                     const struct region_law_point *point) {
  struct variant_spec spec;
  return read_spec(point, &spec)
             ? law_of(pilots, point, &spec, empty_s(empties, point))
             : INTERVAL_NULL;
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

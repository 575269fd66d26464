#include "bench/analyze/region_law.h"

#include "bench/analyze/schedule_bound.h"
#include "bench/plan/notation.h"
#include "bench/plan/workload.h"

#include <math.h>
#include <stdlib.h>

static struct interval law_of(const struct records *pilots,
                              const struct region_law_point *point,
                              const struct variant_spec *spec) {
  double *bound = malloc((pilots->count + 1) * sizeof *bound);
  size_t count = 0;
  struct interval law = INTERVAL_NULL;
  for (size_t i = 0; bound && i < pilots->count; i++) {
    const struct record *r = &pilots->list[i];
    if (r->profile_s.count == 0 ||
        !prediction_is_pilot(r, point->workload, point->size, "serial"))
      continue;
    const struct schedule_work work = {r->profile_s.values, r->profile_s.count,
                                       (uint64_t)point->items};
    double one = schedule_bound(&work, spec, (uint32_t)point->workers);
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
  return read_spec(point, &spec) ? law_of(pilots, point, &spec) : INTERVAL_NULL;
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
  return law_of(pilots, point, &dynamic).median /
         law_of(pilots, point, &spec).median;
}

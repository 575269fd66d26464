#include "bench/analyze/rates.h"

#include "bench/analyze/stats.h"

#include <stdlib.h>
#include <string.h>

int rates_make(const struct probe_plan *plan, const struct records *records,
               struct interval *rates, struct problem *problem) {
  double *values = malloc((records->count + 1) * sizeof *values);
  if (!values)
    return problem_failure(problem, "out of memory");
  for (size_t i = 0; i < plan->count; i++) {
    const struct probe_meter *meter = &plan->meters[i];
    size_t count = 0;
    for (size_t k = 0; k < records->count; k++) {
      const struct record *r = &records->list[k];
      if (record_is_ok(r) && r->workers == (int64_t)meter->workers &&
          r->size == (int64_t)meter->size &&
          strcmp(r->workload, meter->workload->name) == 0)
        values[count++] = meter->units / r->region_s;
    }
    rates[i] = count ? stats_median_interval(values, count) : INTERVAL_NULL;
  }
  free(values);
  return PROBLEM_NONE;
}

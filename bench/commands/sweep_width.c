#include "bench/commands/sweep_width.h"

#include "bench/analyze/analysis.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

/* INFINITY where there are too few rounds, or too many of them failed. */
static double relative_width(const struct interval *interval) {
  double width = (interval->high - interval->low) / interval->median;
  return isfinite(width) ? width : (double)INFINITY;
}

int sweep_width_find(const char *trials_path, struct sweep_width *width,
                     struct problem *problem) {
  struct records records;
  struct analysis analysis = {0};
  *width = (struct sweep_width){.width = (double)NAN};
  int status = records_read(trials_path, &records, problem);
  if (status)
    return status;
  status = analysis_make(&records, NULL, NULL, NULL, &analysis, problem);
  for (size_t i = 0; !status && i < analysis.result_count; i++) {
    const struct result *r = &analysis.results[i];
    double found = relative_width(&r->speedup_abs);
    if (r->oversubscribed == 1 || found <= width->width)
      continue;
    width->width = found;
    snprintf(width->whose, sizeof width->whose,
             "%.100s, %s, %" PRId64 " worker%s", r->workload, r->requested,
             r->workers, r->workers == 1 ? "" : "s");
  }
  analysis_free(&analysis);
  records_free(&records);
  return status;
}

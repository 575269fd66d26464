#include "bench/analyze/score.h"

#include "bench/analyze/flags.h"

#include <math.h>

static bool counts(const struct analysis *analysis, const struct result *r) {
  const struct workload_result *workload = analysis_workload_of(analysis, r);
  bool shares = r->oversubscribed == 1 && !(workload && workload->waits == 1);
  return r->workers > 1 && !shares && !flags_spoilt(r) &&
         isfinite(r->program_law_residual.median) &&
         isfinite(r->program_law_residual.low) &&
         isfinite(r->program_law_residual.high);
}

static void add(struct score *score, struct interval residual) {
  score->off += fabs(residual.median);
  score->held += residual.low <= 0 && residual.high >= 0;
}

static void settle(struct score *score, size_t points) {
  score->off = points > 0 ? expm1(score->off / (double)points) : 0;
}

struct scores score_make(const struct analysis *analysis) {
  struct scores scores = {0};
  for (size_t i = 0; i < analysis->result_count; i++) {
    const struct result *r = &analysis->results[i];
    if (!counts(analysis, r))
      continue;
    scores.points++;
    add(&scores.law, r->program_law_residual);
    add(&scores.one, r->program_one_residual);
    add(&scores.ideal, r->program_ideal_residual);
  }
  settle(&scores.law, scores.points);
  settle(&scores.one, scores.points);
  settle(&scores.ideal, scores.points);
  return scores;
}

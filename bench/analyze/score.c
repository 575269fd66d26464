#include "bench/analyze/score.h"

#include "bench/analyze/flags.h"

#include <math.h>

/* log(measured / predicted) of a point, by each who predicts. */
struct residuals {
  struct interval law, one, ideal;
};

static struct residuals of_program(const struct result *r) {
  return (struct residuals){r->program_law_residual, r->program_one_residual,
                            r->program_ideal_residual};
}

static struct interval log_over(struct interval x, double by) {
  return (struct interval){log(x.median / by), log(x.low / by),
                           log(x.high / by)};
}

static struct residuals of_region(const struct result *r) {
  return (struct residuals){r->region_law_residual, log_over(r->speedup_abs, 1),
                            log_over(r->speedup_abs, (double)r->workers)};
}

static struct residuals of_overheads(const struct result *r) {
  struct residuals residuals = of_region(r);
  residuals.law = r->region_law_overheads_residual;
  return residuals;
}

static bool counts(const struct analysis *analysis, const struct result *r,
                   struct interval residual) {
  const struct workload_result *workload = analysis_workload_of(analysis, r);
  bool shares = r->oversubscribed == 1 && !(workload && workload->waits == 1);
  return r->workers > 1 && !shares && !flags_spoilt(r) &&
         isfinite(residual.median) && isfinite(residual.low) &&
         isfinite(residual.high);
}

static void add(struct score *score, struct interval residual) {
  score->off += fabs(residual.median);
  score->held += residual.low <= 0 && residual.high >= 0;
}

static void settle(struct score *score, size_t points) {
  score->off = points > 0 ? expm1(score->off / (double)points) : 0;
}

static struct scores make(const struct analysis *analysis,
                          struct residuals (*of)(const struct result *r)) {
  struct scores scores = {0};
  for (size_t i = 0; i < analysis->result_count; i++) {
    const struct result *r = &analysis->results[i];
    struct residuals residuals = of(r);
    if (!counts(analysis, r, residuals.law))
      continue;
    scores.points++;
    add(&scores.law, residuals.law);
    add(&scores.one, residuals.one);
    add(&scores.ideal, residuals.ideal);
  }
  settle(&scores.law, scores.points);
  settle(&scores.one, scores.points);
  settle(&scores.ideal, scores.points);
  return scores;
}

struct scores score_make(const struct analysis *analysis) {
  return make(analysis, of_program);
}

struct scores score_regions(const struct analysis *analysis) {
  return make(analysis, of_region);
}

struct scores score_overheads(const struct analysis *analysis) {
  return make(analysis, of_overheads);
}

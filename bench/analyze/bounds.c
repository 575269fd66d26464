#include "bench/analyze/bounds.h"

static double positive(double x) {
  return isfinite(x) ? fmax(x, 0) : 0;
}

static void add(struct interval *sum, struct interval share) {
  sum->median += positive(share.median);
  sum->low += positive(share.low);
  sum->high += positive(share.high);
}

static double bound(double useful, double workers, double gone) {
  return gone < 1 ? workers * useful / (1 - gone) : (double)NAN;
}

static struct interval bounded(const struct breakdown *breakdown,
                               double workers, struct interval gone) {
  struct interval useful = breakdown->share[TERM_USEFUL];
  return (struct interval){bound(useful.median, workers, gone.median),
                           bound(useful.low, workers, gone.low),
                           bound(useful.high, workers, gone.high)};
}

/* Without some terms; not known where the breakdown has none of them. */
static struct interval without(const struct breakdown *breakdown,
                               double workers, const enum term *terms,
                               size_t count) {
  struct interval gone = {0, 0, 0};
  bool has = false;
  for (size_t i = 0; i < count; i++) {
    has = has || isfinite(breakdown->share[terms[i]].median);
    add(&gone, breakdown->share[terms[i]]);
  }
  return has ? bounded(breakdown, workers, gone) : INTERVAL_NULL;
}

/* p - 1 workers are idle while one is at the set-up. */
static struct interval setup_shared(const struct breakdown *breakdown,
                                    double workers) {
  struct interval setup_s = breakdown->serial_s[PHASE_SETUP];
  double core_s = breakdown->core_s[TERM_USEFUL].median /
                  breakdown->share[TERM_USEFUL].median;
  double idle = (workers - 1) / core_s;
  return isfinite(setup_s.median) && isfinite(idle)
             ? bounded(breakdown, workers,
                       (struct interval){setup_s.median * idle,
                                         setup_s.low * idle,
                                         setup_s.high * idle})
             : INTERVAL_NULL;
}

struct bounds bounds_of(const struct breakdown *breakdown, double workers) {
  static const enum term late[] = {TERM_IMBALANCE, TERM_SLOWER};
  static const enum term overheads[] = {TERM_START, TERM_DISPATCH, TERM_SENDING,
                                        TERM_JOIN};
  struct bounds bounds = {INTERVAL_NULL, INTERVAL_NULL, INTERVAL_NULL};
  if (!breakdown->told || !isfinite(breakdown->share[TERM_USEFUL].median))
    return bounds;
  bounds.balanced =
      without(breakdown, workers, late, sizeof late / sizeof *late);
  bounds.no_overheads = without(breakdown, workers, overheads,
                                sizeof overheads / sizeof *overheads);
  bounds.setup_shared = setup_shared(breakdown, workers);
  return bounds;
}

void bounds_result(struct result *result) {
  double workers = (double)result->workers;
  if (result->workers < 2 || result_is_copies(result))
    return;
  struct bounds program = bounds_of(&result->breakdown, workers);
  struct bounds region = bounds_of(&result->region_breakdown, workers);
  result->if_balanced = program.balanced;
  result->if_no_overheads = program.no_overheads;
  result->if_setup_shared = program.setup_shared;
  result->region_if_balanced = region.balanced;
  result->region_if_no_overheads = region.no_overheads;
}

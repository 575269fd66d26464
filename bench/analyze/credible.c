#include "bench/analyze/credible.h"

#include <inttypes.h>
#include <math.h>

/* Seconds that the machine needs at least; NAN when nothing is known. */
static double least_s(const struct credible_case *of,
                      const struct roofline *roofline) {
  double items = (double)of->size;
  double bytes_s = items * of->bytes_per_item / roofline->bytes_per_s;
  double operations_s =
      items * of->operations_per_item / roofline->operations_per_s;
  return fmax(bytes_s, operations_s); /* of a number and a NAN, the number */
}

struct interval credible_share(const struct credible_case *of,
                               const struct roofline *roofline) {
  double least = least_s(of, roofline);
  return (struct interval){.median = least / of->region_s.median,
                           .low = least / of->region_s.high,
                           .high = least / of->region_s.low};
}

int credible_roofline(const struct credible_case *of,
                      const struct roofline *roofline,
                      struct problem *problem) {
  struct interval share = credible_share(of, roofline);
  double surely = isnan(share.low) ? share.median : share.low;
  /* Nothing known is nothing to refuse; an infinite share is. */
  if (isnan(surely) || surely <= CREDIBLE_SHARE_MOST)
    return PROBLEM_NONE;
  return problem_failure(
      problem,
      "%s, %" PRIu32 " worker%s: %.3g s for %" PRIu64
      " items, where this machine needs %.3g s at least: the compiler left "
      "work out, or the kernel states more of it than it does",
      of->workload, of->workers, of->workers == 1 ? "" : "s",
      of->region_s.median, of->size, least_s(of, roofline));
}

int credible_growth(const struct credible_case *of, struct interval ratio,
                    struct problem *problem) {
  double surely = isnan(ratio.high) ? ratio.median : ratio.high;
  if (isnan(surely) || surely >= CREDIBLE_GROWTH_LEAST)
    return PROBLEM_NONE;
  return problem_failure(problem,
                         "%s, %" PRIu32 " worker%s: from %" PRIu64
                         " items on, twice the items multiply the time by %.3g "
                         "instead of 2: the compiler left work out",
                         of->workload, of->workers, of->workers == 1 ? "" : "s",
                         of->size, ratio.median);
}

#include "bench/analyze/proportion.h"

#include <math.h>

static const double z = 1.959963984540054; /* normal quantile of 0.975 */

struct interval proportion_interval(size_t hits, size_t trials) {
  if (trials == 0)
    return INTERVAL_NULL;
  double n = (double)trials, share = (double)hits / n;
  double middle = (share + z * z / (2 * n)) / (1 + z * z / n);
  double reach =
      z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n);
  /* At the ends it is exact but for rounding. */
  return (struct interval){.median = share,
                           .low = hits == 0 ? 0 : middle - reach,
                           .high = hits == trials ? 1 : middle + reach};
}

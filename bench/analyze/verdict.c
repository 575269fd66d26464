#include "bench/analyze/verdict.h"

#include "bench/analyze/flags.h"

const struct interval verdict_no_gain = {1, 1, 1};

enum verdict verdict_of(const struct result *result, struct interval measured,
                        struct interval null) {
  double matters = flags_matters();
  if (!isfinite(measured.low) || !isfinite(measured.high) ||
      !isfinite(null.low) || !isfinite(null.high))
    return VERDICT_NONE;
  if (flags_spoilt(result))
    return VERDICT_SPOILT;
  if (measured.high < null.low)
    return VERDICT_BELOW;
  if (measured.low > null.high)
    return VERDICT_ABOVE;
  bool wide = measured.low < null.low * (1 - matters) ||
              measured.high > null.high * (1 + matters);
  return wide ? VERDICT_TOO_WIDE : VERDICT_SAME;
}

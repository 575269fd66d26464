/* verdict.h: what may be said of one point beside one null: the one rule behind
 * table, sentence and chart.
 * Pure: nothing here measures, prints or keeps state. */
#ifndef CORESWEEP_VERDICT_H
#define CORESWEEP_VERDICT_H

#include "bench/analyze/results.h"

enum verdict {
  VERDICT_NONE,    /* no interval, of the measured or of the null */
  VERDICT_SPOILT,  /* what was measured was not the program alone: see
                      flags_spoilt */
  VERDICT_BELOW,   /* all of the interval is below the null's nearer end */
  VERDICT_ABOVE,   /* and above it */
  VERDICT_SAME,    /* holds the null, and no difference that matters */
  VERDICT_TOO_WIDE /* holds both the null and a difference that matters */
};

/* measured: a speedup of the result; null: what it is compared with, a number
 * (low == high) or a prediction with its interval.  Cannot fail. */
enum verdict verdict_of(const struct result *result, struct interval measured,
                        struct interval null);

/* No gain: a speedup of 1. */
extern const struct interval verdict_no_gain;

#endif

/* verdict.h: what may be said of a workload: the one rule behind table,
 * sentence and chart.
 *
 * One point a workload and size is judged, which is fixed before anything is
 * measured: omp:static (else the first parallel variant) at the most workers;
 * its program's speedup, by sign tests.  Holm's correction holds the chance of
 * any false verdict in a report at 5%: m workloads share it, and one that
 * differs from all that it is judged against leaves its share to the others.
 * Source: Holm, "A simple sequentially rejective multiple test procedure",
 * Scand. J. Statist. 6(2), 1979.
 * Pure: nothing here measures, prints or keeps state. */
#ifndef CORESWEEP_VERDICT_H
#define CORESWEEP_VERDICT_H

#include "bench/analyze/results.h"

enum verdict {
  VERDICT_NONE,    /* not the point that is judged, or it has no null */
  VERDICT_FEW,     /* too few trials: see verdict_trials */
  VERDICT_SPOILT,  /* what was measured was not the program alone: see
                      flags_spoilt */
  VERDICT_BELOW,   /* surely below all of the null */
  VERDICT_ABOVE,   /* and above it */
  VERDICT_SAME,    /* neither, and no difference that matters is in reach */
  VERDICT_TOO_WIDE /* neither, and one is in the interval */
};

/* What it is judged against. */
enum verdict_null {
  VERDICT_NO_GAIN, /* a speedup of 1 */
  VERDICT_LAW,     /* program_law: its nearer end */
};

/* No gain, as an interval. */
extern const struct interval verdict_nothing_gained;

/* The sign test's p of the ratios against the null, a number (low == high) or
 * an interval, of which the nearer end counts; NAN: either is not known. */
double verdict_p(const struct numbers *ratios, struct interval null);

/* Half of how far the ratios lie apart, a share, in terms of an interval's
 * half-width: what decides how many trials a judged point is to have.  With
 * nine, a verdict needs all of them on one side: one that is far off takes it
 * away, and the interval from the second to the eighth does not show it.
 * NAN: there are none. */
double verdict_half_width(const struct numbers *ratios);

/* The fewest trials with which one of so many verdicts can be given: the least
 * n >= 1 + log2(verdicts / 5%), and more than six. */
int64_t verdict_trials(int64_t verdicts);

/* The point of a workload that is judged; NULL: it was measured serially
 * alone. */
const struct result *verdict_point(const struct analysis *analysis,
                                   const struct workload_result *workload);

/* Fills run.verdicts and run.verdict_level, from the p of the results.  0, or
 * -1: no memory. */
int verdicts_settle(struct analysis *analysis);

/* Of a result of the analysis.  Cannot fail. */
enum verdict verdict_of(const struct analysis *analysis,
                        const struct result *result, enum verdict_null null);

#endif

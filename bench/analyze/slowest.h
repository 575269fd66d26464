/* slowest.h: the speedup against serial on the slowest of the CPUs in use,
 * which is another question than against serial on any of them. Pure: nothing
 * here measures, prints or keeps state. */
#ifndef CORESWEEP_SLOWEST_H
#define CORESWEEP_SLOWEST_H

#include "bench/analyze/results.h"
#include "bench/analyze/series.h"

/* Fills speedup_slowest and slowest_cpu, from the blocks of the point's trials
 * with `serial`.  A trial's value for a CPU is the median over its blocks of
 * the mean logarithm of the times of serial regions that count on that CPU less
 * that of the team's; the slowest CPU is the one with the largest median over
 * the trials.
 *
 * That it is the slowest was seen in the same times.  So its interval is from
 * the largest lower to the largest upper end of all m CPUs' intervals, each at
 * a level of 1 - 5% / m: where all of them hold their medians, it holds the
 * largest one (Bonferroni), whichever CPU that is.
 *
 * They stay unknown where workers are not bound, or a CPU in use had fewer
 * serial blocks than flags.c says: the slowest of few noisy times is the
 * noisiest.  0, or -1: no memory. */
int slowest_make(const struct records *records, const struct rounds *rounds,
                 const struct series *series, struct result *result);

#endif

/* proportion.h: the interval of a share that was counted. */
#ifndef CORESWEEP_PROPORTION_H
#define CORESWEEP_PROPORTION_H

#include "bench/record/fields.h"

/* hits of trials, as a share of 1 (in `median`) with Wilson's 95% interval;
 * INTERVAL_NULL for no trials.  Unlike p +- 1.96 sqrt(p (1 - p) / n) it holds
 * near 0 too.
 * Sources: Wilson, "Probable inference, the law of succession, and statistical
 * inference", JASA 22(158), 1927; recommended by Brown, Cai, DasGupta,
 * "Interval estimation for a binomial proportion", Statistical Science 16(2),
 * 2001. */
struct interval proportion_interval(size_t hits, size_t trials);

#endif

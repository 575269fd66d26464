/* rates.h: from a probe's records to what the machine does a second. */
#ifndef CORESWEEP_RATES_H
#define CORESWEEP_RATES_H

#include "bench/record/record.h"
#include "bench/sweep/probe_plan.h"

/* Units per second over the rounds, with the interval of the median:
 * rates[plan->count], by meter, the caller's.  INTERVAL_NULL: no good trial.
 * 0, or the problem: no memory. */
int rates_make(const struct probe_plan *plan, const struct records *records,
               struct interval *rates, struct problem *problem);

#endif

/* breakdown_fill.h: what trials tell together: means, with their intervals. */
#ifndef CORESWEEP_BREAKDOWN_FILL_H
#define CORESWEEP_BREAKDOWN_FILL_H

#include "bench/analyze/breakdown_trial.h"

/* Fills a breakdown, told where there are any, from the parts of trials, each
 * of which adds up; and TALP's efficiencies.  Cannot fail. */
void breakdown_fill(const struct parts *trials, size_t count,
                    struct breakdown *breakdown);
void breakdown_fill_talp(const struct parts *trials, size_t count,
                         struct talp *talp);

#endif

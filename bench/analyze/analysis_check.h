/* analysis_check.h: what is true of every analysis. */
#ifndef CORESWEEP_ANALYSIS_CHECK_H
#define CORESWEEP_ANALYSIS_CHECK_H

#include "bench/analyze/results.h"

/* Whether the parts of an analysis, marked by analysis_mark_sizes, agree: every
 * result is of a listed workload and is there once, what is known has what it
 * follows from, and so on.  0, or PROBLEM_FAILURE naming the entry. */
int analysis_check(const struct analysis *analysis, struct problem *problem);

#endif

/* aa_chart.h: the sweeps of an A/A as a picture. */
#ifndef CORESWEEP_AA_CHART_H
#define CORESWEEP_AA_CHART_H

#include "bench/analyze/aa.h"
#include "bench/record/environment.h"
#include "bench/report/report.h"

/* "serial beside itself: 1 is within the interval of 19 of 20". */
void aa_headline(const struct aa_outcome *outcome,
                 char text[static REPORT_LINE]);

/* Writes FOLDER/sweeps.tsv: a row a sweep with its interval, of many the first.
 * environment: may be NULL.  0, or the problem. */
enum { AA_ROWS = 40 };
int aa_chart_data(const struct aa_outcome *outcome,
                  const struct interval *intervals, /* [outcome->sweeps] */
                  const struct environment *environment, struct charts *charts,
                  struct problem *problem);

#endif

/* class.h: many machines that measured the same, side by side.  Nothing here
 * prints but to the stream that it is given. */
#ifndef CORESWEEP_CLASS_REPORT_H
#define CORESWEEP_CLASS_REPORT_H

#include "bench/analyze/class.h"
#include "bench/report/report.h"

/* Prints, per workload, median and spread of the runs and where one's own
 * stands; then a row a run, by name in natural order.  names: of each run. */
void class_report(const struct class *class, const char *const *names,
                  FILE *out);

/* Writes FOLDER/NAME.tsv: a chart each of one CPU's speed, of all CPUs', and of
 * the speedup, with a row a workload: a dot a run, median and quartiles, and
 * one's own. */
int class_chart_data(const struct class *class, const char *const *names,
                     struct charts *charts, struct problem *problem);

#endif

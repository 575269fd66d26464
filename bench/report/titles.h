/* titles.h: a chart's title says what was found, and no more than the
 * intervals allow. */
#ifndef CORESWEEP_TITLES_H
#define CORESWEEP_TITLES_H

#include "bench/report/report.h"

/* The most workers that no workload shares CPUs at: where all can be seen. */
int64_t title_overview_workers(const struct analysis *analysis);

/* Of the overview of all programs at so many workers. */
void title_overview(const struct analysis *analysis, int64_t workers,
                    char text[static REPORT_LINE]);

/* Of a kernel's region chart, and of its program chart. */
void title_region(const struct analysis *analysis,
                  const struct workload_result *workload,
                  const struct result *leader, char text[static REPORT_LINE]);
void title_program(const struct analysis *analysis,
                   const struct workload_result *workload,
                   const struct result *leader, char text[static REPORT_LINE]);

/* Of a chart that has copies and no parallel variant, and is of that scope.
 * Returns whether there are any; text is written if so. */
bool title_copies(const struct analysis *analysis,
                  const struct workload_result *workload, enum scope scope,
                  char text[static REPORT_LINE]);

/* Of the programs that are surely not as fast as predicted. */
void title_residuals(const struct analysis *analysis,
                     char text[static REPORT_LINE]);

/* From which size on the program surely gains, and where it surely loses; of
 * regions, which get no verdicts, what they reach. */
void title_sizes(const struct analysis *analysis,
                 const struct workload_result *workload, enum scope scope,
                 char text[static REPORT_LINE]);

/* Where most of the cores' time was lost, where that is told of any point. */
void title_losses(const struct analysis *analysis,
                  const struct workload_result *workload,
                  char text[static REPORT_LINE]);

#endif

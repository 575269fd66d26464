/* compare.h: runs side by side.  Nothing here prints but to the stream that it
 * is given. */
#ifndef CORESWEEP_COMPARE_H
#define CORESWEEP_COMPARE_H

#include "bench/analyze/versus.h"
#include "bench/report/report.h"

enum { COMPARE_RUNS = 60, COMPARE_TEXT = 400 };

struct compare_run {
  const char *folder; /* as the user wrote it, for commands to copy */
  const char *name;   /* for headings and charts */
  const struct analysis *analysis;
};

/* Two runs: A, the base, and B. */
struct comparison {
  struct compare_run a, b;
  const struct versus *versus; /* of their analyses */
};

/* "sizes differ (1 000 in A, 2 000 in B)"; "" for a row that is comparable. */
const char *compare_reason(const struct versus *versus,
                           const struct versus_row *row,
                           char text[static COMPARE_TEXT]);

/* The workloads of which the row's reason holds, "spin, cube", and how many
 * points those are; NULL where an earlier row has told it, or no memory.
 * Owned. */
char *compare_alike(const struct versus *versus, const struct versus_row *row,
                    size_t *points);

/* "12% slower (9.1–15%)", "no difference larger than 1.2%". */
const char *compare_verdict(const struct versus_row *row,
                            char text[static COMPARE_TEXT]);

/* "idle behind the last one grew from 3.0 to 15%"; "" where no part of the
 * workers' time surely did so. */
const char *compare_change(const struct versus_row *row,
                           char text[static COMPARE_TEXT]);

/* What is said of all of a workload's points together, as of one; "" where that
 * is nothing: too wide, too few, no difference where some point has one. */
const char *compare_together(const struct versus *versus,
                             const struct versus_workload *workload,
                             char text[static COMPARE_TEXT]);

/* How many points have that verdict. */
size_t compare_count(const struct versus *versus, enum versus_verdict of);

/* What coresweep was built with; of programs it says nothing. */
const char *compare_build(const struct run_facts *facts);

/* Prints which runs these are, and in what they differ. */
void compare_about(const struct comparison *comparison, FILE *out);

/* Prints what stands under a table of all points: what its marks mean, what
 * only one run has, how to measure again what is not comparable, and how they
 * are compared. */
void compare_notes(const struct comparison *comparison, FILE *out);

/* Prints both; and between them per workload, variant and number of workers
 * both times and the verdict, and under it what changed; what is not
 * comparable, and why. */
void compare_report(const struct comparison *comparison, FILE *out);

/* The same as Markdown, for a pull request: the summary, a table of what is
 * slower or faster, and all else folded away. */
void compare_markdown(const struct comparison *comparison, FILE *out);

/* "B beside A at 12 points: 1 slower, 0 faster, ..." */
void compare_summary(const struct versus *versus,
                     char text[static COMPARE_TEXT]);

/* Writes FOLDER/NAME.tsv: for each workload of A that B has, times against
 * workers (where comparable) and then the region speedups overlaid. */
int compare_chart_data(const struct comparison *comparison,
                       struct charts *charts, struct problem *problem);

#endif

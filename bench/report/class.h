/* class.h: many machines that measured the same, side by side.  Nothing here
 * prints but to the stream that it is given. */
#ifndef CORESWEEP_CLASS_REPORT_H
#define CORESWEEP_CLASS_REPORT_H

#include "bench/analyze/class.h"
#include "bench/report/report.h"

/* "Of 12 runs, yours has 0.769x the median's speed on one CPU, ..." */
void class_headline(const struct class *class, char text[static REPORT_LINE]);

/* A line of a table; the first is its head. */
enum { CLASS_CELLS = 7, CLASS_CELL = 128 };
struct class_line {
  char cells[CLASS_CELLS][CLASS_CELL];
  bool own;
};

/* Of each workload: its name, and of one CPU, of all, and of the speedup the
 * median of the runs, and the place of one's own.  Owned; NULL: no memory. */
struct class_line *class_workload_lines(const struct class *class,
                                        size_t *count);

/* A line a run, by name in natural order (2 before 10): name, CPUs, speeds by
 * the median of all, speedup.  names: of each run.  Owned; NULL: no memory. */
struct class_line *class_run_lines(const struct class *class,
                                   const char *const *names, size_t *count);

/* How many runs have a spoilt value. */
size_t class_spoilt_runs(const struct class *class);

/* What is spoilt, what is not comparable, and what the numbers are. */
void class_notes(const struct class *class, FILE *out);

/* Prints both tables and the notes. */
void class_report(const struct class *class, const char *const *names,
                  FILE *out);

/* The same as Markdown. */
void class_markdown(const struct class *class, const char *const *names,
                    FILE *out);

/* Writes FOLDER/NAME.tsv: a chart each of one CPU's speed, of all CPUs', and of
 * the speedup, with a row a workload: a dot a run, median and quartiles, and
 * one's own. */
int class_chart_data(const struct class *class, const char *const *names,
                     struct charts *charts, struct problem *problem);

#endif

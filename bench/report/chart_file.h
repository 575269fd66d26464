/* chart_file.h: one chart's data, as the scripts in scripts/ read it. */
#ifndef CORESWEEP_CHART_FILE_H
#define CORESWEEP_CHART_FILE_H

#include "bench/report/report.h"

/* One measured point, and how it is drawn. */
struct chart_point {
  const char *row; /* the row in dots.gp; NULL in lines.gp and curve.gp */
  const char *label;
  int style;
  double x; /* in lines.gp workers, in curve.gp items */
  struct interval value;
  const struct numbers *raw; /* faint points behind; may be NULL */
  bool flagged;              /* drawn hollow */
};

/* Makes it the chart of that name and script, and opens FOLDER/NAME.tsv for its
 * data; or returns NULL with the problem.  Close it with chart_close. */
FILE *chart_open(struct chart *chart, const char *name, const char *script,
                 const char *folder, struct problem *problem);

/* Closes it; says whether everything was written. */
int chart_close(FILE *out, const char *name, struct problem *problem);

/* "# key: text". */
void chart_text(FILE *out, const char *key, const char *text);

/* The point, with its raw points before it. */
void chart_point(FILE *out, const struct chart_point *point);

/* A tick of the law across a row of dots.gp. */
void chart_law_tick(FILE *out, const char *row, double value);

/* A point of the law in curve.gp. */
void chart_law_point(FILE *out, double x, double value);

/* Amdahl's curve with this serial fraction up to so many workers. */
void chart_law_curve(FILE *out, double serial_fraction, double workers);

/* Flags on charts. */

/* Whether the result's point is drawn hollow. */
bool report_hollow(const struct result *result);

/* The results that a chart draws: drawn[i] says so of the i-th of them. */
struct flagged_points {
  const struct analysis *analysis;
  const bool *drawn;
  bool with_workload; /* named with their workload */
  bool by_size;       /* of one number of workers, at several sizes */
  bool broken;        /* lines are broken: what does that needs no note */
};

/* A note per flag: what it means, and whose it is. */
void chart_flag_notes(FILE *out, const struct flagged_points *points);

/* A note per flag of the mask that makes points hollow: what it means. */
void chart_flag_meanings(FILE *out, uint32_t flags);

/* Where lines are broken: other CPUs come into use. */
void chart_breaks(FILE *out, const struct run_facts *run);

/* The capacity beside the ideal, for lines.gp and for dots.gp; nothing where
 * it was not measured. */
void chart_capacity_curve(FILE *out, const struct analysis *analysis);
void chart_capacity_line(FILE *out, const struct analysis *analysis,
                         int64_t workers);

#endif

/* chart_file.h: one chart's data, as the scripts in scripts/ read it. */
#ifndef CORESWEEP_CHART_FILE_H
#define CORESWEEP_CHART_FILE_H

#include "bench/analyze/flags.h"
#include "bench/report/numbers.h"
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

/* Adds the chart, but for its name, which it gives it, and opens
 * FOLDER/NAME.tsv for its data; or returns NULL with the problem.  Close it
 * with chart_close, before the next is opened. */
FILE *chart_open(struct charts *charts, const struct chart *about,
                 struct problem *problem);

/* Closes it.  status: whether its data could be made.  Returns that, or whether
 * everything was written. */
int chart_close(struct charts *charts, FILE *out, int status,
                struct problem *problem);

/* FOLDER/charts.json: what each of them is of. */
int charts_write_list(const struct charts *charts, struct problem *problem);

/* A text as a cell or a line holds it. */
void chart_words(FILE *out, const char *text);

/* "# key: text". */
void chart_text(FILE *out, const char *key, const char *text);

/* "# note: ...", as printf does. */
void chart_note(FILE *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same of what a page says in another place: of all charts of a run, or in
 * a table beside it. */
void chart_elsewhere(FILE *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* "# key: x <tab> text": words at a line or a place. */
void chart_place(FILE *out, const char *key, double at, const char *text);

/* Whether both axes of speedups are logarithmic, and the ideal a straight line
 * so: of many worker counts, or few that lie far apart. */
bool chart_is_logarithmic(size_t counts, int64_t fewest, int64_t most);

/* As gnuplot takes numbers: 5.4 refuses "1e+09", and takes "1.0e+09"; "-" for
 * what is none. */
const char *chart_number(double value, char text[static NUMBER_LENGTH]);

/* The point, with its raw points before it. */
void chart_point(FILE *out, const struct chart_point *point);

/* A tick of the law across a row of dots.gp. */
void chart_law_tick(FILE *out, const char *row, double value);

/* A point of a thin grey curve in lines.gp: what bounds the others. */
void chart_thin_point(FILE *out, const char *label, double x, double value);

/* A point of the law in curve.gp. */
void chart_law_point(FILE *out, double x, double value);

/* Amdahl's curve of the result's variant, through its own prediction, up to so
 * many workers. */
void chart_law_curve(FILE *out, const struct result *of, double workers);

/* Flags on charts. */

/* Whether the result's point is drawn hollow, and whether a flag is why. */
bool report_hollow(const struct result *result);
bool report_doubts(enum flag flag);

/* The results that a chart draws: drawn[i] says so of the i-th of them. */
struct flagged_points {
  const struct analysis *analysis;
  const bool *drawn;
  bool with_workload;   /* named with their workload */
  bool by_size;         /* of one number of workers, at several sizes */
  bool broken;          /* lines are broken: what does that needs no note */
  const char *doubtful; /* how they look; NULL: hollow */
};

/* A note per flag: what it means, and whose it is. */
void chart_flag_notes(FILE *out, const struct flagged_points *points);

/* A note per flag of the mask that makes points hollow: what it means. */
void chart_flag_meanings(FILE *out, uint32_t flags);

/* Where lines are broken: other CPUs come into use. */
void chart_breaks(FILE *out, const struct run_facts *run);

/* What the capacity is. */
extern const char chart_capacity_note[];

/* The capacity beside the ideal, for lines.gp and for dots.gp; nothing where
 * it was not measured. */
void chart_capacity_curve(FILE *out, const struct analysis *analysis);
void chart_capacity_line(FILE *out, const struct analysis *analysis,
                         int64_t workers);

#endif

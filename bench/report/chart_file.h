/* chart_file.h: one chart's data, as the scripts in scripts/ read it. */
#ifndef CORESWEEP_CHART_FILE_H
#define CORESWEEP_CHART_FILE_H

#include "bench/report/report.h"

/* One measured point, and how it is drawn. */
struct chart_point {
  const char *row; /* the row in dots.gp; NULL in lines.gp */
  const char *label;
  int style;
  double workers; /* x in lines.gp */
  struct interval value;
  const struct numbers *raw; /* faint points behind; may be NULL */
  bool flagged;              /* drawn hollow */
};

/* Opens FOLDER/NAME.tsv, or returns NULL with the problem. */
FILE *chart_open(const char *folder, const char *name, struct problem *problem);

/* Closes it; says whether everything was written. */
int chart_close(FILE *out, const char *name, struct problem *problem);

/* "# key: text". */
void chart_text(FILE *out, const char *key, const char *text);

/* The point, with its raw points before it. */
void chart_point(FILE *out, const struct chart_point *point);

/* A tick of the law across a row of dots.gp. */
void chart_law_tick(FILE *out, const char *row, double value);

/* Amdahl's curve with this serial fraction up to so many workers. */
void chart_law_curve(FILE *out, double serial_fraction, double workers);

#endif

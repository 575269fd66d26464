#include "bench/report/chart_file.h"

#include "bench/analyze/prediction.h"

#include <errno.h>
#include <string.h>

FILE *chart_open(struct chart *chart, const char *name, const char *script,
                 const char *folder, struct problem *problem) {
  char path[4096];
  *chart = (struct chart){.script = script};
  snprintf(chart->name, sizeof chart->name, "%s", name);
  snprintf(path, sizeof path, "%s/%s.tsv", folder, chart->name);
  FILE *out = fopen(path, "we");
  if (!out)
    problem_failure(problem, "%s: %s", path, strerror(errno));
  return out;
}

int chart_close(FILE *out, const char *name, struct problem *problem) {
  int failed = ferror(out);
  failed = fclose(out) != 0 || failed;
  if (failed)
    return problem_failure(problem, "chart %s could not be written: %s", name,
                           strerror(errno));
  return PROBLEM_NONE;
}

void chart_text(FILE *out, const char *key, const char *text) {
  fprintf(out, "# %s: %s\n", key, text);
}

static void place(FILE *out, const char *kind, const struct chart_point *p) {
  if (p->row)
    fprintf(out, "%s\t%s\t%s\t%d\t", kind, p->row, p->label, p->style);
  else
    fprintf(out, "%s\t%s\t%d\t%.15g\t", kind, p->label, p->style, p->x);
}

/* gnuplot 5.4 refuses "1e+09", and takes "1.0e+09". */
static void number(FILE *out, double value, const char *after) {
  char text[40];
  snprintf(text, sizeof text, "%.9g", value);
  if (!isfinite(value))
    snprintf(text, sizeof text, "-");
  else if (strchr(text, 'e') && !strchr(text, '.'))
    snprintf(text, sizeof text, "%#.9g", value);
  fprintf(out, "%s%s", text, after);
}

void chart_point(FILE *out, const struct chart_point *point) {
  if (!isfinite(point->value.median))
    return;
  for (size_t i = 0; point->raw && i < point->raw->count; i++) {
    place(out, "raw", point);
    number(out, point->raw->values[i], "\t-\t-\n");
  }
  bool interval = isfinite(point->value.low) && isfinite(point->value.high);
  place(out, point->flagged ? "hollow" : "point", point);
  number(out, point->value.median, "\t");
  number(out, interval ? point->value.low : (double)NAN, "\t");
  number(out, interval ? point->value.high : (double)NAN, "\n");
}

void chart_law_tick(FILE *out, const char *row, double value) {
  if (!isfinite(value))
    return;
  fprintf(out, "law\t%s\tlaw\t0\t", row);
  number(out, value, "\t-\t-\n");
}

void chart_law_point(FILE *out, double x, double value) {
  if (!isfinite(value))
    return;
  fprintf(out, "law\tlaw\t0\t%.15g\t", x);
  number(out, value, "\t-\t-\n");
}

void chart_law_curve(FILE *out, double serial_fraction, double workers) {
  enum { STEPS = 60 };
  for (int i = 0; i <= STEPS && isfinite(serial_fraction); i++) {
    double p = pow(workers, i / (double)STEPS);
    fputs("law\tlaw\t0\t", out);
    number(out, p, "\t");
    number(out, prediction_speedup(serial_fraction, p), "\t-\t-\n");
  }
}

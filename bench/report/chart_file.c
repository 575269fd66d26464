#include "bench/report/chart_file.h"

#include "bench/analyze/prediction.h"

#include <errno.h>
#include <string.h>

FILE *chart_open(const char *folder, const char *name,
                 struct problem *problem) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s.tsv", folder, name);
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
    fprintf(out, "%s\t%s\t%d\t%g\t", kind, p->label, p->style, p->workers);
}

void chart_point(FILE *out, const struct chart_point *point) {
  if (!isfinite(point->value.median))
    return;
  for (size_t i = 0; point->raw && i < point->raw->count; i++) {
    place(out, "raw", point);
    fprintf(out, "%.9g\t-\t-\n", point->raw->values[i]);
  }
  place(out, point->flagged ? "hollow" : "point", point);
  if (isfinite(point->value.low) && isfinite(point->value.high))
    fprintf(out, "%.9g\t%.9g\t%.9g\n", point->value.median, point->value.low,
            point->value.high);
  else
    fprintf(out, "%.9g\t-\t-\n", point->value.median);
}

void chart_law_tick(FILE *out, const char *row, double value) {
  if (isfinite(value))
    fprintf(out, "law\t%s\tlaw\t0\t%.9g\t-\t-\n", row, value);
}

void chart_law_curve(FILE *out, double serial_fraction, double workers) {
  enum { STEPS = 60 };
  for (int i = 0; i <= STEPS && isfinite(serial_fraction); i++) {
    double p = pow(workers, i / (double)STEPS);
    fprintf(out, "law\tlaw\t0\t%.6g\t%.9g\t-\t-\n", p,
            prediction_speedup(serial_fraction, p));
  }
}

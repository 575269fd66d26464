#include "bench/report/chart_file.h"

#include "bench/analyze/prediction.h"
#include "bench/plan/json_file.h"
#include "bench/plan/text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- names --------------------------------------------------------------- */

static bool is_taken(const struct charts *charts, const char *name) {
  for (size_t i = 0; i < charts->count; i++)
    if (strcasecmp(charts->list[i].name, name) == 0)
      return true;
  return false;
}

/* What every file system takes: of a name's other characters none, of a long
 * one the beginning, and of two that would be one, or be so where case counts
 * for nothing, the later with a number. */
static void name_chart(const struct charts *charts, const char *workload,
                       const char *shows, char name[static CHART_NAME]) {
  char stem[CHART_NAME - 40];
  struct text text = TEXT_BEGIN(stem);
  if (workload)
    text_add(&text, "%.80s-", workload);
  text_add(&text, "%s", shows);
  char *to = stem;
  for (const char *c = stem; *c; c++) {
    bool plain = isascii((unsigned char)*c) &&
                 (isalnum((unsigned char)*c) || *c == '.' || *c == '_');
    if (plain || to == stem || to[-1] != '-')
      *to++ = *c;
    if (!plain)
      to[-1] = '-';
  }
  *to = '\0';
  text_print(name, CHART_NAME, "%s", stem);
  for (size_t again = 2; is_taken(charts, name); again++)
    text_print(name, CHART_NAME, "%s-%zu", stem, again);
}

FILE *chart_open(struct charts *charts, const struct chart *about,
                 struct problem *problem) {
  char path[4096];
  struct chart *list =
      reallocarray(charts->list, charts->count + 1, sizeof *list);
  if (!list) {
    problem_failure(problem, "out of memory");
    return NULL;
  }
  charts->list = list;
  struct chart *chart = &list[charts->count];
  *chart = *about;
  name_chart(charts, about->workload, about->shows, chart->name);
  snprintf(path, sizeof path, "%s/%s.tsv", charts->folder, chart->name);
  FILE *out = output_open(&charts->output, path, problem);
  charts->count += out != NULL;
  return out;
}

int chart_close(struct charts *charts, FILE *out, int status,
                struct problem *problem) {
  return output_close(&charts->output, out, status, problem);
}

int charts_write_list(const struct charts *charts, struct problem *problem) {
  char path[4096];
  json_t *list = json_array();
  for (size_t i = 0; i < charts->count; i++) {
    const struct chart *c = &charts->list[i];
    json_array_append_new(list, json_pack("{s:s, s:s?, s:s}", "file", c->name,
                                          "workload", c->workload, "shows",
                                          c->shows));
  }
  snprintf(path, sizeof path, "%s/charts.json", charts->folder);
  return json_file_write(list, path, 0, problem);
}

void charts_free(struct charts *charts) {
  free(charts->list);
  charts->list = NULL;
  charts->count = 0;
}

/* ---- lines --------------------------------------------------------------- */

/* A tab or an end of a line in a text would begin another cell or line. */
void chart_words(FILE *out, const char *text) {
  char *shown = text_copy_shown(text);
  fputs(shown ? shown : "?", out);
  free(shown);
}

void chart_text(FILE *out, const char *key, const char *text) {
  fprintf(out, "# %s: ", key);
  chart_words(out, text);
  fputc('\n', out);
}

__attribute__((format(printf, 3, 0))) static void
put_note(FILE *out, const char *key, const char *format, va_list list) {
  char text[2 * REPORT_LINE];
  struct text note = TEXT_BEGIN(text);
  text_add_list(&note, format, list);
  chart_text(out, key, text);
}

void chart_note(FILE *out, const char *format, ...) {
  va_list list;
  va_start(list, format);
  put_note(out, "note", format, list);
  va_end(list);
}

void chart_elsewhere(FILE *out, const char *format, ...) {
  va_list list;
  va_start(list, format);
  put_note(out, "elsewhere", format, list);
  va_end(list);
}

void chart_place(FILE *out, const char *key, double at, const char *text) {
  fprintf(out, "# %s: %.0f\t", key, at);
  chart_words(out, text);
  fputc('\n', out);
}

static void place(FILE *out, const char *kind, const struct chart_point *p) {
  fprintf(out, "%s\t", kind);
  if (p->row) {
    chart_words(out, p->row);
    fputc('\t', out);
  }
  chart_words(out, p->label);
  fprintf(out, "\t%d\t", p->style);
  if (!p->row)
    fprintf(out, "%.15g\t", p->x);
}

bool chart_is_logarithmic(size_t counts, int64_t fewest, int64_t most) {
  enum { MOST_LINEAR = 8, SPAN = 16 };
  return counts > MOST_LINEAR || most >= SPAN * fewest;
}

const char *chart_number(double value, char text[static NUMBER_LENGTH]) {
  text_print(text, NUMBER_LENGTH, "%.9g", value);
  if (!isfinite(value))
    text_print(text, NUMBER_LENGTH, "-");
  else if (strchr(text, 'e') && !strchr(text, '.'))
    text_print(text, NUMBER_LENGTH, "%#.9g", value);
  return text;
}

static void number(FILE *out, double value, const char *after) {
  char text[NUMBER_LENGTH];
  fprintf(out, "%s%s", chart_number(value, text), after);
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
  fputs("law\t", out);
  chart_words(out, row);
  fputs("\tlaw\t0\t", out);
  number(out, value, "\t-\t-\n");
}

void chart_thin_point(FILE *out, const char *label, double x, double value) {
  if (!isfinite(value))
    return;
  fprintf(out, "law\t%s\t-1\t", label);
  number(out, x, "\t");
  number(out, value, "\t-\t-\n");
}

void chart_law_point(FILE *out, double x, double value) {
  if (!isfinite(value))
    return;
  fprintf(out, "law\tlaw\t0\t%.15g\t", x);
  number(out, value, "\t-\t-\n");
}

void chart_law_curve(FILE *out, const struct result *of, double workers) {
  enum { STEPS = 60 };
  double f = of->program_law_fraction;
  /* serial's time over the variant's with one worker */
  double one =
      of->program_law.median / prediction_speedup(f, (double)of->workers);
  for (int i = 0; i <= STEPS && isfinite(one); i++) {
    double p = pow(workers, i / (double)STEPS);
    fputs("law\tlaw\t0\t", out);
    number(out, p, "\t");
    number(out, one * prediction_speedup(f, p), "\t-\t-\n");
  }
}

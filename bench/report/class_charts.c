/* The charts of many machines that measured the same. */
#include "bench/report/chart_file.h"
#include "bench/report/class.h"
#include "bench/report/numbers.h"

#include <stdlib.h>
#include <string.h>

enum { STYLE_ALL = 12, STYLE_OWN = 2 };

static const struct {
  const char *shows, *subject, *unit, *xlabel;
} quantities[CLASS_QUANTITIES] = {
    [CLASS_ONE] = {"class-one", "One CPU", "Items per second of serial",
                   "speed of one CPU, by the median of all runs"},
    [CLASS_ALL] = {"class-all", "All CPUs",
                   "Items per second of omp:static at each run's most workers",
                   "speed of all CPUs, by the median of all runs"},
    [CLASS_SPEEDUP] = {"class-speedup", NULL,
                       "Speedup of the warm region at each run's most workers",
                       "speedup"},
};

static struct interval over(struct interval x, double by) {
  return (struct interval){x.median / by, x.low / by, x.high / by};
}

/* Speeds are of different units: each by its own median. */
static double scale_of(const struct class_values *values,
                       enum class_quantity quantity) {
  return quantity == CLASS_SPEEDUP ? 1 : values->spread.median;
}

static void write_texts(FILE *out, const struct class *class,
                        enum class_quantity quantity,
                        const char *const *names) {
  char text[REPORT_LINE], brief[TEXT_BRIEF], number[NUMBER_LENGTH];
  double score = class->scores[quantity][class->own];
  number_ratio(score, number);
  if (quantity == CLASS_SPEEDUP)
    text_print(text, sizeof text, "Speedup: yours reaches %s, among %zu runs",
               number, class->run_count);
  else
    text_print(text, sizeof text,
               "%s: yours is at %s the speed of the median of %zu runs",
               quantities[quantity].subject, number, class->run_count);
  chart_text(out, "title", text);
  text_print(text, sizeof text,
             "%s; a dot a run, median and quartiles of all, and yours (%s) "
             "with its 95%% interval",
             quantities[quantity].unit,
             text_brief(names[class->own], 60, brief));
  chart_text(out, "subtitle", text);
  report_foot(class->runs[class->own], NULL, text);
  chart_text(out, "foot", text);
  chart_text(out, "xlabel", quantities[quantity].xlabel);
  chart_text(out, "unit", "x");
  chart_place(out, "reference", 1,
              quantity == CLASS_SPEEDUP ? "no gain" : "median");
}

static void write_row(FILE *out, const struct class *class,
                      const struct class_row *row,
                      enum class_quantity quantity) {
  const struct class_values *values = &row->of[quantity];
  char name[REPORT_NAME];
  double scale = scale_of(values, quantity);
  struct numbers raw = {malloc((class->run_count + 1) * sizeof(double)), 0};
  for (size_t k = 0; raw.values && k < class->run_count; k++)
    if (isfinite(values->runs[k].median))
      raw.values[raw.count++] = values->runs[k].median / scale;
  struct chart_point point = {.row = report_name(row->workload, name),
                              .label = "all runs",
                              .style = STYLE_ALL,
                              .value = over(values->spread, scale),
                              .raw = &raw};
  chart_point(out, &point);
  if (values->place > 0) {
    point.label = "yours";
    point.style = STYLE_OWN;
    point.value = over(values->runs[class->own], scale);
    point.raw = NULL;
    chart_point(out, &point);
  }
  free(raw.values);
}

static bool has_values(const struct class *class,
                       enum class_quantity quantity) {
  for (size_t i = 0; i < class->row_count; i++)
    if (class->rows[i].of[quantity].count > 0)
      return true;
  return false;
}

int class_chart_data(const struct class *class, const char *const *names,
                     struct charts *charts, struct problem *problem) {
  int status = PROBLEM_NONE;
  for (enum class_quantity q = 0; !status && q < CLASS_QUANTITIES; q++) {
    struct chart about = {.workload = NULL, .script = "dots.gp"};
    if (!has_values(class, q))
      continue;
    text_print(about.shows, sizeof about.shows, "%s", quantities[q].shows);
    FILE *out = chart_open(charts, &about, problem);
    if (!out)
      return PROBLEM_FAILURE;
    write_texts(out, class, q, names);
    for (size_t i = 0; i < class->row_count; i++)
      if (class->rows[i].of[q].count > 0)
        write_row(out, class, &class->rows[i], q);
    status = chart_close(charts, out, PROBLEM_NONE, problem);
  }
  return status;
}

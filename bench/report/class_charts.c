/* The charts of many machines that measured the same. */
#include "bench/report/chart_file.h"
#include "bench/report/class.h"
#include "bench/report/numbers.h"

/* Each its own colour and shape. */
enum { STYLE_EACH = 12, STYLE_MIDDLE = 13, STYLE_OWN = 2 };

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
             "%s, each the median of its trials; yours is %s, with its 95%% "
             "interval",
             quantities[quantity].unit,
             text_brief(names[class->own], 60, brief));
  chart_text(out, "subtitle", text);
  report_foot(class->runs[class->own], NULL, text);
  chart_text(out, "foot", text);
  if (class_spoilt_runs(class) > 0) {
    text_print(text, sizeof text,
               "%zu of %zu runs: others used the machine at some points",
               class_spoilt_runs(class), class->run_count);
    chart_text(out, "note", text);
  }
  chart_text(out, "xlabel", quantities[quantity].xlabel);
  chart_text(out, "unit", "x");
  chart_text(out, "dots", "0.8");
  chart_place(out, "reference", 1,
              quantity == CLASS_SPEEDUP ? "no gain" : "median");
}

/* A dot a run, in a lane of their own. */
static void write_dots(FILE *out, const struct class *class,
                       const struct class_values *values, const char *row,
                       double scale) {
  char number[NUMBER_LENGTH];
  for (size_t k = 0; k < class->run_count; k++) {
    if (!isfinite(values->runs[k].median))
      continue;
    fputs("raw\t", out);
    chart_words(out, row);
    fprintf(out, "\teach run\t%d\t%s\t-\t-\n", STYLE_EACH,
            chart_number(values->runs[k].median / scale, number));
  }
}

static void write_row(FILE *out, const struct class *class,
                      const struct class_row *row,
                      enum class_quantity quantity) {
  const struct class_values *values = &row->of[quantity];
  char name[REPORT_NAME];
  double scale = scale_of(values, quantity);
  struct chart_point point = {.row = report_name(row->workload, name),
                              .label = "median and quartiles",
                              .style = STYLE_MIDDLE,
                              .value = over(values->spread, scale)};
  write_dots(out, class, values, name, scale);
  chart_point(out, &point);
  if (values->place > 0) {
    point.label = "yours";
    point.style = STYLE_OWN;
    point.value = over(values->runs[class->own], scale);
    point.flagged = values->spoilt[class->own];
    chart_point(out, &point);
  }
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

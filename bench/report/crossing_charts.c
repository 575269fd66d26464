/* The data of the charts that scripts/curve.gp draws. */
#include "bench/analyze/stats.h"
#include "bench/report/chart_file.h"
#include "bench/report/crossing.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A case's series. */
struct series {
  const struct crossing_case *c;
  const char *label;
  int style;
};

static void row(FILE *out, const char *kind, const struct series *series,
                double x, struct interval y) {
  char at[NUMBER_LENGTH], value[NUMBER_LENGTH], low[NUMBER_LENGTH],
      high[NUMBER_LENGTH];
  fprintf(out, "%s\t", kind);
  chart_words(out, series->label);
  fprintf(out, "\t%d\t%s\t%s\t%s\t%s\n", series->style, chart_number(x, at),
          chart_number(y.median, value), chart_number(y.low, low),
          chart_number(y.high, high));
}

static double median_of(const double *values, size_t n) {
  double sorted[1000];
  n = n < 1000 ? n : 1000;
  memcpy(sorted, values, n * sizeof *sorted);
  return stats_median_interval(sorted, n).median;
}

/* x of a size: items, or the serial time of a task. */
static double place(const struct crossing_case *c, double size,
                    const double *serial_s, size_t n) {
  return c->question == CROSSING_BREAKEVEN
             ? size
             : median_of(serial_s, n) / (double)c->tasks;
}

/* y of a speedup: itself, or the efficiency in percent. */
static double height(const struct crossing_case *c, double speedup) {
  return c->question == CROSSING_BREAKEVEN ? speedup
                                           : 100 * speedup / c->workers;
}

static void write_grid(FILE *out, const struct series *series,
                       const struct crossing_grid *grid) {
  const struct crossing_case *c = series->c;
  for (size_t s = 0; s < grid->count; s++) {
    const double *serial_s = grid->serial_s + s * grid->rounds;
    const double *parallel_s = grid->parallel_s + s * grid->rounds;
    double x = place(c, grid->sizes[s], serial_s, grid->rounds);
    struct interval y = crossing_ratio(grid, s);
    for (size_t r = 0; r < grid->rounds; r++) {
      double speedup = crossing_speedup(serial_s[r], parallel_s[r]);
      if (isfinite(speedup))
        row(out, "raw", series, x,
            (struct interval){height(c, speedup), (double)NAN, (double)NAN});
    }
    y.median = height(c, y.median);
    y.low = height(c, y.low);
    y.high = height(c, y.high);
    row(out, "point", series, x, y);
  }
}

/* Sizes of the search that no grid covers. */
static void write_probes(FILE *out, const struct series *series) {
  const struct crossing_case *c = series->c;
  for (size_t i = 0; i < c->search.count; i++) {
    const struct search_probe *probe = &c->search.probes[i];
    double speedups[SEARCH_PAIRS];
    bool covered = c->own.count > 0 && c->own.sizes[0] == probe->size;
    for (size_t g = 0; g < c->grid_count; g++)
      covered = covered ||
                (probe->size >= c->grids[g].sizes[0] / 1.2 &&
                 probe->size <= c->grids[g].sizes[c->grids[g].count - 1] * 1.2);
    if (covered)
      continue;
    for (int k = 0; k < SEARCH_PAIRS; k++)
      speedups[k] = crossing_speedup(probe->serial_s[k], probe->parallel_s[k]);
    row(out, "hollow", series,
        place(c, probe->size, probe->serial_s, SEARCH_PAIRS),
        (struct interval){height(c, median_of(speedups, SEARCH_PAIRS)),
                          (double)NAN, (double)NAN});
  }
}

/* Bounds that are open end where the measurements do. */
static void write_root(FILE *out, const struct series *series, double y,
                       struct interval x, struct interval measured) {
  row(out, "root", series, x.median,
      (struct interval){y, isinf(x.low) ? measured.low : x.low,
                        isinf(x.high) ? measured.high : x.high});
}

static void write_roots(FILE *out, const struct series *series) {
  const struct crossing_case *c = series->c;
  for (size_t g = 0; g < c->grid_count; g++) {
    const struct crossing_grid *grid = &c->grids[g];
    size_t last = grid->count - 1;
    struct interval span = {
        .low = place(c, grid->sizes[0], grid->serial_s, grid->rounds),
        .high = place(c, grid->sizes[last],
                      grid->serial_s + last * grid->rounds, grid->rounds)};
    if (c->question == CROSSING_GRANULARITY && c->outcome == CROSSING_FOUND)
      write_root(out, series, 50, c->metg.task_s, span);
    for (size_t i = 0; i < c->crossing_count; i++) {
      struct interval x = c->crossings[i].size;
      if (x.median >= span.low && x.median <= span.high)
        write_root(out, series, 1, x, span);
    }
  }
}

/* What a title says of a case: the answer without its interval. */
static void finding(const struct crossing_case *c,
                    char text[static REPORT_LINE]) {
  static const char *const found[] = {"beats serial from ",
                                      "half efficient at tasks of "};
  static const char *const always[] = {"beats serial from ",
                                       "half efficient already at tasks of "};
  static const char *const never[] = {"not shown to beat serial up to ",
                                      "less than half efficient at tasks of "};
  char answer[REPORT_LINE], digits[NUMBER_LENGTH];
  bool tasks = c->question == CROSSING_GRANULARITY;
  bool settled = crossing_bound(c) != NULL;
  const char *how = c->outcome == CROSSING_FOUND    ? found[tasks]
                    : !settled                      ? ""
                    : c->outcome == CROSSING_ALWAYS ? always[tasks]
                                                    : never[tasks];
  crossing_answer(c, answer);
  if (c->outcome == CROSSING_NEVER && !tasks)
    text_print(answer, sizeof answer, "%s %s",
               number_count((uint64_t)c->search.high, digits),
               c->workload->kernel->items);
  answer[strcspn(answer, "(")] = '\0';
  size_t length = strlen(answer);
  if (length > 0 && answer[length - 1] == ' ')
    answer[length - 1] = '\0';
  const char *number = answer;
  if (c->outcome != CROSSING_FOUND && settled)
    number += strcspn(answer, "0123456789"); /* no sign: it is in the words */
  /* No line ends inside the number. */
  struct text whole = text_begin(text, REPORT_LINE);
  text_add(&whole, "%s", how);
  while (*number) {
    size_t run = strcspn(number, " ");
    text_put(&whole, number, run);
    number += run;
    if (*number == ' ') {
      text_add(&whole, "\u00a0");
      number++;
    }
  }
}

/* Of the first two variants; of one where both answers read the same. */
static void title_of(const struct crossing_case *cases, size_t count,
                     char text[static REPORT_LINE]) {
  const struct workload *workload = cases[0].workload;
  const char *params = strchr(workload->name, '/');
  char brief[TEXT_BRIEF];
  char first[REPORT_LINE], second[REPORT_LINE] = "";
  finding(&cases[0], first);
  if (count > 1)
    finding(&cases[1], second);
  struct text title = text_begin(text, REPORT_LINE);
  text_add(&title, "%.60s%s%s: %s", workload->kernel->title, params ? ", " : "",
           params ? text_brief(params + 1, 60, brief) : "", cases[0].variant);
  bool same = strcmp(first, second) == 0;
  text_add(&title, "%s%s %.100s%s%s%s%.100s", same ? " and " : "",
           same ? cases[1].variant : "", first, same || !*second ? "" : ", ",
           same || !*second ? "" : cases[1].variant,
           same || !*second ? "" : " ", same ? "" : second);
}

static void write_texts(FILE *out, const struct crossing_case *cases,
                        size_t count, const struct environment *environment) {
  const struct crossing_case *c = &cases[0];
  bool tasks = c->question == CROSSING_GRANULARITY;
  const struct analysis facts = {.run = {.machine = environment->machine,
                                         .build = environment->build,
                                         .bind = environment->bind,
                                         .date = environment->date}};
  char text[REPORT_LINE], answer[REPORT_LINE], items[NUMBER_LENGTH];
  title_of(cases, count, text);
  chart_text(out, "title", text);
  text_print(text, sizeof text,
             tasks ? "Efficiency T_serial/(%" PRIu32
                     " T_par) of the warm region against the serial time of a "
                     "task; medians of %" PRIu32 " rounds, 95%% intervals"
                   : "Speedup on %" PRIu32
                     " workers against serial; medians of %" PRIu32
                     " rounds, 95%% intervals",
             c->workers, c->rounds);
  struct text subtitle = text_resume(text, sizeof text);
  if (!tasks)
    text_add(&subtitle, "; %s",
             strcmp(c->scope, "region") == 0 ? "warm region" : "whole program");
  chart_text(out, "subtitle", text);
  report_foot(&facts, NULL, text);
  chart_text(out, "foot", text);
  chart_text(out, "xscale", "log");
  chart_text(out, "xunit", tasks ? "si:s" : "si:");
  chart_text(out, "xlabel",
             tasks ? "serial time of one task" : c->workload->kernel->items);
  chart_text(out, "ylabel", tasks ? "efficiency" : "speedup");
  chart_text(out, "unit", tasks ? "%" : "x");
  chart_place(out, "reference", tasks ? 50 : 1,
              tasks ? "half efficient" : "no gain");
  if (c->own.count > 0) {
    text_print(text, sizeof text, "%s: %s", c->workload->preset->name,
               number_count((uint64_t)c->own.sizes[0], items));
    chart_place(out, "mark", c->own.sizes[0], text);
  }
  for (size_t i = 0; i < count; i++) {
    text_print(text, sizeof text, "%s: %s%.300s", cases[i].variant,
               tasks ? "METG(50%) " : "from ",
               crossing_answer(&cases[i], answer));
    if (cases[i].outcome == CROSSING_FOUND)
      chart_text(out, "note", text);
  }
  chart_text(out, "note", "hollow: five pairs of the search, no interval");
}

static int write_chart(const struct crossing_case *cases, size_t count,
                       const struct environment *environment,
                       struct charts *charts, struct problem *problem) {
  struct chart about = {.workload = cases[0].workload->name,
                        .script = "curve.gp"};
  text_print(about.shows, sizeof about.shows, "%s",
             cases[0].question == CROSSING_GRANULARITY ? "granularity"
                                                       : "breakeven");
  FILE *out = chart_open(charts, &about, problem);
  if (!out)
    return PROBLEM_FAILURE;
  write_texts(out, cases, count, environment);
  for (size_t i = 0; i < count; i++) {
    const struct series series = {&cases[i], cases[i].label,
                                  report_style(cases[i].variant, i % 6)};
    write_probes(out, &series);
    for (size_t g = 0; g < cases[i].grid_count; g++)
      write_grid(out, &series, &cases[i].grids[g]);
    write_grid(out, &series, &cases[i].own);
    write_roots(out, &series);
  }
  return chart_close(charts, out, PROBLEM_NONE, problem);
}

int crossing_chart_data(const struct crossing_case *cases, size_t count,
                        const struct environment *environment,
                        struct charts *charts, struct problem *problem) {
  int status = PROBLEM_NONE;
  for (size_t i = 0, n; !status && i < count; i += n) {
    n = 1;
    while (i + n < count && cases[i + n].workload == cases[i].workload)
      n++;
    status = write_chart(&cases[i], n, environment, charts, problem);
  }
  return status;
}

/* The data of a run's charts over sizes: speedup against size, at the most
 * workers. */
#include "bench/report/numbers.h"
#include "bench/report/scopes.h"
#include "bench/report/titles.h"
#include "bench/report/view.h"

#include <inttypes.h>
#include <string.h>

/* With more workers, losses and gains are both far from 1. */
static const int64_t most_linear = 8;

static void write_texts(FILE *out, const struct view *view, int64_t workers) {
  char text[REPORT_LINE], axis[VIEW_AXIS];
  char rounds[REPORT_ROUNDS];
  const char *items = view->workload->items;
  title_sizes(view->analysis, view->workload, view->scope, text);
  chart_text(out, "title", text);
  text_print(text, sizeof text,
             "%s of the %s on %" PRId64
             " worker%s against serial at the same size; median of %s, %s",
             view_subject(view), scope_table[view->scope].what, workers,
             workers == 1 ? "" : "s", report_rounds(view->analysis, rounds),
             report_intervals(view->analysis));
  chart_text(out, "subtitle", text);
  report_foot(view->analysis, NULL, text);
  chart_text(out, "foot", text);
  text_print(text, sizeof text, "%.60s (k: 1024, M: 1048576)",
             items ? items : "items");
  chart_text(out, "xlabel", text);
  chart_text(out, "ylabel", view_axis(view, 0, axis));
  chart_text(out, "unit", "x");
  chart_text(out, "xunit", "sizes");
  if (workers > most_linear)
    chart_text(out, "yscale", "log");
  chart_place(out, "reference", 1, "no gain");
  text_print(text, sizeof text, "ideal %" PRId64 "×", workers);
  if (workers > 1)
    chart_place(out, "ideal", (double)workers, text);
  if (view_has_law(view))
    chart_text(out, "law", view_law_words(view));
}

/* What the law says of the program at every size. */
static void write_law(FILE *out, const struct view *view, int64_t workers) {
  for (size_t s = 0; s < view->analysis->workload_count; s++) {
    const struct workload_result *of = &view->analysis->workloads[s];
    const struct result *leader = analysis_leader(view->analysis, of, workers);
    if (leader && strcmp(of->workload, view->workload->workload) == 0)
      chart_law_point(out, (double)of->size, leader->program_law.median);
  }
}

bool report_has_size_chart(const struct view *view) {
  int64_t workers = analysis_most_workers(view->analysis, view->workload);
  for (size_t i = 0; i < view->analysis->result_count; i++) {
    const struct result *r = &view->analysis->results[i];
    if (view_has(view, r) && r->workers == workers &&
        isfinite(view_point(view, r).value.median))
      return true;
  }
  return false;
}

int report_size_chart(const struct view *view, struct charts *charts,
                      struct problem *problem) {
  struct chart about = {.workload = view->workload->workload,
                        .script = "curve.gp"};
  int64_t workers = analysis_most_workers(view->analysis, view->workload);
  text_print(about.shows, sizeof about.shows, "%s-sizes",
             scope_table[view->scope].shows);
  FILE *out = chart_open(charts, &about, problem);
  if (!out)
    return PROBLEM_FAILURE;
  write_texts(out, view, workers);
  int status = view_notes(out, view, workers, problem);
  for (size_t i = 0; i < view->analysis->result_count; i++) {
    const struct result *r = &view->analysis->results[i];
    if (!view_has(view, r) || r->workers != workers)
      continue;
    struct chart_point point = view_point(view, r);
    chart_point(out, &point);
  }
  if (view_has_law(view))
    write_law(out, view, workers);
  return chart_close(charts, out, status, problem);
}

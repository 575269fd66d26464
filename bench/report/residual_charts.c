/* The data of the chart of how far programs are from what was predicted. */
#include "bench/analyze/verdict.h"
#include "bench/report/titles.h"
#include "bench/report/view.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* At the number of workers where its workload is judged. */
static bool is_drawn(const struct analysis *analysis, const struct result *r) {
  const struct workload_result *workload = analysis_workload_of(analysis, r);
  return workload && analysis_is_largest(analysis, workload) &&
         r->workers > 1 && !result_is_copies(r) &&
         r->workers == analysis_most_workers(analysis, workload) &&
         isfinite(r->program_law_residual.median);
}

bool report_has_residuals(const struct analysis *analysis) {
  for (size_t i = 0; i < analysis->result_count; i++)
    if (is_drawn(analysis, &analysis->results[i]))
      return true;
  return false;
}

/* The fewest workers of any that is drawn: rows of others say so.  What waits
 * is judged at more than there are CPUs. */
static int64_t usual_workers(const struct analysis *analysis) {
  int64_t workers = INT64_MAX;
  for (size_t i = 0; i < analysis->result_count; i++)
    if (is_drawn(analysis, &analysis->results[i]) &&
        analysis->results[i].workers < workers)
      workers = analysis->results[i].workers;
  return workers;
}

/* A share more or less than predicted, of its logarithm. */
static struct interval percent(struct interval residual) {
  return (struct interval){100 * expm1(residual.median),
                           100 * expm1(residual.low),
                           100 * expm1(residual.high)};
}

static void write_point(FILE *out, const struct analysis *analysis,
                        const struct result *r, int64_t usual) {
  const struct view view = {analysis, NULL, SCOPE_PROGRAM, false, true};
  char row[REPORT_NAME + 32];
  text_print(row, sizeof row, "%s", r->workload);
  if (r->workers != usual)
    text_print(row, sizeof row, "%s on %" PRId64, r->workload, r->workers);
  struct chart_point point = view_point(&view, r);
  point.row = row;
  point.raw = NULL;
  point.value = percent(r->program_law_residual);
  chart_point(out, &point);
}

static void write_texts(FILE *out, const struct analysis *analysis,
                        int64_t usual) {
  char text[REPORT_LINE], rounds[REPORT_ROUNDS];
  title_residuals(analysis, text);
  chart_text(out, "title", text);
  text_print(text, sizeof text,
             "Speedup of the whole program against what Amdahl's law said "
             "before, from one-worker runs; median of %s, %s",
             report_rounds(analysis, rounds), report_intervals(analysis));
  chart_text(out, "subtitle", text);
  report_foot(analysis, NULL, text);
  chart_text(out, "foot", text);
  text_print(text, sizeof text,
             "speedup on %" PRId64 " workers, more or less than predicted",
             usual);
  chart_text(out, "xlabel", text);
  chart_place(out, "reference", 0, "as predicted");
  chart_text(out, "unit", "%");
}

int report_residual_chart(const struct analysis *analysis,
                          struct charts *charts, struct problem *problem) {
  static const struct chart about = {.shows = "residuals", .script = "dots.gp"};
  bool *drawn = calloc(analysis->result_count + 1, sizeof *drawn);
  FILE *out = NULL;
  if (!drawn)
    return problem_failure(problem, "out of memory");
  out = chart_open(charts, &about, problem);
  if (!out) {
    free(drawn);
    return PROBLEM_FAILURE;
  }
  int64_t usual = usual_workers(analysis);
  write_texts(out, analysis, usual);
  for (size_t i = 0; i < analysis->result_count; i++) {
    const struct result *r = &analysis->results[i];
    drawn[i] = is_drawn(analysis, r);
    if (drawn[i])
      write_point(out, analysis, r, usual);
  }
  const struct flagged_points points = {
      .analysis = analysis, .drawn = drawn, .with_workload = true};
  chart_flag_notes(out, &points);
  free(drawn);
  return chart_close(charts, out, PROBLEM_NONE, problem);
}

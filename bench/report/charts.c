/* The data of a run's charts. */
#include "bench/analyze/flags.h"
#include "bench/analyze/inside_law.h"
#include "bench/analyze/prediction.h"
#include "bench/analyze/verdict.h"
#include "bench/report/numbers.h"
#include "bench/report/scopes.h"
#include "bench/report/titles.h"
#include "bench/report/view.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Distinct worker counts of a workload. */
static size_t count_counts(const struct view *view) {
  size_t counts = 0;
  const struct analysis *a = view->analysis;
  for (size_t i = 0; i < a->result_count; i++) {
    bool known = !view_has(view, &a->results[i]);
    for (size_t k = 0; k < i && !known; k++)
      known = view_has(view, &a->results[k]) &&
              a->results[k].workers == a->results[i].workers;
    counts += !known;
  }
  return counts;
}

static void write_texts(FILE *out, const struct view *view) {
  char text[REPORT_LINE], time[NUMBER_LENGTH], rounds[REPORT_ROUNDS];
  const struct workload_result *workload = view->workload;
  const struct scope_about *about = &scope_table[view->scope];
  const struct result *leader = verdict_point(view->analysis, workload);
  if (leader)
    about->title(view->analysis, workload, leader, text);
  else if (!title_copies(view->analysis, workload, view->scope, text))
    text_print(text, sizeof text, "%s", workload->title);
  chart_text(out, "title", text);
  number_time(scope_serial_s(view->scope, workload).median, time);
  text_print(
      text, sizeof text, "%s of the %s against %s (%s); median of %s, %s",
      view_subject(view), about->what,
      report_baseline(view->analysis, workload), time,
      report_rounds(view->analysis, rounds), report_intervals(view->analysis));
  chart_text(out, "subtitle", text);
  report_one_worker(view->analysis, workload, view->scope, text);
  if (*text)
    chart_elsewhere(out, "%s", text);
  report_foot(view->analysis, workload, text);
  chart_text(out, "foot", text);
  chart_text(out, "unit", "x");
}

/* Whether anything would be drawn (where dots are: at the most workers). */
static bool has_points(const struct view *view) {
  int64_t most = analysis_most_workers(view->analysis, view->workload);
  bool lines = count_counts(view) > 2;
  for (size_t i = 0; i < view->analysis->result_count; i++) {
    const struct result *r = &view->analysis->results[i];
    if (view_has(view, r) && (lines || r->workers == most) &&
        isfinite(view_point(view, r).value.median))
      return true;
  }
  return false;
}

static bool is_logarithmic(const struct view *view) {
  int64_t fewest = INT64_MAX, most = 0;
  for (size_t i = 0; i < view->analysis->result_count; i++) {
    const struct result *r = &view->analysis->results[i];
    if (!view_has(view, r))
      continue;
    fewest = r->workers < fewest ? r->workers : fewest;
    most = r->workers > most ? r->workers : most;
  }
  return chart_is_logarithmic(count_counts(view), fewest, most);
}

/* Of a program that was observed: what its law is at most with critical
 * sections one after another; of itself with one worker, which may be beside
 * another serial program's. */
static double critical_law(const struct view *view, double workers) {
  const struct workload_result *workload = view->workload;
  const struct result *leader =
      analysis_leader(view->analysis, workload,
                      analysis_most_workers(view->analysis, workload));
  return leader && prediction_one_lock(workload->untold)
             ? inside_law_beyond(workload, leader, workers)
             : (double)NAN;
}

/* Whether that is lower than the law itself. */
static bool has_critical(const struct view *view) {
  const double same = 1e-6;
  int64_t most = view_has_law(view)
                     ? analysis_most_workers(view->analysis, view->workload)
                     : 1;
  const struct result *leader =
      view_has_law(view) ? analysis_leader(view->analysis, view->workload, most)
                         : NULL;
  return leader && critical_law(view, (double)leader->workers) <
                       leader->program_law.median * (1 - same);
}

/* Its ends, where they lie apart by what matters. */
static void draw_ends(FILE *out, const struct view *view, double most) {
  enum { STEPS = 60 };
  const struct result *leader =
      analysis_leader(view->analysis, view->workload,
                      analysis_most_workers(view->analysis, view->workload));
  struct interval f = view->workload->serial_fraction;
  bool bound = leader && view_law_is_bound(view);
  if (!bound || !(leader->program_law.high >
                  leader->program_law.low * (1 + flags_matters())))
    return;
  double one = leader->program_law.median /
               prediction_speedup(f.median, (double)leader->workers);
  for (int i = 0; i <= STEPS; i++) {
    double p = pow(most, i / (double)STEPS);
    chart_thin_point(out, "by f's low end", p,
                     one * prediction_speedup(f.low, p));
    chart_thin_point(out, "by f's high end", p,
                     one * prediction_speedup(f.high, p));
  }
}

static void note_bound(FILE *out, const struct view *view) {
  char law[NUMBER_LENGTH];
  const struct result *leader =
      analysis_leader(view->analysis, view->workload,
                      analysis_most_workers(view->analysis, view->workload));
  if (leader && view_law_is_bound(view) && isfinite(leader->program_law.low))
    chart_note(out, "at most %s on %" PRId64 " workers, with f's interval",
               number_ratio_interval(leader->program_law, law),
               leader->workers);
}

static void draw_critical(FILE *out, const struct view *view, double most) {
  enum { STEPS = 60 };
  for (int i = 0; i <= STEPS && has_critical(view); i++) {
    double p = pow(most, i / (double)STEPS);
    chart_thin_point(out, "with critical sections", p, critical_law(view, p));
  }
}

static void note_critical(FILE *out, const struct view *view, int64_t most) {
  char law[NUMBER_LENGTH];
  if (has_critical(view))
    chart_note(out, "with critical sections one after another: at most %s",
               number_ratio(critical_law(view, (double)most), law));
}

static void write_lines(FILE *out, const struct view *view) {
  char text[32], axis[VIEW_AXIS];
  double most = 1;
  chart_text(out, "xlabel", "workers");
  chart_text(out, "ylabel", view_axis(view, 0, axis));
  chart_text(out, "ideal", "yes");
  chart_text(out, "scale", is_logarithmic(view) ? "log" : "linear");
  if (view->analysis->run.usable_cpus != FIELD_NULL) {
    text_print(text, sizeof text, "%" PRId64, view->analysis->run.usable_cpus);
    chart_text(out, "usable", text);
  }
  chart_breaks(out, &view->analysis->run);
  for (size_t i = 0; i < view->analysis->result_count; i++) {
    const struct result *r = &view->analysis->results[i];
    if (!view_has(view, r))
      continue;
    struct chart_point point = view_point(view, r);
    chart_point(out, &point);
    most = fmax(most, (double)r->workers);
  }
  report_chart_advice(out, view);
  report_chart_bounds(out, view, true);
  if (scope_table[view->scope].capacity && view->workload->waits != 1)
    chart_capacity_curve(out, view->analysis);
  const struct result *leader =
      analysis_leader(view->analysis, view->workload,
                      analysis_most_workers(view->analysis, view->workload));
  if (view_has_law(view) && leader)
    chart_law_curve(out, leader,
                    report_chart_law(out, view, most, is_logarithmic(view)));
  draw_critical(out, view, most);
  draw_ends(out, view, most);
  note_bound(out, view);
}

/* With few worker counts: a row per variant, at the most workers. */
static void write_dots(FILE *out, const struct view *view) {
  char text[32], axis[VIEW_AXIS];
  int64_t most = analysis_most_workers(view->analysis, view->workload);
  text_print(text, sizeof text, "%" PRId64, most);
  if (most > 1)
    chart_text(out, "ideal", text);
  chart_text(out, "xlabel", view_axis(view, most, axis));
  chart_place(out, "reference", 1, "no gain");
  if (scope_table[view->scope].capacity && view->workload->waits != 1)
    chart_capacity_line(out, view->analysis, most);
  if (view_has_law(view))
    chart_text(out, "law", view_law_words(view));
  for (size_t i = 0; i < view->analysis->result_count; i++) {
    const struct result *r = &view->analysis->results[i];
    if (!view_has(view, r) || r->workers != most)
      continue;
    struct chart_point point = view_point(view, r);
    point.row = r->label;
    chart_point(out, &point);
    if (scope_table[view->scope].law && !result_is_copies(r))
      chart_law_tick(out, r->label, r->program_law.median);
  }
  note_critical(out, view, most);
  note_bound(out, view);
  report_chart_bounds(out, view, false);
}

static int write_kernel_chart(const struct view *view, struct charts *charts,
                              struct problem *problem) {
  bool lines = count_counts(view) > 2;
  struct chart about = {.workload = view->workload->workload,
                        .script = lines ? "lines.gp" : "dots.gp"};
  text_print(about.shows, sizeof about.shows, "%s",
             scope_table[view->scope].shows);
  FILE *out = chart_open(charts, &about, problem);
  if (!out)
    return PROBLEM_FAILURE;
  write_texts(out, view);
  int64_t most = analysis_most_workers(view->analysis, view->workload);
  int status = view_notes(out, view, lines ? 0 : most, problem);
  if (lines)
    write_lines(out, view);
  else
    write_dots(out, view);
  return chart_close(charts, out, status, problem);
}

/* Copies where there is nothing else: beside others, the law's mark would seem
 * to be about them. */
static struct view overview_view(const struct analysis *analysis) {
  struct view all = {analysis, NULL, SCOPE_PROGRAM, false, false};
  all.no_copies = view_has_law(&all);
  return all;
}

static bool overview_has_points(const struct analysis *analysis) {
  int64_t workers = title_overview_workers(analysis);
  const struct view all = overview_view(analysis);
  for (size_t i = 0; i < analysis->result_count; i++) {
    const struct result *r = &analysis->results[i];
    if (r->workers == workers && view_has(&all, r) &&
        isfinite(r->program_speedup.median))
      return true;
  }
  return false;
}

static void write_overview_texts(FILE *out, const struct view *all,
                                 int64_t workers) {
  char text[REPORT_LINE], axis[VIEW_AXIS], rounds[REPORT_ROUNDS];
  const struct analysis *analysis = all->analysis;
  title_overview(analysis, workers, text);
  chart_text(out, "title", text);
  text_print(text, sizeof text,
             "%s of the whole program against %s; median of %s, %s",
             view_subject(all), report_baseline(analysis, NULL),
             report_rounds(analysis, rounds), report_intervals(analysis));
  chart_text(out, "subtitle", text);
  report_foot(analysis, NULL, text);
  chart_text(out, "foot", text);
  chart_text(out, "xlabel", view_axis(all, workers, axis));
  chart_place(out, "reference", 1, "no gain");
  chart_text(out, "unit", "none");
  if (view_has_law(all))
    chart_text(out, "law", view_law_label);
  text_print(text, sizeof text, "%" PRId64, workers);
  if (workers > 1)
    chart_text(out, "ideal", text);
}

/* Of one workload. */
static void write_overview_points(FILE *out, const struct view *view,
                                  int64_t workers) {
  const struct analysis *analysis = view->analysis;
  const char *row = view->workload->workload;
  for (size_t i = 0; i < analysis->result_count; i++) {
    if (!view_has(view, &analysis->results[i]) ||
        analysis->results[i].workers != workers)
      continue;
    struct chart_point point = view_point(view, &analysis->results[i]);
    point.row = row;
    point.raw = NULL; /* they would hide the marks of their neighbours */
    chart_point(out, &point);
  }
  const struct result *leader =
      analysis_leader(analysis, view->workload, workers);
  if (view_has_law(view) && leader)
    chart_law_tick(out, row, leader->program_law.median);
}

static int write_overview(const struct analysis *analysis,
                          struct charts *charts, struct problem *problem) {
  static const struct chart about = {.shows = "overview", .script = "dots.gp"};
  int64_t workers = title_overview_workers(analysis);
  const struct view all = overview_view(analysis);
  bool sized = false;
  FILE *out = chart_open(charts, &about, problem);
  if (!out)
    return PROBLEM_FAILURE;
  write_overview_texts(out, &all, workers);
  for (size_t s = 0; s < analysis->workload_count; s++) {
    const struct workload_result *workload = &analysis->workloads[s];
    const struct view view = {analysis, workload, SCOPE_PROGRAM, false,
                              all.no_copies};
    if (!analysis_is_largest(analysis, workload))
      continue;
    sized = sized || workload->sized;
    write_overview_points(out, &view, workers);
  }
  if (sized)
    chart_text(out, "note",
               "Of several sizes of a kernel, the largest is drawn.");
  int status = view_notes(out, &all, workers, problem);
  return chart_close(charts, out, status, problem);
}

/* The charts of a workload over the workers, at its largest size, and over its
 * sizes. */
static int write_workload(const struct analysis *analysis,
                          const struct workload_result *workload,
                          struct charts *charts, struct problem *problem) {
  int status = PROBLEM_NONE;
  for (int scope = 0; !status && scope < SCOPES; scope++) {
    struct view view = {analysis, workload, (enum scope)scope, false, false};
    /* nothing but serial, or a run that was interrupted */
    if (has_points(&view))
      status = write_kernel_chart(&view, charts, problem);
    view.all_sizes = true;
    if (!status && workload->sized && report_has_size_chart(&view))
      status = report_size_chart(&view, charts, problem);
  }
  const struct view whole = {analysis, workload, SCOPE_PROGRAM, false, true};
  if (!status && report_has_losses(&whole))
    status = report_losses_chart(&whole, charts, problem);
  return status;
}

int report_chart_data(const struct analysis *analysis, struct charts *charts,
                      struct problem *problem) {
  int status = PROBLEM_NONE;
  if (overview_has_points(analysis))
    status = write_overview(analysis, charts, problem);
  if (!status && report_has_residuals(analysis))
    status = report_residual_chart(analysis, charts, problem);
  for (size_t s = 0; !status && s < analysis->workload_count; s++)
    if (analysis_is_largest(analysis, &analysis->workloads[s]))
      status =
          write_workload(analysis, &analysis->workloads[s], charts, problem);
  if (!status && report_has_roofline(analysis))
    status = report_roofline_chart(analysis, charts, problem);
  return status;
}

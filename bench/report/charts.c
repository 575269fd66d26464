/* The data of a run's charts. */
#include "bench/analyze/prediction.h"
#include "bench/report/chart_file.h"
#include "bench/report/numbers.h"
#include "bench/report/scopes.h"
#include "bench/report/titles.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char law_label[] = "Amdahl, predicted from one-worker runs";

/* What a kernel's chart shows. */
struct view {
  const struct analysis *analysis;
  const struct workload_result *workload;
  enum scope scope;
};

static bool in_view(const struct view *view, const struct result *r) {
  return result_is_of(r, view->workload) && !result_is_serial(r);
}

/* How many other variants come first. */
static size_t variant_index(const struct analysis *analysis,
                            const char *requested) {
  const char *before = "";
  size_t index = 0;
  for (size_t i = 0; i < analysis->result_count; i++) {
    const struct result *r = &analysis->results[i];
    if (strcmp(r->requested, requested) == 0)
      break;
    index += strcmp(r->requested, before) != 0;
    before = r->requested;
  }
  return index;
}

static struct chart_point point_of(const struct view *view,
                                   const struct result *r) {
  /* The colour is the variant's; others take numbers by their place. */
  size_t index = variant_index(view->analysis, r->requested);
  return (struct chart_point){
      .label = r->label,
      .style = report_style(r->requested, index % 6),
      .workers = (double)r->workers,
      .value = scope_speedup(view->scope, r),
      .raw = scope_ratios(view->scope, r),
      .flagged = report_hollow(r),
  };
}

/* Distinct worker counts of a workload. */
static size_t count_counts(const struct view *view) {
  size_t counts = 0;
  const struct analysis *a = view->analysis;
  for (size_t i = 0; i < a->result_count; i++) {
    bool known = !in_view(view, &a->results[i]);
    for (size_t k = 0; k < i && !known; k++)
      known = in_view(view, &a->results[k]) &&
              a->results[k].workers == a->results[i].workers;
    counts += !known;
  }
  return counts;
}

static void write_texts(FILE *out, const struct view *view) {
  char text[REPORT_LINE], time[NUMBER_LENGTH];
  const struct workload_result *workload = view->workload;
  const struct scope_about *about = &scope_table[view->scope];
  const struct result *leader =
      report_leader(view->analysis, workload,
                    analysis_most_workers(view->analysis, workload));
  if (leader)
    about->title(workload, leader, text);
  else
    snprintf(text, sizeof text, "%s", workload->title);
  chart_text(out, "title", text);
  number_time(scope_serial_s(view->scope, workload).median, time);
  snprintf(text, sizeof text,
           "Speedup of the %s against serial (%s); median of %" PRId64
           " round%s, %s",
           about->what, time, view->analysis->run.rounds,
           view->analysis->run.rounds == 1 ? "" : "s",
           report_intervals(view->analysis));
  chart_text(out, "subtitle", text);
  report_one_worker(view->analysis, workload, view->scope, text);
  if (*text)
    chart_text(out, "note", text);
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
    if (in_view(view, r) && (lines || r->workers == most) &&
        isfinite(point_of(view, r).value.median))
      return true;
  }
  return false;
}

/* Under the chart: the flags of what it draws, and what spoils the run. */
static int write_notes(FILE *out, const struct view *view, int64_t workers,
                       bool lines) {
  const struct analysis *a = view->analysis;
  bool *drawn = calloc(a->result_count + 1, sizeof *drawn);
  if (!drawn)
    return -1;
  for (size_t i = 0; i < a->result_count; i++) {
    const struct result *r = &a->results[i];
    drawn[i] = (view->workload ? in_view(view, r) : !result_is_serial(r)) &&
               (lines || r->workers == workers);
  }
  const struct flagged_points points = {
      .analysis = a,
      .drawn = drawn,
      .with_workload = !view->workload,
      .broken = lines,
  };
  chart_flag_notes(out, &points);
  free(drawn);
  if (a->run.left_out)
    fprintf(out, "# note: left out, to stay within the budget: %s\n",
            a->run.left_out);
  if (a->run.warnings)
    chart_text(out, "note", a->run.warnings);
  return 0;
}

static void write_lines(FILE *out, const struct view *view) {
  char text[32];
  double most = 1;
  chart_text(out, "xlabel", "workers");
  chart_text(out, "ylabel", "speedup");
  chart_text(out, "ideal", "yes");
  if (view->analysis->run.usable_cpus != FIELD_NULL) {
    snprintf(text, sizeof text, "%" PRId64, view->analysis->run.usable_cpus);
    chart_text(out, "usable", text);
  }
  chart_breaks(out, &view->analysis->run);
  if (scope_table[view->scope].law)
    chart_text(out, "law", law_label);
  for (size_t i = 0; i < view->analysis->result_count; i++) {
    const struct result *r = &view->analysis->results[i];
    if (!in_view(view, r))
      continue;
    struct chart_point point = point_of(view, r);
    chart_point(out, &point);
    most = fmax(most, (double)r->workers);
  }
  if (scope_table[view->scope].capacity && view->workload->waits != 1)
    chart_capacity_curve(out, view->analysis);
  if (scope_table[view->scope].law)
    chart_law_curve(out, view->workload->serial_fraction.median, most);
}

/* With few worker counts: a row per variant, at the most workers. */
static void write_dots(FILE *out, const struct view *view) {
  char text[32];
  int64_t most = analysis_most_workers(view->analysis, view->workload);
  snprintf(text, sizeof text, "%" PRId64, most);
  if (most > 1)
    chart_text(out, "ideal", text);
  snprintf(text, sizeof text, "speedup on %" PRId64 " worker%s", most,
           most == 1 ? "" : "s");
  chart_text(out, "xlabel", text);
  chart_text(out, "nogain", "yes");
  if (scope_table[view->scope].capacity && view->workload->waits != 1)
    chart_capacity_line(out, view->analysis, most);
  if (scope_table[view->scope].law)
    chart_text(out, "law", law_label);
  for (size_t i = 0; i < view->analysis->result_count; i++) {
    const struct result *r = &view->analysis->results[i];
    if (!in_view(view, r) || r->workers != most)
      continue;
    struct chart_point point = point_of(view, r);
    point.row = r->label;
    chart_point(out, &point);
    if (scope_table[view->scope].law)
      chart_law_tick(out, r->label,
                     prediction_speedup(view->workload->serial_fraction.median,
                                        (double)most));
  }
}

static int write_kernel_chart(const struct view *view, const char *folder,
                              struct chart *chart, struct problem *problem) {
  char name[REPORT_NAME];
  bool lines = count_counts(view) > 2;
  report_file_name(view->workload->workload, scope_table[view->scope].suffix,
                   name);
  FILE *out =
      chart_open(chart, name, lines ? "lines.gp" : "dots.gp", folder, problem);
  if (!out)
    return PROBLEM_FAILURE;
  write_texts(out, view);
  int64_t most = analysis_most_workers(view->analysis, view->workload);
  bool noted = write_notes(out, view, most, lines) == 0;
  if (lines)
    write_lines(out, view);
  else
    write_dots(out, view);
  if (!noted) {
    fclose(out);
    return problem_failure(problem, "out of memory");
  }
  return chart_close(out, chart->name, problem);
}

/* The most workers that no workload shares CPUs at: where all can be seen. */
static int64_t overview_workers(const struct analysis *analysis) {
  int64_t most = 1;
  for (size_t i = 0; i < analysis->result_count; i++)
    if (analysis->results[i].oversubscribed != 1 &&
        analysis->results[i].workers > most)
      most = analysis->results[i].workers;
  return most;
}

static bool overview_has_points(const struct analysis *analysis) {
  int64_t workers = overview_workers(analysis);
  for (size_t i = 0; i < analysis->result_count; i++) {
    const struct result *r = &analysis->results[i];
    if (r->workers == workers && !result_is_serial(r) &&
        isfinite(r->program_speedup.median))
      return true;
  }
  return false;
}

static int write_overview(const struct analysis *analysis, const char *folder,
                          struct chart *chart, struct problem *problem) {
  char text[REPORT_LINE];
  int64_t workers = overview_workers(analysis);
  FILE *out = chart_open(chart, "overview", "dots.gp", folder, problem);
  if (!out)
    return PROBLEM_FAILURE;
  title_overview(analysis, workers, text);
  chart_text(out, "title", text);
  snprintf(text, sizeof text,
           "Speedup of the whole program against serial; median of %" PRId64
           " round%s, %s",
           analysis->run.rounds, analysis->run.rounds == 1 ? "" : "s",
           report_intervals(analysis));
  chart_text(out, "subtitle", text);
  report_foot(analysis, NULL, text);
  chart_text(out, "foot", text);
  snprintf(text, sizeof text, "speedup on %" PRId64 " worker%s", workers,
           workers == 1 ? "" : "s");
  chart_text(out, "xlabel", text);
  chart_text(out, "nogain", "yes");
  chart_text(out, "unit", "none");
  chart_text(out, "law", law_label);
  snprintf(text, sizeof text, "%" PRId64, workers);
  if (workers > 1)
    chart_text(out, "ideal", text);
  for (size_t s = 0; s < analysis->workload_count; s++) {
    const struct workload_result *workload = &analysis->workloads[s];
    struct view view = {analysis, workload, SCOPE_PROGRAM};
    for (size_t i = 0; i < analysis->result_count; i++) {
      if (!in_view(&view, &analysis->results[i]) ||
          analysis->results[i].workers != workers)
        continue;
      struct chart_point point = point_of(&view, &analysis->results[i]);
      point.row = workload->workload;
      point.raw = NULL; /* they would hide the marks of their neighbours */
      chart_point(out, &point);
    }
    chart_law_tick(
        out, workload->workload,
        prediction_speedup(workload->serial_fraction.median, (double)workers));
  }
  const struct view all = {analysis, NULL, SCOPE_PROGRAM};
  if (write_notes(out, &all, workers, false) != 0) {
    fclose(out);
    return problem_failure(problem, "out of memory");
  }
  return chart_close(out, chart->name, problem);
}

int report_chart_data(const struct analysis *analysis, const char *folder,
                      struct chart **charts, size_t *count,
                      struct problem *problem) {
  *count = 0;
  *charts = calloc(2 * analysis->workload_count + 2, sizeof **charts);
  if (!*charts)
    return problem_failure(problem, "out of memory");
  int status = PROBLEM_NONE;
  if (overview_has_points(analysis))
    status = write_overview(analysis, folder, &(*charts)[(*count)++], problem);
  for (size_t s = 0; !status && s < analysis->workload_count; s++)
    for (int scope = 0; !status && scope < SCOPES; scope++) {
      const struct view view = {analysis, &analysis->workloads[s],
                                (enum scope)scope};
      if (!has_points(&view))
        continue; /* nothing but serial, or a run that was interrupted */
      status =
          write_kernel_chart(&view, folder, &(*charts)[(*count)++], problem);
    }
  if (!status && report_has_roofline(analysis))
    status = report_roofline_chart(analysis, folder, &(*charts)[(*count)++],
                                   problem);
  if (status) {
    free(*charts);
    *charts = NULL;
  }
  return status;
}

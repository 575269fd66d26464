#include "bench/report/view.h"

#include "bench/report/scopes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const char view_law_label[] = "Amdahl, predicted from one-worker runs";

static bool is_program(const struct view *view) {
  const struct workload_result *w = view->workload;
  return w && w->kernel && strcmp(w->kernel, record_program) == 0;
}

const char *view_law_words(const struct view *view) {
  return is_program(view) ? "Amdahl, at most: from observed one-worker runs"
                          : view_law_label;
}

bool view_has(const struct view *view, const struct result *result) {
  if (result_is_serial(result) || (view->no_copies && result_is_copies(result)))
    return false;
  if (!view->workload) {
    const struct workload_result *of =
        analysis_workload_of(view->analysis, result);
    return !of || analysis_is_largest(view->analysis, of);
  }
  return view->all_sizes
             ? strcmp(result->workload, view->workload->workload) == 0
             : result_is_of(result, view->workload);
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

struct chart_point view_point(const struct view *view,
                              const struct result *result) {
  /* The colour is the variant's; others take numbers by their place. */
  size_t index = variant_index(view->analysis, result->requested);
  return (struct chart_point){
      .label = result->label,
      .style = report_style(result->requested, index % 6),
      .x = (double)(view->all_sizes ? result->size : result->workers),
      .value = scope_speedup(view->scope, result),
      .raw = scope_ratios(view->scope, result),
      .flagged = report_hollow(result),
  };
}

/* Whether it shows any copies, or anything besides. */
static bool shows(const struct view *view, bool copies) {
  for (size_t i = 0; i < view->analysis->result_count; i++) {
    const struct result *r = &view->analysis->results[i];
    if (view_has(view, r) && result_is_copies(r) == copies)
      return true;
  }
  return false;
}

bool view_has_law(const struct view *view) {
  return scope_table[view->scope].law && shows(view, false) &&
         (!is_program(view) ||
          isfinite(view->workload->serial_fraction.median));
}

bool view_law_is_bound(const struct view *view) {
  return is_program(view) && view_has_law(view);
}

const char *view_subject(const struct view *view) {
  return shows(view, true) && !shows(view, false) ? "Throughput" : "Speedup";
}

const char *view_axis(const struct view *view, int64_t workers,
                      char text[static VIEW_AXIS]) {
  bool any = shows(view, true), others = shows(view, false);
  struct text label = text_begin(text, VIEW_AXIS);
  text_add(&label, "%s", any && !others ? "throughput" : "speedup");
  if (workers > 0)
    text_add(&label, " on %" PRId64 " worker%s", workers,
             workers == 1 ? "" : "s");
  if (any && others)
    text_add(&label, "; of copies, throughput");
  return text;
}

int view_notes(FILE *out, const struct view *view, int64_t workers,
               struct problem *problem) {
  const struct analysis *a = view->analysis;
  bool *drawn = calloc(a->result_count + 1, sizeof *drawn);
  if (!drawn)
    return problem_failure(problem, "out of memory");
  for (size_t i = 0; i < a->result_count; i++)
    drawn[i] = view_has(view, &a->results[i]) &&
               (workers == 0 || a->results[i].workers == workers);
  const struct flagged_points points = {
      .analysis = a,
      .drawn = drawn,
      .with_workload = !view->workload,
      .by_size = view->all_sizes,
      .broken = workers == 0,
  };
  chart_flag_notes(out, &points);
  free(drawn);
  if (a->run.left_out)
    chart_elsewhere(out, "left out, to stay within the budget: %s",
                    a->run.left_out);
  if (a->run.warnings)
    chart_text(out, "elsewhere", a->run.warnings);
  return PROBLEM_NONE;
}

/* What many worker counts show together, on a chart of one workload. */
#include "bench/report/scopes.h"
#include "bench/report/view.h"
#include "bench/report/what_if.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* A number of workers that people ask for. */
static const double hundred = 100;

static void draw_bound(FILE *out, const struct view *view, enum what_if what,
                       const struct result *most) {
  for (size_t i = 0; i < view->analysis->result_count; i++) {
    const struct result *r = &view->analysis->results[i];
    if (result_is_of(r, view->workload) && r->workers <= most->workers &&
        strcmp(r->requested, most->requested) == 0)
      chart_thin_point(out, what_if_table[what].label, (double)r->workers,
                       what_if_bound(r, view->scope, what).median);
  }
}

static void note_bound(FILE *out, const struct view *view, enum what_if what,
                       const struct result *most) {
  char ratio[NUMBER_LENGTH];
  number_ratio_interval(what_if_bound(most, view->scope, what), ratio);
  chart_note(out, "%s: %s at most %s on %" PRId64 " worker%s, %s",
             what_if_table[what].label, most->requested, ratio, most->workers,
             most->workers == 1 ? "" : "s", what_if_table[what].words);
}

static const struct result *most_of(const struct view *view) {
  return analysis_leader(view->analysis, view->workload,
                         analysis_most_workers(view->analysis, view->workload));
}

void report_chart_bounds(FILE *out, const struct view *view, bool drawn) {
  const struct result *most = most_of(view);
  for (int w = 0; most && w < WHAT_IFS; w++) {
    if (!what_if_matters(most, view->scope, (enum what_if)w))
      continue;
    if (drawn)
      draw_bound(out, view, (enum what_if)w, most);
    note_bound(out, view, (enum what_if)w, most);
  }
}

/* Half of the ideal. */
static void draw_half(FILE *out, int64_t workers) {
  enum { STEPS = 60 };
  for (int i = 0; i <= STEPS; i++) {
    double p = pow((double)workers, i / (double)STEPS);
    chart_thin_point(out, "50% efficiency", p, p / 2);
  }
}

static void write_enough(FILE *out, const struct model_result *model,
                         int64_t most) {
  bool best = model->enough_workers == model->best_workers;
  if (model->enough_workers == FIELD_NULL || model->enough_workers == most)
    return;
  chart_place(out, "place", (double)model->enough_workers,
              best ? "best" : "enough");
}

void report_chart_advice(FILE *out, const struct view *view) {
  char words[REPORT_LINE];
  const struct analysis *analysis = view->analysis;
  const struct result *most = most_of(view);
  if (!report_advice_words(analysis, view->workload, view->scope, words))
    return;
  const struct model_result *model =
      analysis_model(analysis, view->workload, most->requested,
                     scope_table[view->scope].shows);
  chart_note(out, "%s: %s", most->requested, words);
  write_enough(out, model, most->workers);
  if (model->half_from != FIELD_NULL)
    draw_half(out, most->workers);
}

double report_chart_law(FILE *out, const struct view *view, double most,
                        bool logarithmic) {
  char text[REPORT_LINE], ratio[NUMBER_LENGTH];
  double law = report_law_at_hundred(view->analysis, view->workload);
  bool further = isfinite(law) && most < hundred;
  text_print(text, sizeof text, "%s", view_law_words(view));
  if (further)
    text_print(text, sizeof text, "%s: %s on %.0f", view_law_words(view),
               number_ratio(law, ratio), hundred);
  chart_text(out, "law", text);
  if (!further || !logarithmic)
    return most;
  text_print(text, sizeof text, "%.0f", hundred);
  chart_text(out, "until", text);
  return hundred;
}

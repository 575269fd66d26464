/* view.h: what the charts of a workload show of it, and how. */
#ifndef CORESWEEP_VIEW_H
#define CORESWEEP_VIEW_H

#include "bench/report/chart_file.h"

struct view {
  const struct analysis *analysis;
  const struct workload_result *workload; /* NULL: all, at their largest size */
  enum scope scope;
  bool all_sizes; /* of the workload */
  bool no_copies; /* where speedups alone are compared */
};

/* What the law's curve is called in charts: of kernels; of a program that was
 * observed, a bound. */
extern const char view_law_label[];
const char *view_law_words(const struct view *view);

/* Whether the result is one of the view's, and not of the baseline. */
bool view_has(const struct view *view, const struct result *result);

/* A result's speedup as a point; in the look that its variant has in every
 * chart. */
struct chart_point view_point(const struct view *view,
                              const struct result *result);

/* Whether Amdahl's law is about anything that the view shows: about programs,
 * and not about copies. */
bool view_has_law(const struct view *view);

/* Whether it is a bound alone, as of somebody else's program. */
bool view_law_is_bound(const struct view *view);

/* An axis' label: "speedup on 2 workers" (0: of any), and of copies what theirs
 * is. */
enum { VIEW_AXIS = 80 };
const char *view_axis(const struct view *view, int64_t workers,
                      char text[static VIEW_AXIS]);

/* As a subtitle begins: "Speedup", or "Throughput" where all are copies. */
const char *view_subject(const struct view *view);

/* Under the chart: the flags of what it draws at so many workers (0: at any),
 * and what spoils the run.  0, or the problem. */
int view_notes(FILE *out, const struct view *view, int64_t workers,
               struct problem *problem);

/* On a chart of lines: how many workers of the variant that stands for the
 * workload are enough, and where it falls under half of the ideal. */
void report_chart_advice(FILE *out, const struct view *view);

/* What that variant could reach at most at the most workers, where it is much
 * more; in words, and drawn on a chart of lines. */
void report_chart_bounds(FILE *out, const struct view *view, bool drawn);

/* The law's label; up to how many workers its curve is drawn: the most that
 * were measured, or a hundred where the axes have room for them. */
double report_chart_law(FILE *out, const struct view *view, double most,
                        bool logarithmic);

/* The chart over the sizes of the view's workload (see all_sizes), and whether
 * there is anything to draw in it. */
bool report_has_size_chart(const struct view *view);
int report_size_chart(const struct view *view, struct charts *charts,
                      struct problem *problem);

/* The chart of where the cores' time went in the view's workload, and whether
 * that is told of any of its points. */
bool report_has_losses(const struct view *view);
int report_losses_chart(const struct view *view, struct charts *charts,
                        struct problem *problem);

/* The chart of how far the programs of all workloads are from their
 * predictions, where each is judged, and whether any was predicted. */
bool report_has_residuals(const struct analysis *analysis);
int report_residual_chart(const struct analysis *analysis,
                          struct charts *charts, struct problem *problem);

#endif

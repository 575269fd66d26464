#include "bench/commands/widest.h"

#include "bench/analyze/analysis.h"
#include "bench/analyze/verdict.h"
#include "bench/plan/plan.h"
#include "bench/plan/text.h"
#include "bench/report/programs.h"
#include "bench/report/report.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* INFINITY where there are too few rounds, or too many of them failed.  Only
 * the width is looked at, never where the interval lies. */
static double half_width(const struct interval *interval) {
  double width = (interval->high - interval->low) / 2 / interval->median;
  return isfinite(width) ? width : (double)INFINITY;
}

/* The program with the most workers, of which its answer is. */
static const struct result *most(const struct analysis *analysis,
                                 const struct workload_result *workload) {
  const struct result *found = NULL;
  for (size_t i = 0; i < analysis->result_count; i++) {
    const struct result *r = &analysis->results[i];
    bool counts =
        result_is_of(r, workload) && strcmp(r->requested, record_program) == 0;
    /* One that shares CPUs only where there is none that does not. */
    bool better =
        counts &&
        (!found || (found->oversubscribed == 1 && r->oversubscribed != 1));
    bool worse =
        counts && found && found->oversubscribed != 1 && r->oversubscribed == 1;
    if (better || (counts && !worse && r->workers > found->workers))
      found = r;
  }
  return found;
}

static const struct result *find(const struct analysis *analysis,
                                 const struct point *point) {
  char requested[NOTATION_LENGTH];
  notation_format_variant(&point->variant, requested);
  for (size_t i = 0; i < analysis->result_count; i++) {
    const struct result *r = &analysis->results[i];
    if (r->workers == point->workers && strcmp(r->requested, requested) == 0 &&
        strcmp(r->workload, point->workload->name) == 0 &&
        r->size == (int64_t)point->size)
      return r;
  }
  return NULL;
}

/* The cold program's; first: what decides how many trials it gets. */
static double program_half_width(const struct analysis *analysis,
                                 const struct result *r, bool first) {
  double width = half_width(&r->program_speedup);
  bool judged = r == verdict_point(analysis, analysis_workload_of(analysis, r));
  return first && judged ? fmax(width, verdict_half_width(&r->program_ratios))
                         : width;
}

static double look_at(const struct analysis *analysis,
                      const struct point *point, bool first) {
  bool of_programs = report_is_of_programs(analysis);
  bool cold = point->iterations == 0 && !point->beside; /* no region counts */
  const struct result *r = find(analysis, point);
  if (point_is_serial(point) || plan_is_apart(point))
    return 0;
  if (of_programs) {
    const struct workload_result *workload =
        r ? analysis_workload_of(analysis, r) : NULL;
    return !workload                       ? (double)INFINITY
           : r == most(analysis, workload) ? half_width(&r->program_speedup)
                                           : 0;
  }
  if (!r)
    return strcmp(point->phase, "round") == 0 ? (double)INFINITY : 0;
  if (r->oversubscribed == 1)
    return 0;
  return cold ? program_half_width(analysis, r, first)
              : half_width(&r->speedup_abs);
}

static int look(const struct records *records, const struct point *points,
                size_t count, bool first, double *half_widths,
                struct problem *problem) {
  struct analysis analysis = {0};
  int status = analysis_make(records, NULL, NULL, NULL, &analysis, problem);
  for (size_t i = 0; !status && i < count; i++)
    half_widths[i] = look_at(&analysis, &points[i], first);
  analysis_free(&analysis);
  return status;
}

int widest_look(void *context, const struct records *records,
                const struct point *points, size_t count, double *half_widths,
                struct problem *problem) {
  (void)context;
  return look(records, points, count, false, half_widths, problem);
}

int widest_look_first(void *context, const struct records *records,
                      const struct point *points, size_t count,
                      double *half_widths, struct problem *problem) {
  (void)context;
  return look(records, points, count, true, half_widths, problem);
}

double widest_read_target(const char *text, struct argp_state *state) {
  char *end;
  double value = strtod(text, &end);
  if (strcmp(end, "%") == 0)
    value /= 100;
  if (end == text || (*end && strcmp(end, "%") != 0) ||
      !(value > 0 && value < 1))
    options_refuse(state, "--target-width %s: want a share, as in 5%% or 0.05",
                   text);
  return value;
}

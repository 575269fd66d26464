#include "bench/commands/widest.h"

#include "bench/analyze/analysis.h"
#include "bench/plan/text.h"
#include "bench/report/programs.h"
#include "bench/report/report.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* INFINITY where there are too few rounds, or too many of them failed. */
static double relative_width(const struct interval *interval) {
  double width = (interval->high - interval->low) / interval->median;
  return isfinite(width) ? width : (double)INFINITY;
}

/* Of a point, only the width is looked at, never where its interval lies. */
static void look_at(const struct analysis *analysis, const struct result *r,
                    const struct interval *interval, struct width *width) {
  char name[REPORT_NAME];
  double found = relative_width(interval);
  if (found <= width->width)
    return;
  width->width = found;
  text_print(width->whose, sizeof width->whose, "%s, %s, %" PRId64 " worker%s",
             report_name(analysis_workload_of(analysis, r), name), r->requested,
             r->workers, r->workers == 1 ? "" : "s");
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

int widest_find(void *context, const struct records *records,
                struct width *width, struct problem *problem) {
  struct analysis analysis = {0};
  (void)context;
  *width = (struct width){.width = (double)NAN};
  int status = analysis_make(records, NULL, NULL, NULL, &analysis, problem);
  if (!status && report_is_of_programs(&analysis)) {
    for (size_t s = 0; s < analysis.workload_count; s++) {
      const struct result *r = most(&analysis, &analysis.workloads[s]);
      if (r)
        look_at(&analysis, r, &r->program_speedup, width);
    }
  } else {
    for (size_t i = 0; !status && i < analysis.result_count; i++)
      if (analysis.results[i].oversubscribed != 1)
        look_at(&analysis, &analysis.results[i],
                &analysis.results[i].speedup_abs, width);
  }
  analysis_free(&analysis);
  return status;
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

/* The data of a workload's chart of one region: a lane for each worker, of the
 * trial of each variant whose region took the median time, at the most
 * workers. */
#include "bench/report/numbers.h"
#include "bench/report/view.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* More lanes would be thinner than they can be seen. */
enum { MOST_LANES = 256 };

static bool is_sample(const struct record *r, const struct result *of) {
  size_t workers = (size_t)of->workers;
  const char *requested = r->requested ? r->requested : r->variant;
  return r->phase && strcmp(r->phase, "round") == 0 && r->status &&
         strcmp(r->status, "ok") == 0 && r->workers == of->workers &&
         r->size == of->size && strcmp(r->workload, of->workload) == 0 &&
         strcmp(requested, of->requested) == 0 &&
         r->worker_begin_s.count == workers &&
         r->worker_end_s.count == workers && r->worker_busy_s.count == workers;
}

/* How many of the result's trials had a shorter region than the i-th record, or
 * as long a one before it; all of them in *count. */
static size_t rank_of(const struct records *records, size_t i,
                      const struct result *of, size_t *count) {
  size_t rank = 0;
  *count = 0;
  for (size_t k = 0; k < records->count; k++) {
    if (!is_sample(&records->list[k], of))
      continue;
    double more_s = records->list[k].region_s - records->list[i].region_s;
    rank += more_s < 0 || (more_s == 0 && k < i);
    ++*count;
  }
  return rank;
}

/* Of the result's trials the one whose region took the lower median time; NULL:
 * none has stamps. */
static const struct record *median_record(const struct records *records,
                                          const struct result *of) {
  for (size_t i = 0; i < records->count; i++) {
    if (!is_sample(&records->list[i], of))
      continue;
    size_t count = 0, rank = rank_of(records, i, of, &count);
    if (rank == (count - 1) / 2)
      return &records->list[i];
  }
  return NULL;
}

static void write_lanes(FILE *out, const struct result *of,
                        const struct record *r) {
  char number[4][NUMBER_LENGTH];
  for (int64_t w = 0; w < r->workers; w++) {
    fputs("lane\t", out);
    chart_words(out, of->label);
    fprintf(out, "\t%" PRId64 "\t%s\t%s\t%s\t%s\n", w,
            chart_number(r->worker_begin_s.values[w], number[0]),
            chart_number(r->worker_end_s.values[w], number[1]),
            chart_number(r->worker_busy_s.values[w], number[2]),
            chart_number(r->region_s, number[3]));
  }
}

/* Lanes whose ends lie closer together, as a share of the region, are not told
 * apart by the eye. */
static const double visible = 0.01;

/* Who was last, and how long after the others, in the mean; or that all ended
 * at once. */
static void write_title(FILE *out, const struct workload_result *workload,
                        const struct result *of, const struct record *r) {
  char late[NUMBER_LENGTH], name[REPORT_NAME];
  const double *end = r->worker_end_s.values;
  int64_t last = 0, first = 0;
  double sum_s = 0;
  for (int64_t w = 0; w < r->workers; w++) {
    sum_s += end[w];
    last = end[w] > end[last] ? w : last;
    first = end[w] < end[first] ? w : first;
  }
  double others_s = (sum_s - end[last]) / (double)(r->workers - 1);
  char title[REPORT_LINE];
  if (end[last] - end[first] < visible * r->region_s)
    text_print(title, sizeof title,
               "One region of %s, %s: its %" PRId64
               " workers end together, within %.0f%% of its time",
               report_name(workload, name), of->label, r->workers,
               100 * visible);
  else
    text_print(title, sizeof title,
               "One region of %s, %s: worker %" PRId64 " of %" PRId64
               " ends %s after the mean of the others",
               report_name(workload, name), of->label, last, r->workers,
               number_time(end[last] - others_s, late));
  chart_text(out, "title", title);
}

static bool is_shown(const struct view *view, const struct result *r) {
  return view_has(view, r) && r->workers > 1 &&
         r->workers == analysis_most_workers(view->analysis, view->workload);
}

static int write_chart(const struct view *view, const struct records *records,
                       struct charts *charts, struct problem *problem) {
  const struct chart about = {.workload = view->workload->workload,
                              .shows = "region-lanes",
                              .script = "gantt.gp"};
  char text[REPORT_LINE];
  int64_t lanes = 0, left_out = 0;
  FILE *out = NULL;
  for (size_t i = 0; i < view->analysis->result_count; i++) {
    const struct result *r = &view->analysis->results[i];
    const struct record *median =
        is_shown(view, r) ? median_record(records, r) : NULL;
    if (!median)
      continue;
    if (!out) {
      out = chart_open(charts, &about, problem);
      if (!out)
        return PROBLEM_FAILURE;
      write_title(out, view->workload, r, median);
    }
    lanes += r->workers;
    if (lanes > MOST_LANES && lanes > r->workers) {
      left_out++;
      continue;
    }
    write_lanes(out, r, median);
  }
  if (!out)
    return PROBLEM_NONE;
  chart_text(out, "subtitle",
             "The trial whose region took the median time.  Thin: until the "
             "first chunk; blue: from there to the end of the last one, as "
             "high as its share inside chunks; hatched: until the region ends");
  if (left_out)
    chart_note(out, "%" PRId64 " more variant%s would be too many lanes",
               left_out, left_out == 1 ? "" : "s");
  report_foot(view->analysis, view->workload, text);
  chart_text(out, "foot", text);
  return chart_close(charts, out, PROBLEM_NONE, problem);
}

int report_gantt_data(const struct analysis *analysis,
                      const struct records *records, struct charts *charts,
                      struct problem *problem) {
  int status = PROBLEM_NONE;
  for (size_t s = 0; !status && s < analysis->workload_count; s++) {
    const struct view view = {analysis, &analysis->workloads[s], SCOPE_REGION,
                              false, true};
    if (analysis_is_largest(analysis, view.workload))
      status = write_chart(&view, records, charts, problem);
  }
  return status;
}

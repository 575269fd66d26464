/* The data of the roofline chart: operations per byte against operations per
 * second, under the roofs that meters showed. */
#include "bench/analyze/roofline.h"
#include "bench/plan/meters.h"
#include "bench/report/chart_file.h"
#include "bench/report/numbers.h"

#include <inttypes.h>
#include <string.h>

/* Room of a note's list of points; instead of a longer one, how many. */
enum { PLACES_TEXT = 121 };

/* Above it a share counts as near the roof, in the title. */
static const double near_share = 0.8;

/* The most workers of any workload that has a roofline. */
static int64_t most_workers(const struct analysis *analysis) {
  int64_t most = 1;
  for (size_t i = 0; i < analysis->result_count; i++)
    if (isfinite(analysis->results[i].roofline_share.median) &&
        analysis->results[i].workers > most)
      most = analysis->results[i].workers;
  return most;
}

/* serial, and the first variant at the most workers. */
static bool drawn(const struct analysis *analysis, const struct result *r,
                  int64_t most) {
  if (!isfinite(r->roofline_share.median))
    return false;
  if (result_is_serial(r))
    return true;
  return most > 1 && r->workers == most &&
         r ==
             analysis_leader(analysis, analysis_workload_of(analysis, r), most);
}

/* "copy 64 MiB" for the memory meter of a result; "" for none. */
static void roof_name(const struct result *r, char text[static REPORT_LINE]) {
  struct workload workload; /* large: the one, then the other */
  struct problem ignored;
  struct meter meter;
  *text = '\0';
  if (workload_parse(r->workload, &workload, &ignored) != 0)
    return;
  struct kernel_shape shape = workload_shape(&workload);
  if (!meter_memory(&shape, (double)r->size / (double)r->workers, &meter) ||
      workload_parse(meter.workload, &workload, &ignored) != 0)
    return;
  const char *op = strchr(meter.workload, '=') + 1;
  struct kernel_shape line = workload_shape(&workload);
  double bytes =
      (double)meter.items * (line.input_bytes + (double)line.output_bytes);
  bool small = bytes < 1048576;
  text_print(text, REPORT_LINE, "%.*s %.3g %s", (int)strcspn(op, ","), op,
             bytes / (small ? 1024 : 1048576), small ? "KiB" : "MiB");
}

/* Whether an earlier result has the same roof already. */
static bool repeated(const struct analysis *analysis, size_t i, int64_t most) {
  const struct result *r = &analysis->results[i];
  for (size_t k = 0; k < i; k++) {
    const struct result *other = &analysis->results[k];
    if (drawn(analysis, other, most) && other->workers == r->workers &&
        other->roofline_bytes_per_s.median == r->roofline_bytes_per_s.median)
      return true;
  }
  return false;
}

static void write_title(FILE *out, const struct analysis *analysis,
                        int64_t most) {
  char text[REPORT_LINE], rounds[REPORT_ROUNDS];
  size_t near = 0, all = 0;
  for (size_t i = 0; i < analysis->result_count; i++) {
    const struct result *r = &analysis->results[i];
    if (r->workers != most || !drawn(analysis, r, most))
      continue;
    all++;
    near += r->roofline_share.low > near_share;
  }
  text_print(text, sizeof text,
             "%zu of %zu kernels surely reach over %.0f%% of their roofline on "
             "%" PRId64 " worker%s",
             near, all, 100 * near_share, most, most == 1 ? "" : "s");
  chart_text(out, "title", text);
  text_print(text, sizeof text,
             "Operations per second of the warm region, and what meters of "
             "memory and vector additions allow; medians of %s, %s",
             report_rounds(analysis, rounds), report_intervals(analysis));
  chart_text(out, "subtitle", text);
  report_foot(analysis, NULL, text);
  chart_text(out, "foot", text);
  chart_text(out, "xlabel", "operations per byte moved");
  chart_text(out, "ylabel", "operations per second");
  chart_text(out, "note",
             "An operation counts as much as it takes of a vector: one on 64 "
             "bits is 1, on 16 bits a quarter.");
}

/* Whether a memory's roof is drawn for it: not the second time. */
static bool has_slope(const struct analysis *analysis, size_t i,
                      int64_t workers, int64_t most) {
  const struct result *r = &analysis->results[i];
  return r->workers == workers && drawn(analysis, r, most) &&
         isfinite(r->roofline_bytes_per_s.median) &&
         !repeated(analysis, i, most);
}

/* The roofs of so many workers, in the colour of what is drawn under them. */
static void write_roofs(FILE *out, const struct analysis *analysis,
                        int64_t workers, int64_t most) {
  char text[REPORT_LINE];
  bool flat = false;
  for (size_t i = 0; i < analysis->result_count; i++) {
    const struct result *r = &analysis->results[i];
    if (r->workers != workers || !drawn(analysis, r, most))
      continue;
    int style = report_style(r->requested, 0);
    if (!flat)
      fprintf(out, "flat\t%" PRId64 " worker%s\t%d\t%.6e\t-\t-\t-\n", workers,
              workers == 1 ? "" : "s", style,
              r->roofline_operations_per_s.median);
    flat = true;
    roof_name(r, text);
    if (has_slope(analysis, i, workers, most))
      fprintf(out, "slope\t%s\t%d\t%.6e\t-\t-\t-\n", text, style,
              r->roofline_bytes_per_s.median);
  }
}

/* The next slower roof than `below`; NULL: none. */
static const struct result *next_slope(const struct analysis *analysis,
                                       int64_t workers, int64_t most,
                                       double below) {
  const struct result *found = NULL;
  for (size_t i = 0; i < analysis->result_count; i++) {
    const struct result *r = &analysis->results[i];
    double roof = r->roofline_bytes_per_s.median;
    if (has_slope(analysis, i, workers, most) && roof < below &&
        (!found || roof > found->roofline_bytes_per_s.median))
      found = r;
  }
  return found;
}

/* "Memory's slopes with 2 workers, from left to right: copy 32 MiB each, 9.45
 * GB/s; ..." */
static void note_slopes(FILE *out, const struct analysis *analysis,
                        int64_t workers, int64_t most) {
  char text[REPORT_LINE], number[NUMBER_LENGTH];
  const struct result *r =
      next_slope(analysis, workers, most, (double)INFINITY);
  if (!r)
    return;
  fprintf(out,
          "# note: Memory's slopes with %" PRId64
          " worker%s, from left to right: ",
          workers, workers == 1 ? "" : "s");
  for (const char *separator = ""; r; separator = "; ") {
    double roof = r->roofline_bytes_per_s.median;
    roof_name(r, text);
    fprintf(out, "%s%s%s, %s", separator, text, workers == 1 ? "" : " each",
            number_rate(roof, "B", number));
    r = next_slope(analysis, workers, most, roof);
  }
  fputc('\n', out);
}

/* "Above its roof, ...: block on 1, block on 2", and the same of those that are
 * not told apart from it. */
static void note_places(FILE *out, const struct analysis *analysis,
                        int64_t most) {
  static const struct {
    enum roofline_place place;
    const char *words;
  } notes[] = {
      {ROOFLINE_ABOVE, "surely above the roof, so that the meter is none"},
      {ROOFLINE_AROUND, "not told apart from the roof"}};
  for (size_t k = 0; k < sizeof notes / sizeof *notes; k++) {
    char names[PLACES_TEXT], brief[TEXT_BRIEF];
    struct text named = TEXT_BEGIN(names);
    size_t placed = 0, all = 0;
    for (size_t i = 0; i < analysis->result_count; i++) {
      const struct result *r = &analysis->results[i];
      bool there = roofline_place(r) == notes[k].place;
      all += drawn(analysis, r, most);
      if (!drawn(analysis, r, most) || !there)
        continue;
      placed++;
      text_add(&named, "%s%s on %" PRId64, placed > 1 ? "; " : "",
               text_brief(r->workload, 60, brief), r->workers);
    }
    if (named.cut)
      text_print(names, sizeof names, "%zu of %zu points", placed, all);
    if (placed > 0)
      chart_note(out, "%s: %s", notes[k].words, names);
  }
}

static void write_point(FILE *out, const struct result *r) {
  const struct interval *rate = &r->operations_per_s;
  fputs(report_hollow(r) ? "hollow\t" : "point\t", out);
  chart_words(out, r->workload);
  fprintf(out, "\t%d\t", report_style(r->requested, 0));
  if (isfinite(r->operations_per_byte))
    fprintf(out, "%.6e\t%.6e\t", r->operations_per_byte, rate->median);
  else
    fprintf(out, "-\t%.6e\t", rate->median);
  if (isfinite(rate->low) && isfinite(rate->high))
    fprintf(out, "%.6e\t%.6e\n", rate->low, rate->high);
  else
    fputs("-\t-\n", out);
}

int report_roofline_chart(const struct analysis *analysis,
                          struct charts *charts, struct problem *problem) {
  static const struct chart about = {.shows = "roofline",
                                     .script = "roofline.gp"};
  int64_t most = most_workers(analysis);
  FILE *out = chart_open(charts, &about, problem);
  if (!out)
    return PROBLEM_FAILURE;
  write_title(out, analysis, most);
  note_slopes(out, analysis, 1, most);
  if (most > 1)
    note_slopes(out, analysis, most, most);
  write_roofs(out, analysis, 1, most);
  if (most > 1)
    write_roofs(out, analysis, most, most);
  for (size_t i = 0; i < analysis->result_count; i++)
    if (drawn(analysis, &analysis->results[i], most))
      write_point(out, &analysis->results[i]);
  note_places(out, analysis, most);
  return chart_close(charts, out, PROBLEM_NONE, problem);
}

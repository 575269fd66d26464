/* What the meters of the machine say of the kernels: shares of the roofline,
 * in a table and in words. */
#include "bench/analyze/roofline.h"
#include "bench/report/numbers.h"
#include "bench/report/report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Shown: serial, and the first variant at every worker count. */
static bool shown(const struct analysis *analysis, const struct result *r) {
  if (!isfinite(r->roofline_share.median))
    return false;
  return result_is_serial(r) ||
         r == report_leader(analysis, analysis_workload_of(analysis, r),
                            r->workers);
}

/* "81% (78%–83%)" */
static const char *share_text(struct interval share, char *text) {
  char low[NUMBER_LENGTH], high[NUMBER_LENGTH], median[NUMBER_LENGTH];
  number_percent(share.median, median);
  if (isfinite(share.low) && isfinite(share.high))
    text_print(text, TABLE_CELL, "%s (%s–%s)", median,
               number_percent(share.low, low),
               number_percent(share.high, high));
  else
    text_print(text, TABLE_CELL, "%s", median);
  return text;
}

static void fill_row(const struct result *r, struct table_row *row) {
  char number[NUMBER_LENGTH];
  bool memory = strcmp(r->roofline_bound, "memory") == 0;
  char brief[TEXT_BRIEF];
  row->workload = r->workload;
  text_print(row->cells[0], TABLE_CELL, "%s",
             text_brief(r->workload, 60, brief));
  text_print(row->cells[1], TABLE_CELL, "%.60s", r->variant);
  text_print(row->cells[2], TABLE_CELL, "%" PRId64, r->workers);
  text_print(
      row->cells[3], TABLE_CELL, "%s",
      memory ? number_rate(r->operations_per_s.median / r->operations_per_byte,
                           "B", number)
             : number_rate(r->operations_per_s.median, "op", number));
  share_text(r->roofline_share, row->cells[4]);
  text_print(
      row->cells[5], TABLE_CELL, "%s",
      memory ? number_rate(r->roofline_bytes_per_s.median, "B", number)
             : number_rate(r->roofline_operations_per_s.median, "op", number));
  text_print(row->cells[6], TABLE_CELL, "%s", r->roofline_bound);
}

bool report_has_roofline(const struct analysis *analysis) {
  for (size_t i = 0; i < analysis->result_count; i++)
    if (shown(analysis, &analysis->results[i]))
      return true;
  return false;
}

void report_roofline(const struct analysis *analysis, FILE *out) {
  struct table_row *rows = calloc(analysis->result_count + 1, sizeof *rows);
  size_t count = 1;
  if (!rows)
    return;
  rows[0] =
      (struct table_row){.cells = {"kernel", "variant", "workers", "reached",
                                   "share of the roofline", "roof", "of"}};
  for (size_t i = 0; i < analysis->result_count; i++)
    if (shown(analysis, &analysis->results[i]))
      fill_row(&analysis->results[i], &rows[count++]);
  if (count > 1) {
    fputc('\n', out);
    table_print(rows, count, out);
    fputs("Roof: what meters of memory (the nearest mix of reads and writes, "
          "the same working\nset) and of vector additions reached beside the "
          "kernels, at as many workers; the\nshare is paired by round.  op: a "
          "64-bit operation's part of a vector.\n",
          out);
  }
  free(rows);
}

/* ---- sentences --------------------------------------------------------- */

static void say_memory(const struct analysis *analysis, FILE *out) {
  char share[TABLE_CELL];
  for (size_t s = 0; s < analysis->workload_count; s++) {
    const struct workload_result *workload = &analysis->workloads[s];
    int64_t most = analysis_most_workers(analysis, workload);
    const struct result *r = report_leader(analysis, workload, most);
    if (r && roofline_is_memory(r))
      fprintf(out,
              "%s: memory is the limit with %" PRId64
              " worker%s: %s moves %s of what the meter does.\n",
              workload->workload, most, most == 1 ? "" : "s", r->requested,
              share_text(r->roofline_share, share));
  }
}

static void say_textbook(const struct analysis *analysis, FILE *out) {
  char ratio[NUMBER_LENGTH];
  for (size_t i = 0; i < analysis->result_count; i++) {
    const struct result *r = &analysis->results[i];
    if (!isfinite(r->blocks_over_textbook.median))
      continue;
    fprintf(out,
            "%s: on %" PRId64 " worker%s the region in blocks takes %s the "
            "time of the plain directive.\n",
            r->workload, r->workers, r->workers == 1 ? "" : "s",
            number_ratio_interval(r->blocks_over_textbook, ratio));
  }
}

/* Three significant digits, where number_plain has none to leave out. */
static double rounded(double x) {
  double unit = x > 1000 ? pow(10, floor(log10(x)) - 2) : 0;
  return unit > 0 ? round(x / unit) * unit : x;
}

/* "612 (580–640)" */
static const char *plain_interval(struct interval x, char *text) {
  char median[NUMBER_LENGTH], low[NUMBER_LENGTH], high[NUMBER_LENGTH];
  number_plain(rounded(x.median), median);
  if (isfinite(x.low) && isfinite(x.high))
    text_print(text, TABLE_CELL, "%s (%s–%s)", median,
               number_plain(rounded(x.low), low),
               number_plain(rounded(x.high), high));
  else
    text_print(text, TABLE_CELL, "%s", median);
  return text;
}

static void say_algorithms(const struct analysis *analysis, FILE *out) {
  char cores[TABLE_CELL];
  for (size_t s = 0; s < analysis->workload_count; s++) {
    const struct workload_result *better = &analysis->workloads[s];
    if (!better->slower_method || !(better->method_gain.low > 1))
      continue; /* not shown to be better */
    fprintf(out,
            "One better algorithm: %s on one core is worth %s cores of %s, if "
            "those gained all that they could.\n",
            better->workload, plain_interval(better->method_gain, cores),
            better->slower_method);
  }
}

void report_comparisons(const struct analysis *analysis, FILE *out) {
  say_memory(analysis, out);
  say_algorithms(analysis, out);
  say_textbook(analysis, out);
}

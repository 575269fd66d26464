/* What the meters of the machine say of the kernels: shares of the roofline,
 * in a table and in words. */
#include "bench/analyze/roofline.h"
#include "bench/analyze/flags.h"
#include "bench/report/numbers.h"
#include "bench/report/report.h"
#include "bench/report/run_page.h"
#include "bench/report/wrap.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Shown: serial, and the first variant at every worker count. */
static bool shown(const struct analysis *analysis, const struct result *r) {
  if (!isfinite(r->roofline_share.median))
    return false;
  return result_is_serial(r) ||
         r == analysis_leader(analysis, analysis_workload_of(analysis, r),
                              r->workers);
}

/* Beside a share, and what it means. */
static const struct {
  const char *mark, *meaning;
} places[] = {
    [ROOFLINE_BELOW] = {"", NULL},
    [ROOFLINE_AROUND] = {" ^", "the interval reaches past 100%: not told apart "
                               "from the roof"},
    [ROOFLINE_ABOVE] = {" ^^", "all of the interval is past 100%: the meter is "
                               "no roof for that kernel"},
};

/* "81.0% (78.2–83.1%) ^" */
static const char *share_text(const struct result *r, char *text) {
  char share[NUMBER_LENGTH];
  text_print(text, TABLE_CELL, "%s%s",
             number_percent_interval(r->roofline_share, share),
             places[roofline_place(r)].mark);
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
  share_text(r, row->cells[4]);
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

/* What the marks mean, and of how many shares they are. */
static void explain_places(const struct analysis *analysis, FILE *out) {
  size_t count[sizeof places / sizeof *places] = {0}, all = 0;
  for (size_t i = 0; i < analysis->result_count; i++) {
    const struct result *r = &analysis->results[i];
    all += shown(analysis, r);
    count[roofline_place(r)] += shown(analysis, r);
  }
  for (size_t k = 0; k < sizeof places / sizeof *places; k++)
    if (places[k].meaning && count[k] > 0)
      fprintf(out, "%s  %s (%zu of %zu)\n", places[k].mark + 1,
              places[k].meaning, count[k], all);
}

/* The head and the rows; owned; NULL: no memory. */
static struct table_row *make_rows(const struct analysis *analysis,
                                   size_t *count) {
  struct table_row *rows = calloc(analysis->result_count + 1, sizeof *rows);
  *count = 1;
  if (!rows)
    return NULL;
  rows[0] =
      (struct table_row){.cells = {"kernel", "variant", "workers", "reached",
                                   "share of the roofline", "roof", "of"}};
  for (size_t i = 0; i < analysis->result_count; i++)
    if (shown(analysis, &analysis->results[i]))
      fill_row(&analysis->results[i], &rows[(*count)++]);
  return rows;
}

static void explain(const struct analysis *analysis, FILE *out) {
  wrap_format(out, 0, 0,
              "Roof: what meters of memory (the nearest mix of reads and "
              "writes, the same working set) and of vector additions reached "
              "beside the kernels, at as many workers; the share is paired "
              "by round. op: a 64-bit operation's part of a vector.");
  explain_places(analysis, out);
}

void report_roofline(const struct analysis *analysis, FILE *out) {
  size_t count;
  struct table_row *rows = make_rows(analysis, &count);
  if (rows && count > 1) {
    fputc('\n', out);
    table_print(rows, count, out);
    explain(analysis, out);
  }
  free(rows);
}

void run_page_roofline(struct page *page, const struct analysis *analysis) {
  size_t count;
  struct table_row *rows = make_rows(analysis, &count);
  char *words = run_page_text(explain, analysis);
  const char *names[TABLE_COLUMNS];
  for (size_t k = 0; rows && k < TABLE_COLUMNS; k++)
    names[k] = rows[0].cells[k];
  if (rows)
    page_table(page, "Rooflines", true, names, TABLE_COLUMNS);
  for (size_t i = 1; rows && i < count; i++) {
    fputs("<tr>", page->out);
    page_element(page, "th scope=\"row\"", rows[i].cells[0]);
    for (size_t k = 1; k < TABLE_COLUMNS; k++)
      page_cell(page, names[k], NULL, rows[i].cells[k]);
    fputs("</tr>\n", page->out);
  }
  if (rows)
    page_table_end(page);
  page_element(page, "p class=\"facts\"", words ? words : "");
  free(words);
  free(rows);
}

/* ---- sentences --------------------------------------------------------- */

static void say_limit(const struct analysis *analysis, FILE *out) {
  char share[NUMBER_LENGTH];
  for (size_t s = 0; s < analysis->workload_count; s++) {
    const struct workload_result *workload = &analysis->workloads[s];
    int64_t most = analysis_most_workers(analysis, workload);
    const struct result *r = analysis_leader(analysis, workload, most);
    if (r && r->roofline_limit && !flags_spoilt(r))
      fprintf(out,
              "%s: %s is the limit with %" PRId64
              " worker%s: %s moves %s of what the meter does.\n",
              workload->workload, r->roofline_limit, most, most == 1 ? "" : "s",
              r->requested, number_percent_interval(r->roofline_share, share));
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
  say_limit(analysis, out);
  say_algorithms(analysis, out);
  say_textbook(analysis, out);
}

#include "bench/report/region_table.h"

#include "bench/analyze/flags.h"
#include "bench/plan/output.h"
#include "bench/plan/text.h"
#include "bench/report/columns.h"
#include "bench/report/numbers.h"
#include "bench/report/report.h"
#include "bench/report/run_page.h"
#include "bench/report/wrap.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The region names a row. */
enum { COLUMNS = 8, KEYS = 1, CELL = 200, NAME = 40 };

struct row {
  char cells[COLUMNS][CELL];
};

static double known(double share) {
  return isnan(share) ? 0 : share;
}

/* Of its workers' time: until all had begun, for chunks, for locks, for tasks,
 * and for the end. */
static double waiting(const struct breakdown *b) {
  static const enum term terms[] = {TERM_START, TERM_DISPATCH, TERM_LOCKED,
                                    TERM_TASKS, TERM_JOIN};
  double sum = 0;
  for (size_t i = 0; i < sizeof terms / sizeof *terms; i++)
    sum += known(b->share[terms[i]].median);
  return sum;
}

/* A little under nothing is noise: who had less to wait for than with one. */
static const char *percent(double share, char text[static NUMBER_LENGTH]) {
  return share < 0 && share > -flags_noticed() ? "0%"
                                               : number_percent(share, text);
}

static void fill_row(const struct inside_region *region, bool several,
                     struct row *row) {
  char number[NUMBER_LENGTH], brief[TEXT_BRIEF];
  const struct breakdown *b = &region->breakdown;
  snprintf(row->cells[0], CELL, "%.40s%s%s", several ? region->workload : "",
           several ? ": " : "", text_brief(region->region, NAME, brief));
  snprintf(row->cells[1], CELL, "%" PRId64, region->workers);
  snprintf(row->cells[2], CELL, "%s",
           number_count((uint64_t)fmax(0, region->calls), number));
  snprintf(row->cells[3], CELL, "%s",
           number_time(region->wall_s.median, number));
  snprintf(row->cells[4], CELL, "%s",
           number_percent(region->share.median, number));
  snprintf(row->cells[5], CELL, "%s",
           percent(known(b->share[TERM_IMBALANCE].median) +
                       known(b->share[TERM_FEW].median),
                   number));
  snprintf(row->cells[6], CELL, "%s", percent(waiting(b), number));
  snprintf(row->cells[7], CELL, "%s",
           number_ratio_interval(region->if_balanced, number));
}

/* Whether it is of its workload's point with the most workers. */
static bool is_shown(const struct analysis *analysis,
                     const struct inside_region *region) {
  for (size_t s = 0; s < analysis->workload_count; s++) {
    const struct workload_result *workload = &analysis->workloads[s];
    if (strcmp(workload->workload, region->workload) == 0 &&
        region->workers == analysis_most_workers(analysis, workload))
      return true;
  }
  return false;
}

/* Those of one workload, or (NULL) of all, below a head; *count rows, the head
 * one of them.  Owned; NULL: no memory. */
static struct row *make_rows(const struct analysis *analysis,
                             const struct workload_result *of, size_t *count) {
  struct row *rows = calloc(analysis->region_count + 1, sizeof *rows);
  *count = 0;
  if (!rows)
    return NULL;
  rows[(*count)++] =
      (struct row){{"parallel region", "workers", "calls", "time", "of all",
                    "idle", "waiting", "balanced"}};
  for (size_t i = 0; i < analysis->region_count; i++)
    if (is_shown(analysis, &analysis->regions[i]) &&
        (!of || strcmp(of->workload, analysis->regions[i].workload) == 0))
      fill_row(&analysis->regions[i], !of && analysis->workload_count > 1,
               &rows[(*count)++]);
  return rows;
}

static const char meaning[] =
    "Parallel regions in observed runs, a run's calls together. Time: from "
    "fork to join; of all: of the program's time; idle: of the region's "
    "workers' time, behind the last one or with nothing to do; waiting: to "
    "start, for chunks, locks, tasks, and to join; balanced: the program's "
    "speedup at most, were the region's workers done at once.";

void region_table(const struct analysis *analysis, FILE *out) {
  size_t count;
  struct row *rows = make_rows(analysis, NULL, &count);
  const char **texts = calloc((count + 1) * COLUMNS, sizeof *texts);
  const struct columns_table table = {.texts = texts,
                                      .rows = count,
                                      .columns = COLUMNS,
                                      .keys = KEYS,
                                      .right = {[1] = true,
                                                [2] = true,
                                                [3] = true,
                                                [4] = true,
                                                [5] = true,
                                                [6] = true}};
  if (texts && count > 1) {
    for (size_t i = 0; i < count * COLUMNS; i++)
      texts[i] = rows[i / COLUMNS].cells[i % COLUMNS];
    columns_table_print(&table, wrap_terminal(stdout), out);
    wrap_format(out, 0, 0, "%s", meaning);
    fputc('\n', out);
  }
  free(texts);
  free(rows);
}

void run_page_regions(struct page *page, const struct analysis *analysis,
                      const struct workload_result *workload) {
  size_t count;
  struct row *rows = make_rows(analysis, workload, &count);
  const char *names[COLUMNS];
  if (rows && count > 1) {
    for (size_t c = 0; c < COLUMNS; c++)
      names[c] = rows[0].cells[c];
    page_table(page, "Parallel regions", true, names, COLUMNS);
    for (size_t i = 1; i < count; i++) {
      fputs("<tr>", page->out);
      page_element(page, "th scope=\"row\"", rows[i].cells[0]);
      for (size_t c = 1; c < COLUMNS; c++)
        page_cell(page, names[c], NULL, rows[i].cells[c]);
      fputs("</tr>\n", page->out);
    }
    page_table_end(page);
    page_element(page, "p class=\"facts\"", meaning);
  }
  free(rows);
}

int region_table_csv(const struct analysis *analysis, const char *path,
                     struct problem *problem) {
  struct output output;
  if (analysis->region_count == 0)
    return PROBLEM_NONE;
  FILE *out = output_open(&output, path, problem);
  if (!out)
    return PROBLEM_FAILURE;
  fields_csv_header(inside_region_fields, out);
  fputc(',', out);
  fields_csv_header(inside_region_columns, out);
  fputc('\n', out);
  for (size_t i = 0; i < analysis->region_count; i++) {
    fields_csv_row(inside_region_fields, &analysis->regions[i], out);
    fputc(',', out);
    fields_csv_row(inside_region_columns, &analysis->regions[i], out);
    fputc('\n', out);
  }
  return output_close(&output, out, PROBLEM_NONE, problem);
}

/* Two runs side by side, as a page. */
#include "bench/report/numbers.h"
#include "bench/report/run_page.h"
#include "bench/report/side_page.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- cells --------------------------------------------------------------- */

enum column {
  COLUMN_POINT,
  COLUMN_A,
  COLUMN_B,
  COLUMN_RATIO,
  COLUMN_VERDICT,
  COLUMN_CHANGED,
  COLUMNS
};

static const char *const heads[COLUMNS] = {[COLUMN_POINT] =
                                               "variant and workers",
                                           [COLUMN_A] = "A",
                                           [COLUMN_B] = "B",
                                           [COLUMN_RATIO] = "B over A",
                                           [COLUMN_VERDICT] = "B is",
                                           [COLUMN_CHANGED] = "what changed"};

/* "25.3 ms (25.1 ms–25.6 ms)". */
static void put_time(struct interval time_s, char cell[static COMPARE_TEXT]) {
  char median[NUMBER_LENGTH], low[NUMBER_LENGTH], high[NUMBER_LENGTH];
  number_time(time_s.median, median);
  if (isfinite(time_s.low) && isfinite(time_s.high))
    text_print(cell, COMPARE_TEXT, "%s (%s–%s)", median,
               number_time(time_s.low, low), number_time(time_s.high, high));
  else
    text_print(cell, COMPARE_TEXT, "%s", median);
}

static void fill_cells(const struct versus_row *row,
                       char cells[COLUMNS][COMPARE_TEXT]) {
  char marks[REPORT_MARKS], number[NUMBER_LENGTH];
  text_print(cells[COLUMN_POINT], COMPARE_TEXT, "%s on %" PRId64 "%s",
             row->a->requested, row->a->workers,
             report_marks(report_flags(row->a) | report_flags(row->b), marks));
  put_time(row->time_a_s, cells[COLUMN_A]);
  put_time(row->time_b_s, cells[COLUMN_B]);
  text_print(cells[COLUMN_RATIO], COMPARE_TEXT, "%s",
             number_ratio_interval(row->ratio, number));
  compare_verdict(row, cells[COLUMN_VERDICT]);
  compare_change(row, cells[COLUMN_CHANGED]);
}

static const char *mark_of(const struct versus_row *row) {
  return row->verdict == VERSUS_SLOWER   ? "slower"
         : row->verdict == VERSUS_FASTER ? "faster"
                                         : NULL;
}

/* has: the columns; what changed is words, and may be long. */
static void write_cells(struct page *page, const struct versus_row *row,
                        const bool has[COLUMNS]) {
  char cells[COLUMNS][COMPARE_TEXT];
  fill_cells(row, cells);
  page_element(page, "th scope=\"row\"", cells[COLUMN_POINT]);
  for (int c = COLUMN_A; c < COLUMNS; c++)
    if (has[c])
      page_cell(page, heads[c],
                c == COLUMN_VERDICT   ? mark_of(row)
                : c == COLUMN_CHANGED ? "words"
                                      : NULL,
                cells[c]);
}

/* A table with those columns; first: what stands in front of them, or NULL. */
static void begin_table(struct page *page, const char *name, const char *first,
                        const bool has[COLUMNS]) {
  const char *names[COLUMNS + 1];
  size_t count = 0;
  if (first)
    names[count++] = first;
  for (int c = 0; c < COLUMNS; c++)
    if (has[c])
      names[count++] = heads[c];
  page_table(page, name, true, names, count);
}

/* ---- what it is of ------------------------------------------------------- */

/* The rows of a workload, one at a time: the first behind `after`, or NULL. */
static const struct versus_row *next_of(const struct versus *versus,
                                        const struct workload_result *workload,
                                        const struct versus_row *after) {
  const struct versus_row *row = after ? after + 1 : versus->rows;
  while (row < versus->rows + versus->count && row->in_a != workload)
    row++;
  return row < versus->rows + versus->count ? row : NULL;
}

/* The one that stands for it; where none is judged, its last. */
static const struct versus_row *
own_point(const struct versus *versus, const struct workload_result *workload) {
  const struct versus_row *row = NULL, *last = NULL;
  while ((row = next_of(versus, workload, row))) {
    last = row;
    if (row->leads)
      return row;
  }
  return last;
}

/* All points of a workload, as a sentence; nothing where there is none. */
static void write_together(struct page *page, const struct versus *versus,
                           const struct workload_result *workload) {
  const struct versus_workload *together = versus_together(versus, workload);
  char verdict[COMPARE_TEXT], text[COMPARE_TEXT];
  if (!together || !*compare_together(versus, together, verdict))
    return;
  text_print(text, sizeof text, "All %zu points together: %s.",
             together->points, verdict);
  page_element(page, "p class=\"together\"", text);
}

/* ---- the answers --------------------------------------------------------- */

/* The ratio stands in the workload's own table: its verdict says as much. */
static const bool answer_has[COLUMNS] = {true, true, true, false, true, true};

static void write_answer(struct page *page, const struct versus *versus,
                         const struct versus_row *row, size_t number) {
  char name[REPORT_NAME], reason[COMPARE_TEXT];
  fprintf(page->out, "<tr><th scope=\"row\"><a href=\"#w%zu\">", number);
  page_text(page, report_name(row->in_a, name));
  fputs("</a></th>", page->out);
  if (row->differences) {
    fputs("<td class=\"words\" colspan=\"5\">not comparable: ", page->out);
    page_text(page, compare_reason(versus, row, reason));
    fputs("</td>", page->out);
  } else {
    write_cells(page, row, answer_has);
  }
  fputs("</tr>\n", page->out);
}

static void write_answers(struct page *page, const struct versus *versus) {
  size_t number = 0;
  fputs("<section id=\"answers\" aria-labelledby=\"first\"><h2 "
        "id=\"first\">Each workload at its own point</h2>\n",
        page->out);
  begin_table(page, "Each workload at its own point", "workload", answer_has);
  for (size_t s = 0; s < versus->a->workload_count; s++) {
    const struct versus_row *row = own_point(versus, &versus->a->workloads[s]);
    if (row)
      write_answer(page, versus, row, ++number);
  }
  page_table_end(page);
  fputs("</section>\n", page->out);
}

/* ---- a workload ---------------------------------------------------------- */

static void write_table(struct page *page, const struct versus *versus,
                        const struct workload_result *workload) {
  const struct versus_row *row = NULL;
  char change[COMPARE_TEXT], name[REPORT_LINE];
  bool has[COLUMNS] = {true, true, true, true, true, false};
  while ((row = next_of(versus, workload, row)))
    has[COLUMN_CHANGED] = has[COLUMN_CHANGED] || *compare_change(row, change);
  text_print(name, sizeof name, "All points of %s", workload->workload);
  begin_table(page, name, NULL, has);
  while ((row = next_of(versus, workload, row))) {
    fputs("<tr>", page->out);
    write_cells(page, row, has);
    fputs("</tr>\n", page->out);
  }
  page_table_end(page);
}

/* row: its first. */
static void write_workload(struct page *page, const struct versus *versus,
                           const struct versus_row *row,
                           const struct side_page *side, size_t number) {
  const struct page_figures figures = {.charts = side->charts,
                                       .workload = row->in_a->workload};
  char name[REPORT_NAME], reason[COMPARE_TEXT];
  fprintf(page->out,
          "<section class=\"workload\" aria-labelledby=\"w%zu\"><h2 "
          "id=\"w%zu\">",
          number, number);
  page_text(page, report_name(row->in_a, name));
  fputs("</h2>\n", page->out);
  if (row->in_a->title)
    page_element(page, "p class=\"facts\"", row->in_a->title);
  if (row->differences) {
    fputs("<p>Not comparable: ", page->out);
    page_text(page, compare_reason(versus, row, reason));
    fputs("</p>\n", page->out);
  } else {
    page_element(page, "p class=\"facts\"",
                 row->program ? "Times are of whole programs."
                              : "Times are of warm regions.");
  }
  write_together(page, versus, row->in_a);
  run_page_figures(page, &figures);
  if (!row->differences)
    write_table(page, versus, row->in_a);
  fputs("</section>\n", page->out);
}

/* ---- together ------------------------------------------------------------ */

static void write_links(struct page *page, const struct versus *versus) {
  char name[REPORT_NAME];
  size_t number = 0;
  fputs("<nav aria-label=\"Parts of this page\"><ul>\n", page->out);
  for (size_t s = 0; s < versus->a->workload_count; s++) {
    if (!next_of(versus, &versus->a->workloads[s], NULL))
      continue;
    fprintf(page->out, "<li><a href=\"#w%zu\">", ++number);
    page_text(page, report_name(&versus->a->workloads[s], name));
    fputs("</a></li>\n", page->out);
  }
  fputs("<li><a href=\"#first\">all of them</a></li>\n"
        "<li><a href=\"#method\">how they are compared</a></li>\n"
        "<li><a href=\"#raw\">raw numbers</a></li>\n</ul></nav>\n",
        page->out);
}

static void print_about(const void *of, FILE *out) {
  compare_about(of, out);
}

static void print_notes(const void *of, FILE *out) {
  compare_notes(of, out);
}

int compare_page_write(const struct comparison *comparison,
                       const struct side_page *side, struct problem *problem) {
  const struct versus *versus = comparison->versus;
  char summary[COMPARE_TEXT], *about = page_words(print_about, comparison);
  struct page page;
  size_t number = 0;
  compare_summary(versus, summary);
  int status = side_page_open(&page, side, summary, problem);
  if (status) {
    free(about);
    return status;
  }
  fputs("<div class=\"facts\">", page.out);
  page_wrapped(&page, about ? about : "");
  fputs("</div>\n", page.out);
  free(about);
  write_links(&page, versus);
  fputs("</header>\n<main>\n", page.out);
  write_answers(&page, versus);
  for (size_t s = 0; s < versus->a->workload_count; s++) {
    const struct versus_row *row =
        next_of(versus, &versus->a->workloads[s], NULL);
    if (row)
      write_workload(&page, versus, row, side, ++number);
  }
  side_page_words(&page, "method", "How they are compared",
                  page_words(print_notes, comparison));
  side_page_raw(&page, side);
  fputs("</main>\n", page.out);
  return page_close(&page, PROBLEM_NONE, problem);
}

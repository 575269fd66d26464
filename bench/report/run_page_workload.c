/* A workload's part of the page: sentences, charts, numbers. */
#include "bench/plan/sizes.h"
#include "bench/report/answer.h"
#include "bench/report/numbers.h"
#include "bench/report/run_page.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- numbers ------------------------------------------------------------- */

struct cell {
  char text[REPORT_NAME];
};

/* "25.3 ms (25.1 ms–25.6 ms)". */
static void put_time(struct interval time_s, struct cell *cell) {
  char median[NUMBER_LENGTH], low[NUMBER_LENGTH], high[NUMBER_LENGTH];
  number_time(time_s.median, median);
  if (isfinite(time_s.low) && isfinite(time_s.high))
    text_print(cell->text, sizeof cell->text, "%s (%s–%s)", median,
               number_time(time_s.low, low), number_time(time_s.high, high));
  else
    text_print(cell->text, sizeof cell->text, "%s", median);
}

static void put_ratio(struct interval ratio, struct cell *cell) {
  char text[NUMBER_LENGTH];
  text_print(cell->text, sizeof cell->text, "%s",
             number_ratio_interval(ratio, text));
}

static void put_share(struct interval share, struct cell *cell) {
  char text[NUMBER_LENGTH];
  text_print(cell->text, sizeof cell->text, "%s",
             number_percent_within(share, text));
}

enum column {
  COLUMN_VARIANT,
  COLUMN_SIZE,
  COLUMN_WORKERS,
  COLUMN_PROGRAM,
  COLUMN_SPEEDUP,
  COLUMN_LAW,
  COLUMN_OF_ITS_OWN,
  COLUMN_REGION,
  COLUMN_REGION_SPEEDUP,
  COLUMN_EFFICIENCY,
  COLUMN_USEFUL,
  COLUMN_TRIALS,
  COLUMNS
};

static const char *const heads[COLUMNS] = {
    [COLUMN_VARIANT] = "variant",
    [COLUMN_SIZE] = "size",
    [COLUMN_WORKERS] = "workers",
    [COLUMN_PROGRAM] = "program",
    [COLUMN_OF_ITS_OWN] = "against one worker",
    [COLUMN_REGION] = "region",
    [COLUMN_EFFICIENCY] = "region's efficiency",
    [COLUMN_USEFUL] = "useful",
    [COLUMN_TRIALS] = "trials",
};

/* Of those that differ between kernels and programs. */
static void put_head(const struct analysis *analysis,
                     const struct workload_result *workload, enum column column,
                     struct cell *head) {
  const char *baseline = report_baseline(analysis, workload);
  if (column == COLUMN_SPEEDUP)
    text_print(head->text, sizeof head->text, "against %s", baseline);
  else if (column == COLUMN_REGION_SPEEDUP)
    text_print(head->text, sizeof head->text, "region against %s", baseline);
  else
    text_print(head->text, sizeof head->text, "%s",
               column == COLUMN_LAW ? report_law_word(workload)
                                    : heads[column]);
}

static void fill_cells(const struct workload_result *workload,
                       const struct result *r, struct cell cells[COLUMNS]) {
  char marks[REPORT_MARKS], size[NUMBER_LENGTH];
  bool serial = result_is_serial(r);
  bool baseline = serial && report_is_program(workload);
  text_print(cells[COLUMN_VARIANT].text, sizeof cells->text, "%s%s",
             baseline ? "baseline" : r->requested,
             report_marks(report_flags(r), marks));
  text_print(cells[COLUMN_SIZE].text, sizeof cells->text, "%s",
             number_count((uint64_t)r->size, size));
  text_print(cells[COLUMN_WORKERS].text, sizeof cells->text, "%" PRId64,
             r->workers);
  text_print(cells[COLUMN_TRIALS].text, sizeof cells->text, "%" PRId64, r->n);
  put_time(r->program_s, &cells[COLUMN_PROGRAM]);
  put_ratio(r->program_speedup, &cells[COLUMN_SPEEDUP]);
  put_ratio(r->program_law, &cells[COLUMN_LAW]);
  put_ratio(r->program_speedup_rel, &cells[COLUMN_OF_ITS_OWN]);
  put_time(r->region_s, &cells[COLUMN_REGION]);
  put_ratio(r->speedup_abs, &cells[COLUMN_REGION_SPEEDUP]);
  put_share(r->efficiency, &cells[COLUMN_EFFICIENCY]);
  put_share(r->breakdown.share[TERM_USEFUL], &cells[COLUMN_USEFUL]);
  for (int c = COLUMN_SPEEDUP; serial && c < COLUMN_TRIALS; c++)
    if (c != COLUMN_REGION) /* beside itself */
      text_print(cells[c].text, sizeof cells->text, "-");
}

static bool is_shown(const struct workload_result *workload,
                     const struct result *r) {
  return strcmp(r->workload, workload->workload) == 0 &&
         (r->n > 0 || report_flags(r)); /* without any trial: why not */
}

/* Columns that some row has something in. */
static void find_columns(const struct analysis *analysis,
                         const struct workload_result *workload,
                         bool has[COLUMNS]) {
  struct cell cells[COLUMNS];
  for (size_t i = 0; i < analysis->result_count; i++) {
    if (!is_shown(workload, &analysis->results[i]))
      continue;
    fill_cells(workload, &analysis->results[i], cells);
    for (int c = 0; c < COLUMNS; c++)
      has[c] |= strcmp(cells[c].text, "-") != 0;
  }
  has[COLUMN_SIZE] = workload->sized;
}

static void write_row(struct page *page, const struct workload_result *workload,
                      const struct result *r, const bool has[COLUMNS]) {
  struct cell cells[COLUMNS];
  fill_cells(workload, r, cells);
  fputs("<tr><th scope=\"row\">", page->out);
  page_text(page, cells[COLUMN_VARIANT].text);
  fputs("</th>", page->out);
  for (int c = COLUMN_VARIANT + 1; c < COLUMNS; c++)
    if (has[c])
      page_cell(page, NULL, NULL, cells[c].text);
  fputs("</tr>\n", page->out);
}

void run_page_numbers(struct page *page, const struct run_page *run,
                      const struct workload_result *workload) {
  const struct analysis *analysis = run->analysis;
  bool has[COLUMNS] = {false};
  const char *names[COLUMNS];
  struct cell texts[COLUMNS];
  char name[REPORT_LINE];
  size_t count = 0;
  find_columns(analysis, workload, has);
  text_print(name, sizeof name, "Numbers of %s", workload->workload);
  for (int c = 0; c < COLUMNS; c++) {
    put_head(analysis, workload, (enum column)c, &texts[c]);
    if (has[c])
      names[count++] = texts[c].text;
  }
  page_table(page, name, false, names, count);
  for (size_t i = 0; i < analysis->result_count; i++)
    if (is_shown(workload, &analysis->results[i]))
      write_row(page, workload, &analysis->results[i], has);
  page_table_end(page);
}

/* ---- the section --------------------------------------------------------- */

typedef void writer(const struct analysis *, const struct workload_result *,
                    FILE *);

/* Of each line that begins with the name, "cube: ..." or "cube, ...": it stands
 * above them. */
static void drop_name(const char *name, char *text) {
  size_t length = strlen(name);
  char *to = text;
  for (const char *from = text; *from;) {
    if (strncmp(from, name, length) == 0 &&
        (from[length] == ':' || from[length] == ',') && from[length + 1] == ' ')
      from += length + 2;
    size_t line = strcspn(from, "\n");
    line += from[line] == '\n';
    memmove(to, from, line);
    to += line;
    from += line;
  }
  *to = '\0';
}

static void write_sentences(struct page *page, const struct run_page *run,
                            const struct workload_result *workload,
                            writer *write) {
  char *text = NULL;
  size_t bytes;
  FILE *out = open_memstream(&text, &bytes);
  if (!out)
    return;
  write(run->analysis, workload, out);
  (void)fclose(out);
  if (text) {
    drop_name(workload->workload, text);
    page_lines(page, text);
  }
  free(text);
}

void run_page_workload(struct page *page, const struct run_page *run,
                       const struct workload_result *workload, size_t number) {
  static const char *const shows[] = {"program",       "losses",
                                      "region",        "region-lanes",
                                      "program-sizes", "region-sizes"};
  char name[REPORT_NAME];
  bool ours = !report_is_of_programs(run->analysis);
  fprintf(page->out,
          "<section class=\"workload\" aria-labelledby=\"w%zu\">\n"
          "<h2 id=\"w%zu\">",
          number, number);
  page_text(page, report_name(workload, name));
  fputs("</h2>\n", page->out);
  if (strcmp(workload->title, name) != 0)
    page_element(page, "p class=\"facts\"", workload->title);
  fputs("<div class=\"sentences\">\n", page->out);
  if (ours) {
    write_sentences(page, run, workload, report_workload_sentences);
    write_sentences(page, run, workload, report_workload_advice);
  }
  fputs("</div>\n", page->out);
  run_page_charts(page, run, workload->workload, shows,
                  sizeof shows / sizeof *shows);
  run_page_numbers(page, run, workload);
  run_page_regions(page, run->analysis, workload);
  fputs("<div class=\"notes\">\n", page->out);
  if (ours)
    write_sentences(page, run, workload, report_baselines);
  else
    run_page_program_how(page, run, workload);
  fputs("</div></section>\n", page->out);
}

/* The answers: a line a workload, with a strip and a bar. */
#include "bench/analyze/verdict.h"
#include "bench/plan/text.h"
#include "bench/report/answer.h"
#include "bench/report/numbers.h"
#include "bench/report/run_page.h"
#include "bench/report/view.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- the strip ----------------------------------------------------------- */

/* Pixels: of the line and of the picture around it. */
enum { STRIP_LEFT = 8, STRIP_WIDTH = 176, STRIP_ROOM = 232, STRIP_HIGH = 24 };

struct strip {
  FILE *out;
  double most; /* at the right end */
};

static double strip_x(const struct strip *strip, double speedup) {
  double share = fmin(fmax(speedup / strip->most, 0), 1);
  return STRIP_LEFT + STRIP_WIDTH * share;
}

static void strip_line(const struct strip *strip, const char *class,
                       double from, double to) {
  if (isfinite(from) && isfinite(to))
    fprintf(strip->out,
            "<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"12\" "
            "y2=\"12\"/>",
            class, strip_x(strip, from), strip_x(strip, to));
}

static void strip_tick(const struct strip *strip, const char *class, double at,
                       int half) {
  if (isfinite(at))
    fprintf(strip->out,
            "<line class=\"%s\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" "
            "y2=\"%d\"/>",
            class, strip_x(strip, at), strip_x(strip, at), 12 - half,
            12 + half);
}

/* In the colour and form that the variant has on every chart. */
static void strip_mark(const struct strip *strip, int style, double at) {
  static const char *const forms[] = {
      "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z", "M-4.5-4.5h9v9h-9z",
      "M0-6 5.8 4.4h-11.6z", "M0-6.3 6.3 0 0 6.3-6.3 0z"};
  size_t count = sizeof forms / sizeof *forms;
  size_t form = style >= 1 && (size_t)style <= count ? (size_t)style - 1 : 3;
  if (isfinite(at))
    fprintf(strip->out,
            "<path class=\"s%d\" transform=\"translate(%.1f 12)\" d=\"%s\"/>",
            style, strip_x(strip, at), forms[form]);
}

static void write_strip(struct page *page, const struct analysis *analysis,
                        const struct result *r) {
  char speedup[NUMBER_LENGTH], law[NUMBER_LENGTH];
  const struct view view = {analysis, NULL, SCOPE_PROGRAM, false, false};
  struct interval s = r->program_speedup;
  double workers = (double)r->workers, predicted = r->program_law.median;
  struct strip strip = {page->out, fmax(workers, 1)};
  const double values[] = {s.median, s.high, predicted};
  for (size_t i = 0; i < sizeof values / sizeof *values; i++)
    if (isfinite(values[i]))
      strip.most = fmax(strip.most, values[i]);
  fprintf(page->out,
          "<svg class=\"strip\" role=\"img\" viewBox=\"0 0 %d %d\" "
          "width=\"%d\" height=\"%d\" aria-label=\"",
          STRIP_ROOM, STRIP_HIGH, STRIP_ROOM, STRIP_HIGH);
  page_format(page, "%s of %" PRId64, number_ratio_interval(s, speedup),
              r->workers);
  if (isfinite(predicted))
    page_format(page, ", %s %s",
                report_law_word(analysis_workload_of(analysis, r)),
                number_ratio(predicted, law));
  fputs("\">", page->out);
  strip_line(&strip, "rail", 0, workers);
  strip_tick(&strip, "gain", 1, 5);
  strip_tick(&strip, "predicted", predicted, 9);
  strip_line(&strip, "interval", s.low, s.high);
  strip_mark(&strip, view_point(&view, r).style, s.median);
  fprintf(page->out, "<text x=\"%.1f\" y=\"16\">%" PRId64 "</text></svg>\n",
          fmax(strip_x(&strip, strip.most), strip_x(&strip, workers)) + 10,
          r->workers);
}

/* ---- the bar ------------------------------------------------------------- */

enum { BAR_WIDTH = 232, BAR_HIGH = 18, BAR_TEXT = 32, PLATE = 28 };

/* Where the time of a point went: of its program, or else of its region. */
static const struct breakdown *told_of(const struct result *r) {
  if (r->breakdown.told)
    return &r->breakdown;
  return r->region_breakdown.told ? &r->region_breakdown : NULL;
}

static double share_of(const struct breakdown *told, int term) {
  double share = told->share[term].median;
  return share > 0 ? share : 0; /* a credit, or no such term, takes no room */
}

/* What was useful, then the others by size. */
static void order_terms(const struct breakdown *told, int order[TERMS]) {
  for (int t = 0; t < TERMS; t++) {
    int at = t;
    for (; at > 1 && share_of(told, order[at - 1]) < share_of(told, t); at--)
      order[at] = order[at - 1];
    order[at] = t;
  }
}

static void write_part(struct page *page, const char *key, double from,
                       double width, double share) {
  fprintf(page->out,
          "<rect class=\"t-%s\" x=\"%.2f\" width=\"%.2f\" height=\"%d\"/>", key,
          from, width, BAR_HIGH);
  fprintf(page->out,
          "<rect class=\"h-%s\" x=\"%.2f\" width=\"%.2f\" height=\"%d\"/>", key,
          from, width, BAR_HIGH);
  if (width < BAR_TEXT)
    return;
  /* on hatching it could not be read */
  fprintf(page->out,
          "<rect class=\"t-%s plate\" x=\"%.2f\" width=\"%d\" "
          "height=\"%d\"/>",
          key, from + (width - PLATE) / 2, PLATE, BAR_HIGH);
  fprintf(page->out, "<text class=\"n-%s\" x=\"%.1f\" y=\"13\">%.0f%%</text>",
          key, from + width / 2, 100 * share);
}

static void write_bar(struct page *page, const struct breakdown *told) {
  const double least_named = 0.005;
  int order[TERMS];
  double all = 0, from = 0;
  order_terms(told, order);
  fprintf(page->out,
          "<svg class=\"bar\" role=\"img\" viewBox=\"0 0 %d %d\" width=\"%d\" "
          "height=\"%d\" aria-label=\"",
          BAR_WIDTH, BAR_HIGH, BAR_WIDTH, BAR_HIGH);
  for (int t = 0; t < TERMS; t++)
    all += share_of(told, t);
  for (int k = 0; k < TERMS; k++)
    if (share_of(told, order[k]) >= least_named)
      page_format(page, "%s%.0f%% %s", k ? ", " : "",
                  100 * share_of(told, order[k]),
                  breakdown_terms[order[k]].words);
  fputs("\">", page->out);
  for (int k = 0; k < TERMS && all > 0; k++) {
    double share = share_of(told, order[k]), width = BAR_WIDTH * share / all;
    if (width > 0.05)
      write_part(page, breakdown_terms[order[k]].key, from, width, share);
    from += width;
  }
  fputs("</svg>\n", page->out);
}

/* Colours of the terms that some bar has. */
static void write_key(struct page *page, const struct analysis *analysis) {
  const double least_named = 0.005;
  bool any[TERMS] = {false}, some = false;
  for (size_t s = 0; s < analysis->workload_count; s++) {
    const struct result *r = verdict_point(analysis, &analysis->workloads[s]);
    const struct breakdown *told = r ? told_of(r) : NULL;
    for (int t = 0; told && t < TERMS; t++)
      some |= any[t] |= share_of(told, t) >= least_named;
  }
  if (!some)
    return;
  fputs("<svg class=\"off\" width=\"0\" height=\"0\" "
        "aria-hidden=\"true\"><defs><pattern "
        "id=\"hatch\" width=\"6\" height=\"6\" "
        "patternUnits=\"userSpaceOnUse\" "
        "patternTransform=\"rotate(45)\"><rect width=\"1.6\" "
        "height=\"6\" fill=\"#ffffff\"/></pattern></defs></svg>\n"
        "<ul class=\"key\" aria-label=\"Colours of the bars\">\n",
        page->out);
  for (int t = 0; t < TERMS; t++)
    if (any[t])
      fprintf(page->out,
              "<li><svg width=\"12\" height=\"12\" aria-hidden=\"true\"><rect "
              "class=\"t-%s\" width=\"12\" height=\"12\"/><rect class=\"h-%s\" "
              "width=\"12\" height=\"12\"/></svg> %s</li>\n",
              breakdown_terms[t].key, breakdown_terms[t].key,
              breakdown_terms[t].words);
  fputs("</ul>\n", page->out);
}

/* ---- a line -------------------------------------------------------------- */

/* "7.41× (7.33–7.50)": the interval smaller, without its parentheses. */
static void write_speedup(struct page *page, const char *cell) {
  size_t median = strcspn(cell, " ");
  fputs("<p class=\"best\"><strong>", page->out);
  page_format(page, "%.*s", (int)median, cell);
  fputs("</strong> <span>", page->out);
  if (cell[median])
    page_format(page, "%.*s", (int)strcspn(cell + median + 2, ")"),
                cell + median + 2);
  fputs("</span></p>\n", page->out);
}

/* "8 threads · predicted 7.9× · region 7.5× 94%". */
static void write_where(struct page *page, const struct answer_row *row) {
  const char *const before[] = {"", NULL, report_law_word(row->workload),
                                "region"};
  fputs("<p class=\"on\">", page->out);
  for (size_t c = 0; c < ANSWER_CELLS - 1; c++) {
    bool alone = c == 0 || strcmp(row->cells[c], "no law") == 0;
    if (before[c] && *row->cells[c] && strcmp(row->cells[c], "-") != 0)
      page_format(page, "%s%s%s%s", c ? " · " : "", alone ? "" : before[c],
                  alone ? "" : " ", row->cells[c]);
  }
  fputs("</p>\n", page->out);
}

/* A long one is broken between its parts. */
static void write_name(struct page *page, const char *name) {
  while (*name) {
    size_t length = strcspn(name, "/,");
    length += name[length] != '\0';
    page_format(page, "%.*s", (int)length, name);
    name += length;
    fputs(*name ? "<wbr>" : "", page->out);
  }
}

static void write_sentence(struct page *page, const struct run_page *run,
                           const struct workload_result *workload) {
  if (report_is_of_programs(run->analysis)) {
    run_page_program(page, run, workload);
    return;
  }
  char *sentence = answer_sentence(run->analysis, workload);
  if (sentence)
    page_wrapped(page, sentence);
  free(sentence);
}

static void write_line(struct page *page, const struct run_page *run,
                       const struct workload_result *workload, size_t number) {
  const struct analysis *analysis = run->analysis;
  const struct result *r = verdict_point(analysis, workload);
  struct answer_row row;
  answer_fill(analysis, workload, &row);
  fprintf(page->out, "<li>\n<div class=\"who\"><h3><a href=\"#w%zu\">", number);
  write_name(page, row.name);
  fputs("</a></h3>", page->out);
  if (strcmp(workload->title, row.name) != 0)
    page_element(page, "p", workload->title);
  fputs("</div>\n<div class=\"how-much\">\n", page->out);
  write_speedup(page, row.cells[1]);
  fputs("</div>\n<div class=\"where\">\n", page->out);
  if (r && isfinite(r->program_speedup.median))
    write_strip(page, analysis, r);
  write_where(page, &row);
  fputs("</div>\n<div class=\"why\">\n", page->out);
  if (r && told_of(r))
    write_bar(page, told_of(r));
  write_sentence(page, run, workload);
  fputs("</div></li>\n", page->out);
}

void run_page_answers(struct page *page, const struct run_page *run) {
  const struct analysis *analysis = run->analysis;
  char head[REPORT_LINE], *notes = run_page_text(answer_notes_else, analysis);
  size_t number = 0;
  fputs("<section id=\"answers\" aria-label=\"Answers\">\n", page->out);
  write_key(page, analysis);
  text_print(head, sizeof head, "whole program against %s (tick: %s)",
             report_baseline(analysis, NULL),
             report_is_of_programs(analysis) ? "at most" : "predicted");
  fputs("<div class=\"heads\" aria-hidden=\"true\"><span>program</span>"
        "<span>speedup</span><span>",
        page->out);
  page_text(page, head);
  fputs("</span><span>where the cores&#39; time went, and why</span></div>\n"
        "<ol class=\"answers\">\n",
        page->out);
  for (size_t s = 0; s < analysis->workload_count; s++)
    if (analysis_is_largest(analysis, &analysis->workloads[s]))
      write_line(page, run, &analysis->workloads[s], ++number);
  fputs("</ol>\n<div class=\"notes\">\n", page->out);
  if (notes)
    page_wrapped(page, notes);
  fputs("</div></section>\n", page->out);
  free(notes);
}

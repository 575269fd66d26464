#include "bench/report/run_page.h"

#include "bench/plan/text.h"
#include "bench/report/answer.h"
#include "bench/report/titles.h"

#include <stdlib.h>
#include <string.h>

const char run_page_name[RUN_PAGE_NAME] = "report.html";

char *run_page_text(void (*write)(const struct analysis *, FILE *),
                    const struct analysis *analysis) {
  char *text = NULL;
  size_t bytes;
  FILE *out = open_memstream(&text, &bytes);
  if (!out)
    return NULL;
  write(analysis, out);
  (void)fclose(out);
  return text;
}

/* ---- charts -------------------------------------------------------------- */

static bool is_of(const struct chart *chart, const char *workload) {
  return chart->workload && workload ? strcmp(chart->workload, workload) == 0
                                     : !chart->workload && !workload;
}

bool run_page_chart(struct page *page, const struct charts *charts,
                    const struct chart *chart) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s.svg", charts->folder, chart->name);
  fprintf(page->out, "<figure class=\"chart\" data-shows=\"%s\">\n",
          chart->shows);
  bool shown = page_picture(page, path);
  fputs("</figure>\n", page->out);
  return shown;
}

size_t run_page_charts(struct page *page, const struct run_page *run,
                       const char *workload, const char *shows) {
  size_t shown = 0;
  for (size_t i = 0; run->charts && i < run->charts->count; i++) {
    const struct chart *chart = &run->charts->list[i];
    if (is_of(chart, workload) && strcmp(chart->shows, shows) == 0)
      shown += run_page_chart(page, run->charts, chart);
  }
  return shown;
}

void run_page_table(struct page *page, const char *name, const char *text) {
  if (!text || !*text)
    return;
  fprintf(page->out,
          "<div class=\"wide\" tabindex=\"0\" role=\"region\" "
          "aria-label=\"%s\">",
          name);
  page_element(page, "pre", text + strspn(text, "\n"));
  fputs("</div>\n", page->out);
}

/* ---- head ---------------------------------------------------------------- */

static void write_links(struct page *page, const struct analysis *analysis) {
  char name[REPORT_NAME];
  size_t number = 0;
  fputs("<nav aria-label=\"Parts of this page\"><ul>\n", page->out);
  for (size_t s = 0; s < analysis->workload_count; s++) {
    const struct workload_result *workload = &analysis->workloads[s];
    if (!analysis_is_largest(analysis, workload))
      continue;
    fprintf(page->out, "<li><a href=\"#w%zu\">", ++number);
    page_text(page, report_name(workload, name));
    fputs("</a></li>\n", page->out);
  }
  fputs("<li><a href=\"#machine\">the machine</a></li>\n"
        "<li><a href=\"#method\">how it was measured</a></li>\n"
        "<li><a href=\"#raw\">raw numbers</a></li>\n</ul></nav>\n",
        page->out);
}

static void write_header(struct page *page, const struct run_page *run) {
  const struct analysis *analysis = run->analysis;
  char title[REPORT_LINE], *facts = run_page_text(answer_facts, analysis);
  title_overview(analysis, title_overview_workers(analysis), title);
  fputs("<header>\n", page->out);
  page_element(page, "h1", title);
  if (facts)
    page_element(page, "p class=\"facts\"", facts);
  if (analysis->run.date)
    page_element(page, "p class=\"facts\"", analysis->run.date);
  if (analysis->run.busy)
    page_element(page, "p class=\"beware\"", analysis->run.busy);
  if (analysis->run.warnings) {
    fputs("<p class=\"beware\">", page->out);
    page_format(page, "Beware: %s", analysis->run.warnings);
    fputs("</p>\n", page->out);
  }
  write_links(page, analysis);
  fputs("</header>\n", page->out);
  free(facts);
}

/* ---- together ------------------------------------------------------------ */

static void write_roofline(struct page *page, const struct run_page *run) {
  if (!report_has_roofline(run->analysis))
    return;
  char *table = run_page_text(report_roofline, run->analysis);
  fputs("<section aria-labelledby=\"roofline\"><h2 id=\"roofline\">Beside what "
        "the machine can do</h2>\n",
        page->out);
  run_page_charts(page, run, NULL, "roofline");
  run_page_table(page, "Rooflines", table);
  fputs("</section>\n", page->out);
  free(table);
}

static void write_overview(struct page *page, const struct run_page *run) {
  fputs("<section aria-labelledby=\"all\"><h2 id=\"all\">All of them</h2>\n"
        "<div class=\"charts\">\n",
        page->out);
  run_page_charts(page, run, NULL, "overview");
  run_page_charts(page, run, NULL, "residuals");
  fputs("</div></section>\n", page->out);
}

static void write_page(struct page *page, const struct run_page *run) {
  const struct analysis *analysis = run->analysis;
  size_t number = 0;
  write_header(page, run);
  fputs("<main>\n", page->out);
  run_page_answers(page, run);
  for (size_t s = 0; s < analysis->workload_count; s++)
    if (analysis_is_largest(analysis, &analysis->workloads[s]))
      run_page_workload(page, run, &analysis->workloads[s], ++number);
  if (run->charts)
    write_overview(page, run);
  write_roofline(page, run);
  run_page_about(page, run);
  fputs("</main>\n", page->out);
}

int run_page_write(const struct run_page *run, struct problem *problem) {
  char path[4096], title[REPORT_LINE];
  const struct run_facts *facts = &run->analysis->run;
  struct page page;
  snprintf(path, sizeof path, "%s/%s", run->folder, run_page_name);
  text_print(title, sizeof title, "coresweep: %s%s%.10s",
             facts->machine ? facts->machine : "unknown machine",
             facts->date ? ", " : "", facts->date ? facts->date : "");
  int status = page_open(&page, path, title, run->scripts, problem);
  if (status)
    return status;
  write_page(&page, run);
  return page_close(&page, PROBLEM_NONE, problem);
}

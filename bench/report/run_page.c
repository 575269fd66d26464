#include "bench/report/run_page.h"

#include "bench/analyze/verdict.h"
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

void run_page_charts(struct page *page, const struct run_page *run,
                     const char *workload, const char *const *shows,
                     size_t count) {
  const struct run_facts *facts = &run->analysis->run;
  struct page_figures figures = {.charts = run->charts,
                                 .workload = workload,
                                 .shows = shows,
                                 .show_count = count};
  run_page_known(facts->machine, facts->build, facts->date, &figures);
  run_page_figures(page, &figures);
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

/* What was found; of one program alone, what it gained. */
static void write_title(const struct analysis *analysis,
                        char title[static REPORT_LINE]) {
  const struct result *r =
      analysis->workload_count == 1 && report_is_of_programs(analysis)
          ? verdict_point(analysis, analysis->workloads)
          : NULL;
  if (r)
    title_program(analysis, analysis->workloads, r, title);
  else
    title_overview(analysis, title_overview_workers(analysis), title);
}

/* All that was wrong with the machine, in one place. */
static void write_beware(struct page *page, const struct run_facts *run) {
  if (!run->busy && !run->warnings)
    return;
  fputs("<p class=\"beware\">", page->out);
  if (run->busy)
    page_sentence(page, run->busy);
  fputs(run->busy && run->warnings ? " " : "", page->out);
  if (run->warnings)
    page_sentence(page, run->warnings);
  fputs("</p>\n", page->out);
}

static void write_header(struct page *page, const struct run_page *run) {
  char when[PAGE_WHEN];
  const struct analysis *analysis = run->analysis;
  char title[REPORT_LINE], *facts = run_page_text(answer_facts, analysis);
  write_title(analysis, title);
  fputs("<header>\n", page->out);
  page_element(page, "h1", title);
  write_beware(page, &analysis->run);
  if (facts)
    page_element(page, "p class=\"facts\"", facts);
  if (analysis->run.date)
    page_element(page, "p class=\"facts\"",
                 page_when(analysis->run.date, when));
  write_links(page, analysis);
  fputs("</header>\n", page->out);
  free(facts);
}

/* ---- together ------------------------------------------------------------ */

static void write_roofline(struct page *page, const struct run_page *run) {
  if (!report_has_roofline(run->analysis))
    return;
  static const char *const shows[] = {"roofline"};
  fputs("<section aria-labelledby=\"roofline\"><h2 id=\"roofline\">Beside what "
        "the machine can do</h2>\n",
        page->out);
  run_page_charts(page, run, NULL, shows, 1);
  run_page_roofline(page, run->analysis);
  fputs("</section>\n", page->out);
}

/* Of one workload it would show what that has shown. */
static void write_overview(struct page *page, const struct run_page *run) {
  static const char *const shows[] = {"overview", "residuals"};
  size_t workloads = 0;
  for (size_t s = 0; s < run->analysis->workload_count; s++)
    workloads +=
        analysis_is_largest(run->analysis, &run->analysis->workloads[s]);
  if (!run->charts || workloads < 2)
    return;
  fputs("<section aria-labelledby=\"all\"><h2 id=\"all\">All of them</h2>\n",
        page->out);
  run_page_charts(page, run, NULL, shows, sizeof shows / sizeof *shows);
  fputs("</section>\n", page->out);
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

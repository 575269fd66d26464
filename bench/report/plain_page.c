/* report.html of a run that is no sweep. */
#include "bench/analyze/busy.h"
#include "bench/plan/text.h"
#include "bench/report/run_page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void write_beware(struct page *page, const struct environment *e) {
  char *busy = e ? busy_sentence(e, (double)NAN) : NULL;
  if (busy) {
    fputs("<p class=\"beware\">", page->out);
    page_sentence(page, busy);
    fputs("</p>\n", page->out);
  }
  free(busy);
}

static void write_header(struct page *page, const struct plain_page *run) {
  const struct environment *e = run->environment;
  char when[PAGE_WHEN];
  fputs("<header>\n", page->out);
  page_element(page, "h1", run->title);
  write_beware(page, e);
  fputs("<p class=\"facts\">", page->out);
  if (e)
    page_format(page, "%s%s%s%s%s", e->machine ? e->machine : "",
                e->build ? " · " : "", e->build ? e->build : "",
                e->date ? " · " : "", e->date ? page_when(e->date, when) : "");
  fputs("</p>\n<nav aria-label=\"Parts of this page\"><ul>", page->out);
  if (run->tables)
    fputs("<li><a href=\"#table\">all numbers</a></li>", page->out);
  fputs("<li><a href=\"#machine\">the machine</a></li>"
        "<li><a href=\"#raw\">raw numbers</a></li></ul></nav>\n</header>\n",
        page->out);
}

static void write_file(struct page *page, const struct plain_page *run,
                       const char *name) {
  fputs("<li>", page->out);
  if (!page_download(page, run->folder, name, "application/json"))
    fprintf(page->out, "%s, beside this page", name);
  fputs("</li>\n", page->out);
}

static void write_tables(struct page *page, const struct plain_page *run) {
  fputs("<section aria-labelledby=\"table\"><h2 id=\"table\">All "
        "numbers</h2>\n",
        page->out);
  run->tables(page, run->of);
  fputs("</section>\n", page->out);
}

static void write_charts(struct page *page, const struct plain_page *run) {
  const struct environment *e = run->environment;
  struct page_figures figures = {.charts = run->charts, .of_all = true};
  if (!run->charts || run->charts->count == 0)
    return;
  run_page_known(e ? e->machine : NULL, e ? e->build : NULL, e ? e->date : NULL,
                 &figures);
  fputs("<section aria-labelledby=\"pictures\"><h2 id=\"pictures\">In "
        "pictures</h2>\n",
        page->out);
  run_page_figures(page, &figures);
  fputs("</section>\n", page->out);
}

static void write_page(struct page *page, const struct plain_page *run) {
  write_header(page, run);
  fputs("<main>\n<div class=\"sentences\">\n", page->out);
  if (run->sentences)
    page_wrapped(page, run->sentences);
  fputs("</div>\n", page->out);
  write_charts(page, run);
  if (run->tables)
    write_tables(page, run);
  run_page_machine(page, run->environment);
  fputs("<section aria-labelledby=\"raw\"><h2 id=\"raw\">Raw numbers</h2>\n"
        "<ul class=\"files\">\n",
        page->out);
  write_file(page, run, run->numbers);
  write_file(page, run, "environment.json");
  fputs("</ul></section>\n</main>\n", page->out);
}

static int write_of(const struct plain_page *run, struct problem *problem) {
  char path[4096], title[REPORT_LINE];
  const struct environment *e = run->environment;
  struct page page;
  snprintf(path, sizeof path, "%s/%s", run->folder, run_page_name);
  text_print(title, sizeof title, "coresweep: %s",
             e && e->machine ? e->machine : "unknown machine");
  int status = page_open(&page, path, title, run->scripts, problem);
  if (status)
    return status;
  write_page(&page, run);
  return page_close(&page, PROBLEM_NONE, problem);
}

/* Its environment.json knows more than what was known at its start: who else
 * used the machine. */
int plain_page_write(const struct plain_page *run, struct problem *problem) {
  char path[4096];
  struct environment environment;
  struct problem ignored;
  struct plain_page with = *run;
  fields_clear(environment_fields, &environment);
  snprintf(path, sizeof path, "%s/environment.json", run->folder);
  if (environment_read(path, &environment, &ignored) == 0)
    with.environment = &environment;
  int status = write_of(&with, problem);
  fields_free(environment_fields, &environment);
  return status;
}

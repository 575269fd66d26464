/* report.html of a run that is no sweep. */
#include "bench/plan/text.h"
#include "bench/report/run_page.h"

#include <string.h>

static void write_header(struct page *page, const struct plain_page *run) {
  const struct environment *e = run->environment;
  fputs("<header>\n", page->out);
  page_element(page, "h1", run->title);
  fputs("<p class=\"facts\">", page->out);
  if (e)
    page_format(page, "%s%s%s%s%.10s", e->machine ? e->machine : "",
                e->build ? " · " : "", e->build ? e->build : "",
                e->date ? " · " : "", e->date ? e->date : "");
  fputs("</p>\n<nav aria-label=\"Parts of this page\"><ul>", page->out);
  if (run->table)
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

static void write_table(struct page *page, const char *table) {
  fputs("<section aria-labelledby=\"table\"><h2 id=\"table\">All "
        "numbers</h2>\n",
        page->out);
  run_page_table(page, "All numbers", table);
  fputs("</section>\n", page->out);
}

static void write_page(struct page *page, const struct plain_page *run) {
  write_header(page, run);
  fputs("<main>\n<div class=\"sentences\">\n", page->out);
  if (run->sentences)
    page_wrapped(page, run->sentences);
  fputs("</div>\n<div class=\"charts\">\n", page->out);
  for (size_t i = 0; run->charts && i < run->charts->count; i++)
    run_page_chart(page, run->charts, &run->charts->list[i]);
  fputs("</div>\n", page->out);
  if (run->table)
    write_table(page, run->table);
  run_page_machine(page, run->environment);
  fputs("<section aria-labelledby=\"raw\"><h2 id=\"raw\">Raw numbers</h2>\n"
        "<ul class=\"files\">\n",
        page->out);
  write_file(page, run, run->numbers);
  write_file(page, run, "environment.json");
  fputs("</ul></section>\n</main>\n", page->out);
}

int plain_page_write(const struct plain_page *run, struct problem *problem) {
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

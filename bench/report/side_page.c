#include "bench/report/side_page.h"

#include "bench/report/run_page.h"

static void write_page(struct page *page, const struct side_page *side) {
  fputs("<header>\n", page->out);
  page_element(page, "h1", side->title);
  fputs("</header>\n<main>\n", page->out);
  run_page_table(page, "All points", side->text);
  fputs("<div class=\"charts\">\n", page->out);
  for (size_t i = 0; side->charts && i < side->charts->count; i++)
    run_page_chart(page, side->charts, &side->charts->list[i]);
  fputs("</div>\n</main>\n", page->out);
}

int side_page_write(const struct side_page *side, struct problem *problem) {
  char path[4096];
  struct page page;
  snprintf(path, sizeof path, "%s/compare.html", side->folder);
  int status = page_open(&page, path, "coresweep: runs side by side",
                         side->scripts, problem);
  if (status)
    return status;
  write_page(&page, side);
  return page_close(&page, PROBLEM_NONE, problem);
}

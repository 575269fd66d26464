#include "bench/report/side_page.h"

#include <stdlib.h>

const char side_page_name[] = "compare.html";
const char side_page_numbers[] = "compare.json";

int side_page_open(struct page *page, const struct side_page *side,
                   const char *heading, struct problem *problem) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", side->folder, side_page_name);
  int status = page_open(page, path, "coresweep: runs side by side",
                         side->scripts, problem);
  if (status)
    return status;
  fputs("<header>\n", page->out);
  page_element(page, "h1", heading);
  return PROBLEM_NONE;
}

void side_page_words(struct page *page, const char *id, const char *heading,
                     char *text) {
  if (!text || !*text) {
    free(text);
    return;
  }
  fprintf(page->out, "<section aria-labelledby=\"%s\"><h2 id=\"%s\">%s</h2>\n",
          id, id, heading);
  page_wrapped(page, text);
  fputs("</section>\n", page->out);
  free(text);
}

void side_page_raw(struct page *page, const struct side_page *side) {
  fputs("<section aria-labelledby=\"raw\"><h2 id=\"raw\">Raw numbers</h2>\n"
        "<ul class=\"files\">\n<li>",
        page->out);
  if (!page_download(page, side->folder, side_page_numbers, "application/json"))
    fprintf(page->out, "%s, beside this page", side_page_numbers);
  fputs(": all of it, for other programs</li>\n</ul></section>\n", page->out);
}

/* side_page.h: runs side by side as a page. */
#ifndef CORESWEEP_SIDE_PAGE_H
#define CORESWEEP_SIDE_PAGE_H

#include "bench/report/page.h"
#include "bench/report/report.h"

/* All of it is borrowed. */
struct side_page {
  const char *title;
  const char *text;            /* as the terminal has it */
  const struct charts *charts; /* as they were drawn; NULL: none */
  const char *folder, *scripts;
};

/* Writes FOLDER/compare.html.  0, or the problem. */
int side_page_write(const struct side_page *side, struct problem *problem);

#endif

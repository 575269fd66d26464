/* side_page.h: runs side by side as a page: compare.html. */
#ifndef CORESWEEP_SIDE_PAGE_H
#define CORESWEEP_SIDE_PAGE_H

#include "bench/report/class.h"
#include "bench/report/compare.h"
#include "bench/report/page.h"

/* Where it goes.  All of it is borrowed. */
struct side_page {
  const struct charts *charts; /* as they were drawn; NULL: none */
  const char *folder, *scripts;
};

extern const char side_page_name[];    /* "compare.html" */
extern const char side_page_numbers[]; /* "compare.json": put into the page,
                                          where it lies in the folder */

/* Writes FOLDER/compare.html of two runs: what is found at each workload's own
 * point, then a section a workload with charts and a table of all points.  0,
 * or the problem. */
int compare_page_write(const struct comparison *comparison,
                       const struct side_page *side, struct problem *problem);

/* The same of a class: both tables and the charts. */
int class_page_write(const struct class *class, const char *const *names,
                     const struct side_page *side, struct problem *problem);

/* ---- its parts ----------------------------------------------------------- */

/* Opens it, with its heading; 0, or the problem. */
int side_page_open(struct page *page, const struct side_page *side,
                   const char *heading, struct problem *problem);

/* A section of paragraphs, by page_wrapped; text: owned here; NULL: no section.
 */
void side_page_words(struct page *page, const char *id, const char *heading,
                     char *text);

/* The last section: the numbers, to be saved. */
void side_page_raw(struct page *page, const struct side_page *side);

#endif

/* page.h: a page of HTML that stands alone: its style, script, pictures and
 * files are in it, and it asks for nothing.  What is written of a run goes
 * through functions that leave text as text; and were any markup to slip in,
 * its scripts do not run (Content-Security-Policy: one nonce, made anew). */
#ifndef CORESWEEP_PAGE_H
#define CORESWEEP_PAGE_H

#include "bench/plan/output.h"
#include "bench/plan/problem.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

enum { PAGE_NONCE = 33 };

/* One that is being written. */
struct page {
  FILE *out; /* for markup of one's own; NULL: it is not open */
  struct output output;
  char *style, *script;   /* owned */
  char nonce[PAGE_NONCE]; /* of the script */
  size_t pictures;        /* that are in it, which makes their ids unique */
};

/* Begins it: head and style, and an open <body>.  scripts: the folder that has
 * page.css and page.js; title: of the window.  0, or the problem. */
int page_open(struct page *page, const char *path, const char *title,
              const char *scripts, struct problem *problem);

/* Ends it; to be called once it is open.  status: whether what it says could
 * be found out; if it is not 0, the page that was there stays.  Returns that,
 * or whether everything was written. */
int page_close(struct page *page, int status, struct problem *problem);

/* ---- text: of it, nothing becomes markup --------------------------------- */

/* As it stands, in an element or a quoted attribute. */
void page_text(struct page *page, const char *text);

/* What printf would print. */
void page_format(struct page *page, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* An element with nothing but that text.  markup: its name and what attributes
 * it has, as in "p class=\"note\"". */
void page_element(struct page *page, const char *markup, const char *text);

/* "2026-11-27T17:22:49Z" as "27 November 2026, 17:22 UTC"; another text as it
 * is. */
enum { PAGE_WHEN = 80 };
const char *page_when(const char *date, char text[static PAGE_WHEN]);

/* A sentence, in which `what is typed` is set as such. */
void page_sentence(struct page *page, const char *text);

/* A paragraph for each line; those that are indented belong to the one above
 * them. */
void page_lines(struct page *page, const char *text);

/* The same of a text that was broken into a terminal's lines: a line that is
 * indented goes on with the paragraph. */
void page_wrapped(struct page *page, const char *text);

/* ---- tables -------------------------------------------------------------- */

/* A table of numbers in a box that scrolls where it is too wide, and its head;
 * name: for who listens.  stacked: on a phone, a row is several lines, and each
 * cell has its column's head in front. */
void page_table(struct page *page, const char *name, bool stacked,
                const char *const *heads, size_t count);
void page_table_end(struct page *page);

/* A head over the rows that follow, over so many columns; first: of the table.
 */
void page_table_group(struct page *page, const char *head, size_t columns,
                      bool first);

/* A cell of a row; an interval, " (...)", on a line of its own: columns are
 * narrow so.  head: of its column, where the table is stacked; mark: its class,
 * of which "words" is broken anywhere, and not at an interval;
 * NULL: none. */
void page_cell(struct page *page, const char *head, const char *mark,
               const char *text);

/* What a function prints of something; owned; NULL: no memory. */
char *page_words(void (*print)(const void *of, FILE *out), const void *of);

/* ---- files --------------------------------------------------------------- */

/* The picture that lies there, an SVG by gnuplot, in place, told to a screen
 * reader by its own title.  *bare: theme.gp says how far its plot reaches, and
 * it ends there: the words above and below are left to the page.  False, and
 * nothing is written: it is none. */
bool page_picture(struct page *page, const char *path, bool *bare);

/* A link that saves the file of that name in the folder, which is in the page.
 * type: as in "text/csv".  False, and nothing is written: there is none, or it
 * has more than so many bytes. */
enum { PAGE_FILE_MOST = 1 << 19 };
bool page_download(struct page *page, const char *folder, const char *name,
                   const char *type);

#endif

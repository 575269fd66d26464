/* columns.h: texts in columns of even width, by the columns that they take in
 * a terminal. */
#ifndef CORESWEEP_COLUMNS_H
#define CORESWEEP_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { COLUMNS_MOST = 8 };

/* To be zeroed, but for `right`, before the first columns_fit. */
struct columns {
  size_t width[COLUMNS_MOST]; /* in columns of the terminal */
  bool right[COLUMNS_MOST];   /* texts are flush right, as numbers are */
};

/* Makes the column, from 0, at least as wide as the UTF-8 text. */
void columns_fit(struct columns *columns, size_t column, const char *text);

/* Prints a line of the first `count` columns' texts, two spaces apart; no
 * spaces follow a last text that is flush left.  A text that is wider than its
 * column moves those after it. */
void columns_print(const struct columns *columns, const char *const *texts,
                   size_t count, FILE *out);

#endif

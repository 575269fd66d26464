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

/* A table: rows of texts, of which the first is the head.  A row's first text
 * may be empty: it is the one above it. */
struct columns_table {
  const char *const *texts;   /* rows x columns of them */
  size_t rows, columns, keys; /* keys: the first columns, which name a row */
  bool right[COLUMNS_MOST];
};

/* Prints it; where it is wider than so many columns of a terminal (0: however
 * wide), as several, one below the other, each with the keys and as many of the
 * other columns, evenly, as there is room for.  Where those are fewer for it,
 * or would be too wide, the first key stands above its rows, which are
 * indented.  Wider than that are only texts that are so by themselves. */
void columns_table_print(const struct columns_table *table, size_t width,
                         FILE *out);

#endif

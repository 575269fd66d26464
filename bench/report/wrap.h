/* wrap.h: paragraphs in lines of a terminal's width. */
#ifndef CORESWEEP_WRAP_H
#define CORESWEEP_WRAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* What a line has: what $COLUMNS says, or else the terminal that is written to;
 * 80 where there is neither; never below 50 or above 120. */
enum { WRAP_USUAL = 80, WRAP_LEAST = 50, WRAP_MOST = 120 };
size_t wrap_columns(void);

/* What is printed from now on is for a page: as wide as can be and whole, the
 * same beside every terminal; false: for a terminal again. */
void wrap_for_page(bool page);

/* Of a stream: 0 where it is no terminal, and $COLUMNS says nothing. */
size_t wrap_terminal(FILE *out);

/* Prints the UTF-8 text in lines of at most wrap_columns() columns, broken at
 * blanks, but not between a number and its unit; one blank is left between two
 * words; a word that is longer than a line is broken where the line ends.  The
 * first line begins as the text does, all others with so many blanks, fewer
 * than half of a line; `most` lines at most (0: any number), the last of which
 * ends with an ellipsis where it is not all.  Returns the number of lines; 0:
 * there are no words. */
size_t wrap_print(const char *text, size_t indent, size_t most, FILE *out);

/* The same of each line of a text of several. */
void wrap_lines(const char *text, size_t indent, FILE *out);

/* Prints a text of several lines: those that are wider than the terminal
 * broken, each to begin two columns further in than it did; words alone at
 * wrap_columns(), what has columns (two blanks within) where the terminal ends.
 * As it is where stdout is no terminal, and $COLUMNS says nothing. */
void wrap_fold(const char *text, FILE *out);

/* wrap_print of what printf would print. */
size_t wrap_format(FILE *out, size_t indent, size_t most, const char *format,
                   ...) __attribute__((format(printf, 4, 5)));

#endif

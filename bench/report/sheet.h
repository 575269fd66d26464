/* sheet.h: what is printed as a table, for other programs: one writer for all
 * of them. */
#ifndef CORESWEEP_SHEET_H
#define CORESWEEP_SHEET_H

#include <jansson.h>
#include <stdio.h>

/* As CSV, one row an observation (RFC 4180, with Unix's line ends; null and
 * what is not known are empty, true is 1); or as a table in Markdown, with
 * numbers of four digits and an interval in one cell. */
enum sheet_format { SHEET_CSV, SHEET_MARKDOWN };

/* Writes a list of objects.  Columns are the keys in the order in which they
 * first appear; a member of an object within is KEY_MEMBER, and the median of
 * an interval KEY; lists of words or numbers are joined by ';'; lists of
 * objects are left out: rows of a table of their own, they stand in the JSON.
 * columns: those to write, in their order, by name, ended by NULL; or NULL: all
 * of them.  0, or -1 when memory is out. */
int sheet_write(const json_t *rows, enum sheet_format format,
                const char *const *columns, FILE *out);

/* A text as it may stand in Markdown, in a cell, too: nothing in it is markup;
 * a line's end is a blank. */
void sheet_markdown_text(const char *text, FILE *out);

/* The list of objects in what a command has written as JSON, borrowed: the
 * first that there is.  NULL: none. */
json_t *sheet_rows(json_t *json);

#endif

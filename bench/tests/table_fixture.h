/* table_fixture.h: the cells of a table in the terminal, by the heads that they
 * stand under.  To be included after cmocka.h. */
#ifndef CORESWEEP_TABLE_FIXTURE_H
#define CORESWEEP_TABLE_FIXTURE_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Where the k-th cell of a line of a table begins and ends, in columns of the
 * terminal; cells stand two blanks apart.  False: there is none. */
static inline bool find_cell(const char *line, int k, size_t *begin,
                             size_t *end, char cell[200]) {
  size_t column = 0;
  while (*line && *line != '\n') {
    size_t used = 0;
    for (; *line == ' '; line++)
      column++;
    *begin = column;
    for (; *line && *line != '\n' && !(line[0] == ' ' && line[1] == ' ');
         line++) {
      column += ((unsigned char)*line & 0xC0) != 0x80;
      if (used < 199)
        cell[used++] = *line;
    }
    cell[used] = '\0';
    *end = column;
    if (k-- == 0)
      return used > 0;
  }
  return false;
}

/* The cell of a line that stands under the head of that name; "" for none. */
static inline const char *cell_under(const char *head, const char *line,
                                     const char *name) {
  static char found[200];
  char cell[200];
  size_t from = 0, to = 0, begin, end;
  int k = 0;
  while (find_cell(head, k, &from, &to, cell) && strcmp(cell, name) != 0)
    k++;
  if (strcmp(cell, name) != 0)
    fail_msg("there is no column %s in: %s", name, head);
  for (int i = 0; find_cell(line, i, &begin, &end, found); i++)
    if (begin < to && from < end)
      return found;
  return "";
}

/* The line of a text that holds the words, which must be there. */
static inline const char *line_with(const char *text, const char *words) {
  for (const char *line = text; *line;) {
    size_t length = strcspn(line, "\n");
    const char *found = strstr(line, words);
    if (found && found < line + length)
      return line;
    line += length + (line[length] == '\n');
  }
  fail_msg("'%s' is not in:\n%s", words, text);
  return text;
}

struct expected_row {
  const char *words; /* that find it */
  const char *cells[6];
};

static inline void rows_are(const char *table, const char *const heads[6],
                            const struct expected_row *rows, size_t count) {
  for (size_t i = 0; i < count; i++)
    for (int k = 0; k < 6; k++)
      assert_string_equal(
          cell_under(table, line_with(table, rows[i].words), heads[k]),
          rows[i].cells[k]);
}

#endif

#include "bench/report/sheet.h"

#include "bench/plan/text.h"
#include "bench/record/fields.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { NAME = 160 };

/* The columns that there are so far. */
struct sheet {
  enum sheet_format format;
  char **names;
  size_t count, capacity;
  bool failed;
};

/* The column of that name; a new one where there is none.  -1: no memory. */
static int column_of(struct sheet *sheet, const char *name) {
  for (size_t i = 0; i < sheet->count; i++)
    if (strcmp(sheet->names[i], name) == 0)
      return (int)i;
  if (sheet->count == sheet->capacity) {
    size_t more = sheet->capacity ? 2 * sheet->capacity : 32;
    char **grown = realloc(sheet->names, more * sizeof *grown);
    if (!grown)
      return -1;
    sheet->names = grown;
    sheet->capacity = more;
  }
  sheet->names[sheet->count] = strdup(name);
  return sheet->names[sheet->count] ? (int)sheet->count++ : -1;
}

static void write_scalar(const json_t *value, enum sheet_format format,
                         FILE *out) {
  bool csv = format == SHEET_CSV;
  switch (json_typeof(value)) {
  case JSON_STRING:
    fputs(json_string_value(value), out);
    break;
  case JSON_INTEGER:
    fprintf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    break;
  case JSON_REAL:
    fprintf(out, "%.*g", csv ? 9 : 4, json_real_value(value));
    break;
  case JSON_TRUE:
    fputs(csv ? "1" : "yes", out);
    break;
  case JSON_FALSE:
    fputs(csv ? "0" : "no", out);
    break;
  default: /* null, and lists of lists, which there are not */
    break;
  }
}

static void write_value(const json_t *value, enum sheet_format format,
                        FILE *out) {
  for (size_t i = 0; i < json_array_size(value); i++) {
    if (i)
      fputc(';', out);
    write_scalar(json_array_get(value, i), format, out);
  }
  if (!json_is_array(value))
    write_scalar(value, format, out);
}

static bool is_interval(const json_t *value) {
  return json_object_get(value, "median") && json_object_get(value, "low") &&
         json_object_get(value, "high");
}

/* "4.02 (3.9–4.1)", or the median alone. */
static void write_interval(const json_t *value, FILE *out) {
  const json_t *low = json_object_get(value, "low");
  const json_t *high = json_object_get(value, "high");
  write_value(json_object_get(value, "median"), SHEET_MARKDOWN, out);
  if (!json_is_number(low) || !json_is_number(high))
    return;
  fputs(" (", out);
  write_value(low, SHEET_MARKDOWN, out);
  fputs("–", out);
  write_value(high, SHEET_MARKDOWN, out);
  fputc(')', out);
}

/* ---- filling ------------------------------------------------------------- */

/* One row: its texts by column, each owned; NULL: nothing. */
struct row {
  struct sheet *sheet;
  char **cells;
  size_t count;
};

/* Room for a text in that column; NULL: no memory. */
static char **cell_of(struct row *row, const char *name) {
  int column = column_of(row->sheet, name);
  size_t count = column < 0 ? 0 : (size_t)column + 1;
  char **cells = row->cells;
  if (count > row->count) {
    cells = realloc(cells, count * sizeof *cells);
    if (!cells)
      return NULL;
    memset(cells + row->count, 0, (count - row->count) * sizeof *cells);
    row->cells = cells;
    row->count = count;
  }
  return column < 0 || !cells ? NULL : &cells[column];
}

static void put(struct row *row, const char *name, const json_t *value,
                bool interval) {
  size_t bytes;
  char **cell = cell_of(row, name);
  FILE *out = cell ? open_memstream(cell, &bytes) : NULL;
  if (!out) {
    row->sheet->failed = true;
    return;
  }
  if (interval)
    write_interval(value, out);
  else
    write_value(value, row->sheet->format, out);
  row->sheet->failed |= fclose(out) != 0;
}

static bool is_table(const json_t *value) {
  return json_is_object(json_array_get(value, 0));
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the JSON is */
static void fill(struct row *row, const char *prefix, json_t *object) {
  const char *key;
  json_t *value;
  bool spread = is_interval(object) && *prefix;
  json_object_foreach(object, key, value) {
    char name[NAME];
    bool own = spread && strcmp(key, "median") == 0;
    text_print(name, sizeof name, "%s%s%s", prefix, *prefix && !own ? "_" : "",
               own ? "" : key);
    if (row->sheet->format == SHEET_MARKDOWN && is_interval(value))
      put(row, name, value, true);
    else if (json_is_object(value))
      fill(row, name, value);
    else if (!is_table(value))
      put(row, name, value, false);
  }
}

/* ---- writing ------------------------------------------------------------- */

void sheet_markdown_text(const char *text, FILE *out) {
  for (; text && *text; text++) {
    if (strchr("|<>`*_[]\\~#&", *text))
      fputc('\\', out);
    fputc(*text == '\n' || *text == '\r' ? ' ' : *text, out);
  }
}

static void write_line(const struct sheet *sheet, char *const *texts,
                       size_t count, const int *order, size_t columns,
                       FILE *out) {
  bool csv = sheet->format == SHEET_CSV;
  for (size_t i = 0; i < columns; i++) {
    const char *text =
        order[i] >= 0 && (size_t)order[i] < count ? texts[order[i]] : NULL;
    fputs(csv ? i ? "," : "" : "| ", out);
    if (csv)
      fields_csv_text(text, out);
    else
      sheet_markdown_text(text, out);
    fputs(csv ? "" : " ", out);
  }
  fputs(csv ? "\n" : "|\n", out);
}

static void write_all(struct sheet *sheet, const struct row *rows,
                      size_t row_count, const char *const *wanted, FILE *out) {
  size_t columns = 0;
  while (wanted && wanted[columns])
    columns++;
  columns = wanted ? columns : sheet->count;
  int *order = calloc(columns + 1, sizeof *order);
  sheet->failed |= !order;
  for (size_t i = 0; order && i < columns; i++)
    order[i] = wanted ? column_of(sheet, wanted[i]) : (int)i;
  if (order) {
    write_line(sheet, sheet->names, sheet->count, order, columns, out);
    for (size_t i = 0; sheet->format == SHEET_MARKDOWN && i < columns; i++)
      fputs(i + 1 < columns ? "|---" : "|---|\n", out);
    for (size_t r = 0; r < row_count; r++)
      write_line(sheet, rows[r].cells, rows[r].count, order, columns, out);
  }
  free(order);
}

int sheet_write(const json_t *list, enum sheet_format format,
                const char *const *columns, FILE *out) {
  struct sheet sheet = {.format = format};
  size_t count = json_array_size(list);
  struct row *rows = calloc(count + 1, sizeof *rows);
  sheet.failed = !rows;
  for (size_t i = 0; !sheet.failed && i < count; i++) {
    rows[i].sheet = &sheet;
    fill(&rows[i], "", json_array_get(list, i));
  }
  if (!sheet.failed)
    write_all(&sheet, rows, count, columns, out);
  for (size_t i = 0; rows && i < count; i++) {
    for (size_t c = 0; c < rows[i].count; c++)
      free(rows[i].cells[c]);
    free(rows[i].cells);
  }
  free(rows);
  for (size_t i = 0; i < sheet.count; i++)
    free(sheet.names[i]);
  free(sheet.names);
  return sheet.failed ? -1 : 0;
}

json_t *sheet_rows(json_t *json) {
  const char *key;
  json_t *value;
  json_object_foreach(json, key, value) {
    if (is_table(value))
      return value;
  }
  return NULL;
}

#include "bench/report/columns.h"

#include "bench/report/numbers.h"

void columns_fit(struct columns *columns, size_t column, const char *text) {
  size_t width = number_columns(text);
  if (width > columns->width[column])
    columns->width[column] = width;
}

void columns_print(const struct columns *columns, const char *const *texts,
                   size_t count, FILE *out) {
  for (size_t c = 0; c < count; c++) {
    size_t width = number_columns(texts[c]), room = columns->width[c];
    int pad = width < room ? (int)(room - width) : 0;
    bool last = c + 1 == count, right = columns->right[c];
    fprintf(out, "%*s%s%*s", right ? pad : 0, "", texts[c],
            right || last ? 0 : pad, "");
    fputs(last ? "\n" : "  ", out);
  }
}

/* ---- tables ---------------------------------------------------------------
 */

enum { BETWEEN = 2 };

static const char *text_at(const struct columns_table *table, size_t row,
                           size_t column) {
  return table->texts[row * table->columns + column];
}

/* Some columns of a table: its keys, and others from..to. */
struct part {
  size_t from, to;
};

/* What is printed of a table, and how. */
struct sheet_of {
  const struct columns_table *table;
  struct columns columns;
  size_t first; /* of the keys in a row: 1 where the first stands above it */
};

static size_t keys_width(const struct sheet_of *sheet) {
  size_t width = sheet->first ? BETWEEN : 0; /* indented */
  for (size_t c = sheet->first; c < sheet->table->keys; c++)
    width += sheet->columns.width[c] + BETWEEN;
  return width;
}

/* The part that begins with that column, and is at most so wide; of one column
 * where no more fit. */
static struct part part_from(const struct sheet_of *sheet, size_t from,
                             size_t most) {
  struct part part = {from, from};
  size_t width = keys_width(sheet);
  do {
    width += sheet->columns.width[part.to++] + BETWEEN;
  } while (part.to < sheet->table->columns &&
           width + sheet->columns.width[part.to] <= most);
  return part;
}

static size_t count_parts(const struct sheet_of *sheet, size_t most) {
  size_t parts = 0, from = sheet->table->keys;
  for (; from < sheet->table->columns; parts++)
    from = part_from(sheet, from, most).to;
  return parts;
}

/* How wide parts have to be to be as many as at that width, and even. */
static size_t even_width(const struct sheet_of *sheet, size_t width) {
  size_t parts = count_parts(sheet, width);
  while (parts > 1 && count_parts(sheet, width - 1) == parts)
    width--;
  return width;
}

static void print_row(const struct sheet_of *sheet, struct part part,
                      size_t row, FILE *out) {
  const struct columns_table *table = sheet->table;
  struct columns columns = {.width = {0}};
  const char *texts[COLUMNS_MOST];
  size_t count = 0;
  for (size_t c = sheet->first; c < part.to; c++) {
    if (c >= table->keys && c < part.from)
      continue;
    columns.width[count] = sheet->columns.width[c];
    columns.right[count] = sheet->columns.right[c];
    texts[count++] = text_at(table, row, c);
  }
  fprintf(out, "%*s", sheet->first ? BETWEEN : 0, "");
  columns_print(&columns, texts, count, out);
}

void columns_table_print(const struct columns_table *table, size_t width,
                         FILE *out) {
  struct sheet_of sheet = {.table = table};
  size_t all = 0, widest = 0;
  for (size_t c = 0; c < table->columns; c++) {
    sheet.columns.right[c] = table->right[c];
    for (size_t r = 0; r < table->rows; r++)
      columns_fit(&sheet.columns, c, text_at(table, r, c));
    size_t own = sheet.columns.width[c];
    all += own + (c > 0 ? BETWEEN : 0);
    widest = c >= table->keys && own > widest ? own : widest;
  }
  if (width == 0 || all < width)
    width = all;
  size_t beside = count_parts(&sheet, width);
  bool fits = keys_width(&sheet) + widest <= width;
  sheet.first = table->keys > 1;
  if (fits && count_parts(&sheet, width) >= beside)
    sheet.first = 0;
  width = even_width(&sheet, width);
  for (size_t from = table->keys; from < table->columns;) {
    struct part part = part_from(&sheet, from, width);
    if (from > table->keys)
      fputc('\n', out);
    for (size_t r = 0; r < table->rows; r++) {
      if (sheet.first && *text_at(table, r, 0))
        fprintf(out, "%s\n", text_at(table, r, 0));
      print_row(&sheet, part, r, out);
    }
    from = part.to;
  }
}

/* The table of what things cost. */
#include "bench/report/overheads.h"

#include "bench/report/columns.h"
#include "bench/report/numbers.h"
#include "bench/report/wrap.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { COUNTS = 64, COLUMNS = 4, CELL = 64, ROWS = 128 };

static const struct {
  const char *title;
  double scale; /* from the unit of the values to that of the title */
} heads[OVERHEAD_KINDS] = {
    [OVERHEAD_START] = {"team start-up, cold (µs)", 1e6},
    [OVERHEAD_REGION] = {"empty region, warm (µs)", 1e6},
    [OVERHEAD_TRIP] = {"one-item round trip (µs)", 1e6},
    [OVERHEAD_CHUNK] = {"per chunk of a schedule (µs)", 1e6},
    [OVERHEAD_RATE] = {"through a transport (MB/s)", 1e-6},
    [OVERHEAD_MEMORY] = {"memory of the team (MB)", 1e-6},
    [OVERHEAD_FAULT] = {"first touch, new page (µs)", 1e6},
    [OVERHEAD_MAP] = {"first touch, page there (µs)", 1e6},
};

const char *overhead_bytes(double bytes, char *text) {
  static const char *const units[] = {"B", "KiB", "MiB", "GiB"};
  int unit = 0;
  for (; unit < 3 && bytes >= 1024; unit++)
    bytes /= 1024;
  text_print(text, NUMBER_LENGTH, "%.4g %s", bytes, units[unit]);
  return text;
}

void overhead_label(const struct overhead *cost,
                    char text[static OVERHEAD_LABEL]) {
  char bytes[NUMBER_LENGTH];
  const char *team = cost->spec.team;
  const char *transport = notation_transport_name(cost->spec.transport);
  bool omp = strcmp(team, "omp") == 0, fork = strcmp(team, "fork") == 0;
  switch (cost->kind) {
  case OVERHEAD_RATE:
    text_print(text, OVERHEAD_LABEL, "%s, %s", transport,
               overhead_bytes(cost->item_bytes, bytes));
    return;
  case OVERHEAD_FAULT:
  case OVERHEAD_MAP:
    text_print(text, OVERHEAD_LABEL, "%s", team);
    return;
  case OVERHEAD_CHUNK:
    text_print(text, OVERHEAD_LABEL, "%s", cost->variant);
    return;
  case OVERHEAD_MEMORY:
    text_print(text, OVERHEAD_LABEL, "%s%s", team,
               !omp || !cost->spins ? "" : ", threads spin");
    return;
  case OVERHEAD_TRIP:
    text_print(text, OVERHEAD_LABEL, "%s%s", transport,
               cost->spins == FIELD_NULL ? ""
               : cost->spins             ? ", both sides spin"
                                         : ", both sides sleep");
    return;
  default:
    text_print(text, OVERHEAD_LABEL, "%s%s", team,
               omp ? cost->spins ? ", threads spin" : ", threads sleep"
               : fork || cost->kind == OVERHEAD_START ? ""
               : cost->spins                          ? ", workers spin"
                                                      : ", workers sleep");
  }
}

static bool has_count(const int64_t *counts, size_t count, int64_t workers) {
  for (size_t i = 0; i < count; i++)
    if (counts[i] == workers)
      return true;
  return false;
}

size_t overheads_counts(const struct overheads *overheads,
                        enum overhead_kind kind, int64_t *counts,
                        size_t capacity) {
  size_t count = 0;
  for (size_t i = 0; i < overheads->count; i++) {
    const struct overhead *c = &overheads->list[i];
    if (c->kind != kind || count == capacity ||
        has_count(counts, count, c->workers))
      continue;
    size_t at = count++;
    for (; at > 0 && counts[at - 1] > c->workers; at--)
      counts[at] = counts[at - 1];
    counts[at] = c->workers;
  }
  return count;
}

/* The columns: the first, and the last three. */
static size_t choose_columns(const struct overheads *overheads,
                             int64_t columns[COLUMNS], bool *left_out) {
  int64_t counts[COUNTS];
  size_t count = overheads_counts(overheads, OVERHEAD_REGION, counts, COUNTS);
  size_t take = count < COLUMNS ? count : COLUMNS;
  for (size_t i = 0; i < take; i++)
    columns[i] = i == 0 ? counts[0] : counts[count - take + i];
  *left_out = count > take;
  return take;
}

static void fill_cell(const struct overhead *cost, char cell[CELL]) {
  char median[NUMBER_LENGTH], low[NUMBER_LENGTH], high[NUMBER_LENGTH];
  double scale = heads[cost->kind].scale;
  const struct interval *value = &cost->value;
  number_plain(value->median * scale, median);
  if (!isfinite(value->median) && isfinite(cost->at_least))
    text_print(cell, CELL, "over %.20s *",
               number_plain(cost->at_least * scale, median));
  else if (!isfinite(value->median))
    text_print(cell, CELL, cost->kind == OVERHEAD_RATE ? "*" : "-");
  else if (!isfinite(value->low) || !isfinite(value->high))
    text_print(cell, CELL, "%.20s", median);
  else
    text_print(cell, CELL, "%.16s (%.16s–%.16s)", median,
               number_plain(value->low * scale, low),
               number_plain(value->high * scale, high));
}

enum { INDENT = 2 }; /* of labels below their head */

struct row {
  enum overhead_kind kind;
  char label[INDENT + OVERHEAD_LABEL];
  char cells[COLUMNS][CELL];
};

struct table {
  struct row rows[ROWS];
  size_t row_count;
  int64_t workers[COLUMNS];
  size_t count; /* of worker counts */
  struct columns columns;
  bool left_out, censored;
};

static struct row *row_of(struct table *table, const struct overhead *cost) {
  char label[OVERHEAD_LABEL];
  overhead_label(cost, label);
  for (size_t i = 0; i < table->row_count; i++)
    if (table->rows[i].kind == cost->kind &&
        strcmp(table->rows[i].label + INDENT, label) == 0)
      return &table->rows[i];
  if (table->row_count == ROWS)
    return NULL;
  struct row *row = &table->rows[table->row_count++];
  row->kind = cost->kind;
  text_print(row->label, sizeof row->label, "%*s%s", INDENT, "", label);
  return row;
}

static void fill_table(const struct overheads *overheads, struct table *table) {
  for (size_t i = 0; i < overheads->count; i++) {
    const struct overhead *cost = &overheads->list[i];
    for (size_t c = 0; c < table->count; c++) {
      if (table->workers[c] != cost->workers)
        continue;
      struct row *row = row_of(table, cost);
      if (!row)
        return;
      fill_cell(cost, row->cells[c]);
      table->censored |=
          cost->kind == OVERHEAD_RATE && !isfinite(cost->value.median);
    }
  }
}

/* The worker counts in heads are left out: costs and their intervals are
 * wider. */
static void fit_columns(struct table *table) {
  for (int k = 0; k < OVERHEAD_KINDS; k++)
    columns_fit(&table->columns, 0, heads[k].title);
  for (size_t i = 0; i < table->row_count; i++) {
    columns_fit(&table->columns, 0, table->rows[i].label);
    for (size_t c = 0; c < table->count; c++)
      columns_fit(&table->columns, 1 + c, table->rows[i].cells[c]);
  }
}

static const char *worker_words(int64_t workers, char text[static CELL]) {
  text_print(text, CELL, "%" PRId64 " worker%s", workers,
             workers == 1 ? "" : "s");
  return text;
}

static void print_head(const struct table *table, enum overhead_kind kind,
                       FILE *out) {
  char workers[COLUMNS][CELL];
  const char *texts[1 + COLUMNS] = {heads[kind].title};
  for (size_t c = 0; c < table->count; c++)
    texts[1 + c] = worker_words(table->workers[c], workers[c]);
  columns_print(&table->columns, texts, 1 + table->count, out);
}

static void print_table(const struct table *table, FILE *out) {
  for (size_t i = 0; i < table->row_count; i++) {
    const struct row *row = &table->rows[i];
    const char *texts[1 + COLUMNS] = {row->label};
    if (i == 0 || row->kind != table->rows[i - 1].kind)
      print_head(table, row->kind, out);
    size_t last = table->count;
    while (last > 0 && !*row->cells[last - 1])
      last--;
    for (size_t c = 0; c < last; c++)
      texts[1 + c] = row->cells[c];
    columns_print(&table->columns, texts, 1 + last, out);
  }
}

/* Owned; NULL: no memory. */
static struct table *make_table(const struct overheads *overheads) {
  struct table *table = calloc(1, sizeof *table);
  if (!table)
    return NULL;
  table->count = choose_columns(overheads, table->workers, &table->left_out);
  fill_table(overheads, table);
  return table;
}

static void print_notes(const struct overheads *overheads,
                        const struct table *table, FILE *out) {
  wrap_format(
      out, 2, 0,
      "Medians with 95%% intervals over %" PRIu32
      " rounds.  start-up: start + first region - warm region; fork starts "
      "its team in each region.  per chunk: of one item, in wall time, all "
      "workers at once.  memory: PSS, the program's own included.  first "
      "touch: a fault; of a page that is found and cleared, or there and only "
      "mapped.",
      overheads->rounds);
  if (table->censored)
    fputs("* too small to measure: not told apart from shm, where results are "
          "written in place\n",
          out);
  if (table->left_out)
    fputs("Other worker counts: overheads.json.\n", out);
  if (overheads->failed > 0)
    fprintf(out, "%zu trials failed, and are left out.\n", overheads->failed);
}

void overheads_table(const struct overheads *overheads, FILE *out) {
  struct table *table = make_table(overheads);
  if (!table)
    return;
  fit_columns(table);
  print_table(table, out);
  print_notes(overheads, table, out);
  free(table);
}

/* ---- on a page ----------------------------------------------------------- */

static void write_rows(struct page *page, const struct table *table,
                       const char *const *names) {
  for (size_t i = 0; i < table->row_count; i++) {
    const struct row *row = &table->rows[i];
    if (i == 0 || row->kind != table->rows[i - 1].kind)
      page_table_group(page, heads[row->kind].title, 1 + table->count, i == 0);
    fputs("<tr>", page->out);
    page_element(page, "th scope=\"row\"", row->label + INDENT);
    for (size_t c = 0; c < table->count; c++)
      page_cell(page, names[1 + c], NULL, row->cells[c]);
    fputs("</tr>\n", page->out);
  }
}

void overheads_page_table(struct page *page, const void *of) {
  const struct overheads *overheads = of;
  char workers[COLUMNS][CELL], *notes = NULL;
  const char *names[1 + COLUMNS] = {"what it costs"};
  struct table *table = make_table(overheads);
  size_t bytes;
  FILE *out = open_memstream(&notes, &bytes);
  if (table && out) {
    for (size_t c = 0; c < table->count; c++)
      names[1 + c] = worker_words(table->workers[c], workers[c]);
    page_table(page, "All numbers", true, names, 1 + table->count);
    write_rows(page, table, names);
    page_table_end(page);
    print_notes(overheads, table, out);
  }
  if (out)
    (void)fclose(out);
  fputs("<p class=\"facts\">", page->out);
  page_text(page, notes ? notes : "");
  fputs("</p>\n", page->out);
  free(notes);
  free(table);
}

#include "bench/report/crossing.h"

#include "bench/report/columns.h"
#include "bench/report/wrap.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 5, CELL = REPORT_LINE, MANY = 96 };

const char *crossing_items(double items, char text[static NUMBER_LENGTH]) {
  if (!isfinite(items) || items < 100)
    return number_plain(items, text);
  double unit = pow(10, floor(log10(items)) - 2);
  return number_count((uint64_t)(floor(items / unit + 0.5) * unit + 0.5), text);
}

/* The grid that a crossing was found in. */
static const struct crossing_grid *grid_of(const struct crossing_case *c,
                                           double size) {
  for (size_t g = 0; g < c->grid_count; g++)
    if (size <= c->grids[g].sizes[c->grids[g].count - 1])
      return &c->grids[g];
  return c->grid_count > 0 ? &c->grids[c->grid_count - 1] : NULL;
}

const char *crossing_size_text(const struct crossing_case *c,
                               struct interval size,
                               char text[static REPORT_LINE]) {
  const struct crossing_grid *grid = grid_of(c, size.median);
  char number[NUMBER_LENGTH], low[NUMBER_LENGTH], high[NUMBER_LENGTH];
  struct text whole = text_begin(text, REPORT_LINE);
  text_add(&whole, "%s %s", crossing_items(size.median, number),
           c->workload->kernel->items);
  if (isnan(size.low) || isnan(size.high) || !grid)
    return text;
  bool under = isinf(size.low), over = isinf(size.high);
  text_add(
      &whole, " (%s%s–%s%s)", under ? "under " : "",
      crossing_items(under ? grid->sizes[0] : size.low, low),
      over ? "over " : "",
      crossing_items(over ? grid->sizes[grid->count - 1] : size.high, high));
  return text;
}

static const char *task_text(struct interval task_s,
                             char text[static REPORT_LINE]) {
  char number[NUMBER_LENGTH], low[NUMBER_LENGTH], high[NUMBER_LENGTH];
  number_time(task_s.low, low);
  number_time(task_s.high, high);
  struct text whole = text_begin(text, REPORT_LINE);
  text_add(&whole, "%s", number_time(task_s.median, number));
  if (!isnan(task_s.low) && !isnan(task_s.high))
    text_add(&whole, " (%s–%s)", isinf(task_s.low) ? "open" : low,
             isinf(task_s.high) ? "open" : high);
  return text;
}

static const char *exact(double items, char text[static NUMBER_LENGTH]) {
  return number_count((uint64_t)(items + 0.5), text);
}

/* "1 integer", "5 000 integers". */
static const char *many(const struct crossing_case *c, double items,
                        char text[static MANY]) {
  char number[NUMBER_LENGTH];
  text_print(text, MANY, "%s %.40s", exact(items, number),
             items < 1.5 ? c->workload->kernel->item
                         : c->workload->kernel->items);
  return text;
}

const char *crossing_answer(const struct crossing_case *c,
                            char text[static REPORT_LINE]) {
  char number[MANY], time[NUMBER_LENGTH];
  bool tasks = c->question == CROSSING_GRANULARITY;
  const struct crossing *fall = crossing_first(c, false);
  if (c->outcome == CROSSING_FOUND && tasks)
    return task_text(c->metg.task_s, text);
  if (c->outcome == CROSSING_FOUND && fall)
    return crossing_size_text(c, fall->size, text);
  const struct search_probe *bound = crossing_bound(c);
  if (!bound) {
    text_print(text, REPORT_LINE, "not settled");
    return text;
  }
  bool never = c->outcome != CROSSING_ALWAYS;
  const char *sign = never ? ">" : "≤";
  if (tasks)
    text_print(text, REPORT_LINE, "%s %s", sign,
               number_time(crossing_task_s(c, bound), time));
  else
    text_print(text, REPORT_LINE, "%s %s", sign, many(c, bound->size, number));
  return text;
}

const char *crossing_verdict(struct interval ratio) {
  if (isnan(ratio.low))
    return "not compared with serial";
  return ratio.low > 1    ? "faster than serial"
         : ratio.high < 1 ? "slower than serial"
                          : "not told apart from serial";
}

static void next_remark(struct text *text) {
  if (text->length > 0)
    text_add(text, "; ");
}

static void remarks(const struct crossing_case *c, struct text *text) {
  char number[NUMBER_LENGTH], ratio[NUMBER_LENGTH], size[REPORT_LINE];
  const struct search_probe *bound = crossing_bound(c);
  if (bound && c->outcome != CROSSING_ALWAYS)
    text_add(text, "%s up to %s (limit: %s)",
             c->outcome == CROSSING_UNSETTLED ? "from there not settled"
             : bound->size < c->search.high   ? "from there not told apart"
                                              : "never",
             exact(c->search.high, number), c->limit);
  if (c->outcome == CROSSING_ALWAYS)
    text_add(text, "%s",
             bound && bound->size > c->search.low
                 ? "not told apart below"
                 : "already at the smallest size");
  if (c->question == CROSSING_GRANULARITY && c->outcome == CROSSING_FOUND) {
    text_add(text, "%s", crossing_size_text(c, c->metg.items, size));
    if (!crossing_slope_usual(c->metg.slope))
      text_add(text, "; slope %s, outside 0.8–1.2",
               number_plain(c->metg.slope, number));
  }
  bool first = true;
  for (size_t i = 0; i < c->crossing_count; i++) {
    if (!c->crossings[i].rising && first) {
      first = false;
      continue;
    }
    next_remark(text);
    text_add(text, "%s past %s",
             c->crossings[i].rising ? "slower again" : "faster again",
             crossing_size_text(c, c->crossings[i].size, size));
  }
  if (c->own.count > 0) {
    next_remark(text);
    text_add(text, "at %s: %s, %s", exact(c->own.sizes[0], number),
             number_ratio_interval(c->own_ratio, ratio),
             crossing_verdict(c->own_ratio));
  }
  if (c->lost > 0) {
    next_remark(text);
    text_add(text, "%" PRIu32 " rounds left out: a trial failed", c->lost);
  }
}

typedef char row[COLUMNS][CELL];

/* The head, and a row a case; owned; NULL: no memory.  once: a workload's name
 * stands in its first row alone. */
static row *make_rows(const struct crossing_case *cases, size_t count,
                      bool once) {
  row *rows = calloc(count + 1, sizeof *rows);
  if (!rows)
    return NULL;
  bool tasks = count > 0 && cases[0].question == CROSSING_GRANULARITY;
  const char *const head[COLUMNS] = {"kernel", "variant", "workers",
                                     tasks ? "METG(50%)" : "beats serial from",
                                     "remark"};
  for (int k = 0; k < COLUMNS; k++)
    text_print(rows[0][k], CELL, "%s", head[k]);
  for (size_t i = 0; i < count; i++) {
    const struct crossing_case *c = &cases[i];
    bool again = once && i > 0 && c->workload == cases[i - 1].workload;
    char brief[TEXT_BRIEF];
    text_print(rows[i + 1][0], CELL, "%s",
               again ? "" : text_brief(c->workload->name, 60, brief));
    text_print(rows[i + 1][1], CELL, "%s", c->variant);
    text_print(rows[i + 1][2], CELL, "%" PRIu32, c->workers);
    crossing_answer(c, rows[i + 1][3]);
    struct text remark = text_begin(rows[i + 1][4], CELL);
    remarks(c, &remark);
  }
  return rows;
}

void crossing_page_table(struct page *page, const void *of) {
  const struct crossing_cases *cases = of;
  row *rows = make_rows(cases->list, cases->count, false);
  const char *names[COLUMNS];
  if (!rows)
    return;
  for (size_t k = 0; k < COLUMNS; k++)
    names[k] = rows[0][k];
  page_table(page, "All numbers", true, names, COLUMNS);
  for (size_t i = 1; i <= cases->count; i++) {
    fputs("<tr>", page->out);
    page_element(page, "th scope=\"row\"", rows[i][0]);
    for (size_t k = 1; k < COLUMNS; k++)
      page_cell(page, names[k], k + 1 < COLUMNS ? NULL : "words", rows[i][k]);
    fputs("</tr>\n", page->out);
  }
  page_table_end(page);
  free(rows);
}

void crossing_table(const struct crossing_case *cases, size_t count,
                    FILE *out) {
  enum { GAP = 2, REMARK = COLUMNS - 1 };
  row *rows = make_rows(cases, count, true);
  struct columns columns = {.right = {[2] = true}};
  size_t width = (size_t)REMARK * GAP;
  if (!rows)
    return;
  for (size_t i = 0; i <= count; i++)
    for (size_t k = 0; k < COLUMNS; k++)
      columns_fit(&columns, k, rows[i][k]);
  for (size_t k = 0; k < COLUMNS; k++)
    width += columns.width[k];
  bool below = width > wrap_columns(); /* remarks are */
  for (size_t i = 0; i <= count; i++) {
    const char *texts[COLUMNS];
    for (size_t k = 0; k < COLUMNS; k++)
      texts[k] = rows[i][k];
    columns_print(&columns, texts, below ? REMARK : COLUMNS, out);
    if (below && i > 0)
      wrap_format(out, 4, 0, "    %s", texts[REMARK]);
  }
  free(rows);
}

static void breakeven_sentence(const struct crossing_case *c, FILE *out) {
  char text[REPORT_LINE], number[MANY], ratio[NUMBER_LENGTH],
      high[NUMBER_LENGTH];
  const struct crossing *fall = crossing_first(c, false);
  const struct crossing *rise = crossing_first(c, true);
  const struct search_probe *bound = crossing_bound(c);
  const char *what =
      strcmp(c->scope, "region") == 0 ? "the warm region" : "the whole program";
  if (fall)
    fprintf(out, "%s begins to beat serial at %s", what,
            crossing_size_text(c, fall->size, text));
  else if (c->outcome == CROSSING_NEVER)
    fprintf(out, "%s is not shown to beat serial at any size up to %s", what,
            many(c, c->search.high, number));
  else if (c->outcome == CROSSING_ALWAYS && bound)
    fprintf(out, "%s beats serial from %s on", what,
            many(c, bound->size, number));
  else if (bound)
    fprintf(out,
            "%s is slower than serial at %s, and not settled from there "
            "up to %s",
            what, many(c, bound->size, number),
            crossing_items(c->search.high, high));
  else
    fprintf(out, "%s is not told apart from serial up to %s", what,
            many(c, c->search.high, number));
  if (rise)
    fprintf(out, ", and %s %s", fall ? "is slower than serial past" : "up to",
            crossing_size_text(c, rise->size, text));
  if (c->own.count > 0)
    fprintf(out, "; at its own %s it is %s: %s",
            many(c, c->own.sizes[0], number), crossing_verdict(c->own_ratio),
            number_ratio_interval(c->own_ratio, ratio));
}

static void granularity_sentence(const struct crossing_case *c, FILE *out) {
  char text[REPORT_LINE], items[REPORT_LINE], number[MANY], time[NUMBER_LENGTH];
  const struct search_probe *bound = crossing_bound(c);
  number_time(crossing_task_s(c, bound), time);
  if (c->outcome == CROSSING_FOUND)
    fprintf(out,
            "half efficient from tasks of %s of serial time on, that is %s",
            task_text(c->metg.task_s, text),
            crossing_size_text(c, c->metg.items, items));
  else if (c->outcome != CROSSING_ALWAYS && bound)
    fprintf(out, "less than half efficient with tasks up to %s (%s)", time,
            many(c, bound->size, number));
  else if (bound)
    fprintf(out, "half efficient already with tasks of %s (%s)", time,
            many(c, bound->size, number));
  else
    fputs("its efficiency is not told apart from 50%", out);
}

void crossing_sentences(const struct crossing_case *cases, size_t count,
                        FILE *out) {
  for (size_t i = 0; i < count; i++) {
    const struct crossing_case *c = &cases[i];
    fprintf(out, "%s, %s, %" PRIu32 " worker%s: ", c->workload->name,
            c->variant, c->workers, c->workers == 1 ? "" : "s");
    if (c->question == CROSSING_GRANULARITY)
      granularity_sentence(c, out);
    else
      breakeven_sentence(c, out);
    fputs(".\n", out);
  }
}

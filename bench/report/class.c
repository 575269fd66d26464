/* Many machines that measured the same, in the terminal. */
#include "bench/report/class.h"

#include "bench/report/columns.h"
#include "bench/report/numbers.h"
#include "bench/report/sheet.h"
#include "bench/report/wrap.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* First the head. */
static struct class_line *new_lines(size_t rows, size_t *count) {
  *count = rows + 1;
  return calloc(rows + 1, sizeof(struct class_line));
}

/* ---- a row a workload ---------------------------------------------------- */

static void add_spread(const struct class_values *values, bool speedup,
                       char cell[static CLASS_CELL],
                       char own[static CLASS_CELL]) {
  char number[NUMBER_LENGTH];
  if (speedup)
    number_ratio(values->spread.median, number);
  else
    number_rate(values->spread.median, "", number);
  text_print(cell, CLASS_CELL, "%s", number);
  if (values->place == 0)
    text_print(own, CLASS_CELL, "-");
  else
    text_print(own, CLASS_CELL, "%zu of %zu", values->place, values->count);
}

struct class_line *class_workload_lines(const struct class *class,
                                        size_t *count) {
  struct class_line *lines = new_lines(class->row_count, count);
  if (!lines)
    return NULL;
  lines[0] = (struct class_line){{"median of all", "one CPU", "yours",
                                  "all CPUs", "yours", "speedup", "yours"},
                                 false};
  for (size_t i = 0; i < class->row_count; i++) {
    const struct class_row *row = &class->rows[i];
    struct class_line *line = &lines[i + 1];
    char name[REPORT_NAME];
    text_print(line->cells[0], CLASS_CELL, "%.60s",
               report_name(row->workload, name));
    for (int q = 0; q < CLASS_QUANTITIES; q++)
      add_spread(&row->of[q], q == CLASS_SPEEDUP, line->cells[2 * q + 1],
                 line->cells[2 * q + 2]);
  }
  return lines;
}

/* ---- a row a run --------------------------------------------------------- */

struct named {
  const char *name;
  size_t run;
};

/* In natural order: 2 before 10. */
static int by_name(const void *left, const void *right) {
  const struct named *a = left, *b = right;
  int order = strverscmp(a->name, b->name);
  return order ? order : (a->run > b->run) - (a->run < b->run);
}

static const char spoilt_mark[] = " ‡";

static void fill_run(const struct class *class, const struct named *of,
                     struct class_line *line) {
  const struct run_facts *run = &class->runs[of->run]->run;
  char number[NUMBER_LENGTH], brief[TEXT_BRIEF];
  line->own = of->run == class->own;
  text_print(line->cells[0], CLASS_CELL, "%s%s",
             text_brief(of->name, 28, brief),
             class_spoilt(class, of->run) > 0 ? spoilt_mark : "");
  if (run->usable_cpus != FIELD_NULL)
    text_print(line->cells[1], CLASS_CELL, "%" PRId64, run->usable_cpus);
  for (int q = 0; q < CLASS_QUANTITIES; q++)
    text_print(line->cells[2 + q], CLASS_CELL, "%s",
               number_ratio(class->scores[q][of->run], number));
}

struct class_line *class_run_lines(const struct class *class,
                                   const char *const *names, size_t *count) {
  struct class_line *lines = new_lines(class->run_count, count);
  struct named *order = calloc(class->run_count + 1, sizeof *order);
  if (lines && order) {
    lines[0] = (struct class_line){
        {"run", "CPUs", "one CPU", "all CPUs", "speedup"}, false};
    for (size_t k = 0; k < class->run_count; k++)
      order[k] = (struct named){names[k], k};
    qsort(order, class->run_count, sizeof *order, by_name);
    for (size_t k = 0; k < class->run_count; k++)
      fill_run(class, &order[k], &lines[k + 1]);
  } else {
    free(lines);
    lines = NULL;
  }
  free(order);
  return lines;
}

/* ---- the whole ----------------------------------------------------------- */

/* marked: one's own has a sign in front. */
static void print_lines(const struct class_line *lines, size_t count,
                        size_t cells, bool marked, FILE *out) {
  struct columns columns = {
      .right = {false, true, true, true, true, true, true}};
  const char *texts[CLASS_CELLS];
  char first[CLASS_CELL + 2];
  for (int pass = 0; pass < 2; pass++)
    for (size_t i = 0; i < count; i++) {
      const char *sign = !marked ? "" : lines[i].own ? "> " : "  ";
      text_print(first, sizeof first, "%s%s", sign, lines[i].cells[0]);
      for (size_t c = 0; c < cells; c++) {
        texts[c] = c ? lines[i].cells[c] : first;
        if (pass == 0)
          columns_fit(&columns, c, texts[c]);
      }
      if (pass == 1)
        columns_print(&columns, texts, cells, out);
    }
}

void class_headline(const struct class *class, char text[static REPORT_LINE]) {
  struct text line = text_begin(text, REPORT_LINE);
  char one[NUMBER_LENGTH], all[NUMBER_LENGTH], speedup[NUMBER_LENGTH];
  const double scores[] = {class->scores[CLASS_ONE][class->own],
                           class->scores[CLASS_ALL][class->own],
                           class->scores[CLASS_SPEEDUP][class->own]};
  number_ratio(scores[0], one);
  number_ratio(scores[1], all);
  number_ratio(scores[2], speedup);
  text_add(&line, "Of %zu runs, yours has ", class->run_count);
  if (isfinite(scores[0]))
    text_add(&line, "%s the median's speed on one CPU, ", one);
  if (isfinite(scores[1]))
    text_add(&line, "%s on all, ", all);
  if (isfinite(scores[2]))
    text_add(&line, "and a speedup of %s", speedup);
  else
    text_add(&line, "and no speedup that is known");
}

static void print_others(const struct class *class, FILE *out) {
  for (size_t i = 0; i < class->row_count; i++) {
    const struct class_row *row = &class->rows[i];
    char name[REPORT_NAME];
    if (row->other_problems > 0)
      wrap_format(out, 2, 0,
                  "%s: %zu of %zu runs are not comparable with yours: another "
                  "size, parameter, seed or way to measure; --class 1 fixes "
                  "them.",
                  report_name(row->workload, name), row->other_problems,
                  class->run_count);
  }
}

size_t class_spoilt_runs(const struct class *class) {
  size_t runs = 0;
  for (size_t k = 0; k < class->run_count; k++)
    runs += class_spoilt(class, k) > 0;
  return runs;
}

void class_notes(const struct class *class, FILE *out) {
  size_t spoilt = class_spoilt_runs(class);
  if (spoilt > 0)
    wrap_format(out, 2, 0,
                "‡ %zu of %zu runs%s: others used the machine meanwhile, or it "
                "was held back, at some of the points; what is told of these "
                "is not of their machines. Measure them again, undisturbed.",
                spoilt, class->run_count,
                class_spoilt(class, class->own) > 0 ? ", and yours among them"
                                                    : "");
  print_others(class, out);
  wrap_format(out, 2, 0,
              "One CPU: items per second of serial.  All CPUs: of omp:static "
              "(else the first parallel variant) at the run's most workers.  "
              "A run's speeds: by the median of all runs; they and its "
              "speedup are medians over the workloads.  Yours: its place, the "
              "fastest first.");
}

void class_report(const struct class *class, const char *const *names,
                  FILE *out) {
  size_t workloads, runs;
  struct class_line *of_workloads = class_workload_lines(class, &workloads);
  struct class_line *of_runs = class_run_lines(class, names, &runs);
  fprintf(out, "%zu runs; yours (>): %s\n\n", class->run_count,
          names[class->own]);
  if (of_workloads) /* the speedup's place is for where there is room */
    print_lines(of_workloads, workloads, CLASS_CELLS - 1, false, out);
  fputc('\n', out);
  if (of_runs)
    print_lines(of_runs, runs, 5, true, out);
  fputc('\n', out);
  class_notes(class, out);
  free(of_workloads);
  free(of_runs);
}

static void put_markdown(const struct class_line *lines, size_t count,
                         size_t cells, FILE *out) {
  for (size_t i = 0; lines && i < count; i++) {
    for (size_t c = 0; c < cells; c++) {
      const char *bold = lines[i].own && c == 0 ? "**" : "";
      fprintf(out, "| %s", bold);
      sheet_markdown_text(lines[i].cells[c], out);
      fprintf(out, "%s ", bold);
    }
    fputs("|\n", out);
    for (size_t c = 0; i == 0 && c < cells; c++)
      fputs(c ? "|---:" : "|---", out);
    fputs(i == 0 ? "|\n" : "", out);
  }
}

void class_markdown(const struct class *class, const char *const *names,
                    FILE *out) {
  char text[REPORT_LINE];
  size_t workloads, runs;
  struct class_line *of_workloads = class_workload_lines(class, &workloads);
  struct class_line *of_runs = class_run_lines(class, names, &runs);
  class_headline(class, text);
  fprintf(out, "**%s**\n\n", text);
  put_markdown(of_workloads, workloads, CLASS_CELLS, out);
  fputc('\n', out);
  put_markdown(of_runs, runs, 5, out);
  fputc('\n', out);
  class_notes(class, out);
  free(of_workloads);
  free(of_runs);
}

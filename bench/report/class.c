/* Many machines that measured the same, in the terminal. */
#include "bench/report/class.h"

#include "bench/report/columns.h"
#include "bench/report/numbers.h"
#include "bench/report/wrap.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { CELLS = 6, CELL = 128 };

struct line {
  char cells[CELLS][CELL];
};

static void print_lines(const struct line *lines, size_t count, size_t cells,
                        FILE *out) {
  struct columns columns = {.right = {false, true, true, true, true, true}};
  const char *texts[CELLS];
  for (size_t i = 0; i < count; i++)
    for (size_t c = 0; c < cells; c++)
      columns_fit(&columns, c, lines[i].cells[c]);
  for (size_t i = 0; i < count; i++) {
    for (size_t c = 0; c < cells; c++)
      texts[c] = lines[i].cells[c];
    columns_print(&columns, texts, cells, out);
  }
}

/* ---- a row a workload ---------------------------------------------------- */

static void add_spread(const struct class_values *values, bool speedup,
                       char cell[static CELL], char own[static CELL]) {
  char number[NUMBER_LENGTH];
  if (speedup)
    number_ratio(values->spread.median, number);
  else
    number_rate(values->spread.median, "", number);
  text_print(cell, CELL, "%s", number);
  if (values->place == 0)
    text_print(own, CELL, "-");
  else
    text_print(own, CELL, "%zu of %zu", values->place, values->count);
}

static void print_workloads(const struct class *class, FILE *out) {
  struct line *lines = calloc(class->row_count + 1, sizeof *lines);
  if (!lines)
    return;
  lines[0] = (struct line){
      {"median of all", "one CPU", "yours", "all CPUs", "yours", "speedup"}};
  for (size_t i = 0; i < class->row_count; i++) {
    const struct class_row *row = &class->rows[i];
    struct line *line = &lines[i + 1];
    char name[REPORT_NAME], ignored[CELL];
    text_print(line->cells[0], CELL, "%.60s", report_name(row->workload, name));
    add_spread(&row->of[CLASS_ONE], false, line->cells[1], line->cells[2]);
    add_spread(&row->of[CLASS_ALL], false, line->cells[3], line->cells[4]);
    add_spread(&row->of[CLASS_SPEEDUP], true, line->cells[5], ignored);
  }
  print_lines(lines, class->row_count + 1, 6, out);
  free(lines);
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

static void fill_run(const struct class *class, const struct named *of,
                     struct line *line) {
  const struct run_facts *run = &class->runs[of->run]->run;
  char number[NUMBER_LENGTH], brief[TEXT_BRIEF];
  text_print(line->cells[0], CELL, "%s%s", of->run == class->own ? "> " : "  ",
             text_brief(of->name, 28, brief));
  if (run->usable_cpus != FIELD_NULL)
    text_print(line->cells[1], CELL, "%" PRId64, run->usable_cpus);
  for (int q = 0; q < CLASS_QUANTITIES; q++)
    text_print(line->cells[2 + q], CELL, "%s",
               number_ratio(class->scores[q][of->run], number));
}

static void print_runs(const struct class *class, const char *const *names,
                       FILE *out) {
  struct line *lines = calloc(class->run_count + 1, sizeof *lines);
  struct named *order = calloc(class->run_count + 1, sizeof *order);
  if (lines && order) {
    lines[0] =
        (struct line){{"  run", "CPUs", "one CPU", "all CPUs", "speedup"}};
    for (size_t k = 0; k < class->run_count; k++)
      order[k] = (struct named){names[k], k};
    qsort(order, class->run_count, sizeof *order, by_name);
    for (size_t k = 0; k < class->run_count; k++)
      fill_run(class, &order[k], &lines[k + 1]);
    print_lines(lines, class->run_count + 1, 5, out);
  }
  free(lines);
  free(order);
}

/* ---- the whole ----------------------------------------------------------- */

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

void class_report(const struct class *class, const char *const *names,
                  FILE *out) {
  fprintf(out, "%zu runs; yours (>): %s\n\n", class->run_count,
          names[class->own]);
  print_workloads(class, out);
  fputc('\n', out);
  print_runs(class, names, out);
  fputc('\n', out);
  print_others(class, out);
  wrap_format(out, 0, 0,
              "One CPU: items per second of serial.  All CPUs: of omp:static "
              "(else the first parallel variant) at the run's most workers.  "
              "A run's speeds: by the median of all runs; they and its "
              "speedup are medians over the workloads.  Yours: its place, the "
              "fastest first.");
}

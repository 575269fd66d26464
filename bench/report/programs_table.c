/* The answers of programs, and the table of their times. */
#include "bench/plan/text.h"
#include "bench/report/columns.h"
#include "bench/report/numbers.h"
#include "bench/report/programs.h"
#include "bench/report/region_table.h"
#include "bench/report/report.h"
#include "bench/report/wrap.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- the table ----------------------------------------------------------- */

/* program, how it was run, and workers name a row. */
enum { COLUMNS = 8, KEYS = 3, CELL = 80 };

struct row {
  char cells[COLUMNS][CELL];
};

static void fill_row(const struct workload_result *workload,
                     const struct result *r, struct row *row) {
  char name[REPORT_NAME], number[NUMBER_LENGTH];
  bool serial = result_is_serial(r);
  snprintf(row->cells[0], CELL, "%.60s", report_name(workload, name));
  char marks[REPORT_MARKS];
  snprintf(row->cells[1], CELL, "%s%s", serial ? "baseline" : r->requested,
           report_marks(report_flags(r), marks));
  snprintf(row->cells[2], CELL, "%" PRId64, r->workers);
  snprintf(row->cells[3], CELL, "%s", number_time(r->program_s.median, number));
  snprintf(row->cells[4], CELL, "%s",
           serial ? "1" : number_ratio_interval(r->program_speedup, number));
  snprintf(
      row->cells[5], CELL, "%s",
      number_percent(r->program_speedup.median / (double)r->workers, number));
  snprintf(row->cells[6], CELL, "%s", number_time(r->cpu_s.median, number));
  snprintf(row->cells[7], CELL, "%s", number_time(r->core_s.median, number));
}

static void print_table(const struct analysis *analysis, FILE *out) {
  struct row *rows = calloc(analysis->result_count + 1, sizeof *rows);
  const char **texts =
      calloc((analysis->result_count + 1) * COLUMNS, sizeof *texts);
  struct columns_table table = {
      .texts = texts,
      .rows = 1,
      .columns = COLUMNS,
      .keys = KEYS,
      .right = {[2] = true, [3] = true, [5] = true, [6] = true, [7] = true}};
  if (rows && texts) {
    rows[0] = (struct row){{"program", "run as", "workers", "time", "speedup",
                            "efficiency", "CPU time", "core time"}};
    for (size_t s = 0; s < analysis->workload_count; s++)
      for (size_t i = 0; i < analysis->result_count; i++)
        if (result_is_of(&analysis->results[i], &analysis->workloads[s]))
          fill_row(&analysis->workloads[s], &analysis->results[i],
                   &rows[table.rows++]);
    for (size_t i = 0; i < table.rows; i++) {
      for (size_t c = 0; c < COLUMNS; c++)
        texts[i * COLUMNS + c] = rows[i].cells[c];
      if (i > 1 && strcmp(rows[i].cells[0], rows[i - 1].cells[0]) == 0)
        texts[i * COLUMNS] = ""; /* the program once */
    }
    columns_table_print(&table, wrap_terminal(stdout), out);
  }
  free(texts);
  free(rows);
}

bool report_is_of_programs(const struct analysis *analysis) {
  for (size_t s = 0; s < analysis->workload_count; s++)
    if (!analysis->workloads[s].kernel ||
        strcmp(analysis->workloads[s].kernel, record_program) != 0)
      return false;
  return analysis->workload_count > 0;
}

void report_programs(const struct analysis *analysis,
                     const struct report_worth *worth, FILE *out) {
  const struct run_facts *run = &analysis->run;
  for (size_t s = 0; s < analysis->workload_count; s++)
    report_program(analysis, &analysis->workloads[s], worth, out);
  fputc('\n', out);
  print_table(analysis, out);
  uint32_t flags = 0;
  for (size_t i = 0; i < analysis->result_count; i++)
    flags |= report_flags(&analysis->results[i]);
  report_legend(flags, flags, out);
  region_table(analysis, out);
  report_programs_method(analysis, out);
  report_copies_note(analysis, out);
  report_rounds_left_out(analysis, out);
  if (run->warnings)
    wrap_format(out, 2, 0, "Beware: %s", run->warnings);
}

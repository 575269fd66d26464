/* The table in the terminal, and the bars for where there is no gnuplot. */
#include "bench/analyze/flags.h"

#include "bench/report/columns.h"
#include "bench/report/numbers.h"
#include "bench/report/report.h"
#include "bench/report/wrap.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* kernel, variant and workers name a row. */
enum { TABLE_KEYS = 3, BAR = 40, RECORD_FIELDS_MOST = 400 };

/* The most workers of a workload, on shared CPUs or not. */
static int64_t most_of_all(const struct analysis *analysis,
                           const struct workload_result *workload) {
  int64_t most = 1;
  for (size_t i = 0; i < analysis->result_count; i++)
    if (result_is_of(&analysis->results[i], workload) &&
        analysis->results[i].workers > most)
      most = analysis->results[i].workers;
  return most;
}

/* Results that the table shows: the most workers, the most that share CPUs,
 * and what has one only. */
static bool shown(const struct analysis *analysis,
                  const struct workload_result *workload,
                  const struct result *r) {
  return result_is_of(r, workload) &&
         (result_is_serial(r) ||
          r->workers == analysis_most_workers(analysis, workload) ||
          r->workers == most_of_all(analysis, workload));
}

static void fill_row(const struct workload_result *workload,
                     const struct result *r, struct table_row *row) {
  char name[REPORT_NAME], number[NUMBER_LENGTH];
  bool serial = result_is_serial(r);
  char marks[REPORT_MARKS];
  char brief[TEXT_BRIEF];
  row->workload = workload->workload;
  text_print(row->cells[0], TABLE_CELL, "%s",
             text_brief(report_name(workload, name), 60, brief));
  text_print(row->cells[1], TABLE_CELL, "%.60s%s", r->variant,
             report_marks(report_flags(r), marks));
  text_print(row->cells[2], TABLE_CELL, "%" PRId64, r->workers);
  text_print(row->cells[3], TABLE_CELL, "%s",
             number_time(r->region_s.median, number));
  text_print(row->cells[4], TABLE_CELL, "%s",
             serial ? "1" : number_ratio_interval(r->speedup_abs, number));
  text_print(row->cells[5], TABLE_CELL, "%s",
             serial ? "1" : number_ratio_interval(r->program_speedup, number));
  text_print(row->cells[6], TABLE_CELL, "%s",
             serial             ? "1"
             : workload->no_law ? "no law"
                                : number_ratio_within(r->program_law, number));
}

void table_print(const struct table_row *rows, size_t count, FILE *out) {
  const char **texts = calloc(count * TABLE_COLUMNS + 1, sizeof *texts);
  /* names and intervals are flush left */
  const struct columns_table table = {
      .texts = texts,
      .rows = count,
      .columns = TABLE_COLUMNS,
      .keys = TABLE_KEYS,
      .right = {[2] = true, [3] = true, [6] = true}};
  for (size_t i = 0; texts && i < count; i++) {
    for (size_t c = 0; c < TABLE_COLUMNS; c++)
      texts[i * TABLE_COLUMNS + c] = rows[i].cells[c];
    /* the kernel once */
    if (i > 1 && strcmp(rows[i].workload, rows[i - 1].workload) == 0 &&
        strcmp(rows[i].cells[0], rows[i - 1].cells[0]) == 0)
      texts[i * TABLE_COLUMNS] = "";
  }
  if (texts)
    columns_table_print(&table, wrap_terminal(stdout), out);
  free(texts);
}

/* Against what else a region's speedup may be meant. */
static void fill_baselines(const struct workload_result *workload,
                           const struct result *r, struct table_row *row) {
  char number[NUMBER_LENGTH];
  fill_row(workload, r, row);
  text_print(row->cells[3], TABLE_CELL, "%s",
             number_time(r->serial_region_s.median, number));
  text_print(row->cells[5], TABLE_CELL, "%s",
             number_ratio_interval(r->speedup_rel, number));
  text_print(row->cells[6], TABLE_CELL, "%s",
             number_ratio_interval(r->speedup_slowest, number));
}

static void print_baselines(const struct analysis *analysis, FILE *out) {
  struct table_row *rows = calloc(analysis->result_count + 1, sizeof *rows);
  size_t count = 1;
  if (!rows)
    return;
  rows[0] = (struct table_row){
      .cells = {"kernel", "variant", "workers", "serial's", "region speedup",
                "over its one worker", "over the slowest CPU"}};
  for (size_t s = 0; s < analysis->workload_count; s++)
    for (size_t i = 0; i < analysis->result_count; i++) {
      const struct result *r = &analysis->results[i];
      if (shown(analysis, &analysis->workloads[s], r) && !result_is_serial(r) &&
          (isfinite(r->speedup_rel.median) ||
           isfinite(r->speedup_slowest.median)))
        fill_baselines(&analysis->workloads[s], r, &rows[count++]);
    }
  if (count > 1) {
    fputc('\n', out);
    wrap_format(out, 0, 0,
                "The region, beside what else it may be set against; serial's "
                "is of the same trials where they take turns.");
    table_print(rows, count, out);
  }
  free(rows);
}

static void explain_flags(const struct analysis *analysis, FILE *out) {
  uint32_t in_table = 0, all = 0;
  for (size_t i = 0; i < analysis->result_count; i++) {
    const struct result *r = &analysis->results[i];
    all |= report_flags(r);
    for (size_t s = 0; s < analysis->workload_count; s++)
      if (shown(analysis, &analysis->workloads[s], r))
        in_table |= report_flags(r);
  }
  report_legend(in_table, all, out);
}

static void print_refused(const struct analysis *analysis, FILE *out) {
  for (size_t i = 0; i < analysis->result_count; i++)
    if (analysis->results[i].refused)
      fprintf(out, "Refused: %s.\n", analysis->results[i].refused);
}

/* What the speedups would be, had the clock not dropped. */
static void print_adjusted(const struct analysis *analysis, FILE *out) {
  char raw[NUMBER_LENGTH], adjusted[NUMBER_LENGTH], ratio[NUMBER_LENGTH];
  char name[REPORT_NAME];
  for (size_t s = 0; s < analysis->workload_count; s++)
    for (size_t i = 0; i < analysis->result_count; i++) {
      const struct result *r = &analysis->results[i];
      if (!shown(analysis, &analysis->workloads[s], r) ||
          !flag_is_set(r, FLAG_CLOCK_DROP) ||
          !isfinite(r->speedup_clock_adjusted.median))
        continue;
      fprintf(out,
              "  %s %s on %" PRId64 ": region %s; at the clock of one worker, "
              "%s (the clock was at %s)\n",
              report_name(&analysis->workloads[s], name), r->requested,
              r->workers, number_ratio_within(r->speedup_abs, raw),
              number_ratio_interval(r->speedup_clock_adjusted, adjusted),
              number_percent(r->clock_ratio.median, ratio));
    }
}

static void print_capacity(const struct analysis *analysis, FILE *out) {
  char ratio[NUMBER_LENGTH];
  if (analysis->capacity_count < 2)
    return;
  const struct capacity *c =
      &analysis->capacities[analysis->capacity_count - 1];
  if (isfinite(c->capacity.median))
    fprintf(out,
            "Capacity: %" PRId64 " CPUs at work together deliver %s of one on "
            "chains of arithmetic.\n",
            c->workers, number_ratio_interval(c->capacity, ratio));
}

static void explain_speedups(const struct analysis *analysis, FILE *out) {
  char rounds[REPORT_ROUNDS];
  const struct run_facts *run = &analysis->run;
  wrap_format(out, 0, 0, "Speedups against serial: medians of %s, %s.",
              report_rounds(analysis, rounds), report_intervals(analysis));
  wrap_format(
      out, 0, 0,
      "region: %s. program: set-up, start of the team, page touching, its "
      "regions, finish%s. Amdahl: what the law predicted for that from "
      "one-worker runs.",
      run->warmups == 0 ? "warm in turns, else the second" : "warm",
      run->schema < ANALYSIS_SCHEMA_CLOSES ? "" : ", end of the team");
}

void report_table(const struct analysis *analysis, FILE *out) {
  struct table_row *rows = calloc(analysis->result_count + 1, sizeof *rows);
  size_t count = 1;
  if (!rows)
    return;
  rows[0] = (struct table_row){.cells = {"kernel", "variant", "workers",
                                         "region", "region speedup",
                                         "program speedup", "Amdahl"}};
  for (size_t s = 0; s < analysis->workload_count; s++)
    for (size_t i = 0; i < analysis->result_count; i++)
      if (shown(analysis, &analysis->workloads[s], &analysis->results[i]))
        fill_row(&analysis->workloads[s], &analysis->results[i],
                 &rows[count++]);
  table_print(rows, count, out);
  free(rows);
  explain_speedups(analysis, out);
  print_baselines(analysis, out);
  report_copies_note(analysis, out);
  if (analysis->run.scaling && strcmp(analysis->run.scaling, "weak") == 0)
    wrap_format(out, 0, 0,
                "Weak scaling: the size grows with the workers, and speedups "
                "are of items per second.");
  for (size_t s = 0; s < analysis->workload_count; s++)
    if (analysis->workloads[s].sized) {
      wrap_format(out, 0, 0,
                  "Each size beside serial at that size; k is 1024 items, M "
                  "1048576.");
      break;
    }
  explain_flags(analysis, out);
  print_refused(analysis, out);
  print_adjusted(analysis, out);
  print_capacity(analysis, out);
  report_rounds_left_out(analysis, out);
  if (analysis->run.left_out)
    fprintf(out, "Thinned, to stay within the budget: %s\n",
            analysis->run.left_out);
  if (analysis->run.warnings)
    fprintf(out, "Beware: %s\n", analysis->run.warnings);
}

void report_bars(const struct analysis *analysis, FILE *out) {
  char name[REPORT_NAME], number[NUMBER_LENGTH];
  fputs("Speedup of the whole program against serial ('|' is no gain):\n", out);
  for (size_t s = 0; s < analysis->workload_count; s++) {
    const struct workload_result *workload = &analysis->workloads[s];
    int64_t most = analysis_most_workers(analysis, workload);
    for (size_t i = 0; i < analysis->result_count; i++) {
      const struct result *r = &analysis->results[i];
      if (!shown(analysis, workload, r) || result_is_serial(r))
        continue;
      double share = r->program_speedup.median / (double)most;
      int length = share <= 1 ? (int)(share * BAR + 0.5) : share > 1 ? BAR : 0;
      int gain = (int)(BAR / (double)most + 0.5);
      fprintf(out, "  %-22.22s %-14.14s ", report_name(workload, name),
              r->requested);
      for (int k = 1; k <= BAR; k++)
        fputc(k == gain ? '|' : k <= length ? '#' : ' ', out);
      fprintf(out, " %s%s\n", number_ratio_within(r->program_speedup, number),
              result_is_copies(r) ? " the throughput" : "");
    }
  }
}

void report_csv_rows(const struct analysis *analysis, FILE *out) {
  fields_csv_header(result_fields, out);
  fputc(',', out);
  fields_csv_header(breakdown_columns, out);
  fputc('\n', out);
  for (size_t i = 0; i < analysis->result_count; i++) {
    fields_csv_row(result_fields, &analysis->results[i], out);
    fputc(',', out);
    fields_csv_row(breakdown_columns, &analysis->results[i], out);
    fputc('\n', out);
  }
}

int report_csv(const struct analysis *analysis, const char *path,
               struct problem *problem) {
  struct output output;
  FILE *out = output_open(&output, path, problem);
  if (!out)
    return PROBLEM_FAILURE;
  report_csv_rows(analysis, out);
  return output_close(&output, out, PROBLEM_NONE, problem);
}

/* Of a record, what is one value: with a line a trial, lists of its regions and
 * workers would be tables within cells. */
static void single_fields(struct field *fields, size_t capacity) {
  size_t count = 0;
  for (const struct field *f = record_fields; f->name; f++)
    if (f->type != FIELD_REALS && f->type != FIELD_INTEGERS &&
        count + 1 < capacity)
      fields[count++] = *f;
  fields[count] = (struct field){.name = NULL};
}

void report_trials_rows(const struct records *records, FILE *out) {
  struct field fields[RECORD_FIELDS_MOST];
  single_fields(fields, RECORD_FIELDS_MOST);
  fields_csv_header(fields, out);
  fputc('\n', out);
  for (size_t i = 0; i < records->count; i++) {
    fields_csv_row(fields, &records->list[i], out);
    fputc('\n', out);
  }
}

int report_trials_csv(const struct records *records, const char *path,
                      struct problem *problem) {
  struct output output;
  FILE *out = output_open(&output, path, problem);
  if (!out)
    return PROBLEM_FAILURE;
  report_trials_rows(records, out);
  return output_close(&output, out, PROBLEM_NONE, problem);
}

#include "bench/commands/export.h"

#include "bench/analyze/analysis.h"
#include "bench/plan/json_file.h"
#include "bench/report/report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool export_wanted(const struct export_as *as) {
  return as->json || as->csv || as->markdown;
}

int export_check(const struct export_as *as, struct problem *problem) {
  return as->json + as->csv + as->markdown > 1
             ? problem_usage(problem, "--json, --csv and --markdown: want one "
                                      "of them")
             : PROBLEM_NONE;
}

int export_start(const struct export_as *as, FILE **out,
                 struct problem *problem) {
  *out = NULL;
  int status = export_check(as, problem);
  if (status || !export_wanted(as))
    return status;
  fflush(stdout);
  int fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  *out = fd < 0 ? NULL : fdopen(fd, "w");
  if (!*out || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
    status = problem_failure(problem, "stdout could not be had twice: %s",
                             strerror(errno));
  return status;
}

int export_rows(const json_t *whole, const json_t *rows,
                const struct export_as *as, FILE *out,
                struct problem *problem) {
  int failed =
      as->json
          ? json_dumpf(whole, out, JSON_INDENT(1) | JSON_REAL_PRECISION(9))
          : sheet_write(rows, as->csv ? SHEET_CSV : SHEET_MARKDOWN, NULL, out);
  if (as->json)
    fputc('\n', out);
  return failed || fflush(out) != 0
             ? problem_failure(problem, "the results could not be written")
             : PROBLEM_NONE;
}

/* The columns that a person reads; ended by NULL. */
static int print_columns(const struct field *table, const void *objects,
                         size_t size, size_t count, const char *const *columns,
                         FILE *out, struct problem *problem) {
  json_t *rows = json_array();
  for (size_t i = 0; i < count; i++)
    json_array_append_new(
        rows, fields_to_json(table, (const char *)objects + i * size));
  int failed = sheet_write(rows, SHEET_MARKDOWN, columns, out);
  json_decref(rows);
  return failed ? problem_failure(problem, "out of memory") : PROBLEM_NONE;
}

static int print_results(const struct analysis *analysis, FILE *out,
                         struct problem *problem) {
  static const char *const columns[] = {
      "workload",    "requested", "workers",         "n",     "region_s",
      "speedup_abs", "program_s", "program_speedup", "flags", NULL};
  return print_columns(result_fields, analysis->results,
                       sizeof *analysis->results, analysis->result_count,
                       columns, out, problem);
}

/* A line each.  0, or the problem. */
static int print_lines(const struct records *records, FILE *out,
                       struct problem *problem) {
  for (size_t i = 0; i < records->count; i++) {
    char *line = record_format_trial(&records->list[i]);
    if (!line)
      return problem_failure(problem, "out of memory");
    fputs(line, out);
    free(line);
  }
  return PROBLEM_NONE;
}

int export_trials(const struct records *records, const struct export_as *as,
                  FILE *out, struct problem *problem) {
  static const char *const columns[] = {
      "workload",  "requested", "workers",  "size",     "setup_s",
      "start_s",   "touch_s",   "region_s", "finish_s", "close_s",
      "program_s", "digest",    "error",    NULL};
  if (as->json)
    return print_lines(records, out, problem);
  if (as->csv)
    report_trials_rows(records, out);
  return as->csv ? PROBLEM_NONE
                 : print_columns(record_fields, records->list,
                                 sizeof *records->list, records->count, columns,
                                 out, problem);
}

/* The file as it is. */
static int print_file(const char *path, FILE *out, struct problem *problem) {
  char bytes[BUFSIZ];
  FILE *in = fopen(path, "r");
  if (!in)
    return problem_failure(problem, "%s: %s", path, strerror(errno));
  size_t count;
  while ((count = fread(bytes, 1, sizeof bytes, in)) > 0)
    fwrite(bytes, 1, count, out);
  int status = ferror(in)
                   ? problem_failure(problem, "%s: %s", path, strerror(errno))
                   : PROBLEM_NONE;
  fclose(in);
  return status;
}

static int export_analysis(const char *path, const struct export_as *as,
                           FILE *out, struct problem *problem) {
  struct analysis analysis = {0};
  int status = analysis_read(path, &analysis, problem);
  if (!status && as->json)
    status = print_file(path, out, problem);
  else if (!status && as->csv)
    report_csv_rows(&analysis, out);
  else if (!status)
    status = print_results(&analysis, out, problem);
  analysis_free(&analysis);
  return status;
}

int export_run(const char *folder, const struct export_as *as, FILE *out,
               struct problem *problem) {
  static const char *const others[] = {"overheads.json", "probe.json",
                                       "breakeven.json", "granularity.json",
                                       "aa.json"};
  char path[RUN_PATH];
  int status;
  const char *other = NULL;
  json_t *json = NULL;
  for (size_t i = 0; i < sizeof others / sizeof *others && !other; i++)
    if (access(run_path(folder, others[i], path), F_OK) == 0)
      other = others[i];
  if (!other) {
    status = export_analysis(run_path(folder, "analysis.json", path), as, out,
                             problem);
  } else if (as->json) {
    status = print_file(path, out, problem);
  } else {
    status = json_file_read(path, &json, problem);
    json_t *rows = json ? sheet_rows(json) : NULL;
    json_t *own = rows || !json ? NULL : json_pack("[O]", json); /* one row */
    if (!status)
      status = export_rows(json, rows ? rows : own, as, out, problem);
    json_decref(own);
  }
  json_decref(json);
  if (!status && (fflush(out) != 0 || ferror(out)))
    status = problem_failure(problem, "the results could not be written: %s",
                             strerror(errno));
  return status;
}

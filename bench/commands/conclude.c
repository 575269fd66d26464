#include "bench/commands/conclude.h"

#include "bench/plan/text.h"
#include "bench/report/report.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What lies beside the records, and all of it together. */
static int analyze(const char *folder, const struct records *records,
                   struct analysis *analysis, struct problem *problem) {
  char path[RUN_PATH];
  struct environment environment;
  struct problem ignored;
  json_t *plan = json_load_file(run_path(folder, "plan.json", path), 0, NULL);
  json_t *hyperfine =
      json_load_file(run_path(folder, "hyperfine.json", path), 0, NULL);
  bool known = environment_read(run_path(folder, "environment.json", path),
                                &environment, &ignored) == 0;
  int status = analysis_make(records, plan, known ? &environment : NULL,
                             hyperfine, analysis, problem);
  if (!status)
    status = analysis_write(analysis, run_path(folder, "analysis.json", path),
                            problem);
  if (known)
    fields_free(environment_fields, &environment);
  json_decref(plan);
  json_decref(hyperfine);
  return status;
}

int run_analyze(const char *folder, const struct records *records,
                struct analysis *analysis, struct problem *problem) {
  char path[RUN_PATH];
  struct records read = {0};
  if (records)
    return analyze(folder, records, analysis, problem);
  int status =
      records_read(run_path(folder, "trials.jsonl", path), &read, problem);
  if (!status)
    status = analyze(folder, &read, analysis, problem);
  records_free(&read);
  return status;
}

const char *run_scripts(char path[static RUN_PATH]) {
  const char *chosen = getenv("CORESWEEP_SCRIPTS");
  if (chosen && *chosen) {
    snprintf(path, RUN_PATH, "%s", chosen);
    return path;
  }
  char program[RUN_PATH];
  ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
  for (int up = 0; length > 0 && up < 2; up++)
    while (length > 0 && program[--length] != '/')
      ;
  if (length > 0) {
    program[length] = '\0';
    if (access(run_path(program, "scripts", path), R_OK) == 0)
      return path;
  }
  snprintf(path, RUN_PATH, "scripts");
  return path;
}

/* Draws them all; -1 when there is no gnuplot. */
static int draw_charts(const char *charts_folder,
                       const struct analysis *analysis, size_t *drawn,
                       struct problem *problem) {
  char scripts[RUN_PATH];
  struct charts charts = {.folder = charts_folder};
  int status = report_chart_data(analysis, &charts, problem);
  if (!status)
    status = report_draw(&charts, run_scripts(scripts), problem);
  *drawn = charts.count;
  charts_free(&charts);
  return status;
}

int run_report(const char *folder, const struct analysis *analysis,
               struct problem *problem) {
  char path[RUN_PATH], charts[RUN_PATH], shown[TEXT_SHOWN], numbers[TEXT_SHOWN];
  size_t drawn = 0;
  if (analysis->result_count == 0 || analysis->run.rounds == 0)
    return problem_failure(problem, "%s: no round was measured yet", folder);
  report_table(analysis, stdout);
  report_roofline(analysis, stdout);
  putchar('\n');
  report_sentences(analysis, stdout);
  report_comparisons(analysis, stdout);
  putchar('\n');
  report_method(analysis, stdout);
  report_cross_check(analysis, stdout);
  int status =
      report_csv(analysis, run_path(folder, "speedups.csv", path), problem);
  run_path(folder, "charts", charts);
  if (!status && mkdir(charts, 0777) != 0 && errno != EEXIST)
    status = problem_failure(problem, "%s could not be created: %s", charts,
                             strerror(errno));
  if (!status)
    status = draw_charts(charts, analysis, &drawn, problem);
  if (status == -1) {
    putchar('\n');
    report_bars(analysis, stdout);
    printf("\nNumbers: %s.  No charts: gnuplot is not installed.\n",
           text_shown(path, shown));
    return PROBLEM_NONE;
  }
  if (!status)
    printf("\nCharts: %zu in %s (SVG and PNG), first overview.svg.  Numbers: "
           "%s\n",
           drawn, text_shown(charts, shown), text_shown(path, numbers));
  return status;
}

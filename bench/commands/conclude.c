#include "bench/commands/conclude.h"

#include "bench/analyze/cross_check.h"
#include "bench/plan/own_file.h"
#include "bench/plan/text.h"
#include "bench/report/answer.h"
#include "bench/report/region_table.h"
#include "bench/report/run_page.h"
#include "bench/report/wrap.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What lies beside the records of a run: each may be missing, but not wrong. */
struct beside {
  struct plan_facts plan;
  struct environment environment;
  bool known; /* the environment is */
  json_t *hyperfine;
};

static int read_beside(const char *folder, struct beside *beside,
                       struct problem *problem) {
  char path[RUN_PATH];
  *beside = (struct beside){.known = false};
  fields_clear(environment_fields, &beside->environment);
  int status = plan_facts_read(&beside->plan,
                               run_path(folder, "plan.json", path), problem);
  run_path(folder, "environment.json", path);
  beside->known = !status && access(path, F_OK) == 0;
  if (beside->known)
    status = environment_read(path, &beside->environment, problem);
  if (!status)
    status = hyperfine_read(run_path(folder, "hyperfine.json", path),
                            &beside->hyperfine, problem);
  return status;
}

/* The records and what lies beside them, together. */
static int analyze(const char *folder, const struct records *records,
                   struct analysis *analysis, struct problem *problem) {
  char path[RUN_PATH];
  struct beside beside;
  int status = read_beside(folder, &beside, problem);
  if (!status)
    status = analysis_make(records, beside.plan.json ? &beside.plan : NULL,
                           beside.known ? &beside.environment : NULL,
                           beside.hyperfine, analysis, problem);
  if (!status)
    status = analysis_write(analysis, run_path(folder, "analysis.json", path),
                            problem);
  fields_free(environment_fields, &beside.environment);
  plan_facts_free(&beside.plan);
  json_decref(beside.hyperfine);
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
  if (!status && read.count == 0)
    status = problem_failure(problem, "%s: no trial is in it yet%s", path,
                             read.torn ? ", but for a part of a line" : "");
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
  /* Where they were installed, and where the program was built. */
  static const char *const places[] = {"share/coresweep", "scripts"};
  char *program = realpath(own_file(), NULL);
  bool beside = false;
  for (int up = 0; program && up < 2; up++) {
    char *slash = strrchr(program, '/');
    if (slash)
      *slash = '\0';
  }
  for (size_t i = 0; program && !beside && i < sizeof places / sizeof *places;
       i++)
    beside = access(run_path(program, places[i], path), R_OK) == 0;
  free(program);
  if (!beside)
    snprintf(path, RUN_PATH, "scripts");
  return path;
}

/* What is made of the records: the lanes of a chart, and trials.csv.  Of a run
 * whose records are not there any more, or are of an older program, its
 * analysis alone. */
static int write_lanes(const char *folder, const struct analysis *analysis,
                       struct charts *charts, struct problem *problem) {
  char path[RUN_PATH];
  struct records records = {0};
  run_path(folder, "trials.jsonl", path);
  if (access(path, F_OK) != 0)
    return PROBLEM_NONE;
  struct problem ignored;
  int status = PROBLEM_NONE;
  if (records_read(path, &records, &ignored) == 0)
    status = report_trials_csv(&records, run_path(folder, "trials.csv", path),
                               problem);
  if (!status && records.count > 0)
    status = report_gantt_data(analysis, &records, charts, problem);
  records_free(&records);
  return status;
}

/* Draws them all; -1 when there is no gnuplot. */
static int draw_charts(const char *folder, const struct analysis *analysis,
                       struct charts *charts, struct problem *problem) {
  char scripts[RUN_PATH];
  int status = report_chart_data(analysis, charts, problem);
  if (!status)
    status = write_lanes(folder, analysis, charts, problem);
  if (!status)
    status = report_draw(charts, run_scripts(scripts), problem);
  return status;
}

/* The page of what was drawn; of a folder without environment.json, or with one
 * that cannot be read, it says so. */
static int write_page(const char *folder, const struct analysis *analysis,
                      const struct report_worth *worth,
                      const struct charts *drawn, struct problem *problem) {
  char path[RUN_PATH], scripts[RUN_PATH];
  struct environment environment;
  struct problem ignored;
  fields_clear(environment_fields, &environment);
  bool known = environment_read(run_path(folder, "environment.json", path),
                                &environment, &ignored) == 0;
  const struct run_page page = {.analysis = analysis,
                                .environment = known ? &environment : NULL,
                                .charts = drawn,
                                .worth = worth,
                                .folder = folder,
                                .scripts = run_scripts(scripts)};
  int status = run_page_write(&page, problem);
  fields_free(environment_fields, &environment);
  return status;
}

/* A word for a shell, or where it cannot be printed what it looks like. */
static const char *shell_word(const char *word, char shown[static TEXT_SHOWN]) {
  struct text text = text_begin(shown, TEXT_SHOWN);
  if (!text_is_printable(word))
    return text_shown(word, shown);
  text_add_shell(&text, word);
  return shown;
}

/* What can be asked next, by the name that the program was called by. */
static void print_next(const char *folder) {
  const char *called = program_invocation_name;
  char own[TEXT_SHOWN], shown[TEXT_SHOWN];
  printf("Full    %s report --full %s\n", shell_word(called, own),
         shell_word(folder, shown));
  printf("Next    %s doctor · overheads · -- ./your-program\n", own);
}

/* Lines that stand under the answer: those, and what was drawn. */
enum { LINES_BELOW = 4 };

static bool has_rounds(const struct analysis *analysis) {
  return analysis->result_count > 0 && analysis->run.rounds > 0;
}

void run_answer(const char *folder, const struct analysis *analysis,
                const struct report_worth *worth) {
  char own[TEXT_SHOWN], shown[TEXT_SHOWN];
  if (!has_rounds(analysis))
    return;
  putchar('\n');
  report_answer(analysis, worth, LINES_BELOW, stdout);
  printf("Charts  %s report %s\n", shell_word(program_invocation_name, own),
         shell_word(folder, shown));
  print_next(folder);
}

/* Charts, numbers, and the page; -1 when there is no gnuplot. */
static int write_files(const char *folder, const struct analysis *analysis,
                       const struct report_worth *worth, size_t *drawn,
                       struct problem *problem) {
  char path[RUN_PATH], charts_folder[RUN_PATH];
  struct charts charts = {.folder = charts_folder};
  int status =
      report_csv(analysis, run_path(folder, "speedups.csv", path), problem);
  if (!status)
    status = region_table_csv(analysis, run_path(folder, "regions.csv", path),
                              problem);
  run_path(folder, "charts", charts_folder);
  if (!status && mkdir(charts_folder, 0777) != 0 && errno != EEXIST)
    status = problem_failure(problem,
                             "%s could not be created: %s; `report DIR --out "
                             "OTHER` draws elsewhere",
                             charts_folder, strerror(errno));
  if (!status)
    status = draw_charts(folder, analysis, &charts, problem);
  int drawing = status;
  if (drawing <= 0)
    status =
        write_page(folder, analysis, worth, drawing ? NULL : &charts, problem);
  *drawn = charts.count;
  charts_free(&charts);
  return status ? status : drawing;
}

/* The page, to open in a browser. */
static void say_page(const char *folder) {
  char path[RUN_PATH], shown[TEXT_SHOWN];
  printf("Page    %s\n",
         text_shown(run_path(folder, run_page_name, path), shown));
}

/* Of all of it; drawn: how many charts, status: -1 without gnuplot. */
static void say_files(const char *folder, const struct analysis *analysis,
                      int status, size_t drawn) {
  char path[RUN_PATH], charts[RUN_PATH], shown[TEXT_SHOWN];
  char line[TEXT_SHOWN + 80];
  text_shown(run_path(folder, "charts", charts), shown);
  text_print(line, sizeof line,
             "Charts  %zu in %s (SVG and PNG), first overview.svg\n", drawn,
             shown);
  putchar('\n');
  if (status == -1)
    report_bars(analysis, stdout);
  wrap_fold(status == -1 ? "\nCharts  none: gnuplot is not installed\n" : line,
            stdout);
  printf("Numbers %s\n",
         text_shown(run_path(folder, "speedups.csv", path), shown));
  say_page(folder);
}

/* Under the answer. */
static void say_charts(const char *folder, int status, size_t drawn) {
  char charts[RUN_PATH], shown[TEXT_SHOWN];
  text_shown(run_path(folder, "charts", charts), shown);
  if (status == -1)
    puts("Charts  none: gnuplot is not installed");
  else
    printf("Charts  %zu in %s, first overview.svg\n", drawn, shown);
  print_next(folder);
  say_page(folder);
}

void run_print(const struct analysis *analysis,
               const struct report_worth *worth, enum run_shown shown) {
  if (shown == RUN_FULL)
    report_whole(analysis, worth, stdout);
  else
    report_answer(analysis, worth, LINES_BELOW, stdout);
  fflush(stdout); /* drawing takes long */
}

int run_report(const char *folder, const struct analysis *analysis,
               const struct report_worth *worth, enum run_shown shown,
               struct problem *problem) {
  size_t drawn = 0;
  if (!has_rounds(analysis))
    return problem_failure(problem, "%s: no round was measured yet", folder);
  run_print(analysis, worth, shown);
  int status = write_files(folder, analysis, worth, &drawn, problem);
  if (status > 0)
    return status;
  if (shown == RUN_FULL)
    say_files(folder, analysis, status, drawn);
  else
    say_charts(folder, status, drawn);
  return PROBLEM_NONE;
}

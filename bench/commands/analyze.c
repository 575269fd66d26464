/* coresweep analyze, coresweep report: a run's folder again, by hand. */
#include "bench/commands/command.h"
#include "bench/commands/conclude.h"
#include "bench/commands/export.h"
#include "bench/commands/open_page.h"
#include "bench/commands/options.h"
#include "bench/plan/text.h"
#include "bench/record/times.h"
#include "bench/report/run_page.h"
#include "bench/report/terminal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct analyze_options {
  const char *folder; /* first: see read_folder */
  struct export_as as;
};

static const struct option_spec analyze_option_list[] = {
    OPTIONS_EXPORT(struct analyze_options, as), {0}};

static void read_folder(void *input, const char *text,
                        struct argp_state *state) {
  const char **folder = input;
  if (*folder)
    options_refuse(state, "unexpected argument '%s'", text);
  *folder = text;
}

static void check_folder(void *input, struct argp_state *state) {
  const char **folder = input;
  if (!*folder)
    options_refuse(state, "the run's folder is missing, as in results/latest");
}

static void say_analysis(const char *folder, const struct analysis *analysis) {
  char shown[TEXT_SHOWN];
  printf("%s/analysis.json: %zu results of %lld rounds\n",
         text_shown(folder, shown), analysis->result_count,
         (long long)analysis->run.rounds);
  if (analysis->run.rounds == 0)
    printf("None of its %lld trials is of a whole round: there is nothing to "
           "report yet.\n",
           (long long)analysis->run.trials);
  if (analysis->run.torn == 1)
    printf("The last record of trials.jsonl was incomplete (a crash in "
           "mid-write?) and is left out.\n");
  run_answer(folder, analysis, NULL);
}

/* A folder that is there and takes nothing. */
static bool is_sealed(const char *folder) {
  return access(folder, W_OK) != 0 && (errno == EACCES || errno == EROFS);
}

static int refuse_sealed(const char *folder, struct problem *problem) {
  return is_sealed(folder)
             ? problem_failure(problem,
                               "%s/analysis.json could not be written: %s; "
                               "copy the run to where it can be, and analyze "
                               "that",
                               folder, strerror(errno))
             : PROBLEM_NONE;
}

int command_analyze(int argc, char **argv) {
  static const struct options options = {
      .list = analyze_option_list,
      .arguments = "DIR",
      .argument = read_folder,
      .end = check_folder,
      .doc = "Reads DIR/trials.jsonl (and plan.json, environment.json and "
             "hyperfine.json, where they are), writes DIR/analysis.json "
             "(medians, speedups, intervals, predictions), and prints the "
             "answer."};
  struct analyze_options o = {.folder = NULL};
  FILE *data = NULL;
  struct analysis analysis = {0};
  struct problem problem = {""};
  options_parse(&options, "analyze", argc, argv, &o);
  int status = export_start(&o.as, &data, &problem);
  if (!status)
    status = refuse_sealed(o.folder, &problem);
  if (!status)
    status = run_analyze(o.folder, NULL, &analysis, &problem);
  if (!status)
    say_analysis(o.folder, &analysis);
  if (!status && data)
    status = export_run(o.folder, &o.as, data, &problem);
  if (data)
    fclose(data);
  analysis_free(&analysis);
  return status ? command_fail("analyze", status, &problem) : 0;
}

/* ---- report -------------------------------------------------------------- */

struct report_options {
  const char *folder; /* first: see read_folder */
  const char *times, *times_workers, *worth, *efficiency;
  char out[RUN_PATH];
  bool out_given, full, terminal, open;
  struct export_as as;
};

static const struct option_spec report_option_list[] = {
    {.name = "full",
     .help = "Print all of it: tables, baselines, rooflines, how it was "
             "measured",
     OPTION_FLAG(struct report_options, full)},
    {.name = "open",
     .help = "Show the page, DIR/report.html, in a browser (xdg-open)",
     OPTION_FLAG(struct report_options, open)},
    {.name = "terminal",
     .help = "Draw speedups in the terminal, and write nothing: COLUMNS wide, "
             "in colours but for NO_COLOR and pipes, in ASCII where the locale "
             "has no UTF-8",
     OPTION_FLAG(struct report_options, terminal)},
    OPTIONS_EXPORT(struct report_options, as),
    {.name = "times",
     .arg = "FILE",
     .help = "Times from elsewhere, in place of DIR: CSV with a line "
             "workers,seconds[,run][,name] first, or what hyperfine exports as "
             "JSON",
     OPTION_PATH(struct report_options, times)},
    {.name = "times-workers",
     .arg = "NAME",
     .help = "For --times: the column, or hyperfine's parameter, that says how "
             "many workers (workers; of hyperfine also threads, jobs and the "
             "like)",
     OPTION_TEXT(struct report_options, times_workers)},
    {.name = "out",
     .letter = 'o',
     .arg = "DIR",
     .help = "Folder of what is written, with a copy of the run (DIR itself; "
             "for --times a new one under results/)",
     OPTION_FOLDER(struct report_options, out),
     OPTION_GIVEN(struct report_options, out_given)},
    {OPTION_WORTH(struct report_options)},
    {OPTION_EFFICIENCY(struct report_options)},
    {0}};

static void check_report(void *input, struct argp_state *state) {
  const struct report_options *o = input;
  if (!o->folder && !o->times)
    check_folder(input, state);
  if (o->folder && o->times)
    options_refuse(state, "--times and a folder: want one of them");
  if (o->full && export_wanted(&o->as))
    options_refuse(state, "--full and --%s: want one of them",
                   o->as.json  ? "json"
                   : o->as.csv ? "csv"
                               : "markdown");
  if (o->terminal && (o->full || export_wanted(&o->as)))
    options_refuse(state, "--terminal: not together with --full, --json, --csv "
                          "or --markdown");
  if (o->times_workers && !o->times)
    options_refuse(state, "--times-workers is for --times");
  if (o->open && (o->terminal || export_wanted(&o->as)))
    options_refuse(state, "--open: not together with --terminal, --json, --csv "
                          "or --markdown");
}

/* Analyses them as if they had been measured, and says that they were not. */
static int analyze_times(struct report_options *o, struct analysis *analysis,
                         struct problem *problem) {
  char path[RUN_PATH];
  struct records records;
  bool at_random;
  int status =
      times_read(o->times, o->times_workers, &records, &at_random, problem);
  if (status)
    return status;
  status = analysis_make(&records, NULL, NULL, NULL, analysis, problem);
  records_free(&records);
  if (status)
    return status;
  analysis->run.machine = strdup("times from elsewhere");
  analysis->run.warnings = strdup(
      at_random ? "these times were not measured by coresweep, and no result "
                  "behind them was checked; which runs belong together is not "
                  "told, and they are paired at random."
                : "these times were not measured by coresweep, and no result "
                  "behind them was checked.");
  if (!o->out_given)
    run_name_folder("times-", o->out);
  o->folder = o->out;
  status = run_make_folder(o->out, problem);
  if (!status)
    status = run_refuse(o->out, problem);
  if (!status)
    status = analysis_write(analysis, run_path(o->out, "analysis.json", path),
                            problem);
  return status;
}

/* ---- a run in another folder --------------------------------------------- */

static bool is_same(const char *folder, const char *other) {
  struct stat a, b;
  return stat(folder, &a) == 0 && stat(other, &b) == 0 &&
         a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* Copies what a run consists of, without what is drawn of it. */
static int copy_run(const char *from, const char *to, struct problem *problem) {
  static const char *const names[] = {
      "plan.json",    "environment.json", "trials.jsonl", "prediction.json",
      "commands.tsv", "hyperfine.json",   "analysis.json"};
  char source[RUN_PATH], copy[RUN_PATH];
  if (is_same(from, to))
    return problem_usage(problem,
                         "--out %s: is the run itself; want another "
                         "folder, or no --out",
                         to);
  int status = run_make_folder(to, problem);
  if (!status)
    status = run_refuse(to, problem);
  for (size_t i = 0; !status && i < sizeof names / sizeof *names; i++)
    status = run_copy_file(run_path(from, names[i], source),
                           run_path(to, names[i], copy), problem);
  return status;
}

/* A folder that is there and takes nothing is read, and told of all the same.
 */
static int show(const struct report_options *o, const struct analysis *analysis,
                const struct report_worth *worth, struct problem *problem) {
  char shown[TEXT_SHOWN];
  const char *folder = o->folder;
  bool sealed = is_sealed(folder);
  int status = PROBLEM_NONE;
  if (o->out_given && !o->times) {
    status = copy_run(folder, o->out, problem);
    folder = o->out;
    sealed = false;
  }
  if (status)
    return status;
  if (!sealed)
    return run_report(folder, analysis, worth, o->full ? RUN_FULL : RUN_ANSWER,
                      problem);
  run_print(analysis, worth, o->full ? RUN_FULL : RUN_ANSWER);
  printf("Charts  none: %s cannot be written to; --out DIR draws them "
         "elsewhere\n",
         text_shown(folder, shown));
  return PROBLEM_NONE;
}

/* A folder's conclusions; of one without any, what would be right is told. */
static int read_run(const char *folder, struct analysis *analysis,
                    struct problem *problem) {
  char path[RUN_PATH], trials[RUN_PATH], shown[TEXT_SHOWN];
  run_path(folder, "analysis.json", path);
  if (access(path, F_OK) == 0)
    return analysis_read(path, analysis, problem);
  text_shown(folder, shown);
  if (access(run_path(folder, "trials.jsonl", trials), F_OK) == 0)
    return problem_failure(problem,
                           "%.200s: no analysis.json is in it: the run did not "
                           "come to its end; `coresweep analyze` makes it",
                           shown);
  return problem_failure(problem,
                         "%.200s: not a run: it holds neither analysis.json "
                         "nor trials.jsonl; name a folder that a sweep left",
                         shown);
}

int command_report(int argc, char **argv) {
  static const struct options options = {
      .list = report_option_list,
      .arguments = "DIR",
      .argument = read_folder,
      .end = check_report,
      .doc = "Reads DIR/analysis.json; prints the answer, what the cores "
             "bought and where the rest went, on one screen, and writes "
             "DIR/report.html, a page with all of it, DIR/speedups.csv, "
             "DIR/trials.csv and the charts in DIR/charts."};
  static struct report_options o;
  char path[RUN_PATH];
  struct analysis analysis = {0};
  struct report_worth worth;
  struct problem problem = {""};
  options_parse(&options, "report", argc, argv, &o);
  int status = report_worth_read(o.worth, o.efficiency, &worth, &problem);
  if (!status)
    status = export_check(&o.as, &problem);
  if (!status && export_wanted(&o.as) && !o.times) {
    status = export_run(o.folder, &o.as, stdout, &problem);
    return status ? command_fail("report", status, &problem) : 0;
  }
  if (!status && o.times)
    status = analyze_times(&o, &analysis, &problem);
  else if (!status)
    status = read_run(o.folder, &analysis, &problem);
  const struct terminal terminal = terminal_of(stdout);
  if (!status && export_wanted(&o.as))
    status = export_run(o.folder, &o.as, stdout, &problem);
  else if (!status && o.terminal)
    terminal_speedups(&analysis, &terminal, stdout);
  else if (!status)
    status = show(&o, &analysis, &worth, &problem);
  analysis_free(&analysis);
  if (!status && o.open)
    open_page(run_path(o.out_given ? o.out : o.folder, run_page_name, path));
  return status ? command_fail("report", status, &problem) : 0;
}

/* coresweep analyze, coresweep report: a run's folder again, by hand. */
#include "bench/commands/command.h"
#include "bench/commands/conclude.h"
#include "bench/commands/options.h"
#include "bench/plan/text.h"

#include <stdio.h>

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

int command_analyze(int argc, char **argv) {
  static const struct options options = {
      .arguments = "DIR",
      .argument = read_folder,
      .end = check_folder,
      .doc = "Reads DIR/trials.jsonl (and plan.json, environment.json and "
             "hyperfine.json, where they are) and writes DIR/analysis.json: "
             "medians, speedups, intervals, predictions."};
  const char *folder = NULL;
  char shown[TEXT_SHOWN];
  struct analysis analysis = {0};
  struct problem problem = {""};
  options_parse(&options, "analyze", argc, argv, &folder);
  int status = run_analyze(folder, NULL, &analysis, &problem);
  if (status)
    return command_fail("analyze", status, &problem);
  printf("%s/analysis.json: %zu results of %lld rounds\n",
         text_shown(folder, shown), analysis.result_count,
         (long long)analysis.run.rounds);
  if (analysis.run.torn == 1)
    printf("The last record of trials.jsonl was incomplete (a crash in "
           "mid-write?) and is left out.\n");
  analysis_free(&analysis);
  return 0;
}

int command_report(int argc, char **argv) {
  static const struct options options = {
      .arguments = "DIR",
      .argument = read_folder,
      .end = check_folder,
      .doc = "Reads DIR/analysis.json; prints the table and a sentence per "
             "kernel, and writes DIR/speedups.csv and the charts in "
             "DIR/charts."};
  const char *folder = NULL;
  char path[RUN_PATH];
  struct analysis analysis = {0};
  struct problem problem = {""};
  options_parse(&options, "report", argc, argv, &folder);
  int status = analysis_read(run_path(folder, "analysis.json", path), &analysis,
                             &problem);
  if (!status)
    status = run_report(folder, &analysis, &problem);
  analysis_free(&analysis);
  return status ? command_fail("report", status, &problem) : 0;
}

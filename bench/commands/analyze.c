/* coresweep analyze, coresweep report: a run's folder again, by hand. */
#include "bench/commands/command.h"
#include "bench/commands/run.h"

#include <stdio.h>

static error_t parse(int key, char *arg, struct argp_state *state) {
  const char **folder = state->input;
  switch (key) {
  case ARGP_KEY_ARG:
    if (*folder)
      argp_error(state, "unexpected argument '%s'", arg);
    *folder = arg;
    return 0;
  case ARGP_KEY_NO_ARGS:
    argp_error(state, "the run's folder is missing, as in results/latest");
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

int command_analyze(int argc, char **argv) {
  static const struct argp argp = {
      .parser = parse,
      .args_doc = "DIR",
      .doc = "Reads DIR/trials.jsonl (and plan.json, environment.json and "
             "hyperfine.json, where they are) and writes DIR/analysis.json: "
             "medians, speedups, intervals, predictions."};
  const char *folder = NULL;
  struct analysis analysis = {0};
  struct problem problem = {""};
  command_parse(&argp, "analyze", argc, argv, &folder);
  int status = run_analyze(folder, &analysis, &problem);
  if (status)
    return command_fail("analyze", status, &problem);
  printf("%s/analysis.json: %zu results of %lld rounds\n", folder,
         analysis.result_count, (long long)analysis.run.rounds);
  if (analysis.run.torn == 1)
    printf("The last record of trials.jsonl was incomplete (a crash in "
           "mid-write?) and is left out.\n");
  analysis_free(&analysis);
  return 0;
}

int command_report(int argc, char **argv) {
  static const struct argp argp = {
      .parser = parse,
      .args_doc = "DIR",
      .doc = "Reads DIR/analysis.json; prints the table and a sentence per "
             "kernel, and writes DIR/speedups.csv and the charts in "
             "DIR/charts."};
  const char *folder = NULL;
  char path[RUN_PATH];
  struct analysis analysis = {0};
  struct problem problem = {""};
  command_parse(&argp, "report", argc, argv, &folder);
  int status = analysis_read(run_path(folder, "analysis.json", path), &analysis,
                             &problem);
  if (!status)
    status = run_report(folder, &analysis, &problem);
  analysis_free(&analysis);
  return status ? command_fail("report", status, &problem) : 0;
}

/* export.h: what a run has found, for other programs: --json, --csv and
 * --markdown. */
#ifndef CORESWEEP_EXPORT_H
#define CORESWEEP_EXPORT_H

#include "bench/commands/options.h"
#include "bench/record/record.h"
#include "bench/report/sheet.h"

/* What was asked for: at most one. */
struct export_as {
  bool json, csv, markdown;
};

/* Three lines of a table of options; `to`: the struct's export_as. */
#define OPTIONS_EXPORT(type, to)                                               \
  {.name = "json",                                                             \
   .help = "Print the results as JSON, all else on stderr",                    \
   OPTION_FLAG(type, to.json)},                                                \
      {.name = "csv",                                                          \
       .help = "Print the results as CSV, a line each, all else on stderr",    \
       OPTION_FLAG(type, to.csv)},                                             \
  {                                                                            \
    .name = "markdown",                                                        \
    .help = "Print the results as a table in Markdown, all else on stderr",    \
    OPTION_FLAG(type, to.markdown)                                             \
  }

/* Whether any was; the check refuses more than one. */
bool export_wanted(const struct export_as *as);
int export_check(const struct export_as *as, struct problem *problem);

/* From here on stdout is stderr, where an export was asked for, but for what
 * that prints: *out is that stream, to be closed by the caller, or NULL where
 * none was.  0, or the problem: PROBLEM_USAGE where several were. */
int export_start(const struct export_as *as, FILE **out,
                 struct problem *problem);

/* Prints what the run in the folder has found: analysis.json (of which CSV is
 * speedups.csv), or what overheads, probe, aa, breakeven or granularity wrote.
 * 0, or the problem. */
int export_run(const char *folder, const struct export_as *as, FILE *out,
               struct problem *problem);

/* Prints trials as they are measured by hand: JSON: a line each, as in
 * trials.jsonl; CSV: as trials.csv.  0, or the problem. */
int export_trials(const struct records *records, const struct export_as *as,
                  FILE *out, struct problem *problem);

/* Prints a list of objects: whole: the JSON that it is of. */
int export_rows(const json_t *whole, const json_t *rows,
                const struct export_as *as, FILE *out, struct problem *problem);

#endif

/* run.h: a run's folder, for the commands that write and read one. */
#ifndef CORESWEEP_RUN_H
#define CORESWEEP_RUN_H

#include "bench/analyze/analysis.h"

enum { RUN_PATH = 4096 };

/* DIR/NAME. */
const char *run_path(const char *folder, const char *name,
                     char path[static RUN_PATH]);

/* Names a new folder after the time, in UTC: results/PREFIX2026-01-31T12-00-00.
 * Does not create it. */
void run_name_folder(const char *prefix, char folder[static RUN_PATH]);

/* Creates the folder, parents included.  PROBLEM_USAGE when it holds a run
 * already. */
int run_create(const char *folder, struct problem *problem);

/* The same, whatever the folder holds. */
int run_make_folder(const char *folder, struct problem *problem);

/* Points results/latest to a run under results/. */
void run_set_latest(const char *folder);

/* Reads the records and what lies beside them, and writes analysis.json.
 * Release the analysis with analysis_free. */
int run_analyze(const char *folder, struct analysis *analysis,
                struct problem *problem);

/* Prints table, sentences and the cross-check; writes speedups.csv; draws the
 * charts, or bars in the terminal where there is no gnuplot. */
int run_report(const char *folder, const struct analysis *analysis,
               struct problem *problem);

/* The folder with the gnuplot scripts: $CORESWEEP_SCRIPTS, or scripts/ beside
 * the folder that the program lies in, or ./scripts. */
const char *run_scripts(char path[static RUN_PATH]);

#endif

/* conclude.h: from a run's folder to what is shown of it. */
#ifndef CORESWEEP_CONCLUDE_H
#define CORESWEEP_CONCLUDE_H

#include "bench/analyze/analysis.h"
#include "bench/record/run.h"
#include "bench/report/programs.h"

/* Analyses the run's records (NULL: reads them) and what lies beside them, and
 * writes analysis.json.  Release the analysis with analysis_free. */
int run_analyze(const char *folder, const struct records *records,
                struct analysis *analysis, struct problem *problem);

/* Prints table, sentences and the cross-check; of programs, answers by the rule
 * (NULL: the usual one); writes speedups.csv; draws the charts, or bars in the
 * terminal where there is no gnuplot. */
int run_report(const char *folder, const struct analysis *analysis,
               const struct report_worth *worth, struct problem *problem);

/* The folder with the gnuplot scripts: $CORESWEEP_SCRIPTS, or scripts/ beside
 * the folder that the program lies in, or ./scripts. */
const char *run_scripts(char path[static RUN_PATH]);

#endif

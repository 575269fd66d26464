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

/* How much of it is printed. */
enum run_shown { RUN_ANSWER, RUN_FULL };

/* Prints the answer, or all of the tables. */
void run_print(const struct analysis *analysis,
               const struct report_worth *worth, enum run_shown shown);

/* The same; of programs, by the rule (NULL: the
 * usual one); writes speedups.csv; draws the charts, or where there is no
 * gnuplot, of all of it bars in the terminal. */
int run_report(const char *folder, const struct analysis *analysis,
               const struct report_worth *worth, enum run_shown shown,
               struct problem *problem);

/* Prints the answer alone, where a round was measured, and how to get the
 * rest. */
void run_answer(const char *folder, const struct analysis *analysis,
                const struct report_worth *worth);

/* The folder with the gnuplot scripts: $CORESWEEP_SCRIPTS, or share/coresweep/
 * or scripts/ beside the folder that the program lies in, or ./scripts. */
const char *run_scripts(char path[static RUN_PATH]);

#endif

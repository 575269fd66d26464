/* answer.h: what another core bought and where the rest went, in the lines of
 * one screen; tables, baselines and method are in report_whole. */
#ifndef CORESWEEP_ANSWER_H
#define CORESWEEP_ANSWER_H

#include "bench/report/programs.h"
#include "bench/report/report.h"

enum { ANSWER_LINES = 40 };

/* Prints the answer in at most ANSWER_LINES - below lines (below: what is to
 * stand under it; at most 8) of at most WRAP_USUAL columns.  Where a run has
 * more workloads than fit, they are cut short, then left out, and it says so.
 * Of programs, by the rule (NULL: the usual one). */
void report_answer(const struct analysis *analysis,
                   const struct report_worth *worth, size_t below, FILE *out);

/* ---- its parts ----------------------------------------------------------- */

/* "2-vCPU cloud VM, gcc 12.2.0 -O3: 148 s, 9 to 20 trials, uncorrected 95%
 * intervals.", without an end of the line. */
void answer_facts(const struct analysis *analysis, FILE *out);

/* The speedups of a workload's judged point as a row: name, workers, program,
 * prediction, region. */
enum { ANSWER_CELLS = 5, ANSWER_CELL = 64 };
struct answer_row {
  const struct workload_result *workload; /* borrowed; NULL: the head */
  char name[REPORT_NAME];
  char cells[ANSWER_CELLS - 1][ANSWER_CELL]; /* after the name */
};
void answer_fill(const struct analysis *analysis,
                 const struct workload_result *workload,
                 struct answer_row *row);

/* What stands under the row: the verdict, where the rest of the cores' time
 * went, and what was better; "" where there is nothing to say.  To be released
 * with free; NULL: no memory. */
char *answer_sentence(const struct analysis *analysis,
                      const struct workload_result *workload);

/* "58% useful; 39% idle while serial: ..." of a result; nothing where its
 * breakdown is not told. */
void answer_loss(const struct result *result, FILE *out);

/* Under the rows: marks, verdicts that were not given, what to beware of, what
 * was left out, the law's score, contradictions. */
void answer_notes(const struct analysis *analysis, FILE *out);

/* The same without what to beware of, where that has been said. */
void answer_notes_else(const struct analysis *analysis, FILE *out);

#endif

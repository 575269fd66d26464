/* programs.h: what is shown of a run of somebody else's programs: times, and
 * whether more cores are worth it. */
#ifndef CORESWEEP_PROGRAMS_H
#define CORESWEEP_PROGRAMS_H

#include "bench/analyze/results.h"
#include "bench/report/inside.h"

#include <stdio.h>

enum worth_quantity {
  WORTH_EFFICIENCY, /* speedup / workers */
  WORTH_SPEEDUP,
  WORTH_SAVED, /* the share of the time that is saved */
  WORTH_QUANTITIES
};

/* When more workers are worth it, as the user says. */
struct report_worth {
  enum worth_quantity quantity;
  double least;
  double
      efficiency; /* the most workers that keep it are named; NAN: not asked */
};

/* Where nobody says: efficiency>=70%, and no efficiency to be kept. */
extern const struct report_worth report_worth_usual;

/* Reads "efficiency>=70%" and "80%"; NULL: what is true where nobody says, and
 * nothing.  0, or the usage problem. */
int report_worth_read(const char *rule, const char *efficiency,
                      struct report_worth *worth, struct problem *problem);

/* Whether all that was measured are programs. */
bool report_is_of_programs(const struct analysis *analysis);

/* The answer for one program, without its name: the first line begins so, all
 * others are indented. */
void report_program_said(const struct analysis *analysis,
                         const struct workload_result *workload,
                         const struct report_worth *worth,
                         const struct said *said);

/* The same in a few lines of a terminal's width, with its name. */
void report_program(const struct analysis *analysis,
                    const struct workload_result *workload,
                    const struct report_worth *worth, FILE *out);

/* What their times are, in one line of any length; or in a terminal's. */
void report_programs_how(const struct analysis *analysis, FILE *out);
void report_programs_method(const struct analysis *analysis, FILE *out);

/* The answers of all programs; then the table, and how it was
 * measured. */
void report_programs(const struct analysis *analysis,
                     const struct report_worth *worth, FILE *out);

/* All that `report --full` prints of a run: of programs their answers by the
 * rule (NULL: the usual one); else table, sentences, method and cross-check. */
void report_whole(const struct analysis *analysis,
                  const struct report_worth *worth, FILE *out);

#endif

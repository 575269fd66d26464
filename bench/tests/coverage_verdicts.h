/* coverage_verdicts.h: how often a report says of a program that it gains or
 * loses, or is below or above Amdahl's law, and is wrong; and how often it says
 * so where it is right. */
#ifndef CORESWEEP_COVERAGE_VERDICTS_H
#define CORESWEEP_COVERAGE_VERDICTS_H

#include "bench/tests/coverage_rivals.h"
#include "bench/tests/coverage_sweeps.h"

/* All of RULE_LAW: machines on which the law holds but for their noise. */
extern const struct coverage_scenario coverage_laws[];
extern const size_t coverage_law_count;

/* Of a report: as many as `make bench` has. */
enum { COVERAGE_WORKLOADS = 8 };

/* What is true of a report's workloads. */
enum coverage_case {
  CASE_NO_GAIN, /* none gains */
  CASE_LAW,     /* all follow the law */
  CASE_HALVES,  /* one in two either */
  /* One in two gains four half-widths, the other is as far below the nearer end
   * of its law's.  A half-width: what its interval has ... */
  CASE_FAR,        /* ... itself, */
  CASE_FAR_MEAN,   /* ... in that scenario in the mean, */
  CASE_FAR_MEDIAN, /* ... or in the median */
  /* Controls: */
  CASE_UNCORRECTED, /* CASE_HALVES, each verdict at 5% */
  CASE_CERTAIN,     /* CASE_LAW, the prediction taken as certain */
  COVERAGE_CASES
};

struct coverage_verdicts {
  size_t reports;
  size_t wrong[COVERAGE_CASES]; /* reports that hold a false verdict */
  /* Verdicts that are right, of all workloads: where it is far, all could be.
   * And those whose printed interval leaves room for one. */
  size_t found[COVERAGE_CASES], open[COVERAGE_CASES];
  /* program_amdahl_residual's interval, for which the prediction is certain,
   * excludes what is true; of all workloads. */
  size_t residual_misses;
};

/* Six pilots, nine rounds and what their width asks for, up to the scenario's,
 * for each workload of each report, each on a machine of its own; judged by the
 * report's own rule, with p from the first so many of coverage_rivals, of which
 * the first is the report's: all[i] is by the i-th.  The result depends on the
 * scenario, its truth, the number and the seed alone. */
void coverage_verdicts_run(const struct coverage_scenario *of,
                           const struct coverage_long_run *truth,
                           size_t reports, uint64_t seed, size_t rivals,
                           struct coverage_verdicts *all);

/* Shares, of 1: of reports that hold a false verdict, of the worst of the first
 * three cases; of far verdicts that were found. */
double coverage_verdicts_false(const struct coverage_verdicts *verdicts);
double coverage_verdicts_found(const struct coverage_verdicts *verdicts,
                               enum coverage_case far);

/* At most 5% of reports are wrong in the first three cases and where it is far,
 * over 5% by each control; and at least 80% is found where it is far by the
 * mean half-width, and by its own one unless the scenario is hard. */
bool coverage_verdicts_pass(const struct coverage_scenario *scenario,
                            const struct coverage_verdicts *verdicts);

#endif

/* coverage_verdicts.h: how often a report says of a program that it gains or
 * loses, or is below or above Amdahl's law, and is wrong; and how often it says
 * so where it is right. */
#ifndef CORESWEEP_COVERAGE_VERDICTS_H
#define CORESWEEP_COVERAGE_VERDICTS_H

#include "bench/tests/coverage.h"

/* All of RULE_LAW: machines on which the law holds but for their noise. */
extern const struct coverage_scenario coverage_laws[];
extern const size_t coverage_law_count;

/* Of a report: as many as `make bench` has. */
enum { COVERAGE_WORKLOADS = 8 };

/* What a scenario is in the long run.  Speedups that are divided by one of
 * these are in truth what the null says. */
struct coverage_long_run {
  double speedup;  /* of the program */
  double over_law; /* that over the law: a team that waits for the slowest
                      CPU is below 1 */
  double over_one; /* the same against the variant with one worker */
  /* Medians over sweeps: of the interval, as a logarithm; and how many rounds
   * their widths ask for. */
  double half_width, rounds;
};
struct coverage_long_run
coverage_verdicts_truth(const struct coverage_scenario *scenario);

/* What is true of a report's workloads. */
enum coverage_case {
  CASE_NO_GAIN, /* none gains */
  CASE_LAW,     /* all follow the law */
  CASE_HALVES,  /* one in two either */
  CASE_FAR,     /* one in two gains four half-widths of its own interval, the
                   other is as far below the nearer end of its law's */
  /* Controls: */
  CASE_UNCORRECTED, /* CASE_HALVES, each verdict at 5% */
  CASE_CERTAIN,     /* CASE_LAW, the prediction taken as certain */
  COVERAGE_CASES
};

struct coverage_verdicts {
  size_t reports;
  size_t wrong[COVERAGE_CASES]; /* reports that hold a false verdict */
  size_t found[COVERAGE_CASES]; /* verdicts that are right, of all workloads; in
                                   CASE_FAR all could be */
  /* program_amdahl_residual's interval, for which the prediction is certain,
   * excludes what is true; of all workloads. */
  size_t residual_misses;
};

/* Six pilots, nine rounds and what their width asks for, up to the scenario's,
 * for each workload of each report, each on a machine of its own; judged by the
 * report's own rule.  The result depends on the scenario, its truth, the number
 * and the seed alone. */
struct coverage_verdicts
coverage_verdicts_run(const struct coverage_scenario *of,
                      const struct coverage_long_run *truth, size_t reports,
                      uint64_t seed);

/* At most 5% of reports are wrong in the first four cases, over 5% by each
 * control, and at least 80% is found where it is far, unless the scenario is
 * hard. */
bool coverage_verdicts_pass(const struct coverage_scenario *scenario,
                            const struct coverage_verdicts *verdicts);

#endif

/* coverage_law.h: how often a sweep says that a program is below or above
 * Amdahl's law, and is wrong. */
#ifndef CORESWEEP_COVERAGE_LAW_H
#define CORESWEEP_COVERAGE_LAW_H

#include "bench/tests/coverage.h"

/* All of RULE_LAW: machines on which the law holds but for their noise. */
extern const struct coverage_scenario coverage_laws[];
extern const size_t coverage_law_count;

/* How far from the law a scenario is in the long run: the median speedup of
 * programs over what the law says of the median serial share. */
struct coverage_gap {
  double against_serial; /* a team that waits for the slowest CPU is below 1 */
  double against_one;    /* against the same variant with one worker */
};
struct coverage_gap coverage_law_gap(const struct coverage_scenario *scenario);

/* What sweeps say.  A verdict is false where it would also be given of speedups
 * that are divided by the gap: of those, the law is true. */
struct coverage_verdicts {
  size_t sweeps;
  size_t said_below; /* false or not */
  /* The measured interval lies apart from the prediction's, as the program
   * chart's title has it. */
  size_t false_below, false_above;
  /* program_amdahl_residual's interval, for which the prediction is certain,
   * excludes what is true. */
  size_t residual_misses;
};

/* Six pilots and the scenario's rounds a sweep.  The result depends on the
 * scenario, its gap, the number and the seed alone. */
struct coverage_verdicts coverage_law_run(const struct coverage_scenario *of,
                                          const struct coverage_gap *gap,
                                          size_t sweeps, uint64_t seed);

#endif

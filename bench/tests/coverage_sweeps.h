/* coverage_sweeps.h: what a sweep measures of a workload's programs on a
 * simulated machine, and what such a machine is in the long run. */
#ifndef CORESWEEP_COVERAGE_SWEEPS_H
#define CORESWEEP_COVERAGE_SWEEPS_H

#include "bench/plan/budget.h"
#include "bench/plan/plan.h"
#include "bench/tests/coverage.h"

enum {
  COVERAGE_LAST = COVERAGE_POINTS - 1, /* all workers */
  COVERAGE_ONES = COVERAGE_POINTS - 1, /* points of one worker: serial, and the
                                          team's */
  COVERAGE_ROUNDS = WIDTH_ROUNDS_LONG, /* of any scenario at most */
};

/* What a sweep measured of a workload, in seconds.  Serial programs have a time
 * before the others of the round and one after them; in program_s stands the
 * geometric mean of both. */
struct coverage_sweep {
  double program_s[COVERAGE_POINTS][COVERAGE_ROUNDS];
  double serial_s[2][COVERAGE_ROUNDS];
  double pilot_s[COVERAGE_ONES][PLAN_PILOTS];
  double share[PLAN_PILOTS]; /* serial, of the team with one worker */
  struct interval law;       /* from its pilot */
  uint32_t rounds;           /* that its own width asked for */
};

/* Six pilots, and all rounds that the scenario may have.  The result depends on
 * the scenario and the seed alone. */
void coverage_sweep_run(struct coverage_bench *bench, uint64_t seed,
                        struct coverage_sweep *sweep);

/* The interval of a point's program over the last one's, of so many rounds. */
struct interval coverage_sweep_speedup(const struct coverage_sweep *sweep,
                                       int point, uint32_t rounds);

/* As logarithms: of its speedup's interval, at the rounds that it asked for,
 * and of its law's to the nearer end. */
double coverage_sweep_half_width(const struct coverage_sweep *sweep);
double coverage_sweep_law_half_width(const struct coverage_sweep *sweep);

/* Sorts the values. */
double coverage_median(double *values, size_t count);

/* What a scenario is in the long run.  Speedups that are divided by one of
 * these are in truth what the null says. */
struct coverage_long_run {
  double speedup;  /* of the program */
  double over_law; /* that over the law: a team that waits for the slowest
                      CPU is below 1 */
  double over_one; /* the same against the variant with one worker */
  /* Over sweeps: of coverage_sweep_half_width, median and mean; the median of
   * how many rounds their widths ask for. */
  double half_width, mean_half_width, rounds;
};
struct coverage_long_run
coverage_verdicts_truth(const struct coverage_scenario *scenario);

#endif

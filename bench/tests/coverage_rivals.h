/* coverage_rivals.h: tests of programs' times that verdicts could rest on: the
 * report's own, and what else was tried. */
#ifndef CORESWEEP_COVERAGE_RIVALS_H
#define CORESWEEP_COVERAGE_RIVALS_H

#include "bench/record/fields.h"

#include <stdbool.h>
#include <stddef.h>

enum { COVERAGE_TRIALS = 40 }; /* at most */

/* Of a round each: the serial programs before and after, and the parallel one
 * between them, in seconds. */
struct coverage_trials {
  size_t count;
  const double *serial_s[2], *parallel_s;
};

/* p against a null, of which the nearer end counts: twice the smaller of both
 * sides'. */
typedef double coverage_p(const struct coverage_trials *trials,
                          struct interval null);

struct coverage_rival {
  const char *name;
  coverage_p *p;
  bool step_up; /* Hochberg's procedure in place of Holm's */
};

enum { COVERAGE_RIVALS = 9 };
extern const struct coverage_rival coverage_rivals[COVERAGE_RIVALS];

/* P(sum <= at_most), where each of so many rounds adds one of its scores, all
 * of them equally likely: exact tests of signs and ranks are that. */
double coverage_sum_p(size_t rounds, size_t choices, size_t scores[][3],
                      size_t at_most);

#endif

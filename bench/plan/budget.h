/* budget.h: making a sweep fit into its time, from estimates alone. */
#ifndef CORESWEEP_BUDGET_H
#define CORESWEEP_BUDGET_H

#include "bench/plan/plan.h"
#include <stdint.h>

/* Seconds for one trial of one of its points. */
double budget_trial_s(const struct plan *plan, const struct point *point);

/* Seconds for the pilot, and for one round of all points. */
double budget_pilot_s(const struct plan *plan);
double budget_round_s(const struct plan *plan);

/* Thins the plan until the pilot and the fewest rounds fit into the seconds
 * left: first the meters of memory and additions (which come back where room is
 * left at the end), then the worker counts (to
 * powers of two and the number of cores), then variants, then iterations, then
 * the regions' length (down to 1 ms at the most workers), then how often
 * programs repeat theirs, then every second worker count (down to one and the
 * most), and at last the probes.  Notes what was left out.  Sizes and costs
 * change where regions are shortened. Returns 0, or the problem; a plan that
 * cannot fit keeps a note. */
int budget_thin(struct plan *plan, double left_s, struct problem *problem);

/* Sets plan->rounds, unless it was given: as many as fit into the seconds
 * left, from 6 to what was planned, and notes it.  Cannot fail. */
void budget_rounds(struct plan *plan, double left_s);

enum {
  WIDTH_ROUNDS_FIRST = 12,  /* before their widths are looked at, once */
  WIDTH_ROUNDS_MOST = 1000, /* where no budget says less: hours, not weeks */
};

/* n = clamp(ceil(12 (widest / target)^2), 12, most), as an interval's width
 * falls with the root of n.  It is decided once, after 12 rounds and from the
 * width alone: to look at each round whether an interval excludes 1, and to
 * stop there, would find differences where there are none.
 * widest: (high - low) / median of the widest interval, a share; one that is
 * not known (NAN) asks for `most`.  target: above 0.  Cannot fail.
 * Source: Stein, "A two-sample test for a linear hypothesis whose power is
 * independent of the variance", Ann. Math. Statist. 16(3), 1945. */
uint32_t width_rounds(double widest, double target, uint32_t most);

#endif

/* budget.h: making a sweep fit into its time, from estimates alone. */
#ifndef CORESWEEP_BUDGET_H
#define CORESWEEP_BUDGET_H

#include "bench/plan/plan.h"
#include <stdint.h>

/* A note of the plan, and the target of a workload, where its region is shorter
 * than was wanted. */
extern const char budget_shorter[], budget_unmet[];

/* Seconds for one trial of one of its points; its part of one that is shared.
 */
double budget_trial_s(const struct plan *plan, const struct point *point);

/* What a region at the most workers is to take, in seconds: the plan's target,
 * or less (down to 1 ms), where serial regions for so many workers would take
 * more than a tenth of the budget before the first round. */
double budget_target_s(const struct plan *plan);

/* Seconds for the pilot, and for one round of all points. */
double budget_pilot_s(const struct plan *plan);
double budget_round_s(const struct plan *plan);

/* Whether pilot and so many rounds, or as many as were asked for, fit into the
 * seconds left.  Cannot fail. */
bool budget_fits(const struct plan *plan, uint32_t rounds, double left_s);

/* Thins the plan until the pilot and nine rounds fit into the seconds
 * left: first the meters of memory and additions (which come back where room is
 * left at the end), then the worker counts (to
 * powers of two and the number of cores), then variants, then blocks of a
 * trial, then regions of trials without blocks, then the regions' length (down
 * to 1 ms at the most workers), then how often programs repeat theirs, then
 * worker counts between one and the most of what shares no trial with others,
 * where something does, then
 * every second worker count (down to one and the most; shared ones come back
 * where room is left at the end), then the rounds of
 * teams of one worker, all variants but the first, and at last the probes.
 * Notes what was left out.  Sizes and costs change where regions are shortened.
 * Returns 0, or the problem; a plan that cannot fit keeps a note. */
int budget_thin(struct plan *plan, double left_s, struct problem *problem);

/* Sets plan->rounds, unless it was given: as many as fit into the seconds
 * left, from 6 to what was planned, and notes it.  Cannot fail. */
void budget_rounds(struct plan *plan, double left_s);

enum {
  WIDTH_ROUNDS_FIRST = 9,  /* before their widths are looked at, once */
  WIDTH_ROUNDS_USUAL = 20, /* the most that a width asks for by itself */
  WIDTH_ROUNDS_LONG = 40,  /* and where there is more time than usual: */
  WIDTH_BUDGET_USUAL_S = 180,
  WIDTH_ROUNDS_MOST = 1000, /* for a width that was asked for, where no budget
                               says less: hours, not weeks */
};

/* The least number of trials, from so many on, at which the exact level of an
 * order-statistic interval is close above 95% (to 40; then any).  Between them
 * are numbers whose intervals are as wide as those of fewer trials.  Cannot
 * fail. */
uint32_t width_step(double wanted);

/* n = clamp(9 (half_width / target)^2, 9, most), up to the next step, as an
 * interval's width falls with the root of n.  It is decided once, after 9
 * rounds and from the width alone: to look at each round whether an interval
 * excludes 1, and to stop there, would find differences where there are none.
 * half_width: (high - low) / 2 / median, a share; one that is not known (NAN,
 * INFINITY) asks for `most`.  target: above 0.  Cannot fail.
 * Source: Stein, "A two-sample test for a linear hypothesis whose power is
 * independent of the variance", Ann. Math. Statist. 16(3), 1945. */
uint32_t width_rounds(double half_width, double target, uint32_t most);

#endif

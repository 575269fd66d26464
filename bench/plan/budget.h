/* budget.h: making a sweep fit into its time, from estimates alone. */
#ifndef CORESWEEP_BUDGET_H
#define CORESWEEP_BUDGET_H

#include "bench/plan/plan.h"

/* What a setting's trials are thought to cost, from its calibration. */
struct budget_cost {
  double region_s; /* one serial region at the plan's size */
  double fixed_s;  /* everything of a trial besides its regions */
};

/* Seconds for one trial of an entry. */
double budget_trial_s(const struct plan *plan, const struct plan_entry *entry,
                      const struct budget_cost *cost);

/* Seconds for the pilot, and for one round of all entries.
 * costs: [plan->setting_count]. */
double budget_pilot_s(const struct plan *plan, const struct budget_cost *costs);
double budget_round_s(const struct plan *plan, const struct budget_cost *costs);

/* Thins the plan until the pilot and the fewest rounds fit into the seconds
 * left: first the worker counts (to powers of two and the number of cores),
 * then variants, then iterations, then the regions' length (down to 1 ms at
 * the most workers), and at last to one and the most workers.  Notes what was
 * left out.  Sizes and costs change where regions are shortened.
 * Returns 0, or the problem; a plan that cannot fit keeps a note. */
int budget_thin(struct plan *plan, struct budget_cost *costs, double left_s,
                struct problem *problem);

/* Sets plan->rounds, unless it was given: as many as fit into the seconds
 * left, from 6 to what was planned, and notes it.  Cannot fail. */
void budget_rounds(struct plan *plan, const struct budget_cost *costs,
                   double left_s);

#endif

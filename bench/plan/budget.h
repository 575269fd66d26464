/* budget.h: making a sweep fit into its time, from estimates alone. */
#ifndef CORESWEEP_BUDGET_H
#define CORESWEEP_BUDGET_H

#include "bench/plan/plan.h"

/* Seconds for one trial of an entry. */
double budget_trial_s(const struct plan *plan, const struct plan_entry *entry,
                      const struct budget_cost *cost);

/* Seconds for the pilot, and for one round of all entries and probes.
 * costs: [plan->workload_count]; the probes' are in the plan. */
double budget_pilot_s(const struct plan *plan, const struct budget_cost *costs);
double budget_round_s(const struct plan *plan, const struct budget_cost *costs);

/* Thins the plan until the pilot and the fewest rounds fit into the seconds
 * left: first the meters of memory and additions (which come back where room is
 * left at the end), then the worker counts (to
 * powers of two and the number of cores), then variants, then iterations, then
 * the regions' length (down to 1 ms at the most workers), then every second
 * worker count (down to one and the most), and at last the probes.  Notes what
 * was left out.  Sizes and costs change where regions are shortened. Returns 0,
 * or the problem; a plan that cannot fit keeps a note. */
int budget_thin(struct plan *plan, struct budget_cost *costs, double left_s,
                struct problem *problem);

/* Sets plan->rounds, unless it was given: as many as fit into the seconds
 * left, from 6 to what was planned, and notes it.  Cannot fail. */
void budget_rounds(struct plan *plan, const struct budget_cost *costs,
                   double left_s);

#endif

/* budget_counts.h: which worker counts a budget leaves; steps of budget_thin.
 * Each takes something away and notes it, or returns false: there is none. */
#ifndef CORESWEEP_BUDGET_COUNTS_H
#define CORESWEEP_BUDGET_COUNTS_H

#include "bench/plan/plan.h"

/* Powers of two, the number of cores, and the largest. */
bool budget_thin_counts(struct plan *plan);

/* Of what does not share its trial with other worker counts, one and the most
 * workers; the others cost as much as all of a shared trial.  None where no
 * counts are shared. */
bool budget_counts_apart(struct plan *plan);

/* Every second count; not below two. */
bool budget_fewer_counts(struct plan *plan);

/* The worker counts that a plan began with. */
struct budget_counts {
  uint32_t counts[PLAN_COUNTS];
  size_t count;
};
struct budget_counts budget_counts_of(const struct plan *plan);

/* Counts that share trials were taken away while there was more else: as many
 * of them come back as there is room for, at nine rounds in the seconds left.
 * 0, or the problem. */
int budget_return_counts(struct plan *plan, const struct budget_counts *all,
                         double left_s, struct problem *problem);

#endif

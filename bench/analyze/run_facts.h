/* run_facts.h: the run as a whole: what it consists of, and what spoils it. */
#ifndef CORESWEEP_RUN_FACTS_H
#define CORESWEEP_RUN_FACTS_H

#include "bench/analyze/results.h"
#include "bench/analyze/rounds.h"
#include "bench/plan/plan.h"
#include "bench/record/environment.h"

/* Fills the facts of the run; plan and environment may be NULL.  clock_refused:
 * readings of the clock that were none. */
void run_facts_make(const struct records *records, const struct rounds *rounds,
                    int64_t clock_refused, const struct plan_facts *plan,
                    const struct environment *environment,
                    struct run_facts *run);

#endif

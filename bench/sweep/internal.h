/* internal.h: what the phases of a sweep share. */
#ifndef CORESWEEP_SWEEP_INTERNAL_H
#define CORESWEEP_SWEEP_INTERNAL_H

#include "bench/sweep/sweep.h"

enum { DIGEST = sizeof((struct plan_workload *)NULL)->digest };

/* Tells sweep->report, if there is one. */
void sweep_tell(const struct sweep *sweep, const struct plan_entry *entry,
                const struct place *place, double share, double left_s);

/* Runs one trial and appends its record, or takes the record of a run that is
 * gone on with; the caller releases it. */
int sweep_trial(struct sweep *sweep, const struct trial_request *order,
                const struct place *place, struct record *record,
                struct problem *problem);

/* The same for a trial that must succeed for the sweep to go on. */
int sweep_needed_trial(struct sweep *sweep, const struct trial_request *order,
                       const struct place *place, struct record *record,
                       struct problem *problem);

#endif

/* program_observed.h: which runs of a program are observed.
 *
 * The pilot observes one run with one worker.  Where that told of parallel
 * regions, every point of the program is observed beside its timed runs.  Where
 * it loaded an OpenMP library and opened none, as programs do that go another
 * way with one thread, a run with the most workers is looked at: if that opens
 * any, the points with several workers are observed, and the one-worker run,
 * which tells nothing, is not.  Else nothing is. */
#ifndef CORESWEEP_PROGRAM_OBSERVED_H
#define CORESWEEP_PROGRAM_OBSERVED_H

#include "bench/sweep/program_plan.h"

/* Adds to plan->points, behind the timed ones, the same again, each with its
 * own in turns: in every second round after it.  Cannot fail. */
void program_observed_list(struct program_plan *plan);

/* Adds to the batch, whose points are plan->batch, the pilot's runs with one
 * worker; the looks at teams that follow from those, which so_far->last has.
 * Cannot fail. */
void program_observed_pilots(const struct program_plan *plan,
                             struct batch *batch);
void program_observed_look(const struct program_plan *plan,
                           const struct so_far *so_far, struct batch *batch);

/* Drops the points that are not worth it, by the runs in so_far->last.  Cannot
 * fail. */
void program_observed_keep(struct program_plan *plan,
                           const struct so_far *so_far);

/* How often a point is run in a round, with its observed run.  Cannot fail. */
double program_observed_times(const struct program_plan *plan,
                              const struct point *point);

#endif

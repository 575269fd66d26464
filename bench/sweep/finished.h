/* finished.h: the trials that a run has already, so that an engine that goes
 * on with it takes them instead of running them again. */
#ifndef CORESWEEP_FINISHED_H
#define CORESWEEP_FINISHED_H

#include "bench/plan/plan.h"
#include "bench/record/record.h"

struct finished {
  const struct records *records; /* borrowed; more may be added to them */
  size_t count;                  /* of them, from the first on */
  size_t *sorted;  /* [count], by what tells trials apart, then by the file */
  bool *taken;     /* [count] */
  uint32_t orders; /* the largest place in the order */
  double used_s;   /* wall time of all trials together */
};

/* 0, or PROBLEM_FAILURE: no memory; to be released with finished_free in
 * either case. */
int finished_make(const struct records *records, struct finished *finished,
                  struct problem *problem);
void finished_free(struct finished *finished);

/* Takes the first record, in the file's order, of a trial of that point and
 * round (0: of none), each one once.  Where a run cannot go on without the
 * trial (it has no round), failed ones are passed by, to be tried again; a
 * failed trial of a round is its result.  Returns whether there was one, and
 * its index. */
bool finished_take(struct finished *finished, const struct point *point,
                   uint32_t round, size_t *index);

/* Whether a trial of any of the points in that round is left to be taken. */
bool finished_has(const struct finished *finished, const struct point *points,
                  size_t count, uint32_t round);

/* Whether all trials are the plan's: its seed, and from the pilot on its
 * points, sizes, iterations and CPUs (cpus: as placed).  0, or
 * PROBLEM_USAGE naming what differs: a plan.json that was changed would mix
 * trials that cannot be compared. */
int finished_check(const struct finished *finished, const struct plan *plan,
                   const int *cpus, struct problem *problem);

#endif

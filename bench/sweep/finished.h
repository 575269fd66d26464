/* finished.h: the trials that a run has already, so that a sweep that goes on
 * with it takes them instead of running them again. */
#ifndef CORESWEEP_FINISHED_H
#define CORESWEEP_FINISHED_H

#include "bench/plan/plan.h"
#include "bench/record/record.h"
#include "bench/sweep/executor.h"

/* What a trial is recorded as, besides what it measured. */
struct place {
  const char *phase;
  uint32_t round; /* 0: none */
};

struct finished {
  struct records records;
  size_t *next;    /* [count]: the next record of that bucket; SIZE_MAX: none */
  size_t *buckets; /* [bucket_count]: the first; SIZE_MAX: none */
  size_t bucket_count;
  int64_t orders; /* the largest place in the order */
  int64_t rounds; /* the last round that has a trial */
  double used_s;  /* wall time of all trials together */
};

/* Takes the records over (*records is emptied).  0, or PROBLEM_FAILURE: no
 * memory; to be released with finished_free in either case. */
int finished_make(struct records *records, struct finished *finished,
                  struct problem *problem);
void finished_free(struct finished *finished);

/* Takes out the first record, in the file's order, of a trial of that place,
 * workload, variant as asked, workers and size, each one once.  Where a sweep
 * cannot go on without the trial (calibration and pilot), failed ones are
 * passed by, to be tried again; a failed trial of a round is its result.
 * Returns whether there was one; it is then the caller's to release. */
bool finished_take(struct finished *finished, const struct place *place,
                   const struct trial_request *order, struct record *record);

/* Whether all trials are the plan's: its seed, and from the pilot on its
 * configurations, sizes, iterations and CPUs (cpus: as placed).  0, or
 * PROBLEM_USAGE naming what differs: a plan.json that was changed would mix
 * trials that cannot be compared. */
int finished_check(const struct finished *finished, const struct plan *plan,
                   const int *cpus, struct problem *problem);

#endif

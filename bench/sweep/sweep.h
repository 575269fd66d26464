/* sweep.h: calibrate, pilot, rounds.  Every trial's record is appended to the
 * run's trials.jsonl at once. */
#ifndef CORESWEEP_SWEEP_H
#define CORESWEEP_SWEEP_H

#include "bench/plan/budget.h"
#include "bench/plan/machine.h"
#include "bench/plan/plan.h"
#include "bench/sweep/executor.h"
#include "bench/sweep/finished.h"

/* What goes on, for a progress line. */
struct sweep_progress {
  const char *phase; /* "calibration", "pilot", "round", "probe" */
  uint32_t round, rounds;
  double share;  /* done of the phases from the pilot on, 0..1 */
  double left_s; /* estimated; NAN: not known yet */
  const char *workload;
  const char *variant;
  uint32_t workers;
};

struct sweep {
  struct plan *plan;
  const struct machine *machine;
  struct executor *executor;
  struct budget_cost *costs; /* [plan->workload_count] */
  const char *path;          /* of trials.jsonl */
  int fd;                    /* open for appending */
  int *cpus;                 /* [TRIAL_WORKERS], placed */
  double begin_s;            /* by the executor's clock */
  struct finished *finished; /* trials of a run that is gone on with; or NULL */
  uint32_t ordered;          /* trials so far, in the file */
  uint32_t fresh;            /* of them run by this sweep */
  uint32_t rounds_done;
  double round_s; /* what a round takes: estimated, then measured */
  double timed_s; /* by these rounds together: */
  uint32_t timed_rounds;
  uint32_t bad; /* of them failed or wrong */
  char first_error[400];
  void (*report)(const struct sweep_progress *progress); /* may be NULL */
};

/* sweep_rounds goes on after rounds_done, up to plan->rounds.
 * Each returns 0, or the problem that ends the sweep (what was measured is
 * kept).  A trial that fails is recorded and counted in sweep->bad; in
 * calibration and pilot it ends the sweep. */
int sweep_calibrate(struct sweep *sweep, struct problem *problem);
int sweep_pilot(struct sweep *sweep, struct problem *problem);
int sweep_rounds(struct sweep *sweep, struct problem *problem);

/* Since the sweep began, by the executor's clock, and the time of the trials
 * that were there before. */
double sweep_elapsed_s(const struct sweep *sweep);

/* The order for one trial of an entry; *cpus and the digest are borrowed. */
struct trial_request sweep_order(const struct sweep *sweep,
                                 const struct plan_entry *entry);

#endif

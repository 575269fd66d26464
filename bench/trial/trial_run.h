/* trial_run.h: what the parts of a trial share. */
#ifndef CORESWEEP_TRIAL_RUN_H
#define CORESWEEP_TRIAL_RUN_H

#include "bench/trial/memory.h"
#include "bench/trial/trial.h"
#include "bench/trial/variants/variant.h"

/* Everything that lives during one trial. */
struct run {
  const struct trial_request *request;
  struct trial_result *result;
  const struct variant *variant, *beside;
  struct memory memory;
  struct kernel_shape shape;
  struct job job;
  void *state;
  struct partial *partials; /* [workers], of the last region */
  struct partial first;     /* combined, of the first region */
  int64_t region_begin_ns[TRIAL_ITERATIONS];
  struct worker_slot *kept; /* [iterations][workers] */
};

static inline double trial_seconds(int64_t ns) {
  return (double)ns * 1e-9;
}

/* All regions on the open team: the first, the warm-ups, and the timed ones
 * with those of the model beside; checks each, and combines the last.
 * 0, or the problem. */
int trial_regions(struct run *run, struct problem *problem);

/* What the partials of the last region come to; untimed.  Cannot fail. */
struct partial trial_combine(struct run *run);

/* The timed region whose time is the trial's, the lower median, and what its
 * workers did.  Cannot fail. */
void trial_choose_region(struct run *run);

/* Checks the result of the last region: what it wrote around the output, its
 * digest, and where the trial verifies, the kernel's own check and what chunks
 * write besides their own.  The output is as it was, if all is well.  0, or the
 * problem, and result->correct false. */
int trial_check(struct run *run, struct problem *problem);

#endif

/* doctor.h: the measuring part of `coresweep doctor`. */
#ifndef CORESWEEP_DOCTOR_H
#define CORESWEEP_DOCTOR_H

#include "bench/analyze/checkup.h"
#include "bench/plan/machine.h"
#include "bench/sweep/executor.h"

/* How much is measured. */
struct doctor_effort {
  uint32_t rounds; /* of the A/A; at least 6 */
  double region_s; /* what its regions take, at least */
  double look_s;   /* for so long it looks at steal and load */
};

/* One point (spin, serial) under two names, interleaved in random order; its
 * records are not kept.  0, or the problem, and *aa then is as it was: not
 * measured. */
int doctor_aa(const struct doctor_effort *effort, struct executor *executor,
              const struct machine *machine, struct checkup_aa *aa,
              struct problem *problem);

#endif

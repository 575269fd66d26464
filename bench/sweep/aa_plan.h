/* aa_plan.h: an A/A: one point measured under two names, in rounds of random
 * order, many times over. */
#ifndef CORESWEEP_AA_PLAN_H
#define CORESWEEP_AA_PLAN_H

#include "bench/sweep/engine.h"
#include "bench/sweep/sizing.h"

enum { AA_NAMES = 2 };

/* The phases of its records: the names. */
extern const char *const aa_names[AA_NAMES];

struct aa_plan {
  struct planner base;
  struct sizing sizing; /* then its size is the points' */
  struct point points[AA_NAMES];
  uint32_t rounds; /* of all sweeps together */
  uint32_t least;  /* the budget ends no round up to this number; 0: none */
  bool given;
};

/* `workload`, serial, of a size whose region takes target_s; no budget ends
 * its rounds. */
struct aa_plan aa_plan_make(const struct workload *workload, double target_s,
                            uint32_t rounds);

#endif

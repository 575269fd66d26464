/* aa_plan.h: an A/A: one form in blocks with itself, as a sweep's are with
 * serial, many times over. */
#ifndef CORESWEEP_AA_PLAN_H
#define CORESWEEP_AA_PLAN_H

#include "bench/sweep/engine.h"
#include "bench/sweep/sizing.h"

/* The phase of its records. */
extern const char aa_phase[];

struct aa_plan {
  struct planner base;
  struct sizing sizing; /* then its size is the point's */
  struct point point;
  uint32_t rounds; /* a trial each, of all sweeps together */
  uint32_t least;  /* the budget ends no round up to this number; 0: none */
  bool given;
};

/* `workload`, serial beside serial, of a size whose region takes target_s. */
struct aa_plan aa_plan_make(const struct workload *workload, double target_s,
                            uint32_t rounds);

#endif

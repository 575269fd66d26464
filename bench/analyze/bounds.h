/* bounds.h: what the speedup could be at most, were one kind of loss not there.
 * Pure: nothing here measures, prints or keeps state. */
#ifndef CORESWEEP_BOUNDS_H
#define CORESWEEP_BOUNDS_H

#include "bench/analyze/results.h"

struct bounds {
  struct interval balanced;     /* no waiting for the last worker */
  struct interval no_overheads; /* start, dispatch, sending, join for nothing */
  struct interval setup_shared; /* set-up by all workers, evenly */
};

/* With shares of p T_p, useful u and losses x that would be gone, the speedup
 * p u would be p u / (1 - x): an upper bound, as what one worker no longer
 * waits for another may.  Its ends are of the ends of both, as though they had
 * nothing to do with each other.  A loss below 0 is none.  All NAN where the
 * breakdown is not told, and setup_shared where it has no set-up. */
struct bounds bounds_of(const struct breakdown *breakdown, double workers);

/* Fills if_balanced and the others like it. */
void bounds_result(struct result *result);

#endif

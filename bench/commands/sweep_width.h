/* sweep_width.h: how wide a run's intervals are so far. */
#ifndef CORESWEEP_SWEEP_WIDTH_H
#define CORESWEEP_SWEEP_WIDTH_H

#include "bench/plan/notation.h"
#include "bench/record/record.h"

/* The widest interval of a region speedup, and whose it is. */
struct sweep_width {
  double width; /* (high - low) / median, a share; NAN: none is known */
  char whose[NOTATION_LENGTH + 120]; /* "cube, omp:static, 2 workers" */
};

/* Of all configurations that do not share CPUs.  Of each, only the width is
 * looked at, never where its interval lies.  0, or the problem. */
int sweep_width_find(const char *trials_path, struct sweep_width *width,
                     struct problem *problem);

#endif

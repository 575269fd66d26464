/* versus_together.h: the parts of a comparison in which all of its points are
 * looked at.  For versus.c alone. */
#ifndef CORESWEEP_VERSUS_TOGETHER_H
#define CORESWEEP_VERSUS_TOGETHER_H

#include "bench/analyze/versus.h"

/* Lists the workloads with several points that are judged, and the one ratio of
 * those of each.  0, or -1: no memory. */
int versus_join(struct versus *versus);

/* Corrects the p of points and workloads for how many there are, and says
 * whether there are too few trials for any to be told (few); level: of all
 * together, above 0.  0, or -1: no memory. */
int versus_correct(struct versus *versus, double level);

#endif

/* inside.h: what is said of somebody else's program that was observed. */
#ifndef CORESWEEP_REPORT_INSIDE_H
#define CORESWEEP_REPORT_INSIDE_H

#include "bench/analyze/results.h"

#include <stdio.h>

/* Where what is said of a program goes, a line each: what it gained and whether
 * that is worth it; why; what to do about it; how it was looked at.  They may
 * be one stream. */
struct said {
  FILE *answer, *why, *act, *how;
};

/* Lines of the answer, of the point that is judged: the law, where the cores'
 * time went, its regions, what balance would make of it, what observing cost;
 * or why it was not observed. */
void inside_answer(const struct analysis *analysis,
                   const struct workload_result *workload,
                   const struct result *judged, const struct said *said);

/* What to do about it, a line each: what balance would make of it, what to do
 * about the largest loss, how its regions get names. */
void inside_act(const struct analysis *analysis, const struct result *judged,
                FILE *out);

/* Whether observed runs of the point had a team of more than one thread. */
bool inside_has_team(const struct analysis *analysis, const struct result *r);

#endif

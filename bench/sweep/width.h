/* width.h: how many rounds make intervals as narrow as was asked for.  Decided
 * once, after the first of them, for kernels and for programs alike. */
#ifndef CORESWEEP_WIDTH_H
#define CORESWEEP_WIDTH_H

#include "bench/sweep/engine.h"

/* The widest interval of a speedup, and whose it is. */
struct width {
  double width; /* (high - low) / median, a share; NAN: none is known */
  char whose[POINT_TEXT];
};

/* Who knows how wide the intervals of these records are.  0, or the problem
 * that ends the run. */
typedef int width_widest(void *context, const struct records *records,
                         struct width *width, struct problem *problem);

/* The widest interval of the rounds that the planner knows to have ended: never
 * of those that a run that is gone on with has as well, so that the same is
 * decided again. */
int width_find(width_widest *widest, void *context, const struct so_far *so_far,
               struct width *width, struct problem *problem);

/* How many rounds there are to be, all together.  target: a share above 0;
 * budget_s: of the whole run, 0: none; reason: why.  Cannot fail. */
uint32_t width_decide(const struct width *now, double target, double budget_s,
                      const struct so_far *so_far,
                      char reason[static PLAN_REASON]);

/* Says into text by how much the target was missed; false: it was not. */
bool width_missed(const struct width *now, double target,
                  char text[static PLAN_REASON]);

#endif

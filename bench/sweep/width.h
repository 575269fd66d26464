/* width.h: how many trials make intervals as narrow as is asked for.  Decided
 * once, after the first rounds, for kernels and for programs alike. */
#ifndef CORESWEEP_WIDTH_H
#define CORESWEEP_WIDTH_H

#include "bench/sweep/engine.h"

/* Who knows how wide the intervals of these records are: half of each point's
 * interval, as a share of its median, into half_widths [count]; INFINITY: not
 * known; 0: nobody asks for it (serial, probes, points that share CPUs).  0, or
 * the problem that ends the run. */
typedef int width_look(void *context, const struct records *records,
                       const struct point *points, size_t count,
                       double *half_widths, struct problem *problem);

/* Looks at the rounds that the planner knows to have ended: never at those that
 * a run that is gone on with has as well, so that the same is decided again.
 * *half_widths: [count + 1], owned by the caller in either case. */
int width_find(width_look *look, void *context, const struct so_far *so_far,
               const struct point *points, size_t count, double **half_widths,
               struct problem *problem);

/* The widest interval, and whose it is. */
struct width {
  double width; /* half of it, a share; 0: none is asked for */
  char whose[POINT_TEXT];
};
struct width width_widest(const struct point *points, size_t count,
                          const double *half_widths);

/* How many rounds there are to be, all together, where every point is in all of
 * them.  target: a share above 0; budget_s: of the whole run, 0: none;
 * reason: why.  Cannot fail. */
uint32_t width_decide(const struct width *now, double target, double budget_s,
                      const struct so_far *so_far,
                      char reason[static PLAN_REASON]);

/* What a trial of each of the plan's points took in the batch before, with all
 * that is around it, in seconds: [point_count + 1], owned by the caller; NULL:
 * no memory.  Of worker counts that share one, what it is thought to take for
 * the most workers without the others, and for these without them.  points: of
 * each of the batch's, which of the plan's it is. */
double *width_costs(const struct plan *plan, const struct so_far *so_far,
                    const size_t *points);

/* Gives each point a number of trials of its own: plan->trials, rounds and
 * rounds_reason.  First those of the variant that the verdicts are
 * about at the most workers, then other variants there, then the rest, as the
 * budget allows. */
int width_share(struct plan *plan, const double *half_widths,
                const double *cost_s, const struct so_far *so_far,
                struct problem *problem);

/* Says into text by how much the target was missed; false: it was not. */
bool width_missed(const struct width *now, double target,
                  char text[static PLAN_REASON]);

#endif

/* widest.h: how wide the intervals are that --target-width is about. */
#ifndef CORESWEEP_COMMANDS_WIDEST_H
#define CORESWEEP_COMMANDS_WIDEST_H

#include "bench/commands/options.h"
#include "bench/sweep/width.h"

/* A width_look; context is not looked at.  Of kernels: of every point that
 * shares no CPUs, the region speedup, and of programs that are measured by
 * themselves theirs; of other programs: of each, the speedup with the most
 * workers that share none, or with the most of all. */
int widest_look(void *context, const struct records *records,
                const struct point *points, size_t count, double *half_widths,
                struct problem *problem);

/* The same where nobody asked for a width: for the program that a verdict is
 * about, no less than verdict_half_width. */
int widest_look_first(void *context, const struct records *records,
                      const struct point *points, size_t count,
                      double *half_widths, struct problem *problem);

/* What is typed for it: a share above 0 and below 1, as in 5% or 0.05. */
double widest_read_target(const char *text, struct argp_state *state);

#define OPTION_TARGET_WIDTH(function)                                          \
  .name = "target-width", .arg = "SHARE", OPTION_READ(function)

#endif

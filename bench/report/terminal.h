/* terminal.h: what the terminal can show, and speedups drawn in it. */
#ifndef CORESWEEP_TERMINAL_H
#define CORESWEEP_TERMINAL_H

#include "bench/analyze/analysis.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct terminal {
  size_t columns; /* $COLUMNS, or the window's; 80 where neither is known */
  bool utf8;      /* the locale's characters are */
  bool colour;    /* a terminal that is not dumb, and no $NO_COLOR */
};

/* Of the stream.  Cannot fail. */
struct terminal terminal_of(FILE *out);

enum terminal_colour {
  TERMINAL_PLAIN,
  TERMINAL_GOOD,
  TERMINAL_DOUBTFUL,
  TERMINAL_BAD,
  TERMINAL_FAINT
};

/* What switches to it; "" where there are no colours. */
const char *terminal_paint(const struct terminal *terminal,
                           enum terminal_colour colour);

/* A bar for each speedup, of the program and the warm region, from 0 to the
 * most workers: its median, with whiskers to the ends of its interval, and a
 * mark where ideal is.  In block characters, or in ASCII.  No line is wider
 * than the terminal, from 50 columns on. */
void terminal_speedups(const struct analysis *analysis,
                       const struct terminal *terminal, FILE *out);

#endif

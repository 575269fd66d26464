/* width.h: how many rounds make intervals as narrow as they were asked for. */
#ifndef CORESWEEP_WIDTH_H
#define CORESWEEP_WIDTH_H

#include <stdint.h>

enum {
  WIDTH_ROUNDS_FIRST = 12,  /* before their widths are looked at, once */
  WIDTH_ROUNDS_MOST = 1000, /* where no budget says less: hours, not weeks */
};

/* n = clamp(ceil(12 (widest / target)^2), 12, most), as an interval's width
 * falls with the root of n.  It is decided once, after 12 rounds and from the
 * width alone: to look at each round whether an interval excludes 1, and to
 * stop there, would find differences where there are none.
 * widest: (high - low) / median of the widest interval, a share; one that is
 * not known (NAN) asks for `most`.  target: above 0.  Cannot fail.
 * Source: Stein, "A two-sample test for a linear hypothesis whose power is
 * independent of the variance", Ann. Math. Statist. 16(3), 1945. */
uint32_t width_rounds(double widest, double target, uint32_t most);

#endif

/* trend.h: whether a series rises or falls: the Mann-Kendall test.
 * Pure: nothing here prints, reads a clock or keeps state. */
#ifndef CORESWEEP_TREND_H
#define CORESWEEP_TREND_H

#include <stddef.h>

/* Samples up to which the distribution is exact; beyond, by the normal
 * approximation with the correction for ties. */
enum { TREND_EXACT_MOST = 60 };

/* The probability, were x[0..n) in random order, of a Kendall's S (pairs that
 * rise less pairs that fall) at least as far from 0 as theirs: two-sided, and
 * given the ties that there are.  x: any unit, without NANs.  NAN for n < 2, or
 * when memory is out.
 * Sources: Mann, "Nonparametric tests against trend", Econometrica 13(3), 1945;
 * Kendall, Rank Correlation Methods, 4th ed., 1970, ch. 5; with ties inversions
 * are those of a multiset: Stanley, Enumerative Combinatorics 1, 2nd ed.,
 * prop. 1.7.1. */
double trend_p(const double *x, size_t n);

#endif

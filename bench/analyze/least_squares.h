/* least_squares.h: a weighted fit of a few terms to means, and whether it lacks
 * fit.
 * Pure: nothing here measures, prints or keeps state. */
#ifndef CORESWEEP_LEAST_SQUARES_H
#define CORESWEEP_LEAST_SQUARES_H

#include <stdbool.h>
#include <stddef.h>

enum { LEAST_SQUARES_TERMS = 3 };

/* What is fitted to: the mean of some samples at one place.  `term` holds what
 * each coefficient is multiplied with there. */
struct fitted_mean {
  double mean, variance; /* of a sample; above 0 */
  size_t samples;        /* 2 or more */
  double term[LEAST_SQUARES_TERMS];
};

struct least_squares {
  double coefficient[LEAST_SQUARES_TERMS];
  double off;    /* weighted sum of the squares of what is left over */
  double lack_p; /* how probable as much is by chance, were the form true; NAN:
                    no place is left to tell */
};

/* Fits the first `terms` of them, each mean weighted by samples / variance.
 * False: not determined by so few places, or by such.
 * Lack of fit: the F test of that sum, by Johansen's correction for variances
 * that are estimated, and differ; for a constant alone it is Welch's test.
 * Source: Johansen, "The Welch-James approximation to the distribution of the
 * residual sum of squares in a weighted linear regression", Biometrika 67(1),
 * 1980. */
bool least_squares_fit(const struct fitted_mean *places, size_t count,
                       size_t terms, struct least_squares *fit);

/* P(F > f) of the F distribution; degrees of freedom above 0, not whole.
 * Source: Abramowitz & Stegun, 26.6.2, 26.5.4. */
double least_squares_f_p(double f, double above, double below);

#endif

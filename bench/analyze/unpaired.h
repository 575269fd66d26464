/* unpaired.h: the ratio of two samples that share no rounds, as those of two
 * runs.
 *
 * The ratio is the median of all ratios of a time of the one by a time of the
 * other; its interval is that of the rank-sum test: [d(k), d(mn + 1 - k)] of
 * the mn sorted ratios, counted from 1, where k is the largest with
 * P(U < k) <= 2.5%.  Where the two scatter alike, whatever the distribution, it
 * holds the ratio of the medians as often as it says.  Chosen by simulated
 * coverage: see results/README.md.
 * Sources: Hodges & Lehmann, "Estimates of location based on rank tests", Ann.
 * Math. Statist. 34(2), 1963; Conover, Practical Nonparametric Statistics, 3rd
 * ed., sec. 5.1 and 5.4.
 * Pure: nothing here prints, reads a clock or keeps state. */
#ifndef CORESWEEP_UNPAIRED_H
#define CORESWEEP_UNPAIRED_H

#include "bench/record/fields.h"

struct unpaired {
  struct interval ratio; /* b over a; its ends at 95% */
  double p;  /* of the rank-sum test, two-sided, exact; beyond 2500 pairs by its
                normal approximation; ties count against a difference */
  bool same; /* the same numbers: one sample was compared with itself */
};

/* b over a, of positive numbers; others are left out.  Swapped, p stays, and
 * whichever of the ratios are at least 1 are inverted exactly.  The ends are
 * NAN, and p 1, where either has fewer than STATS_SAMPLES_MIN; all NAN where
 * one has none.  Exactly 1, and p 1, where both are the same numbers.
 * 0, or -1: no memory. */
int unpaired_ratio(const struct numbers *a, const struct numbers *b,
                   struct unpaired *unpaired);

/* The one ratio of several points of two runs, b over a: of each point the
 * trials in the order of the rounds, so that the i-th of all are of one round
 * and may share whatever disturbs it.  Each trial has its rank among all of its
 * point, a round the sum of those, and the two runs' rounds are compared by
 * the rank-sum test: it is as honest as that of one point however a round's
 * trials go together, and a point with wide scatter does not hide the others.
 * The ratio is that by which b is to be divided for the test to see nothing;
 * its ends are where it sees a difference at 5%.  p: that no point differs.
 * Rounds that not all points were in are left out; of one point, it is
 * unpaired_ratio.  All NAN where a run has fewer than STATS_SAMPLES_MIN rounds,
 * or a time is no positive number.  points: 1 or more.  0, or -1: no memory.
 * Source: O'Brien, "Procedures for comparing samples with multiple endpoints",
 * Biometrics 40(4), 1984, with the rank-sum test for his t. */
int unpaired_together(const struct numbers *a, const struct numbers *b,
                      size_t points, struct unpaired *unpaired);

/* The least p that samples of so many give, NAN below STATS_SAMPLES_MIN: that
 * of the two that share no value's place, 2 / C(a + b, a). */
double unpaired_least_p(size_t a, size_t b);

/* Holm's correction of p[0..n), in place: what is at most 5% then is false in
 * at most 5 of 100 families.  weights: above 0, chosen before p was known: each
 * test has that share of the 5%, and what a difference has used goes to the
 * others.  whole: NULL, or of each test another one, of something that this is
 * a part of (n: none): where a part differs, so does the whole, its share is
 * free, and it is told by its own p.  NANs are no tests.  0, or -1: no memory.
 * Source: Holm, "A simple sequentially rejective multiple test procedure",
 * Scand. J. Statist. 6(2), 1979; the weighted one is in its section 4, and what
 * follows for others in Shaffer, "Modified sequentially rejective multiple test
 * procedures", J. Amer. Statist. Assoc. 81, 1986. */
int unpaired_holm(double *p, const double *weights, const size_t *whole,
                  size_t n);

#endif

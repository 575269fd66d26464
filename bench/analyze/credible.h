/* credible.h: whether a kernel's times can be what they say they are.
 *
 * A compiler may leave out what a kernel was meant to do: turn a sum into its
 * formula, or move a call out of a loop of repetitions.  Results stay right,
 * and times mean nothing.  Two signs give that away: the kernel is faster than
 * the machine, or its time stays put when its size doubles.
 * Pure: nothing here measures, prints or keeps state. */
#ifndef CORESWEEP_CREDIBLE_H
#define CORESWEEP_CREDIBLE_H

#include "bench/plan/problem.h"
#include "bench/record/fields.h"

#include <stdint.h>

/* What the machine was seen to do at most, with as many workers, over a
 * working set of that size.  NAN: not known. */
struct roofline {
  double bytes_per_s; /* of the fastest kind of access in the nearest cache */
  double operations_per_s; /* integer additions with vectors */
};

/* A kernel at one workload and worker count. */
struct credible_case {
  const char *workload; /* for messages; borrowed */
  uint32_t workers;
  uint64_t size;              /* items */
  double bytes_per_item;      /* read and written; 0: none to speak of */
  double operations_per_item; /* 0: not stated, or not additions' like */
  struct interval region_s;   /* bounds NAN: no interval */
};

/* The share of the roofline that the kernel reaches: the time that the machine
 * needs for the bytes or the operations, whichever is longer, over the
 * kernel's.  In the interval of the region, low and high exchanged; NANs where
 * nothing is known.  Cannot fail.
 * Source: Williams, Waterman, Patterson, "Roofline", CACM 52(4), 2009. */
struct interval credible_share(const struct credible_case *of,
                               const struct roofline *roofline);

/* Refuses a kernel whose share is above 1 beyond doubt: all of its interval is,
 * by more than CREDIBLE_SHARE_MOST (the median, where there is no interval).
 * Returns 0, or PROBLEM_FAILURE with both numbers. */
int credible_roofline(const struct credible_case *of,
                      const struct roofline *roofline, struct problem *problem);

/* Refuses a kernel whose time stays put when its size doubles: `ratio` is the
 * time at twice the size over the time, within rounds; all of its interval (or
 * the median) is below CREDIBLE_GROWTH_LEAST.
 * Not for searches that stop early, nor for kernels that wait, and only at a
 * size that calibration chose or could not go beyond: a region that is short
 * because its size is small is all overhead, which does not grow.
 * Returns 0, or PROBLEM_FAILURE with the ratio. */
int credible_growth(const struct credible_case *of, struct interval ratio,
                    struct problem *problem);

/* Choices.  A share: the meters are medians on a noisy machine as well.  A
 * growth: honest work grows by 2, less a constant part; folded work by
 * nothing.  Without an interval, what folded work exceeds by far, and what no
 * noise nor a build without optimisation, which slows the meters, comes to. */
#define CREDIBLE_SHARE_MOST   1.25
#define CREDIBLE_SHARE_ALONE  100 /* where there is no interval */
#define CREDIBLE_GROWTH_LEAST 1.25

#endif

/* repeat.h: how often a program does its region, where nobody says.
 *
 * A program of one 5 ms region after 300 ms of set-up is predicted by anybody:
 * it repeats its region until most of it can be shared. */
#ifndef CORESWEEP_REPEAT_H
#define CORESWEEP_REPEAT_H

#include "bench/plan/plan.h"

/* The fewest regions of so many seconds that are 80% of a one-worker program,
 * if a tenth more than so many seconds of it stay serial; 1 to WORKLOAD_REPEAT.
 * memory: it moves memory, and its regions are seen longer than they are, one
 * after another.  1 where a region takes no time.  Cannot fail. */
uint32_t repeat_wanted(double region_s, double serial_s, bool memory);

/* What a program's regions after the first take, in regions as calibration saw
 * them.  Cannot fail. */
double repeat_regions(uint32_t repeat, bool memory);

/* Settles it for each of the plan's workloads of which it is not known yet,
 * from what calibration found: as many as are wanted, but no more than take 25
 * times what a region is to take, 5 times where every trial of a round is a
 * program. Kernels that are made to have a serial part, as spin/serial=0.25,
 * keep it: they do their region once.  Notes where it is less than 80%.  Cannot
 * fail. */
void repeat_settle(struct plan *plan);

/* Halves it wherever it was settled so, and notes it; false: it is 1. */
bool repeat_fewer(struct plan *plan);

#endif

/* region_table.h: the parallel regions of programs that were observed. */
#ifndef CORESWEEP_REGION_TABLE_H
#define CORESWEEP_REGION_TABLE_H

#include "bench/analyze/results.h"
#include "bench/plan/problem.h"

#include <stdio.h>

/* Prints a line a region, of the points with the most workers, those with most
 * of the time first, and what its columns mean; nothing where none is told. */
void region_table(const struct analysis *analysis, FILE *out);

/* Writes regions.csv, a line a region of every point, where any is told.  0, or
 * the problem. */
int region_table_csv(const struct analysis *analysis, const char *path,
                     struct problem *problem);

#endif

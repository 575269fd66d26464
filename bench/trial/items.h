/* items.h: a kernel's items from CSV: a header line, then an item a line, of
 * whole numbers: digits, with '-' before them or nothing. */
#ifndef CORESWEEP_ITEMS_H
#define CORESWEEP_ITEMS_H

#include "bench/plan/problem.h"
#include "bench/plan/workload.h"
#include "kernels/kernel.h"

#include <stdio.h>

/* Where the items of a trial come from. */
struct items {
  struct kernel_input input;
  int64_t *values; /* what input.values points to; see items_free */
  bool present;    /* false: the kernel draws them from the seed */
};

/* Reads the file `path`, or where that is NULL the workload's preset input, or
 * where it has none leaves present false.  `name` in messages is the path. */
int items_read(const char *path, const struct workload *workload,
               struct items *items, struct problem *problem);

/* Reads a file that is open, and leaves it open: at most so many numbers.
 * `name` is in messages.  On failure there is nothing to free. */
int items_parse(FILE *file, const char *name, size_t most, struct items *items,
                struct problem *problem);

void items_free(struct items *items);

#endif

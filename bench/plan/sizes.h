/* sizes.h: the sizes of a sweep as text: "1k..1M", "1000,2000". */
#ifndef CORESWEEP_SIZES_H
#define CORESWEEP_SIZES_H

#include "bench/plan/problem.h"

#include <stddef.h>
#include <stdint.h>

/* The longest list: all powers of two that are sizes. */
enum { SIZES_MAX = 63 };

/* Reads a list of sizes in items into sizes[0..SIZES_MAX), sorted ascending,
 * without duplicates, and how many there are into *count.  An item of the list
 * is a number, with k for 1024 or M for 1048576 of them behind it, or a range
 * A..B: A times the powers of two, up to B.
 * 0, or PROBLEM_USAGE naming the item and what would be right. */
int sizes_parse(const char *text, uint64_t sizes[static SIZES_MAX],
                size_t *count, struct problem *problem);

/* A size as sizes_parse reads it back, in the shortest form: "1k", "1000".
 * Cannot fail. */
enum { SIZES_TEXT = 24 };
const char *sizes_format(uint64_t size, char text[static SIZES_TEXT]);

#endif

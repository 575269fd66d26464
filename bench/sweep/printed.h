/* printed.h: what a program printed, and whether it is right. */
#ifndef CORESWEEP_PRINTED_H
#define CORESWEEP_PRINTED_H

#include "bench/plan/problem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of a file, mapped. */
struct printed {
  const char *bytes; /* not terminated */
  size_t length;
  void *mapped; /* NULL: nothing is */
};

/* Maps all of an open file.  Release with printed_unmap. */
int printed_map(int fd, struct printed *output, struct problem *problem);
void printed_unmap(struct printed *output);

/* A digest of all bytes and their number; as trials have it for results. */
uint64_t printed_digest(const struct printed *output);

/* The last line that has anything in it but blanks, cut and made printable. */
enum { PRINTED_LINE = 120 };
void printed_last_line(const struct printed *output,
                       char text[static PRINTED_LINE]);

/* Whether the outputs are alike: the same bytes; with a tolerance of 0 or more,
 * numbers in them may differ by that share of the larger one.  Where they are
 * not, *problem says where they first differ. */
int printed_compare(const struct printed *wanted, const struct printed *got,
                    double tolerance, struct problem *problem);

/* The number of seconds that the regular expression (POSIX, extended) finds:
 * its first group, or all of it.  NAN: none.  `err` is looked at second. */
double printed_time_s(const char *regex, const struct printed *out,
                      const struct printed *err);

#endif

/* program_output.h: what a program printed, and whether it is right. */
#ifndef CORESWEEP_OUTPUT_H
#define CORESWEEP_OUTPUT_H

#include "bench/plan/problem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of a file, mapped. */
struct output {
  const char *bytes; /* not terminated */
  size_t length;
  void *mapped; /* NULL: nothing is */
};

/* Maps all of an open file.  Release with output_close. */
int output_map(int fd, struct output *output, struct problem *problem);
void output_unmap(struct output *output);

/* A digest of all bytes and their number; as trials have it for results. */
uint64_t output_digest(const struct output *output);

/* The last line that has anything in it but blanks, cut and made printable. */
enum { OUTPUT_LINE = 120 };
void output_last_line(const struct output *output,
                      char text[static OUTPUT_LINE]);

/* Whether the outputs are alike: the same bytes; with a tolerance of 0 or more,
 * numbers in them may differ by that share of the larger one.  Where they are
 * not, *problem says where they first differ. */
int output_compare(const struct output *wanted, const struct output *got,
                   double tolerance, struct problem *problem);

/* The number of seconds that the regular expression (POSIX, extended) finds:
 * its first group, or all of it.  NAN: none.  `err` is looked at second. */
double output_time_s(const char *regex, const struct output *out,
                     const struct output *err);

#endif

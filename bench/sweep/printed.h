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

/* When outputs are alike. */
struct printed_rule {
  const char *whose; /* is wanted, for messages: "one worker" */
  bool numbers;      /* numbers in them may differ: by that share of the */
  double tolerance;  /* larger one, or by so much where that is more */
  double least_tolerance;
};

/* Whether they are: the same bytes, but for numbers.  Where they are not,
 * *problem says where they first differ. */
int printed_compare(const struct printed *wanted, const struct printed *got,
                    const struct printed_rule *rule, struct problem *problem);

/* The number of seconds that the regular expression (POSIX, extended) finds:
 * its first group, or all of it.  NAN: none.  `err` is looked at second. */
double printed_time_s(const char *regex, const struct printed *out,
                      const struct printed *err);

#endif

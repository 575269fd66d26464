/* what_if.h: what could be at most, were one kind of loss not there, in words.
 */
#ifndef CORESWEEP_WHAT_IF_H
#define CORESWEEP_WHAT_IF_H

#include "bench/report/report.h"

enum what_if {
  WHAT_IF_BALANCED,
  WHAT_IF_NO_OVERHEADS,
  WHAT_IF_SHARED,
  WHAT_IFS
};

struct what_if_about {
  const char *label, *words; /* "if balanced", "were all workers ..." */
};
extern const struct what_if_about what_if_table[WHAT_IFS];

/* The bound, of one scope; all NAN where it is not told. */
struct interval what_if_bound(const struct result *result, enum scope scope,
                              enum what_if what);

/* Whether it is worth a word or a line: what would be gone is so much that it
 * matters. */
bool what_if_matters(const struct result *result, enum scope scope,
                     enum what_if what);

#endif

/* environment_check.h: what is true of every environment.json. */
#ifndef CORESWEEP_ENVIRONMENT_CHECK_H
#define CORESWEEP_ENVIRONMENT_CHECK_H

#include "bench/record/environment.h"

/* Whether its members agree: no more cores than hardware threads, lists of CPUs
 * that are some, and so on; members that are not told agree with all.  json:
 * what it was read from, for the message.  0, or PROBLEM_FAILURE. */
int environment_check(const struct environment *environment, const json_t *json,
                      struct problem *problem);

#endif

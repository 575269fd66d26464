/* hyperfine.h: what hyperfine exports as JSON, whichever version of it did. */
#ifndef CORESWEEP_HYPERFINE_H
#define CORESWEEP_HYPERFINE_H

#include <jansson.h>

/* Gives each result of an export by hyperfine 2 ("schema_version" is 2) the
 * members that hyperfine 1 had, for one reader of both: "command" (the name,
 * where it has one), "times", "exit_codes", "parameters" as texts, "median",
 * "min" and "max", in seconds.  What is not as it should be is left out, or
 * null, for the reader to refuse.  Cannot fail but for want of memory, which
 * leaves members out. */
void hyperfine_settle(json_t *json);

#endif

/* region_debug.h: what a file of code and its debug information say of an
 * address.  Reads files of any content by libdw, which may not survive all of
 * them: for a process apart (see region_names.h). */
#ifndef CORESWEEP_REGION_DEBUG_H
#define CORESWEEP_REGION_DEBUG_H

#include "bench/sweep/region_names.h"

#include <stdbool.h>

struct region_debug;

/* The module that a place is in.  paths: where separate debug information lies,
 * as elfutils has it (NULL: what is usual).
 * Returns NULL: there is no libdw here, or no such file, or it is another than
 * was mapped. */
struct region_debug *region_debug_open(const struct region_place *place,
                                       const char *paths);
void region_debug_close(struct region_debug *debug);

/* Names a place of this module; name->name is what it is called without.
 * Whether it found anything. */
bool region_debug_name(const struct region_debug *debug,
                       const struct region_place *place,
                       struct region_name *name);

#endif

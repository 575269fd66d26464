/* module.h: what is loaded, and where. */
#ifndef CORESWEEP_OBSERVE_MODULE_H
#define CORESWEEP_OBSERVE_MODULE_H

#include "bench/observe/observed.h"

#include <stdbool.h>

/* A program or library; the path as the loader has it. */
struct module {
  uintptr_t begin, end; /* of all its segments */
  struct observed_module told;
};

/* The module that has code or data at that address.  False: none. */
bool module_at(const void *address, struct module *module);

/* How many loaded libraries look like OpenMP's, by their names. */
int module_openmp(void);

#endif

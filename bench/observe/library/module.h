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

/* Calls visit with the loader's name of each that looks like an OpenMP library.
 * Returns how many there are.  visit: NULL, only counts. */
int module_openmp(void (*visit)(const char *name, void *context),
                  void *context);

#endif

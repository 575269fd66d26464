/* registry.h: the kernels that the build found, in order of their names. */
#ifndef CORESWEEP_REGISTRY_H
#define CORESWEEP_REGISTRY_H

#include "kernels/kernel.h"

/* Ends with NULL.  Generated into build/registry.c. */
extern const struct kernel *const registry_kernels[];

/* The kernel of that name, or NULL. */
const struct kernel *registry_find_kernel(const char *name, size_t length);

#endif

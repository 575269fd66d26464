/* registry.h: what the build found, in order of the names: kernels, and
 * transports by name (bench/trial/ has what they do). */
#ifndef CORESWEEP_REGISTRY_H
#define CORESWEEP_REGISTRY_H

#include "kernels/kernel.h"

/* Ends with NULL.  Generated into build/registry.c. */
extern const struct kernel *const registry_kernels[];

/* Names of transports by their numbers: "shm", which needs no file, then those
 * in bench/trial/transports/.  Ends with NULL.  Generated as well. */
extern const char *const registry_transport_names[];

/* The kernel of that name, or NULL. */
const struct kernel *registry_find_kernel(const char *name, size_t length);

#endif

/* registry.h: what the build found, in order of the names: kernels, and
 * transports by name (bench/trial/ has what they do). */
#ifndef CORESWEEP_REGISTRY_H
#define CORESWEEP_REGISTRY_H

#include "bench/plan/problem.h"
#include "kernels/kernel.h"

/* Both end with NULL, and go together.  Generated into build/registry.c. */
extern const struct kernel *const registry_kernels[];
extern const char *const registry_kernel_files[];

/* Names of transports by their numbers: "shm", which needs no file, then those
 * in bench/trial/transports/.  Ends with NULL.  Generated as well. */
extern const char *const registry_transport_names[];

/* The kernel of that name, or NULL. */
const struct kernel *registry_find_kernel(const char *name, size_t length);

/* Whether a kernel's descriptor has what kernel.h requires, and makes sense;
 * `file` is where it comes from.  Runs nothing of it but `reshape` and `check`.
 * 0, or PROBLEM_FAILURE with a problem that names kernel, file and member. */
int registry_check_kernel(const struct kernel *kernel, const char *file,
                          struct problem *problem);

/* The same for all of kernels[], which ends with NULL, as does files[]; and no
 * two have one name. */
int registry_check(const struct kernel *const *kernels,
                   const char *const *files, struct problem *problem);

#endif

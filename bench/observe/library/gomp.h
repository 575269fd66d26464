/* gomp.h: what the wrappers of libgomp's entries have in common.  They are
 * named and typed as its ABI has them (libgomp.map, libgomp_g.h of GCC 12);
 * defined without a version they satisfy references to any.  An entry calls the
 * real one whatever else happens, and stamps only for a thread in a region that
 * is told. */
#ifndef CORESWEEP_OBSERVE_GOMP_H
#define CORESWEEP_OBSERVE_GOMP_H

#include "bench/observe/library/real.h"
#include "bench/observe/library/team.h"

#define EXPORT __attribute__((visibility("default")))
#define CALLER __builtin_return_address(0)

/* The real function of that name. */
#define REAL(binding, name)                                                    \
  ((__typeof__(&(name)))real_function((binding), R_##name))

/* The caller's slot; NULL where another part tells of it, or nobody does. */
static inline struct slot *gomp_slot(const struct binding *binding) {
  return binding->runtime == OBSERVED_LIBGOMP ? team_slot() : NULL;
}

#endif

/* callers.h: who called whoever opened a region, for a name of it. */
#ifndef CORESWEEP_OBSERVE_CALLERS_H
#define CORESWEEP_OBSERVE_CALLERS_H

#include "bench/observe/library/module.h"

/* Fills offsets with the return addresses in that module that lie on the
 * calling thread's stack, from the innermost on, as the module's file has them,
 * up to the first that is in another module again; what is left over is 0.
 * Walks by the unwind information of the code that it passes, and ends where
 * there is none.  Takes no memory, and no lock but that of dl_iterate_phdr. */
void callers_find(const struct module *module,
                  uint64_t offsets[static OBSERVED_CALLERS]);

#endif

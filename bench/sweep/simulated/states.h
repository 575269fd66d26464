/* states.h: what comes over a simulated machine's CPUs for a while.
 *
 * Each CPU is slow or not, by itself; and at times the machine as a whole is
 * crowded, and delivers what some of its CPUs do alone.  Time is cut into
 * periods of a mean length, their ends moved at random, and each is one or the
 * other by a draw of its own.  So a state is a pure function of the seed, the
 * CPU and the time, and nothing has to be remembered; two periods in a row may
 * be alike. */
#ifndef CORESWEEP_SIMULATED_STATES_H
#define CORESWEEP_SIMULATED_STATES_H

#include "bench/sweep/simulated/machine.h"

#include <stdint.h>

struct simulated_states {
  const struct simulated_machine *machine; /* borrowed */
  uint64_t seed;
};

/* Who works, and where. */
struct simulated_place {
  int cpu;            /* by number; -1: its own state does not matter */
  uint32_t busy_cpus; /* that the team works on, with this one */
};

/* Nanoseconds that work takes from then on, of which there are work_ns on a CPU
 * that is neither slow nor crowded; exactly so many where the machine has no
 * such states.  begin_ns: 0 or later, on the virtual clock.  Cannot fail. */
int64_t simulated_states_ns(const struct simulated_states *states,
                            const struct simulated_place *place,
                            int64_t begin_ns, int64_t work_ns);

#endif

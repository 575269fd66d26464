/* simulated.h: an executor of trials on a described machine, on a clock of its
 * own.  What reads the records cannot tell it from the real one. */
#ifndef CORESWEEP_SIMULATED_H
#define CORESWEEP_SIMULATED_H

#include "bench/sweep/executor.h"
#include "bench/sweep/simulated/machine.h"

struct simulated_scratch;

/* Executor of one thread.  A trial's times are a pure function of the machine,
 * the seed, the order, how many trials came before, and when it begins: its
 * noise is drawn by number, its drift by all numbers up to it, and the states
 * of the CPUs by the time. */
struct executor_simulated {
  struct executor base;
  const struct simulated_machine *machine; /* borrowed */
  uint64_t seed;
  uint64_t trials;                   /* so far */
  int64_t now_ns;                    /* the virtual clock */
  double drift;                      /* of the logarithm of times, now */
  struct simulated_scratch *scratch; /* owned */
};

/* machine and topology (from simulated_machine_topology) live as long as the
 * executor.  seed: the sweep's, mixed with the machine's.  Returns 0, or the
 * problem when memory is out; release with executor_simulated_free. */
int executor_simulated_init(struct executor_simulated *executor,
                            const struct simulated_machine *machine,
                            const struct topology *topology, uint64_t seed,
                            struct problem *problem);

/* As after init with this seed: another sweep on the same machine.  Cannot
 * fail. */
void executor_simulated_restart(struct executor_simulated *executor,
                                uint64_t seed);

void executor_simulated_free(struct executor_simulated *executor);

#endif

/* draws.h: random numbers by number, for simulated machines. */
#ifndef CORESWEEP_SIMULATED_DRAWS_H
#define CORESWEEP_SIMULATED_DRAWS_H

#include "kernels/kernel.h"

#include <math.h>

/* In (0, 1): draw i of a stream. */
static inline double simulated_uniform(uint64_t stream, uint64_t i) {
  return ((double)(kernel_random(stream, i) >> 11) + 0.5) * 0x1p-53;
}

/* Standard normal, of the draws i and i + 1.
 * Source: Box & Muller, "A note on the generation of random normal deviates",
 * Annals of Mathematical Statistics 29(2), 1958. */
static inline double simulated_normal(uint64_t stream, uint64_t i) {
  return sqrt(-2 * log(simulated_uniform(stream, i))) *
         cos(2 * acos(-1) * simulated_uniform(stream, i + 1));
}

#endif

/* bare.h: bare loops to compare the execution models with: what the machine
 * and its system take for the same thing, with nothing of a trial in it. */
#ifndef CORESWEEP_BARE_H
#define CORESWEEP_BARE_H

#include "bench/plan/problem.h"

#include <stdbool.h>
#include <stdint.h>

enum { BARE_TRIPS = 1000 }; /* round trips in a repetition of the ping-pong */

/* Pointers are borrowed. */
struct bare_request {
  const int *cpus; /* [max(workers + 1, usable_cpus)]; -1: not bound */
  uint32_t usable_cpus;
  uint32_t workers; /* threads of the region */
  uint32_t repetitions;
};

/* Two processes and two futex words: the parent on cpus[1] asks, its child on
 * cpus[0] answers, each spins for HANDOFF_SPIN_NS before it sleeps, where two
 * CPUs are usable.  Like pool:apply with one worker, but without a pool.
 * seconds: [repetitions], the mean round trip of each, in seconds.
 * Returns 0, or the problem with the child gone. */
int bare_pingpong(const struct bare_request *request, double *seconds,
                  struct problem *problem);

/* `#pragma omp parallel` around nothing, by so many threads, each bound to its
 * CPU; OMP_WAIT_POLICY says how they wait.
 * seconds: [repetitions], each region's time, after a tenth as many untimed.
 * Returns 0, or the problem. */
int bare_region(const struct bare_request *request, double *seconds,
                struct problem *problem);

/* As bare_region, with `#pragma omp for schedule(static) nowait` in the region
 * over as many empty iterations as threads: the very directives of omp:static.
 * The loop asks for the number of threads, in a cache line that the region's
 * start has just written: on two CPUs that shows. */
int bare_loop(const struct bare_request *request, double *seconds,
              struct problem *problem);

#endif

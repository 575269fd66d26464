/* cores.h: how fast the cores of a simulated machine are for a
 * team, given who works beside whom. */
#ifndef CORESWEEP_SIMULATED_CORES_H
#define CORESWEEP_SIMULATED_CORES_H

#include "bench/sweep/executor.h"
#include "bench/sweep/simulated/states.h"
#include "bench/trial/trial.h"

struct simulated_cores {
  const struct simulated_machine *machine; /* borrowed */
  const struct topology *topology;         /* borrowed */
  /* tables by CPU, owned */
  uint32_t *by_os; /* [os_count]: its place in the topology, from 1; 0: none */
  int os_count;
  uint32_t core_count;       /* by number; some may have no usable CPU */
  uint32_t *on_cpu;          /* [os_count]: workers there */
  uint32_t *on_core;         /* [core_count]: its CPUs that have a worker */
  int spread[TRIAL_WORKERS]; /* where workers that are not bound are */
  /* of the team that was placed last */
  uint32_t busy_cores;
  double item_s[TRIAL_WORKERS]; /* an item, for each worker */
  double alone_item_s;          /* an item, where the first one is alone */
  struct simulated_place places[TRIAL_WORKERS];
};

/* Returns 0, or the problem when memory is out; release with
 * simulated_cores_free in both cases. */
int simulated_cores_init(struct simulated_cores *cores,
                         const struct simulated_machine *machine,
                         const struct topology *topology,
                         struct problem *problem);
void simulated_cores_free(struct simulated_cores *cores);

/* Places the order's workers, and sets the times of an item.  Cannot fail. */
void simulated_cores_place(struct simulated_cores *cores,
                           const struct trial_request *order);

/* Seconds of an item where one worker of the order is alone on the machine. */
double simulated_cores_alone_s(const struct simulated_cores *cores,
                               const struct trial_request *order,
                               uint32_t worker);

/* A worker's clock while all of the order's that was placed last work, in
 * Hz. */
double simulated_cores_clock_hz(const struct simulated_cores *cores,
                                const struct trial_request *order,
                                uint32_t worker);

/* The CPU that a worker of an order is on. */
const struct cpu *simulated_cores_cpu(const struct simulated_cores *cores,
                                      const struct trial_request *order,
                                      uint32_t worker);

#endif

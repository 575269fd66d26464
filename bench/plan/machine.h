/* machine.h: what of this machine the program may use. */
#ifndef CORESWEEP_MACHINE_H
#define CORESWEEP_MACHINE_H

#include "bench/plan/problem.h"
#include "bench/plan/topology.h"

struct machine {
  struct topology topology; /* restricted to the affinity mask */
  double quota_cpus;        /* INFINITY without a CPU quota */
  uint32_t usable_cpus;     /* max(1, min(affinity, floor(quota))) */
};

/* Looks at the machine: about 4 ms.  Release with machine_free. */
int machine_discover(struct machine *machine, struct problem *problem);
void machine_free(struct machine *machine);

/* Whether this process may bind itself and its workers, where they are to be
 * bound: known before they are started.  how: what asks for it, as in "--bind
 * cores".  0, or the usage problem. */
int machine_may_bind(enum bind bind, const char *how, struct problem *problem);

/* Whether so many workers may run: up to the usable CPUs, or past them where
 * `oversubscribe` says so or the kernel waits.  0, or the usage problem. */
int machine_admits(uint32_t usable_cpus, uint32_t workers, bool beyond,
                   struct problem *problem);

/* The worker counts of a list, as in "1,2,4" or "1..8", or the default ones
 * where there is none (NULL): ascending, none above the usable CPUs.
 * counts: the caller's, room for `capacity`.  0, or the usage problem. */
int machine_counts(const struct machine *machine, const char *list,
                   uint32_t *counts, size_t capacity, size_t *count,
                   struct problem *problem);

/* By enum bind, ended by NULL. */
extern const char *const machine_bind_names[];

/* "cores", "spread", "close" or "none" to an enum bind. */
int machine_parse_bind(const char *text, enum bind *bind,
                       struct problem *problem);
const char *machine_bind_name(enum bind bind);

/* What a run of that schema calls `bind`, in the words of today: before 3,
 * "spread" was what "cores" is now.  Cannot fail. */
const char *machine_bind_today(const char *bind, int64_t schema);

#endif

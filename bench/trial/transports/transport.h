/* transport.h: how results get from a worker process to the parent when they
 * do not share the output array.
 *
 * A worker sends each chunk it has done as a parcel: a header with what it
 * found, and its slice of the output.  The parent receives parcels and copies
 * the slices to where they belong.  Nothing else travels between them.
 *
 * One file in bench/trial/transports/ is one transport; `transports/pipe.c`
 * defines `const struct transport transport_pipe`, and the build finds it by
 * that name. */
#ifndef CORESWEEP_TRANSPORT_H
#define CORESWEEP_TRANSPORT_H

#include "bench/plan/problem.h"
#include "bench/trial/job.h"

#include <sys/types.h>

enum parcel_kind {
  PARCEL_RESULT, /* the items [begin, end), and their slice of the output */
  PARCEL_DONE,   /* the worker's share of the region is done; no slice */
};

struct parcel {
  uint32_t kind, worker;
  uint64_t begin, end;
  uint64_t bytes; /* of the slice, which follows */
  struct partial partial;
};

/* One open connection between a team and its parent. */
struct channel {
  const struct transport *transport;
  struct job *job;
  uint64_t results; /* parcels of results received, in all */
  uint32_t done;    /* workers that are done with this region */
  pid_t server;     /* a process of the transport's own; 0: none */
  bool spins;       /* a CPU is left over to spin on */
  void *own;        /* the transport's */
};

struct transport {
  const char *name;
  const char *known_as;

  /* Before the workers are forked.  0, or the problem with nothing open. */
  int (*open)(struct channel *channel, struct problem *problem);

  /* In a worker, first of all: closes what is not its. */
  void (*attach)(struct channel *channel, uint32_t worker);

  /* In a worker: sends all of a parcel, blocking.  0 or -errno. */
  int (*send)(struct channel *channel, const struct parcel *parcel,
              const void *slice);

  /* In the parent, once the workers are forked: closes what is theirs. */
  void (*detach)(struct channel *channel);

  /* In the parent: takes what has come, and waits for it at most so long.
   * Returns how many parcels were completed, or -errno. */
  int (*receive)(struct channel *channel, int timeout_ms);

  /* In the parent.  Cannot fail. */
  void (*close)(struct channel *channel);
};

/* Ends with NULL.  Generated into build/registry.c. */
extern const struct transport *const registry_transports[];

/* The transport of that number; NULL for shared memory, which needs none. */
const struct transport *transport_find(uint32_t number);

/* Whether a header that came in makes sense for this job. */
bool parcel_valid(const struct job *job, const struct parcel *parcel);

/* Where the parcel's slice belongs. */
void *parcel_target(const struct job *job, const struct parcel *parcel);

/* In the parent: a whole parcel has come, its slice is in its place. */
void parcel_deliver(struct channel *channel, const struct parcel *parcel);

#endif

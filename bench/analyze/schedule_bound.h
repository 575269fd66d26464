/* schedule_bound.h: how many times as fast a region can be at most under a
 * schedule, by how its time is spread over its items: nothing is lost but that
 * workers wait for the last one.
 * Pure: nothing here measures, prints or keeps state. */
#ifndef CORESWEEP_SCHEDULE_BOUND_H
#define CORESWEEP_SCHEDULE_BOUND_H

#include "bench/plan/notation.h"

/* What the items take, one after the other: within a block, each as much.
 * Borrowed. */
struct schedule_work {
  const double *block_s; /* [blocks]; of equal parts, see job_share */
  size_t blocks;
  uint64_t items;
};

/* Seconds from the first worker's begin to the last one's end, where all begin
 * at once: `static` cuts the items into a slice for each; the others give the
 * next chunk to whoever is free first; `apply` does one item at a time, and
 * nothing beside it.  spec: with its chunk, 1 or more, where it takes one.
 * Over 65536 equal chunks are taken several at once.  workers: 1 or more.
 * NAN without memory, items or blocks. */
double schedule_makespan_s(const struct schedule_work *work,
                           const struct variant_spec *spec, uint32_t workers);

/* The work's time over that: 1 to workers; NAN: there is none. */
double schedule_bound(const struct schedule_work *work,
                      const struct variant_spec *spec, uint32_t workers);

/* How many chunks the items are cut into.  spec: as above; 0: with no chunk
 * where it takes one.  Cannot fail. */
uint64_t schedule_chunks(uint64_t items, const struct variant_spec *spec,
                         uint32_t workers);

#endif

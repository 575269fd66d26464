/* sums.h: where the core-time of a trial's regions went, added up over all of
 * them.  A region has p workers, from fork F to join J; worker i begins its
 * first chunk at b, leaves its share at l (its results are sent by then), and
 * L is the last l.  Of what lies between, busy is inside chunks, send is
 * sending results, dispatch is what is left of b to l: waits for the next
 * chunk.  Then
 *
 *   p (J - F) = start + dispatch + send + busy + few + join + late
 *
 * exactly, and late, which is how long workers wait for the last one, is split
 * by what that one had more of than the others: with m workers that had a
 * chunk, late of x is m times the last one's x less the x of all. */
#ifndef CORESWEEP_SUMS_H
#define CORESWEEP_SUMS_H

#include "bench/trial/job.h"

/* Core-time in nanoseconds, all workers together, but for region_ns. */
struct sums {
  uint64_t regions;  /* that are in the sums */
  uint64_t refused;  /* whose stamps contradict each other: in no sum */
  int64_t region_ns; /* from fork to join, of one worker */
  int64_t start_ns;  /* fork to the first chunk; of a worker that had none,
                        though  there was one for it: until the last one left */
  int64_t dispatch_ns, send_ns, busy_ns;
  int64_t few_ns;     /* workers without a chunk, of which there were too few */
  int64_t join_ns;    /* from when the last one left */
  int64_t off_cpu_ns; /* of busy: not on a CPU, at least, since CPU time is of
                         the whole share; holds where cpu_regions == regions */
  int64_t late_start_ns, late_dispatch_ns, late_send_ns, late_busy_ns;
  int64_t late_off_cpu_ns; /* part of late_busy; as off_cpu_ns */
  uint64_t cpu_regions;    /* of regions, those with CPU times */
  uint64_t skipped_items;  /* items of chunks that a search had no need of */
  uint64_t past_items;     /* done, past the end of the chunk with its hit */
};

/* What contradicts in a region's stamps, in words; NULL: nothing.
 * F <= enter <= b <= e <= l <= J for each worker with a chunk, and busy and
 * sending fit in between.  Cannot fail. */
const char *sums_contradiction(const struct worker_slot *slots,
                               uint32_t workers, int64_t fork_ns,
                               int64_t join_ns);

/* Adds a region; blocks: how many chunks there were for the workers to have,
 * see job_blocks.  One whose stamps contradict each other is counted and left
 * out. Cannot fail. */
void sums_add(struct sums *sums, const struct worker_slot *slots,
              uint32_t workers, uint64_t blocks, int64_t fork_ns,
              int64_t join_ns);

/* How long workers waited for the last one, in all.  Cannot fail. */
static inline int64_t sums_late_ns(const struct sums *sums) {
  return sums->late_start_ns + sums->late_dispatch_ns + sums->late_send_ns +
         sums->late_busy_ns;
}

#endif

/* sizing.h: how many items make a region take as long as it should: which
 * serial trials to run, and what follows from them.  Pure. */
#ifndef CORESWEEP_SIZING_H
#define CORESWEEP_SIZING_H

#include "bench/plan/workload.h"
#include "bench/record/record.h"

/* What keeps a size from being larger. */
enum sizing_limit { SIZING_MEMORY, SIZING_PRESET, SIZING_KERNEL };

/* The most items of a workload that fit into so many bytes, that a preset's own
 * items allow, and that the kernel takes; *limit says which of them.  At least
 * 1.  Cannot fail. */
uint64_t sizing_most(const struct workload *workload, double bytes,
                     enum sizing_limit *limit);

enum sizing_step { SIZING_SEARCH, SIZING_CONFIRM, SIZING_TRIM, SIZING_DONE };

/* The most that sizing_next asks for at once. */
enum { SIZING_TRIALS = 2 };

struct sizing {
  uint64_t size;     /* items; where the search begins, then what it found */
  uint64_t most;     /* of them */
  uint64_t multiple; /* trimmed to one of it; at least 1 */
  double target_s;   /* of a serial region */
  bool fixed;        /* the size is given: only its cost is asked for */
  const char *limit; /* why no more than `most` */
  const char *why;   /* "met", or why the target was not; set at the end */
  /* What a trial costs: a serial region, and all of a trial besides its
   * regions. */
  double region_s, fixed_s;
  double serial_s; /* of its program, all but the region */
  enum sizing_step step;
  int confirmed;
};

/* How many serial trials of one timed region each, without warm-ups, to run at
 * sizing->size next; 0: the size is found.  Doubles the size until a region
 * takes the target, or `most` is reached, and confirms it twice by two trials
 * each.  Doubling goes up to twice as far as needed: what is more than a tenth
 * past the target is taken back.
 * seen: the records of the trials that it gave last, all of them good; count
 * 0: at the beginning.  Cannot fail. */
uint32_t sizing_next(struct sizing *sizing, const struct record *const *seen,
                     size_t count);

#endif

/* point.h: what one trial measures: a workload, run by a variant with so many
 * workers at a size.  Whatever is measured is a list of points. */
#ifndef CORESWEEP_POINT_H
#define CORESWEEP_POINT_H

#include "bench/plan/notation.h"
#include "bench/plan/workload.h"

enum { POINT_SHARERS = 64 }; /* points that may share a trial */

struct point {
  const struct workload *workload; /* borrowed */
  struct variant_spec variant;     /* as requested */
  uint32_t workers;
  uint64_t size;   /* items of all workers together; of each of copies */
  uint32_t repeat; /* regions of the program; 0: as the workload says */
  uint32_t warmups, iterations;
  /* In turns with regions of this form, in so many blocks; NULL: none.  Then
   * warmups are turns.  Borrowed. */
  const struct variant_spec *beside;
  uint32_t blocks;
  /* Points that have the same, not 0, are neighbours in every round: as they
   * are listed, or backwards in every second one. */
  uint32_t unit;
  /* So many points, those of its unit, share a trial, and take turns in being
   * the first among those with as many workers; 1 or 0: none do. */
  uint32_t sharers;
  /* Of those that share it: how many worker counts they have, and the largest,
   * the team's at its begin.  0: none share. */
  uint32_t counts, team_workers;
  /* Its one worker goes round over the first so many CPUs, from this one in the
   * first round; 0: it stays on the first. */
  uint32_t over_cpus, first_cpu;
  const char *phase;       /* as its records have it: "round", "probe", ... */
  const char *wait_policy; /* OMP_WAIT_POLICY for it; NULL: the user's own */
  bool region_alone;       /* its program time is nobody's: the input need not
                              be built serially */
  bool stampless;          /* no stamps of the workers */
  uint32_t profile;        /* blocks of the region's profile; 0: none */
  bool weigh;              /* measure the memory of the team */
  bool observed; /* of somebody else's program: what it does inside is told; a
                    run that fails so is no failure of the program's */
  bool verify;   /* verified in full, though its digest is known */
};

/* A profile does its region up to three times, and not again once it has taken
 * as long as that: what disturbs a block of a long one is less of it. */
enum { POINT_PASSES = 3, POINT_PASSES_NS = 50000000 };

/* Whether the point is the baseline: a plain loop, no team.  Cannot fail. */
bool point_is_serial(const struct point *point);

/* Makes it the program alone, cold: no region but the first, and of no unit.
 * Cannot fail. */
void point_make_cold(struct point *point);

/* "cube, omp:static, 2 workers", to be shown.  Cannot fail. */
enum { POINT_TEXT = 100 + TEXT_BRIEF };
const char *point_text(const struct point *point, char text[static POINT_TEXT]);

#endif

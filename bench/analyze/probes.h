/* probes.h: the trials beside a round's: what the CPUs deliver as more of them
 * work at once, and what the meters of memory and additions read (see
 * bench/plan/meters.h).
 * Pure: nothing here measures, prints or keeps state. */
#ifndef CORESWEEP_PROBES_H
#define CORESWEEP_PROBES_H

#include "bench/analyze/results.h"
#include "bench/analyze/rounds.h"
#include "bench/record/environment.h"

/* What the workers of a probe do together, in items/s, at one worker count. */
struct probe {
  int64_t workers;
  double *by_round; /* [rounds + 1]; NAN: none */
};

/* A meter's trials at one size and worker count, in bytes/s or additions/s. */
struct meter_series {
  const char *workload; /* borrowed from a record */
  int64_t workers, size;
  double units;     /* of an item */
  double *by_round; /* [rounds + 1]; NAN: none */
};

struct probes {
  int64_t rounds;
  double caches_bytes; /* all last-level caches; NAN: not told */
  double vectors;      /* bytes of those that add, over this program's */
  struct probe *list;  /* by workers */
  size_t count;
  struct meter_series *meters;
  size_t meter_count;
  /* A page's first touch, and another, by one worker. */
  double *fault_first_s, *fault_again_s; /* [rounds + 1]; NAN: none */
  struct interval fault_s; /* the median over rounds of what the first takes
                              longer; INTERVAL_NULL: not measured */
};

/* Takes in the probes of the rounds that count; environment may be NULL.  0,
 * or -1: no memory; to be released with probes_free in either case. */
int probes_make(const struct records *records, const struct rounds *rounds,
                const struct environment *environment, struct probes *probes);
void probes_free(struct probes *probes);

/* The trials of a meter, or NULL. */
const struct meter_series *probes_meter(const struct probes *probes,
                                        const char *workload, int64_t workers,
                                        int64_t size);

/* Fills the list of capacities.  0, or -1: no memory. */
int capacity_make(const struct probes *probes, struct analysis *analysis);

#endif

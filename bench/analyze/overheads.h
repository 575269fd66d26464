/* overheads.h: from the records of `coresweep overheads` to what each
 * execution model, schedule and transport costs.  Pure: never measures, never
 * prints. */
#ifndef CORESWEEP_ANALYZE_OVERHEADS_H
#define CORESWEEP_ANALYZE_OVERHEADS_H

#include "bench/plan/notation.h"
#include "bench/record/record.h"
#include "bench/sweep/overheads_plan.h"

enum overhead_kind {
  OVERHEAD_START,  /* the team's start, cold, in seconds */
  OVERHEAD_REGION, /* an empty region, warm, in seconds */
  OVERHEAD_TRIP,   /* one item there and its result back, in seconds */
  OVERHEAD_CHUNK,  /* a chunk handed out by a schedule, in seconds */
  OVERHEAD_RATE,   /* bytes per second through a transport */
  OVERHEAD_MEMORY, /* of the whole team, in bytes */
  OVERHEAD_FAULT,  /* the first touch of a new page, in seconds */
  OVERHEAD_MAP,    /* of a page that is there, but not mapped yet */
  OVERHEAD_KINDS
};

/* One cost.  The members are explained in overhead_fields. */
struct overhead {
  char *cost, *variant, *policy;
  int64_t workers, spins;
  double item_bytes;
  struct interval value;
  double at_least; /* where the value is not known: it is no lower */
  struct numbers by_round;
  /* not in the file */
  enum overhead_kind kind;
  struct variant_spec spec;
};

extern const struct field overhead_fields[];

struct overheads {
  struct overhead *list; /* by kind, team, schedule, transport, bytes, p */
  size_t count;
  uint32_t rounds, usable_cpus;
  size_t failed; /* trials that failed or were wrong; left out */
};

/* What is asked for with overheads_find. */
struct overhead_key {
  enum overhead_kind kind;
  const char *variant; /* as requested: "pool:apply@pipe" */
  bool active;         /* under OMP_WAIT_POLICY=active */
  int64_t workers;
  double item_bytes; /* 0: of a cost that has none */
};

/* The costs, each from its own records of the same round:
 *
 *   start    null, static: start + first region - warm region
 *            (fork: start + first region: each region starts a team)
 *   region   null, static: the warm region
 *   trip     null, apply: region / items
 *   chunk    null, dynamic and others: (region - static region) / items
 *   rate     block: bytes / (region - region of the same through shm)
 *   memory   null, static: the team's PSS
 *   fault    fault: (region of first touches - of the same again) workers /
 *            pages; of new pages
 *   map      the same of pages that are there
 *
 * with medians and order-statistic intervals over the rounds (METHOD: time).
 * A rate whose difference may be zero is not known: then at_least says how
 * low it can be, if even that is known.
 * Records of other phases are ignored.  Release with overheads_free. */
int overheads_make(const struct records *records, uint32_t usable_cpus,
                   struct overheads *overheads, struct problem *problem);

void overheads_free(struct overheads *overheads);

/* NULL: was not measured. */
const struct overhead *overheads_find(const struct overheads *overheads,
                                      const struct overhead_key *key);

/* above / below, paired in rounds: see stats_ratio_interval.  INTERVAL_NULL
 * when either is NULL. */
struct interval overheads_ratio(const struct overhead *above,
                                const struct overhead *below);

/* (more - less) / workers, paired in rounds: the median and its interval.
 * INTERVAL_NULL when either is NULL. */
struct interval overheads_slope(const struct overhead *more,
                                const struct overhead *less);

/* The unit of a kind's values: "s", "bytes/s" or "bytes". */
const char *overhead_unit(enum overhead_kind kind);

/* Writes overheads.json. */
int overheads_write(const struct overheads *overheads, const char *path,
                    struct problem *problem);

#endif

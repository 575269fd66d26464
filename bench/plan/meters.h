/* meters.h: which of the machine's meters say how fast a kernel could be at
 * most: additions per second, and bytes per second over a working set like its
 * own.  A sweep runs them as probes; the analysis finds them again by the same
 * rules. */
#ifndef CORESWEEP_METERS_H
#define CORESWEEP_METERS_H

#include "bench/plan/plan.h"

/* What a meter's trial has before and at its timed regions, as few as may be
 * (memory is warm after two), and whatever a plan does without: a cold roof
 * would be half as high as a warm kernel. */
enum { METER_WARMUPS = 3, METER_REGIONS = 3 };

/* A meter as a workload and its size. */
struct meter {
  char workload[64]; /* "memory/op=copy,passes=16" */
  uint64_t items;    /* of each worker */
};

/* The meter of page faults: the same pages, touched for the first time in each
 * region, and touched again.  The difference is what the faults cost. */
enum meter_pages {
  METER_PAGES_NEW,   /* to be found and cleared */
  METER_PAGES_THERE, /* to be mapped, as in a forked worker */
  METER_PAGES
};
struct meter_faults {
  const char *first, *again; /* workloads */
};
extern const struct meter_faults meter_faults[METER_PAGES];

/* Pages of each worker: with faults some milliseconds. */
enum { METER_FAULTS = 1024 };

/* Whether a kernel has a roofline: it computes, and does the same work in
 * every run.  Cannot fail. */
bool meter_applies(const struct workload *workload);

/* The meter of additions.  Cannot fail. */
struct meter meter_adds(void);

/* The meter of memory for a worker that goes over so many items of a kernel:
 * its kind of access (the share of bytes read) and its working set, rounded to
 * a quarter of a power of two so that kernels can share one.  False: the
 * kernel moves no bytes to speak of. */
bool meter_memory(const struct kernel_shape *shape, double items,
                  struct meter *meter);

/* What one item of a meter does in all its passes: bytes, or additions; 0:
 * the workload is no such meter. */
double meter_units(const struct workload *workload);

/* Adds the meters that the plan's workloads need at their sizes, once each, to
 * its probes (see plan_add_probes, which comes first); those of earlier sizes
 * go.  Their sizes are fixed and their costs estimated: they are not
 * calibrated.  List the entries again afterwards. */
int plan_add_meters(struct plan *plan, struct problem *problem);

/* Takes the meters away; false: there were none. */
bool plan_drop_meters(struct plan *plan);

#endif

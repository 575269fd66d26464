/* cause_facts.h: what the rules of causes look at. */
#ifndef CORESWEEP_CAUSE_FACTS_H
#define CORESWEEP_CAUSE_FACTS_H

#include "bench/analyze/results.h"
#include "bench/analyze/series.h"

/* Of a point, means over its trials, of one region unless it says otherwise;
 * NAN: not told. */
struct cause_facts {
  const struct analysis *analysis; /* borrowed, as all here is */
  const struct result *result;
  const struct breakdown *breakdown; /* the one whose loss is looked at */
  enum term term;                    /* the largest loss */
  double share, core_s;              /* of it, of all regions */
  double regions;                    /* that core_s is of */
  bool dynamic;                      /* chunks go to who is free */
  bool stops_early;                  /* a search up to its first hit */
  double hit;                        /* its item */
  double run_delay_share;            /* of p T_p, of all regions together */
  double crowd_share; /* the same of what others used of its CPUs in a trial */
  double chunks;
  double faults;                      /* more than serial has */
  double last_trials, last_count;     /* of so many, the same worker was the
                                         last one in so many */
  double last_worker, last_cpu_ratio; /* its CPU time by that of the others */
  double slow_clock;  /* the clock of the slowest CPU by that of the others */
  double slow_serial; /* serial there by serial on the others */
  double slow_cpu;
};

/* What is looked at: a result, and one of its two breakdowns; the trials of the
 * point, and serial's (NULL: none). */
struct cause_scope {
  const struct analysis *analysis;
  const struct result *result;
  const struct breakdown *breakdown;
  const struct series *serial, *series;
};

/* Gathers the facts of the largest loss.  false: the breakdown is not told. */
bool cause_facts_make(const struct cause_scope *scope,
                      struct cause_facts *facts);

/* Another result of the same workload and size with as many workers; NULL:
 * none. */
const struct result *cause_beside(const struct cause_facts *facts,
                                  const char *requested);

#endif

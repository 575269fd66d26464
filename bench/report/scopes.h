/* scopes.h: what a speedup is of: the loop alone or the whole program; one
 * table for charts, titles and notes. */
#ifndef CORESWEEP_SCOPES_H
#define CORESWEEP_SCOPES_H

#include "bench/report/report.h"

struct scope_about {
  const char *shows; /* of its charts: see struct chart */
  const char *what;  /* is timed, in words */
  bool capacity;     /* bounded by what the CPUs deliver together */
  bool law;          /* Amdahl's law is about it */
  void (*title)(const struct analysis *analysis,
                const struct workload_result *workload,
                const struct result *leader, char text[static REPORT_LINE]);
  size_t time_s, speedup, ratios; /* members of struct result */
  size_t serial_s;                /* member of struct workload_result */
};

extern const struct scope_about scope_table[SCOPES];

/* Of a result in that scope. */
struct interval scope_time_s(enum scope scope, const struct result *result);
struct interval scope_speedup(enum scope scope, const struct result *result);
const struct numbers *scope_ratios(enum scope scope,
                                   const struct result *result);

/* The baseline of its speedups. */
struct interval scope_serial_s(enum scope scope,
                               const struct workload_result *workload);

#endif

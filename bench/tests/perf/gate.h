/* gate.h: limits on what was measured. */
#ifndef CORESWEEP_PERF_GATE_H
#define CORESWEEP_PERF_GATE_H

#include "bench/tests/perf/measure.h"

/* Where `below` is this, the values of `above` are ratios themselves. */
#define GATE_RATIO SIZE_MAX

/* A limit: on the ratio of two measures, round by round. */
struct gate {
  size_t above, below; /* in the list of measures */
  double least, most;  /* what keeps it; 0, INFINITY: no such limit */
  const char *text;
  bool leans; /* on the gate before it, of equals: unless all of that one's
                 interval keeps its limit, nothing is sure here */
};

/* Prints, for each gate, the ratio's median over rounds with its 95% interval,
 * its limit, and whether the median keeps it: "not sure" where the interval
 * reaches past the limit or is not known.  Returns how many are missed for
 * sure. */
size_t gate_print(const struct gate *gates, size_t count,
                  const struct measure *measures, uint32_t rounds);

/* The same with the medians of both measures, in seconds, and a sentence on
 * what stands there. */
size_t gate_report(const struct gate *gates, size_t count,
                   const struct measure *measures, uint32_t rounds);

/* What one of so many events adds: the median over rounds of how much longer
 * `above` took, by events, as a text with its interval: "74.9 ns (70.1 ns to
 * 80.2 ns)". */
enum { GATE_TEXT = 256 };
void gate_event(const struct measure *above, const struct measure *below,
                uint32_t rounds, double events, char text[static GATE_TEXT]);

/* What that means for the program NAME: 0; or 1, with a line on stderr. */
int gate_status(const char *name, size_t missed);

#endif

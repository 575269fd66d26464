/* trace.h: one trial as Chrome's trace events, for Perfetto and the like. */
#ifndef CORESWEEP_TRACE_H
#define CORESWEEP_TRACE_H

#include "bench/record/record.h"

/* A JSON text: a track of the caller with the trial's phases, end to end (what
 * is untimed between them is left out), the last region among them; and in that
 * region a track for each worker: until its first chunk, from there to the end
 * of its last one, and until the region ends.  Slices of a track never overlap;
 * a worker's also hold what it was busy for, its chunks and its items.  Times
 * are in microseconds, to the nanosecond.  Writing may fail: see output_close.
 * Returns 0, or -1: no memory. */
int trace_write(FILE *out, const struct record *record);

#endif

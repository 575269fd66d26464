/* class.h: many machines that measured the same: where each of them stands.
 *
 * One of the runs is one's own; what it measured is looked for in the others.
 * Pure: nothing here measures, prints or keeps state. */
#ifndef CORESWEEP_CLASS_H
#define CORESWEEP_CLASS_H

#include "bench/analyze/results.h"

#include <jansson.h>

enum class_quantity {
  CLASS_ONE,     /* items per second of `serial`, on one CPU */
  CLASS_ALL,     /* and of the variant that stands for the workload (see
                    analysis_leader) at the machine's own most workers */
  CLASS_SPEEDUP, /* the region's speedup there */
  CLASS_QUANTITIES
};

/* A workload of one's own run. */
struct class_row {
  const struct workload_result *workload; /* borrowed */
  struct class_values {
    struct interval *runs;  /* of each run; NULL: not known or not comparable */
    bool *spoilt;           /* whether it is no measure of the run's machine */
    struct interval spread; /* median and quartiles over the runs */
    size_t count;           /* of runs that have a value */
    size_t place;           /* of one's own, from 1, the most first; 0: none */
  } of[CLASS_QUANTITIES];
  size_t other_problems; /* runs whose workload is not comparable */
};

struct class {
  const struct analysis *const *runs; /* borrowed */
  size_t run_count, own;
  struct class_row *rows;
  size_t row_count;
  /* Of each run: the median over workloads of its speedup, or of its speed by
   * the runs' median; NAN: not known. */
  double *scores[CLASS_QUANTITIES];
};

/* The workloads of a run that have a spoilt value (see versus_is_spoilt). */
size_t class_spoilt(const struct class *class, size_t run);

/* runs: 3 or more.  0, or -1: no memory; to be released with class_free in
 * either case. */
int class_make(const struct analysis *const *runs, size_t count, size_t own,
               struct class *class);
void class_free(struct class *class);

/* All of it as an object: runs with their scores, workloads with their medians
 * and quartiles, and points: each run's values of each workload, null where
 * they are not known or not comparable.  names: of each run.  Owned; NULL: no
 * memory. */
json_t *class_json(const struct class *class, const char *const *names);

#endif

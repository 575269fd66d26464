/* run_fixture.h: records made up in memory, and the analysis of them.  To be
 * included after cmocka.h. */
#ifndef CORESWEEP_RUN_FIXTURE_H
#define CORESWEEP_RUN_FIXTURE_H

#include "bench/analyze/analysis.h"

#include <stdlib.h>
#include <string.h>

enum { RUN_ROOM = 600 };

/* A run in the making, and what was made of it last. */
struct run {
  struct record list[RUN_ROOM];
  struct records records;
  struct environment environment; /* nothing is known */
  struct analysis analysis;
};

/* A test's, or a group's, set-up: a run without records. */
static inline int run_open(void **state) {
  static struct run run;
  run.records.list = run.list;
  fields_clear(environment_fields, &run.environment);
  *state = &run;
  return 0;
}

static inline void run_empty(struct run *run) {
  while (run->records.count > 0)
    record_free(&run->list[--run->records.count]);
}

static inline int run_close(void **state) {
  struct run *run = *state;
  run_empty(run);
  analysis_free(&run->analysis);
  return 0;
}

#define IN_RUN(test) cmocka_unit_test_setup_teardown(test, run_open, run_close)

/* Adds a good trial of 1000 items, without times. */
static inline struct record *run_add(struct run *run, const char *phase,
                                     int64_t round, const char *workload,
                                     const char *variant, int64_t workers) {
  assert_true(run->records.count < RUN_ROOM);
  struct record *r = &run->list[run->records.count++];
  record_clear(r);
  r->schema = RECORD_SCHEMA;
  r->status = strdup("ok");
  r->phase = strdup(phase);
  r->round = round;
  r->kernel = strndup(workload, strcspn(workload, "/"));
  r->workload = strdup(workload);
  r->variant = strdup(variant);
  r->workers = r->workers_seen = workers;
  r->size = 1000;
  return r;
}

/* The same number, `count` times; for a record's workers. */
static inline struct numbers numbers_of(size_t count, double value) {
  struct numbers numbers = {malloc(count * sizeof(double)), count};
  assert_non_null(numbers.values);
  for (size_t i = 0; i < count; i++)
    numbers.values[i] = value;
  return numbers;
}

/* Analyses the records anew; environment: may be NULL. */
static inline void run_analyse(struct run *run,
                               const struct environment *environment) {
  struct problem problem = {""};
  analysis_free(&run->analysis);
  assert_int_equal(analysis_make(&run->records, NULL, environment, NULL,
                                 &run->analysis, &problem),
                   0);
}

/* The result, which must be there. */
static inline const struct result *run_find(const struct run *run,
                                            const char *workload,
                                            const char *requested,
                                            int64_t workers) {
  const struct result *r =
      analysis_find(&run->analysis, workload, requested, workers);
  assert_non_null(r);
  return r;
}

#endif

/* plan_fixture.h: the plan of a sweep that has come to its rounds.  To be
 * included after cmocka.h. */
#ifndef CORESWEEP_PLAN_FIXTURE_H
#define CORESWEEP_PLAN_FIXTURE_H

#include "bench/plan/plan.h"

#include <string.h>

/* Four CPUs, no workloads yet. */
static inline void plan_fixture_begin(struct plan *plan) {
  *plan = (struct plan){.counts = {1, 2, 4},
                        .count_count = 3,
                        .waiting = {1, 8},
                        .waiting_count = 2,
                        .usable_cpus = 4,
                        .cores = 4,
                        .iterations = 3,
                        .blocks = 2,
                        .programs = true,
                        .rounds = 9,
                        .stage = STAGE_ROUNDS};
}

/* Two workloads, of which the second waits; a meter beside the probes. */
static inline void plan_fixture(struct plan *plan) {
  struct problem problem = {""};
  struct plan_workload *meter;
  plan_fixture_begin(plan);
  plan_note(plan, "one note");
  plan->identity.values[IDENTITY_PROGRAM] = strdup("0123456789abcdef");
  assert_int_equal(plan_add_workload(plan, "cube", &problem), 0);
  assert_int_equal(plan_add_workload(plan, "latency", &problem), 0);
  assert_int_equal(plan_add_variant(plan, "serial", &problem), 0);
  assert_int_equal(plan_add_variant(plan, "omp:dynamic,7", &problem), 0);
  assert_int_equal(plan_add_probes(plan, &problem), 0);
  /* as plans of before have */
  assert_int_equal(plan_add_probe(plan, "clock", 0, &meter, &problem), 0);
  assert_int_equal(plan_add_probe(plan, "memory", 2, &meter, &problem), 0);
  meter->meter = true;
  for (size_t i = 0; i < plan->workload_count; i++)
    plan->workloads[i].size = plan->workloads[i].repeat = 99;
  for (size_t i = 0; i < plan->probe_count; i++)
    plan->probes[i].size = 99;
  assert_int_equal(plan_list_points(plan, &problem), 0);
}

#endif

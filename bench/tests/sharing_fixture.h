/* sharing_fixture.h: a plan some of whose points share a trial.  To be included
 * after cmocka.h. */
#ifndef CORESWEEP_SHARING_FIXTURE_H
#define CORESWEEP_SHARING_FIXTURE_H

#include "bench/plan/plan.h"

/* That of the test that runs. */
static struct plan plan;

/* A kernel that computes, one that moves memory and one that waits; and so many
 * variants, whose turns are these.  Lists its
 * points; 0. */
static inline int sharing_list(const char *const *variants,
                               const enum plan_turns *turns, size_t count) {
  static const char *const kernels[] = {"spin", "cube", "latency"};
  struct problem problem = {""};
  for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++)
    assert_int_equal(plan_add_workload(&plan, kernels[i], &problem), 0);
  for (size_t i = 0; i < count; i++) {
    assert_int_equal(plan_add_variant(&plan, variants[i], &problem), 0);
    plan.turns[i] = turns[i];
  }
  return plan_list_points(&plan, &problem);
}

static inline int sharing_drop(void **state) {
  (void)state;
  plan_free(&plan);
  return 0;
}

/* A test of the plan that the file's make_plan makes. */
#define OF_PLAN(test)                                                          \
  cmocka_unit_test_setup_teardown(test, make_plan, sharing_drop)

#endif

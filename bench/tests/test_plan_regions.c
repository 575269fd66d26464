/* test_plan_regions.c: which trials have their serial regions elsewhere, and
 * which are of their region alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/sweep/plan_make.h"
#include "bench/tests/plan_fixture.h"
#include "bench/tests/topology_fixture.h"

#include <stdlib.h>

static int begin(void **state) {
  struct problem problem = {""};
  struct plan *plan = *state = calloc(1, sizeof *plan);
  if (!plan)
    return -1;
  plan_fixture(plan);
  return plan_add_workload(plan, "adler32", &problem);
}

static int end(void **state) {
  plan_free(*state);
  free(*state);
  return 0;
}

/* Lists the points anew, for that machine. */
static void settle(struct plan *plan, const char *machine) {
  struct topology topology;
  struct problem problem = {""};
  topology_load(machine, NULL, NULL, &topology);
  assert_int_equal(plan_settle_turns(plan, &topology, NULL, &problem), 0);
  topology_free(&topology);
}

/* cube and adler32 are run by omp with 1, 2 and 4 workers; latency waits. */
static void assert_turns_to(const struct plan *plan, uint32_t most) {
  size_t looked = 0;
  for (size_t i = 0; i < plan->result_count; i++) {
    const struct point *point = &plan->points[i];
    bool memory = strcmp(point->workload->name, "cube") == 0;
    if (point_is_serial(point) || point->workload->kernel->waits)
      continue;
    bool turns = !memory || point->workers <= most;
    assert_int_equal(point->beside == &plan->variants[0], turns);
    assert_int_equal(point->blocks > 0, turns);
    assert_int_equal(point->iterations, turns ? 0 : 3);
    looked++;
  }
  assert_int_equal(looked, 2 * 3);
}

/* Where memory is moved, serial takes no turns with a team on several NUMA
 * nodes: it would read what lies on the others'. */
static void serial_stays_near_its_memory(void **state) {
  struct plan *plan = *state;
  settle(plan, "core:4 pu:1");
  assert_turns_to(plan, 4);
  settle(plan, "pack:2 [numa] core:2 pu:1");
  assert_turns_to(plan, 2);
  plan->bind = BIND_SPREAD;
  settle(plan, "pack:2 [numa] core:2 pu:1");
  assert_turns_to(plan, 1);
  settle(plan, "core:4 pu:1");
  assert_turns_to(plan, 4);
  plan->bind = BIND_NONE; /* nothing is known */
  settle(plan, "pack:2 [numa] core:2 pu:1");
  assert_turns_to(plan, 4);
}

/* Nobody looks at the program of a trial that has one of its own beside it, or
 * that is a probe. */
static void some_are_of_their_region_alone(void **state) {
  struct plan *plan = *state;
  for (int programs = 0; programs < 2; programs++) {
    size_t alone = 0;
    plan->programs = programs;
    settle(plan, "core:4 pu:1");
    for (size_t i = 0; i < plan->point_count; i++) {
      struct point point = plan->points[i];
      bool probe = strcmp(point.phase, "probe") == 0;
      bool round = strcmp(point.phase, "round") == 0;
      assert_int_equal(point.region_alone, probe || (programs && round));
      alone += point.region_alone;
      point_make_cold(&point);
      assert_false(point.region_alone);
    }
    assert_true(alone > 0 && alone < plan->point_count);
  }
}

#define IN_PLAN(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_PLAN(serial_stays_near_its_memory),
      IN_PLAN(some_are_of_their_region_alone),
  };
  return cmocka_run_group_tests_name("plan_regions", tests, NULL, NULL);
}

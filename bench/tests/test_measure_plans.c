/* test_measure_plans.c: what overheads and probes are made of: points that are
 * told apart, teams that wait as their phase says, items for every worker. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/plan/caches.h"
#include "bench/plan/meters.h"
#include "bench/sweep/overheads_plan.h"
#include "bench/sweep/probe_plan.h"
#include "bench/tests/topology_fixture.h"

#include <math.h>
#include <string.h>

/* Whether a run that is gone on with can tell whose record is whose. */
static void assert_told_apart(const struct point *points, size_t count) {
  for (size_t i = 0; i < count; i++)
    for (size_t k = 0; k < i; k++) {
      const struct point *a = &points[i], *b = &points[k];
      char one[NOTATION_LENGTH], other[NOTATION_LENGTH];
      notation_format_variant(&a->variant, one);
      notation_format_variant(&b->variant, other);
      assert_false(strcmp(a->phase, b->phase) == 0 &&
                   strcmp(a->workload->name, b->workload->name) == 0 &&
                   strcmp(one, other) == 0 && a->workers == b->workers &&
                   a->size == b->size);
    }
}

static const uint32_t counts[] = {1, 2, 4};
enum { COUNTS = 3 };

/* The points of the team on nothing at so many workers, in a phase. */
static size_t count_of(const struct overheads_plan *plan, const char *phase,
                       const char *team, uint32_t workers) {
  size_t count = 0;
  for (size_t i = 0; i < plan->count; i++) {
    const struct point *p = &plan->points[i];
    count += strcmp(p->phase, phase) == 0 &&
             strcmp(p->variant.team, team) == 0 &&
             strcmp(p->workload->name, "null") == 0 &&
             p->variant.schedule == SCHEDULE_STATIC && p->workers == workers;
  }
  return count;
}

static void look_at_overheads(bool quick) {
  const struct overheads_scope scope = {counts, COUNTS, quick};
  struct overheads_plan plan;
  struct problem problem = {""};
  assert_int_equal(overheads_plan_make(&scope, &plan, &problem), 0);
  assert_told_apart(plan.points, plan.count);
  for (size_t i = 0; i < plan.count; i++) {
    const struct point *p = &plan.points[i];
    bool active = strcmp(p->phase, OVERHEADS_ACTIVE) == 0;
    assert_true(active || strcmp(p->phase, OVERHEADS_PASSIVE) == 0);
    assert_string_equal(p->wait_policy, active ? "active" : "passive");
    assert_true(p->size >= p->workers);
    assert_true(p->iterations > 0);
    /* A team on nothing is what its memory and its start are looked at in. */
    if (p->weigh)
      assert_true(p->stampless && p->size == p->workers);
  }
  /* Four ways to touch a page, with one worker and with the most. */
  size_t faults = 0;
  for (size_t i = 0; i < plan.count; i++)
    if (strcmp(plan.points[i].workload->kernel->name, "fault") == 0) {
      faults++;
      assert_int_equal(plan.points[i].size / plan.points[i].workers,
                       METER_FAULTS);
    }
  assert_int_equal(faults, 8);
  for (size_t c = 0; c < COUNTS; c++) {
    assert_int_equal(count_of(&plan, OVERHEADS_PASSIVE, "omp", counts[c]), 1);
    assert_int_equal(count_of(&plan, OVERHEADS_ACTIVE, "omp", counts[c]), 1);
    assert_int_equal(count_of(&plan, OVERHEADS_PASSIVE, "pool", counts[c]), 1);
    assert_int_equal(count_of(&plan, OVERHEADS_PASSIVE, "fork", counts[c]), 1);
    assert_int_equal(count_of(&plan, OVERHEADS_ACTIVE, "pool", counts[c]), 0);
  }
  overheads_plan_free(&plan);
}

static void overheads_wait_as_they_say(void **state) {
  (void)state;
  look_at_overheads(false);
  look_at_overheads(true);
}

/* Bytes that an access to an item moves, as kernels/memory.c has it. */
static const double item_bytes[PROBE_OPS] = {64, 64, 128, 384};

static void look_at_meter(const struct topology *topology,
                          const struct probe_meter *meter) {
  unsigned passes = 1; /* not in a name that says nothing of it */
  const char *at = strstr(meter->workload->name, "passes=");
  assert_int_equal(meter->size % meter->workers, 0);
  if (meter->level < 0) {
    struct kernel_shape shape = workload_shape(meter->workload);
    assert_true(meter->units == shape.operations * (double)meter->size);
    return;
  }
  assert_true(!at || sscanf(at, "passes=%u", &passes) == 1);
  double each = (double)meter->size / meter->workers * item_bytes[meter->op];
  double set = memory_set_bytes(topology, meter->level, meter->workers);
  assert_true(each == meter->set_bytes);
  assert_true(each <= set && each > set - item_bytes[meter->op]);
  assert_true(meter->units == each * passes * meter->workers);
}

static void probes_go_over_what_each_worker_has(void **state) {
  struct machine machine = {.usable_cpus = 4};
  struct probe_plan plan;
  struct problem problem = {""};
  size_t of_count[COUNTS] = {0};
  (void)state;
  topology_load("pack:1 l3:1 l2:4 l1d:1 core:1 pu:1", NULL, NULL,
                &machine.topology);
  assert_int_equal(probe_plan_make(&machine, counts, COUNTS, &plan, &problem),
                   0);
  assert_told_apart(plan.points, plan.count);
  for (size_t i = 0; i < plan.count; i++) {
    const struct point *p = &plan.points[i];
    look_at_meter(&machine.topology, &plan.meters[i]);
    assert_ptr_equal(p->workload, plan.meters[i].workload);
    assert_int_equal(p->workers, plan.meters[i].workers);
    assert_int_equal(p->size, plan.meters[i].size);
    assert_string_equal(p->phase, "probe");
    for (size_t c = 0; c < COUNTS; c++)
      of_count[c] += p->workers == counts[c];
  }
  for (size_t c = 0; c < COUNTS; c++)
    assert_true(of_count[c] >
                PROBE_OPS + 1); /* additions, the clock, a level */
  assert_int_equal(of_count[0] + of_count[1] + of_count[2], plan.count);
  probe_plan_free(&plan);
  topology_free(&machine.topology);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(overheads_wait_as_they_say),
      cmocka_unit_test(probes_go_over_what_each_worker_has),
  };
  return cmocka_run_group_tests_name("measure_plans", tests, NULL, NULL);
}

/* test_plan_cost.c: what a trial of a plan is expected to cost, in which orders
 * a round may run, and names that hold a chunk of one item. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/plan/budget.h"
#include "bench/plan/order.h"
#include "bench/plan/plan.h"

#include <string.h>

enum { MOST = 4, ROUNDS = 4800 };

/* A number for each order of up to four things. */
static size_t number_of(const uint32_t *order, size_t n) {
  size_t number = 0;
  for (size_t i = 0; i < n; i++)
    number = number * MOST + order[i];
  return number;
}

/* Every order comes about as often as every other: within five standard
 * deviations, always, because rounds and seed are given. */
static void test_every_order_comes(void **state) {
  (void)state;
  for (size_t n = 2, orders = 2; n <= MOST; n++, orders *= n) {
    static uint32_t seen[256];
    size_t different = 0;
    double expected = ROUNDS / (double)orders;
    memset(seen, 0, sizeof seen);
    for (uint64_t round = 1; round <= ROUNDS; round++) {
      uint32_t order[MOST];
      order_shuffle(order, n, 1, round);
      seen[number_of(order, n)]++;
    }
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++) {
      double off = seen[i] - expected;
      different += seen[i] > 0;
      if (seen[i] > 0)
        assert_true(off * off < 25 * expected);
    }
    assert_int_equal(different, orders);
  }
}

static void make_plan(struct plan *plan, uint32_t warmups,
                      uint32_t iterations) {
  struct problem problem = {""};
  *plan = (struct plan){.usable_cpus = 4,
                        .cores = 4,
                        .warmups = warmups,
                        .iterations = iterations,
                        .counts = {1, 2, 4},
                        .waiting = {1, 2, 4},
                        .count_count = 3,
                        .waiting_count = 3};
  assert_int_equal(plan_add_workload(plan, "spin", &problem), 0);
  assert_int_equal(plan_add_variant(plan, "serial", &problem), 0);
  assert_int_equal(plan_add_variant(plan, "omp:static", &problem), 0);
  plan->workloads[0].region_s = 1;
  plan->workloads[0].fixed_s = 0.5;
  assert_int_equal(plan_list_points(plan, &problem), 0);
}

/* A trial takes its regions, the first one too, and what is around them; a
 * team of p at best a p-th of that. */
static void test_a_trial_costs_its_regions(void **state) {
  (void)state;
  for (uint32_t warmups = 0; warmups < 3; warmups++)
    for (uint32_t iterations = 0; iterations < 4; iterations++) {
      struct plan plan;
      make_plan(&plan, warmups, iterations);
      for (size_t i = 0; i < plan.result_count; i++) {
        const struct point *point = &plan.points[i];
        double regions_s = (1.0 + warmups + iterations) / point->workers;
        double cost_s = budget_trial_s(&plan, point);
        assert_true(cost_s >= 0.5 + regions_s);
        assert_true(cost_s <= 0.5 + 1.2 * regions_s + 0.1);
      }
      plan_free(&plan);
    }
}

/* Blocks cost their regions, and what reads their clocks. */
static void test_a_trial_costs_its_blocks(void **state) {
  struct plan plan;
  (void)state;
  make_plan(&plan, 0, 1);
  plan.workloads[0].region_s = 1e-9;
  struct point point = plan.points[plan.result_count - 1];
  assert_int_equal(point.workers, 4);
  point.beside = &plan.variants[0];
  point.blocks = 2;
  double few_s = budget_trial_s(&plan, &point);
  point.blocks = 1002;
  double more_s = budget_trial_s(&plan, &point) - few_s;
  assert_true(more_s > 0.5 + 2000 * 0.0002 && more_s < 2);
  plan_free(&plan);
}

/* A name says which chunk was asked for, whatever it is, and can be read
 * again. */
static void test_names_hold_the_chunk(void **state) {
  static const char *const names[] = {
      "omp:dynamic,1",       "omp:dynamic",     "omp:tasks,1",
      "pool:dynamic,1@pipe", "serial:guided,1", "fork:guided,2@socket",
      "pool:apply@queue",    "omp:static",      "serial"};
  (void)state;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    struct variant_spec spec;
    struct problem problem = {""};
    char name[NOTATION_LENGTH];
    assert_int_equal(notation_parse_variant(names[i], &spec, &problem), 0);
    notation_format_variant(&spec, name);
    assert_string_equal(name, names[i]);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_every_order_comes),
      cmocka_unit_test(test_a_trial_costs_its_regions),
      cmocka_unit_test(test_a_trial_costs_its_blocks),
      cmocka_unit_test(test_names_hold_the_chunk),
  };
  return cmocka_run_group_tests_name("plan_cost", tests, NULL, NULL);
}

/* test_budget.c: what a budget does before anything is measured: how long
 * regions may be, and which points are in no round. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/plan/budget.h"

#include <math.h>

/* Three workloads, of which one waits on four times the CPUs. */
static struct plan plan;

static int open_plan(uint32_t cpus) {
  static const char *const workloads[] = {"cube", "spin", "latency"};
  static const char *const variants[] = {"serial", "omp:static", "pool:static"};
  struct problem problem;
  plan = (struct plan){.usable_cpus = cpus,
                       .counts = {1, cpus},
                       .count_count = 2,
                       .waiting = {1, cpus, 4 * cpus},
                       .waiting_count = 3,
                       .target_s = 0.005,
                       .rounds = PLAN_ROUNDS,
                       .iterations = PLAN_ITERATIONS};
  for (int i = 0; i < 3; i++) {
    assert_int_equal(plan_add_workload(&plan, workloads[i], &problem), 0);
    assert_int_equal(plan_add_variant(&plan, variants[i], &problem), 0);
    plan.workloads[i].size = 1000;
    plan.workloads[i].region_s = 0.01 * (i + 1);
  }
  return plan_list_points(&plan, &problem);
}

static int close_plan(void **state) {
  (void)state;
  plan_free(&plan);
  return 0;
}

/* Serial regions for many workers may not eat a budget up before the first
 * round: eight for 2 + 4 x CPUs = 6 CPUs' workers may take a tenth of it. */
static void regions_are_sought_within_the_budget(void **state) {
  (void)state;
  static const struct {
    uint32_t cpus;
    double budget_s, target_s;
  } cases[] = {
      {2, 120, 0.005},   {64, 154, 0.005}, {64, 153, 0.0025},
      {64, 76, 0.00125}, {64, 1, 0.00125}, /* not below 1 ms */
      {64, 0, 0.005},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_int_equal(open_plan(cases[i].cpus), 0);
    plan.budget_s = cases[i].budget_s;
    double target_s = budget_target_s(&plan);
    if (target_s != cases[i].target_s)
      fail_msg("%zu: %g instead of %g", i, target_s, cases[i].target_s);
    plan.weak = true; /* one worker takes as long as all */
    assert_true(budget_target_s(&plan) == 0.005);
    plan.weak = false;
    for (int k = 0; k < 3; k++)
      plan.workloads[k].fixed = true; /* nothing is sought */
    assert_true(budget_target_s(&plan) == 0.005);
    plan_free(&plan);
  }
}

/* Teams of one worker cost nothing then but their pilot. */
static void teams_of_one_may_have_no_rounds(void **state) {
  (void)state;
  assert_int_equal(open_plan(2), 0);
  double round_s = budget_round_s(&plan), pilot_s = budget_pilot_s(&plan);
  plan.without_ones = true;
  assert_true(budget_pilot_s(&plan) == pilot_s);
  size_t ones = 0;
  for (size_t i = 0; i < plan.point_count; i++) {
    const struct point *point = &plan.points[i];
    bool one = point->workers == 1 && !point_is_serial(point);
    assert_int_equal(plan_trials(&plan, i), one ? 0 : plan.rounds);
    round_s -= one ? budget_trial_s(&plan, point) : 0;
    ones += one;
  }
  assert_int_equal(ones, 6);
  assert_true(fabs(budget_round_s(&plan) / round_s - 1) < 1e-9);
}

/* Nine rounds are aimed at, as they carry verdicts; six are what is left when
 * nothing more can be thinned. */
static void verdicts_come_before_worker_counts(void **state) {
  struct problem problem;
  (void)state;
  assert_int_equal(open_plan(2), 0);
  double left_s = budget_pilot_s(&plan) + 7 * budget_round_s(&plan);
  plan.budget_s = left_s;
  assert_int_equal(budget_thin(&plan, left_s, &problem), 0);
  assert_true(plan.note_count > 0);
  assert_true(budget_pilot_s(&plan) + 9 * budget_round_s(&plan) <= left_s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(regions_are_sought_within_the_budget),
      cmocka_unit_test_teardown(teams_of_one_may_have_no_rounds, close_plan),
      cmocka_unit_test_teardown(verdicts_come_before_worker_counts, close_plan),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

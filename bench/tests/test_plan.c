/* test_plan.c: what a sweep will run: lists without doubles, and the points. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/tests/bench_fixture.h"

#include <stdio.h>

static void refuse(add_function *adder, struct plan *plan, const char *text,
                   const char *why) {
  struct problem problem = {""};
  assert_int_equal(adder(plan, text, &problem), PROBLEM_USAGE);
  if (!strstr(problem.text, why))
    fail_msg("'%s' does not say '%s'", problem.text, why);
}

static void doubles_are_refused(void **state) {
  struct plan *plan = &((struct bench *)*state)->plan;
  static const char *const workloads[] = {"cube", "cube/first=5"};
  static const char *const variants[] = {"omp:static", "omp:dynamic",
                                         "omp:dynamic,8"};
  for (size_t i = 0; i < LENGTH(workloads); i++)
    add(plan_add_workload, plan, workloads[i]);
  for (size_t i = 0; i < LENGTH(variants); i++)
    add(plan_add_variant, plan, variants[i]);
  for (size_t i = 0; i < LENGTH(workloads); i++)
    refuse(plan_add_workload, plan, workloads[i], "is listed twice");
  for (size_t i = 0; i < LENGTH(variants); i++)
    refuse(plan_add_variant, plan, variants[i], variants[i]);
  refuse(plan_add_workload, plan, "cube/first=0", "cube is listed twice");
  refuse(plan_add_variant, plan, "omp", "omp:static is listed twice");
  refuse(plan_add_variant, plan, "omp:static@shm", "omp:static is listed");
  assert_int_equal(plan->workload_count, LENGTH(workloads));
  assert_int_equal(plan->variant_count, LENGTH(variants));
}

static void what_is_unknown_or_too_much_is_refused(void **state) {
  struct plan *plan = &((struct bench *)*state)->plan;
  char text[64];
  refuse(plan_add_workload, plan, "nosuch", "nosuch");
  refuse(plan_add_workload, plan, "cube/first=x", "first=x");
  refuse(plan_add_variant, plan, "omp:fast", "fast");
  assert_int_equal(plan->workload_count + plan->variant_count, 0);
  for (int i = 0; i < PLAN_WORKLOADS; i++) {
    snprintf(text, sizeof text, "cube/first=%d", i);
    add(plan_add_workload, plan, text);
  }
  for (int i = 0; i < PLAN_VARIANTS; i++) {
    snprintf(text, sizeof text, "omp:dynamic,%d", i + 1);
    add(plan_add_variant, plan, text);
  }
  refuse(plan_add_workload, plan, "null", "256");
  refuse(plan_add_variant, plan, "serial", "32");
}

static void every_point_is_listed_once(void **state) {
  struct bench *b = *state;
  struct problem problem = {""};
  bench_open(b, "core:2 pu:1", 2);
  struct plan *plan = &b->plan;
  for (int again = 0; again < 2; again++) {
    assert_int_equal(plan_list_points(plan, &problem), 0);
    /* 7 computing workloads at 1 and 2, one waiting at 1, 2, 4 and 8 */
    assert_int_equal(plan->result_count, 7 * (1 + 5 * 2) + (1 + 5 * 4));
  }
  for (uint32_t s = 0; s < plan->workload_count; s++)
    for (uint32_t v = 0; v < plan->variant_count; v++) {
      assert_true(has_point(plan, s, v, 1));
      assert_int_equal(has_point(plan, s, v, 2), v > 0);
      assert_int_equal(has_point(plan, s, v, 4), v > 0 && s == LATENCY);
      assert_int_equal(has_point(plan, s, v, 8), v > 0 && s == LATENCY);
    }
  for (size_t s = 0; s < plan->workload_count; s++)
    assert_int_equal(plan_most_workers(plan, s), s == LATENCY ? 8 : 2);
  plan->counts[plan->count_count++] = 4; /* oversubscribed: not probed */
  assert_int_equal(plan_list_points(plan, &problem), 0);
  assert_int_equal(plan->point_count - plan->result_count, 2);
  plan->probes[0].size = 100;
  assert_int_equal(plan_list_points(plan, &problem), 0);
  for (uint32_t k = 0; k < 2; k++) {
    const struct point *probe = &plan->points[plan->result_count + k];
    assert_true(plan_is_probe(plan, probe));
    assert_int_equal(probe->workers, k + 1);
    assert_string_equal(probe->phase, "probe");
    assert_string_equal(probe->workload->name, "spin/chains=8");
    assert_int_equal(probe->size, 100 * (k + 1));
  }
}

/* Which trials are in blocks with serial: those of kernels that do not wait, on
 * CPUs of their own; where memory is moved not of what forks in the region. */
static void some_take_turns(void **state) {
  struct bench *b = *state;
  struct problem problem = {""};
  bench_open(b, "core:2 pu:1", 2);
  struct plan *plan = &b->plan;
  plan->blocks = PLAN_BLOCKS;
  plan->turns[1] = TURNS_ALL;
  plan->turns[2] = TURNS_COMPUTE;
  assert_int_equal(plan_list_points(plan, &problem), 0);
  for (size_t i = 0; i < plan->result_count; i++) {
    const struct point *point = &plan->points[i];
    bool memory = workload_moves_memory(point->workload);
    bool first =
        memcmp(&point->variant, &plan->variants[1], sizeof point->variant) == 0;
    bool second =
        memcmp(&point->variant, &plan->variants[2], sizeof point->variant) == 0;
    bool turns = !point->workload->kernel->waits && point->workers <= 2 &&
                 (first || (second && !memory));
    assert_int_equal(point->beside == &plan->variants[0], turns);
    assert_int_equal(point->blocks, !turns ? 0 : memory ? 4 : 2);
    assert_int_equal(point->warmups, !turns ? PLAN_WARMUPS : memory ? 4 : 1);
    assert_int_equal(point->iterations, turns ? 0 : PLAN_ITERATIONS);
  }
}

/* Cold, and serial around the others, on two CPUs in turn. */
static void programs_stand_in_a_row(void **state) {
  struct bench *b = *state;
  struct problem problem = {""};
  bench_open(b, "core:2 pu:1", 2);
  struct plan *plan = &b->plan;
  assert_int_equal(plan_list_points(plan, &problem), 0);
  size_t results = plan->result_count, probes = plan->point_count - results;
  plan->programs = true;
  assert_int_equal(plan_list_points(plan, &problem), 0);
  assert_int_equal(plan->result_count, results);
  assert_int_equal(plan->program_count, results + plan->workload_count);
  assert_int_equal(plan->point_count, results + plan->program_count + probes);
  const struct point *points = plan->points + results;
  for (size_t i = 0; i < plan->program_count; i++) {
    bool first = i == 0 || points[i].unit != points[i - 1].unit;
    bool last =
        i + 1 == plan->program_count || points[i].unit != points[i + 1].unit;
    assert_string_equal(points[i].phase, "program");
    assert_true(points[i].unit > 0);
    assert_int_equal(points[i].warmups + points[i].iterations, 0);
    assert_int_equal(point_is_serial(&points[i]), first || last);
    assert_int_equal(points[i].over_cpus, first || last ? 2 : 0);
    assert_int_equal(points[i].first_cpu, last);
    assert_ptr_equal(points[i].workload,
                     plan->workloads[points[i].unit - 1].workload);
  }
}

/* Four CPUs of which the third and the fourth are slower, or none. */
static void serial_is_on_no_slower_core(void **state) {
  static const uint32_t slower_from[] = {0, 3, 5}, over[] = {4, 2, 4};
  struct bench *b = *state;
  struct problem problem = {""};
  bench_open(b, "core:4 pu:1", 4);
  b->plan.programs = true;
  for (size_t k = 0; k < 3; k++) {
    b->plan.slower_from = slower_from[k];
    assert_int_equal(plan_list_points(&b->plan, &problem), 0);
    const struct point *first = b->plan.points + b->plan.result_count;
    assert_true(point_is_serial(first));
    assert_int_equal(first->over_cpus, over[k]);
  }
}

static void shared_cpus_do_not_count_as_workers(void **state) {
  struct bench *b = *state;
  bench_open(b, "core:2 pu:1", 2);
  b->plan.counts[b->plan.count_count++] = 6; /* --oversubscribe */
  assert_int_equal(plan_most_workers(&b->plan, 0), 2);
  struct point two = {.workload = b->plan.workloads[0].workload,
                      .workers = 2,
                      .warmups = b->plan.warmups,
                      .iterations = b->plan.iterations};
  struct point six = two;
  six.workers = 6;
  /* besides the regions: not less than its five, were they ideal */
  assert_true(budget_trial_s(&b->plan, &two) >
              0.02 + 5 * b->plan.workloads[0].region_s / 2);
  assert_true(budget_trial_s(&b->plan, &six) > budget_trial_s(&b->plan, &two));
  two.workload = six.workload = b->plan.workloads[LATENCY].workload;
  assert_true(budget_trial_s(&b->plan, &six) < budget_trial_s(&b->plan, &two));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_BENCH(doubles_are_refused),
      IN_BENCH(what_is_unknown_or_too_much_is_refused),
      IN_BENCH(every_point_is_listed_once),
      IN_BENCH(some_take_turns),
      IN_BENCH(programs_stand_in_a_row),
      IN_BENCH(serial_is_on_no_slower_core),
      IN_BENCH(shared_cpus_do_not_count_as_workers),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

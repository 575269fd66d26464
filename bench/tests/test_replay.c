/* test_replay.c: a recorded trial answers the very order that it was, and no
 * other; a run goes on with the very trials that its plan has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/sweep/finished.h"
#include "bench/sweep/replay.h"

#include <stdlib.h>
#include <string.h>

static struct workload workload, other;

static struct numbers numbers_of(size_t count, double first, double second) {
  struct numbers numbers = {malloc(2 * sizeof(double)), count};
  assert_non_null(numbers.values);
  numbers.values[0] = first;
  numbers.values[1] = second;
  return numbers;
}

static void fill(struct record *r) {
  record_clear(r);
  r->schema = RECORD_SCHEMA;
  r->status = strdup("ok");
  r->phase = strdup("round");
  r->round = 1;
  r->kernel = strdup("spin");
  r->workload = strdup("spin");
  r->variant = strdup("omp:dynamic,16");
  r->requested = strdup("omp:dynamic");
  r->workers = 2;
  r->size = 1000;
  r->seed = 7;
  r->wall_s = 0.5;
  r->regions_s = numbers_of(2, 0.1, 0.2);
  r->cpus = numbers_of(2, 4, 6);
}

static struct trial_request order(void) {
  struct problem problem = {""};
  struct trial_request order = {.workload = &workload,
                                .workers = 2,
                                .usable_cpus = 2,
                                .size = 1000,
                                .seed = 7,
                                .iterations = 2,
                                .expect = ""};
  assert_int_equal(workload_parse("spin", &workload, &problem), 0);
  assert_int_equal(workload_parse("spin/serial=0.1", &other, &problem), 0);
  assert_int_equal(
      notation_parse_variant("omp:dynamic", &order.variant, &problem), 0);
  return order;
}

/* Whether the one record answers. */
static bool answers(const struct trial_request *order) {
  struct record recorded, got;
  struct records records = {.list = &recorded, .count = 1};
  struct executor_replay executor;
  struct problem problem = {""};
  fill(&recorded);
  assert_int_equal(
      executor_replay_init(&executor, &records, "trials.jsonl", &problem), 0);
  int status = executor.base.run(&executor.base, order, &got, &problem);
  if (!status) {
    assert_int_equal(got.size, recorded.size);
    assert_true(executor.base.now_s(&executor.base) == 0.5);
    record_free(&got);
    /* once */
    status = executor.base.run(&executor.base, order, &got, &problem);
    assert_int_equal(status, PROBLEM_FAILURE);
    status = 0;
  } else {
    assert_non_null(strstr(problem.text, "no further trial"));
  }
  executor_replay_free(&executor);
  record_free(&recorded);
  return !status;
}

static void test_only_its_own_order_is_answered(void **state) {
  struct trial_request requested = order();
  (void)state;
  assert_true(answers(&requested));
  requested = order(), requested.workload = &other;
  assert_false(answers(&requested));
  requested = order(), requested.variant.chunk = 16;
  assert_false(answers(&requested));
  requested = order(), requested.workers = 3;
  assert_false(answers(&requested));
  requested = order(), requested.size = 1001;
  assert_false(answers(&requested));
  requested = order(), requested.seed = 8;
  assert_false(answers(&requested));
  requested = order(), requested.iterations = 3;
  assert_false(answers(&requested));
}

/* Whether a run of that record may go on with workers on these CPUs; what says
 * why not, otherwise. */
static bool goes_on(const int *cpus, uint64_t size, const char *what) {
  struct plan plan = {.usable_cpus = 2,
                      .cores = 2,
                      .seed = 7,
                      .iterations = 2,
                      .counts = {1, 2},
                      .waiting = {1, 2},
                      .count_count = 2,
                      .waiting_count = 2};
  struct records records = {.list = calloc(1, sizeof(struct record)),
                            .count = 1};
  struct finished finished;
  struct problem problem = {""};
  assert_non_null(records.list);
  fill(records.list);
  assert_int_equal(plan_add_workload(&plan, "spin", &problem), 0);
  plan.workloads[0].size = size;
  assert_int_equal(plan_add_variant(&plan, "serial", &problem), 0);
  assert_int_equal(plan_add_variant(&plan, "omp:dynamic", &problem), 0);
  assert_int_equal(plan_list_points(&plan, &problem), 0);
  assert_int_equal(finished_make(&records, &finished, &problem), 0);
  int status = finished_check(&finished, &plan, cpus, &problem);
  if (status)
    assert_non_null(strstr(problem.text, what));
  finished_free(&finished);
  records_free(&records);
  plan_free(&plan);
  return !status;
}

static void test_a_run_goes_on_as_it_was(void **state) {
  static const int same[] = {4, 6}, swapped[] = {6, 4}, elsewhere[] = {4, 5},
                   nowhere[] = {-1, -1};
  (void)state;
  assert_true(goes_on(same, 1000, ""));
  assert_false(goes_on(swapped, 1000, "its workers' CPUs"));
  assert_false(goes_on(elsewhere, 1000, "its workers' CPUs"));
  assert_false(goes_on(nowhere, 1000, "its workers' CPUs"));
  assert_false(goes_on(same, 999, "its size"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_only_its_own_order_is_answered),
      cmocka_unit_test(test_a_run_goes_on_as_it_was),
  };
  return cmocka_run_group_tests_name("replay", tests, NULL, NULL);
}

/* test_sharing_sweep.c: which points of a plan share a trial, what that costs,
 * and that a simulated machine and a replay give the same as trials of their
 * own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/plan/budget.h"
#include "bench/sweep/replay.h"
#include "bench/tests/sharing_fixture.h"
#include "bench/tests/simulated_fixture.h"

#include <stdlib.h>
#include <string.h>

/* ---- which points ---------------------------------------------------------
 */

/* Four schedules of threads, one of processes and the textbook's. */
static int make_plan(void **state) {
  static const char *const variants[] = {
      "serial",     "omp:static", "pool:static",  "omp:dynamic",
      "omp:guided", "textbook",   "omp:dynamic,8"};
  static const enum plan_turns turns[] = {
      TURNS_NONE,   TURNS_SHARED, TURNS_ALL,   TURNS_SHARED,
      TURNS_SHARED, TURNS_SHARED, TURNS_SHARED};
  (void)state;
  plan_free(&plan);
  plan = (struct plan){.usable_cpus = 2,
                       .cores = 2,
                       .blocks = PLAN_BLOCKS,
                       .programs = true,
                       .counts = {1, 2, 4},
                       .waiting = {1, 2, 4},
                       .count_count = 3,
                       .waiting_count = 3};
  return sharing_list(variants, turns, sizeof variants / sizeof *variants);
}

static bool is_shared(const struct point *point) {
  return strcmp(point->workload->name, "spin") == 0 && point->workers <= 2 &&
         strcmp(point->variant.team, "omp") == 0;
}

/* Schedules of one team at one worker count, on CPUs of their own. */
static void schedules_share(void **state) {
  uint32_t units[5] = {0};
  (void)state;
  for (size_t i = 0; i < plan.result_count; i++) {
    const struct point *point = &plan.points[i];
    bool shared = is_shared(point);
    assert_int_equal(point->sharers > 1, shared);
    assert_int_equal(point->unit != 0, shared);
    if (!shared)
      continue;
    assert_int_equal(point->sharers, 4);
    if (!units[point->workers])
      units[point->workers] = point->unit;
    assert_int_equal(point->unit, units[point->workers]);
  }
  assert_true(units[1] && units[2] && units[1] != units[2]);
  for (size_t i = plan.result_count; i < plan.point_count; i++) {
    const struct point *point = &plan.points[i];
    assert_int_equal(point->sharers, 0);
    assert_true(point->unit != units[1] && point->unit != units[2]);
  }
}

static uint32_t count_shared(void) {
  struct problem problem = {""};
  uint32_t count = 0;
  assert_int_equal(plan_list_points(&plan, &problem), 0);
  for (size_t i = 0; i < plan.point_count; i++)
    count += plan.points[i].sharers > 1;
  return count;
}

/* Where a trial has to give a program's time, its pages are the caller's, or it
 * is in no blocks. */
static void some_plans_share_nothing(void **state) {
  (void)state;
  assert_int_equal(count_shared(), 8);
  plan.programs = false;
  assert_int_equal(count_shared(), 0);
  plan.programs = true;
  plan.serial_touch = true;
  assert_int_equal(count_shared(), 0);
  plan.serial_touch = false;
  plan.blocks = 0;
  assert_int_equal(count_shared(), 0);
  plan.blocks = PLAN_BLOCKS;
  for (size_t v = 0; v < plan.variant_count; v++)
    if (plan.turns[v] == TURNS_SHARED)
      plan.turns[v] = TURNS_ALL;
  assert_int_equal(count_shared(), 0);
}

/* ---- what it costs --------------------------------------------------------
 */

/* Of four points in two pairs: once the process, the cold region and serial's
 * warm-ups and check, three serial regions a block; and each one's own. */
static void a_shared_trial_costs_less(void **state) {
  double shared_s = 0, alone_s = 0;
  (void)state;
  plan.workloads[0].region_s = 1;
  plan.workloads[0].fixed_s = 0.5;
  for (size_t i = 0; i < plan.result_count; i++) {
    struct point point = plan.points[i];
    if (!is_shared(&point) || point.workers != 1)
      continue;
    shared_s += budget_trial_s(&plan, &point);
    point.sharers = 0;
    alone_s += budget_trial_s(&plan, &point);
  }
  double own = 4 * (2 + 2 * 2 + 1), beside = 2 + 2 * 3 + 1;
  assert_true(fabs(shared_s - (0.5 + 1 + own + beside)) < 0.02);
  assert_true(fabs(alone_s - 4 * (0.5 + 1 + 2 + 2 * 2 + 1 + 2 + 2 * 2 + 1)) <
              0.02);
}

/* ---- what it gives --------------------------------------------------------
 */

static struct variant_spec serial, also[3];

static struct trial_request shared_order(uint32_t count) {
  static const char *const names[] = {"omp:dynamic,50", "omp:guided,50",
                                      "omp:tasks,10"};
  struct problem problem;
  struct trial_request order = bed_order(&bed, "omp:static", 2, 8000);
  assert_int_equal(notation_parse_variant("serial", &serial, &problem), 0);
  for (size_t i = 0; i < 3; i++)
    assert_int_equal(notation_parse_variant(names[i], &also[i], &problem), 0);
  bed_share(&order, &serial, also, count - 1);
  return order;
}

/* On a machine without noise, the times, stamps and speedups of trials of their
 * own: 2 of two equal CPUs but for what a region and its chunks cost. */
static void a_simulated_one_gives_the_known_speedups(void **state) {
  struct record records[4], alone;
  double apart_s = 0;
  (void)state;
  strcpy(bed.description.topology, "core:2 pu:1");
  bed.description.region_fixed_s = 1e-4;
  bed.description.dispatch_s = 1e-6;
  bed_begin(&bed, "spin", 1);
  const struct trial_request order = shared_order(4);
  bed_run(&bed.executor.base, &order, records);
  assert_int_equal(bed.executor.now_ns, ns(records[0].wall_s));
  for (uint32_t i = 0; i < 4; i++) {
    const struct trial_request one = bed_alone(&order, i);
    bed_run(&bed.executor.base, &one, &alone);
    double chunks = i == 0 ? 0 : i < 3 ? 79 : 399, work_s = 8000 * 1e-6;
    double region_s = work_s / 2 + chunks * 1e-6 + 1e-4;
    assert_true(fabs(records[i].region_s - region_s) < 1e-9);
    assert_true(fabs(records[i].turns_ratio - work_s / region_s) < 1e-5);
    assert_true(records[i].region_s == alone.region_s &&
                records[i].turns_ratio == alone.turns_ratio);
    assert_string_equal(records[i].turns, alone.turns);
    assert_string_equal(records[i].digest, alone.digest);
    assert_int_equal(records[i].workers_seen, 2);
    assert_int_equal(sum_ns(&records[i].worker_busy_s),
                     sum_ns(&alone.worker_busy_s));
    assert_true(records[i].worker_chunks.values[0] ==
                alone.worker_chunks.values[0]);
    assert_int_equal(records[i].shared_place, i + 1);
    assert_int_equal(isnan(records[i].wall_s), i > 0);
    assert_int_equal(isnan(records[i].program_s), i > 0);
    apart_s += alone.wall_s;
    record_free(&alone);
  }
  assert_true(records[0].wall_s < 0.7 * apart_s);
  for (uint32_t i = 0; i < 4; i++)
    record_free(&records[i]);
}

/* Shared or not, as recorded; its clock goes on once. */
static void a_replay_gives_what_was(void **state) {
  struct record list[8], again[4];
  struct records records = {.list = list, .count = 8};
  struct executor_replay replay;
  struct problem problem = {""};
  (void)state;
  bed_begin(&bed, "spin", 1);
  struct trial_request order = shared_order(4);
  bed_run(&bed.executor.base, &order, list);
  bed_run(&bed.executor.base, &order, list + 4);
  assert_int_equal(executor_replay_init(&replay, &records, "a", &problem), 0);
  bed_run(&replay.base, &order, again);
  assert_true(fabs(replay.base.now_s(&replay.base) - list[0].wall_s) < 1e-9);
  for (uint32_t i = 0; i < 4; i++) {
    assert_string_equal(again[i].variant, list[i].variant);
    assert_true(again[i].region_s == list[i].region_s);
    assert_int_equal(again[i].shared_place, i + 1);
    record_free(&again[i]);
  }
  order.also_count = 1;
  bed_run(&replay.base, &order, again);
  record_free(&again[0]);
  record_free(&again[1]);
  order.also_count = 0;
  assert_int_not_equal(replay.base.run(&replay.base, &order, again, &problem),
                       0);
  executor_replay_free(&replay);
  for (size_t i = 0; i < 8; i++)
    record_free(&list[i]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      OF_PLAN(schedules_share),
      OF_PLAN(some_plans_share_nothing),
      OF_PLAN(a_shared_trial_costs_less),
      ON_MACHINE(a_simulated_one_gives_the_known_speedups),
      ON_MACHINE(a_replay_gives_what_was),
  };
  return cmocka_run_group_tests_name("sharing in a sweep", tests, NULL, NULL);
}

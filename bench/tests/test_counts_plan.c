/* test_counts_plan.c: worker counts that share a trial: which of a plan's
 * points do, what that costs, how many trials they get, in which order they are
 * asked for, and what is asked of a run that was stopped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/plan/budget.h"
#include "bench/plan/budget_counts.h"
#include "bench/sweep/engine.h"
#include "bench/sweep/width.h"
#include "bench/tests/asked_fixture.h"
#include "bench/tests/sharing_fixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- which points ---------------------------------------------------------
 */

static int make_plan(void **state) {
  static const char *const variants[] = {"serial", "omp:static", "pool:static",
                                         "omp:dynamic", "textbook"};
  static const enum plan_turns turns[] = {TURNS_NONE, TURNS_RESIZED, TURNS_ALL,
                                          TURNS_RESIZED, TURNS_SHARED};
  struct problem problem = {""};
  (void)state;
  plan_free(&plan);
  plan = (struct plan){.usable_cpus = 16,
                       .cores = 16,
                       .blocks = PLAN_BLOCKS,
                       .programs = true,
                       .iterations = 3,
                       .rounds = 9,
                       .counts = {1, 2, 4, 8, 16, 32},
                       .waiting = {1, 2, 4, 8, 16, 32},
                       .count_count = 6,
                       .waiting_count = 6};
  assert_int_equal(
      sharing_list(variants, turns, sizeof variants / sizeof *variants), 0);
  for (size_t i = 0; i < plan.workload_count; i++) {
    plan.workloads[i].size = 1000;
    plan.workloads[i].region_s = 1;
    plan.workloads[i].repeat = 1;
  }
  return plan_list_points(&plan, &problem);
}

static bool is_resized(const struct point *point) {
  return strcmp(point->workload->name, "spin") == 0 &&
         strcmp(point->variant.team, "omp") == 0;
}

/* Points of a round that share a trial with another worker count. */
static uint32_t count_shared(void) {
  struct problem problem = {""};
  uint32_t count = 0;
  assert_int_equal(plan_list_points(&plan, &problem), 0);
  for (size_t i = 0; i < plan.point_count; i++)
    count += plan.points[i].counts > 1;
  return count;
}

/* Both schedules at all worker counts that have CPUs of their own are one
 * unit. */
static void counts_share(void **state) {
  uint32_t unit = 0;
  (void)state;
  for (size_t i = 0; i < plan.result_count; i++) {
    const struct point *point = &plan.points[i];
    bool shared = is_resized(point) && point->workers <= 16;
    assert_int_equal(point->counts > 1, shared);
    if (!shared)
      continue;
    unit = unit ? unit : point->unit;
    assert_int_equal(point->unit, unit);
    assert_int_equal(point->sharers, 10);
    assert_int_equal(point->counts, 5);
    assert_int_equal(point->team_workers, 16);
  }
  assert_int_equal(count_shared(), 10);
}

/* Below so many CPUs, where the size grows with the workers, on slower cores,
 * and what no round has. */
static void some_do_not(void **state) {
  struct problem problem = {""};
  (void)state;
  plan.usable_cpus = 15; /* and 16 workers share them */
  assert_int_equal(count_shared(), 0);
  plan.usable_cpus = 16;
  plan.weak = true;
  assert_int_equal(count_shared(), 0);
  plan.weak = false;
  plan.slower_from = 8;
  assert_int_equal(count_shared(), 6);
  plan.slower_from = 0;
  plan.without_ones = true;
  assert_int_equal(count_shared(), 8);
  plan.without_ones = false;
  plan.programs = false;
  assert_int_equal(count_shared(), 0);
  plan.programs = true;
  assert_int_equal(plan_list_points(&plan, &problem), 0);
}

/* No trial has more points than there may be; the counts of one are
 * neighbours. */
static void units_have_room(void **state) {
  struct problem problem = {""};
  uint32_t units = 0;
  (void)state;
  plan.usable_cpus = 40;
  for (uint32_t i = 0; i < 40; i++)
    plan.counts[i] = i + 1;
  plan.count_count = 40;
  assert_int_equal(plan_list_points(&plan, &problem), 0);
  for (size_t i = 0; i < plan.result_count; i++) {
    const struct point *point = &plan.points[i];
    if (!is_resized(point))
      continue;
    bool most = point->workers > 8;
    assert_int_equal(point->sharers, most ? 64 : 16);
    assert_int_equal(point->counts, most ? 32 : 8);
    assert_int_equal(point->team_workers, most ? 40 : 8);
    units += point->unit == PLAN_WORKLOADS + 1 + i;
  }
  assert_int_equal(units, 2);
}

/* ---- what it costs --------------------------------------------------------
 */

/* Of one serial pair a block: with warm-ups and check 2 + 2 x 2 + 1 regions of
 * a second; each point 2 + 2 x 2 + 1 of its own; and of the whole team the cold
 * one, and one a block where it has grown. */
static void a_shared_trial_costs_one_pair(void **state) {
  double shared_s = 0, alone_s = 0, own_s = 0;
  (void)state;
  for (size_t i = 0; i < plan.result_count; i++) {
    struct point point = plan.points[i];
    if (point.counts < 2)
      continue;
    shared_s += budget_trial_s(&plan, &point);
    own_s += 7 * (point.workers > 1 ? 1.1 : 1) / point.workers;
    point.sharers = point.counts = point.unit = 0;
    alone_s += budget_trial_s(&plan, &point);
  }
  assert_true(fabs(shared_s - (7 + own_s + 3 * 1.1 / 16)) < 0.05);
  assert_true(alone_s > 2.5 * shared_s);
}

/* Processes and kernels that move memory or wait keep one and the most workers;
 * what shares keeps all, read back from the file as well. */
static void a_budget_keeps_what_shares(void **state) {
  char path[] = "/tmp/counts-XXXXXX";
  struct problem problem = {""};
  (void)state;
  assert_true(budget_counts_apart(&plan));
  assert_false(budget_counts_apart(&plan));
  assert_non_null(strstr(plan.notes[0], "one and the most workers alone"));
  assert_int_equal(plan_list_points(&plan, &problem), 0);
  uint32_t kept = 0;
  for (size_t i = 0; i < plan.result_count; i++) {
    const struct point *point = &plan.points[i];
    bool end = point->workers == 1 || point->workers == 32;
    assert_true(end || is_resized(point));
    kept += !end;
  }
  assert_int_equal(kept, 2 * 4);
  int fd = mkstemp(path);
  assert_true(fd >= 0);
  close(fd);
  struct plan *again = calloc(1, sizeof *again);
  plan.stage = STAGE_ROUNDS;
  if (plan_write(&plan, path, &problem) != 0 ||
      plan_read(again, path, &problem) != 0)
    fail_msg("%s", problem.text);
  assert_int_equal(plan_list_points(again, &problem), 0);
  assert_int_equal(again->result_count, plan.result_count);
  assert_true(again->ends_apart && again->all_counts[1] &&
              !again->all_counts[2] && again->workloads[0].all_counts &&
              !again->workloads[1].all_counts);
  plan_free(again);
  free(again);
  unlink(path);
}

/* As many come back as there is room for, and it is said anew. */
static void counts_come_back(void **state) {
  struct problem problem = {""};
  const struct budget_counts all = budget_counts_of(&plan);
  (void)state;
  assert_true(budget_counts_apart(&plan));
  while (budget_fewer_counts(&plan))
    ;
  assert_int_equal(plan.count_count, 2);
  assert_int_equal(plan_list_points(&plan, &problem), 0);
  double few_s = budget_pilot_s(&plan) + 9 * budget_round_s(&plan);
  assert_int_equal(budget_return_counts(&plan, &all, few_s * 1.0001, &problem),
                   0);
  assert_int_equal(plan.count_count, 2);
  assert_int_equal(budget_return_counts(&plan, &all, 1e9, &problem), 0);
  assert_int_equal(plan.count_count, 6);
  assert_string_equal(plan.notes[plan.note_count - 1],
                      "only 6 worker counts, from one to the most");
  assert_int_equal(plan.note_count, 2);
  assert_int_equal(count_shared(), 10);
}

/* ---- how many trials ------------------------------------------------------
 */

/* The most workers, of whom the verdict is, get as many as their width asks
 * for, the others of their trials one number of their own; and what one more
 * takes is part of what the trial that they share took. */
static void each_part_has_its_number(void **state) {
  struct problem problem = {""};
  struct record records[200];
  size_t last[200], points[200];
  uint32_t last_points[200];
  double half_widths[200] = {0}, part_s[2] = {0};
  (void)state;
  assert_true(plan.point_count < 200);
  const struct records all = {.list = records, .count = plan.point_count};
  const struct so_far so_far = {.records = &all,
                                .last = last,
                                .last_points = last_points,
                                .last_count = plan.point_count,
                                .last_round = 9,
                                .round_s = 100};
  size_t first = plan.point_count;
  for (size_t i = 0; i < plan.point_count; i++) {
    const struct point *point = &plan.points[i];
    last[i] = points[i] = i;
    last_points[i] = (uint32_t)i;
    record_clear(&records[i]);
    if (point->counts > 1 && point->workers == 16 && first > i)
      first = i;
    if (point->workers == 16 && is_resized(point))
      half_widths[i] = 0.04;
  }
  records[first].wall_s = 1; /* all others took no time */
  double *cost_s = width_costs(&plan, &so_far, points);
  for (size_t i = 0; i < plan.result_count; i++)
    if (plan.points[i].counts > 1)
      part_s[plan.points[i].workers == 16] += cost_s[i];
  assert_true(part_s[0] > 0 && part_s[0] < 100);
  assert_true(part_s[1] > 0 && part_s[1] < part_s[0]);
  assert_true(part_s[0] + part_s[1] > 100);
  assert_int_equal(width_share(&plan, half_widths, cost_s, &so_far, &problem),
                   0);
  for (size_t i = 0; i < plan.result_count; i++)
    if (plan.points[i].counts > 1)
      assert_int_equal(plan_trials(&plan, i),
                       plan.points[i].workers == 16 ? 20 : 9);
  free(cost_s);
}

/* ---- in which order -------------------------------------------------------
 */

/* The most workers first in every round; those of a count take turns. */
static void the_most_workers_come_first(void **state) {
  struct point points[6];
  uint32_t order[4 * 6 + 1], firsts[6] = {0};
  static const uint32_t workers[] = {1, 2, 4, 1, 2, 4};
  (void)state;
  for (size_t i = 0; i < 6; i++)
    points[i] = (struct point){.workers = workers[i],
                               .unit = 7,
                               .sharers = 6,
                               .counts = 3,
                               .team_workers = 4};
  const struct batch batch = {.points = points, .count = 6, .shuffled = true};
  for (uint32_t round = 1; round <= 8; round++) {
    bool there[6] = {false};
    engine_order(&batch, 7, round, order);
    for (size_t i = 0; i < 6; i++) {
      assert_int_equal(points[order[i]].workers, 4 >> i / 2);
      assert_false(there[order[i]]);
      there[order[i]] = true;
      firsts[order[i]] += i % 2 == 0;
    }
  }
  for (size_t i = 0; i < 6; i++)
    assert_int_equal(firsts[i], 4);
}

/* What a trial was asked for. */
struct asked {
  struct executor base;
  uint32_t trials, points[20], workers[20], fewest[20];
};

static int ask(struct executor *self, const struct trial_request *request,
               struct record *records, struct problem *problem) {
  struct asked *asked = (struct asked *)(void *)self;
  uint32_t n = asked->trials++;
  (void)problem;
  assert_true(n < 20);
  asked->points[n] = 1 + request->also_count;
  asked->workers[n] = request->workers;
  asked->fewest[n] = trial_workers(request, request->also_count);
  assert_true(request->first_cpu < request->workers);
  for (uint32_t i = 0; i <= request->also_count; i++) {
    const struct trial_request point = trial_request_of(request, i);
    asked_record(&point, "ok", &records[i]);
    records[i].digest = strdup("0123456789abcdef");
    records[i].region_s = 1;
  }
  return 0;
}

static double no_time(struct executor *self) {
  (void)self;
  return 0;
}

/* A run that was stopped has the first few records of a shared trial: those
 * that are missing run together, on a team as large as they need. */
static void the_rest_of_a_trial_runs_together(void **state) {
  static const uint32_t workers[] = {8, 4, 4, 1},
                        need[] = {8, 4, 4, 1}; /* with so many there */
  static const int nowhere[] = {-1};
  struct workload spin;
  struct point points[4];
  struct problem problem = {""};
  (void)state;
  assert_int_equal(workload_parse("spin", &spin, &problem), 0);
  for (size_t i = 0; i < 4; i++)
    points[i] = (struct point){.workload = &spin,
                               .variant = {.team = "omp",
                                           .chunk = i % 2,
                                           .schedule = SCHEDULE_DYNAMIC},
                               .workers = workers[i],
                               .size = 9,
                               .phase = "round",
                               .unit = 7,
                               .sharers = 4,
                               .counts = 3,
                               .team_workers = 8};
  for (uint32_t there = 0; there < 4; there++) {
    struct records records = {.count = 0};
    struct finished finished;
    struct asked asked = {.base = {.run = ask, .now_s = no_time}};
    struct engine engine = {.executor = &asked.base,
                            .fd = -1,
                            .cpus = nowhere,
                            .usable_cpus = 8,
                            .records = &records};
    for (uint32_t i = 0; i < there; i++) {
      struct trial_request one = engine_request(&engine, &points[i]);
      struct record r;
      assert_int_equal(ask(&asked.base, &one, &r, &problem), 0);
      r.phase = strdup("round");
      r.round = 1;
      r.order = 1 + i;
      assert_int_equal(records_add(&records, &r, &problem), 0);
    }
    asked.trials = 0;
    assert_int_equal(finished_make(&records, &finished, &problem), 0);
    engine.finished = &finished;
    engine.ordered = finished.orders;
    const struct batch batch = {
        .points = points, .count = 4, .rounds = 1, .first_round = 1};
    struct planner_once once = planner_once(&batch);
    engine_begin(&engine);
    if (engine_run(&engine, &once.base, &problem) != 0)
      fail_msg("%s", problem.text);
    assert_int_equal(asked.trials, 1);
    assert_int_equal(asked.points[0], 4 - there);
    assert_int_equal(asked.workers[0], need[there]);
    assert_int_equal(asked.fewest[0], 1);
    assert_int_equal(records.count, 4);
    engine.finished = NULL;
    finished_free(&finished);
    engine_free(&engine);
    records_free(&records);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      OF_PLAN(counts_share),
      OF_PLAN(some_do_not),
      OF_PLAN(units_have_room),
      OF_PLAN(a_shared_trial_costs_one_pair),
      OF_PLAN(a_budget_keeps_what_shares),
      OF_PLAN(counts_come_back),
      OF_PLAN(each_part_has_its_number),
      cmocka_unit_test(the_most_workers_come_first),
      cmocka_unit_test(the_rest_of_a_trial_runs_together),
  };
  return cmocka_run_group_tests_name("worker counts in a plan", tests, NULL,
                                     NULL);
}

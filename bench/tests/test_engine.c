/* test_engine.c: the loop over trials: in which order they run, what each is
 * asked, what is recorded and who is told of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/tests/engine_fixture.h"

/* ---- order --------------------------------------------------------------- */

static void rounds_are_as_listed(void **state) {
  struct fixture *f = *state;
  add(f, 3, 4)->first_round = 5;
  assert_int_equal(go(f), 0);
  assert_int_equal(f->records.count, 12);
  for (size_t i = 0; i < 12; i++) {
    assert_int_equal(record(f, i)->size, 1 + i % 3);
    assert_int_equal(record(f, i)->round, 5 + i / 3);
    assert_int_equal(record(f, i)->order, i + 1);
    assert_string_equal(record(f, i)->phase, "phase");
  }
  assert_int_equal(f->script.told[1].last_round, 8);
  assert_int_equal(f->engine.ordered, 12);
}

static void some_have_no_rounds(void **state) {
  struct fixture *f = *state;
  add(f, 2, 2)->unnumbered = true;
  assert_int_equal(go(f), 0);
  for (size_t i = 0; i < 4; i++)
    assert_int_equal(record(f, i)->round, FIELD_NULL);
}

/* Every point once a round, in orders of which some differ. */
static void rounds_are_shuffled(void **state) {
  struct fixture *f = *state;
  size_t moved = 0;
  add(f, POINTS, 6)->shuffled = true;
  assert_int_equal(go(f), 0);
  for (size_t round = 0; round < 6; round++) {
    uint32_t seen = 0;
    for (size_t i = 0; i < POINTS; i++) {
      size_t at = round * POINTS + i;
      seen |= UINT32_C(1) << record(f, at)->size;
      moved += record(f, at)->size != record(f, i)->size;
      assert_int_equal(record(f, at)->round, 1 + round);
    }
    assert_int_equal(seen, 0x1fe);
  }
  assert_true(moved > 6);
}

/* A unit of three, one of two, and points that have none. */
static void units_stay_together(void **state) {
  static const int64_t units[][4] = {{1, 2, 3}, {4, 5}, {6}, {7}, {8}};
  struct fixture *f = *state;
  size_t moved = 0, at = 0;
  add(f, POINTS, 6)->shuffled = true;
  for (size_t i = 0; i < 5; i++)
    f->points[i].unit = i < 3 ? 7 : 9;
  assert_int_equal(go(f), 0);
  for (size_t round = 1; round <= 6; round++)
    for (size_t end = round * POINTS; at < end;) {
      int64_t size = record(f, at)->size;
      size_t unit = size <= 3 ? 0 : size <= 5 ? 1 : (size_t)size - 4;
      size_t length = unit == 0 ? 3 : unit == 1 ? 2 : 1;
      assert_true(at + length <= end);
      for (size_t i = 0; i < length; i++)
        assert_int_equal(record(f, at + i)->size,
                         units[unit][round % 2 ? i : length - 1 - i]);
      moved += at % POINTS != (unit ? (size_t)(unit == 1 ? 3 : unit + 3) : 0);
      at += length;
    }
  assert_true(moved > 6);
}

/* Makes every second point one of four that share a trial, with a schedule of
 * its own. */
static void share_four(struct fixture *f) {
  for (size_t i = 0; i < POINTS; i += 2) {
    f->points[i].variant = (struct variant_spec){
        .team = "omp", .schedule = SCHEDULE_DYNAMIC, .chunk = i + 1};
    f->points[i].size = 1;
    f->points[i].unit = 7;
    f->points[i].sharers = 4;
  }
}

/* One trial and four records in a row; each comes as often at each place. */
static void units_share_a_trial(void **state) {
  enum { ROUNDS = 8 };
  struct fixture *f = *state;
  uint32_t at[4][4] = {{0}}, shared = 0;
  share_four(f);
  add(f, POINTS, ROUNDS)->shuffled = true;
  assert_int_equal(go(f), 0);
  assert_int_equal(f->records.count, ROUNDS * POINTS);
  assert_int_equal(f->executor.count, ROUNDS * 5);
  assert_true(engine_elapsed_s(&f->engine) == ROUNDS * 5);
  assert_true(f->script.told[1].round_s == 5);
  for (size_t i = 0; i < f->records.count; i++) {
    assert_int_equal(record(f, i)->order, i + 1);
    assert_true(record(f, i)->size == 1 ||
                record(f, i)->size == 2 + f->script.last_points[1][i] - 1);
    assert_int_equal(f->script.last[1][i], i);
  }
  for (size_t i = 0; i < f->executor.count; i++)
    shared += f->executor.requests[i].also_count == 3;
  assert_int_equal(shared, ROUNDS);
  for (size_t i = 0; i < f->records.count;) {
    for (size_t k = 0; record(f, i)->size == 1 && k < 4; k++, i++) {
      const struct point *point = &f->points[f->script.last_points[1][i]];
      at[point->variant.chunk / 2][k]++;
      assert_int_equal(isnan(record(f, i)->wall_s), k > 0);
    }
    i += i < f->records.count && record(f, i)->size != 1;
  }
  for (size_t p = 0; p < 4; p++)
    for (size_t k = 0; k < 4; k++)
      assert_int_equal(at[p][k], ROUNDS / 4);
}

/* Of a unit that a stopped run has in part, the others share a trial: here two
 * of four in the first round, three in the second, and one in the third. */
static void half_a_unit_is_made_whole(void **state) {
  static const uint32_t there[] = {2, 1, 3}, lone[] = {1, 2, 0};
  struct fixture *f = *state;
  struct finished finished;
  share_four(f);
  for (int64_t round = 1; round <= 3; round++)
    for (size_t i = 0; i < there[round - 1]; i++) {
      struct made_up m = {.count = 1};
      struct record r;
      struct trial_request request =
          engine_request(&f->engine, &f->points[2 * i]);
      request.place = (uint32_t)i;
      static struct variant_spec specs[4];
      for (size_t k = 1; k < 4; k++)
        specs[k - 1] = f->points[2 * k].variant;
      request.also = specs;
      fill(&m, &request, &r);
      free(r.phase);
      r.phase = strdup("phase");
      r.round = round;
      r.order = (int64_t)f->records.count + 1;
      assert_int_equal(records_add(&f->records, &r, &f->problem), 0);
    }
  assert_int_equal(finished_make(&f->records, &finished, &f->problem), 0);
  f->engine.finished = &finished;
  f->engine.ordered = finished.orders;
  struct point points[4];
  for (size_t i = 0; i < 4; i++)
    points[i] = f->points[2 * i];
  memcpy(f->points, points, sizeof points);
  add(f, 4, 3);
  assert_int_equal(go(f), 0);
  assert_int_equal(f->executor.count, 3);
  assert_int_equal(f->records.count, 12);
  for (size_t i = 0; i < 3; i++)
    assert_int_equal(f->executor.requests[i].also_count, lone[i]);
  /* the first of each round's had its second, and so did the rest */
  assert_true(engine_elapsed_s(&f->engine) == 6);
  for (size_t p = 0; p < 4; p++)
    for (int64_t round = 1; round <= 3; round++) {
      uint32_t found = 0;
      char name[NOTATION_LENGTH];
      notation_format_variant(&points[p].variant, name);
      for (size_t i = 0; i < 12; i++)
        found += record(f, i)->round == round &&
                 strcmp(record(f, i)->requested, name) == 0;
      assert_int_equal(found, 1);
    }
  f->engine.finished = NULL;
  finished_free(&finished);
}

/* What a planner is told of a batch: whose records, in which order. */
static void planners_are_told(void **state) {
  struct fixture *f = *state;
  add(f, 2, 1);
  add(f, POINTS, 2)->shuffled = true;
  assert_int_equal(go(f), 0);
  const struct so_far *told = f->script.told;
  assert_int_equal(told[0].last_count, 0);
  assert_int_equal(told[1].last_count, 2);
  assert_int_equal(told[2].last_count, 2 * POINTS);
  assert_true(told[1].round_s == 2 && told[2].round_s == POINTS);
  assert_true(told[0].elapsed_s == 0 && told[1].elapsed_s == 2);
  for (size_t i = 0; i < 2 * POINTS; i++) {
    assert_int_equal(f->script.last[2][i], 2 + i);
    assert_int_equal(record(f, 2 + i)->size,
                     f->points[f->script.last_points[2][i]].size);
  }
}

/* ---- one trial ----------------------------------------------------------- */

static void points_become_requests(void **state) {
  struct fixture *f = *state;
  f->points[0] = (struct point){.workload = &f->workloads[1],
                                .variant = {.team = "omp"},
                                .workers = 2,
                                .size = 50,
                                .warmups = 4,
                                .iterations = 5,
                                .phase = "phase",
                                .wait_policy = "active",
                                .region_alone = true,
                                .stampless = true,
                                .profile = 6,
                                .weigh = true};
  f->points[1].wait_policy = "passive";
  f->engine.serial_touch = true;
  setenv("OMP_WAIT_POLICY", "passive", 1);
  add(f, 3, 1);
  assert_int_equal(go(f), 0);
  const struct trial_request *one = &f->executor.requests[0], *other = one + 1;
  assert_ptr_equal(one->workload, &f->workloads[1]);
  assert_string_equal(one->variant.team, "omp");
  assert_int_equal(one->workers, 2);
  assert_int_equal(one->size, 50);
  assert_int_equal(one->warmups, 4);
  assert_int_equal(one->iterations, 5);
  assert_int_equal(one->seed, 7);
  assert_int_equal(one->usable_cpus, 3);
  assert_ptr_equal(one->cpus, f->engine.cpus);
  assert_null(one->nodes);
  assert_int_equal(one->builders, 3);
  assert_int_equal(other->builders, 1);
  assert_true(one->stampless && one->weigh && one->serial_touch);
  assert_false(other->stampless || other->weigh);
  assert_int_equal(one->profile, 6);
  assert_int_equal(other->profile, 0);
  assert_string_equal(f->executor.policy[0], "active");
  assert_string_equal(f->executor.policy[1], "passive");
  unsetenv("OMP_WAIT_POLICY");
}

/* Who goes round over CPUs takes their nodes along. */
static void nodes_are_those_of_the_cpus(void **state) {
  static const int nodes[] = {0, 0, 1};
  struct fixture *f = *state;
  f->engine.nodes = nodes;
  f->points[1].over_cpus = 3;
  add(f, 2, 1);
  assert_int_equal(go(f), 0);
  const struct trial_request *one = &f->executor.requests[0], *other = one + 1;
  assert_ptr_equal(one->nodes, nodes);
  assert_int_equal(other->cpus - f->engine.cpus, 2);
  assert_int_equal(other->nodes - nodes, 2);
}

/* The first trial of a workload and size is verified in full. */
static void digests_are_of_workload_and_size(void **state) {
  struct fixture *f = *state;
  static const char *const expected[] = {"", "digest-1", "", "", "digest-1"};
  f->points[1].size = f->points[4].size = f->points[0].size;
  f->points[2].size = 99;
  f->points[3].size = f->points[0].size;
  f->points[3].workload = &f->workloads[1];
  add(f, 5, 1);
  assert_int_equal(go(f), 0);
  for (size_t i = 0; i < 5; i++)
    assert_string_equal(f->executor.expected[i], expected[i]);
}

/* What was wrong is expected of nobody; what was verified anew is, from then
 * on. */
static void digests_are_of_verified_results(void **state) {
  struct fixture *f = *state;
  static const char *const expected[] = {"", "", "digest-2", "", "digest-4"};
  for (size_t i = 0; i < 5; i++)
    f->points[i].size = 10;
  f->points[3].verify = true;
  f->executor.fail_at = 1;
  add(f, 5, 1);
  assert_int_equal(go(f), 0);
  for (size_t i = 0; i < 5; i++)
    assert_string_equal(f->executor.expected[i], expected[i]);
}

static void failures_are_counted(void **state) {
  struct fixture *f = *state;
  f->executor.fail_at = 3;
  add(f, 2, 4);
  assert_int_equal(go(f), 0);
  assert_int_equal(f->records.count, 8);
  assert_int_equal(f->engine.bad, 1);
  assert_string_equal(f->engine.first_error,
                      "spin, serial, 1 worker: by order");
}

static void needed_trials_end_a_run(void **state) {
  struct fixture *f = *state;
  f->executor.fail_at = 3;
  add(f, 2, 4)->needed = true;
  assert_int_equal(go(f), PROBLEM_FAILURE);
  assert_non_null(strstr(f->problem.text, "by order"));
  assert_int_equal(f->records.count, 3);
  assert_string_equal(record(f, 2)->status, "wrong");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(rounds_are_as_listed),
      TEST(some_have_no_rounds),
      TEST(rounds_are_shuffled),
      TEST(units_stay_together),
      TEST(units_share_a_trial),
      TEST(half_a_unit_is_made_whole),
      TEST(planners_are_told),
      TEST(points_become_requests),
      TEST(nodes_are_those_of_the_cpus),
      TEST(digests_are_of_workload_and_size),
      TEST(digests_are_of_verified_results),
      TEST(failures_are_counted),
      TEST(needed_trials_end_a_run),
  };
  return cmocka_run_group_tests_name("engine", tests, NULL, NULL);
}

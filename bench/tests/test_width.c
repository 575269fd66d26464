/* How many trials each point gets from the widths after the first rounds. */
#include "bench/plan/budget.h"
#include "bench/plan/plan.h"
#include "bench/sweep/width.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bench/tests/plan_fixture.h"

enum { POINTS = 128 };

/* A plan whose first rounds are there. */
struct bed {
  struct plan plan;
  struct record list[POINTS];
  struct records records;
  size_t last[POINTS];
  uint32_t last_points[POINTS];
  struct so_far so_far;
  size_t points[POINTS]; /* of the plan, by the batch's */
  double half_widths[POINTS];
};

static struct problem problem;

/* Each trial takes 0.1 s, and so does all that is around it. */
static int begin(void **state) {
  struct bed *bed = calloc(1, sizeof *bed);
  assert_non_null(bed);
  struct plan *plan = &bed->plan;
  plan_fixture_begin(plan);
  plan->adaptive = true;
  assert_int_equal(plan_add_workload(plan, "spin", &problem), 0);
  assert_int_equal(plan_add_workload(plan, "cube", &problem), 0);
  assert_int_equal(plan_add_workload(plan, "latency", &problem), 0);
  assert_int_equal(plan_add_variant(plan, "serial", &problem), 0);
  assert_int_equal(plan_add_variant(plan, "fork:static", &problem), 0);
  assert_int_equal(plan_add_variant(plan, "omp:static", &problem), 0);
  plan->turns[1] = TURNS_COMPUTE;
  plan->turns[2] = TURNS_ALL;
  assert_int_equal(plan_add_probes(plan, &problem), 0);
  assert_int_equal(plan_list_points(plan, &problem), 0);
  assert_in_range(plan->point_count, 1, POINTS);
  for (size_t i = 0; i < plan->point_count; i++) {
    bed->list[i].wall_s = 0.1;
    bed->last[i] = i;
    bed->last_points[i] = (uint32_t)i;
    bed->points[i] = i;
  }
  bed->records = (struct records){.list = bed->list};
  bed->so_far = (struct so_far){.records = &bed->records,
                                .last = bed->last,
                                .last_points = bed->last_points,
                                .last_count = plan->point_count,
                                .last_round = 9,
                                .round_s = 0.2 * (double)plan->point_count};
  *state = bed;
  return 0;
}

static int end(void **state) {
  struct bed *bed = *state;
  plan_free(&bed->plan);
  free(bed);
  return 0;
}

/* The first point of that kind. */
static size_t place(const struct bed *bed, const char *phase,
                    const char *workload, const char *team, uint32_t workers) {
  for (size_t i = 0; i < bed->plan.point_count; i++) {
    const struct point *p = &bed->plan.points[i];
    if (strcmp(p->phase, phase) == 0 && p->workers == workers &&
        strcmp(p->workload->name, workload) == 0 &&
        strcmp(p->variant.team, team) == 0)
      return i;
  }
  fail_msg("no %s of %s by %s with %u", phase, workload, team, workers);
  return 0;
}

static uint32_t trials(const struct bed *bed, const char *phase,
                       const char *workload, const char *team,
                       uint32_t workers) {
  return plan_trials(&bed->plan, place(bed, phase, workload, team, workers));
}

static void share(struct bed *bed) {
  double *cost_s = width_costs(&bed->plan, &bed->so_far, bed->points);
  assert_non_null(cost_s);
  assert_int_equal(
      width_share(&bed->plan, bed->half_widths, cost_s, &bed->so_far, &problem),
      0);
  free(cost_s);
  assert_int_equal(bed->plan.trial_count, bed->plan.point_count);
}

/* 2% where a kernel computes, 5% where it moves memory. */
static void each_point_has_its_own(void **state) {
  struct bed *bed = *state;
  bed->half_widths[place(bed, "round", "spin", "omp", 4)] = 0.025; /* 14.1 */
  bed->half_widths[place(bed, "round", "spin", "fork", 4)] = 0.02;
  bed->half_widths[place(bed, "round", "spin", "omp", 2)] = 0.5;
  bed->half_widths[place(bed, "round", "cube", "omp", 4)] = 0.05;
  bed->half_widths[place(bed, "round", "cube", "omp", 2)] = 0.055; /* 10.9 */
  bed->half_widths[place(bed, "round", "latency", "omp", 8)] = 0.5;
  share(bed);
  assert_int_equal(trials(bed, "round", "spin", "omp", 4), 15);
  assert_int_equal(trials(bed, "round", "spin", "fork", 4), 9);
  assert_int_equal(trials(bed, "round", "spin", "omp", 2), 20);
  assert_int_equal(trials(bed, "round", "cube", "omp", 4), 9);
  assert_int_equal(trials(bed, "round", "cube", "omp", 2), 12);
  assert_int_equal(trials(bed, "round", "latency", "omp", 8), 9);
  assert_int_equal(trials(bed, "round", "spin", "serial", 1), 9);
  assert_int_equal(trials(bed, "probe", "spin/chains=8", "omp", 4), 9);
  assert_int_equal(bed->plan.rounds, 20);
  assert_string_equal(bed->plan.rounds_reason,
                      "9 trials a point, then as many as its width asks for: "
                      "up to 20");
}

/* A program's number is that of all that are in a row with it; and where a
 * trial has no serial regions in turns with its own, serial's number too. */
static void what_belongs_together_stays(void **state) {
  struct bed *bed = *state;
  bed->half_widths[place(bed, "program", "cube", "omp", 4)] = 0.06; /* 13 */
  bed->half_widths[place(bed, "program", "cube", "fork", 4)] = 0.5;
  bed->half_widths[place(bed, "round", "cube", "fork", 2)] = 0.068; /* 16.6 */
  share(bed);
  assert_int_equal(trials(bed, "program", "cube", "omp", 4), 15);
  assert_int_equal(trials(bed, "program", "cube", "fork", 4), 15);
  assert_int_equal(trials(bed, "program", "cube", "fork", 1), 15);
  assert_int_equal(trials(bed, "program", "cube", "serial", 1), 15);
  assert_int_equal(trials(bed, "program", "spin", "omp", 4), 9);
  assert_int_equal(trials(bed, "round", "cube", "fork", 2), 17);
  assert_int_equal(trials(bed, "round", "cube", "serial", 1), 17);
  assert_int_equal(trials(bed, "round", "spin", "serial", 1), 9);
}

/* A trial takes 0.2 s.  First omp:static at the most workers, one as far as the
 * other; then others there; then the rest. */
static void a_budget_goes_to_the_first_ones(void **state) {
  struct bed *bed = *state;
  static const struct {
    double left_s;
    uint32_t spin, cube, fork, few;
  } cases[] = {
      {0, 9, 9, 9, 9},       {1.2, 12, 12, 9, 9},    {1.19, 12, 9, 9, 9},
      {4.4, 20, 20, 9, 9},   {5.1, 20, 20, 12, 9},   {6.6, 20, 20, 20, 9},
      {7.3, 20, 20, 20, 12}, {1000, 20, 20, 20, 20},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    bed->half_widths[place(bed, "round", "spin", "omp", 4)] = 0.5;
    bed->half_widths[place(bed, "round", "cube", "omp", 4)] = (double)INFINITY;
    bed->half_widths[place(bed, "round", "spin", "fork", 4)] = 0.5;
    bed->half_widths[place(bed, "round", "spin", "omp", 2)] = 0.5;
    bed->plan.budget_s = 100;
    bed->so_far.elapsed_s = 100 - cases[i].left_s - 1e-9;
    if (cases[i].left_s > 100)
      bed->plan.budget_s = 0;
    share(bed);
    assert_int_equal(trials(bed, "round", "spin", "omp", 4), cases[i].spin);
    assert_int_equal(trials(bed, "round", "cube", "omp", 4), cases[i].cube);
    assert_int_equal(trials(bed, "round", "spin", "fork", 4), cases[i].fork);
    assert_int_equal(trials(bed, "round", "spin", "omp", 2), cases[i].few);
    assert_int_equal(strstr(bed->plan.rounds_reason, "ask for more") != NULL,
                     cases[i].few < 20);
  }
}

/* A batch has fewer points than the plan, in an order of its own: what each of
 * them took is the time of the plan's point, also of what is around it. */
static void costs_are_of_their_points(void **state) {
  struct bed *bed = *state;
  static const size_t points[] = {7, 3};
  bed->list[0].wall_s = 0.25;
  bed->list[1].wall_s = 0.75;
  bed->last_points[0] = 1;
  bed->last_points[1] = 0;
  bed->so_far.last_count = 2;
  bed->so_far.round_s = 2;
  double *cost_s = width_costs(&bed->plan, &bed->so_far, points);
  assert_non_null(cost_s);
  for (size_t i = 0; i < bed->plan.point_count; i++)
    assert_true(cost_s[i] == (i == 3 ? 0.5 : i == 7 ? 1.5 : 0));
  free(cost_s);
}

/* Serial's trials that a point needs beside its own are paid for, too. */
static void serial_is_not_for_nothing(void **state) {
  struct bed *bed = *state;
  bed->half_widths[place(bed, "round", "cube", "fork", 4)] = 0.06; /* 13 */
  bed->plan.budget_s = 100;
  for (int afford = 0; afford < 2; afford++) {
    /* 3 trials of 0.2 s, and as many of serial's; to 15 another 6 */
    bed->so_far.elapsed_s = 100 - (afford ? 2.41 : 1.19);
    share(bed);
    assert_int_equal(trials(bed, "round", "cube", "fork", 4), afford ? 15 : 9);
    assert_int_equal(trials(bed, "round", "cube", "serial", 1),
                     afford ? 15 : 9);
  }
}

/* Copies answer another question than the verdict's. */
static void copies_do_not_lead(void **state) {
  struct bed *bed = *state;
  struct plan *plan = &bed->plan;
  plan->variant_count = 1;
  assert_int_equal(plan_add_variant(plan, "copies", &problem), 0);
  assert_int_equal(plan_add_variant(plan, "pool:static", &problem), 0);
  plan->turns[2] = TURNS_ALL;
  assert_int_equal(plan_list_points(plan, &problem), 0);
  bed->so_far.last_count = plan->point_count;
  bed->half_widths[place(bed, "round", "spin", "copies", 4)] = 0.5;
  bed->half_widths[place(bed, "round", "spin", "pool", 4)] = 0.5;
  plan->budget_s = 100;
  bed->so_far.elapsed_s = 100 - 1.15; /* 11 trials */
  bed->so_far.round_s = 0.1 * (double)plan->point_count;
  share(bed);
  assert_int_equal(trials(bed, "round", "spin", "pool", 4), 20);
  assert_int_equal(trials(bed, "round", "spin", "copies", 4), 9);
}

/* More where there is more time than usual, and where a width is asked for. */
static void how_many_at_most(void **state) {
  struct bed *bed = *state;
  size_t wide = place(bed, "round", "spin", "omp", 4);
  size_t waits = place(bed, "round", "latency", "omp", 8);
  bed->half_widths[wide] = 0.5;
  bed->half_widths[waits] = 0.02;
  bed->plan.budget_s = 180;
  share(bed);
  assert_int_equal(bed->plan.trials[wide], 20);
  bed->plan.budget_s = 181;
  share(bed);
  assert_int_equal(bed->plan.trials[wide], 40);
  assert_int_equal(bed->plan.trials[waits], 9);
  bed->plan.target_width = 0.01; /* of all of them, those that wait too */
  bed->plan.budget_s = 0;
  share(bed);
  assert_int_equal(bed->plan.trials[wide], WIDTH_ROUNDS_MOST);
  assert_int_equal(bed->plan.trials[waits], 40);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(each_point_has_its_own),
      TEST(what_belongs_together_stays),
      TEST(a_budget_goes_to_the_first_ones),
      TEST(costs_are_of_their_points),
      TEST(serial_is_not_for_nothing),
      TEST(copies_do_not_lead),
      TEST(how_many_at_most),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

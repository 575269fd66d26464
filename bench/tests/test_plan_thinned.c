/* test_plan_thinned.c: what a sweep gives up for its budget, on small and large
 * machines, and that it says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/tests/bench_fixture.h"

#include <stdio.h>

static void bench_thin(struct bench *b, double left_s) {
  struct problem problem = {""};
  if (budget_thin(&b->plan, left_s, &problem) != 0)
    fail_msg("%s", problem.text);
}

static double bench_cost_s(const struct bench *b) {
  return budget_pilot_s(&b->plan) +
         PLAN_ROUNDS_QUICK * budget_round_s(&b->plan);
}

/* The first note with that text, or -1. */
static int find_note(const struct plan *plan, const char *text) {
  for (size_t i = 0; i < plan->note_count; i++)
    if (strstr(plan->notes[i], text))
      return (int)i;
  return -1;
}

static bool has_variant(const struct plan *plan, const char *wanted) {
  char name[NOTATION_LENGTH] = "";
  for (size_t v = 0; v < plan->variant_count && strcmp(name, wanted) != 0; v++)
    notation_format_variant(&plan->variants[v], name);
  return strcmp(name, wanted) == 0;
}

static const struct {
  const char *synthetic;
  uint32_t cpus;
} machines[] = {{"core:2 pu:1", 2}, {"core:16 pu:1", 16}, {"core:32 pu:2", 64}};

static void baselines_are_kept(const struct plan *plan) {
  for (uint32_t s = 0; s < plan->workload_count; s++)
    for (uint32_t v = 0; v < plan->variant_count; v++)
      assert_true(has_point(plan, s, v, 1));
}

/* What calibration has taken: some six trials a workload and probe, two serial
 * regions each. */
static double calibration_s(const struct bench *b) {
  double total_s = 0;
  for (size_t s = 0; s < b->plan.workload_count; s++)
    total_s +=
        6 * (2 * b->plan.workloads[s].region_s + b->plan.workloads[s].fixed_s);
  for (size_t k = 0; k < b->plan.probe_count; k++)
    total_s += 6 * (2 * b->plan.probes[k].region_s + b->plan.probes[k].fixed_s);
  return total_s;
}

static void make_bench_fits_on_every_machine(void **state) {
  struct bench *b = *state;
  for (size_t m = 0; m < LENGTH(machines); m++) {
    bench_open(b, machines[m].synthetic, machines[m].cpus);
    double left_s = BUDGET_S - calibration_s(b);
    bench_thin(b, left_s);
    if (!(bench_cost_s(b) <= left_s))
      fail_msg("%s: pilot and six rounds take %.1f s, %.1f s allowed",
               machines[m].synthetic, bench_cost_s(b), left_s);
    assert_int_equal(find_note(&b->plan, "nothing more"), -1);
    assert_int_equal(b->plan.workload_count, LENGTH(bench_workloads));
    baselines_are_kept(&b->plan);
    for (uint32_t s = 0; s < b->plan.workload_count; s++)
      assert_true(has_point(&b->plan, s, 1, plan_most_workers(&b->plan, s)));
    assert_int_equal(plan_most_workers(&b->plan, 0), machines[m].cpus);
    /* a curve, where there is room for one */
    assert_true(b->plan.count_count > 2 || machines[m].cpus == 2);
    assert_int_equal(b->plan.point_count - b->plan.result_count,
                     b->plan.count_count);
    budget_rounds(&b->plan, left_s - budget_pilot_s(&b->plan));
    assert_in_range(b->plan.rounds, PLAN_ROUNDS_QUICK, PLAN_ROUNDS);
  }
}

/* Each thing goes only when all before it have gone, and a note says so. */
static void check_order(const struct bench *b) {
  const struct plan *plan = &b->plan;
  bool fewer_counts = plan->count_count < 11;
  size_t dropped = LENGTH(bench_variants) - plan->variant_count;
  bool fewer_iterations = plan->iterations < PLAN_ITERATIONS;
  bool shorter = plan->workloads[0].size < ITEMS;
  bool ends = plan->count_count == 2;
  bool few = plan->count_count < 7;
  assert_true(fewer_counts || dropped == 0);
  assert_true(dropped >= 3 || !fewer_iterations);
  assert_true(fewer_iterations || !shorter);
  assert_true(shorter || !few);
  assert_int_equal(find_note(plan, "7 of 11") >= 0, fewer_counts);
  for (size_t v = 0; v < LENGTH(bench_variants); v++)
    assert_int_equal(find_note(plan, bench_variants[v]) < 0,
                     has_variant(plan, bench_variants[v]));
  assert_int_equal(find_note(plan, "timed region") >= 0, fewer_iterations);
  assert_int_equal(find_note(plan, "shorter regions") >= 0, shorter);
  assert_true(shorter == !!strstr(plan->workloads[0].target, "budget"));
  assert_int_equal(find_note(plan, "worker counts, from one") >= 0,
                   few && !ends);
  assert_int_equal(find_note(plan, "only one and the most") >= 0, ends);
  bool unprobed = plan->point_count == plan->result_count;
  assert_true(ends || !plan->without_ones);
  assert_true(plan->without_ones || dropped < 4);
  assert_true(dropped == 4 || !unprobed);
  assert_int_equal(find_note(plan, "no rounds of teams of one") >= 0,
                   plan->without_ones);
  assert_int_equal(find_note(plan, "without probes") >= 0, unprobed);
  assert_int_equal(find_note(plan, "nothing more") >= 0,
                   !(bench_cost_s(b) <= plan->budget_s));
  baselines_are_kept(plan);
}

static void things_are_given_up_in_order(void **state) {
  struct bench *b = *state;
  unsigned seen_variants = 0;
  bool all = false, nothing = false;
  for (double budget_s = 20000; budget_s > 1; budget_s /= 1.1) {
    bench_open(b, "core:32 pu:2", 64);
    b->plan.budget_s = budget_s;
    bench_thin(b, budget_s);
    check_order(b);
    seen_variants |= 1U << b->plan.variant_count;
    nothing = nothing || b->plan.note_count == 0;
    all = all || find_note(&b->plan, "nothing more") >= 0;
  }
  assert_int_equal(seen_variants,
                   1U << 6 | 1U << 5 | 1U << 4 | 1U << 3 | 1U << 2);
  assert_true(nothing && all);
  bench_open(b, "core:32 pu:2", 64);
  b->plan.budget_s = 0; /* no budget */
  bench_thin(b, 0);
  assert_int_equal(b->plan.note_count, 0);
}

static void all_that_was_dropped_is_named(void **state) {
  struct bench *b = *state;
  char name[32];
  bench_open(b, "core:32 pu:2", 64);
  for (int i = 11; i <= 30; i++) {
    snprintf(name, sizeof name, "omp:guided,%d", i);
    add(plan_add_variant, &b->plan, name);
  }
  b->plan.budget_s = 1;
  bench_thin(b, 1);
  for (int i = 11; i <= 30; i++) {
    snprintf(name, sizeof name, "omp:guided,%d", i);
    if (find_note(&b->plan, name) < 0)
      fail_msg("%s was left out, and no note says so", name);
  }
  assert_true(find_note(&b->plan, "nothing more") >= 0);
}

static void rounds_follow_the_time_left(void **state) {
  struct bench *b = *state;
  struct problem problem = {""};
  bench_open(b, "core:2 pu:1", 2);
  assert_int_equal(plan_list_points(&b->plan, &problem), 0);
  double round_s = budget_round_s(&b->plan);
  for (int fit = 0; fit < 30; fit++) {
    /* one that may not fit is begun if it does */
    uint32_t expected = (uint32_t)(fit < 5 ? 6 : fit > 8 ? 9 : fit + 1);
    b->plan.rounds = PLAN_ROUNDS;
    b->plan.note_count = 0;
    budget_rounds(&b->plan, (fit + 0.5) * round_s);
    assert_int_equal(b->plan.rounds, expected);
    assert_int_equal(b->plan.note_count, expected < 9);
    assert_int_equal(find_note(&b->plan, "instead of 9") >= 0, expected < 9);
    b->plan.rounds = 40;
    b->plan.rounds_given = true;
    budget_rounds(&b->plan, (fit + 0.5) * round_s);
    assert_int_equal(b->plan.rounds, 40);
    b->plan.rounds_given = false;
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_BENCH(make_bench_fits_on_every_machine),
      IN_BENCH(things_are_given_up_in_order),
      IN_BENCH(all_that_was_dropped_is_named),
      IN_BENCH(rounds_follow_the_time_left),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_plan.c: what a sweep will run: lists without doubles, the points, the
 * budget's thinning on small and large machines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/plan/budget.h"
#include "bench/plan/counts.h"
#include "bench/plan/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/* What `make bench` measures. */
static const char *const bench_workloads[] = {
    "rowcount", "rangesum", "rangesum/order=sorted", "cube",
    "adler32",  "latency",  "spin/serial=0.05",      "spin/serial=0.25"};
static const char *const bench_variants[] = {"serial",      "omp:static",
                                             "omp:dynamic", "fork:static",
                                             "pool:static", "pool:dynamic"};
enum { LATENCY = 5, BUDGET_S = 120, ITEMS = 1 << 20 };

struct bench {
  struct plan plan;
};

typedef int add_function(struct plan *, const char *, struct problem *);

static void add(add_function *adder, struct plan *plan, const char *text) {
  struct problem problem = {""};
  if (adder(plan, text, &problem) != 0)
    fail_msg("%s: %s", text, problem.text);
}

static void refuse(add_function *adder, struct plan *plan, const char *text,
                   const char *why) {
  struct problem problem = {""};
  assert_int_equal(adder(plan, text, &problem), PROBLEM_USAGE);
  if (!strstr(problem.text, why))
    fail_msg("'%s' does not say '%s'", problem.text, why);
}

/* One worker's probe takes the target, and so do several at once. */
static void add_probes(struct plan *plan) {
  struct problem problem = {""};
  assert_int_equal(plan_add_probes(plan, &problem), 0);
  for (size_t k = 0; k < plan->probe_count; k++) {
    plan->probes[k].region_s = plan->target_s;
    plan->probes[k].fixed_s = 0.02;
  }
}

/* The plan of `make bench` on a machine, as calibrated: 5 ms at the most
 * workers, and 20 ms for all besides the regions. */
static void bench_open(struct bench *b, const char *machine, uint32_t cpus) {
  struct topology topology;
  struct plan *plan = &b->plan;
  plan_free(&b->plan);
  memset(b, 0, sizeof *b);
  assert_int_equal(topology_from_synthetic(machine, NULL, &topology, NULL, 0),
                   0);
  assert_int_equal(topology.cpu_count, cpus);
  plan->usable_cpus = cpus;
  plan->cores = topology.cores;
  plan->count_count =
      counts_default(&topology, cpus, plan->counts, PLAN_COUNTS);
  memcpy(plan->waiting, plan->counts, sizeof plan->waiting);
  plan->waiting_count =
      counts_waiting(cpus, plan->waiting, plan->count_count, PLAN_COUNTS);
  topology_free(&topology);
  plan->seed = 7;
  plan->target_s = 0.005;
  plan->budget_s = BUDGET_S;
  plan->rounds = PLAN_ROUNDS;
  plan->iterations = PLAN_ITERATIONS;
  plan->warmups = PLAN_WARMUPS;
  for (size_t s = 0; s < LENGTH(bench_workloads); s++)
    add(plan_add_workload, plan, bench_workloads[s]);
  for (size_t v = 0; v < LENGTH(bench_variants); v++)
    add(plan_add_variant, plan, bench_variants[v]);
  for (size_t s = 0; s < plan->workload_count; s++) {
    assert_false(plan->workloads[s].fixed);
    plan->workloads[s].size = ITEMS;
    plan->workloads[s].region_s = plan->target_s * plan_most_workers(plan, s);
    plan->workloads[s].fixed_s = 0.02;
  }
  add_probes(plan);
}

static void bench_thin(struct bench *b, double left_s) {
  struct problem problem = {""};
  if (budget_thin(&b->plan, left_s, &problem) != 0)
    fail_msg("%s", problem.text);
}

static double bench_cost_s(const struct bench *b) {
  return budget_pilot_s(&b->plan) +
         PLAN_ROUNDS_QUICK * budget_round_s(&b->plan);
}

/* Whether a point is listed; exactly once, if at all. */
static bool has_point(const struct plan *plan, uint32_t workload,
                      uint32_t variant, uint32_t workers) {
  unsigned found = 0;
  for (size_t i = 0; i < plan->result_count; i++)
    found += plan->points[i].workload == plan->workloads[workload].workload &&
             memcmp(&plan->points[i].variant, &plan->variants[variant],
                    sizeof plan->points[i].variant) == 0 &&
             plan->points[i].workers == workers;
  assert_in_range(found, 0, 1);
  return found == 1;
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

static int bench_begin(void **state) {
  *state = calloc(1, sizeof(struct bench));
  return *state ? 0 : -1;
}

static int bench_end(void **state) {
  plan_free(&((struct bench *)*state)->plan);
  free(*state);
  return 0;
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_begin, bench_end)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(doubles_are_refused),
      TEST(what_is_unknown_or_too_much_is_refused),
      TEST(every_point_is_listed_once),
      TEST(some_take_turns),
      TEST(programs_stand_in_a_row),
      TEST(serial_is_on_no_slower_core),
      TEST(shared_cpus_do_not_count_as_workers),
      TEST(make_bench_fits_on_every_machine),
      TEST(things_are_given_up_in_order),
      TEST(all_that_was_dropped_is_named),
      TEST(rounds_follow_the_time_left),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_meters.c: which meters a kernel's roofline takes; that a plan has each
 * once, gives them up first and reads them back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/plan/budget.h"
#include "bench/plan/meters.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SIZE = 1048576, WORKLOADS = 4 };

/* What cube of SIZE items takes. */
static const char cube_meter[] = "memory/op=copy";

static void near(double value, double expected) {
  if (!(fabs(value - expected) <= 1e-9 * fabs(expected)))
    fail_msg("%.17g, expected %.17g", value, expected);
}

static void check_meter(const char *text, double items, const char *expected,
                        uint64_t lines) {
  struct workload workload;
  struct problem problem;
  struct meter meter;
  assert_int_equal(workload_parse(text, &workload, &problem), 0);
  struct kernel_shape shape = workload_shape(&workload);
  bool moves = meter_memory(&shape, items, &meter);
  assert_int_equal(moves, expected != NULL);
  if (!expected)
    return;
  assert_string_equal(meter.workload, expected);
  assert_int_equal(meter.items, lines);
}

static void meters_are_like_their_kernels(void **state) {
  (void)state;
  check_meter("cube", SIZE, "memory/op=copy,passes=1", SIZE / 8);
  check_meter("cube", SIZE / 16.0, "memory/op=copy,passes=16", SIZE / 128);
  /* less than a quarter of a power of two away: the same one */
  check_meter("cube", SIZE * 1.08, "memory/op=copy,passes=1", SIZE / 8);
  check_meter("cube", SIZE * 1.1, "memory/op=copy,passes=1", 155871);
  check_meter("cube", 10, "memory/op=copy,passes=1024", 128);
  check_meter("rowcount", 16384 / 24.0, "memory/op=mix,passes=1024", 42);
  check_meter("spin", 10, "memory/op=write,passes=1024", 256);
  check_meter("adler32", 1000, NULL, 0);
}

static void units_are_of_all_passes(void **state) {
  struct workload workload;
  struct problem problem;
  (void)state;
  assert_int_equal(
      workload_parse("memory/op=mix,passes=3", &workload, &problem), 0);
  near(meter_units(&workload), 3 * 384);
  assert_int_equal(workload_parse("adds", &workload, &problem), 0);
  near(meter_units(&workload), 11000.0 * KERNEL_VECTOR_BYTES / 8);
  assert_int_equal(workload_parse("cube", &workload, &problem), 0);
  near(meter_units(&workload), 0);
}

/* cube twice at one working set, a kernel without bytes, one that waits. */
static void make_plan(struct plan *plan) {
  static const char *const workloads[] = {"cube", "cube/first=3", "adler32",
                                          "latency"};
  struct problem problem = {""};
  memset(plan, 0, sizeof *plan);
  plan->counts[0] = plan->waiting[0] = 1;
  plan->counts[1] = 2;
  plan->counts[2] = 4; /* more than there are CPUs */
  plan->count_count = 3;
  plan->waiting_count = 1;
  plan->usable_cpus = plan->cores = 2;
  plan->rounds = PLAN_ROUNDS_QUICK;
  plan->iterations = 1;
  for (size_t i = 0; i < sizeof workloads / sizeof *workloads; i++) {
    assert_int_equal(plan_add_workload(plan, workloads[i], &problem), 0);
    plan->workloads[i].size = SIZE;
    plan->workloads[i].fixed = false;
  }
  assert_int_equal(plan_add_variant(plan, "serial", &problem), 0);
  assert_int_equal(plan_add_variant(plan, "omp:static", &problem), 0);
  assert_int_equal(plan_add_probes(plan, &problem), 0);
  assert_int_equal(plan_add_meters(plan, &problem), 0);
  assert_int_equal(plan_list_points(plan, &problem), 0);
}

/* Who forks is told what first touches cost, once; nobody else. */
static void forks_have_a_meter_of_faults(void **state) {
  static struct plan plan;
  struct problem problem = {""};
  size_t before, faults = 0;
  (void)state;
  make_plan(&plan);
  before = plan.probe_count;
  assert_int_equal(plan_add_variant(&plan, "fork:static", &problem), 0);
  for (int again = 0; again < 2; again++)
    assert_int_equal(plan_add_meters(&plan, &problem), 0);
  assert_int_equal(plan_list_points(&plan, &problem), 0);
  assert_int_equal(plan.probe_count, before + 2);
  for (size_t i = 0; i < plan.point_count; i++) {
    const struct point *point = &plan.points[i];
    if (strcmp(point->workload->kernel->name, "fault") != 0)
      continue;
    faults++;
    assert_non_null(strstr(point->workload->name, "pages=there"));
    assert_string_equal(point->phase, "probe");
    assert_int_equal(point->workers, 1);
    assert_int_equal(point->size, METER_FAULTS);
  }
  assert_int_equal(faults, 2);
  plan_free(&plan);
}

static void a_plan_has_each_meter_once(void **state) {
  static struct plan plan;
  struct problem problem = {""};
  (void)state;
  make_plan(&plan);
  /* capacity, adds at both counts, cube's at each its own */
  assert_int_equal(plan.probe_count, 1 + 1 + 2);
  assert_int_equal(plan.point_count - plan.result_count, 2 + 2 + 2);
  assert_string_equal(plan.probes[1].workload->name, "adds");
  assert_string_equal(plan.probes[2].workload->name, cube_meter);
  assert_int_equal(plan.probes[2].workers, 1);
  assert_int_equal(plan.probes[3].workers, 2);
  assert_int_equal(plan.probes[3].size, SIZE / 16);
  assert_int_equal(plan_add_meters(&plan, &problem), 0); /* anew */
  assert_int_equal(plan.probe_count, 4);
  plan.weak = true; /* as much for each worker, however many */
  assert_int_equal(plan_add_meters(&plan, &problem), 0);
  assert_int_equal(plan.probes[3].size, SIZE / 8);
  plan_free(&plan);
}

/* Whatever a plan is thinned to: a cold roof is below what stands under it. */
static void meters_are_warm_whatever_is_left_out(void **state) {
  static struct plan plan;
  (void)state;
  make_plan(&plan);
  assert_int_equal(plan.warmups, 0);
  assert_int_equal(plan.iterations, 1);
  for (size_t i = plan.result_count; i < plan.point_count; i++) {
    const struct point *point = &plan.points[i];
    bool meter = meter_units(point->workload) > 0;
    assert_int_equal(point->warmups, meter ? METER_WARMUPS : 0);
    assert_int_equal(point->iterations, meter ? METER_REGIONS : 1);
  }
  assert_true(METER_WARMUPS >= 2 && METER_REGIONS >= 2);
  plan_free(&plan);
}

static void meters_come_back_from_a_file(void **state) {
  static struct plan plan, again;
  struct problem problem = {""};
  char path[] = "/tmp/test_roofline.XXXXXX";
  (void)state;
  make_plan(&plan);
  int fd = mkstemp(path);
  assert_true(fd >= 0 && close(fd) == 0);
  assert_int_equal(plan_write(&plan, path, &problem), 0);
  if (plan_read(&again, path, &problem) != 0)
    fail_msg("%s", problem.text);
  unlink(path);
  assert_int_equal(again.probe_count, plan.probe_count);
  assert_int_equal(again.point_count, plan.point_count);
  assert_int_equal(again.result_count, plan.result_count);
  for (size_t k = 0; k < plan.probe_count; k++) {
    assert_string_equal(again.probes[k].workload->name,
                        plan.probes[k].workload->name);
    assert_int_equal(again.probes[k].size, plan.probes[k].size);
    assert_int_equal(again.probes[k].workers, plan.probes[k].workers);
    assert_int_equal(again.probes[k].meter, k >= 1);
  }
  plan_free(&plan);
  plan_free(&again);
}

/* Of a pilot and six rounds: without its meters; with them. */
static void costs_of(struct plan *plan, double *bare_s, double *whole_s) {
  struct problem problem;
  for (size_t i = 0; i < WORKLOADS; i++)
    plan->workloads[i].region_s = plan->workloads[i].fixed_s = 0.01;
  assert_int_equal(plan_list_points(plan, &problem), 0);
  *whole_s = budget_pilot_s(plan) + 6 * budget_round_s(plan);
  assert_true(plan_drop_meters(plan));
  assert_false(plan_drop_meters(plan));
  assert_int_equal(plan_list_points(plan, &problem), 0);
  *bare_s = budget_pilot_s(plan) + 6 * budget_round_s(plan);
  assert_int_equal(plan_add_meters(plan, &problem), 0);
  assert_true(*bare_s < *whole_s);
}

/* What is left of the plan's meters and variants when so much time is left. */
static void thin_to(struct plan *plan, double left_s, size_t meters,
                    size_t notes) {
  struct problem problem;
  plan->budget_s = left_s;
  assert_int_equal(budget_thin(plan, left_s, &problem), 0);
  assert_int_equal(plan->probe_count - 1, meters);
  assert_int_equal(plan->note_count, notes);
}

static void a_budget_gives_meters_up_first(void **state) {
  static struct plan plan;
  double bare_s, whole_s;
  (void)state;
  make_plan(&plan);
  plan.one_profile = true; /* what goes before them */
  costs_of(&plan, &bare_s, &whole_s);
  thin_to(&plan, whole_s * 1.001, 3, 0);
  thin_to(&plan, (bare_s + whole_s) / 2, 0, 1);
  assert_non_null(strstr(plan.notes[0], "no meters"));
  assert_int_equal(plan.count_count, 3); /* all else is there */
  assert_int_equal(plan.iterations, 1);
  plan_free(&plan);
}

static void meters_come_back_where_there_is_room(void **state) {
  static struct plan plan;
  double bare_s, whole_s;
  (void)state;
  make_plan(&plan);
  plan.one_profile = true;
  plan.iterations = 100; /* leaving these out leaves much room */
  costs_of(&plan, &bare_s, &whole_s);
  thin_to(&plan, bare_s * 0.99, 3, 1);
  assert_non_null(strstr(plan.notes[0], "1 timed region"));
  plan_free(&plan);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(meters_are_like_their_kernels),
      cmocka_unit_test(units_are_of_all_passes),
      cmocka_unit_test(forks_have_a_meter_of_faults),
      cmocka_unit_test(a_plan_has_each_meter_once),
      cmocka_unit_test(meters_are_warm_whatever_is_left_out),
      cmocka_unit_test(meters_come_back_from_a_file),
      cmocka_unit_test(a_budget_gives_meters_up_first),
      cmocka_unit_test(meters_come_back_where_there_is_room),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

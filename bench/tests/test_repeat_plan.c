/* test_repeat_plan.c: how often programs do their region, where nobody says;
 * what a budget makes of it; and that a sweep measures what it settled, on a
 * simulated machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/analyze/analysis.h"
#include "bench/analyze/analysis_check.h"
#include "bench/analyze/prediction.h"
#include "bench/plan/budget.h"
#include "bench/plan/repeat.h"
#include "bench/record/record_check.h"
#include "bench/sweep/sweep.h"
#include "bench/tests/simulated_fixture.h"
#include "bench/tests/text_fixture.h"

#include <string.h>

/* ---- how often, where nobody says ------------------------------------------
 */

static void enough_for_four_fifths(void **state) {
  (void)state;
  assert_int_equal(repeat_wanted(0.01, 0.026, false), 12); /* 11.44 */
  assert_int_equal(repeat_wanted(0.01, 0.026, true), 24);  /* 22.88 */
  assert_int_equal(repeat_wanted(0.01, 0.002, false), 1);
  assert_int_equal(repeat_wanted(0, 0.1, false), 1);
  assert_int_equal(repeat_wanted(1e-9, 0.1, false), WORKLOAD_REPEAT);
  for (uint64_t i = 0; i < 1000; i++) {
    double region_s = 1e-3 + (double)(kernel_random(1, i) % 1000) * 1e-5;
    double serial_s = (double)(kernel_random(2, i) % 1000) * 1e-4;
    double all_s = repeat_wanted(region_s, serial_s, false) * region_s;
    double less_s = all_s / 1.5 - region_s; /* the next smaller number */
    assert_true(all_s / (all_s + serial_s) >= 0.8);
    assert_true(less_s <= 0 || less_s / (less_s + 1.1 * serial_s) < 0.8 + 1e-9);
  }
}

/* Two CPUs, and regions of the target's 10 ms. */
static void make_plan(struct plan *plan, bool programs) {
  static const char *const names[] = {"rangesum", "rangesum/repeat=1", "spin",
                                      "spin/serial=0.25", "adler32/repeat=7"};
  struct problem problem = {""};
  *plan = (struct plan){.counts = {1, 2},
                        .waiting = {1, 2},
                        .count_count = 2,
                        .waiting_count = 2,
                        .usable_cpus = 2,
                        .cores = 2,
                        .seed = 5,
                        .target_s = 0.005,
                        .rounds = 2,
                        .iterations = 1,
                        .programs = programs};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    assert_int_equal(plan_add_workload(plan, names[i], &problem), 0);
  assert_int_equal(plan_add_variant(plan, "serial", &problem), 0);
  assert_int_equal(plan_add_variant(plan, "omp:static", &problem), 0);
  assert_int_equal(plan_list_points(plan, &problem), 0);
}

static void calibrated(struct plan *plan, double serial_s) {
  for (size_t i = 0; i < plan->workload_count; i++) {
    plan->workloads[i].size = 1000;
    plan->workloads[i].region_s = 0.01;
    plan->workloads[i].serial_s = serial_s;
  }
  repeat_settle(plan);
}

static void check_repeats(const struct plan *plan, uint32_t settled) {
  assert_int_equal(plan->workloads[0].repeat, settled);
  assert_int_equal(plan->workloads[1].repeat, 1); /* as it says */
  assert_int_equal(plan->workloads[2].repeat, settled);
  assert_int_equal(plan->workloads[3].repeat, 1); /* made to have a quarter */
  assert_int_equal(plan->workloads[4].repeat, 7);
}

static void settled_but_for_what_is_said(void **state) {
  static struct plan plan;
  (void)state;
  make_plan(&plan, true);
  calibrated(&plan, 0.026);
  check_repeats(&plan, 12);
  assert_int_equal(plan.note_count, 0);
  repeat_settle(&plan); /* it is known now */
  check_repeats(&plan, 12);
  /* A budget halves what was settled, down to one, and says so. */
  static const uint32_t halves[] = {6, 3, 2, 1};
  for (size_t i = 0; i < sizeof halves / sizeof *halves; i++) {
    assert_true(repeat_fewer(&plan));
    check_repeats(&plan, halves[i]);
  }
  assert_false(repeat_fewer(&plan));
  assert_int_equal(plan.note_count, 1);
  has(plan.notes[0], "fewer regions in programs than make 80% of them");
  plan_free(&plan);
  /* No more than 25 times the target; and where all trials are programs, 5. */
  for (int programs = 0; programs < 2; programs++) {
    make_plan(&plan, programs);
    calibrated(&plan, 0.3);
    check_repeats(&plan, programs ? 24 : 4);
    assert_int_equal(plan.note_count, 1);
    plan_free(&plan);
  }
}

static void a_budget_counts_them(void **state) {
  static struct plan plan;
  struct problem problem = {""};
  double before_s, before_pilot_s;
  (void)state;
  make_plan(&plan, true);
  calibrated(&plan, 0.026);
  plan.workloads[0].repeat = 1;
  assert_int_equal(plan_list_points(&plan, &problem), 0);
  before_s = budget_round_s(&plan);
  before_pilot_s = budget_pilot_s(&plan);
  plan.workloads[0].repeat = 11;
  assert_int_equal(plan_list_points(&plan, &problem), 0);
  /* serial twice and one worker, ten regions more each, and two workers; some
     20 us of each are a team's */
  assert_true(fabs(budget_round_s(&plan) - before_s - 0.355) < 0.01);
  assert_true(fabs(budget_pilot_s(&plan) - before_pilot_s - 1.2) < 0.03);
  /* It gives way before worker counts do. */
  plan.budget_s = 60;
  for (size_t i = 0; i < plan.workload_count; i++)
    plan.workloads[i].fixed = true; /* regions stay as long as they are */
  plan.workloads[0].repeat = plan.workloads[2].repeat = 512;
  assert_int_equal(budget_thin(&plan, 20, &problem), 0);
  assert_in_range(plan.workloads[0].repeat, 2, 256);
  assert_int_equal(plan.count_count, 2);
  plan_free(&plan);
}

/* One region is measured once, for all programs of it. */
static void a_region_is_measured_once(void **state) {
  static struct plan plan;
  (void)state;
  for (int programs = 0; programs < 2; programs++) {
    struct problem problem = {""};
    size_t of_first = 0, again = 0, alone = 0;
    make_plan(&plan, programs);
    assert_null(plan_region_of(&plan, 0));
    assert_ptr_equal(plan_region_of(&plan, 1), &plan.workloads[0]);
    assert_null(plan_region_of(&plan, 3));
    calibrated(&plan, 0.026);
    assert_int_equal(plan_list_points(&plan, &problem), 0);
    for (size_t i = 0; i < plan.point_count; i++) {
      const struct point *p = &plan.points[i];
      const struct plan_workload *of = plan_find_workload(&plan, p);
      bool region = strcmp(p->phase, "round") == 0 && p->iterations > 0;
      if (region)
        assert_int_equal(p->repeat, programs ? 1 : of->repeat);
      else
        assert_int_equal(p->repeat, of->repeat);
      of_first += of == &plan.workloads[0] && region;
      again += of == &plan.workloads[1] && region;
      alone += of == &plan.workloads[1] && !region && !plan_is_apart(p);
    }
    assert_int_equal(of_first, 3);
    assert_int_equal(again, 0);
    assert_int_equal(alone, programs ? 4 : 3); /* serial before and after */
    plan_free(&plan);
  }
}

/* ---- on a simulated machine -------------------------------------------------
 */

/* A quarter of what one region takes: a thirteenth of four and it. */
static void a_known_fraction_is_as_it_should_be(void **state) {
  static const struct {
    const char *workload;
    int64_t repeat;
    double fraction;
  } cases[] = {{"spin/serial=0.25", 1, 1.0 / 4},
               {"spin/serial=0.25,repeat=4", 4, 1.0 / 13},
               {"spin/serial=0.5,repeat=9", 9, 1.0 / 10}};
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    simulated_machine_init(&bed.description);
    bed_begin(&bed, cases[i].workload, 1);
    struct record pilot = bed_trial(&bed, "serial", 1, 3000000);
    struct records records = {.list = &pilot, .count = 1};
    pilot.phase = strdup("pilot");
    assert_int_equal(pilot.repeat, cases[i].repeat);
    double f =
        prediction_serial_fraction(&records, cases[i].workload, 0, "serial")
            .median;
    double known =
        prediction_known_fraction(cases[i].workload, cases[i].repeat);
    assert_true(fabs(known - cases[i].fraction) < 1e-15);
    assert_true(fabs(f - known) < 1e-9);
    /* Each region takes what the first one did, where nothing disturbs. */
    assert_int_equal(ns(pilot.repeats_s),
                     (cases[i].repeat - 1) * ns(pilot.region_first_s));
    record_free(&pilot);
    bed_end(&bed);
  }
}

/* Runs the plan from what is there, and checks what is there now with it. */
static void run_sweep(struct plan *plan, struct records *records) {
  const struct sweep_hooks hooks = {.context = NULL};
  struct problem problem = {""};
  struct finished finished;
  assert_int_equal(finished_make(records, &finished, &problem), 0);
  struct sweep sweep = sweep_make(plan, &hooks);
  struct engine engine = {.executor = &bed.executor.base,
                          .fd = -1,
                          .cpus = bed.cpus,
                          .usable_cpus = plan->usable_cpus,
                          .seed = plan->seed,
                          .records = records};
  engine_begin(&engine);
  if (engine_run(&engine, &sweep.base, &problem) != 0)
    fail_msg("%s", problem.text);
  assert_int_equal(engine.bad, 0);
  engine_free(&engine);
  sweep_free(&sweep);
  finished_free(&finished);
}

static const char *difference(const struct plan *plan,
                              const struct records *records,
                              struct problem *problem) {
  struct finished finished;
  *problem = (struct problem){""};
  assert_int_equal(finished_make(records, &finished, problem), 0);
  (void)finished_check(&finished, plan, bed.cpus, problem);
  finished_free(&finished);
  return problem->text;
}

/* What has programs alone has no region, and all else. */
static void check_analysis(const struct records *records) {
  struct analysis analysis;
  struct problem problem = {""};
  assert_int_equal(
      analysis_make(records, NULL, NULL, NULL, &analysis, &problem), 0);
  assert_int_equal(analysis_check(&analysis, &problem), 0);
  assert_int_equal(analysis.workload_count, 5);
  const struct workload_result *all = &analysis.workloads[0];
  const struct workload_result *once = &analysis.workloads[1];
  assert_string_equal(once->workload, "rangesum/repeat=1");
  assert_int_equal(all->repeat, 6);
  assert_int_equal(once->repeat, 1);
  assert_true(isfinite(all->serial_region_s.median));
  assert_true(isnan(once->serial_region_s.median));
  assert_true(all->serial_program_s.median > once->serial_program_s.median);
  const struct result *two =
      analysis_find(&analysis, once->workload, "omp:static", 2);
  assert_non_null(two);
  assert_int_equal(two->n, 2);
  assert_int_equal(two->workers_seen, 2);
  assert_true(isnan(two->region_s.median) && isnan(two->speedup_abs.median));
  assert_true(two->program_speedup.median > 1);
  analysis_free(&analysis);
}

/* Set-up is as long as a region: it asks for five of those, and has six. */
static void a_sweep_measures_what_it_settled(void **state) {
  static struct plan plan;
  struct records records = {.count = 0};
  struct problem problem = {""};
  size_t regions = 0, programs = 0;
  (void)state;
  strcpy(bed.description.topology, "pack:1 core:2 pu:1");
  bed.description.serial_share = 0.5;
  bed_begin(&bed, "spin", 1);
  make_plan(&plan, true);
  run_sweep(&plan, &records);
  check_repeats(&plan, 6);
  assert_int_equal(plan.workloads[1].size, plan.workloads[0].size);
  for (size_t i = 0; i < records.count; i++) {
    const struct record *r = &records.list[i];
    bool once = strcmp(r->workload, "rangesum/repeat=1") == 0;
    assert_true(!once || !record_is_in(r, "calibration"));
    assert_true(!once || !record_is_in(r, "round"));
    if (strncmp(r->workload, "rangesum", 8) != 0)
      continue;
    bool program = record_is_in(r, "pilot") || record_is_in(r, "program");
    assert_int_equal(r->repeat, program && !once ? 6 : 1);
    programs += program;
    regions += record_is_in(r, "round");
  }
  assert_int_equal(programs, 2 * (2 * 6 + 2 * 4));
  assert_int_equal(regions, 2 * 3);
  struct interval f =
      prediction_serial_fraction(&records, "rangesum", 0, "serial");
  assert_true(f.median <= 0.2 && f.median > 0.12);
  f = prediction_serial_fraction(&records, "rangesum/repeat=1", 0, "serial");
  assert_true(fabs(f.median - 0.5) < 0.01);
  /* Who goes on with it holds its trials to the plan. */
  assert_int_equal(records_check(&records, "here", &problem), 0);
  assert_string_equal(difference(&plan, &records, &problem), "");
  plan.workloads[0].repeat = 4;
  assert_int_equal(plan_list_points(&plan, &problem), 0);
  has(difference(&plan, &records, &problem), "its number of repeats");
  check_analysis(&records);
  records_free(&records);
  plan_free(&plan);
}

/* A program of a workload is one program: an edited number is seen. */
static void edited_numbers_are_seen(void **state) {
  static struct plan plan;
  struct records records = {.count = 0};
  struct problem problem = {""};
  size_t tried = 0;
  (void)state;
  strcpy(bed.description.topology, "pack:1 core:2 pu:1");
  bed.description.serial_share = 0.5;
  bed_begin(&bed, "spin", 1);
  make_plan(&plan, true);
  run_sweep(&plan, &records);
  for (size_t i = 0; i < records.count; i++) {
    struct record *r = &records.list[i];
    int64_t kept = r->repeat;
    if (!record_is_in(r, "pilot") && !record_is_in(r, "program"))
      continue;
    for (r->repeat = kept + 1; r->repeat != FIELD_NULL;
         r->repeat = r->repeat > kept && kept > 1 ? kept - 1 : FIELD_NULL) {
      assert_int_equal(records_check(&records, "here", &problem),
                       PROBLEM_FAILURE);
      has(problem.text, "the key \"repeat\" is not that of line");
      tried++;
    }
    r->repeat = kept;
  }
  assert_true(tried > 100);
  records_free(&records);
  plan_free(&plan);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(enough_for_four_fifths),
      cmocka_unit_test(settled_but_for_what_is_said),
      cmocka_unit_test(a_budget_counts_them),
      cmocka_unit_test(a_region_is_measured_once),
      cmocka_unit_test(a_known_fraction_is_as_it_should_be),
      ON_MACHINE(a_sweep_measures_what_it_settled),
      ON_MACHINE(edited_numbers_are_seen),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

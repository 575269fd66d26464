/* How often intervals hold the truth on simulated machines, and that wrong
 * ways of measuring are found out by the same test.
 *
 * usage: test_coverage              a part of it
 *        test_coverage --out FILE   1000 sweeps a row, as tables */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bench/analyze/analysis.h"
#include "bench/sweep/engine.h"
#include "bench/sweep/plan_make.h"
#include "bench/tests/coverage_study.h"
#include "bench/tests/coverage_verdicts.h"
#include "bench/tests/simulated_fixture.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SWEEPS_PART = 500, REPORTS_PART = 100, SEED = 1, ROWS = 96 };

struct row {
  const struct coverage_scenario *scenario;
  double truth;
};

static void run_one(void **state) {
  const struct row *row = *state;
  const struct coverage_scenario *scenario = row->scenario;
  struct coverage_outcome o =
      coverage_run(scenario, row->truth, SWEEPS_PART, SEED);
  if (o.passes == scenario->control)
    fail_msg("%s, %s, %u CPUs, %u rounds: coverage %.3f, wanted "
             "%s%.3f..%.3f",
             scenario->name, coverage_way(scenario), scenario->cpus,
             scenario->rounds, o.coverage,
             scenario->control ? "anything but " : "", o.least, o.most);
}

/* A sweep of the scenario's points through an engine, with its records in the
 * file. */
static void sweep_into(const struct coverage_scenario *scenario, uint64_t seed,
                       struct plan *plan, int fd, const char *path) {
  struct records made = {0};
  struct problem problem;
  coverage_machine(scenario, &bed.description);
  bed_begin(&bed, "spin", seed);
  assert_int_equal(plan_add_workload(plan, "spin", &problem), 0);
  assert_int_equal(plan_add_variant(plan, "serial", &problem), 0);
  assert_int_equal(plan_add_variant(plan, "omp:static", &problem), 0);
  plan->workloads[0].size = COVERAGE_SIZE;
  plan->programs = scenario->rule == RULE_PROGRAM;
  assert_int_equal(
      plan_settle_turns(plan, &bed.machine.topology, NULL, &problem), 0);
  struct engine engine = {.executor = &bed.executor.base,
                          .path = path,
                          .fd = fd,
                          .cpus = bed.cpus,
                          .usable_cpus = plan->usable_cpus,
                          .seed = seed,
                          .records = &made};
  size_t skipped = plan->programs ? plan->result_count : 0;
  const struct batch rounds = {.points = plan->points + skipped,
                               .count = plan->point_count - skipped,
                               .rounds = plan->rounds,
                               .first_round = 1,
                               .shuffled = true};
  struct planner_once planner = planner_once(&rounds);
  engine_begin(&engine);
  assert_int_equal(engine_run(&engine, &planner.base, &problem), 0);
  engine_free(&engine);
  records_free(&made);
  bed_end(&bed);
}

static void assert_near(struct interval a, struct interval b) {
  assert_true(fabs(a.median / b.median - 1) < 1e-7);
  assert_true(fabs(a.low / b.low - 1) < 1e-7);
  assert_true(fabs(a.high / b.high - 1) < 1e-7);
}

/* The same numbers as out of an engine, trials.jsonl and the analysis. */
static void as_in_a_sweep(const struct coverage_scenario *scenario) {
  static const uint64_t seed = 77;
  bool blocks = scenario->rule == RULE_BLOCKS;
  struct plan plan = {.counts = {1, scenario->cpus},
                      .count_count = 2,
                      .usable_cpus = scenario->cpus,
                      .seed = seed,
                      .rounds = scenario->rounds,
                      .blocks = blocks ? PLAN_BLOCKS : 0,
                      .iterations = COVERAGE_ITERATIONS};
  struct records records = {0};
  struct analysis analysis = {0};
  struct problem problem;
  char path[64];
  int fd = memfd_create("trials", MFD_CLOEXEC);
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  sweep_into(scenario, seed, &plan, fd, path);
  assert_int_equal(records_read(path, &records, &problem), 0);
  assert_int_equal(
      analysis_make(&records, NULL, NULL, NULL, &analysis, &problem), 0);
  const struct result *result =
      analysis_find(&analysis, "spin", "omp:static", scenario->cpus);
  assert_non_null(result);
  assert_int_equal(records.list[0].beside || records.list[1].beside, blocks);
  assert_near(scenario->rule == RULE_PROGRAM ? result->program_speedup
                                             : result->speedup_abs,
              coverage_sweep(scenario, seed));
  analysis_free(&analysis);
  records_free(&records);
  plan_free(&plan);
  close(fd);
}

/* Of each way to measure, under everything that goes wrong. */
static void test_as_in_a_sweep(void **state) {
  static const enum coverage_rule rules[] = {RULE_BLOCKS, RULE_ROUNDS,
                                             RULE_PROGRAM};
  static const struct coverage_noise everything = {.jitter = 0.01,
                                                   .region_jitter = 0.01,
                                                   .setup_jitter = 0.05,
                                                   .drift = 0.02,
                                                   .drift_correlation = 0.97,
                                                   .trend = 2e-4,
                                                   .steal_probability = 0.1,
                                                   .steal_share = 0.25,
                                                   .state_share = 0.35,
                                                   .crowded_share = 0.1};
  struct coverage_scenario scenario = {.noise = &everything,
                                       .cpus = COVERAGE_WORKERS,
                                       .rounds = 15,
                                       .close = true};
  (void)state;
  for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
    scenario.rule = rules[i];
    as_in_a_sweep(&scenario);
  }
}

static void test_reproducible(void **state) {
  (void)state;
  for (size_t i = 0; i < 4; i++) {
    const struct coverage_scenario *scenario =
        &coverage_scenarios[i * (coverage_scenario_count / 4)];
    struct coverage_outcome once = coverage_run(scenario, 7, 50, SEED);
    struct coverage_outcome again = coverage_run(scenario, 7, 50, SEED);
    struct coverage_outcome other = coverage_run(scenario, 7, 50, SEED + 1000);
    assert_int_equal(once.covered, again.covered);
    assert_true(once.width == again.width);
    assert_true(once.width != other.width);
  }
}

/* The same sweep in blocks is told better under states of the CPUs. */
static void test_blocks_are_narrower(void **state) {
  static const struct coverage_noise noise = {
      .jitter = 0.005, .region_jitter = 0.01, .state_share = 0.35};
  struct coverage_scenario scenario = {
      .noise = &noise, .cpus = 2, .rounds = 15, .rule = RULE_ROUNDS};
  (void)state;
  struct coverage_outcome rounds = coverage_run(&scenario, 2, 200, SEED);
  scenario.rule = RULE_BLOCKS;
  struct coverage_outcome blocks = coverage_run(&scenario, 2, 200, SEED);
  assert_true(blocks.width < 0.65 * rounds.width);
}

static void run_report(void **state) {
  const struct coverage_scenario *scenario =
      ((const struct row *)*state)->scenario;
  struct coverage_long_run truth = coverage_verdicts_truth(scenario);
  struct coverage_verdicts v;
  coverage_verdicts_run(scenario, &truth, REPORTS_PART, SEED, 1, &v);
  if (!coverage_verdicts_pass(scenario, &v))
    fail_msg("%s, %u CPUs: of %zu reports %zu, %zu and %zu are wrong (%zu "
             "uncorrected), %zu and %zu verdicts are found",
             scenario->name, scenario->cpus, v.reports, v.wrong[CASE_NO_GAIN],
             v.wrong[CASE_LAW], v.wrong[CASE_HALVES], v.wrong[CASE_UNCORRECTED],
             v.found[CASE_FAR], v.found[CASE_FAR_MEAN]);
}

/* A long run is what the machine is: the law's where no CPU has states, below
 * it where each has its own. */
static void test_long_runs(void **state) {
  (void)state;
  struct coverage_long_run calm = coverage_verdicts_truth(&coverage_laws[1]);
  struct coverage_long_run states = coverage_verdicts_truth(&coverage_laws[13]);
  assert_true(fabs(calm.over_law - 1) < 0.002);
  assert_true(fabs(calm.over_one - 1) < 0.002);
  assert_true(states.over_law > 0.9 && states.over_law < 0.96);
  assert_true(states.half_width > calm.half_width);
}

/* By hand, of three rounds: both serial programs take longer than the parallel
 * one, and so by each test the least p that there is. */
static void test_rivals_by_hand(void **state) {
  static const double before_s[] = {2, 2.1, 2.3}, after_s[] = {2.2, 2.5, 2.6},
                      parallel_s[] = {1, 1.1, 1.2};
  static const double p[COVERAGE_RIVALS] = {
      2. / 8,  2. / 8,  2. / 8,  0.0201367516, 20. / 84, /* C(5,3) of C(9,3) */
      2. / 27, 2. / 27, 2. / 27, 2. / 8};
  const struct coverage_trials trials = {3, {before_s, after_s}, parallel_s};
  size_t scores[2][3] = {{0, 1, 2}, {0, 1, 2}};
  (void)state;
  assert_true(fabs(coverage_sum_p(2, 3, scores, 1) - 3. / 9) < 1e-12);
  assert_true(fabs(coverage_sum_p(2, 2, scores, 1) - 3. / 4) < 1e-12);
  for (size_t i = 0; i < COVERAGE_RIVALS; i++) {
    double gains = coverage_rivals[i].p(&trials, (struct interval){1, 1, 1});
    double below = coverage_rivals[i].p(&trials, (struct interval){4, 3, 5});
    double within = coverage_rivals[i].p(&trials, (struct interval){2, 1, 3});
    if (!(fabs(gains - p[i]) < 1e-6 && fabs(below - p[i]) < 1e-6 &&
          within > p[i]))
      fail_msg("%s: %.9g, %.9g, %.9g", coverage_rivals[i].name, gains, below,
               within);
  }
}

/* Where CPUs have states of their own, a serial and a parallel program have
 * times of other shapes: what takes their times for alike, or for noise on both
 * sides alike, is wrong too often or finds too little. */
static void test_rivals_miss(void **state) {
  const struct coverage_scenario *scenario = &coverage_laws[12];
  struct coverage_long_run truth = coverage_verdicts_truth(scenario);
  struct coverage_verdicts all[COVERAGE_RIVALS];
  (void)state;
  assert_int_equal(scenario->cpus, 2);
  assert_string_equal(scenario->name, "CPU states");
  coverage_verdicts_run(scenario, &truth, REPORTS_PART, SEED, COVERAGE_RIVALS,
                        all);
  for (size_t i = 0; i < COVERAGE_RIVALS; i++) {
    bool holds = coverage_verdicts_false(&all[i]) <= 0.05 &&
                 coverage_verdicts_found(&all[i], CASE_FAR_MEAN) >= 0.8;
    if (holds != (coverage_rivals[i].p == coverage_rivals[0].p))
      fail_msg("%s: %.3f are false, %.3f are found", coverage_rivals[i].name,
               coverage_verdicts_false(&all[i]),
               coverage_verdicts_found(&all[i], CASE_FAR_MEAN));
  }
}

int main(int argc, char **argv) {
  struct CMUnitTest tests[2 * ROWS] = {
      cmocka_unit_test(test_as_in_a_sweep),
      cmocka_unit_test(test_reproducible),
      cmocka_unit_test(test_blocks_are_narrower),
      cmocka_unit_test(test_long_runs),
      cmocka_unit_test(test_rivals_by_hand),
      cmocka_unit_test(test_rivals_miss),
  };
  struct row rows[ROWS];
  double truths[ROWS];
  size_t count = 6;
  if (argc == 3 && strcmp(argv[1], "--out") == 0)
    return coverage_study(argv[2]);
  assert(coverage_scenario_count + coverage_law_count <= ROWS);
  coverage_truths(truths);
  for (size_t i = 0; i < coverage_scenario_count; i++) {
    rows[i] = (struct row){&coverage_scenarios[i], truths[i]};
    tests[count++] = (struct CMUnitTest){.name = coverage_scenarios[i].name,
                                         .test_func = run_one,
                                         .initial_state = &rows[i]};
  }
  for (size_t i = 0; i < coverage_law_count; i++) {
    struct row *law = &rows[coverage_scenario_count + i];
    *law = (struct row){.scenario = &coverage_laws[i]};
    if (law->scenario->cpus == 2 && law->scenario->rounds <= 20) /* a part */
      tests[count++] = (struct CMUnitTest){.name = law->scenario->name,
                                           .test_func = run_report,
                                           .initial_state = law};
  }
  return _cmocka_run_group_tests("coverage", tests, count, NULL, NULL);
}

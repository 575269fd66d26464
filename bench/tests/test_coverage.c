/* How often intervals hold the truth on simulated machines, and that wrong
 * ways of measuring are found out by the same test.
 *
 * usage: test_coverage              a part of it
 *        test_coverage --out FILE   1000 sweeps a row, as a table */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bench/analyze/analysis.h"
#include "bench/sweep/engine.h"
#include "bench/sweep/plan_make.h"
#include "bench/tests/coverage_verdicts.h"
#include "bench/tests/simulated_fixture.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
  SWEEPS = 1000,
  SWEEPS_PART = 500,
  REPORTS_PART = 100,
  SEED = 1,
  ROWS = 96
};

struct row {
  const struct coverage_scenario *scenario;
  double truth;
};

/* Of every scenario; those that have one in common stand together. */
static void find_truths(struct row rows[ROWS]) {
  for (size_t i = 0; i < coverage_scenario_count; i++) {
    const struct coverage_scenario *scenario = &coverage_scenarios[i];
    bool known = i > 0 && coverage_same_truth(scenario, scenario - 1);
    rows[i] = (struct row){scenario, known ? rows[i - 1].truth
                                           : coverage_truth(scenario)};
  }
}

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
  struct coverage_verdicts v =
      coverage_verdicts_run(scenario, &truth, REPORTS_PART, SEED);
  if (!coverage_verdicts_pass(scenario, &v))
    fail_msg("%s, %u CPUs: of %zu reports %zu, %zu and %zu are wrong (%zu "
             "uncorrected), %zu verdicts are found",
             scenario->name, scenario->cpus, v.reports, v.wrong[CASE_NO_GAIN],
             v.wrong[CASE_LAW], v.wrong[CASE_HALVES], v.wrong[CASE_UNCORRECTED],
             v.found[CASE_FAR]);
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

/* ---- the whole study ------------------------------------------------------
 */

static const char head[] =
    "# How often the intervals hold the truth\n\n"
    "Written by `make coverage-study`: %d simulated sweeps a row, on\n"
    "machines with the CPUs and the noise that the row names; speedup\n"
    "of `omp:static` with a worker on each CPU over `serial`, as\n"
    "`coresweep analyze` finds it: of regions in turns with serial\n"
    "ones (blocks), of regions paired by round, and of cold programs\n"
    "one right after the other, serial before and after the rest.\n"
    "Else 1.3 s lie between trials, as if those of other points had\n"
    "their turn.\n\n"
    "CPU states: each CPU is 22%% slower for 35%% of the time, by\n"
    "itself, for 0.1 to 1 s at a time. Crowded: for 10%% of the time,\n"
    "1 to 2 s at a time, all CPUs together deliver what half of them\n"
    "do, and a single worker notices nothing. Set-up noise: 5%%, of\n"
    "its own.\n\n"
    "The truth is the median of 20000 further trials or pairs. A row\n"
    "passes when its coverage lies in the range: the order-statistic\n"
    "interval's exact level within 3 binomial standard errors, 0.93\n"
    "to 0.99 where noise is not independent, or (A/A: one point under\n"
    "two names; in blocks, serial in turns with serial) at most 5%%\n"
    "that exclude 1, within 3 standard errors. Controls are measured\n"
    "or judged wrongly on purpose, and must not pass.\n\n"
    "| scenario | measured in | CPUs | n | truth | median width | cover"
    "age | passes in | |\n"
    "|---|---|---|---|---|---|---|---|---|\n";

static void print_row(FILE *out, const struct coverage_scenario *scenario,
                      const struct coverage_outcome *o) {
  const char *verdict = scenario->control
                            ? (o->passes ? "PASSES, BUT MUST NOT" : "misses")
                            : (o->passes ? "passes" : "MISSES");
  fprintf(out,
          "| %s%s | %s | %u | %.3g | %.4g | %.2f%% | %.3f | %.3f to %.3f | %s "
          "|\n",
          scenario->control ? "control: " : "", scenario->name,
          coverage_way(scenario), scenario->cpus, o->rounds, o->truth,
          100 * o->width, o->coverage, o->least, o->most, verdict);
}

static int study_intervals(FILE *out) {
  struct row rows[ROWS];
  int bad = 0;
  find_truths(rows);
  fprintf(out, head, SWEEPS);
  for (size_t i = 0; i < coverage_scenario_count; i++) {
    const struct coverage_scenario *scenario = &coverage_scenarios[i];
    struct coverage_outcome o =
        coverage_run(scenario, rows[i].truth, SWEEPS, SEED);
    print_row(out, scenario, &o);
    print_row(stdout, scenario, &o);
    bad += o.passes == scenario->control;
  }
  return bad;
}

static const char verdict_head[] =
    "\n## Verdicts that are false, and that are found\n\n"
    "Reports of eight workloads, each on a machine of its own, of which\n"
    "20%% is serial and which follows the law but for the noise; each\n"
    "judged by the report's own rule (sign tests, Holm's correction at\n"
    "5%% over the report) from six pilots and rounds of programs: nine, and\n"
    "then what the width of all nine asks for, up to 20, or with more time\n"
    "40 (n: in the median). A\n"
    "team waits for the slowest of its CPUs, so that the long run is\n"
    "below the law where each CPU has states of its own; speedups are\n"
    "divided by what the long run has, so that it is true that no\n"
    "program gains, that each follows the law, or half of them either.\n"
    "At most 5%% of reports may hold a false verdict. Far: one half\n"
    "gains four half-widths of its own interval, the other is as far\n"
    "below its law's; at least 80%% of those verdicts must be found.\n"
    "Hard, and so not asked for it: bursts that hit one program in\n"
    "four rounds put five of 20 rounds on the other side as often as\n"
    "not, of which a verdict lets three and the interval five; 40\n"
    "rounds have the room.\n"
    "Controls, which must be over 5%% of reports: each verdict at 5%%;\n"
    "the prediction taken as certain. The interval of the residual takes\n"
    "the prediction as certain, too: so often it misses what is true.\n\n"
    "| scenario | CPUs | n | long run over the law | half-width | false: no "
    "gain | law | halves | far found | control: uncorrected | certain | "
    "residual misses | |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|---|---|\n";

static bool study_verdict(FILE *out, const struct coverage_scenario *scenario) {
  struct coverage_long_run truth = coverage_verdicts_truth(scenario);
  struct coverage_verdicts v =
      coverage_verdicts_run(scenario, &truth, SWEEPS, SEED);
  double percent = 100.0 / (double)v.reports,
         each = percent / COVERAGE_WORKLOADS;
  bool passes = coverage_verdicts_pass(scenario, &v);
  fprintf(out, "| %s | %u | %.0f | %.3f | %.2f%% |", scenario->name,
          scenario->cpus, truth.rounds, truth.over_law, 100 * truth.half_width);
  for (int c = CASE_NO_GAIN; c <= CASE_HALVES; c++)
    fprintf(out, " %.1f%% |", percent * (double)v.wrong[c]);
  fprintf(out, " %.1f%% | %.1f%% | %.1f%% | %.1f%% | %s |\n",
          each * (double)v.found[CASE_FAR],
          percent * (double)v.wrong[CASE_UNCORRECTED],
          percent * (double)v.wrong[CASE_CERTAIN],
          each * (double)v.residual_misses,
          !passes          ? "MISSES"
          : scenario->hard ? "passes (hard)"
                           : "passes");
  return passes;
}

static int study_verdicts(FILE *out) {
  int bad = 0;
  fprintf(out, verdict_head);
  for (size_t i = 0; i < coverage_law_count; i++)
    bad += !study_verdict(out, &coverage_laws[i]);
  return bad;
}

static int study(const char *path) {
  FILE *out = fopen(path, "we");
  if (!out) {
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
    return 1;
  }
  int bad = study_intervals(out);
  bad += study_verdicts(out);
  fprintf(out, "\n%s\n",
          bad ? "NOT ALL ROWS ARE AS THEY MUST BE."
              : "All rows are as they must be.");
  return fclose(out) != 0 || bad > 0;
}

int main(int argc, char **argv) {
  struct CMUnitTest tests[2 * ROWS] = {
      cmocka_unit_test(test_as_in_a_sweep),
      cmocka_unit_test(test_reproducible),
      cmocka_unit_test(test_blocks_are_narrower),
      cmocka_unit_test(test_long_runs),
  };
  struct row rows[ROWS];
  size_t count = 4;
  if (argc == 3 && strcmp(argv[1], "--out") == 0)
    return study(argv[2]);
  assert(coverage_scenario_count + coverage_law_count <= ROWS);
  find_truths(rows);
  for (size_t i = 0; i < coverage_scenario_count; i++)
    tests[count++] = (struct CMUnitTest){.name = coverage_scenarios[i].name,
                                         .test_func = run_one,
                                         .initial_state = &rows[i]};
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

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
#include "bench/tests/coverage_law.h"
#include "bench/tests/simulated_fixture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Of verdicts, over a whole report. */
static const double most_false = 0.05;

enum { SWEEPS = 1000, SWEEPS_PART = 500, SEED = 1, ROWS = 64 };

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

/* Where the law is true, few sweeps say otherwise; and more would, if they took
 * the prediction as certain. */
static void test_laws_that_hold(void **state) {
  static const struct coverage_gap none = {1, 1};
  size_t seen = 0, misses = 0;
  (void)state;
  for (size_t i = 0; i < coverage_law_count; i++) {
    const struct coverage_scenario *scenario = &coverage_laws[i];
    if (scenario->noise->state_share > 0)
      continue; /* teams wait for the slowest CPU */
    struct coverage_verdicts v =
        coverage_law_run(scenario, &none, SWEEPS_PART, SEED);
    size_t wrong = v.false_below + v.false_above;
    assert_int_equal(v.said_below, v.false_below);
    if (!((double)wrong <= most_false * SWEEPS_PART))
      fail_msg("%s, %u CPUs: %zu of %d verdicts are false", scenario->name,
               scenario->cpus, wrong, SWEEPS_PART);
    seen++;
    if (v.residual_misses > misses)
      misses = v.residual_misses;
  }
  assert_int_equal(seen, 4);
  assert_true((double)misses > 1.5 * most_false * SWEEPS_PART);
}

/* A long run is what the machine is: the law's where no CPU has states, below
 * it where each has its own. */
static void test_gaps(void **state) {
  (void)state;
  struct coverage_gap calm = coverage_law_gap(&coverage_laws[1]);
  struct coverage_gap states = coverage_law_gap(&coverage_laws[7]);
  assert_true(fabs(calm.against_serial - 1) < 0.002);
  assert_true(fabs(calm.against_one - 1) < 0.002);
  assert_true(states.against_serial > 0.9 && states.against_serial < 0.96);
  struct coverage_verdicts v =
      coverage_law_run(&coverage_laws[7], &states, SWEEPS_PART, SEED);
  assert_true(v.said_below > 2 * v.false_below);
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
  fprintf(out, "\n%s\n",
          bad ? "NOT ALL ROWS ARE AS THEY MUST BE."
              : "All rows are as they must be.");
  return bad;
}

static const char law_head[] =
    "\n## Verdicts on Amdahl's law that are false\n\n"
    "Programs of which 20%% is serial, and which follow the law but\n"
    "for the noise. A team waits for the slowest of its CPUs, so that\n"
    "the long run is below the law where each CPU has states of its\n"
    "own; speedups are divided by that, and the law is true. Six\n"
    "pilots give the prediction and its interval, n pairs the\n"
    "speedup; \"below\" and \"above\" are said where the two intervals\n"
    "lie apart. The interval of the residual takes the prediction as\n"
    "certain: so often it misses what is true.\n\n"
    "| scenario | CPUs | n | long run over the law | said to be below |"
    " falsely below | falsely above | residual misses |\n"
    "|---|---|---|---|---|---|---|---|\n";

static void print_law(FILE *out, const struct coverage_scenario *scenario,
                      const struct coverage_gap *gap,
                      const struct coverage_verdicts *v) {
  double percent = 100.0 / (double)v->sweeps;
  fprintf(out, "| %s | %u | %u | %.3f | %.1f%% | %.1f%% | %.1f%% | %.1f%% |\n",
          scenario->name, scenario->cpus, scenario->rounds, gap->against_serial,
          percent * (double)v->said_below, percent * (double)v->false_below,
          percent * (double)v->false_above,
          percent * (double)v->residual_misses);
}

static void study_laws(FILE *out) {
  fprintf(out, law_head);
  for (size_t i = 0; i < coverage_law_count; i++) {
    const struct coverage_scenario *scenario = &coverage_laws[i];
    struct coverage_gap gap = coverage_law_gap(scenario);
    struct coverage_verdicts verdicts =
        coverage_law_run(scenario, &gap, SWEEPS, SEED);
    print_law(out, scenario, &gap, &verdicts);
    print_law(stdout, scenario, &gap, &verdicts);
  }
}

static int study(const char *path) {
  FILE *out = fopen(path, "we");
  if (!out) {
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
    return 1;
  }
  int bad = study_intervals(out);
  study_laws(out);
  return fclose(out) != 0 || bad > 0;
}

int main(int argc, char **argv) {
  struct CMUnitTest tests[ROWS + 5] = {
      cmocka_unit_test(test_as_in_a_sweep),
      cmocka_unit_test(test_reproducible),
      cmocka_unit_test(test_blocks_are_narrower),
      cmocka_unit_test(test_laws_that_hold),
      cmocka_unit_test(test_gaps),
  };
  struct row rows[ROWS];
  size_t count = 5;
  if (argc == 3 && strcmp(argv[1], "--out") == 0)
    return study(argv[2]);
  find_truths(rows);
  for (size_t i = 0; i < coverage_scenario_count; i++)
    tests[count++] =
        (struct CMUnitTest){.name = coverage_scenarios[i].name,
                            .test_func = run_one,
                            .initial_state = (void *)(uintptr_t)&rows[i]};
  return _cmocka_run_group_tests("coverage", tests, count, NULL, NULL);
}

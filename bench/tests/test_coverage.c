/* How often intervals hold the truth on simulated machines, and that wrong
 * ways of measuring are found out by the same test.
 *
 * usage: test_coverage              a part of it
 *        test_coverage --out FILE   1000 sweeps a scenario, as a table */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bench/analyze/analysis.h"
#include "bench/sweep/sweep.h"
#include "bench/tests/coverage.h"
#include "bench/tests/simulated_fixture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SWEEPS = 1000, SWEEPS_PART = 500, SEED = 1 };

static void run_one(void **state) {
  const struct coverage_scenario *scenario = *state;
  struct coverage_outcome o = coverage_run(scenario, SWEEPS_PART, SEED);
  if (o.passes == scenario->control)
    fail_msg("%s, %u rounds: coverage %.3f, wanted %s%.3f..%.3f",
             scenario->name, scenario->rounds, o.coverage,
             scenario->control ? "anything but " : "", o.least, o.most);
}

/* The same numbers as out of an engine, trials.jsonl and the analysis. */
static void test_as_in_a_sweep(void **state) {
  static struct plan plan = {.counts = {1, COVERAGE_WORKERS},
                             .count_count = 2,
                             .usable_cpus = COVERAGE_WORKERS,
                             .seed = 77,
                             .rounds = 15,
                             .iterations = COVERAGE_ITERATIONS};
  const struct coverage_scenario *scenario = &coverage_scenarios[6];
  struct records records = {0}, made = {0};
  struct analysis analysis = {0};
  struct problem problem;
  char path[64];
  (void)state;
  struct coverage_scenario same_rounds = *scenario;
  same_rounds.rounds = plan.rounds;
  coverage_machine(&scenario->noise, &bed.description);
  bed_begin(&bed, "spin", plan.seed);
  assert_int_equal(plan_add_workload(&plan, "spin", &problem), 0);
  assert_int_equal(plan_add_variant(&plan, "serial", &problem), 0);
  assert_int_equal(plan_add_variant(&plan, "omp:static", &problem), 0);
  plan.workloads[0].size = COVERAGE_SIZE;
  assert_int_equal(plan_list_points(&plan, &problem), 0);
  int fd = memfd_create("trials", MFD_CLOEXEC);
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  struct engine engine = {.executor = &bed.executor.base,
                          .path = path,
                          .fd = fd,
                          .cpus = bed.cpus,
                          .usable_cpus = plan.usable_cpus,
                          .seed = plan.seed,
                          .records = &made};
  const struct batch rounds = {.points = plan.points,
                               .count = plan.point_count,
                               .rounds = plan.rounds,
                               .first_round = 1,
                               .shuffled = true};
  struct planner_once planner = planner_once(&rounds);
  engine_begin(&engine);
  assert_int_equal(engine_run(&engine, &planner.base, &problem), 0);
  engine_free(&engine);
  records_free(&made);
  assert_int_equal(records_read(path, &records, &problem), 0);
  assert_int_equal(
      analysis_make(&records, NULL, NULL, NULL, &analysis, &problem), 0);
  struct interval light = coverage_sweep(&same_rounds, plan.seed);
  bool found = false;
  for (size_t i = 0; i < analysis.result_count; i++) {
    const struct result *result = &analysis.results[i];
    if (result->workers != COVERAGE_WORKERS)
      continue;
    found = true;
    assert_true(fabs(result->speedup_abs.median / light.median - 1) < 1e-7);
    assert_true(fabs(result->speedup_abs.low / light.low - 1) < 1e-7);
    assert_true(fabs(result->speedup_abs.high / light.high - 1) < 1e-7);
  }
  assert_true(found);
  analysis_free(&analysis);
  records_free(&records);
  plan_free(&plan);
  close(fd);
  bed_end(&bed);
}

static void test_reproducible(void **state) {
  const struct coverage_scenario *scenario = &coverage_scenarios[6];
  (void)state;
  struct coverage_outcome once = coverage_run(scenario, 50, SEED);
  struct coverage_outcome again = coverage_run(scenario, 50, SEED);
  struct coverage_outcome other = coverage_run(scenario, 50, SEED + 1000);
  assert_int_equal(once.covered, again.covered);
  assert_true(once.width == again.width);
  assert_true(once.width != other.width);
}

/* ---- the whole study ------------------------------------------------------
 */

static const char head[] =
    "# How often the intervals hold the truth\n\n"
    "Written by `make coverage-study`: %d simulated sweeps a row, on machines "
    "of 8\nCPUs with the noise that the row names; speedup of `omp:static` "
    "with 8 workers\nover `serial`, as `coresweep analyze` finds it.  The "
    "truth is the median of the\npaired ratios of 20000 further rounds.  A row "
    "passes when its coverage lies in\nthe range: the order-statistic "
    "interval's exact level within 3 binomial\nstandard errors, 0.93 to 0.99 "
    "where noise is not independent, or (A/A: one\npoint under two "
    "names) at most 5%% that exclude 1, within 3 standard\nerrors.  Controls "
    "are measured or judged wrongly on purpose, and must not pass.\n\n"
    "| scenario | rounds | truth | median width | coverage | passes in | |\n"
    "|---|---|---|---|---|---|---|\n";

static void print_row(FILE *out, const struct coverage_scenario *scenario,
                      const struct coverage_outcome *o) {
  const char *verdict = scenario->control
                            ? (o->passes ? "PASSES, BUT MUST NOT" : "misses")
                            : (o->passes ? "passes" : "MISSES");
  fprintf(out, "| %s%s | %.3g | %.4g | %.2f%% | %.3f | %.3f to %.3f | %s |\n",
          scenario->control ? "control: " : "", scenario->name, o->rounds,
          o->truth, 100 * o->width, o->coverage, o->least, o->most, verdict);
}

static int study(const char *path) {
  FILE *out = fopen(path, "we");
  int bad = 0;
  if (!out) {
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
    return 1;
  }
  fprintf(out, head, SWEEPS);
  for (size_t i = 0; i < coverage_scenario_count; i++) {
    const struct coverage_scenario *scenario = &coverage_scenarios[i];
    struct coverage_outcome o = coverage_run(scenario, SWEEPS, SEED);
    print_row(out, scenario, &o);
    print_row(stdout, scenario, &o);
    fflush(stdout);
    bad += o.passes == scenario->control;
  }
  fprintf(out, "\n%s\n",
          bad ? "NOT ALL ROWS ARE AS THEY MUST BE."
              : "All rows are as they "
                "must be.");
  return fclose(out) != 0 || bad > 0;
}

int main(int argc, char **argv) {
  struct CMUnitTest tests[32] = {
      cmocka_unit_test(test_as_in_a_sweep),
      cmocka_unit_test(test_reproducible),
  };
  size_t count = 2;
  if (argc == 3 && strcmp(argv[1], "--out") == 0)
    return study(argv[2]);
  for (size_t i = 0; i < coverage_scenario_count; i++)
    tests[count++] = (struct CMUnitTest){
        .name = coverage_scenarios[i].name,
        .test_func = run_one,
        .initial_state = (void *)(uintptr_t)&coverage_scenarios[i]};
  return _cmocka_run_group_tests("coverage", tests, count, NULL, NULL);
}

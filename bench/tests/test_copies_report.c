/* test_copies_report.c: what copies come to: on a simulated machine whose truth
 * is known, in records, results, words and charts.  Their speedups are
 * throughputs, and no law of a parallel form is about them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/analyze/prediction.h"
#include "bench/plan/budget.h"
#include "bench/plan/plan.h"
#include "bench/report/numbers.h"
#include "bench/tests/chart_fixture.h"
#include "bench/tests/record_fixture.h"
#include "bench/tests/run_fixture.h"
#include "bench/tests/simulated_fixture.h"
#include "bench/tests/table_fixture.h"

enum { SIZE = 10000, ROUNDS = 7 };

static void assert_near(double got, double wanted) {
  if (!(fabs(got - wanted) <= 1e-6 * fabs(wanted)))
    fail_msg("%.12g instead of %.12g", got, wanted);
}

/* --- a trial on a simulated machine --------------------------------------- */

static void test_simulated_copies(void **state) {
  (void)state;
  bed.description.sigma = 0.5; /* a team's, and nothing to do with them */
  bed.description.serial_share = 0.1;
  bed.description.start_s = 3e-5;
  bed.description.start_per_worker_s = 2e-6;
  bed.description.fork_s = 1e-5;
  bed.description.close_s = 4e-5;
  bed.description.region_fixed_s = 5e-6; /* of a join */
  bed_begin(&bed, "spin", 1);
  struct record one = bed_trial(&bed, "serial", 1, SIZE);
  struct record r = bed_trial(&bed, "copies", 4, SIZE);
  assert_int_equal(ns(r.region_s), ns(one.region_s));
  assert_int_equal(ns(r.setup_s), ns(one.setup_s));
  assert_int_equal(ns(r.start_s), 30000 + 4 * (2000 + 10000));
  assert_int_equal(ns(r.close_s), 40000);
  assert_string_equal(r.digest, one.digest);
  assert_int_equal(r.size, SIZE);
  assert_int_equal(r.workers_seen, 4);
  for (int w = 0; w < 4; w++) {
    assert_true(r.worker_items.values[w] == SIZE);
    assert_true(r.worker_chunks.values[w] == 1);
    assert_true(r.worker_begin_s.values[w] == 0);
  }
  record_free(&r);
  bed.description.copies_sigma = 0.1;
  r = bed_trial(&bed, "copies", 4, SIZE);
  assert_near(r.region_s, 1.3 * one.region_s);
  record_free(&r);
  record_free(&one);
}

/* --- records -------------------------------------------------------------- */

/* The line of record_ok as of copies, with so many items. */
static int parse(const char *team, const char *items, struct record *record) {
  struct problem problem = {""};
  char *asked = record_with(record_ok, "requested", team);
  char *named = record_with(asked, "variant", team);
  char *line = record_with(named, "worker_items", items);
  int status = record_parse(line, record, &problem);
  if (status)
    has(problem.text, "worker_items");
  free(asked);
  free(named);
  free(line);
  return status;
}

static void test_each_has_all_items(void **state) {
  struct record record;
  (void)state;
  assert_int_equal(parse("\"copies\"", "[100,100]", &record), 0);
  assert_int_equal(record_times(&record), 2);
  record_free(&record);
  assert_int_equal(parse("\"omp:static\"", "[60,40]", &record), 0);
  assert_int_equal(record_times(&record), 1);
  record_free(&record);
  assert_int_not_equal(parse("\"copies\"", "[100,101]", &record), 0);
  assert_int_not_equal(parse("\"omp:static\"", "[60,41]", &record), 0);
}

/* --- plans ---------------------------------------------------------------- */

static void list(struct plan *plan, bool weak, const char *variant) {
  struct problem problem = {""};
  *plan = (struct plan){.counts = {1, 4},
                        .count_count = 2,
                        .waiting = {1, 4},
                        .waiting_count = 2,
                        .usable_cpus = 4,
                        .weak = weak};
  assert_int_equal(plan_add_variant(plan, "serial", &problem), 0);
  assert_int_equal(plan_add_variant(plan, variant, &problem), 0);
  assert_int_equal(plan_add_workload_at(plan, "cube", 1000, &problem), 0);
  plan->workloads[0].region_s = 1;
  assert_int_equal(plan_list_points(plan, &problem), 0);
}

/* Their work grows with them, whatever the scaling; its size is of each. */
static void test_points_have_the_size_of_each(void **state) {
  struct plan plan;
  (void)state;
  for (int weak = 0; weak < 2; weak++) {
    list(&plan, weak, "copies");
    const struct point *last = &plan.points[plan.result_count - 1];
    assert_int_equal(last->workers, 4);
    assert_int_equal(last->size, 1000);
    assert_true(budget_trial_s(&plan, last) > 1); /* not a share of it */
    assert_int_equal(plan_most_copies(&plan), 4);
    plan_free(&plan);
    list(&plan, weak, "omp:static");
    last = &plan.points[plan.result_count - 1];
    assert_int_equal(last->size, weak ? 4000 : 1000);
    assert_int_equal(plan_most_copies(&plan), 1);
    plan_free(&plan);
  }
}

/* --- a run ---------------------------------------------------------------- */

static void add(struct run *run, const char *phase, int64_t round,
                const char *variant, int64_t workers, int64_t size,
                double region_s) {
  struct record *r = run_add(run, phase, round, "cube", variant, workers);
  r->size = size;
  r->region_s = region_s;
  r->region_first_s = region_s;
  r->setup_s = 0.002;
  r->start_s = r->touch_s = r->finish_s = r->close_s = 0;
  r->program_s = r->setup_s + region_s;
  r->wall_s = r->program_s + 0.001;
}

/* Serial 8 ms of 10 ms; four copies of it in 10 ms, four threads in 2.5 ms. */
static void add_run(struct run *run, int64_t size, bool threads) {
  for (int64_t i = 0; i < 2 * ROUNDS; i++) {
    const char *phase = i < ROUNDS ? "pilot" : "round";
    int64_t round = i < ROUNDS ? FIELD_NULL : i - ROUNDS + 1;
    add(run, phase, round, "serial", 1, size, 0.008);
    add(run, phase, round, "copies", 1, size, 0.008);
    if (threads)
      add(run, phase, round, "omp:static", 1, size, 0.008);
    if (i < ROUNDS)
      continue;
    add(run, phase, round, "copies", 4, size, 0.010);
    if (threads)
      add(run, phase, round, "omp:static", 4, size, 0.0025);
  }
}

static void test_their_speedup_is_throughput(void **state) {
  struct run *run = *state;
  add_run(run, 1000, true);
  run_analyse(run, NULL);
  const struct result *r = run_find(run, "cube", "copies", 4);
  assert_near(r->speedup_abs.median, 4 * 8.0 / 10);
  assert_near(r->speedup_rel.median, 4 * 8.0 / 10);
  assert_near(r->efficiency.median, 8.0 / 10);
  assert_near(r->program_speedup.median, 4 * 10.0 / 12);
  assert_near(r->items_per_s.median, 4 * 1000 / 0.010);
  assert_near(r->region_ratios.values[0], 4 * 8.0 / 10);
  assert_true(result_is_copies(r));
  const struct result *omp = run_find(run, "cube", "omp:static", 4);
  assert_near(omp->speedup_abs.median, 8.0 / 2.5);
  assert_near(omp->items_per_s.median, 1000 / 0.0025);
  assert_false(result_is_copies(omp));
}

/* Of several sizes, each beside serial at its own. */
static void test_at_several_sizes(void **state) {
  struct run *run = *state;
  add_run(run, 1000, false);
  add_run(run, 4000, false);
  run_analyse(run, NULL);
  int found = 0;
  for (size_t i = 0; i < run->analysis.result_count; i++) {
    const struct result *r = &run->analysis.results[i];
    if (!result_is_copies(r) || r->workers != 4)
      continue;
    assert_near(r->speedup_abs.median, 4 * 8.0 / 10);
    assert_near(r->items_per_s.median, (double)r->size * 4 / 0.010);
    found++;
  }
  assert_int_equal(found, 2);
}

static void test_no_law_is_about_them(void **state) {
  struct run *run = *state;
  struct problem problem = {""};
  const uint32_t workers[] = {1, 4};
  const struct prediction_counts counts = {workers, 2, false};
  char path[] = "/tmp/copies-XXXXXX", text[4096] = "";
  add_run(run, 1000, true);
  run_analyse(run, NULL);
  const struct result *r = run_find(run, "cube", "copies", 4);
  assert_true(isnan(r->program_amdahl_predicted));
  assert_true(isnan(r->program_amdahl_low) && isnan(r->program_amdahl_high));
  assert_true(isnan(r->program_amdahl_residual.median));
  assert_true(isfinite(
      run_find(run, "cube", "omp:static", 4)->program_amdahl_predicted));
  int fd = mkstemp(path);
  assert_true(fd >= 0);
  close(fd);
  assert_int_equal(prediction_write(&run->records, &counts, path, &problem), 0);
  FILE *in = fopen(path, "r");
  assert_non_null(in);
  assert_true(fread(text, 1, sizeof text - 1, in) > 0);
  fclose(in);
  unlink(path);
  has(text, "omp:static");
  has_not(text, "copies");
}

/* --- words ---------------------------------------------------------------- */

static void test_what_is_said(void **state) {
  static const char side_by_side[] =
      "  As 4 jobs of one worker side by side: 3.20× (3.20–3.20) the "
      "throughput in the region; the whole program: 3.33× (3.33–3.33).\n";
  struct run *run = *state;
  add_run(run, 1000, true);
  run_analyse(run, NULL);
  char *text = printed(report_sentences, &run->analysis);
  has(text, "cube: omp:static with 4 workers ran the whole program faster");
  has(text, side_by_side);
  free(text);
  text = printed(report_table, &run->analysis);
  has(text, "Copies: as many jobs of one worker side by side; what stands as "
            "their speedup is\nthroughput.\n");
  const char *row = line_with(text, "copies ");
  assert_string_equal(cell_under(text, row, "region speedup"),
                      "3.20× (3.20–3.20)");
  assert_string_equal(cell_under(text, row, "Amdahl"), "-");
  free(text);
  text = printed(report_bars, &run->analysis);
  has(text, " 3.33× the throughput\n");
  free(text);
  run_empty(run);
  add_run(run, 1000, false);
  run_analyse(run, NULL);
  text = printed(report_sentences, &run->analysis);
  has(text, "cube: only serial and copies were measured.\n");
  has(text, side_by_side);
  free(text);
}

static char *chart(const struct run *run, const char *name) {
  char folder[] = "/tmp/copies-XXXXXX";
  struct problem problem = {""};
  struct charts charts = {.folder = mkdtemp(folder)};
  assert_non_null(charts.folder);
  assert_int_equal(report_chart_data(&run->analysis, &charts, &problem), 0);
  return take_chart(&charts, name, "dots.gp");
}

static void test_what_is_drawn(void **state) {
  struct run *run = *state;
  add_run(run, 1000, true);
  run_analyse(run, NULL);
  char *text = chart(run, "cube-program");
  has(text, "# xlabel: speedup on 4 workers; of copies, throughput\n");
  has(text, "copies (throughput)");
  has(text, "Amdahl");
  has(text, "# subtitle: Speedup of the whole program against serial");
  /* the law's ticks: one on the threads' row, none on that of copies */
  int ticks = 0;
  for (const char *at = text; (at = strstr(at, "\nlaw\t")); at++)
    ticks++;
  assert_int_equal(ticks, 1);
  has(text, "\nlaw\tthreads (OpenMP)\tlaw\t");
  free(text);
  text = chart(run, "overview");
  has(text, "Amdahl");
  has_not(text, "copies");
  free(text);
}

static void test_what_is_drawn_of_them_alone(void **state) {
  struct run *run = *state;
  add_run(run, 1000, false);
  run_analyse(run, NULL);
  char *text = chart(run, "cube-program");
  has(text, "# title: Cube mapping: as 4 jobs side by side, 3.33× the "
            "throughput of one\n");
  has(text, "# xlabel: throughput on 4 workers\n");
  has(text, "Throughput of the whole program against serial");
  has_not(text, "Amdahl");
  free(text);
  text = chart(run, "overview");
  has(text, "Throughput of 4 jobs side by side");
  has(text, "copies (throughput)");
  has_not(text, "Amdahl");
  free(text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      ON_MACHINE(test_simulated_copies),
      cmocka_unit_test(test_each_has_all_items),
      cmocka_unit_test(test_points_have_the_size_of_each),
      IN_RUN(test_their_speedup_is_throughput),
      IN_RUN(test_at_several_sizes),
      IN_RUN(test_no_law_is_about_them),
      IN_RUN(test_what_is_said),
      IN_RUN(test_what_is_drawn),
      IN_RUN(test_what_is_drawn_of_them_alone),
  };
  return cmocka_run_group_tests_name("copies_report", tests, NULL, NULL);
}

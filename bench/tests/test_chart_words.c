/* test_chart_words.c: what charts are given: each number under the kind, the
 * series and the axis that it belongs to, on results in which no two numbers
 * are equal.  How it is drawn: test_pictures.sh. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/report/compare.h"
#include "bench/report/report.h"
#include "bench/tests/chart_fixture.h"
#include "bench/tests/distinct_fixture.h"
#include "bench/tests/table_fixture.h"
#include "bench/tests/text_fixture.h"

#include <math.h>
#include <unistd.h>

static char *chart_of(const struct analysis *a, const char *name,
                      const char *script) {
  char folder[] = "/tmp/test_chart_words.XXXXXX";
  struct problem problem = {""};
  struct charts charts = {.folder = folder};
  assert_non_null(mkdtemp(folder));
  assert_int_equal(report_chart_data(a, &charts, &problem), 0);
  return take_chart(&charts, name, script);
}

#define FOOT                                                                   \
  "# foot: a made-up machine · a made-up build · not bound · 1 000 000 "    \
  "integers · seed 71 · 2026-01-02"

static void a_regions_chart_holds_regions(void **state) {
  (void)state;
  static const char *const lines[] = {
      "# subtitle: Speedup of the warm region against serial (101 ms); median "
      "of 15 to 17 trials, uncorrected 95% intervals",
      "# elsewhere: with one worker: omp:static 103 ms, pool:static 107 ms",
      FOOT,
      "# unit: x",
      "# xlabel: workers",
      "# ylabel: speedup",
      "# ideal: yes",
      "# usable: 8",
      "raw\tthreads (OpenMP)\t1\t4\t3.1654\t-\t-",
      "raw\tthreads (OpenMP)\t1\t4\t3.2946\t-\t-",
      "point\tthreads (OpenMP)\t1\t1\t0.971\t0.95158\t1.00013",
      "point\tthreads (OpenMP)\t1\t2\t1.81\t1.7738\t1.8643",
      "point\tthreads (OpenMP)\t1\t4\t3.23\t3.1654\t3.3269",
      "point\tpool of processes\t2\t4\t2.91\t2.8518\t2.9973",
      NULL};
  struct analysis a = distinct_analysis();
  char *text = chart_of(&a, "cube-first-7-region", "lines.gp");
  has(text, "# title: Cube mapping, first=7: threads run the loop 3.23×");
  has_lines(text, lines);
  has_not(text, "law");
  has_not(text, "serial\t");
  free(text);
  analysis_free(&a);
}

static void a_programs_chart_holds_programs(void **state) {
  (void)state;
  static const char *const lines[] = {
      "# subtitle: Speedup of the whole program against serial (211 ms); "
      "median of 15 to 17 trials, uncorrected 95% intervals",
      "# elsewhere: with one worker: omp:static 223 ms, pool:static 229 ms",
      FOOT, "# xlabel: workers", "# ylabel: speedup",
      "# law: Amdahl, predicted from one-worker runs",
      "raw\tthreads (OpenMP)\t1\t4\t1.8914\t-\t-",
      "point\tthreads (OpenMP)\t1\t4\t1.93\t1.8914\t1.9879",
      "point\tpool of processes\t2\t4\t1.17\t1.1466\t1.2051",
      /* through 0.93 * 1.93 at 4, with f = 0.23 */
      "law\tlaw\t0\t1\t0.75834525\t-\t-", "law\tlaw\t0\t2\t1.23308171\t-\t-",
      "law\tlaw\t0\t4\t1.7949\t-\t-", NULL};
  struct analysis a = distinct_analysis();
  char *text = chart_of(&a, "cube-first-7-program", "lines.gp");
  has(text, "# title: Cube mapping, first=7: threads at 1.93×, 7.5% above");
  has_lines(text, lines);
  free(text);
  analysis_free(&a);
}

static void the_overview_holds_programs(void **state) {
  (void)state;
  static const char *const lines[] = {
      "# subtitle: Speedup of the whole program against serial; median of 15 "
      "to "
      "17 trials, uncorrected 95% intervals",
      "# xlabel: speedup on 4 workers",
      "# reference: 1\tno gain",
      "# ideal: 4",
      "# law: Amdahl, predicted from one-worker runs",
      "point\tcube/first=7\tthreads (OpenMP)\t1\t1.93\t1.8914\t1.9879",
      "point\tcube/first=7\tpool of processes\t2\t1.17\t1.1466\t1.2051",
      "law\tcube/first=7\tlaw\t0\t1.7949\t-\t-",
      NULL};
  struct analysis a = distinct_analysis();
  char *text = chart_of(&a, "overview", "dots.gp");
  has_lines(text, lines);
  has_not(text, "raw\t");
  has_not(text, "# ylabel");
  free(text);
  free(a.results[3].flags);
  a.results[3].flags = strdup("drift");
  text = chart_of(&a, "overview", "dots.gp");
  has(text, ": its region times rise or fall over the rounds: "
            "cube/first=7 omp:static on 4\n");
  has(text, "\nhollow\tcube/first=7\tthreads (OpenMP)\t1\t1.93\t");
  free(text);
  analysis_free(&a);
}

/* The overview is of workers with CPUs of their own. */
static void the_overview_shares_no_cpus(void **state) {
  (void)state;
  struct analysis a = distinct_analysis();
  a.results[3].oversubscribed = a.results[6].oversubscribed = 1;
  char *text = chart_of(&a, "overview", "dots.gp");
  has(text, "\n# xlabel: speedup on 2 workers\n");
  has(text, "\npoint\tcube/first=7\tthreads (OpenMP)\t1\t1.51\t");
  has_not(text, "\t1.93\t");
  free(text);
  analysis_free(&a);
}

/* Of what was predicted, in percent; where the workload is judged, and what
 * waits says at how many that is. */
static void residuals_are_in_percent(void **state) {
  (void)state;
  static const char *const lines[] = {
      "# xlabel: speedup on 4 workers, more or less than predicted",
      "# reference: 0\tas predicted",
      "# unit: %",
      "point\tcube/first=7\tthreads (OpenMP)\t1\t-50\t-75\t100",
      "point\tcube/first=7\tpool of processes\t2\t25\t-\t-",
      NULL};
  struct analysis a = distinct_analysis();
  a.results[2].program_law_residual = distinct_interval(7);
  a.results[3].program_law_residual =
      (struct interval){log(0.5), log(0.25), log(2)};
  a.results[6].program_law_residual =
      (struct interval){log(1.25), (double)NAN, (double)NAN};
  char *text = chart_of(&a, "residuals", "dots.gp");
  has(text, "# title: 1 of 1 program surely faster than predicted\n");
  has_lines(text, lines);
  has_not(text, "law\t");
  has_not(text, "raw\t");
  free(text);
  a.results[3].n = 3;
  a.results[3].program_law_p = (double)NAN;
  assert_int_equal(verdicts_settle(&a), 0);
  text = chart_of(&a, "residuals", "dots.gp");
  has(text, "# title: 1 program beside what one-worker runs predicted\n");
  free(text);
  analysis_free(&a);
}

/* With two worker counts or fewer there are rows. */
static void rows_hold_the_most_workers(void **state) {
  (void)state;
  static const char *const region[] = {
      "# xlabel: speedup on 2 workers", "# reference: 1\tno gain", "# ideal: 2",
      "point\tthreads (OpenMP)\tthreads (OpenMP)\t1\t1.81\t1.7738\t1.8643",
      NULL};
  static const char *const program[] = {
      "# xlabel: speedup on 2 workers",
      "point\tthreads (OpenMP)\tthreads (OpenMP)\t1\t1.51\t1.4798\t1.5553",
      "law\tthreads (OpenMP)\tlaw\t0\t1.4043\t-\t-", NULL};
  struct analysis a = distinct_analysis();
  size_t all = a.result_count;
  a.result_count = 3;
  char *text = chart_of(&a, "cube-first-7-region", "dots.gp");
  has_lines(text, region);
  has_not(text, "law");
  has_not(text, "\t0.971\t"); /* on one worker */
  free(text);
  text = chart_of(&a, "cube-first-7-program", "dots.gp");
  has_lines(text, program);
  free(text);
  a.result_count = all;
  analysis_free(&a);
}

static void the_roofline_has_two_axes(void **state) {
  (void)state;
  static const char *const lines[] = {
      "# note: Memory's slopes with 1 worker, from left to right: copy 16 MiB, "
      "3.10 GB/s",
      "# note: Memory's slopes with 4 workers, from left to right: copy 4 MiB "
      "each, 4.10 GB/s",
      "slope	copy 16 MiB	9	3.100000e+09	-	-	-",
      "slope	copy 4 MiB	1	4.100000e+09	-	-	-",
      "# xlabel: operations per byte moved",
      "# ylabel: operations per second",
      "flat\t1 worker\t9\t5.300000e+09\t-\t-\t-",
      "flat\t4 workers\t1\t6.700000e+09\t-\t-\t-",
      "point\tcube/first=7\t9\t1.250000e-01\t1.700000e+09\t1.666000e+09\t"
      "1.751000e+09",
      "point\tcube/first=7\t1\t1.250000e-01\t2.900000e+09\t2.842000e+09\t"
      "2.987000e+09",
      NULL};
  struct analysis a = distinct_analysis();
  char *text = chart_of(&a, "roofline", "roofline.gp");
  has_lines(text, lines);
  has(text, "# title: 0 of 1 kernels surely reach over 80% of their roofline "
            "on 4 workers\n");
  free(text);
  /* Another kernel's serial run, under a faster roof. */
  free(a.results[1].workload);
  free(a.results[1].requested);
  a.results[1].workload = strdup("cube/first=8");
  a.results[1].requested = strdup("serial");
  text = chart_of(&a, "roofline", "roofline.gp");
  has(text, "with 1 worker, from left to right: copy 16 MiB, 3.30 GB/s; copy "
            "16 MiB, 3.10 GB/s\n");
  free(text);
  /* Surely, or only maybe. */
  a.results[3].roofline_share = (struct interval){0.85, 0.81, 0.9};
  text = chart_of(&a, "roofline", "roofline.gp");
  has(text, "# title: 1 of 1 kernels surely reach");
  free(text);
  a.results[3].roofline_share.low = 0.79;
  text = chart_of(&a, "roofline", "roofline.gp");
  has(text, "# title: 0 of 1 kernels surely reach");
  free(text);
  analysis_free(&a);
}

/* ---- runs side by side ----------------------------------------------------
 */

/* B: about two hundred times the items per second at 0.9 of the speedup. */
static struct analysis other_run(void) {
  struct analysis b = distinct_analysis();
  for (size_t i = 0; i < b.result_count; i++) {
    const double *v = distinct_values[i];
    b.results[i].items_per_s = distinct_interval(2e2 * v[D_ITEMS]);
    b.results[i].speedup_abs = distinct_interval(0.9 * v[D_SPEEDUP_ABS]);
  }
  /* which gnuplot 5.4 does not read as 7e+09 */
  b.results[3].items_per_s = distinct_interval(7e9);
  return b;
}

static void charts_of_two_runs(void **state) {
  (void)state;
  static const char *const items[] = {
      "# xlabel: workers",
      "# ylabel: integers per second",
      "# unit: si:integers/s",
      "# ideal: no",
      "point\tA threads (OpenMP)\t1\t4\t34100000\t33418000\t35123000",
      "point\tB threads "
      "(OpenMP)\t11\t4\t7.00000000e+09\t6.86e+09\t7.21e+09",
      NULL};
  static const char *const speedups[] = {
      "# xlabel: workers",
      "# ylabel: speedup",
      "# ideal: yes",
      "point\tA threads (OpenMP)\t1\t4\t3.23\t3.1654\t3.3269",
      "point\tB threads (OpenMP)\t11\t4\t2.907\t2.84886\t2.99421",
      NULL};
  for (int k = 0; k < 2; k++) {
    struct analysis a = distinct_analysis(), b = other_run();
    struct versus versus;
    const struct comparison comparison = {
        {"r/a", "first", &a}, {"r/b", "second", &b}, &versus};
    assert_int_equal(versus_make(&a, &b, false, &versus), 0);
    char folder[] = "/tmp/test_chart_words.XXXXXX";
    struct problem problem = {""};
    struct charts charts = {.folder = folder};
    assert_non_null(mkdtemp(folder));
    assert_int_equal(compare_chart_data(&comparison, &charts, &problem), 0);
    char *text = take_chart(
        &charts, k ? "cube-first-7-speedup" : "cube-first-7-items", "lines.gp");
    has_lines(text, k ? speedups : items);
    has(text, k ? "# title: Cube mapping, first=7: A's region reaches 3.23×, "
                  "B's 2.91× (threads, 4 workers)\n"
                : "# title: Cube mapping, first=7: too few trials to tell "
                  "(threads, 4 workers)\n");
    free(text);
    versus_free(&versus);
    analysis_free(&a);
    analysis_free(&b);
  }
}

/* Of runs side by side as well. */
static void compared_speedups_are_logarithmic(int64_t most, const char *scale) {
  struct analysis a = distinct_analysis(), b = other_run();
  b.results[3].workers = most;
  struct versus versus;
  const struct comparison comparison = {
      {"r/a", "first", &a}, {"r/b", "second", &b}, &versus};
  assert_int_equal(versus_make(&a, &b, false, &versus), 0);
  char folder[] = "/tmp/test_chart_words.XXXXXX";
  struct problem problem = {""};
  struct charts charts = {.folder = folder};
  assert_non_null(mkdtemp(folder));
  assert_int_equal(compare_chart_data(&comparison, &charts, &problem), 0);
  char *text = take_chart(&charts, "cube-first-7-speedup", "lines.gp");
  has(text, scale);
  free(text);
  versus_free(&versus);
  analysis_free(&a);
  analysis_free(&b);
}

/* As a chart's y axis is with the most workers moved to so many, and with
 * counts of 1, 2, 4 to so many besides. */
static void scale_is(int64_t most, int64_t besides, const char *scale) {
  struct analysis a = distinct_analysis();
  a.results = reallocarray(a.results, a.result_count + 16, sizeof *a.results);
  assert_non_null(a.results);
  for (size_t i = 0; i < a.result_count; i++)
    if (a.results[i].workers == 4)
      a.results[i].workers = most;
  for (int64_t p = 3; p <= besides; p++) {
    struct result *r = &a.results[a.result_count++];
    distinct_result(5, r);
    r->workers = p;
  }
  char *text = chart_of(&a, "cube-first-7-region", "lines.gp");
  has(text, scale);
  free(text);
  analysis_free(&a);
}

/* More than eight, or 16 times as many. */
static void many_counts_have_logarithmic_axes(void **state) {
  (void)state;
  scale_is(8, 8, "\n# scale: linear\n");
  scale_is(9, 8, "\n# scale: log\n");
  scale_is(15, 0, "\n# scale: linear\n");
  scale_is(16, 0, "\n# scale: log\n");
  compared_speedups_are_logarithmic(15, "\n# scale: linear\n");
  compared_speedups_are_logarithmic(16, "\n# scale: log\n");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(many_counts_have_logarithmic_axes),
      cmocka_unit_test(a_regions_chart_holds_regions),
      cmocka_unit_test(a_programs_chart_holds_programs),
      cmocka_unit_test(the_overview_holds_programs),
      cmocka_unit_test(the_overview_shares_no_cpus),
      cmocka_unit_test(residuals_are_in_percent),
      cmocka_unit_test(rows_hold_the_most_workers),
      cmocka_unit_test(the_roofline_has_two_axes),
      cmocka_unit_test(charts_of_two_runs),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

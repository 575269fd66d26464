/* test_compare.c: runs side by side, against runs made up here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/report/compare.h"
#include "bench/tests/text_fixture.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What a made-up run is like; every workload has the same results. */
struct made {
  const char *workloads[3]; /* NULL: no more */
  int64_t size, seed, iterations, most_workers;
  double speed;      /* serial items/s; P workers do P times as much */
  double width;      /* of the intervals, relative; NAN: none */
  const char *extra; /* a variant that others have not, or NULL */
};

static const struct made usual = {
    .workloads = {"cube", "spin"},
    .size = 1000,
    .seed = 1,
    .iterations = 3,
    .most_workers = 2,
    .speed = 3e6,
    .width = 0.01,
};

static struct interval around(double median, double width) {
  return (struct interval){median, median * (1 - width), median * (1 + width)};
}

static void add_result(struct analysis *analysis, const struct made *made,
                       const char *workload, const char *requested,
                       int64_t workers) {
  struct result *r = &analysis->results[analysis->result_count++];
  fields_clear(result_fields, r);
  r->workload = strdup(workload);
  r->kernel = strdup(workload);
  r->variant = strdup(requested);
  r->requested = strdup(requested);
  r->label = strdup(strcmp(requested, "omp:static") == 0 ? "threads (OpenMP)"
                                                         : requested);
  r->workers = workers;
  r->size = made->size;
  r->n = 6;
  r->items_per_s = around(made->speed * (double)workers, made->width);
  r->speedup_abs = around((double)workers, made->width);
  r->oversubscribed = workers > 4;
}

static struct analysis make(struct made made) {
  struct analysis analysis = {.workloads =
                                  calloc(3, sizeof(*analysis.workloads)),
                              .results = calloc(64, sizeof(*analysis.results))};
  assert_non_null(analysis.workloads);
  assert_non_null(analysis.results);
  fields_clear(run_fields, &analysis.run);
  analysis.run.seed = made.seed;
  analysis.run.iterations = made.iterations;
  analysis.run.rounds = 6;
  analysis.run.machine = strdup("test machine");
  analysis.run.build = strdup("test build");
  analysis.run.date = strdup("2026-01-02T03:04:05Z");
  for (size_t s = 0; s < 3 && made.workloads[s]; s++) {
    struct workload_result *workload = &analysis.workloads[s];
    const char *name = made.workloads[s];
    fields_clear(workload_fields, workload);
    workload->workload = strdup(name);
    workload->kernel = strdup(name);
    workload->params = strdup("span=7");
    workload->title = strdup("Cube mapping");
    workload->items = strdup("integers");
    workload->size = made.size;
    workload->waits = 0;
    analysis.workload_count++;
    add_result(&analysis, &made, name, "serial", 1);
    for (int64_t w = 1; w <= made.most_workers; w++)
      add_result(&analysis, &made, name, "omp:static", w);
    if (made.extra)
      add_result(&analysis, &made, name, made.extra, 1);
  }
  return analysis;
}

/* Runs made up from `made`, compared: what was printed, and the charts. */
struct compared {
  struct analysis analyses[3];
  struct compare_run runs[3];
  struct comparison comparison;
  char *text;
  char folder[64];
  struct charts charts;
};

static void compare(const struct made *made, size_t count,
                    struct compared *compared) {
  static const char *const names[] = {"r1", "r2", "r3"};
  static const char *const folders[] = {"it's/r1", "some/r2", "some/r3"};
  compared->comparison = (struct comparison){compared->runs, count};
  for (size_t k = 0; k < count; k++) {
    compared->analyses[k] = make(made[k]);
    compared->runs[k] =
        (struct compare_run){folders[k], names[k], &compared->analyses[k]};
  }
  FILE *out = text_open(&compared->text);
  compare_report(&compared->comparison, out);
  fclose(out);
  struct problem problem = {""};
  strcpy(compared->folder, "/tmp/test_compare.XXXXXX");
  assert_non_null(mkdtemp(compared->folder));
  compared->charts = (struct charts){.folder = compared->folder};
  assert_int_equal(
      compare_chart_data(&compared->comparison, &compared->charts, &problem),
      0);
}

static void release(struct compared *compared) {
  char path[512];
  for (size_t i = 0; i < compared->charts.count; i++) {
    snprintf(path, sizeof path, "%s/%s.tsv", compared->folder,
             compared->charts.list[i].name);
    assert_int_equal(unlink(path), 0);
  }
  assert_int_equal(rmdir(compared->folder), 0);
  for (size_t k = 0; k < compared->comparison.count; k++)
    analysis_free(&compared->analyses[k]);
  charts_free(&compared->charts);
  free(compared->text);
}

static void sizes_alike_show_all(void **state) {
  (void)state;
  struct compared c;
  struct made made[2] = {usual, usual};
  made[1].speed = 3.75e6;
  compare(made, 2, &c);
  has(c.text, "A: r1, on test machine, test build, 2026-01-02T03:04, 6 rounds");
  has(c.text, "B: r2, on");
  has(c.text, "items/s A  items/s B  region speedup A   region speedup B     "
              "            B/A\n");
  has(c.text, "        omp:static on 2      6.00 M/s   7.50 M/s  "
              "2.00× (1.98–2.02)  2.00× (1.98–2.02)  1.25× (1.23–1.28)\n");
  has(c.text, "cube    serial on 1          3.00 M/s   3.75 M/s");
  has_not(c.text, "differ");
  has_not(c.text, "--like");
  has_not(c.text, "Only");
  release(&c);
}

static void swapping_inverts_exactly(void **state) {
  (void)state;
  static const double rates[] = {3e6, 3.7e6, 1.0 / 3, 7e11, 12345.678};
  for (size_t i = 0; i < 5; i++)
    for (size_t k = 0; k < 5; k++) {
      struct interval a = around(rates[i], 0.1), b = around(rates[k], 0.1);
      struct interval there = compare_ratio(a, b);
      assert_true(fabs(there.median * rates[i] / rates[k] - 1) <= 1e-13);
      assert_true(fabs(there.low * a.high / b.low - 1) <= 1e-13);
    }
  assert_true(isnan(compare_ratio(INTERVAL_NULL, around(1, 0.1)).median));
  struct compared c;
  struct made made[2] = {usual, usual};
  made[0].speed = 3.75e6;
  compare(made, 2, &c);
  has(c.text, "7.50 M/s   6.00 M/s  2.00× (1.98–2.02)  2.00× (1.98–2.02)  "
              "0.800× (0.784–0.816)\n");
  release(&c);
}

static void intervals_that_touch_are_not_apart(void **state) {
  (void)state;
  struct interval low = {1, 0.5, 2}, high = {3, 2, 4}, far = {3, 2.1, 4};
  assert_false(compare_apart(low, high) || compare_apart(high, low));
  assert_true(compare_apart(low, far) && compare_apart(far, low));
  assert_false(compare_apart(low, INTERVAL_NULL));
}

static void other_sizes_withhold_times(void **state) {
  (void)state;
  struct compared c;
  struct made made[2] = {usual, usual};
  made[1].size = 2000000;
  compare(made, 2, &c);
  has(c.text, "omp:static on 2             -          -  "
              "2.00× (1.98–2.02)  2.00× (1.98–2.02)    -\n");
  has(c.text, "cube: sizes differ: speedups are of different problems (size "
              "1 000 in A, 2 000 000 in B)\n");
  has(c.text, "\n  coresweep sweep --like 'it'\\''s/r1' --out NEW\n");
  has_not(c.text, " M/s");
  release(&c);
}

static void every_difference_is_named(void **state) {
  (void)state;
  struct compared c;
  struct made made[2] = {usual, usual};
  made[1].seed = 2;
  made[1].iterations = 1;
  compare(made, 2, &c);
  has(c.text, "seeds and timed regions per trial differ: speedups are of "
              "different problems (seed 1 in A, 2 in B; timed regions 3 in A, "
              "1 in B)");
  c.analyses[0].workloads[0].params[5] = '8';
  struct workload_result workload = c.analyses[0].workloads[0];
  assert_int_equal(
      compare_differences(&c.analyses[0], &c.analyses[1], &workload),
      COMPARE_PARAMS | COMPARE_SEED | COMPARE_ITERATIONS);
  static char absent[] = "absent";
  workload.workload = absent;
  assert_int_equal(
      compare_differences(&c.analyses[0], &c.analyses[1], &workload), 0);
  release(&c);
}

static void what_one_lacks_is_listed(void **state) {
  (void)state;
  struct compared c;
  struct made made[2] = {usual, usual};
  made[0].extra = "pool:static";
  made[1].workloads[1] = "latency";
  made[1].most_workers = 4;
  compare(made, 2, &c);
  has(c.text, "Only in A, workloads: spin\n");
  has(c.text, "Only in A, variants: pool:static\n");
  has(c.text, "Only in B, workloads: latency\n");
  has(c.text, "Only in B, worker counts: 3, 4\n");
  has(c.text, "omp:static on 2");
  has_not(c.text, "omp:static on 4");
  has_not(c.text, "Only in B, variants");
  release(&c);
  made[1] = usual;
  made[1].workloads[0] = "adler32";
  made[1].workloads[1] = NULL;
  compare(made, 2, &c);
  has(c.text, "A and B have no workload and variant in common.\n");
  release(&c);
}

static void more_workers_than_cpus_come_last(void **state) {
  (void)state;
  struct compared c;
  struct made made[2] = {usual, usual};
  made[0].most_workers = 6;
  made[1].most_workers = 8;
  compare(made, 2, &c);
  struct workload_result *workload = &c.analyses[0].workloads[0];
  assert_int_equal(compare_workers(&c.comparison, 3, workload, "omp:static"),
                   4);
  assert_int_equal(compare_workers(&c.comparison, 3, workload, NULL), 4);
  assert_int_equal(compare_workers(&c.comparison, 3, workload, "serial"), 1);
  assert_int_equal(compare_workers(&c.comparison, 3, workload, "fork:x"), 0);
  workload->waits = 1;
  assert_int_equal(compare_workers(&c.comparison, 3, workload, "omp:static"),
                   6);
  release(&c);
}

static void three_runs_make_two_blocks(void **state) {
  (void)state;
  struct compared c;
  struct made made[3] = {usual, usual, usual};
  made[1].speed = 6e6;
  made[2].speed = 1.5e6;
  compare(made, 3, &c);
  has(c.text, "items/s A  items/s B");
  has(c.text, "items/s A  items/s C");
  has(c.text, "C: r3");
  has(c.text, " 2.00× (1.96–2.04)\n");
  has(c.text, " 0.500× (0.490–0.510)\n");
  assert_true(strstr(c.text, "B/A") < strstr(c.text, "C/A"));
  release(&c);
}

/* Charts. */

/* The data of a chart, until the next is asked for. */
static const char *data(const struct compared *compared, const char *name) {
  static char text[1 << 16];
  char path[256];
  snprintf(path, sizeof path, "%s/%s.tsv", compared->folder, name);
  FILE *in = fopen(path, "r");
  assert_non_null(in);
  text[fread(text, 1, sizeof text - 1, in)] = '\0';
  fclose(in);
  return text;
}

static void charts_hold_the_series(void **state) {
  (void)state;
  struct compared c;
  struct made made[2] = {usual, usual};
  made[1].speed = 3.75e6;
  compare(made, 2, &c);
  assert_int_equal(c.charts.count, 4);
  assert_string_equal(c.charts.list[0].name, "cube-items");
  assert_string_equal(c.charts.list[1].name, "spin-items");
  assert_string_equal(c.charts.list[2].name, "cube-speedup");
  assert_string_equal(c.charts.list[0].script, "dots.gp");
  const char *text = data(&c, "cube-items");
  has(text, "# title: Cube mapping: B does 1.25× the items per second of A "
            "(threads, 2 workers)\n");
  has(text, "A is r1, B is r2");
  has(text, "# unit: si:integers/s\n");
  has(text, "point\tthreads (OpenMP)\tA\t13\t6000000\t5940000\t6060000\n");
  has(text, "point\tthreads (OpenMP)\tB\t14\t7500000\t7425000\t7575000\n");
  has(text, "point\tserial (1 worker)\tA\t13\t3000000\t");
  text = data(&c, "cube-speedup");
  has(text, "no difference in region speedup shown (threads, 2 workers)\n");
  has_not(text, "serial (1 worker)");
  release(&c);
}

static void many_worker_counts_make_lines(void **state) {
  (void)state;
  struct compared c;
  struct made made[2] = {usual, usual};
  made[0].most_workers = made[1].most_workers = 3;
  compare(made, 2, &c);
  assert_string_equal(c.charts.list[0].script, "lines.gp");
  const char *text = data(&c, "cube-items");
  has(text, "no difference in items per second shown (threads, 3 workers)\n");
  has(text, "point\tA threads (OpenMP)\t1\t3\t9000000\t");
  has(text, "point\tB threads (OpenMP)\t11\t3\t9000000\t");
  has(text, "# scale: linear\n");
  has_not(text, "serial\t");
  text = data(&c, "cube-speedup");
  has(text, "# ideal: yes\n");
  has(text, "point\tB threads (OpenMP)\t11\t2\t2\t1.98\t2.02\n");
  release(&c);
}

static void charts_claim_nothing_without_intervals(void **state) {
  (void)state;
  struct compared c;
  struct made made[2] = {usual, usual};
  made[1].speed = 9e6;
  made[0].width = made[1].width = (double)NAN;
  compare(made, 2, &c);
  const char *text = data(&c, "cube-items");
  has(text, "no difference in items per second shown");
  has(text, "\t6000000\t-\t-\n");
  release(&c);
}

static void only_comparable_runs_share_a_chart_of_items(void **state) {
  (void)state;
  struct compared c;
  struct made made[3] = {usual, usual, usual};
  made[1].speed = 6e6;
  made[2].size = 5;
  compare(made, 3, &c);
  const char *text = data(&c, "cube-items");
  has(text, "\tB\t14\t");
  has_not(text, "\tC\t");
  has_not(text, "C is r3");
  text = data(&c, "cube-speedup");
  has(text, "\tC\t11\t2\t1.98\t2.02\n");
  has(text, "# title: Cube mapping: region speedups that are not directly "
            "comparable\n");
  has(text, "# note: C against A: sizes differ: speedups are of different "
            "problems\n");
  made[1].size = 5;
  release(&c);
  compare(made, 3, &c);
  assert_int_equal(c.charts.count, 2);
  assert_string_equal(c.charts.list[0].name, "cube-speedup");
  release(&c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sizes_alike_show_all),
      cmocka_unit_test(swapping_inverts_exactly),
      cmocka_unit_test(intervals_that_touch_are_not_apart),
      cmocka_unit_test(other_sizes_withhold_times),
      cmocka_unit_test(every_difference_is_named),
      cmocka_unit_test(what_one_lacks_is_listed),
      cmocka_unit_test(more_workers_than_cpus_come_last),
      cmocka_unit_test(three_runs_make_two_blocks),
      cmocka_unit_test(charts_hold_the_series),
      cmocka_unit_test(many_worker_counts_make_lines),
      cmocka_unit_test(charts_claim_nothing_without_intervals),
      cmocka_unit_test(only_comparable_runs_share_a_chart_of_items),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

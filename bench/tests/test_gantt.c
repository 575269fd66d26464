/* test_gantt.c: what the chart of one region is given: of each variant the
 * trial of the median region, at the most workers, a lane for each worker. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/report/report.h"
#include "bench/tests/chart_fixture.h"
#include "bench/tests/distinct_fixture.h"
#include "bench/tests/run_fixture.h"

#include <unistd.h>

/* A trial whose workers end one after the other, within region_s. */
static struct record *add(struct run *run, const char *variant, int64_t workers,
                          double region_s) {
  struct record *r = run_add(run, "round", 1, "cube/first=7", variant, workers);
  size_t count = (size_t)workers;
  r->size = 1000000;
  r->region_s = region_s;
  r->worker_begin_s = numbers_of(count, 0.125 * region_s);
  r->worker_end_s = numbers_of(count, 0);
  r->worker_busy_s = numbers_of(count, 0.25 * region_s);
  for (size_t w = 0; w < count; w++)
    r->worker_end_s.values[w] = region_s * (0.5 + 0.125 * (double)w);
  return r;
}

static char *chart_of(struct run *run, size_t *charts_made) {
  char folder[] = "/tmp/test_gantt.XXXXXX";
  struct problem problem = {""};
  struct charts charts = {.folder = folder};
  struct analysis a = distinct_analysis();
  assert_non_null(mkdtemp(folder));
  assert_int_equal(report_gantt_data(&a, &run->records, &charts, &problem), 0);
  analysis_free(&a);
  *charts_made = charts.count;
  if (charts.count > 0)
    return take_chart(&charts, "cube-first-7-region-lanes", "gantt.gp");
  assert_int_equal(rmdir(folder), 0);
  return NULL;
}

static void lanes_are_of_the_median_trial(void **state) {
  struct run *run = *state;
  size_t made = 0;
  add(run, "omp:static", 2, 3); /* not the most workers */
  add(run, "omp:static", 4, 16);
  add(run, "omp:static", 4, 8);
  add(run, "omp:static", 4, 4);
  free(add(run, "omp:static", 4, 5)->phase); /* of the pilot */
  run->list[4].phase = strdup("pilot");
  add(run, "omp:static", 4, 6)->size = 7;
  free(add(run, "omp:static", 4, 7)->status);
  run->list[6].status = strdup("failed");
  add(run, "pool:static", 4, 32);
  char *text = chart_of(run, &made);
  assert_int_equal(made, 1);
  has(text, "\nlane\tthreads (OpenMP)\t0\t1\t4\t2\t8\n"
            "lane\tthreads (OpenMP)\t1\t1\t5\t2\t8\n"
            "lane\tthreads (OpenMP)\t2\t1\t6\t2\t8\n"
            "lane\tthreads (OpenMP)\t3\t1\t7\t2\t8\n");
  has(text, "\nlane\tpool of processes\t3\t4\t28\t8\t32\n");
  has(text, "threads (OpenMP): worker 3 of 4 ends 2.00 s after the mean of the "
            "others\n");
  has_not(text, "\t16\n");
  free(text);
}

/* A worker that ends a nanosecond later than the others is not named. */
static void ends_that_look_alike_are_not_told_apart(void **state) {
  struct run *run = *state;
  size_t made = 0;
  struct record *r = add(run, "omp:static", 4, 8);
  for (size_t w = 0; w < 4; w++)
    r->worker_end_s.values[w] = 7.9 + 1e-9 * (double)w;
  char *text = chart_of(run, &made);
  has(text, "threads (OpenMP): its 4 workers end together, within 1% of "
            "its time\n");
  free(text);
  r->worker_end_s.values[2] = 7.99;
  text = chart_of(run, &made);
  has(text, "threads (OpenMP): worker 2 of 4 ends 90.0 ms after the mean of "
            "the others\n");
  free(text);
}

static void without_stamps_there_is_no_chart(void **state) {
  struct run *run = *state;
  size_t made = 1;
  struct record *r = add(run, "omp:static", 4, 8);
  free(r->worker_begin_s.values);
  r->worker_begin_s = (struct numbers){NULL, 0};
  char *text = chart_of(run, &made);
  assert_null(text);
  free(text);
  assert_int_equal(made, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_RUN(lanes_are_of_the_median_trial),
      IN_RUN(ends_that_look_alike_are_not_told_apart),
      IN_RUN(without_stamps_there_is_no_chart),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

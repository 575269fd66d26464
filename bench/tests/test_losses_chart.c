/* test_losses_chart.c: what the chart of losses is given: a bar for each
 * variant and number of workers, its terms in one order, credits in words, and
 * nothing where no breakdown is told.  How it is drawn: test_bars.sh. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/report/report.h"
#include "bench/tests/chart_fixture.h"
#include "bench/tests/distinct_fixture.h"
#include "bench/tests/text_fixture.h"

#include <unistd.h>

static const char name[] = "cube-first-7-losses";

static void share(struct result *r, enum term t, double value) {
  r->breakdown.share[t] = (struct interval){value, value - 0.01, value + 0.01};
}

/* A breakdown of these shares. */
static void tell(struct result *r, double serial, double join, double work) {
  r->breakdown = (struct breakdown){.told = true, .trials = 9 + r->workers};
  for (int t = 0; t < TERMS; t++)
    r->breakdown.share[t] =
        (struct interval){(double)NAN, (double)NAN, (double)NAN};
  share(r, TERM_SERIAL, serial);
  share(r, TERM_JOIN, join);
  share(r, TERM_WORK, work);
  share(r, TERM_USEFUL, 1 - serial - join - work);
}

static struct analysis told_analysis(void) {
  struct analysis a = distinct_analysis();
  tell(&a.results[2], 0.125, 0.0625, 0.25);
  tell(&a.results[3], 0.3125, 0.0625, 0.25);
  tell(&a.results[6], 0.25, 0.004, -0.0625);
  return a;
}

static char *chart_of(const struct analysis *a, struct charts *charts) {
  static char folder[64];
  struct problem problem = {""};
  snprintf(folder, sizeof folder, "/tmp/test_losses_chart.XXXXXX");
  *charts = (struct charts){.folder = folder};
  assert_non_null(mkdtemp(folder));
  assert_int_equal(report_chart_data(a, charts, &problem), 0);
  return take_chart(charts, name, "losses.gp");
}

static void a_bar_holds_its_terms_in_one_order(void **state) {
  (void)state;
  struct charts charts;
  struct analysis a = told_analysis();
  char *text = chart_of(&a, &charts);
  has(text, "\npart\tthreads (OpenMP)\t2\tuseful\t0.5625\n"
            "part\tthreads (OpenMP)\t2\tserial\t0.125\n"
            "part\tthreads (OpenMP)\t2\twork\t0.25\n"
            "part\tthreads (OpenMP)\t2\tjoin\t0.0625\n"
            "part\tthreads (OpenMP)\t4\tuseful\t0.375\n"
            "part\tthreads (OpenMP)\t4\tserial\t0.3125\n"
            "part\tthreads (OpenMP)\t4\twork\t0.25\n"
            "part\tthreads (OpenMP)\t4\tjoin\t0.0625\n"
            "part\tpool of processes\t4\tuseful\t0.8085\n"
            "part\tpool of processes\t4\tserial\t0.25\n"
            "part\tpool of processes\t4\twork\t-0.0625\n"
            "part\tpool of processes\t4\tjoin\t0.004\n");
  has(text, "\n# term: useful useful\n# term: serial idle while serial\n"
            "# term: work the same work taking longer\n"
            "# term: join joining\n");
  has(text, "# title: Cube mapping, first=7: threads on 4 workers: 31.2% of "
            "the cores' time is idle while serial\n");
  has(text, "means of 11 to 13 trials\n");
  has(text, "# note: of pool:static on 4 all parts are 6.25% more than 100%: "
            "beside serial it saves that much of what would be the same work "
            "taking longer\n");
  free(text);
  free(a.workloads[0].kernel); /* of a program there is no serial one */
  a.workloads[0].kernel = strdup(record_program);
  text = chart_of(&a, &charts);
  has(text, "more than 100%: beside one worker it saves");
  free(text);
  tell(&a.results[6], 0.25, 0.004, -0.009);
  text = chart_of(&a, &charts);
  has_not(text, "more than 100%"); /* nobody would see it */
  free(text);
  analysis_free(&a);
}

/* By the interval of the largest loss, and by how much it matters. */
static void a_title_is_as_strong_as_its_interval(void **state) {
  (void)state;
  struct charts charts;
  struct analysis a = told_analysis();
  a.results[3].breakdown.share[TERM_SERIAL].low = -0.01;
  char *text = chart_of(&a, &charts);
  has(text, "threads on 4 workers show no loss that is surely one\n");
  free(text);
  tell(&a.results[3], 0.03, 0.01, 0.01);
  text = chart_of(&a, &charts);
  has(text, "threads on 4 workers: 95.0% of the cores' time is useful\n");
  free(text);
  free(a.results[3].flags);
  a.results[3].flags = strdup("contended");
  text = chart_of(&a, &charts);
  has(text, "threads on 4 workers (contended): ");
  has(text, "\npale\tthreads (OpenMP)\t4\tuseful\t0.95\n");
  has(text, "# note: pale, contended: ");
  has_not(text, "hollow");
  free(text);
  analysis_free(&a);
}

static void nothing_is_drawn_of_what_is_not_told(void **state) {
  (void)state;
  struct charts charts;
  struct analysis a = told_analysis();
  a.results[6].breakdown.told = false;
  char *text = chart_of(&a, &charts);
  has_not(text, "pool");
  free(text);
  for (size_t i = 0; i < a.result_count; i++)
    a.results[i].breakdown.told = false;
  char folder[] = "/tmp/test_losses_chart.XXXXXX";
  struct problem problem = {""};
  charts = (struct charts){.folder = folder};
  assert_non_null(mkdtemp(folder));
  assert_int_equal(report_chart_data(&a, &charts, &problem), 0);
  for (size_t i = 0; i < charts.count; i++)
    assert_string_not_equal(charts.list[i].shows, "losses");
  free(take_chart(&charts, NULL, "dots.gp"));
  analysis_free(&a);
}

/* Of too many numbers of workers the most, half of them, and so on. */
static void many_counts_are_thinned(void **state) {
  (void)state;
  enum { COUNTS = 64 };
  struct charts charts;
  struct analysis a = told_analysis();
  size_t all = DISTINCT_RESULTS + COUNTS;
  a.results = reallocarray(a.results, all, sizeof *a.results);
  assert_non_null(a.results);
  for (int p = 1; p <= COUNTS; p++) {
    struct result *r = &a.results[a.result_count++];
    distinct_result(6, r);
    r->workers = p;
    tell(r, 0.2, 0.1, 0.1);
  }
  a.results[6].breakdown.told = false;
  char *text = chart_of(&a, &charts);
  has(text, "# note: 7 of 64 numbers of workers are drawn\n");
  has(text, "\npart\tpool of processes\t64\t");
  has(text, "\npart\tpool of processes\t32\t");
  has(text, "\npart\tpool of processes\t1\t");
  has_not(text, "\npart\tpool of processes\t63\t");
  free(text);
  analysis_free(&a);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_bar_holds_its_terms_in_one_order),
      cmocka_unit_test(a_title_is_as_strong_as_its_interval),
      cmocka_unit_test(nothing_is_drawn_of_what_is_not_told),
      cmocka_unit_test(many_counts_are_thinned),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_advice.c: what many worker counts show, of runs of which all is known:
 * the law, how many are enough, what siblings have brought, bounds; and what is
 * said of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/analyze/advice.h"
#include "bench/analyze/bounds.h"
#include "bench/report/answer.h"
#include "bench/report/report.h"
#include "bench/tests/analysis_fixture.h"
#include "bench/tests/chart_fixture.h"
#include "bench/tests/text_fixture.h"

#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 9 };

/* The backwards machine: the speedup is highest at 40, where it is 11.4. */
static double backwards_s(double p) {
  return 1 / p + 0.04 * (1 - 1 / p) + 0.0006 * (p - 1);
}

static double amdahl_s(double p) {
  return 0.05 + 0.95 / p;
}

static double pairs_s(double p) {
  return p <= 4 ? 1 / p : p <= 8 ? 1 / (4 + 0.3 * (p - 4)) : 1 / (5 + p / 40);
}

/* Rounds of serial and omp:static on so many workers, a permille apart. */
static void measure(struct run *run, double (*time_s)(double p),
                    const int64_t *workers, size_t counts) {
  run_empty(run);
  for (int i = 1; i <= ROUNDS; i++) {
    add(run, PILOT, "serial", 1, 1);
    add(run, PILOT, "omp:static", 1, 1);
    add(run, i, "serial", 1, 1);
    for (size_t k = 0; k < counts; k++)
      add(run, i, "omp:static", workers[k],
          time_s((double)workers[k]) *
              (1 + 0.001 * (double)((7 * i + 5 * (int)k) % 9 - 4)));
  }
}

static const struct model_result *model_of(const struct run *run,
                                           const char *scope) {
  return analysis_model(&run->analysis, &run->analysis.workloads[0],
                        "omp:static", scope);
}

static char *said(const struct run *run) {
  return printed(report_advice, &run->analysis);
}

static char *chart_of(const struct run *run, const char *scope) {
  char folder[] = "/tmp/test_advice.XXXXXX", name[40];
  struct problem problem = {""};
  struct charts charts = {.folder = folder};
  assert_non_null(mkdtemp(folder));
  assert_int_equal(report_chart_data(&run->analysis, &charts, &problem), 0);
  text_print(name, sizeof name, "cube-first-3-%s", scope);
  return take_chart(&charts, name, "lines.gp");
}

static void a_machine_that_goes_backwards(void **state) {
  struct run *run = *state;
  static const int64_t workers[] = {1, 2, 4, 8, 16, 64, 128};
  char line[REPORT_LINE];
  measure(run, backwards_s, workers, 7);
  analyse(run);
  const struct model_result *m = model_of(run, "region");
  assert_string_equal(m->law, "usl");
  assert_int_equal(m->workers.count, 7);
  near(m->serial.median, 0.04, 0.002);
  near(m->kappa.median, 0.0006, 0.00002);
  assert_true(m->kappa.low > 0 && m->kappa.low <= m->kappa.median);
  assert_int_equal(m->best_workers, 64);
  assert_int_equal(m->enough_workers, 64);
  assert_int_equal(m->half_from, 64);
  assert_int_equal(run->analysis.workloads[0].best_workers, 64);
  char *text = said(run);
  has(text, "best: 10.8× on 64 workers; 8.08× on 128; under 50% "
            "efficiency from 64 on");
  has(text, "turns at 40 workers, by the law and not by a trial");
  has_not(text, "11.4×");
  free(text);
  int columns =
      report_advice_line(&run->analysis, &run->analysis.workloads[0], line);
  assert_in_range(columns, 1, REPORT_ADVICE);
  has(line, "best: 10.8× on 64 workers; 8.08× on 128");
  has_not(line, "40");
  char *sentence = answer_sentence(&run->analysis, &run->analysis.workloads[0]);
  has(sentence, " Best: 10.8× on 64 workers; 8.08× on 128");
  free(sentence);
}

static void a_law_of_a_serial_part(void **state) {
  struct run *run = *state;
  static const int64_t workers[] = {1, 2, 4, 8, 16, 32};
  measure(run, amdahl_s, workers, 6);
  analyse(run);
  const struct model_result *m = model_of(run, "region");
  const struct model model = advice_model(m);
  assert_string_equal(m->law, "amdahl");
  near(m->serial.median, 0.05, 0.001);
  assert_int_equal(m->residuals.count, 6);
  for (size_t i = 0; i < 6; i++)
    near(m->residuals.values[i], 0, 0.003);
  near(model_speedup(&model, 64), 1 / amdahl_s(64), 0.1);
  assert_true(isnan(model_speedup(&model, 65)));
  const struct result *eight = find(run, "omp:static", 8);
  near(eight->apparent_fraction.median, 0.05, 0.001);
  near(eight->program_apparent_fraction.median, 0.05, 0.001);
  assert_true(isnan(eight->apparent_fraction_capacity.median));
  assert_true(isnan(find(run, "serial", 1)->apparent_fraction.median));
  char *text = said(run);
  has(text, "Amdahl's law fits 6 counts up to 32: an apparent serial "
            "fraction of 5.0");
  free(text);
}

/* The pilot's program was a quarter serial: 1 / (1/4 + 3/400) on a hundred. */
static void a_hundred_cores_are_a_prediction(void **state) {
  struct run *run = *state;
  static const int64_t workers[] = {1, 2, 4, 8};
  char line[REPORT_LINE];
  measure(run, amdahl_s, workers, 4);
  analyse(run);
  near(model_of(run, "program")->law_at_hundred.median, 1 / 0.2575, 1e-9);
  assert_true(isnan(model_of(run, "region")->law_at_hundred.median));
  char *text = said(run);
  has(text, "A hundred cores? By Amdahl's law and the measured fraction "
            "3.88×");
  /* 2.91 was the law's on eight, and 5.93 was measured: nothing to go by. */
  has(text, "a prediction; on 8 it had 2.91× for what was 5.9");
  has(text, "of 4 counts up to 8, too few for a law");
  free(text);
  report_advice_line(&run->analysis, &run->analysis.workloads[0], line);
  has_not(line, "100 cores");
}

static double crowded_s(double p) {
  return p > 2 ? 0.75 : 1 / p;
}

/* Of more workers than CPUs, which was asked for, that they wait for one is
 * what was to be seen. */
static void more_workers_than_cpus_are_told(void **state) {
  struct run *run = *state;
  static const int64_t workers[] = {1, 2, 8};
  char line[REPORT_LINE];
  measure(run, crowded_s, workers, 3);
  analyse(run);
  const struct workload_result *workload = &run->analysis.workloads[0];
  struct result *most = &run->analysis.results[run->analysis.result_count - 1];
  assert_int_equal(most->workers, 8);
  most->oversubscribed = 1;
  free(most->flags);
  most->flags = strdup("contended");
  assert_int_equal(analysis_most_workers(&run->analysis, workload), 2);
  report_advice_line(&run->analysis, workload, line);
  has(line, "best undisturbed: 2.00× on 2 workers; 1.33× on 8 (contended)");
  assert_ptr_equal(report_advice_widest(&run->analysis, workload), most);
  char *notes = printed(answer_notes, &run->analysis);
  has_not(notes, "contended");
  has_not(notes, "spoilt");
  has_not(notes, "end what else runs");
  has_not(notes, "more workers than CPUs");
  free(notes);
  /* The same of another variant, which has no row. */
  struct result *other = &run->analysis.results[0];
  assert_string_equal(other->requested, "serial");
  other->oversubscribed = 1;
  free(other->flags);
  other->flags = strdup("contended");
  notes = printed(answer_notes, &run->analysis);
  has(notes, "1 more point of more workers than CPUs: `coresweep report "
             "--full`.");
  free(notes);
}

static size_t count_of(const char *in, const char *words) {
  size_t count = 0;
  for (; (in = strstr(in, words)); in++)
    count++;
  return count;
}

static void two_counts_say_nothing(void **state) {
  struct run *run = *state;
  static const int64_t workers[] = {1, 2};
  char line[REPORT_LINE];
  measure(run, amdahl_s, workers, 2);
  analyse(run);
  assert_null(model_of(run, "region")->law);
  assert_int_equal(
      report_advice_line(&run->analysis, &run->analysis.workloads[0], line), 0);
  assert_string_equal(line, "");
  char *text = said(run);
  static const char once[] =
      "Two worker counts cannot be fitted: to tell of more takes three";
  has(text, once); /* of the region; of the program the law does */
  has(text, "A hundred cores? By Amdahl's law");
  assert_int_equal(count_of(text, once), 1);
  has_not(text, "Over the workers");
  has_not(text, "fits");
  free(text);
}

/* Regions too short for a law: of them there are no words about one. */
static void none_is_said_of_no_count(void **state) {
  struct run *run = *state;
  static const int64_t workers[] = {1, 2, 4};
  measure(run, amdahl_s, workers, 3);
  for (size_t i = 0; i < run->records.count; i++)
    run->list[i].region_s = 0.0005 / (double)run->list[i].workers;
  analyse(run);
  assert_int_equal(advice_model(model_of(run, "region")).counts, 0);
  char *text = said(run);
  has(text, "warm region");
  has_not(text, " 0 counts");
  free(text);
}

/* Four cores, their siblings, and another node. */
static void breaks_are_not_fitted_across(void **state) {
  struct run *run = *state;
  static const int64_t workers[] = {1, 2, 3, 4, 6, 8, 12, 16};
  run->environment.siblings_from = 5;
  run->environment.numa_from = 9;
  measure(run, pairs_s, workers, 8);
  run_analyse(run, &run->environment);
  const struct model_result *m = model_of(run, "region");
  assert_int_equal(m->workers.count, 4);
  near(m->workers.values[3], 4, 0);
  near(m->siblings_gain.median, 5.2 / 4, 0.01);
  near(m->numa_gain.median, 5.4 / 5.2, 0.01);
  assert_true(isnan(m->slower_gain.median));
  char *text = said(run);
  has(text, "From 5 workers on SMT siblings: they bring 1.30×");
  free(text);
  run->environment.siblings_from = run->environment.numa_from = FIELD_NULL;
}

/* Points that were disturbed, or share CPUs, are part of no curve; of short
 * regions there is no law. */
static void spoilt_points_are_left_out(void **state) {
  struct run *run = *state;
  static const int64_t workers[] = {1, 2, 4, 8, 16, 32};
  measure(run, amdahl_s, workers, 6);
  for (size_t i = 0; i < run->records.count; i++)
    if (run->list[i].workers == 32)
      run->list[i].oversubscribed = true;
    else if (run->list[i].workers == 16)
      run->list[i].region_s = 0.0005;
  analyse(run);
  assert_int_equal(model_of(run, "region")->workers.count, 4);
  assert_int_equal(model_of(run, "program")->workers.count, 5);
  assert_true(isnan(find(run, "omp:static", 32)->apparent_fraction.median));
}

/* The chart says how many are enough, and where half of the ideal is. */
static void charts_show_the_advice(void **state) {
  struct run *run = *state;
  static const int64_t workers[] = {1, 2, 4, 8, 16, 64, 128};
  static const char *const lines[] = {
      "# place: 64\tbest", "law\t50% efficiency\t-1\t1\t0.5\t-\t-",
      "law\t50% efficiency\t-1\t128\t64\t-\t-", NULL};
  measure(run, backwards_s, workers, 7);
  analyse(run);
  char *text = chart_of(run, "region");
  has_lines(text, lines);
  has(text, "\n# note: omp:static: best: 10.8× on 64 workers; 8.08× on "
            "128; under 50% efficiency from 64 on\n");
  free(text);
  struct result *most = &run->analysis.results[run->analysis.result_count - 1];
  assert_int_equal(most->workers, 128);
  free(most->flags);
  most->flags = strdup("contended");
  text = chart_of(run, "region");
  has(text, "est undisturbed: 10.8× on 64 workers; 8.08× on 128 (contended); "
            "under 50%");
  free(text);
  measure(run, amdahl_s, workers, 4);
  analyse(run);
  text = chart_of(run, "region");
  has(text, "\n# note: omp:static: best: ");
  has_not(text, "# place"); /* the most were the best */
  has_not(text, "50%");
  free(text);
}

static double quarter_s(double p) {
  return 0.25 + 0.75 / p;
}

/* A prediction: a word where axes are linear, and where they are logarithmic
 * the curve goes on. */
static void charts_go_on_to_a_hundred(void **state) {
  struct run *run = *state;
  static const int64_t workers[] = {1, 2, 4, 8, 16};
  measure(run, quarter_s, workers, 4);
  analyse(run);
  char *text = chart_of(run, "program");
  has(text, "\n# law: Amdahl, predicted from one-worker runs: 3.88× on 100\n");
  has_not(text, "# until");
  has_not(text, "\t100\t");
  free(text);
  measure(run, quarter_s, workers, 5);
  analyse(run);
  text = chart_of(run, "program");
  has(text, "\n# until: 100\n");
  has(text, "\nlaw\tlaw\t0\t100\t3.88349515\t-\t-\n");
  free(text);
  text = chart_of(run, "region");
  has_not(text, "# until");
  free(text);
  /* Off where it was measured, it is no word on a hundred. */
  measure(run, amdahl_s, workers, 5);
  analyse(run);
  text = chart_of(run, "program");
  has(text, "\n# law: Amdahl, predicted from one-worker runs\n");
  has_not(text, "# until");
  free(text);
}

static struct interval exactly(double x) {
  return (struct interval){x, x, x};
}

/* Four workers, 10 s: 12 of 40 core-seconds were useful, a speedup of 1.2. */
static struct breakdown broken_down(void) {
  struct breakdown b = {.told = true, .trials = ROUNDS};
  for (int t = 0; t < TERMS; t++)
    b.core_s[t] = b.share[t] = INTERVAL_NULL;
  for (int p = 0; p < PHASES; p++)
    b.serial_s[p] = INTERVAL_NULL;
  b.core_s[TERM_USEFUL] = exactly(12);
  b.share[TERM_USEFUL] = exactly(0.3);
  b.share[TERM_IMBALANCE] = (struct interval){0.3, 0.2, 0.35};
  b.share[TERM_SLOWER] = exactly(0.1);
  b.share[TERM_START] = exactly(0.05);
  b.share[TERM_DISPATCH] = exactly(-0.01); /* a loss below 0 is none */
  b.share[TERM_SENDING] = exactly(0.06);
  b.share[TERM_JOIN] = exactly(0.04);
  b.serial_s[PHASE_SETUP] = exactly(2);
  return b;
}

static void bounds_are_of_what_is_gone(void **state) {
  (void)state;
  struct breakdown b = broken_down();
  struct bounds bounds = bounds_of(&b, 4);
  near(bounds.balanced.median, 2, 1e-12);
  near(bounds.balanced.low, 1.2 / 0.7, 1e-12);
  near(bounds.balanced.high, 1.2 / 0.55, 1e-12);
  near(bounds.no_overheads.median, 1.2 / 0.85, 1e-12);
  /* 2 s by one are half a second by four. */
  near(bounds.setup_shared.median, 1.2 * 10 / 8.5, 1e-12);
  b.share[TERM_IMBALANCE] = b.share[TERM_SLOWER] = INTERVAL_NULL;
  b.serial_s[PHASE_SETUP] = INTERVAL_NULL;
  bounds = bounds_of(&b, 4);
  assert_true(isnan(bounds.balanced.median) &&
              isnan(bounds.setup_shared.median));
  b.told = false;
  assert_true(isnan(bounds_of(&b, 4).no_overheads.median));
}

static void bounds_are_said_where_they_matter(void **state) {
  struct run *run = *state;
  static const int64_t workers[] = {1, 2, 4};
  measure(run, amdahl_s, workers, 3);
  analyse(run);
  for (size_t i = 0; i < run->analysis.result_count; i++) {
    struct result *r = &run->analysis.results[i];
    r->breakdown = broken_down();
    r->breakdown.share[TERM_USEFUL] = exactly(0.87); /* 3.48 */
    r->breakdown.share[TERM_START] = exactly(0.001);
    r->breakdown.share[TERM_SENDING] = r->breakdown.share[TERM_JOIN] =
        exactly(0);
    bounds_result(r);
  }
  assert_true(isnan(find(run, "omp:static", 1)->if_balanced.median));
  near(find(run, "omp:static", 4)->if_balanced.median, 5.8, 1e-9);
  assert_true(isnan(find(run, "omp:static", 4)->region_if_balanced.median));
  char *text = said(run);
  has(text, "At most 5.8× (5.0–6.3) on 4 workers, were all workers done "
            "at once");
  has_not(text, "for nothing");
  free(text);
  text = chart_of(run, "program");
  has(text, "\n# note: if balanced: omp:static at most 5.8× (5.0–6.3) on 4 "
            "workers, were all workers done at once\n");
  has(text, "\nlaw\tif balanced\t-1\t2\t2.9\t-\t-\n"
            "law\tif balanced\t-1\t4\t5.8\t-\t-\n");
  has_not(text, "overheads");
  free(text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_RUN(a_machine_that_goes_backwards),
      IN_RUN(a_law_of_a_serial_part),
      IN_RUN(a_hundred_cores_are_a_prediction),
      IN_RUN(more_workers_than_cpus_are_told),
      IN_RUN(two_counts_say_nothing),
      IN_RUN(breaks_are_not_fitted_across),
      IN_RUN(none_is_said_of_no_count),
      IN_RUN(spoilt_points_are_left_out),
      IN_RUN(charts_show_the_advice),
      IN_RUN(charts_go_on_to_a_hundred),
      cmocka_unit_test(bounds_are_of_what_is_gone),
      IN_RUN(bounds_are_said_where_they_matter),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_verdict.c: what may be said of workloads, at each border of the rule. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/analyze/flags.h"
#include "bench/analyze/stats.h"
#include "bench/analyze/verdict.h"

#include <stdio.h>
#include <string.h>

/* Workloads with one point each on two CPUs, which is judged. */
enum { MOST = 12, TRIALS = 20 };

struct report {
  struct analysis analysis;
  struct workload_result workloads[MOST];
  struct result results[MOST];
  char names[MOST][24];
};

static char team[] = "omp:static", flags[] = "drift smt";

static void report_make(struct report *of, size_t workloads) {
  *of = (struct report){.analysis = {.workloads = of->workloads,
                                     .workload_count = workloads,
                                     .results = of->results,
                                     .result_count = workloads}};
  for (size_t i = 0; i < workloads; i++) {
    struct result *r = &of->results[i];
    snprintf(of->names[i], sizeof of->names[i], "w%zu", i);
    of->workloads[i].workload = r->workload = of->names[i];
    r->requested = team;
    r->workers = 2;
    r->flags = flags;
    r->program_speedup = (struct interval){1.2, 1.15, 1.3};
    r->program_law = INTERVAL_NULL;
    r->program_ratios.count = TRIALS;
    r->program_law_p = (double)NAN;
    r->program_speedup_p = 1;
  }
}

static enum verdict gain(struct report *of, size_t i) {
  assert_int_equal(verdicts_settle(&of->analysis), 0);
  return verdict_of(&of->analysis, &of->results[i], VERDICT_NO_GAIN);
}

static enum verdict law(struct report *of, size_t i) {
  assert_int_equal(verdicts_settle(&of->analysis), 0);
  return verdict_of(&of->analysis, &of->results[i], VERDICT_LAW);
}

static void words_of_a_point(void **state) {
  (void)state;
  static const struct {
    struct interval measured;
    double p;
    struct interval law; /* median 0: against 1 */
    enum verdict verdict;
  } cases[] = {
      {{1.2, 1.01, 1.3}, 0.05, {0, 0, 0}, VERDICT_ABOVE},
      {{0.9, 0.8, 0.99}, 0.05, {0, 0, 0}, VERDICT_BELOW},
      {{1, 0.96, 1.04}, 0.051, {0, 0, 0}, VERDICT_SAME},
      {{1, 0.94, 1.04}, 0.051, {0, 0, 0}, VERDICT_TOO_WIDE},
      {{1, 0.96, 1.06}, 0.051, {0, 0, 0}, VERDICT_TOO_WIDE},
      /* what a printed interval excludes is no verdict yet */
      {{1.1, 1.01, 1.2}, 0.051, {0, 0, 0}, VERDICT_TOO_WIDE},
      {{1.03, 1.01, 1.04}, 0.051, {0, 0, 0}, VERDICT_SAME},
      /* against the nearer end of a prediction */
      {{1.97, 1.75, 2.53}, 0.4, {2, 1.95, 2.05}, VERDICT_TOO_WIDE},
      {{1.9, 1.88, 1.94}, 0.01, {2, 1.95, 2.05}, VERDICT_BELOW},
      {{2.1, 2.06, 2.2}, 0.01, {2, 1.95, 2.05}, VERDICT_ABOVE},
      {{1.95, 1.91, 1.96}, 0.1, {2, 1.95, 2.05}, VERDICT_SAME},
      {{1.93, 1.88, 1.96}, 0.1, {2, 1.95, 2.05}, VERDICT_TOO_WIDE},
      {{13.2, 12.6, 14.6}, 0.1, {16.1, 12.8, 18.4}, VERDICT_TOO_WIDE},
      {{1.93, 1.85, 1.96}, 0.1, {2, 1.95, 2.05}, VERDICT_TOO_WIDE},
      {{2.02, 2.01, 2.04}, 1, {2, 1.95, 2.05}, VERDICT_SAME},
      {{1.2, 1.1, 1.3}, (double)NAN, {2, 0, 0}, VERDICT_NONE},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct report report;
    report_make(&report, 1);
    struct result *r = report.results;
    bool is_law = cases[i].law.median > 0;
    r->program_speedup = cases[i].measured;
    r->program_law = cases[i].law;
    *(is_law ? &r->program_law_p : &r->program_speedup_p) = cases[i].p;
    enum verdict is = is_law ? law(&report, 0) : gain(&report, 0);
    if (is != cases[i].verdict)
      fail_msg("case %zu: %d instead of %d", i, (int)is, (int)cases[i].verdict);
  }
}

/* Three workloads share 5%: the first at a third, the next at a half. */
static void holm_over_a_report(void **state) {
  (void)state;
  struct report report;
  report_make(&report, 3);
  struct result *r = report.results;
  r[0].program_speedup_p = 0.024;
  r[1].program_speedup_p = 0.016;
  r[2].program_speedup_p = 0.06;
  assert_int_equal(gain(&report, 0), VERDICT_ABOVE);
  assert_int_equal(gain(&report, 1), VERDICT_ABOVE);
  assert_int_equal(gain(&report, 2), VERDICT_TOO_WIDE);
  assert_int_equal(report.analysis.run.verdicts, 3);
  assert_true(report.analysis.run.verdict_level == 0.05);
  r[1].program_speedup_p = 0.017; /* above a third of 5% */
  for (size_t i = 0; i < 3; i++)
    assert_int_equal(gain(&report, i), VERDICT_TOO_WIDE);
  r[2].program_speedup_p = 0.016; /* makes room for the others */
  for (size_t i = 0; i < 3; i++)
    assert_int_equal(gain(&report, i), VERDICT_ABOVE);
}

/* A workload leaves its share to the others where it differs from both of its
 * nulls alone: one of them may still be true. */
static void a_share_is_left_by_both_nulls(void **state) {
  (void)state;
  struct report report;
  report_make(&report, 2);
  struct result *r = report.results;
  r[0].program_speedup_p = r[0].program_law_p = 0.001;
  r[0].program_law = (struct interval){2, 1.9, 2.1};
  r[1].program_speedup_p = 0.04;
  assert_int_equal(gain(&report, 1), VERDICT_ABOVE);
  r[0].program_law_p = 0.2;
  assert_int_equal(gain(&report, 0), VERDICT_ABOVE);
  assert_int_equal(law(&report, 0), VERDICT_TOO_WIDE);
  assert_int_equal(gain(&report, 1), VERDICT_TOO_WIDE);
}

/* Whatever p says; and their workloads count among the m all the same. */
static void too_few_trials(void **state) {
  (void)state;
  static const int64_t needs[][2] = {{1, 7}, {3, 7},  {4, 8},  {6, 8},
                                     {7, 9}, {12, 9}, {13, 10}};
  struct report report;
  for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
    assert_int_equal(verdict_trials(needs[i][0]), needs[i][1]);
  report_make(&report, MOST);
  for (size_t i = 0; i < MOST; i++) {
    report.results[i].program_speedup_p = 0.0039;
    report.results[i].program_ratios.count = 9;
  }
  assert_int_equal(gain(&report, 3), VERDICT_ABOVE);
  report.results[3].program_ratios.count = 8;
  assert_int_equal(gain(&report, 3), VERDICT_FEW);
  assert_int_equal(gain(&report, 4), VERDICT_ABOVE);
  assert_true(report.analysis.run.verdict_level == 0.05);
  report.results[5].program_ratios.count = 8;
  assert_int_equal(gain(&report, 4), VERDICT_ABOVE);
  assert_true(report.analysis.run.verdict_level == 0.025);
}

/* Of a workload omp:static at the most workers, wherever it stands. */
static void the_point_is_fixed(void **state) {
  (void)state;
  static char other[] = "pool:static", serial[] = "serial", copies[] = "copies";
  struct report report;
  report_make(&report, 5);
  struct analysis *a = &report.analysis;
  struct result *r = report.results;
  a->workload_count = 1;
  for (size_t i = 0; i < 5; i++) {
    r[i].workload = r[0].workload;
    r[i].program_speedup_p = 0.001;
  }
  r[0].requested = serial;
  r[1].requested = copies;
  r[2].requested = other;
  r[4].workers = 1;
  assert_ptr_equal(verdict_point(a, a->workloads), &r[3]);
  for (size_t i = 0; i < 5; i++)
    assert_int_equal(gain(&report, i), i == 3 ? VERDICT_ABOVE : VERDICT_NONE);
  r[3].requested = other;
  assert_ptr_equal(verdict_point(a, a->workloads), &r[2]);
  a->result_count = 2;
  assert_null(verdict_point(a, a->workloads));
  assert_int_equal(verdicts_settle(a), 0);
  assert_int_equal(a->run.verdicts, 0);
}

/* Whatever the interval says. */
static void what_spoils_a_point(void **state) {
  (void)state;
  for (int f = 0; f < FLAGS; f++) {
    char word[40];
    struct report report;
    report_make(&report, 1);
    struct result *r = report.results;
    r->flags = word;
    r->program_speedup = (struct interval){0.5, 0.4, 0.6};
    r->program_speedup_p = 0.001;
    bool spoils = f == FLAG_REFUSED || f == FLAG_CONTENDED ||
                  f == FLAG_THROTTLED || f == FLAG_SWAPPED;
    snprintf(word, sizeof word, "%s", flag_table[f].word);
    assert_int_equal(gain(&report, 0), spoils ? VERDICT_SPOILT : VERDICT_BELOW);
    assert_ptr_equal(flags_spoilt(r), spoils ? &flag_table[f] : NULL);
  }
}

/* By hand: 2 (1 + 9) / 512, 2 / 512, ...; ties are on neither side. */
static void sign_tests(void **state) {
  (void)state;
  double values[] = {0.9, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8};
  struct numbers ratios = {values, 9};
  const struct interval one = verdict_nothing_gained;
  assert_true(verdict_p(&ratios, one) == 20.0 / 512);
  values[0] = 1;
  assert_true(verdict_p(&ratios, one) == 20.0 / 512);
  values[0] = 1.05;
  assert_true(verdict_p(&ratios, one) == 2.0 / 512);
  assert_true(verdict_p(&ratios, (struct interval){2, 1.9, 2.1}) == 2.0 / 512);
  assert_true(verdict_p(&ratios, (struct interval){2, 1.7, 2.1}) ==
              2 * (1 + 9 + 36) / 512.0);
  assert_true(verdict_p(&ratios, (struct interval){1.4, 1.25, 1.45}) == 1);
  values[4] = (double)NAN; /* one fewer */
  assert_true(verdict_p(&ratios, one) == 2.0 / 256);
  assert_true(isnan(verdict_p(&ratios, INTERVAL_NULL)));
  ratios.count = 0;
  assert_true(isnan(verdict_p(&ratios, one)));
}

/* The interval is from the second to the eighth. */
static void what_is_far_off_makes_it_wide(void **state) {
  (void)state;
  double values[] = {1.01, 1.02, 1.03, 1.04, 1.05, 1.06, 1.07, 1.08, 1.01};
  const struct numbers ratios = {values, 9}, none = {values, 0};
  double width = verdict_half_width(&ratios);
  assert_true(fabs(width - log(1.08 / 1.01) / 2 / 1.59) < 1e-12);
  values[3] = (double)NAN; /* not known */
  assert_true(verdict_half_width(&ratios) == width);
  values[3] = 1.3;
  assert_true(fabs(verdict_half_width(&ratios) - log(1.3 / 1.01) / 2 / 1.59) <
              1e-12);
  values[3] = 0.8;
  assert_true(fabs(verdict_half_width(&ratios) - log(1.08 / 0.8) / 2 / 1.59) <
              1e-12);
  assert_true(isnan(verdict_half_width(&none)));
}

/* p is at most 5% where, and only where, the interval excludes it. */
static void p_and_interval_agree(void **state) {
  (void)state;
  for (size_t n = STATS_SAMPLES_MIN; n <= 60; n++)
    for (size_t fewer = 0; fewer <= n / 2; fewer++) {
      size_t k;
      assert_int_equal(stats_order_rank(n, STATS_LEVEL, &k), 0);
      assert_int_equal(stats_sign_p(n, fewer) <= 0.05, fewer < k);
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(words_of_a_point),
      cmocka_unit_test(holm_over_a_report),
      cmocka_unit_test(a_share_is_left_by_both_nulls),
      cmocka_unit_test(too_few_trials),
      cmocka_unit_test(the_point_is_fixed),
      cmocka_unit_test(what_spoils_a_point),
      cmocka_unit_test(sign_tests),
      cmocka_unit_test(what_is_far_off_makes_it_wide),
      cmocka_unit_test(p_and_interval_agree),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_sentences.c: what is said of a run, word for word, on results in which
 * no two numbers are equal: "above" is not "below", a region not a program. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/report/report.h"
#include "bench/report/titles.h"
#include "bench/tests/distinct_fixture.h"
#include "bench/tests/text_fixture.h"

/* omp:static on 4, whom sentences and titles speak of. */
enum { LEADER = 3 };

static void says(void (*print)(const struct analysis *, FILE *),
                 const struct analysis *a, const char *expected) {
  char *text = printed(print, a);
  assert_string_equal(text, expected);
  free(text);
}

#define WHO    "cube/first=7: omp:static with 4 workers "
#define WHOLE  ": 1.93× (1.89–1.99), 109 ms beside 211 ms"
#define REGION "; the region: 3.23× (3.17–3.33).\n"

static void sentences_tell_the_region_from_the_program(void **state) {
  (void)state;
  struct analysis a = distinct_analysis();
  struct result *r = &a.results[LEADER];
  says(report_sentences, &a,
       WHO "ran the whole program faster than serial" WHOLE
           ", above Amdahl's 1.79× (1.76–1.85)" REGION);
  r->program_law = INTERVAL_NULL;
  says(report_sentences, &a,
       WHO "ran the whole program faster than serial" WHOLE REGION);
  r->program_speedup = (struct interval){0.81, 0.79, 0.83};
  says(report_sentences, &a,
       WHO
       "ran the whole program slower than serial: 0.810× (0.790–0.830), 109 "
       "ms beside 211 ms" REGION);
  r->program_speedup = (struct interval){1.01, 0.96, 1.04};
  r->program_speedup_p = 0.06;
  says(report_sentences, &a,
       WHO "is not told apart from serial in the whole program: 1.01× "
           "(0.96–1.04), 109 ms beside 211 ms" REGION);
  r->program_speedup.high = 1.06;
  says(report_sentences, &a,
       WHO "ran the whole program, too wide to tell from serial: 1.01× "
           "(0.96–1.06), 109 ms beside 211 ms" REGION);
  r->program_speedup.low = (double)NAN;
  r->program_ratios.count = 5;
  says(report_sentences, &a,
       WHO "ran the whole program (too few trials for a verdict: 5, and 1 "
           "verdict needs 7): 1.01×, 109 ms beside 211 ms" REGION);
  a.run.verdicts = 12;
  r->program_speedup.low = 0.96;
  r->program_ratios.count = 8;
  says(report_sentences, &a,
       WHO "ran the whole program (too few trials for a verdict: 8, and 12 "
           "verdicts need 9): 1.01× (0.96–1.06), 109 ms beside 211 ms" REGION);
  r->program_speedup_p = (double)NAN; /* an analysis of before */
  says(report_sentences, &a,
       WHO
       "ran the whole program: 1.01× (0.96–1.06), 109 ms beside 211 ms" REGION);
  analysis_free(&a);
}

/* What spoilt it stands instead of a verdict, in the sentence and the titles.
 */
static void a_spoilt_point_is_given_no_verdict(void **state) {
  (void)state;
  struct analysis a = distinct_analysis();
  struct result *r = &a.results[LEADER];
  char title[REPORT_LINE];
  free(r->flags);
  r->flags = strdup("drift contended");
  says(report_sentences, &a,
       WHO "is given no verdict, as it is flagged contended (workers waited "
           "for a CPU, or others used it); the program" WHOLE
           ", beside Amdahl's 1.79× (1.76–1.85)" REGION);
  title_program(&a, a.workloads, r, title);
  assert_string_equal(title, "Cube mapping, first=7: threads (contended) at "
                             "1.93× on 4 workers");
  title_region(&a, a.workloads, r, title);
  assert_string_equal(title, "Cube mapping, first=7: threads (contended) run "
                             "the loop 3.23× as fast on 4 workers");
  title_overview(&a, 4, title);
  assert_string_equal(title, "4 workers (threads): 1 program beside serial, "
                             "not judged");
  analysis_free(&a);
}

/* Two workloads with the same numbers; the second's judged point is spoilt. */
static struct analysis one_of_two_is_spoilt(void) {
  struct analysis a = distinct_analysis(), b = distinct_analysis();
  size_t all = a.result_count;
  a.workloads = reallocarray(a.workloads, 2, sizeof *a.workloads);
  a.results = reallocarray(a.results, 2 * all, sizeof *a.results);
  assert_true(a.workloads && a.results);
  a.workloads[a.workload_count++] = *b.workloads;
  memcpy(a.results + all, b.results, all * sizeof *b.results);
  a.result_count += all;
  b.workload_count = b.result_count = 0;
  analysis_free(&b);
  free(a.workloads[1].workload);
  a.workloads[1].workload = strdup("cube/first=8");
  for (size_t i = all; i < a.result_count; i++) {
    free(a.results[i].workload);
    a.results[i].workload = strdup("cube/first=8");
  }
  free(a.results[all + LEADER].flags);
  a.results[all + LEADER].flags = strdup("contended");
  assert_int_equal(verdicts_settle(&a), 0);
  return a;
}

static void titles_do_not_count_what_is_spoilt(void **state) {
  (void)state;
  char title[REPORT_LINE];
  struct analysis a = one_of_two_is_spoilt();
  title_overview(&a, 4, title);
  assert_string_equal(title, "4 workers (threads): 1 of 1 programs run faster "
                             "than serial, 1 not judged");
  for (size_t i = 0; i < a.result_count; i++)
    a.results[i].program_law_residual = distinct_interval(0.07);
  title_residuals(&a, title);
  assert_string_equal(title, "1 of 1 program surely faster than predicted, 1 "
                             "not judged");
  free(a.results[LEADER].flags);
  a.results[LEADER].flags = strdup("contended");
  title_residuals(&a, title);
  assert_string_equal(title, "2 programs beside what one-worker runs "
                             "predicted");
  analysis_free(&a);
}

static void sentences_without_a_comparison(void **state) {
  (void)state;
  struct analysis a = distinct_analysis();
  size_t all = a.result_count;
  struct numbers *ratios = &a.results[LEADER].program_ratios;
  a.results[LEADER].program_speedup = INTERVAL_NULL;
  free(ratios->values);
  *ratios = (struct numbers){calloc(1, sizeof(double)), 0};
  says(report_sentences, &a,
       "cube/first=7: no round has both serial and omp:static yet.\n");
  free(ratios->values);
  ratios->values = NULL;
  says(report_sentences, &a,
       "cube/first=7: the speedup of omp:static is not told: analyze its run "
       "anew.\n");
  a.result_count = 1;
  says(report_sentences, &a, "cube/first=7: only serial was measured.\n");
  a.result_count = all;
  analysis_free(&a);
}

/* The table, the sentence and the title have one number and one word for a
 * point: program speedup 1.93 (1.89-1.99), and the law as given. */
static void one_point_is_told_in_one_way(void **state) {
  (void)state;
  static const struct {
    struct interval law;
    double p;
    const char *table, *sentence, *title;
  } cases[] = {
      {{3, 2.9, 3.1},
       0.01,
       "3.00×",
       ", below Amdahl's 3.00× (2.90–3.10); ",
       "threads at 1.93×, 35.7% below Amdahl's 3.00×"},
      {{1.5, 1.4, 1.6},
       0.01,
       "1.50×",
       ", above Amdahl's 1.50× (1.40–1.60); ",
       "threads at 1.93×, 28.7% above Amdahl's 1.50×"},
      {{1.95, 1.92, 1.97},
       0.06,
       "1.95×",
       ", not told apart from Amdahl's 1.95× (1.92–1.97); ",
       "threads at 1.93×, not told apart from Amdahl's 1.95×"},
      {{2.05, 1.995, 2.1},
       0.05,
       "2.05×",
       ", below Amdahl's 2.05× (2.00–2.10); ",
       "threads at 1.93×, 5.9% below Amdahl's 2.05×"},
      /* below, but by no number: the interval reaches past it */
      {{1.97, 1.965, 1.975},
       0.01,
       "1.97×",
       ", below Amdahl's 1.97× (1.97–1.98); ",
       "threads at 1.93×, below Amdahl's 1.97×"},
      {{1.8, 1.79, 1.8915},
       0.06,
       "1.80×",
       ", too wide to tell from Amdahl's 1.80× (1.79–1.89); ",
       "threads at 1.93×, too wide to tell from Amdahl's 1.80×"},
      {{2, (double)NAN, (double)NAN},
       (double)NAN,
       "2.00×",
       ", beside Amdahl's 2.00×; ",
       "threads at 1.93× on 4 workers"},
  };
  struct analysis a = distinct_analysis();
  struct result *r = &a.results[LEADER];
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char title[REPORT_LINE];
    r->program_law = cases[i].law;
    r->program_law_p = cases[i].p;
    char *text = printed(report_sentences, &a);
    has(text, cases[i].sentence);
    free(text);
    text = printed(report_table, &a);
    has(text, cases[i].table);
    free(text);
    title_program(&a, a.workloads, r, title);
    has(title, cases[i].title);
  }
  analysis_free(&a);
}

/* Of a control the known fraction stands beside the measured one, and what it
 * makes of the law where the interval excludes it. */
static void a_known_serial_fraction_is_checked(void **state) {
  (void)state;
  static const struct {
    double known, low, high;
    const char *words; /* NULL: nothing */
  } cases[] = {
      {(double)NAN, 0.24, 0.26, NULL},
      {0.245, 0.24, 0.26,
       "cube/first=7: the serial fraction is known, 24.5%; the pilot measured "
       "25.0% (24.0–26.0%).\n"},
      {0.1, 0.24, 0.26,
       "cube/first=7: the serial fraction is known, 10.0%; the pilot measured "
       "25.0% (24.0–26.0%), which excludes it: Amdahl's law gives 3.08× with 4 "
       "workers by the known one, 2.29× by the measured one.\n"},
      {0.4, 0.24, 0.26,
       "known, 40.0%; the pilot measured 25.0% (24.0–26.0%), which excludes "
       "it: Amdahl's law gives 1.82×"},
      {0.1, (double)NAN, (double)NAN, "the pilot measured 25.0%.\n"},
  };
  struct analysis a = distinct_analysis();
  struct workload_result *of = a.workloads;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    of->known_serial_fraction = cases[i].known;
    of->serial_fraction = (struct interval){0.25, cases[i].low, cases[i].high};
    char *text = printed(report_sentences, &a);
    if (cases[i].words)
      has(text, cases[i].words);
    else
      assert_null(strstr(text, "known"));
    free(text);
  }
  of->serial_fraction = INTERVAL_NULL; /* no pilot */
  char *text = printed(report_sentences, &a);
  assert_null(strstr(text, "known"));
  free(text);
  analysis_free(&a);
}

/* A reading, whatever the interval says. */
static void regions_get_no_verdict(void **state) {
  (void)state;
  struct analysis a = distinct_analysis();
  struct result *r = &a.results[LEADER];
  char text[REPORT_LINE];
  title_region(&a, a.workloads, r, text);
  assert_string_equal(text, "Cube mapping, first=7: threads run the loop 3.23× "
                            "as fast on 4 workers");
  r->speedup_abs = (struct interval){0.81, 0.79, 0.83};
  title_region(&a, a.workloads, r, text);
  assert_string_equal(text, "Cube mapping, first=7: threads run the loop "
                            "0.810× as fast on 4 workers");
  analysis_free(&a);
}

static void the_overview_counts_programs(void **state) {
  (void)state;
  char text[REPORT_LINE];
  struct analysis a = distinct_analysis();
  /* Regions are not programs: this one must not count. */
  a.results[LEADER].speedup_abs = (struct interval){0.5, 0.4, 0.6};
  /* Nor does the law. */
  a.results[LEADER].program_law = (struct interval){3, 2.9, 3.1};
  title_overview(&a, 4, text);
  assert_string_equal(
      text, "4 workers (threads): 1 of 1 programs run faster than serial");
  a.results[LEADER].program_speedup = (struct interval){0.5, 0.4, 0.6};
  title_overview(&a, 4, text);
  assert_string_equal(text, "4 workers (threads): 0 of 1 programs run faster "
                            "than serial, 1 slower");
  /* Not the point that is judged; or too few trials. */
  title_overview(&a, 1, text);
  assert_string_equal(
      text, "1 worker (threads): 1 program beside serial, not judged");
  a.results[LEADER].program_ratios.count = 6;
  title_overview(&a, 4, text);
  assert_string_equal(text, "4 workers (threads): 1 program beside serial, "
                            "not judged");
  analysis_free(&a);
}

static void baselines_are_named(void **state) {
  (void)state;
  char line[REPORT_LINE];
  struct analysis a = distinct_analysis();
  char *text = printed(report_method, &a);
  has(text, "  cube/first=7: serial 101 ms (99.0 ms–104 ms), program 211 ms "
            "(207 ms–217 ms), 75.0% of it parallel; with one worker: "
            "omp:static 103 ms (101 ms–106 "
            "ms), pool:static 107 ms (105 ms–110 ms)\n");
  has(text, "median of 3 timed regions");
  has(text, "(seed 71)");
  free(text);
  /* Programs of several regions say so, and a program without a region of its
     own has none. */
  a.workloads[0].repeat = 9;
  text = printed(report_method, &a);
  has(text, "serial 101 ms (99.0 ms–104 ms), program of 9 regions 211 ms (207 "
            "ms–217 ms), 75.0% of it parallel; with");
  free(text);
  a.workloads[0].repeat = 1;
  struct interval region_s = a.workloads[0].serial_region_s;
  a.workloads[0].serial_region_s = INTERVAL_NULL;
  text = printed(report_method, &a);
  has(text,
      "  cube/first=7: serial program of 1 region 211 ms (207 ms–217 ms)");
  free(text);
  a.workloads[0].serial_region_s = region_s;
  report_one_worker(&a, &a.workloads[0], SCOPE_REGION, line);
  assert_string_equal(line,
                      "with one worker: omp:static 103 ms, pool:static 107 ms");
  report_one_worker(&a, &a.workloads[0], SCOPE_PROGRAM, line);
  assert_string_equal(line,
                      "with one worker: omp:static 223 ms, pool:static 229 ms");
  static char other[] = "cube";
  const struct workload_result absent = {.workload = other};
  report_one_worker(&a, &absent, SCOPE_REGION, line);
  assert_string_equal(line, "");
  analysis_free(&a);
}

static void the_foot_says_how_workers_were_bound(void **state) {
  (void)state;
  char text[REPORT_LINE];
  struct analysis a = distinct_analysis();
  report_foot(&a, NULL, text);
  has(text, " · not bound · seed 71 · 2026-01-02");
  free(a.run.bind);
  a.run.bind = strdup("close");
  report_foot(&a, a.workloads, text);
  has(text, " · bound, siblings first · 1 000 000 integers · seed");
  analysis_free(&a);
}

static void add_check(struct analysis *a, const char *variant, double own_s,
                      double sweep_s, const char *contradicts) {
  struct cross_check *check = &a->checks[a->check_count++];
  fields_clear(check_fields, check);
  check->workload = strdup("cube");
  check->variant = strdup(variant);
  check->workers = strcmp(variant, "serial") == 0 ? 1 : 2;
  check->hyperfine_s = own_s;
  check->sweep_s = sweep_s;
  check->sweep_low_s = check->hyperfine_least_s = 0.5;
  check->hyperfine_speedup = 1.02;
  check->sweep_speedup = 1.93;
  check->contradicts = contradicts ? strdup(contradicts) : NULL;
}

/* Whom it contradicts, by how much, in which direction, and what then. */
static void the_cross_check_names_what_it_contradicts(void **state) {
  (void)state;
  struct analysis a = distinct_analysis();
  a.checks = calloc(5, sizeof *a.checks);
  says(report_cross_check, &a, "");
  add_check(&a, "serial", 1.1, 1, NULL);
  add_check(&a, "omp:static", 0.8, 1, NULL);
  add_check(&a, "fork:static", (double)NAN, 1, NULL); /* not compared */
  says(report_cross_check, &a,
       "hyperfine timed 2 of the same commands on its own, and contradicts 0; "
       "the farthest from the sweep's, cube, omp:static with 2 workers, took "
       "20.0% shorter.\n");
  a.checks[0].sweep_low_s = a.checks[1].hyperfine_least_s = (double)NAN;
  a.checks[2].sweep_low_s = (double)NAN;
  says(report_cross_check, &a,
       "hyperfine timed 2 of the same commands on its own, with too few runs "
       "to contradict; the farthest from the sweep's, cube, omp:static with 2 "
       "workers, took 20.0% shorter.\n");
  add_check(&a, "pool:static", 3, 1.5, "speedup");
  a.checks[0].contradicts = strdup("time");
  a.checks[1].contradicts = strdup("time");
  says(report_cross_check, &a,
       "hyperfine timed 3 of the same commands on its own, and contradicts 3 "
       "(no run of its in the sweep's interval); the farthest from the "
       "sweep's, cube, pool:static with 2 workers, took 100% longer.\n"
       "  cube, serial with 1 worker: 10.0% longer by hyperfine (1.10 s) than "
       "in the sweep (1.00 s): do not rely on its seconds.\n"
       "  cube, omp:static with 2 workers: 20.0% shorter by hyperfine (800 ms) "
       "than in the sweep (1.00 s): do not rely on its seconds; the speedup is "
       "not contradicted, 1.02× beside 1.93×.\n"
       "  cube, pool:static with 2 workers: 100% longer by hyperfine (3.00 s) "
       "than in the sweep (1.50 s), its speedup 1.02× instead of 1.93×: do not "
       "rely on either.\n");
  analysis_free(&a);
}

static void comparisons_name_both_sides(void **state) {
  (void)state;
  struct analysis a = distinct_analysis();
  for (size_t i = 0; i < a.result_count; i++)
    if (i != LEADER)
      a.results[i].blocks_over_textbook = INTERVAL_NULL;
  a.results[LEADER].roofline_share = (struct interval){0.93, 0.91, 0.96};
  a.results[LEADER].roofline_limit = strdup("memory");
  a.workloads->slower_method = strdup("cube/method=slow");
  a.workloads->method_gain = (struct interval){61.2, 57.1, 64.3};
  says(report_comparisons, &a,
       "cube/first=7: memory is the limit with 4 workers: omp:static moves "
       "93.0% (91.0–96.0%) of what the meter does.\n"
       "One better algorithm: cube/first=7 on one core is worth 61.2 "
       "(57.1–64.3) cores of cube/method=slow, if those gained all that they "
       "could.\n"
       "cube/first=7: on 4 workers the region in blocks takes 1.05× "
       "(1.03–1.08) the time of the plain directive.\n");
  static const char *const spoils[] = {"contended", "drift swapped",
                                       "throttled"};
  for (size_t i = 0; i < sizeof spoils / sizeof *spoils; i++) {
    free(a.results[LEADER].flags);
    a.results[LEADER].flags = strdup(spoils[i]);
    char *text = printed(report_comparisons, &a);
    assert_null(strstr(text, "is the limit"));
    free(text);
  }
  analysis_free(&a);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sentences_tell_the_region_from_the_program),
      cmocka_unit_test(titles_do_not_count_what_is_spoilt),
      cmocka_unit_test(sentences_without_a_comparison),
      cmocka_unit_test(one_point_is_told_in_one_way),
      cmocka_unit_test(a_spoilt_point_is_given_no_verdict),
      cmocka_unit_test(a_known_serial_fraction_is_checked),
      cmocka_unit_test(regions_get_no_verdict),
      cmocka_unit_test(the_overview_counts_programs),
      cmocka_unit_test(baselines_are_named),
      cmocka_unit_test(the_foot_says_how_workers_were_bound),
      cmocka_unit_test(the_cross_check_names_what_it_contradicts),
      cmocka_unit_test(comparisons_name_both_sides),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_sentences.c: what is said of a run, word for word, on results in which
 * no two numbers are equal: "above" is not "below", a region not a program. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/report/crossing.h"
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

#define REGION "cube/first=7: omp:static with 4 workers "
#define WHOLE  "; the whole program: 1.93× (1.89–1.99)."
#define LAW    "  Against one worker it gained 2.03× (1.99–2.09), "

static void sentences_tell_the_region_from_the_program(void **state) {
  (void)state;
  struct analysis a = distinct_analysis();
  struct result *r = &a.results[LEADER];
  says(report_sentences, &a,
       REGION "ran the region faster than serial: 3.23× (3.17–3.33)" WHOLE LAW
              "above Amdahl's 1.80× from 40.6% serial.\n");
  r->program_amdahl_predicted = (double)NAN;
  r->speedup_abs = (struct interval){0.81, 0.79, 0.83};
  says(report_sentences, &a,
       REGION "ran the region slower than serial: 0.810× (0.790–0.830)" WHOLE
              "\n");
  r->speedup_abs.high = 1.01;
  says(report_sentences, &a,
       REGION "is not shown to differ from serial in the region: 0.810× "
              "(0.790–1.01)" WHOLE "\n");
  r->speedup_abs.low = (double)NAN;
  says(report_sentences, &a,
       REGION "ran the region (too few rounds for an interval): 0.810×" WHOLE
              "\n");
  analysis_free(&a);
}

static void sentences_tell_above_from_below(void **state) {
  (void)state;
  static const struct {
    double predicted, low, high;
    const char *words;
  } cases[] = {
      {3, 2.9, 3.1, LAW "below Amdahl's 3.00× from 11.1% serial.\n"},
      {1.5, 1.4, 1.6, LAW "above Amdahl's 1.50× from 55.6% serial.\n"},
      {2, 1.9, 2.1,
       LAW "not told apart from Amdahl's 2.00× from 33.3% "
           "serial.\n"},
      {2, NAN, NAN, LAW "beside Amdahl's 2.00× from 33.3% serial.\n"},
  };
  struct analysis a = distinct_analysis();
  struct result *r = &a.results[LEADER];
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    r->program_amdahl_predicted = cases[i].predicted;
    r->program_amdahl_low = cases[i].low;
    r->program_amdahl_high = cases[i].high;
    char *text = printed(report_sentences, &a);
    has(text, cases[i].words);
    free(text);
  }
  analysis_free(&a);
}

static void is_title(void (*title)(const struct setting_result *,
                                   const struct result *, char *),
                     const struct analysis *a, const char *expected) {
  char text[REPORT_LINE];
  title(a->settings, &a->results[LEADER], text);
  assert_string_equal(text, expected);
}

static void titles_of_regions(void **state) {
  (void)state;
  struct analysis a = distinct_analysis();
  struct interval *speedup = &a.results[LEADER].speedup_abs;
  is_title(title_region, &a,
           "Cube mapping, first=7: threads run the loop 3.23× as fast on 4 "
           "workers");
  *speedup = (struct interval){0.81, 0.79, 0.83};
  is_title(title_region, &a,
           "Cube mapping, first=7: threads slow the loop down, to 0.810×, on 4 "
           "workers");
  speedup->high = 1.01;
  is_title(title_region, &a,
           "Cube mapping, first=7: no speedup of the loop is shown on 4 "
           "workers");
  speedup->low = (double)NAN;
  is_title(title_region, &a,
           "Cube mapping, first=7: threads at 0.810× on 4 workers");
  analysis_free(&a);
}

static void titles_of_programs(void **state) {
  (void)state;
  struct analysis a = distinct_analysis();
  struct interval *f = &a.settings->serial_fraction;
  is_title(title_program, &a,
           "Cube mapping, first=7: threads at 1.93×, 15.6% below Amdahl's "
           "2.29×");
  *f = (struct interval){0.5, 0.49, 0.51};
  is_title(title_program, &a,
           "Cube mapping, first=7: threads at 1.93×, 20.6% above Amdahl's "
           "1.60×");
  *f = (struct interval){0.36, 0.33, 0.39};
  is_title(title_program, &a,
           "Cube mapping, first=7: threads at 1.93×, not told apart from "
           "Amdahl's 1.92×");
  f->low = (double)NAN;
  is_title(title_program, &a,
           "Cube mapping, first=7: threads at 1.93× on 4 workers");
  analysis_free(&a);
}

static void the_overview_counts_programs(void **state) {
  (void)state;
  char text[REPORT_LINE];
  struct analysis a = distinct_analysis();
  /* Regions are not programs: this one must not count. */
  a.results[LEADER].speedup_abs = (struct interval){0.5, 0.4, 0.6};
  title_overview(&a, 4, text);
  assert_string_equal(
      text, "4 workers (threads): 1 of 1 programs run faster than serial");
  title_overview(&a, 1, text);
  assert_string_equal(text, "1 worker (threads): 0 of 1 programs run faster "
                            "than serial, 1 slower");
  analysis_free(&a);
}

static void baselines_are_named(void **state) {
  (void)state;
  char line[REPORT_LINE];
  struct analysis a = distinct_analysis();
  char *text = printed(report_method, &a);
  has(text, "  cube/first=7: serial 101 ms (99.0 ms–104 ms), program 211 ms "
            "(207 ms–217 ms); with one worker: omp:static 103 ms (101 ms–106 "
            "ms), pool:static 107 ms (105 ms–110 ms)\n");
  has(text, "median of 3 timed regions");
  has(text, "(seed 71)");
  free(text);
  report_one_worker(&a, "cube/first=7", true, line);
  assert_string_equal(line,
                      "with one worker: omp:static 103 ms, pool:static 107 ms");
  report_one_worker(&a, "cube/first=7", false, line);
  assert_string_equal(line,
                      "with one worker: omp:static 223 ms, pool:static 229 ms");
  report_one_worker(&a, "cube", true, line);
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
  report_foot(&a, a.settings, text);
  has(text, " · bound, siblings first · 1 000 000 integers · seed");
  analysis_free(&a);
}

static void the_cross_check_tells_the_worst(void **state) {
  (void)state;
  struct analysis a = distinct_analysis();
  a.checks = calloc(3, sizeof *a.checks);
  a.check_count = 3;
  for (size_t i = 0; i < 3; i++)
    fields_clear(check_fields, &a.checks[i]);
  a.checks[0].hyperfine_s = 1.1;
  a.checks[0].sweep_s = 1;
  a.checks[1].hyperfine_s = 0.8;
  a.checks[1].sweep_s = 1;
  says(report_cross_check, &a,
       "hyperfine timed 2 of the same commands on its own: its medians are "
       "within 25.0% of the sweep's.\n");
  analysis_free(&a);
}

static void comparisons_name_both_sides(void **state) {
  (void)state;
  struct analysis a = distinct_analysis();
  for (size_t i = 0; i < a.result_count; i++)
    if (i != LEADER)
      a.results[i].blocks_over_textbook = INTERVAL_NULL;
  a.results[LEADER].roofline_share = (struct interval){0.93, 0.91, 0.96};
  a.settings->slower_method = strdup("cube/method=slow");
  a.settings->method_gain = (struct interval){61.2, 57.1, 64.3};
  says(report_comparisons, &a,
       "cube/first=7: memory is the limit with 4 workers: omp:static moves "
       "93.0% (91.0%–96.0%) of what the meter does.\n"
       "One better algorithm: cube/first=7 on one core is worth 61.2 "
       "(57.1–64.3) cores of cube/method=slow, if those gained all that they "
       "could.\n"
       "cube/first=7: on 4 workers the region in blocks takes 1.05× "
       "(1.03–1.08) the time of the plain directive.\n");
  analysis_free(&a);
}

/* ---- break-even and granularity -------------------------------------------
 */

static struct setting cube;

/* Of `cube`, on sizes from 1000 to a million. */
static struct crossing_case case_of(enum crossing_question question) {
  struct problem problem = {""};
  struct crossing_case c = {.question = question,
                            .setting = &cube,
                            .variant = "omp:static",
                            .label = "threads",
                            .scope = "region",
                            .workers = 2,
                            .tasks = 10,
                            .limit = "memory",
                            .rounds = 15,
                            .grid_count = 1};
  assert_int_equal(setting_parse("cube", &cube, &problem), 0);
  c.search = (struct search){.low = 10, .high = 4194304};
  c.grids[0].sizes[0] = 1000;
  c.grids[0].sizes[1] = 1000000;
  c.grids[0].count = 2;
  return c;
}

static void add_crossing(struct crossing_case *c, double size, bool rising) {
  c->crossings[c->crossing_count++] =
      (struct crossing){{size, 0.9 * size, 1.2 * size}, rising};
}

static void is_sentence(const struct crossing_case *c, const char *expected) {
  char *text;
  FILE *out = text_open(&text);
  crossing_sentences(c, 1, out);
  fclose(out);
  assert_string_equal(text, expected);
  free(text);
}

#define CASE "cube, omp:static, 2 workers: "

static void sentences_on_break_even(void **state) {
  (void)state;
  struct crossing_case c = case_of(CROSSING_BREAKEVEN);
  c.outcome = CROSSING_FOUND;
  add_crossing(&c, 21800, false);
  is_sentence(&c, CASE "the warm region begins to beat serial at 21 800 "
                       "integers (19 600–26 200).\n");
  add_crossing(&c, 250000, true);
  c.scope = "program";
  is_sentence(&c, CASE "the whole program begins to beat serial at 21 800 "
                       "integers (19 600–26 200), and is slower than serial "
                       "past 250 000 integers (225 000–300 000).\n");
  c.crossing_count = 0;
  c.own.count = 1;
  c.own.sizes[0] = 5000;
  c.own_ratio = (struct interval){0.7, 0.6, 0.8};
  c.outcome = CROSSING_NEVER;
  is_sentence(&c, CASE "the whole program is not shown to beat serial at any "
                       "size up to 4 194 304 integers; at its own 5 000 "
                       "integers it is slower than serial: 0.700× "
                       "(0.600–0.800).\n");
  assert_string_equal(crossing_verdict((struct interval){1.2, 1.1, 1.3}),
                      "faster than serial");
  assert_string_equal(crossing_verdict((struct interval){1.2, 0.9, 1.3}),
                      "not told apart from serial");
}

/* The row of the case, below the table's head. */
static void is_row(const struct crossing_case *c, const char *expected) {
  char *text;
  FILE *out = text_open(&text);
  crossing_table(c, 1, out);
  fclose(out);
  has(text, expected);
  free(text);
}

static void rows_of_crossings(void **state) {
  (void)state;
  struct crossing_case c = case_of(CROSSING_BREAKEVEN);
  c.outcome = CROSSING_FOUND;
  c.lost = 3;
  add_crossing(&c, 21800, false);
  add_crossing(&c, 250000, true);
  add_crossing(&c, 900000, false);
  is_row(&c, "  2  21 800 integers (19 600–26 200)  slower again past 250 000 "
             "integers (225 000–300 000); faster again past 900 000 integers "
             "(810 000–1 080 000); 3 rounds left out: a trial failed\n");
  c.crossings[0].size.low = -(double)INFINITY;
  c.crossings[0].size.high = (double)INFINITY;
  c.crossing_count = 1;
  is_row(&c, "  21 800 integers (under 1 000–over 1 000 000)  ");
  c.crossing_count = 0;
  c.outcome = CROSSING_ALWAYS;
  c.search.count = 1;
  c.search.probes[0] = (struct search_probe){.size = 10, .decided = -1};
  is_row(&c, "  ≤ 10 integers      already at the smallest size");
  c.outcome = CROSSING_NEVER;
  c.search.probes[0].size = 4194304;
  c.search.probes[0].decided = 1;
  is_row(&c, "  > 4 194 304 integers  never up to 4 194 304 (limit: memory)");
}

static void sentences_on_granularity(void **state) {
  (void)state;
  struct crossing_case c = case_of(CROSSING_GRANULARITY);
  c.outcome = CROSSING_FOUND;
  c.metg = (struct crossing_metg){
      {4100, 3900, 4500}, {12.3e-6, 11.1e-6, 13.5e-6}, 1.05};
  is_sentence(&c, CASE "half efficient from tasks of 12.3 µs (11.1 µs–13.5 "
                       "µs) of serial time on, that is 4 100 integers (3 "
                       "900–4 500).\n");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sentences_tell_the_region_from_the_program),
      cmocka_unit_test(sentences_tell_above_from_below),
      cmocka_unit_test(titles_of_regions),
      cmocka_unit_test(titles_of_programs),
      cmocka_unit_test(the_overview_counts_programs),
      cmocka_unit_test(baselines_are_named),
      cmocka_unit_test(the_foot_says_how_workers_were_bound),
      cmocka_unit_test(the_cross_check_tells_the_worst),
      cmocka_unit_test(comparisons_name_both_sides),
      cmocka_unit_test(sentences_on_break_even),
      cmocka_unit_test(rows_of_crossings),
      cmocka_unit_test(sentences_on_granularity),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

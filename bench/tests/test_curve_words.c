/* test_curve_words.c: what is said and drawn of break-even and granularity,
 * word for word, on sizes, times and ratios of which no two are equal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/report/crossing.h"
#include "bench/tests/chart_fixture.h"

static struct workload cube;

/* Of `cube`, on sizes from 1000 to a million. */
static struct crossing_case case_of(enum crossing_question question) {
  struct problem problem = {""};
  struct crossing_case c = {.question = question,
                            .workload = &cube,
                            .variant = "omp:static",
                            .label = "threads",
                            .scope = "region",
                            .workers = 2,
                            .tasks = 10,
                            .limit = "memory",
                            .rounds = 15,
                            .grid_count = 1};
  assert_int_equal(workload_parse("cube", &cube, &problem), 0);
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
                       "integers it is slower than serial: 0.70× "
                       "(0.60–0.80).\n");
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
  const struct crossing_cases cases = {c, 1};
  char answer[REPORT_LINE], cell[2 * REPORT_LINE];
  struct page page = {.out = text_open(&text)};
  crossing_page_table(&page, &cases);
  fclose(page.out);
  text_print(cell, sizeof cell, "<td data-head=\"workers\">%u</td>",
             (unsigned)c->workers);
  has(text, cell);
  crossing_answer(c, answer);
  const char *interval = strstr(answer, " (");
  if (interval) /* it is smaller */
    answer[interval - answer] = '\0';
  has(text, strchr(answer, '>') ? "&gt; " : answer);
  has_not(strstr(text, "class=\"words\">"), "<small>");
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
  is_row(&c, "  2  21 800 integers (19 600–26 200)\n"
             "    slower again past 250 000 integers (225 000–300 000); faster "
             "again past\n    900 000 integers (810 000–1 080 000); 3 rounds "
             "left out: a trial failed\n");
  c.crossings[0].size.low = -(double)INFINITY;
  c.crossings[0].size.high = (double)INFINITY;
  c.crossing_count = 1;
  is_row(&c,
         "  21 800 integers (under 1 000–over 1 000 000)\n    3 rounds left ");
  c.crossing_count = 0;
  c.outcome = CROSSING_ALWAYS;
  c.lost = 0; /* then a line has room for all of it */
  c.search.count = 1;
  c.search.probes[0] = (struct search_probe){.size = 10, .decided = -1};
  is_row(&c, "  ≤ 10 integers      already at the smallest size");
  c.outcome = CROSSING_NEVER;
  c.search.probes[0].size = 4194304;
  c.search.probes[0].decided = 1;
  is_row(&c,
         "  > 4 194 304 integers\n    never up to 4 194 304 (limit: memory)");
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

/* ---- charts ----------------------------------------------------------------
 */

enum { ROUNDS = 6 };

/* The title of a curve. */
static void is_curve_title(const struct crossing_case *c,
                           const struct environment *environment,
                           const char *expected) {
  char folder[] = "/tmp/test_chart_words.XXXXXX";
  struct problem problem = {""};
  struct charts charts = {.folder = folder};
  assert_non_null(mkdtemp(folder));
  assert_int_equal(crossing_chart_data(c, 1, environment, &charts, &problem),
                   0);
  char *text = take_chart(&charts, NULL, "curve.gp");
  has(text, expected);
  free(text);
}

static void titles_of_curves(void **state) {
  (void)state;
  struct environment environment;
  struct crossing_case c = case_of(CROSSING_BREAKEVEN);
  fields_clear(environment_fields, &environment);
  c.grid_count = 0;
  c.outcome = CROSSING_NEVER;
  c.search.count = 1;
  c.search.probes[0].size = 4194304;
  c.search.probes[0].decided = 1;
  is_curve_title(&c, &environment,
                 "omp:static not shown to beat serial up to 4\u00a0194\u00a0"
                 "304\u00a0integers\n");
  c.outcome = CROSSING_ALWAYS;
  c.search.probes[0].size = 10;
  c.search.probes[0].decided = -1;
  is_curve_title(&c, &environment,
                 "omp:static beats serial from 10\u00a0integers\n");
}

static void a_curve_holds_speedups_or_efficiencies(void **state) {
  (void)state;
  /* serial 2 and 100 ms, on two workers 5 and 80 ms */
  double serial_s[2 * ROUNDS], parallel_s[2 * ROUNDS];
  struct problem problem = {""};
  struct environment environment;
  static const char *const lines[][9] = {
      {"# xlabel: integers", "# ylabel: speedup", "# unit: x",
       "# reference: 1\tno gain", "point\tthreads\t1\t1000\t0.4\t0.4\t0.4",
       "point\tthreads\t1\t50000\t1.25\t1.25\t1.25",
       "root\tthreads\t1\t21800\t1\t19200\t25100", NULL},
      {"# xlabel: serial time of one task", "# ylabel: efficiency", "# unit: %",
       "# reference: 50\thalf efficient",
       "hollow\tthreads\t1\t3.00000000e-05\t15\t-\t-",
       "point\tthreads\t1\t0.0002\t20\t20\t20",
       "point\tthreads\t1\t0.01\t62.5\t62.5\t62.5",
       "root\tthreads\t1\t0.0041\t50\t0.0039\t0.0043", NULL},
  };
  struct search_probe probe = {.size = 100};
  for (int i = 0; i < SEARCH_PAIRS; i++) {
    probe.serial_s[i] = 0.0003;
    probe.parallel_s[i] = 0.001;
  }
  fields_clear(environment_fields, &environment);
  for (int r = 0; r < ROUNDS; r++) {
    serial_s[r] = 0.002;
    parallel_s[r] = 0.005;
    serial_s[ROUNDS + r] = 0.1;
    parallel_s[ROUNDS + r] = 0.08;
  }
  for (int q = CROSSING_BREAKEVEN; q <= CROSSING_GRANULARITY; q++) {
    char folder[] = "/tmp/test_chart_words.XXXXXX";
    struct charts charts = {.folder = folder};
    struct crossing_case c = case_of((enum crossing_question)q);
    c.tasks = q == CROSSING_GRANULARITY ? 10 : 1;
    c.scope = "program";
    c.grids[0] =
        (struct crossing_grid){{1000, 50000}, serial_s, parallel_s, 2, ROUNDS};
    c.outcome = CROSSING_FOUND;
    c.metg =
        (struct crossing_metg){{4100, 3900, 4500}, {0.0041, 0.0039, 0.0043}, 1};
    c.crossings[0] = (struct crossing){{21800, 19200, 25100}, false};
    c.crossing_count = q == CROSSING_BREAKEVEN;
    c.search.count = 1;
    c.search.probes[0] = probe;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(
        crossing_chart_data(&c, 1, &environment, &charts, &problem), 0);
    char *text = take_chart(&charts,
                            q == CROSSING_BREAKEVEN ? "cube-breakeven"
                                                    : "cube-granularity",
                            "curve.gp");
    has_lines(text, lines[q]);
    has(text, q == CROSSING_BREAKEVEN
                  ? "omp:static beats serial from 21\u00a0800\u00a0integers\n"
                  : "omp:static half efficient at tasks of 4.10\u00a0ms\n");
    free(text);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sentences_on_break_even),
      cmocka_unit_test(rows_of_crossings),
      cmocka_unit_test(sentences_on_granularity),
      cmocka_unit_test(titles_of_curves),
      cmocka_unit_test(a_curve_holds_speedups_or_efficiencies),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

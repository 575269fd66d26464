/* test_cross_check.c: hyperfine's times beside the sweep's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/tests/analysis_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void hyperfine_stands_beside_the_sweep(void **state) {
  struct run *run = *state;
  struct problem unused;
  fill(run, 6);
  json_t *hyperfine = json_loads(
      "{\"results\": ["
      "{\"command\": \"cube/first=3|omp:static|2\", \"median\": 12.5},"
      "{\"command\": \"cube/first=3|serial|1\", \"median\": 50},"
      "{\"command\": \"sleep 1\", \"median\": 1},"
      "{\"command\": \"cube/first=3|omp:static|4\", \"median\": 10}"
      "]}",
      0, NULL);
  int status = analysis_make(&run->records, NULL, NULL, hyperfine,
                             &run->analysis, &unused);
  json_decref(hyperfine);
  assert_int_equal(status, 0);
  const struct cross_check *checks = run->analysis.checks;
  assert_int_equal(run->analysis.check_count, 3);
  assert_string_equal(checks[0].variant, "omp:static");
  assert_int_equal(checks[0].workers, 2);
  near(checks[0].hyperfine_speedup, 4, 1e-12);
  near(checks[0].sweep_speedup, 2.5, 1e-12); /* of the medians: 40 and 16 */
  assert_true(isnan(checks[2].sweep_s) && isnan(checks[2].sweep_speedup));
}

static const char *contradicted(struct run *run, const char *results,
                                size_t check) {
  struct problem unused;
  char text[600];
  snprintf(text, sizeof text, "{\"results\": [%s]}", results);
  json_t *hyperfine = json_loads(text, 0, NULL);
  assert_non_null(hyperfine);
  analysis_free(&run->analysis);
  int status = analysis_make(&run->records, NULL, NULL, hyperfine,
                             &run->analysis, &unused);
  json_decref(hyperfine);
  assert_int_equal(status, 0);
  return run->analysis.checks[check].contradicts;
}

#define SERIAL(median, least, most)                                            \
  "{\"command\": \"cube/first=3|serial|1\", \"median\": " #median              \
  ", \"min\": " #least ", \"max\": " #most "}"
#define TWO(median, least, most)                                               \
  "{\"command\": \"cube/first=3|omp:static|2\", \"median\": " #median          \
  ", \"min\": " #least ", \"max\": " #most "}"

/* In the sweep serial took 8 s to 8.7 s, two workers half of that. */
static void hyperfine_contradicts_what_it_excludes(void **state) {
  struct run *run = *state;
  for (int i = 1; i <= 8; i++) {
    double serial_region_s = 1 + 0.0125 * (i - 1);
    add(run, i, "serial", 1, serial_region_s);
    add(run, i, "omp:static", 2, serial_region_s / 2);
  }
  assert_null(contradicted(run, SERIAL(8.1, 7, 8.2) "," TWO(4, 3, 4.1), 0));
  assert_null(contradicted(run, SERIAL(8.1, 7, 8.2) "," TWO(4, 3, 4.1), 1));
  /* both a fifth slower: the speedup is as it was */
  static const char slower[] = SERIAL(9.7, 9.6, 9.8) "," TWO(4.9, 4.8, 5);
  assert_string_equal(contradicted(run, slower, 0), "time");
  assert_string_equal(contradicted(run, slower, 1), "time");
  near(run->analysis.checks[1].hyperfine_least_s, 4.8, 0);
  near(run->analysis.checks[1].sweep_low_s, 4, 1e-9);
  near(run->analysis.checks[1].sweep_high_s, 4.35, 1e-9);
  assert_string_equal(
      contradicted(run, SERIAL(7, 6.9, 7.1) "," TWO(3.5, 3.4, 3.6), 1), "time");
  /* one of them */
  static const char one[] = SERIAL(8.1, 8, 8.2) "," TWO(8, 7.9, 8.1);
  assert_null(contradicted(run, one, 0));
  assert_string_equal(contradicted(run, one, 1), "speedup");
  /* no range, no serial: what is not known contradicts nothing */
  assert_null(contradicted(run, TWO(8, null, null), 0));
  assert_string_equal(contradicted(run, TWO(8, 7.9, 8.1), 0), "time");
}

/* A command that is there several times has all of those runs, and one check.
 */
static void runs_in_turns_are_one_commands(void **state) {
  struct run *run = *state;
  fill(run, 6);
  static const char turns[] = TWO(4, 4, 4) "," SERIAL(8, 8, 8) "," TWO(
      6, 6, 6) "," SERIAL(9, 9, 9) "," TWO(5, 5, 5);
  (void)contradicted(run, turns, 0);
  const struct cross_check *checks = run->analysis.checks;
  assert_int_equal(run->analysis.check_count, 2);
  near(checks[0].hyperfine_s, 5, 0);
  near(checks[0].hyperfine_least_s, 4, 0);
  near(checks[0].hyperfine_most_s, 6, 0);
  near(checks[1].hyperfine_s, 8.5, 0);
  near(checks[0].hyperfine_speedup, 1.7, 1e-12);
}

/* Where a command runs serial regions as well, nothing is said of speedups. */
static void serial_inside_gives_no_speedup(void **state) {
  struct run *run = *state;
  for (int i = 1; i <= 8; i++) {
    add(run, i, "serial", 1, 1);
    set(&add(run, i, "omp:static", 2, 0.5)->beside, "serial");
  }
  static const char other[] = SERIAL(8, 7, 9) "," TWO(8, 7.9, 8.1);
  assert_string_equal(contradicted(run, other, 1), "time");
  const struct cross_check *checks = run->analysis.checks;
  near(checks[1].sweep_s, 4, 0);
  assert_true(isnan(checks[1].sweep_speedup));
  assert_true(isnan(checks[1].hyperfine_speedup));
  near(checks[0].sweep_speedup, 1, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_RUN(hyperfine_stands_beside_the_sweep),
      IN_RUN(hyperfine_contradicts_what_it_excludes),
      IN_RUN(runs_in_turns_are_one_commands),
      IN_RUN(serial_inside_gives_no_speedup),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

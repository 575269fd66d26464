/* test_widest.c: which widths decide how many trials there are to be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/commands/widest.h"
#include "bench/tests/analysis_fixture.h"

/* Nine rounds, each a little faster than the one before, and the last one as
 * it may be. */
static void fill_rounds(struct run *run, double last_s) {
  run_empty(run);
  for (int i = 1; i <= 9; i++) {
    add(run, i, "serial", 1, 2);
    add(run, i, "fork:static", 2, i < 9 ? 1 - 0.001 * i : last_s);
    add(run, i, "omp:static", 2, i < 9 ? 1 - 0.001 * i : last_s);
  }
}

static double width_of(struct run *run, width_look *look, const char *variant,
                       uint32_t iterations) {
  struct workload workload;
  struct problem problem;
  struct point point = {
      .workers = 2, .size = 1000, .iterations = iterations, .phase = "round"};
  double half_width;
  assert_int_equal(workload_parse("cube/first=3", &workload, &problem), 0);
  assert_int_equal(notation_parse_variant(variant, &point.variant, &problem),
                   0);
  point.workload = &workload;
  assert_int_equal(look(NULL, &run->records, &point, 1, &half_width, &problem),
                   0);
  return half_width;
}

/* A program that is far off takes a verdict away, and so asks for more. */
static void one_far_off_asks_for_more(void **state) {
  struct run *run = *state;
  fill_rounds(run, 0.5);
  near(width_of(run, widest_look_first, "omp:static", 0),
       log(0.999 / 0.5) / 2 / 1.59, 1e-9);
  /* But of no width that somebody asked for, no region, and no program that no
   * verdict is about. */
  double narrow = width_of(run, widest_look, "omp:static", 0);
  assert_true(narrow > 0.002 && narrow < 0.005);
  near(width_of(run, widest_look_first, "omp:static", 3), narrow, 1e-9);
  near(width_of(run, widest_look_first, "fork:static", 0), narrow, 1e-9);
}

/* And never for fewer than the interval does. */
static void an_interval_that_is_wider_counts(void **state) {
  struct run *run = *state;
  fill_rounds(run, 0.99);
  for (size_t i = 0; i < run->records.count; i++)
    if (run->list[i].round > 4 && run->list[i].workers == 2)
      run->list[i].program_s *= 1.5;
  double wide = width_of(run, widest_look, "omp:static", 0);
  assert_true(wide > 0.15);
  near(width_of(run, widest_look_first, "omp:static", 0), wide, 1e-12);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_RUN(one_far_off_asks_for_more),
      IN_RUN(an_interval_that_is_wider_counts),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

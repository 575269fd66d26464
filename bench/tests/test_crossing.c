/* test_crossing.c: break-even sizes and task granularities, on machines whose
 * answer is known. */
#include "bench/tests/crossing_fixture.h"

#include <omp.h>

enum { TASKS = 64 };

static void ladders_hold_different_sizes(void **state) {
  (void)state;
  double sizes[CROSSING_SIZES];
  assert_int_equal(crossing_ladder(1600, 2, 5, 1, 1e9, sizes), 5);
  assert_memory_equal(sizes, ((double[]){400, 800, 1600, 3200, 6400}),
                      5 * sizeof *sizes);
  assert_int_equal(crossing_ladder(1, sqrt(2), 7, 1, 1e9, sizes), 7);
  assert_memory_equal(sizes, ((double[]){1, 2, 3, 4, 5, 6, 8}),
                      7 * sizeof *sizes);
  assert_int_equal(crossing_ladder(1e6, sqrt(2), 9, 1, 1600, sizes), 9);
  near(sizes[0], 100, 0);
  near(sizes[8], 1600, 0);
  assert_int_equal(crossing_ladder(2, sqrt(2), 9, 1, 5, sizes), 5);
  near(sizes[4], 5, 0);
}

static void fits_find_the_polynomial(void **state) {
  (void)state;
  const double x[] = {1, 2, 3, 5, 8, 9};
  double y[6], c[3];
  for (int i = 0; i < 6; i++)
    y[i] = 3 - 2 * x[i] + 0.25 * x[i] * x[i];
  assert_true(crossing_fit(x, y, 6, 2, c));
  near(c[0], 3, 1e-11);
  near(c[1], -2, 1e-11);
  near(c[2], 0.25, 1e-12);
  y[1] = (double)NAN; /* what is not known is left out */
  y[2] = -(double)INFINITY;
  assert_true(crossing_fit(x, y, 6, 2, c));
  near(c[1], -2, 1e-11);
  const double line[] = {5, 7, 9};
  assert_true(crossing_fit(x, line, 3, 1, c));
  near(c[0], 3, 1e-12);
  near(c[1], 2, 1e-12);
  near(c[2], 0, 0);
  assert_false(crossing_fit(x, line, 2, 2, c));
  assert_false(crossing_fit((double[]){4, 4}, line, 2, 1, c));
}

static void heights_are_zero_at_the_answer(void **state) {
  (void)state;
  near(crossing_height(CROSSING_BREAKEVEN, 4, 2, 2), 0, 0);
  near(crossing_height(CROSSING_BREAKEVEN, 4, 1, 2), log(2), 1e-15);
  near(crossing_height(CROSSING_GRANULARITY, 4, 2, 1), 0, 0);
  near(crossing_height(CROSSING_GRANULARITY, 4, 1, 1), log(3), 1e-15);
  assert_true(crossing_height(CROSSING_GRANULARITY, 2, 4, 1) ==
              -(double)INFINITY);
  assert_true(isnan(crossing_height(CROSSING_BREAKEVEN, 2, (double)NAN, 1)));
  assert_true(isnan(crossing_height(CROSSING_GRANULARITY, 2, 1, 0)));
}

static void breakeven_is_where_the_machine_has_it(void **state) {
  (void)state;
  struct model m = machine;
  struct crossing found[2];
  double truth = breakeven_of(&m);
  struct crossing_grid grid = measured(&m, 1.5 * truth, 9, 1);
  assert_int_equal(crossing_breakeven(&grid, 1, 200, found), 1);
  assert_false(found[0].rising);
  near(found[0].size.median / truth, 1, 0.03); /* it is no true quadratic */
  near(found[0].size.high, found[0].size.low, 1e-6 * truth);
  release(&grid);
}

/* Of 200 noisy machines, the interval misses the noise-free answer in about
 * 5%; the bias of the quadratic is far below the noise. */
static void breakeven_intervals_cover(void **state) {
  (void)state;
  int covered = 0;
  for (uint64_t i = 0; i < 200; i++) {
    struct model m = machine;
    struct crossing found[2];
    m.noise = 0.1;
    m.seed = kernel_random(3, i);
    double truth = breakeven_of(&m);
    struct crossing_grid grid = measured(&m, truth, 9, 1);
    assert_int_equal(crossing_breakeven(&grid, i, 400, found), 1);
    near(log(found[0].size.median / truth), 0, 0.35);
    covered += found[0].size.low <= truth && truth <= found[0].size.high;
    release(&grid);
  }
  assert_in_range(covered, 178, 199);
}

static void both_crossings_are_found(void **state) {
  (void)state;
  /* T_par < T_serial between the roots of late n^2 - item n / 2 + fixed */
  struct model m = machine;
  struct crossing found[2];
  m.late_s = 1e-15;
  double root = sqrt(0.25e-18 - 4 * m.fixed_s * m.late_s);
  double low = (0.5e-9 - root) / (2 * m.late_s);
  double high = (0.5e-9 + root) / (2 * m.late_s);
  m.noise = 0.01;
  struct crossing_grid grid = measured(&m, sqrt(low * high), 9, 1);
  assert_int_equal(crossing_breakeven(&grid, 1, 400, found), 2);
  assert_false(found[0].rising);
  assert_true(found[1].rising);
  near(found[0].size.median / low, 1, 0.1);
  near(found[1].size.median / high, 1, 0.1);
  assert_true(found[0].size.high < found[1].size.low);
  release(&grid);
}

static void no_root_is_no_answer(void **state) {
  (void)state;
  struct model m = machine;
  struct crossing found[2];
  struct crossing_grid below = measured(&m, breakeven_of(&m) / 100, 9, 1);
  struct crossing_grid above = measured(&m, breakeven_of(&m) * 100, 9, 1);
  struct crossing_metg metg = crossing_metg(&below, 2, 1, 1, 100);
  assert_int_equal(crossing_breakeven(&below, 1, 100, found), 0);
  assert_int_equal(crossing_breakeven(&above, 1, 100, found), 0);
  assert_true(metg.items.median == (double)INFINITY);
  metg = crossing_metg(&above, 2, 1, 1, 100);
  assert_true(metg.items.median == -(double)INFINITY);
  below.count = 1; /* too few sizes */
  assert_int_equal(crossing_breakeven(&below, 1, 100, found), 0);
  assert_true(isnan(crossing_metg(&below, 2, 1, 1, 100).items.median));
  release(&below);
  release(&above);
}

/* A root at the edge of what was measured: some resamples have it outside,
 * and the bound says so instead of leaving them out. */
static void bounds_past_the_sizes_are_open(void **state) {
  (void)state;
  struct model m = machine;
  struct crossing found[2];
  m.noise = 0.1;
  struct crossing_grid grid = measured(&m, breakeven_of(&m) / 3.7, 9, 1);
  assert_int_equal(crossing_breakeven(&grid, 1, 400, found), 1);
  assert_true(found[0].size.high == (double)INFINITY);
  assert_true(isfinite(found[0].size.low));
  release(&grid);
}

static void metg_is_where_the_machine_has_it(void **state) {
  (void)state;
  struct model m = machine;
  double truth = metg_of(&m, TASKS);
  struct crossing_grid grid = measured(&m, truth * 1.3, 7, TASKS);
  struct crossing_metg metg = crossing_metg(&grid, 2, TASKS, 1, 200);
  near(metg.items.median / truth, 1, 1e-3); /* sizes are whole numbers */
  near(metg.task_s.median / (truth * m.item_s), 1, 1e-3);
  near(metg.slope, 1, 1e-3);
  assert_true(crossing_slope_usual(metg.slope));
  release(&grid);
  m.noise = 0.03;
  grid = measured(&m, truth, 7, TASKS);
  metg = crossing_metg(&grid, 2, TASKS, 1, 400);
  assert_true(metg.items.low < truth && truth < metg.items.high);
  near(log(metg.items.high / metg.items.low), 0, 0.3);
  release(&grid);
}

/* Where the cost of a task grows with its root, logit(E) has slope 1/2. */
static void other_slopes_are_flagged(void **state) {
  (void)state;
  struct model m = machine;
  struct crossing_grid grid = measured(&m, 1000, 7, 1);
  for (size_t i = 0; i < grid.count * ROUNDS; i++) {
    double n = grid.sizes[i / ROUNDS];
    grid.serial_s[i] = n;
    grid.parallel_s[i] = n / 2 + sqrt(n * 1000) / 2;
  }
  struct crossing_metg metg = crossing_metg(&grid, 2, 1, 1, 100);
  near(metg.slope, 0.5, 1e-9);
  near(metg.items.median, 1000, 1e-6);
  assert_false(crossing_slope_usual(metg.slope));
  assert_true(crossing_slope_usual(0.8) && crossing_slope_usual(1.2));
  assert_false(crossing_slope_usual(1.21));
  assert_false(crossing_slope_usual((double)NAN));
  release(&grid);
}

static void bootstraps_are_reproducible(void **state) {
  (void)state;
  struct model m = machine;
  struct crossing one[2], other[2];
  m.noise = 0.1;
  struct crossing_grid grid = measured(&m, breakeven_of(&m), 9, 1);
  int threads = omp_get_max_threads();
  crossing_breakeven(&grid, 5, 500, one);
  omp_set_num_threads(1);
  crossing_breakeven(&grid, 5, 500, other);
  omp_set_num_threads(threads);
  assert_memory_equal(&one[0].size, &other[0].size, sizeof one[0].size);
  crossing_breakeven(&grid, 6, 500, other);
  assert_true(one[0].size.low != other[0].size.low);
  assert_true(one[0].size.median == other[0].size.median);
  release(&grid);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ladders_hold_different_sizes),
      cmocka_unit_test(fits_find_the_polynomial),
      cmocka_unit_test(heights_are_zero_at_the_answer),
      cmocka_unit_test(breakeven_is_where_the_machine_has_it),
      cmocka_unit_test(breakeven_intervals_cover),
      cmocka_unit_test(both_crossings_are_found),
      cmocka_unit_test(no_root_is_no_answer),
      cmocka_unit_test(bounds_past_the_sizes_are_open),
      cmocka_unit_test(metg_is_where_the_machine_has_it),
      cmocka_unit_test(other_slopes_are_flagged),
      cmocka_unit_test(bootstraps_are_reproducible),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

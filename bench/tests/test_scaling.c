/* test_scaling.c: results where size grows with the workers, and where some of
 * them had nothing to do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/analyze/flags.h"
#include "bench/tests/run_fixture.h"

#include <math.h>

static void near(double value, double expected) {
  if (!(fabs(value - expected) <= 1e-9 * fabs(expected)))
    fail_msg("%.12g expected, got %.12g", expected, value);
}

/* Six rounds of serial, and of a team with as much work for each worker.  No
 * two numbers are the same. */
static void fill(struct run *run, bool weak) {
  run_empty(run);
  for (int64_t round = 1; round <= 6; round++)
    for (int64_t workers = 0; workers <= 4; workers += workers ? workers : 1) {
      bool serial = workers == 0;
      int64_t p = serial ? 1 : workers;
      struct record *r = run_add(run, "round", round, "spin",
                                 serial ? "serial" : "omp:static", p);
      r->size = weak ? 1000 * p : 1000;
      r->region_s = serial ? 1 : 1 + 0.1 * (double)p;
      r->region_first_s = 3 * r->region_s;
      r->program_s = serial ? 5 : 7 + 0.3 * (double)p;
      r->wall_s = 11 * r->program_s;
    }
}

/* Under weak scaling, throughputs are compared: twice the work in the same time
 * is a speedup of two. */
static void test_weak_scaling(void **state) {
  struct run *run = *state;
  for (int weak = 0; weak < 2; weak++) {
    fill(run, weak);
    run_analyse(run, &run->environment);
    for (int64_t p = 1; p <= 4; p *= 2) {
      const struct result *r = run_find(run, "spin", "omp:static", p);
      double more = weak ? (double)p : 1, x = (double)p;
      near(r->speedup_abs.median, more / (1 + 0.1 * x));
      near(r->speedup_abs.low, more / (1 + 0.1 * x));
      near(r->speedup_abs.high, more / (1 + 0.1 * x));
      near(r->speedup_rel.median, more * 1.1 / (1 + 0.1 * x));
      near(r->program_speedup.median, more * 5 / (7 + 0.3 * x));
      near(r->program_speedup_rel.median, more * 7.3 / (7 + 0.3 * x));
      near(r->efficiency.median, more / (1 + 0.1 * x) / x);
      near(r->items_per_s.median, more * 1000 / (1 + 0.1 * x));
      near(r->region_ratios.values[0], more / (1 + 0.1 * x));
      near(r->program_ratios.values[0], more * 5 / (7 + 0.3 * x));
      near(r->region_first_s.median, 3 * r->region_s.median);
      near(r->wall_s.median, 11 * r->program_s.median);
    }
  }
}

/* The trial with the fewest workers at work decides. */
static void test_idle_workers(void **state) {
  struct run *run = *state;
  for (int64_t seen = 2; seen <= 4; seen++) {
    fill(run, false);
    run->list[11].workers_seen = seen;
    assert_int_equal(run->list[11].workers, 4);
    run_analyse(run, &run->environment);
    const struct result *r = run_find(run, "spin", "omp:static", 4);
    assert_int_equal(r->workers_seen, seen);
    assert_int_equal(flag_is_set(r, FLAG_IDLE), seen < 4);
    assert_false(
        flag_is_set(run_find(run, "spin", "omp:static", 2), FLAG_IDLE));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_RUN(test_weak_scaling),
      IN_RUN(test_idle_workers),
  };
  return cmocka_run_group_tests_name("scaling", tests, NULL, NULL);
}

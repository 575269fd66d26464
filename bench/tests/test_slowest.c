/* test_slowest.c: the speedup against serial on the slowest of the CPUs in
 * use. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/tests/analysis_fixture.h"

/* A trial on CPUs 4 and 7 in one block, S on one and S on the other. */
static struct record *add_block(struct run *run, int64_t round, double on_4_s,
                                double on_7_s, double own_s) {
  const double times_s[] = {on_4_s, own_s, 9, on_7_s},
               cpus[] = {4, NAN, NAN, 7};
  struct record *r = add(run, round, "omp:static", 2, own_s);
  r->cpus = numbers_of(2, 4);
  r->cpus.values[1] = 7;
  set(&r->beside, "serial");
  set(&r->turns, "SPcS|");
  r->turns_s = numbers_of(4, 0);
  r->turns_cpu = numbers_of(4, 0);
  memcpy(r->turns_s.values, times_s, sizeof times_s);
  memcpy(r->turns_cpu.values, cpus, sizeof cpus);
  r->turns_ratio = sqrt(on_4_s * on_7_s) / own_s;
  return r;
}

/* Serial takes 1.1 to 1.9 of the team's time on CPU 4, and three times the
 * middle one of those on CPU 7. */
static void fill_blocks(struct run *run, int rounds) {
  run_empty(run);
  for (int i = 1; i <= rounds; i++) {
    double own_s = 1 + i % 3; /* the trials' own speed is in both */
    add_block(run, i, (1 + 0.1 * i) * own_s, 3 * (2 - 0.1 * i) * own_s, own_s);
  }
}

static void the_slowest_is_told(void **state) {
  struct run *run = *state;
  fill_blocks(run, 9);
  analyse(run);
  const struct result *r = find(run, "omp:static", 2);
  assert_int_equal(r->slowest_cpu, 7);
  near(r->speedup_slowest.median, 4.5, 1e-12);
  near(r->speedup_abs.median, sqrt(3 * 1.3 * 1.7), 1e-12);
}

/* One of two: at 97.5% each, nine hold the median from the first to the last,
 * where one alone would be from the second to the last but one. */
static void its_interval_is_of_all_at_once(void **state) {
  struct run *run = *state;
  fill_blocks(run, 9);
  analyse(run);
  const struct result *r = find(run, "omp:static", 2);
  near(r->speedup_slowest.low, 3.3, 1e-12);
  near(r->speedup_slowest.high, 5.7, 1e-12);
}

/* The ends are the largest of all CPUs', whichever has the largest median. */
static void ends_may_be_anothers(void **state) {
  struct run *run = *state;
  run_empty(run);
  for (int i = 1; i <= 9; i++)
    add_block(run, i, i == 9 ? 8 : 2, i == 1 ? 1 : 2.125, 1);
  analyse(run);
  const struct result *r = find(run, "omp:static", 2);
  assert_int_equal(r->slowest_cpu, 7);
  near(r->speedup_slowest.median, 2.125, 1e-12);
  near(r->speedup_slowest.low, 2, 1e-12);
  near(r->speedup_slowest.high, 8, 1e-12);
}

static void untold(struct run *run) {
  analyse(run);
  const struct result *r = find(run, "omp:static", 2);
  assert_true(isfinite(r->speedup_abs.median));
  assert_true(isnan(r->speedup_slowest.median));
  assert_true(isnan(r->speedup_slowest.low));
  assert_int_equal(r->slowest_cpu, FIELD_NULL);
}

/* Nine blocks on each CPU: not eight on one, none of a bad round's, and none
 * that is not beside serial, or whose CPUs are not known. */
static void nine_blocks_on_each(void **state) {
  struct run *run = *state;
  fill_blocks(run, 8);
  untold(run);
  fill_blocks(run, 9);
  set(&run->list[8].turns, "SPcs|");
  untold(run);
  fill_blocks(run, 10);
  set(&run->list[3].status, "wrong");
  analyse(run);
  assert_int_equal(find(run, "omp:static", 2)->slowest_cpu, 7);
  fill_blocks(run, 9);
  for (int i = 0; i < 9; i++) {
    free(run->list[i].cpus.values);
    run->list[i].cpus = (struct numbers){NULL, 0};
  }
  untold(run);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_RUN(the_slowest_is_told),
      IN_RUN(its_interval_is_of_all_at_once),
      IN_RUN(ends_may_be_anothers),
      IN_RUN(nine_blocks_on_each),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

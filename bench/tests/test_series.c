/* test_series.c: which series a run has, and in which order they stand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/tests/run_fixture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Workloads and variants as they first ran, here in the pilot, which knows one
 * worker alone; workers ascending.  Names are in no such order. */
static void results_stand_as_they_first_ran(void **state) {
  struct run *run = *state;
  static const char *const workloads[] = {"cube", "adler32", "spin", "block"};
  static const char *const variants[] = {"serial", "pool:static", "omp:static",
                                         "omp:dynamic"};
  char line[80], expected[80];
  size_t k = 0;
  for (int w = 0; w < 4; w++)
    for (int v = 0; v < 4; v++)
      run_add(run, "pilot", FIELD_NULL, workloads[w], variants[v], 1);
  for (int v = 3; v >= 0; v--)
    for (int w = 3; w >= 0; w--)
      for (int64_t workers = v ? 4 : 1; workers >= 1; workers /= 2)
        run_add(run, "round", 1, workloads[w], variants[v], workers)->region_s =
            1;
  run_analyse(run, NULL);
  assert_int_equal(run->analysis.workload_count, 4);
  assert_int_equal(run->analysis.result_count, 4 * (1 + 3 * 3));
  for (int w = 0; w < 4; w++) {
    assert_string_equal(run->analysis.workloads[w].workload, workloads[w]);
    for (int v = 0; v < 4; v++)
      for (int64_t workers = 1; workers <= (v ? 4 : 1); workers *= 2) {
        const struct result *r = &run->analysis.results[k++];
        snprintf(line, sizeof line, "%s %s %d", r->workload, r->requested,
                 (int)r->workers);
        snprintf(expected, sizeof expected, "%s %s %d", workloads[w],
                 variants[v], (int)workers);
        assert_string_equal(line, expected);
        assert_int_equal(r->n, 1);
      }
  }
}

/* A team that only the pilot has had says nothing of who worked. */
static void a_pilot_is_no_round(void **state) {
  struct run *run = *state;
  run_add(run, "pilot", FIELD_NULL, "cube", "serial", 1);
  run_add(run, "pilot", FIELD_NULL, "cube", "omp:static", 1);
  for (int64_t round = 1; round <= 3; round++) {
    run_add(run, "round", round, "cube", "serial", 1)->region_s = 2;
    run_add(run, "round", round, "cube", "omp:static", 2)->region_s = 1;
  }
  run_analyse(run, NULL);
  const struct result *r = run_find(run, "cube", "omp:static", 1);
  assert_int_equal(r->n, 0);
  assert_int_equal(r->workers_seen, FIELD_NULL);
  assert_true(!r->flags || !strstr(r->flags, "idle-workers"));
}

/* Three rounds of a team whose regions took turns with serial ones, and whose
 * programs have trials of their own: so what its round's serial took, and its
 * own program beside regions, count for nothing. */
static void add_rounds(struct run *run, bool programs) {
  for (int64_t round = 1; round <= 3; round++) {
    struct record *serial = run_add(run, "round", round, "cube", "serial", 1);
    struct record *team = run_add(run, "round", round, "cube", "omp:static", 2);
    struct record *fork =
        run_add(run, "round", round, "cube", "fork:static", 2);
    serial->region_s = 8;
    team->region_s = 2;
    team->beside = strdup("serial");
    team->turns_ratio = 1.5 + 0.125 * (double)round;
    fork->region_s = 4;
    serial->region_first_s = team->region_first_s = fork->region_first_s = 9;
    serial->program_s = 20;
    team->program_s = 10;
    fork->program_s = 16;
    for (int k = 0; programs && k < 4; k++) {
      static const char *const order[] = {"serial", "omp:static", "fork:static",
                                          "serial"};
      struct record *r =
          run_add(run, "program", round, "cube", order[k], k % 3 ? 2 : 1);
      r->region_first_s = 1;
      r->program_s = k == 0 ? 2 : k == 3 ? 8 : k;
      r->wall_s = 3 * r->program_s;
    }
  }
  run_analyse(run, NULL);
}

static void assert_speedups(const struct run *run, const char *variant,
                            double region, double program) {
  const struct result *r = run_find(run, "cube", variant, 2);
  assert_true(fabs(r->speedup_abs.median - region) < 1e-9);
  assert_true(fabs(r->efficiency.median - region / 2) < 1e-9);
  assert_true(fabs(r->program_speedup.median - program) < 1e-9);
  assert_int_equal(r->n, 3);
  assert_int_equal(r->region_ratios.count, 3);
}

static void regions_by_what_took_turns_with_them(void **state) {
  struct run *run = *state;
  add_rounds(run, false);
  assert_speedups(run, "omp:static", 1.75, 2);
  assert_speedups(run, "fork:static", 2, 1.25);
}

/* Several have built the input: no program's time, even where no program ran.
 */
static void no_program_is_built_by_several(void **state) {
  struct run *run = *state;
  add_rounds(run, false);
  for (size_t i = 0; i < run->records.count; i++)
    run->records.list[i].builders = run->records.list[i].workers;
  run_analyse(run, NULL);
  assert_true(isfinite(run_find(run, "cube", "serial", 1)->program_s.median));
  const struct result *r = run_find(run, "cube", "omp:static", 2);
  assert_true(isnan(r->program_s.median));
  assert_true(isnan(r->program_speedup.median));
  assert_true(fabs(r->speedup_abs.median - 1.75) < 1e-9);
}

static void programs_by_those_around_them(void **state) {
  struct run *run = *state;
  add_rounds(run, true);
  /* sqrt(2 x 8) is what serial took. */
  assert_speedups(run, "omp:static", 1.75, 4);
  assert_speedups(run, "fork:static", 2, 2);
  assert_true(run_find(run, "cube", "fork:static", 2)->wall_s.median == 6);
  assert_true(run_find(run, "cube", "serial", 1)->wall_s.median == 12);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_RUN(a_pilot_is_no_round),
      IN_RUN(results_stand_as_they_first_ran),
      IN_RUN(regions_by_what_took_turns_with_them),
      IN_RUN(no_program_is_built_by_several),
      IN_RUN(programs_by_those_around_them),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

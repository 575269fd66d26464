/* test_series.c: which series a run has, and in which order they stand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/tests/run_fixture.h"

#include <stdio.h>

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

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_RUN(results_stand_as_they_first_ran),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

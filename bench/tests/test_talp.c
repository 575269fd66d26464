/* test_talp.c: TALP's efficiencies, of regions and programs of which it is
 * known where their workers are idle. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/tests/breakdown_fixture.h"

static const char work[] = "cube/first=3";

/* Of 16 core-seconds 11.5 are inside chunks; 2 and 1/2 idle for the last one,
 * of which 1/2 as it waited for a CPU and 1 as they had nothing to do. */
static const struct lost lost = {.one_s = 8,
                                 .off_cpu_s = 1.5,
                                 .work_s = 2,
                                 .uneven_s = 1,
                                 .late_off_cpu_s = 0.5,
                                 .few_s = 1,
                                 .start_s = 0.5,
                                 .late_start_s = 0.25,
                                 .dispatch_s = 0.25,
                                 .send_s = 0.5,
                                 .join_s = 0.5};

static void is(const struct interval *i, double value) {
  near_to(i->median, value);
  near_to(i->low, value);
  near_to(i->high, value);
}

static void regions_have_two(void **state) {
  struct run *run = *state;
  run_empty(run);
  lost_regions(run, work, "omp:static", 4, &lost, 1);
  run_analyse(run, NULL);
  const struct result *r = run_find(run, work, "omp:static", 4);
  near_to(lost_total_s(&lost), 16);
  is(&r->region_talp.load_balance, 13.5 / 16);
  is(&r->region_talp.scheduling, 11.5 / 13.5);
  assert_true(isnan(r->talp.load_balance.median)); /* no program was run */
  assert_true(isnan(r->talp.serialization.median));
  assert_true(isnan(r->talp.scheduling.median));
  const struct result *one = run_find(run, work, "serial", 1);
  assert_true(isnan(one->region_talp.load_balance.median));
}

/* One worker is busy for 3 s of serial phases, two regions follow. */
static void programs_have_three(void **state) {
  struct run *run = *state;
  run_empty(run);
  const struct lost one = {.one_s = 8};
  for (int64_t round = 1; round <= LOST_ROUNDS; round++)
    for (int64_t p = 1; p <= 4; p += 3) {
      struct record *r = lost_add(run, "program", round, work,
                                  p == 1 ? "serial" : "omp:static", p);
      r->repeat = 2;
      r->setup_s = 2;
      r->start_s = r->touch_s = 0;
      r->finish_s = 0.75;
      r->close_s = 0.25;
      r->program_sums = lost_sums(p == 1 ? &one : &lost, 2, (double)p);
      r->program_s = 3 + r->program_sums.region_s;
    }
  run_analyse(run, NULL);
  const struct talp *t = &run_find(run, work, "omp:static", 4)->talp;
  is(&t->serialization, (44.0 - 9) / 44); /* 4 x 3 + 2 x 16, 3 of 4 are idle */
  is(&t->load_balance, (35.0 - 2 * 2.5) / 35);
  is(&t->scheduling, (30.0 - 2 * 2) / 30);
}

/* From outside nobody knows. */
static void other_programs_have_none(void **state) {
  struct run *run = *state;
  lost_outside(run);
  run_analyse(run, NULL);
  const struct talp *t = &run_find(run, "xz", "program", 2)->talp;
  assert_true(run_find(run, "xz", "program", 2)->breakdown.told);
  assert_true(isnan(t->serialization.median) && isnan(t->load_balance.median) &&
              isnan(t->scheduling.median));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_RUN(regions_have_two),
      IN_RUN(programs_have_three),
      IN_RUN(other_programs_have_none),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Where core-time went on a simulated machine: each term is what was injected,
 * to the nanosecond, and is in no other one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bench/tests/simulated_fixture.h"

#include <stdlib.h>
#include <string.h>

enum { P = 8, ITEMS = 64000, REGIONS = 3, REGION_NS = ITEMS / P * 1000 };

/* Of one region, in ns. */
struct terms {
  int64_t region, start, dispatch, send, busy, few, join, off_cpu, late_start,
      late_dispatch, late_send, late_busy, late_off_cpu;
};

static void assert_terms(const struct record_sums *s, int64_t regions,
                         struct terms each) {
  assert_int_equal(s->regions, regions);
  assert_int_equal(s->refused, 0);
  assert_int_equal(ns(s->region_s), regions * each.region);
  assert_int_equal(ns(s->start_s), regions * each.start);
  assert_int_equal(ns(s->dispatch_s), regions * each.dispatch);
  assert_int_equal(ns(s->send_s), regions * each.send);
  assert_int_equal(ns(s->busy_s), regions * each.busy);
  assert_int_equal(ns(s->few_s), regions * each.few);
  assert_int_equal(ns(s->join_s), regions * each.join);
  assert_int_equal(ns(s->off_cpu_s), regions * each.off_cpu);
  assert_int_equal(ns(s->late_start_s), regions * each.late_start);
  assert_int_equal(ns(s->late_dispatch_s), regions * each.late_dispatch);
  assert_int_equal(ns(s->late_send_s), regions * each.late_send);
  assert_int_equal(ns(s->late_busy_s), regions * each.late_busy);
  assert_int_equal(ns(s->late_off_cpu_s), regions * each.late_off_cpu);
}

/* The timed regions and the cold one are alike, but for their number. */
static void assert_trial(const char *variant, uint32_t workers, uint64_t size,
                         struct terms each) {
  struct record r = bed_trial(&bed, variant, workers, size);
  assert_string_equal(r.status, "ok");
  assert_int_equal(ns(r.region_s), each.region);
  assert_terms(&r.sums, REGIONS, each);
  assert_terms(&r.program_sums, 1, each);
  record_free(&r);
}

static void test_work_alone(void **state) {
  (void)state;
  bed_begin(&bed, "spin", 1);
  assert_trial("omp:static", P, ITEMS,
               (struct terms){.region = REGION_NS, .busy = P * REGION_NS});
  assert_trial("serial", 1, ITEMS,
               (struct terms){.region = P * REGION_NS, .busy = P * REGION_NS});
}

/* The last one begins 14 us after the fork, and all the others wait for it. */
static void test_start_up(void **state) {
  const int64_t all = 2000 * P * (P - 1) / 2, last = 2000 * (P - 1);
  (void)state;
  bed.description.worker_start_s = 2e-6;
  bed_begin(&bed, "spin", 1);
  assert_trial("omp:static", P, ITEMS,
               (struct terms){.region = REGION_NS + last,
                              .start = all,
                              .busy = P * REGION_NS,
                              .late_start = P * last - all});
}

static void test_dispatch(void **state) {
  enum { CHUNKS = ITEMS / 10, EACH = CHUNKS / P };
  (void)state;
  bed.description.dispatch_s = 1e-6;
  bed_begin(&bed, "spin", 1);
  assert_trial("omp:dynamic,10", P, ITEMS,
               (struct terms){.region = REGION_NS + (EACH - 1) * 1000,
                              .dispatch = (CHUNKS - P) * 1000,
                              .busy = P * REGION_NS});
}

/* After every chunk, and the last one's too. */
static void test_sending(void **state) {
  enum { CHUNKS = ITEMS / 10, EACH = CHUNKS / P };
  (void)state;
  bed.description.send_s = 3e-6;
  bed_begin(&bed, "spin", 1);
  assert_trial("pool:static@pipe", P, ITEMS,
               (struct terms){.region = REGION_NS + 3000,
                              .send = P * 3000,
                              .busy = P * REGION_NS});
  assert_trial("pool:dynamic,10@pipe", P, ITEMS,
               (struct terms){.region = REGION_NS + EACH * 3000,
                              .send = CHUNKS * 3000,
                              .busy = P * REGION_NS});
  assert_trial("pool:static", P, ITEMS,
               (struct terms){.region = REGION_NS, .busy = P * REGION_NS});
}

/* The last one has 5% more work than the mean. */
static void test_imbalance(void **state) {
  const int64_t last = REGION_NS / 20 * 21;
  (void)state;
  bed.description.skew = 0.05;
  bed_begin(&bed, "spin", 1);
  assert_trial("omp:static", P, ITEMS,
               (struct terms){.region = last,
                              .busy = P * REGION_NS,
                              .late_busy = P * (last - REGION_NS)});
}

static void test_too_few_items(void **state) {
  (void)state;
  strcpy(bed.description.topology, "core:8 pu:1");
  bed.description.spin_item_s = 1e-3;
  bed_begin(&bed, "spin", 1);
  assert_trial("omp:static", P, 3,
               (struct terms){.region = 1000000,
                              .busy = 3 * 1000000,
                              .few = (P - 3) * 1000000});
  assert_trial("pool:apply", P, 3,
               (struct terms){.region = 1000000,
                              .busy = 3 * 1000000,
                              .few = (P - 3) * 1000000});
}

static void test_waiting_for_a_cpu(void **state) {
  (void)state;
  bed.description.off_cpu_s = 11e-6;
  bed_begin(&bed, "spin", 1);
  assert_trial("omp:static", P, ITEMS,
               (struct terms){.region = REGION_NS + 11000,
                              .busy = P * (REGION_NS + 11000),
                              .off_cpu = P * 11000});
}

static void test_join(void **state) {
  (void)state;
  bed.description.region_fixed_s = 7e-6;
  bed_begin(&bed, "spin", 1);
  assert_trial("omp:static", P, ITEMS,
               (struct terms){.region = REGION_NS + 7000,
                              .busy = P * REGION_NS,
                              .join = P * 7000});
}

/* At once, each as by itself, in all regions of a program that repeats them. */
static void test_all_of_them(void **state) {
  const int64_t start = 2000 * P * (P - 1) / 2, last_start = 2000 * (P - 1),
                extra = REGION_NS / 20;
  const struct terms each = {
      .region = REGION_NS + extra + 11000 + 3000 + last_start + 7000,
      .start = start,
      .send = P * 3000,
      .busy = P * (REGION_NS + 11000),
      .join = P * 7000,
      .off_cpu = P * 11000,
      .late_start = P * last_start - start,
      .late_busy = P * extra,
  };
  (void)state;
  bed.description.worker_start_s = 2e-6;
  bed.description.send_s = 3e-6;
  bed.description.skew = 0.05;
  bed.description.off_cpu_s = 11e-6;
  bed.description.region_fixed_s = 7e-6;
  bed_begin(&bed, "spin/repeat=5", 1);
  struct record r = bed_trial(&bed, "pool:static@pipe", P, ITEMS);
  assert_string_equal(r.status, "ok");
  assert_terms(&r.sums, REGIONS, each);
  assert_terms(&r.program_sums, 5, each);
  record_free(&r);
}

/* Short regions have no CPU times, and what is not stamped no sums: as on real
 * machines. */
static void test_not_told(void **state) {
  (void)state;
  bed_begin(&bed, "spin", 1);
  struct record r = bed_trial(&bed, "omp:static", P, 8);
  assert_int_equal(r.sums.regions, REGIONS);
  assert_true(isnan(r.sums.off_cpu_s) && isnan(r.sums.late_off_cpu_s));
  record_free(&r);
  r = bed_trial(&bed, "textbook", P, ITEMS);
  assert_string_equal(r.status, "ok");
  assert_int_equal(r.sums.regions, FIELD_NULL);
  assert_int_equal(r.program_sums.regions, FIELD_NULL);
  assert_true(isnan(r.sums.busy_s));
  record_free(&r);
  r = bed_trial(&bed, "copies", P, ITEMS);
  assert_int_equal(r.sums.regions, FIELD_NULL);
  record_free(&r);
}

/* Whatever is drawn, and however coarse the clock: what is written is read. */
static void test_records_are_believed(void **state) {
  static const char *const variants[] = {"omp:static", "omp:dynamic",
                                         "omp:guided", "pool:apply@pipe",
                                         "fork:static@socket"};
  (void)state;
  bed.description.region_jitter = 0.3;
  bed.description.clock_resolution_s = 1e-6;
  bed.description.worker_start_s = 0.7e-6;
  bed.description.send_s = 0.3e-6;
  bed.description.dispatch_s = 0.1e-6;
  bed_begin(&bed, "spin", 1);
  for (size_t v = 0; v < sizeof variants / sizeof *variants; v++) {
    struct record r = bed_trial(&bed, variants[v], 7, 10001), again;
    struct problem problem = {""};
    assert_int_equal(r.sums.regions, REGIONS);
    assert_int_equal(r.sums.refused, 0);
    char *line = record_format(&r);
    if (record_parse(line, &again, &problem) != 0)
      fail_msg("%s: %s", variants[v], problem.text);
    record_free(&again);
    record_free(&r);
    free(line);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      ON_MACHINE(test_work_alone),
      ON_MACHINE(test_start_up),
      ON_MACHINE(test_dispatch),
      ON_MACHINE(test_sending),
      ON_MACHINE(test_imbalance),
      ON_MACHINE(test_too_few_items),
      ON_MACHINE(test_waiting_for_a_cpu),
      ON_MACHINE(test_join),
      ON_MACHINE(test_all_of_them),
      ON_MACHINE(test_not_told),
      ON_MACHINE(test_records_are_believed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

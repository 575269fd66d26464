/* The simulated machine: what a description says comes back from the stamps,
 * to the nanosecond. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bench/plan/meters.h"
#include "bench/tests/simulated_fixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int64_t most_ns(const struct numbers *numbers) {
  int64_t most = 0;
  for (size_t i = 0; i < numbers->count; i++)
    most = ns(numbers->values[i]) > most ? ns(numbers->values[i]) : most;
  return most;
}

static void test_record_is_complete(void **state) {
  (void)state;
  bed.description.serial_share = 0.1;
  bed.description.start_s = 3e-5;
  bed.description.close_s = 4e-5;
  bed_begin(&bed, "spin/serial=0.2", 1);
  struct record r = bed_trial(&bed, "omp:dynamic", 4, 10000);
  assert_string_equal(r.status, "ok");
  assert_int_equal(r.correct, 1);
  assert_string_equal(r.variant, "omp:dynamic,16");
  assert_string_equal(r.requested, "omp:dynamic");
  assert_int_equal(strlen(r.digest), 16);
  assert_int_equal(r.workers_seen, 4);
  assert_int_equal(r.regions_s.count, 3);
  assert_int_equal(r.worker_begin_s.count, 4);
  assert_int_equal(r.worker_run_delay_s.count, 4);
  assert_int_equal(r.worker_cpu_begin.count, 4);
  assert_int_equal(r.throttled_s == r.throttled_s, 0);
  assert_int_equal(r.swapped_pages, FIELD_NULL);
  assert_null(r.worker_switches.values); /* not simulated */
  assert_null(r.worker_minor_faults.values);
  int64_t items = 0;
  for (int w = 0; w < 4; w++)
    items += (int64_t)r.worker_items.values[w];
  assert_int_equal(items, 10000);
  assert_int_equal(ns(r.setup_s), ns(10000e-6 * 0.1 / 0.9));
  assert_int_equal(ns(r.finish_s), ns(10000e-6 * 0.2 / 0.8));
  assert_int_equal(ns(r.start_s), 30000);
  assert_int_equal(ns(r.touch_s), 0);
  assert_int_equal(ns(r.close_s), 40000);
  assert_int_equal(ns(r.program_s), ns(r.setup_s) + ns(r.start_s) +
                                        ns(r.region_first_s) + ns(r.finish_s) +
                                        ns(r.close_s));
  assert_int_equal(ns(r.wall_s),
                   ns(r.program_s) + 3 * ns(r.region_s) + 1000000);
  assert_int_equal(ns(bed.executor.base.now_s(&bed.executor.base)),
                   ns(r.wall_s));
  record_free(&r);
}

/* Each term of the accounting is what was injected. */
static void test_accounting_terms(void **state) {
  (void)state;
  enum { P = 8 };
  bed.description.worker_start_s = 2e-6;
  bed.description.region_fixed_s = 7e-6;
  bed.description.off_cpu_s = 11e-6;
  bed.description.skew = 0.05;
  bed_begin(&bed, "spin", 1);
  struct record r = bed_trial(&bed, "omp:static", P, 64000);
  assert_int_equal(sum_ns(&r.worker_begin_s), 2000 * P * (P - 1) / 2);
  assert_int_equal(ns(r.region_s) - most_ns(&r.worker_end_s), 7000);
  assert_int_equal(sum_ns(&r.worker_run_delay_s), 11000 * P);
  assert_int_equal(sum_ns(&r.worker_busy_s) - sum_ns(&r.worker_cpu_s),
                   11000 * P);
  /* 8000 items of 1 us each; the skew adds up to nothing. */
  assert_int_equal(sum_ns(&r.worker_cpu_s), 64000000);
  assert_int_equal(ns(r.worker_cpu_s.values[P - 1]), 8400000);
  assert_int_equal(ns(r.worker_cpu_s.values[0]), 7600000);
  int64_t waited_ns = 0;
  for (int w = 0; w < P; w++)
    waited_ns += most_ns(&r.worker_end_s) - ns(r.worker_end_s.values[w]);
  int64_t step_ns = 2000 + 2 * 400000 / (P - 1);
  assert_in_range(waited_ns, step_ns * 28 - 28, step_ns * 28 + 56);
  record_free(&r);
}

static void test_dispatch_and_balance(void **state) {
  (void)state;
  bed.description.dispatch_s = 1e-6;
  bed.description.topology[0] = '\0';
  strcpy(bed.description.topology, "core:4 pu:1");
  strcpy(bed.description.slow_cpus, "3");
  bed_begin(&bed, "spin", 1);
  struct record r = bed_trial(&bed, "omp:dynamic,10", 4, 7000);
  int64_t gaps_ns = 0, chunks = 0;
  for (int w = 0; w < 4; w++) {
    int64_t begin_ns = ns(r.worker_begin_s.values[w]);
    gaps_ns +=
        ns(r.worker_end_s.values[w]) - begin_ns - ns(r.worker_busy_s.values[w]);
    chunks += (int64_t)r.worker_chunks.values[w];
  }
  assert_int_equal(chunks, 700);
  assert_int_equal(gaps_ns, 1000 * (700 - 4));
  /* A chunk and a gap take 21 us instead of 11; nobody waits for long. */
  assert_in_range((int64_t)r.worker_items.values[3], 1030, 1050);
  for (int w = 0; w < 4; w++)
    assert_in_range(most_ns(&r.worker_end_s) - ns(r.worker_end_s.values[w]), 0,
                    25000);
  record_free(&r);
  r = bed_trial(&bed, "omp:static", 4, 7000); /* slices wait for the slowest */
  assert_int_equal(ns(r.region_s), 2 * 1750 * 1000);
  record_free(&r);
}

static void test_few_items(void **state) {
  (void)state;
  bed_begin(&bed, "spin", 1);
  struct record r = bed_trial(&bed, "omp:static", 8, 3);
  assert_int_equal(r.workers_seen, 3);
  assert_true(r.worker_end_s.values[7] == 0);
  assert_int_equal(ns(r.region_s), 1000);
  assert_true(isnan(r.worker_cpu_s.values[0])); /* as in short real regions */
  assert_null(r.worker_run_delay_s.values);
  record_free(&r);
}

/* T_p = T_1/p (1 + sigma (p - 1) + kappa p (p - 1)), and its best p. */
static void test_scalability_law(void **state) {
  (void)state;
  bed.description.sigma = 0.04;
  bed.description.kappa = 0.0006;
  strcpy(bed.description.topology, "core:128 pu:1");
  bed_begin(&bed, "spin", 1);
  double shortest_s = 1, at = 0;
  for (uint32_t p = 1; p <= 128; p++) {
    struct record r = bed_trial(&bed, "omp:static", p, p * UINT64_C(128));
    double law = 1 + 0.04 * (p - 1) + 0.0006 * p * (p - 1);
    assert_int_equal(ns(r.region_s), ns(128e-6 * law));
    if (r.region_s / p < shortest_s) {
      shortest_s = r.region_s / p;
      at = p;
    }
    record_free(&r);
  }
  assert_true(at == 40);
}

static double rate(const struct record *r, uint32_t worker) {
  return r->worker_items.values[worker] / r->worker_busy_s.values[worker];
}

/* The probes see the cores, and nothing that programs share. */
static void test_probes(void **state) {
  (void)state;
  strcpy(bed.description.topology, "core:4 pu:2");
  strcpy(bed.description.slow_cpus, "4-7");
  bed.description.clock_hz = 4e9;
  bed.description.clock_drop = 0.2;
  bed.description.smt_gain = 0.3;
  bed.description.slow_speed = 0.5;
  bed.description.slow_clock = 0.7;
  bed.description.sigma = 0.5;
  bed_begin(&bed, "clock", 1);
  struct record r = bed_trial(&bed, "omp:static", 1, 100000);
  assert_true(fabs(rate(&r, 0) * 1000 / 4e9 - 1) < 1e-6);
  record_free(&r);
  r = bed_trial(&bed, "omp:static", 8, 800000); /* siblings do not slow it */
  assert_true(fabs(rate(&r, 0) * 1000 / 3.2e9 - 1) < 1e-6);
  assert_true(fabs(rate(&r, 2) * 1000 / (0.7 * 3.2e9) - 1) < 1e-6);
  record_free(&r);
  bed_end(&bed);
  bed_begin(&bed, "spin/chains=8", 1);
  r = bed_trial(&bed, "omp:static", 8, 80000);
  assert_true(fabs(rate(&r, 0) * 8e-6 / (0.8 * 1.3 / 2) - 1) < 1e-6);
  assert_true(fabs(rate(&r, 2) * 8e-6 / (0.5 * 0.8 * 1.3 / 2) - 1) < 1e-6);
  record_free(&r);
}

/* A page's first touch is longer than another by what a fault costs. */
static void test_page_faults(void **state) {
  (void)state;
  bed.description.fault_s = 3e-6;
  for (int pages = 0; pages < METER_PAGES; pages++) {
    int64_t busy_ns[2];
    for (int again = 0; again < 2; again++) {
      const struct meter_faults *of = &meter_faults[pages];
      bed_begin(&bed, again ? of->again : of->first, 1);
      struct record r = bed_trial(&bed, "omp:static", 2, 2000);
      busy_ns[again] = ns(r.worker_busy_s.values[1]);
      record_free(&r);
      bed_end(&bed);
    }
    assert_true(busy_ns[1] > 0);
    assert_int_equal(busy_ns[0] - busy_ns[1], 3000000);
  }
  bed_begin(&bed, "spin", 1);
}

static void test_far_memory_and_sharing(void **state) {
  (void)state;
  strcpy(bed.description.topology, "pack:2 numa:1 core:2 pu:1");
  bed.description.numa_cost = 0.5;
  bed_begin(&bed, "spin", 1);
  struct record r = bed_trial(&bed, "pool:static", 8, 8000);
  assert_int_equal(ns(r.worker_busy_s.values[0]), 2000000); /* two on a CPU */
  assert_int_equal(ns(r.worker_busy_s.values[2]), 3000000);
  assert_int_equal(r.oversubscribed, 1);
  record_free(&r);
}

static void test_waiting_scales_with_workers(void **state) {
  (void)state;
  bed.description.sigma = 0.5;
  strcpy(bed.description.topology, "core:2 pu:1");
  bed_begin(&bed, "latency", 1);
  struct record r = bed_trial(&bed, "omp:static", 8, 80);
  assert_int_equal(ns(r.region_s), 10000000);
  record_free(&r);
}

/* What teams cost stands where the real ones have it. */
static void test_teams(void **state) {
  (void)state;
  bed.description.fork_s = 1e-4;
  bed.description.start_s = 1e-5;
  bed.description.start_per_worker_s = 1e-6;
  bed.description.close_s = 2e-5;
  bed.description.region_fixed_s = 5e-6;
  bed_begin(&bed, "spin", 1);
  struct record r = bed_trial(&bed, "pool:static", 4, 4000);
  assert_int_equal(ns(r.start_s), 10000 + 4 * 101000);
  assert_int_equal(ns(r.close_s), 20000);
  assert_int_equal(ns(r.region_s), 1005000);
  record_free(&r);
  r = bed_trial(&bed, "fork:static", 4, 4000);
  assert_int_equal(ns(r.start_s), 14000);
  assert_int_equal(ns(r.close_s), 0); /* in the region */
  assert_int_equal(ns(r.region_s), 1305000);
  record_free(&r);
  r = bed_trial(&bed, "serial", 1, 4000);
  assert_int_equal(ns(r.start_s), 0);
  assert_int_equal(ns(r.close_s), 0);
  assert_int_equal(ns(r.region_s), 4000000);
  record_free(&r);
}

static void test_clock_resolution(void **state) {
  (void)state;
  bed.description.clock_resolution_s = 1e-5;
  bed.description.jitter = 0.3;
  bed_begin(&bed, "spin", 1);
  struct record r = bed_trial(&bed, "omp:static", 3, 10001);
  assert_int_equal(ns(r.region_s) % 10000, 0);
  for (int w = 0; w < 3; w++)
    assert_int_equal(ns(r.worker_busy_s.values[w]) % 10000, 0);
  record_free(&r);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      ON_MACHINE(test_record_is_complete),
      ON_MACHINE(test_accounting_terms),
      ON_MACHINE(test_dispatch_and_balance),
      ON_MACHINE(test_few_items),
      ON_MACHINE(test_scalability_law),
      ON_MACHINE(test_probes),
      ON_MACHINE(test_page_faults),
      ON_MACHINE(test_far_memory_and_sharing),
      ON_MACHINE(test_waiting_scales_with_workers),
      ON_MACHINE(test_teams),
      ON_MACHINE(test_clock_resolution),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

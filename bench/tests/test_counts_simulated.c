/* test_counts_simulated.c: worker counts that share a trial on a simulated
 * machine, and in a replay: the same as trials of their own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/sweep/replay.h"
#include "bench/tests/simulated_fixture.h"

#include <stdlib.h>
#include <string.h>

enum { COUNTS = 5, BOTH = 2 * COUNTS, MOST = 64 };
static struct variant_spec serial, also[BOTH];
static uint32_t counts[BOTH];

/* Two schedules, each on all of the CPUs, a half, a quarter, two and one. */
static struct trial_request order_of(uint32_t cpus) {
  struct problem problem;
  struct trial_request order =
      bed_order(&bed, "omp:static", cpus, (uint64_t)cpus * 4000);
  assert_int_equal(notation_parse_variant("serial", &serial, &problem), 0);
  for (uint32_t i = 0; i < BOTH; i++) {
    const char *name = i % 2 ? "omp:dynamic,50" : "omp:static";
    uint32_t part = i / 2;
    counts[i] = part < 3 ? cpus >> part : 5 - part;
    if (i > 0)
      assert_int_equal(notation_parse_variant(name, &also[i - 1], &problem), 0);
  }
  bed_share(&order, &serial, also, BOTH - 1);
  order.counts = counts;
  return order;
}

static uint32_t count_form(const char *turns, char form) {
  uint32_t count = 0;
  for (; *turns; turns++)
    count += *turns == form;
  return count;
}

static void begin_quiet(uint32_t cpus) {
  snprintf(bed.description.topology, sizeof bed.description.topology,
           "core:%u pu:1", cpus);
  bed.description.region_fixed_s = 1e-4;
  bed.description.dispatch_s = 1e-6;
  bed.description.start_per_worker_s = 1e-3;
  bed.description.sigma = 0.01;
  bed.description.clock_drop = 0.2;
  bed_begin(&bed, "spin", 1);
}

/* Without noise: the times, stamps and speedups of trials of their own, in the
 * time of one trial, with one pair of serial's a block. */
static void simulated_on(uint32_t cpus) {
  struct record records[BOTH], alone;
  double apart_s = 0;
  uint32_t serials = 0;
  begin_quiet(cpus);
  const struct trial_request order = order_of(cpus);
  bed_run(&bed.executor.base, &order, records);
  assert_int_equal(bed.executor.now_ns, llround(records[0].wall_s * 1e9));
  for (uint32_t i = 0; i < BOTH; i++) {
    const struct trial_request one = bed_alone(&order, i);
    const struct record *r = &records[i];
    bed_run(&bed.executor.base, &one, &alone);
    assert_int_equal(r->workers, counts[i]);
    assert_int_equal(r->cpus.count, counts[i]);
    assert_true(r->region_s == alone.region_s);
    assert_true(fabs(r->turns_ratio / alone.turns_ratio - 1) < 1e-12);
    assert_int_equal(r->workers_seen, alone.workers_seen);
    assert_int_equal(r->worker_items.count, counts[i]);
    for (uint32_t w = 0; w < counts[i]; w++)
      assert_true(r->worker_busy_s.values[w] == alone.worker_busy_s.values[w]);
    for (size_t c = 0; c < r->turns_clock_hz.count; c++)
      assert_true(r->turns_clock_hz.values[c] ==
                  alone.turns_clock_hz.values[c]);
    assert_int_equal(r->turns_clock_hz.count, 2 * counts[i]);
    assert_int_equal(count_form(r->turns, 'S'), 4);
    assert_int_equal(count_form(r->turns, 'P'), 4);
    assert_int_equal(count_form(r->turns, 'p'), i < 2 ? 3 : 2);
    assert_true(r->turns_s.values[4] == records[0].turns_s.values[4]);
    serials += count_form(alone.turns, 'S') + count_form(alone.turns, 's');
    apart_s += alone.wall_s;
    record_free(&alone);
  }
  assert_int_equal(serials, BOTH * 6); /* and six together */
  assert_true(records[0].wall_s < 0.5 * apart_s);
  for (uint32_t i = 0; i < BOTH; i++)
    record_free(&records[i]);
}

static void sixteen_simulated_cpus(void **state) {
  (void)state;
  simulated_on(16);
}

static void sixty_four_simulated_cpus(void **state) {
  (void)state;
  simulated_on(64);
}

/* The region right after a growth is a cold one there, too, and is in the
 * record; the next is not. */
static void growth_shows(void **state) {
  struct record records[BOTH];
  (void)state;
  begin_quiet(16);
  const struct trial_request order = order_of(16);
  bed_run(&bed.executor.base, &order, records);
  assert_string_equal(records[0].turns, "sspp|SpPPcS|SPPcS|");
  assert_string_equal(records[1].turns, "sspp|SPPcS|SpPPcS|");
  assert_true(fabs(records[0].turns_s.values[5] - records[0].turns_s.values[6] -
                   1e-3) < 1e-9);
  assert_true(records[0].turns_s.values[6] == records[0].turns_s.values[7]);
  for (uint32_t i = 0; i < BOTH; i++)
    record_free(&records[i]);
}

/* Where each CPU is slow by itself at times: at every count the mean of the
 * speedups' logarithms is that of trials of their own, to 3.5 standard errors
 * of their difference, and no farther off than 4%. */
static void there_is_no_bias(void **state) {
  enum { TRIALS = 150 };
  double sums[2][BOTH] = {{0}}, squares[2][BOTH] = {{0}};
  struct record records[BOTH];
  (void)state;
  bed.description.state_share = 0.35;
  bed.description.jitter = bed.description.region_jitter = 0.005;
  begin_quiet(16);
  struct trial_request order = order_of(16);
  for (uint32_t trial = 0; trial < TRIALS; trial++) {
    order.first_cpu = trial % 16;
    bed_run(&bed.executor.base, &order, records);
    for (uint32_t i = 0; i < BOTH; i++) {
      struct trial_request one = bed_alone(&order, i);
      struct record alone;
      one.first_cpu = trial % counts[i];
      bed_run(&bed.executor.base, &one, &alone);
      const double values[] = {log(records[i].turns_ratio),
                               log(alone.turns_ratio)};
      for (size_t k = 0; k < 2; k++) {
        sums[k][i] += values[k];
        squares[k][i] += values[k] * values[k];
      }
      record_free(&alone);
      record_free(&records[i]);
    }
  }
  for (uint32_t i = 0; i < BOTH; i++) {
    double mean[2], variance = 0;
    for (size_t k = 0; k < 2; k++) {
      mean[k] = sums[k][i] / TRIALS;
      variance += (squares[k][i] / TRIALS - mean[k] * mean[k]) / TRIALS;
    }
    double apart = fabs(mean[0] - mean[1]);
    if (!(apart < 3.5 * sqrt(variance)) || !(apart < 0.04))
      fail_msg("%u workers: %g and %g, standard error %g", counts[i], mean[0],
               mean[1], sqrt(variance));
  }
}

/* Recorded together, or one by one. */
static void a_replay_gives_what_was(void **state) {
  struct record list[BOTH], again[BOTH];
  struct records records = {.list = list, .count = BOTH};
  struct executor_replay replay;
  struct problem problem = {""};
  (void)state;
  begin_quiet(16);
  const struct trial_request order = order_of(16);
  bed_run(&bed.executor.base, &order, list);
  assert_int_equal(executor_replay_init(&replay, &records, "a", &problem), 0);
  bed_run(&replay.base, &order, again);
  assert_true(fabs(replay.base.now_s(&replay.base) - list[0].wall_s) < 1e-9);
  for (uint32_t i = 0; i < BOTH; i++) {
    assert_int_equal(again[i].workers, counts[i]);
    assert_true(again[i].turns_ratio == list[i].turns_ratio);
    record_free(&again[i]);
    record_free(&list[i]);
  }
  executor_replay_free(&replay);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      ON_MACHINE(sixteen_simulated_cpus),
      ON_MACHINE(sixty_four_simulated_cpus),
      ON_MACHINE(growth_shows),
      ON_MACHINE(there_is_no_bias),
      ON_MACHINE(a_replay_gives_what_was),
  };
  return cmocka_run_group_tests_name("worker counts that are simulated", tests,
                                     NULL, NULL);
}

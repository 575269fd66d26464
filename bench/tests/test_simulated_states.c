/* The states of a simulated machine's CPUs: as often, as long and as costly as
 * described, each CPU's its own, by the time alone; and what a trial then
 * shows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bench/sweep/simulated/states.h"
#include "bench/tests/simulated_fixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double share = 0.35, cost = 0.22;
static const int64_t step_ns = 2000000, us = 1000;
enum { STEPS = 2000000 }; /* 4000 s */

static struct simulated_states flipping(void) {
  bed.description.state_share = share;
  return (struct simulated_states){&bed.description, 7};
}

/* Whether a CPU is slow: what a microsecond of work takes then.  A state may
 * end in the midst of it. */
static bool slow(const struct simulated_states *states, int cpu, int64_t ns) {
  int64_t took_ns =
      simulated_states_ns(states, &(struct simulated_place){cpu, 1}, ns, us);
  assert_in_range(took_ns, us, llround((1 + cost) * (double)us));
  return took_ns > llround((1 + cost / 2) * (double)us);
}

/* ---- the states themselves ---- */

static void test_none_unless_asked_for(void **state) {
  const struct simulated_states states = {&bed.description, 7};
  const struct simulated_place place = {3, 8};
  (void)state;
  for (int64_t i = 0; i < 1000; i++)
    assert_int_equal(
        simulated_states_ns(&states, &place, i * 77777777, 1234567891 + i),
        1234567891 + i);
}

/* Of the time, of the flips, and of both CPUs at once: 8000 periods or so. */
static void test_share_and_length(void **state) {
  struct simulated_states states = flipping();
  int slow_steps = 0, both = 0, flips = 0, shortest = STEPS, since = 0;
  bool before = slow(&states, 0, 0);
  (void)state;
  for (int i = 1; i < STEPS; i++) {
    bool now = slow(&states, 0, i * step_ns);
    slow_steps += now;
    both += now && slow(&states, 1, i * step_ns);
    if (now != before) {
      if (since > 0 && i - since < shortest)
        shortest = i - since;
      since = i;
      flips++;
      before = now;
    }
  }
  assert_true(fabs((double)slow_steps / STEPS - share) < 0.02);
  assert_true(fabs((double)both / STEPS - share * share) < 0.02);
  assert_in_range(shortest, 49, 75); /* 0.1 s; few are as short as that */
  double periods = STEPS * (double)step_ns * 1e-9 / 0.55;
  assert_true(fabs(flips / (periods * 2 * share * (1 - share)) - 1) < 0.05);
}

/* Work in one piece takes what its pieces take, across any number of states. */
static void test_pieces_add_up(void **state) {
  struct simulated_states states = flipping();
  const struct simulated_place place = {0, 8};
  (void)state;
  bed.description.crowded_share = 0.1;
  bed.description.crowded_cpus = 4;
  for (int64_t i = 1; i <= 300; i++) {
    int64_t begin_ns = i * 123456789, one = i * 37654321, other = i * 9876543;
    int64_t first = simulated_states_ns(&states, &place, begin_ns, one);
    int64_t then =
        simulated_states_ns(&states, &place, begin_ns + first, other);
    int64_t all = simulated_states_ns(&states, &place, begin_ns, one + other);
    assert_in_range(all, first + then - 2, first + then + 2);
  }
  bed.description.crowded_share = 0;
  double long_ns = 4e12;
  double took_ns =
      (double)simulated_states_ns(&states, &place, 0, (int64_t)long_ns);
  double mean = 1 / (1 - share + share / (1 + cost));
  assert_true(fabs(took_ns / long_ns / mean - 1) < 0.005);
}

/* All CPUs at once; only teams on more CPUs than are delivered. */
static void test_crowded(void **state) {
  const struct simulated_states states = {&bed.description, 7};
  int crowded = 0, steps = STEPS / 10;
  (void)state;
  bed.description.crowded_share = 0.1;
  bed.description.crowded_cpus = 2;
  for (int i = 0; i < steps; i++) {
    int64_t at_ns = i * 10 * step_ns, took_ns[2];
    for (int cpu = 0; cpu < 2; cpu++) {
      const struct simulated_place few = {cpu, 2}, more = {cpu, 5};
      assert_int_equal(simulated_states_ns(&states, &few, at_ns, us), us);
      took_ns[cpu] = simulated_states_ns(&states, &more, at_ns, us);
    }
    assert_int_equal(took_ns[0], took_ns[1]);
    assert_true(took_ns[0] == us || took_ns[0] == 5 * us / 2);
    crowded += took_ns[0] > us;
  }
  assert_true(fabs((double)crowded / steps - 0.1) < 0.02);
}

/* ---- what trials show ---- */

/* A trial's regions meet the states of their own time, and the stamps are of
 * the region that they stand beside. */
static void test_time_goes_on_in_a_trial(void **state) {
  enum { REGIONS = 200 };
  const struct simulated_states states = {&bed.description, 0};
  const struct simulated_place place = {0, 1};
  int changes = 0;
  (void)state;
  bed.description.state_share = 0.5;
  bed.description.serial_share = 0.2;
  bed_begin(&bed, "spin", 1);
  struct simulated_states its = states;
  its.seed = bed.executor.seed;
  for (int trial = 0; trial < 12; trial++) {
    int64_t at_ns = bed.executor.now_ns + 1000000;
    struct trial_request order = bed_order(&bed, "serial", 1, 10000);
    struct record r;
    struct problem problem;
    order.iterations = REGIONS;
    assert_int_equal(
        bed.executor.base.run(&bed.executor.base, &order, &r, &problem), 0);
    assert_string_equal(r.status, "ok");
    assert_int_equal(ns(r.setup_s),
                     simulated_states_ns(&its, &place, at_ns, 2500000));
    at_ns += ns(r.setup_s) + ns(r.region_first_s);
    for (int i = 0; i < REGIONS; i++) {
      double x = r.regions_s.values[i];
      assert_int_equal(ns(x),
                       simulated_states_ns(&its, &place, at_ns, 10000000));
      at_ns += ns(x);
      changes += i > 0 && x != r.regions_s.values[i - 1];
    }
    assert_int_equal(ns(r.region_s), ns(r.regions_s.values[trial_median_region(
                                         r.regions_s.values, REGIONS)]));
    assert_int_equal(ns(r.worker_end_s.values[0]), ns(r.region_s));
    assert_int_equal(bed.executor.now_ns, at_ns);
    record_free(&r);
  }
  assert_true(changes > 20);
}

static struct record in_blocks(uint32_t workers, uint32_t first_cpu) {
  struct trial_request order = bed_order(&bed, "omp:static", workers, 8000);
  struct variant_spec serial;
  struct record r;
  struct problem problem;
  assert_int_equal(notation_parse_variant("serial", &serial, &problem), 0);
  order.beside = &serial;
  order.blocks = 2;
  order.warmups = 1;
  order.iterations = 0;
  order.first_cpu = first_cpu;
  assert_int_equal(
      bed.executor.base.run(&bed.executor.base, &order, &r, &problem), 0);
  assert_string_equal(r.status, "ok");
  return r;
}

/* Each serial region in turns is on a CPU of its own, in that one's state; the
 * team waits for the slowest. */
static void test_turns_meet_each_cpu(void **state) {
  int serials[2] = {0, 0}, odd = 0;
  (void)state;
  strcpy(bed.description.topology, "core:2 pu:1");
  bed.description.state_share = share;
  bed.description.state_least_s = 10;
  bed.description.state_most_s = 1000; /* mostly none ends within a trial */
  bed_begin(&bed, "spin", 1);
  const struct simulated_states states = {&bed.description, bed.executor.seed};
  for (uint32_t trial = 0; trial < 40; trial++) {
    int64_t now_ns = bed.executor.now_ns;
    bool is[2] = {slow(&states, 0, now_ns), slow(&states, 1, now_ns)};
    struct record r = in_blocks(2, trial % 2);
    bool same = true;
    for (int c = 0; c < 2; c++)
      same = same && slow(&states, c, bed.executor.now_ns) == is[c];
    const char *form = r.turns;
    for (size_t i = 0; same && i < r.turns_s.count; form++) {
      if (*form == '|')
        continue;
      if (*form == 'c') { /* who only looks at the clock notices no neighbour */
        assert_int_equal(ns(r.turns_s.values[i++]), 200000);
        continue;
      }
      bool beside = trial_turn_is_beside(*form);
      int cpu = (int)r.turns_cpu.values[i];
      bool late = beside ? is[cpu] : is[0] || is[1];
      double work_ns = beside ? 8e6 : 4e6;
      assert_int_equal(ns(r.turns_s.values[i++]),
                       llround(work_ns * (late ? 1 + cost : 1)));
      if (beside)
        serials[cpu]++;
      odd += beside && late != (is[0] || is[1]);
    }
    record_free(&r);
    bed.executor.now_ns += INT64_C(500000000000); /* other trials */
  }
  assert_true(serials[0] > 100 && serials[1] > 100 && odd > 50);
}

/* Both CPUs deliver what one does. */
static void test_a_crowded_machine_has_no_speedup(void **state) {
  (void)state;
  strcpy(bed.description.topology, "core:2 pu:1");
  bed.description.crowded_share = 1;
  bed.description.serial_share = 0.2;
  bed_begin(&bed, "spin", 1);
  struct record r = in_blocks(2, 0);
  assert_true(fabs(r.turns_ratio - 1) < 1e-9);
  assert_int_equal(ns(r.steal_s), 0);
  record_free(&r);
  r = in_blocks(1, 0);
  assert_true(fabs(r.turns_ratio - 1) < 1e-9);
  assert_int_equal(ns(r.region_s), 8000000);
  assert_int_equal(ns(r.setup_s), 2000000);
  record_free(&r);
  r = bed_trial(&bed, "copies", 2, 8000);
  assert_int_equal(ns(r.region_s), 16000000);
  assert_int_equal(ns(r.setup_s), 4000000);
  record_free(&r);
}

/* Who is slow gets fewer chunks. */
static void test_chunks_go_to_the_fast(void **state) {
  (void)state;
  bed.description.state_share = 0.5;
  bed_begin(&bed, "spin", 1);
  struct record r = bed_trial(&bed, "omp:dynamic", 8, 160000);
  double least = (double)INFINITY, most = 0;
  for (int w = 0; w < 8; w++) {
    least = fmin(least, r.worker_items.values[w]);
    most = fmax(most, r.worker_items.values[w]);
  }
  assert_true(most / least > 1.1 && most / least < 1.3);
  /* All end at the same time: what eight CPUs do of which half are slow. */
  assert_true(r.region_s > 0.0201 && r.region_s < 0.0239);
  record_free(&r);
}

/* Who waits, and who only looks at the clock, notices no neighbour. */
static void test_who_is_not_slowed(void **state) {
  (void)state;
  bed.description.state_share = 1;
  bed.description.crowded_share = 1;
  bed_begin(&bed, "latency", 1);
  struct record r = bed_trial(&bed, "omp:static", 2, 20);
  assert_int_equal(ns(r.region_s), 10000000);
  record_free(&r);
  bed_end(&bed);
  bed.description.clock_hz = 1e9;
  bed_begin(&bed, "clock", 1);
  r = bed_trial(&bed, "omp:static", 1, 10000);
  assert_int_equal(ns(r.region_s), 10000000);
  record_free(&r);
  r = bed_trial(&bed, "omp:static", 2, 20000);
  assert_int_equal(ns(r.region_s), 20000000); /* half of each CPU */
  record_free(&r);
}

/* Noise of the set-up is its own: nothing else moves. */
static void test_setup_jitter(void **state) {
  enum { TRIALS = 4000 };
  double sum = 0, squares = 0;
  (void)state;
  bed.description.serial_share = 0.5;
  bed.description.setup_jitter = 0.05;
  bed_begin(&bed, "spin/serial=0.2", 1);
  for (int i = 0; i < TRIALS; i++) {
    struct record r = bed_trial(&bed, "serial", 1, 1000);
    double x = log(r.setup_s / 1e-3);
    sum += x;
    squares += x * x;
    assert_int_equal(ns(r.region_s), 1000000);
    assert_int_equal(ns(r.finish_s), 250000);
    record_free(&r);
  }
  assert_true(fabs(sqrt(squares / TRIALS) / 0.05 - 1) < 0.05);
  assert_true(fabs(sum / TRIALS) < 3 * 0.05 / sqrt(TRIALS));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      ON_MACHINE(test_time_goes_on_in_a_trial),
      ON_MACHINE(test_turns_meet_each_cpu),
      ON_MACHINE(test_a_crowded_machine_has_no_speedup),
      ON_MACHINE(test_chunks_go_to_the_fast),
      ON_MACHINE(test_who_is_not_slowed),
      ON_MACHINE(test_setup_jitter),
      cmocka_unit_test_setup(test_none_unless_asked_for, bed_describe),
      cmocka_unit_test_setup(test_share_and_length, bed_describe),
      cmocka_unit_test_setup(test_pieces_add_up, bed_describe),
      cmocka_unit_test_setup(test_crowded, bed_describe),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

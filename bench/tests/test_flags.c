/* test_flags.c: what disturbs a measurement is flagged: each flag at, below
 * and above its threshold, and none where nothing is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/analyze/flags.h"
#include "bench/tests/run_fixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void near(double value, double expected) {
  if (!(fabs(value - expected) <= 1e-12 * fabs(expected)))
    fail_msg("%.17g, expected %.17g", value, expected);
}

static struct record *add(struct run *run, const char *phase, int64_t round,
                          const char *workload, const char *variant,
                          int64_t workers) {
  struct record *r = run_add(run, phase, round, workload, variant, workers);
  r->region_s = r->region_first_s = r->program_s = 0.01;
  r->wall_s = 0.1;
  return r;
}

/* A probe whose workers do `rate` items/s each. */
static struct record *add_probe(struct run *run, int64_t round,
                                const char *workload, int64_t workers,
                                double rate) {
  struct record *r = add(run, "probe", round, workload, "omp:static", workers);
  r->worker_items = numbers_of((size_t)workers, 1000);
  r->worker_busy_s = numbers_of((size_t)workers, 1000 / rate);
  return r;
}

/* Quiet rounds of serial and two workers, the second twice as fast. */
static void fill(struct run *run, int rounds) {
  run_empty(run);
  for (int i = 1; i <= rounds; i++) {
    add(run, "round", i, "cube", "serial", 1);
    add(run, "round", i, "cube", "omp:static", 2)->region_s = 0.005;
  }
}

/* The trial with two workers of a round, from 1. */
static struct record *two(struct run *run, int round) {
  return &run->list[2 * round - 1];
}

static const struct result *analyse(struct run *run) {
  run_analyse(run, &run->environment);
  return run_find(run, "cube", "omp:static", 2);
}

static void what_is_not_known_flags_nothing(void **state) {
  struct run *run = *state;
  fill(run, 12);
  const struct result *r = analyse(run);
  assert_string_equal(r->flags, "");
  assert_null(run->analysis.run.warnings);
  assert_true(isnan(run->analysis.run.steal_share));
  assert_true(isnan(r->clock_ratio.median));
  assert_true(isnan(r->speedup_clock_adjusted.median));
  assert_int_equal(run->analysis.capacity_count, 0);
}

/* Of two workers in 5 ms, 2% are 0.2 ms.  The median decides. */
static void waiting_for_a_cpu_is_contention(void **state) {
  struct run *run = *state;
  for (int above = 0; above < 2; above++) {
    fill(run, 7);
    for (int i = 1; i <= 7; i++) /* the middle one of them at 2% */
      two(run, i)->worker_run_delay_s = numbers_of(2, i < 4 ? 0 : 1);
    two(run, 4)->worker_run_delay_s.values[0] = above ? 101e-6 : 99e-6;
    two(run, 4)->worker_run_delay_s.values[1] = 100e-6;
    const struct result *r = analyse(run);
    assert_int_equal(flag_is_set(r, FLAG_CONTENDED), above);
    assert_string_equal(r->flags, above ? "contended" : "");
  }
}

/* Against the empty region of as many workers, and of the same variant; it
 * stands on no serial row, and not where no empty region was measured. */
static void what_an_empty_region_takes_too_is_overhead(void **state) {
  struct run *run = *state;
  for (int measured = 0; measured < 2; measured++)
    for (int above = 0; above < 2; above++) {
      run_empty(run);
      for (int i = 1; i <= 6; i++) {
        add(run, "round", i, "cube", "serial", 1)->region_s = 1e-4;
        add(run, "round", i, "cube", "omp:static", 2)->region_s = 1e-4;
        add(run, "round", i, "cube", "omp:static", 4)->region_s = 1e-4;
        add(run, "round", i, "cube", "omp:dynamic", 2)->region_s = 1e-4;
        for (int w = 1; measured && w <= 2; w++) {
          add(run, "round", i, "null", "serial", w)->region_s = 9e-5;
          add(run, "round", i, "null", "omp:static", w)->region_s =
              above || i > 1 ? 5.1e-5 : 4.9e-5;
          add(run, "round", i, "null", "omp:dynamic", w)->region_s = 9e-5;
        }
      }
      bool set = measured && above;
      assert_string_equal(analyse(run)->flags,
                          set ? "short-region mostly-overhead"
                              : "short-region");
      const struct analysis *a = &run->analysis;
      assert_string_equal(analysis_find(a, "cube", "serial", 1)->flags,
                          "short-region");
      assert_string_equal(analysis_find(a, "cube", "omp:static", 4)->flags,
                          "short-region");
      assert_string_equal(analysis_find(a, "cube", "omp:dynamic", 2)->flags,
                          "short-region");
    }
}

/* What analyses called a short region before. */
static void an_older_word_is_understood(void **unused) {
  struct result r = {.flags = (char[]){"drift overhead-dominated"}};
  (void)unused;
  assert_true(flag_is_set(&r, FLAG_SHORT) && flag_is_set(&r, FLAG_DRIFT));
  assert_false(flag_is_set(&r, FLAG_OVERHEAD));
  r.flags = (char[]){"mostly-overhead"};
  assert_true(flag_is_set(&r, FLAG_OVERHEAD));
  assert_false(flag_is_set(&r, FLAG_SHORT));
}

/* Of six times the ups may outnumber the downs by 13 or 15 pairs: p = 1.7% and
 * 0.3%; by 11 it is 5.6%.  Five are not asked, however they rise. */
static void times_that_rise_or_fall_are_drift(void **state) {
  struct run *run = *state;
  static const struct {
    int rounds, order[7];
    bool drifts;
  } cases[] = {
      {6, {1, 2, 3, 4, 5, 6}, true},     {6, {6, 5, 4, 3, 2, 1}, true},
      {6, {1, 2, 3, 4, 6, 5}, true},     {6, {1, 2, 3, 6, 4, 5}, false},
      {6, {4, 5, 6, 1, 2, 3}, false},    {5, {1, 2, 3, 4, 5}, false},
      {7, {1, 1, 1, 1, 1, 1, 1}, false}, {7, {1, 1, 2, 2, 3, 3, 4}, true},
  };
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    fill(run, cases[k].rounds);
    for (int i = 1; i <= cases[k].rounds; i++)
      two(run, i)->region_s = 5e-3 + cases[k].order[i - 1] * 1e-6;
    assert_string_equal(analyse(run)->flags, cases[k].drifts ? "drift" : "");
  }
}

static void one_trial_that_lost_time_is_flagged(void **state) {
  struct run *run = *state;
  fill(run, 6);
  for (int i = 1; i <= 6; i++) {
    two(run, i)->throttled_s = 0;
    two(run, i)->swapped_pages = 0;
    two(run, i)->thermal_throttles = 0;
  }
  assert_string_equal(analyse(run)->flags, "");
  two(run, 2)->throttled_s = 1e-6;
  assert_string_equal(analyse(run)->flags, "throttled");
  two(run, 2)->swapped_pages = 1;
  assert_string_equal(analyse(run)->flags, "throttled swapped");
  assert_null(run->analysis.run.warnings);
  assert_int_equal(run->analysis.run.throttled_rounds, 1);
  two(run, 3)->swapped_pages = two(run, 4)->swapped_pages = 9;
  analyse(run); /* half of the rounds are not over half */
  assert_null(run->analysis.run.warnings);
  two(run, 5)->swapped_pages = 9;
  analyse(run);
  assert_non_null(strstr(run->analysis.run.warnings, "swapped in 4 of 6"));
  assert_null(strstr(run->analysis.run.warnings, "quota"));
  for (int i = 1; i <= 4; i++) {
    two(run, i)->swapped_pages = two(run, i)->thermal_throttles = i < 4;
    two(run, i)->throttled_s = 0;
  }
  two(run, 5)->swapped_pages = 0;
  assert_string_equal(analyse(run)->flags, "swapped hot");
  assert_null(run->analysis.run.warnings);
  two(run, 4)->thermal_throttles = 2;
  analyse(run);
  assert_int_equal(run->analysis.run.hot_rounds, 4);
  assert_non_null(strstr(run->analysis.run.warnings, "heat in 4 of 6"));
}

/* 12 trials of 0.1 s on 2 CPUs had 2.4 s. */
static void stolen_time_marks_the_run(void **state) {
  struct run *run = *state;
  static const double stolen_s[] = {0.0239, 0.0241, 0.119, 0.121};
  static const char *const said[] = {NULL, "over 1%", "over 1%",
                                     "not comparable"};
  run->environment.online_cpus = 2;
  for (size_t k = 0; k < sizeof said / sizeof *said; k++) {
    fill(run, 6);
    for (size_t i = 0; i < run->records.count; i++)
      run->list[i].steal_s = stolen_s[k] / 12;
    analyse(run);
    near(run->analysis.run.steal_share, stolen_s[k] / 2.4);
    if (said[k])
      assert_non_null(strstr(run->analysis.run.warnings, said[k]));
    else
      assert_null(run->analysis.run.warnings);
  }
}

/* The clock of a trial's workers, in each of two blocks. */
static void set_clock(struct record *r, double hz) {
  r->turns_clock_hz = numbers_of(2 * (size_t)r->workers, hz);
}

static void fill_probes(struct run *run, int rounds, double slowest) {
  fill(run, rounds);
  for (int i = 1; i <= rounds; i++) {
    /* ratios from 0.9 to `slowest`; the frequency changes between rounds */
    double hz = 2e9 + 1e8 * i;
    struct record *one = add(run, "round", i, "cube", "omp:static", 1);
    set_clock(one, hz);
    set_clock(two(run, i), hz * (i == 1 ? slowest : 0.9));
    add_probe(run, i, "spin/chains=8", 1, hz);
    add_probe(run, i, "spin/chains=8", 2, 0.8 * hz);
  }
}

static const struct result *result_at(struct run *run, int64_t workers) {
  analyse(run);
  return analysis_find(&run->analysis, "cube", "omp:static", workers);
}

/* Six rounds: the interval is from the least to the most. */
static void a_slower_clock_is_told_and_taken_out(void **state) {
  struct run *run = *state;
  fill_probes(run, 6, 0.9799);
  const struct result *r = result_at(run, 2);
  /* twice as fast, on CPUs that deliver 1.6 together */
  assert_string_equal(r->flags, "clock-drop above-p");
  near(r->clock_ratio.low, 0.9);
  near(r->clock_ratio.high, 0.9799);
  near(r->speedup_abs.median, 2);
  near(r->speedup_clock_adjusted.median, 2 / 0.9);
  near(r->speedup_clock_adjusted.low, 2 / 0.9799);
  fill_probes(run, 6, 0.9801);
  assert_string_equal(result_at(run, 2)->flags, "above-p");
  assert_int_equal(run->analysis.capacity_count, 2);
  assert_int_equal(run->analysis.capacities[1].workers, 2);
  near(run->analysis.capacities[0].capacity.high, 1);
  near(run->analysis.capacities[1].capacity.median, 1.6);
}

/* The third worker's core is of a slower kind: its clock has not dropped. */
static void a_slow_cores_clock_is_no_drop(void **state) {
  struct run *run = *state;
  for (int drops = 0; drops < 2; drops++) {
    fill_probes(run, 6, 0.9);
    for (int i = 1; i <= 6; i++) {
      struct record *r = add(run, "round", i, "cube", "omp:static", 3);
      double hz = 2e9 + 1e8 * i;
      set_clock(r, hz);
      for (size_t block = 0; block < 2; block++) {
        r->turns_clock_hz.values[3 * block + 1] = hz * (drops ? 0.9 : 1);
        r->turns_clock_hz.values[3 * block + 2] = hz * 0.7;
      }
    }
    run->environment.slower_from = 3;
    const struct result *r = result_at(run, 3);
    near(r->clock_ratio.median, drops ? 0.95 : 1);
    assert_string_equal(r->flags,
                        drops ? "clock-drop slow-cores" : "slow-cores");
  }
}

static void probes_are_no_results(void **state) {
  struct run *run = *state;
  fill_probes(run, 6, 0.9);
  analyse(run);
  assert_int_equal(run->analysis.workload_count, 1);
  assert_int_equal(run->analysis.result_count, 3);
  assert_int_equal(run->analysis.run.rounds, 6);
  /* those of a round that is left out, and those that failed, are too */
  for (int i = 0; i < 2; i++) {
    free(run->list[i].status);
    run->list[i].status = strdup("failed");
  }
  analyse(run);
  assert_true(isnan(run->analysis.capacities[1].capacity.low)); /* five */
  fill_probes(run, 6, 0.9);
  for (size_t i = 0; i < run->records.count; i++)
    if (strcmp(run->list[i].phase, "probe") == 0 && run->list[i].round == 3) {
      free(run->list[i].status);
      run->list[i].status = strdup("failed");
    }
  analyse(run);
  assert_int_equal(run->analysis.run.rounds, 6);
  assert_true(isnan(run->analysis.capacities[1].capacity.low));
}

static void impossible_clocks_are_refused(void **state) {
  struct run *run = *state;
  fill_probes(run, 6, 0.9);
  two(run, 6)->turns_clock_hz.values[3] = 7.01e9;
  const struct result *r = result_at(run, 2);
  assert_int_equal(run->analysis.run.clock_refused, 1);
  assert_non_null(strstr(run->analysis.run.warnings, "7 GHz"));
  /* five are left: no interval, and no flag of the clock */
  near(r->clock_ratio.median, 0.9);
  assert_true(isnan(r->clock_ratio.low));
  assert_string_equal(r->flags, "above-p");
}

/* Of six rounds the interval goes from the least to the most: 5.1% and 4.9% to
 * either side. */
static void an_interval_that_reaches_far_is_wide(void **state) {
  struct run *run = *state;
  for (int wide = 0; wide < 2; wide++) {
    fill(run, 6);
    two(run, 1)->region_s *= wide ? 1.051 * 1.051 : 1.049 * 1.049;
    assert_string_equal(analyse(run)->flags, wide ? "wide" : "");
  }
}

/* Five times around one value and four 10% above; or where one lies between,
 * or only one is above, or eight in all. */
static void times_around_two_values_are_bimodal(void **state) {
  struct run *run = *state;
  static const struct {
    double percent[9];
    int rounds;
    bool bimodal;
  } cases[] = {
      {{0, 0.1, 0.2, 0.3, 0.4, 10, 10.1, 10.2, 10.3}, 9, true},
      {{0, 0.1, 0.2, 0.3, 0.4, 4, 4.1, 4.2, 4.3}, 9, false},
      {{0, 1, 2, 3, 4, 10, 11, 12, 13}, 9, false},
      {{0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 10, 10.1}, 9, false},
      {{0, 0.1, 0.2, 0.3, 10, 10.1, 10.2, 10.3}, 8, false},
  };
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    fill(run, cases[k].rounds);
    for (int i = 1; i <= cases[k].rounds; i++) /* in no order */
      two(run, 1 + i * 5 % cases[k].rounds)->region_s *=
          1 + cases[k].percent[i - 1] / 100;
    const struct result *r = analyse(run);
    assert_int_equal(flag_is_set(r, FLAG_BIMODAL), cases[k].bimodal);
  }
}

/* More than workers can give, each of them one CPU: only where all of the
 * interval says so. */
static void a_speedup_above_the_workers_is_told(void **state) {
  struct run *run = *state;
  for (int above = 0; above < 2; above++) {
    fill(run, 6);
    for (int i = 1; i <= 6; i++)
      two(run, i)->region_s *= 2 / (above || i > 1 ? 2.01 : 1.99);
    assert_string_equal(analyse(run)->flags, above ? "above-p" : "");
  }
}

static void places_are_flagged_from_where_they_are_used(void **state) {
  struct run *run = *state;
  fill(run, 6);
  run->environment.siblings_from = 3;
  run->environment.slower_from = 2;
  run->environment.numa_from = 1;
  assert_string_equal(analyse(run)->flags, "slow-cores numa");
  run->environment.siblings_from = 2;
  run->environment.slower_from = 0;
  run->environment.numa_from = FIELD_NULL;
  assert_string_equal(analyse(run)->flags, "smt");
  assert_int_equal(run->analysis.run.siblings_from, 2);
}

/* A word is not found within another, and every flag can be told. */
static void flags_are_whole_words(void **state) {
  struct result r;
  (void)state;
  fields_clear(result_fields, &r);
  assert_false(flag_is_set(&r, FLAG_DRIFT));
  char words[] = "drifting smt";
  r.flags = words;
  assert_false(flag_is_set(&r, FLAG_DRIFT));
  assert_true(flag_is_set(&r, FLAG_SMT));
  for (int f = 0; f < FLAGS; f++) {
    assert_non_null(flag_table[f].word);
    assert_non_null(flag_table[f].meaning);
    for (int other = 0; other < f; other++)
      assert_string_not_equal(flag_table[f].mark, flag_table[other].mark);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_RUN(what_is_not_known_flags_nothing),
      IN_RUN(waiting_for_a_cpu_is_contention),
      IN_RUN(what_an_empty_region_takes_too_is_overhead),
      cmocka_unit_test(an_older_word_is_understood),
      IN_RUN(times_that_rise_or_fall_are_drift),
      IN_RUN(one_trial_that_lost_time_is_flagged),
      IN_RUN(stolen_time_marks_the_run),
      IN_RUN(a_slower_clock_is_told_and_taken_out),
      IN_RUN(a_slow_cores_clock_is_no_drop),
      IN_RUN(probes_are_no_results),
      IN_RUN(impossible_clocks_are_refused),
      IN_RUN(an_interval_that_reaches_far_is_wide),
      IN_RUN(times_around_two_values_are_bimodal),
      IN_RUN(a_speedup_above_the_workers_is_told),
      IN_RUN(places_are_flagged_from_where_they_are_used),
      cmocka_unit_test(flags_are_whole_words),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

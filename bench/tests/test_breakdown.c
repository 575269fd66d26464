/* test_breakdown.c: what regions lose comes back in its own term, and all adds
 * up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/tests/terms_fixture.h"

static void is_lost(const struct breakdown *b, const struct lost *l) {
  double total_s = lost_total_s(l);
  assert_true(b->told);
  is_term(b, TERM_USEFUL, l->one_s, total_s);
  is_term(b, TERM_START, l->start_s + l->late_start_s, total_s);
  is_term(b, TERM_DISPATCH, l->dispatch_s + l->late_dispatch_s, total_s);
  is_term(b, TERM_SENDING, l->send_s + l->late_send_s, total_s);
  is_term(b, TERM_FEW, l->few_s, total_s);
  is_term(b, TERM_JOIN, l->join_s, total_s);
  is_term(b, TERM_WAITING, l->off_cpu_s + l->late_off_cpu_s, total_s);
  is_term(b, TERM_IMBALANCE, l->uneven_s, total_s);
  is_term(b, TERM_WORK, l->work_s, total_s);
  near_to(share_sum(b), 1);
}

static void region_terms_come_back(void **state) {
  struct run *run = *state;
  run_empty(run);
  lost_regions(run, work, "omp:static", 4, &all_lost, 1);
  run_analyse(run, NULL);
  const struct result *r = run_find(run, work, "omp:static", 4);
  is_lost(&r->region_breakdown, &all_lost);
  assert_int_equal(r->region_breakdown.trials, LOST_ROUNDS);
  is_term(&r->region_breakdown, TERM_SLOWER, 0, 1);
  is_untold(&r->region_breakdown, TERM_THROWN); /* no search */
  is_untold(&r->region_breakdown, TERM_SERIAL);
  is_untold(&r->region_breakdown, TERM_MORE_CPU);
  assert_false(r->breakdown.told); /* no program was run */
  assert_false(run_find(run, work, "serial", 1)->region_breakdown.told);
}

/* A credit is one: more cache than serial had. */
static void credits_are_not_clipped(void **state) {
  struct run *run = *state;
  struct lost credit = {.one_s = 8, .work_s = -2, .join_s = 1};
  run_empty(run);
  lost_regions(run, work, "omp:static", 2, &credit, 1);
  run_analyse(run, NULL);
  is_lost(&run_find(run, work, "omp:static", 2)->region_breakdown, &credit);
}

/* Without CPU times, what was on no CPU is longer work, and uneven work. */
static void cpu_times_may_be_untold(void **state) {
  struct run *run = *state;
  run_empty(run);
  lost_regions(run, work, "omp:static", 4, &all_lost, 1);
  run->list[3].sums.off_cpu_s = (double)NAN; /* of one trial alone */
  run->list[3].sums.late_off_cpu_s = (double)NAN;
  run_analyse(run, NULL);
  const struct breakdown *b =
      &run_find(run, work, "omp:static", 4)->region_breakdown;
  double total_s = lost_total_s(&all_lost);
  assert_int_equal(b->trials, LOST_ROUNDS);
  is_untold(b, TERM_WAITING);
  is_term(b, TERM_WORK, all_lost.work_s + all_lost.off_cpu_s, total_s);
  is_term(b, TERM_IMBALANCE, all_lost.uneven_s + all_lost.late_off_cpu_s,
          total_s);
  near_to(share_sum(b), 1);
}

/* What serial waited for a CPU is in what it took, and no loss. */
static void serials_waiting_is_no_loss(void **state) {
  struct run *run = *state;
  run_empty(run);
  lost_regions(run, work, "omp:static", 4, &all_lost, 1);
  for (size_t i = 0; i < run->records.count; i += 2)
    run->list[i].sums.off_cpu_s = 0.5 * LOST_REGIONS;
  run_analyse(run, NULL);
  const struct breakdown *b =
      &run_find(run, work, "omp:static", 4)->region_breakdown;
  double total_s = lost_total_s(&all_lost);
  is_term(b, TERM_WAITING, 0.75 + 0.375 - 0.5, total_s);
  is_term(b, TERM_WORK, 1 + 0.5, total_s);
  near_to(share_sum(b), 1);
}

/* Scaling all times leaves the shares. */
static void scaled_times_leave_shares(void **state) {
  struct run *run = *state;
  run_empty(run);
  lost_regions(run, work, "omp:static", 4, &all_lost, 1);
  run_analyse(run, NULL);
  const struct breakdown before =
      run_find(run, work, "omp:static", 4)->region_breakdown;
  run_empty(run);
  lost_regions(run, work, "omp:static", 4, &all_lost, 0.001);
  run_analyse(run, NULL);
  const struct breakdown *after =
      &run_find(run, work, "omp:static", 4)->region_breakdown;
  for (int t = 0; t < TERMS; t++) {
    if (isnan(before.share[t].median)) {
      is_untold(after, (enum term)t);
      continue;
    }
    near_to(after->share[t].median, before.share[t].median);
    near_to(after->core_s[t].median, 0.001 * before.core_s[t].median);
  }
}

/* Serial in turns with the team's own regions is what is useful; where its
 * blocks on the CPU of the last one take longer, that one was slower. */
static void turns_tell_who_was_slower(void **state) {
  struct run *run = *state;
  struct lost late = {.one_s = 8, .uneven_s = 1};
  static const double one_s[] = {7.5, 8.5};      /* on CPUs 0 and 1 */
  static const size_t serials[] = {2, 6, 7, 11}; /* places of S */
  run_empty(run);
  lost_regions(run, work, "omp:static", 2, &late, 1);
  for (size_t i = 1; i < run->records.count; i += 2) {
    struct record *r = &run->list[i];
    r->beside = strdup("serial");
    r->turns = strdup("sp|SPPcS|SPPcS|");
    r->turns_s = numbers_of(12, 4.5);
    r->turns_cpu = numbers_of(12, (double)NAN);
    for (size_t k = 0; k < 4; k++) {
      r->turns_s.values[serials[k]] = one_s[k % 2];
      r->turns_cpu.values[serials[k]] = (double)(k % 2);
    }
    r->turns_ratio = 8 / 4.5;
    r->cpus = numbers_of(2, 0);
    r->cpus.values[1] = 1;
    r->worker_busy_s = numbers_of(2, 3.75);
    r->worker_busy_s.values[1] = 4.75;
    r->worker_end_s = numbers_of(2, 3.75);
    r->worker_end_s.values[1] = 4.75;
  }
  run_analyse(run, NULL);
  const struct breakdown *b =
      &run_find(run, work, "omp:static", 2)->region_breakdown;
  /* One is 8.5/7.5 of the other: half a second of 3.75; it was late by 1. */
  is_term(b, TERM_USEFUL, 8, 9);
  is_term(b, TERM_SLOWER, 0.5, 9);
  is_term(b, TERM_IMBALANCE, 0.5, 9);
  near_to(share_sum(b), 1);
}

/* A neighbour on CPU 0 takes half of it: serial, 6 s of work, takes 12 s there
 * and 6 s on the other, and its own trial stays on CPU 0.  The worker there
 * waits for 3 s, and the other one for it. */
static void serial_in_turns_waits_on_one_cpu(void **state) {
  struct run *run = *state;
  struct lost l = {.one_s = 6, .off_cpu_s = 3, .late_off_cpu_s = 3};
  static const size_t serials[] = {2, 6, 7, 11};
  run_empty(run);
  lost_regions(run, work, "omp:static", 2, &l, 1);
  for (size_t i = 0; i < run->records.count; i++) {
    struct record *r = &run->list[i];
    if (i % 2 == 0) {
      r->region_s = 12;
      for (size_t k = 0; k < r->regions_s.count; k++)
        r->regions_s.values[k] = 12;
      r->sums.region_s = r->sums.busy_s = 12.0 * LOST_REGIONS;
      r->sums.off_cpu_s = 6.0 * LOST_REGIONS;
      continue;
    }
    r->beside = strdup("serial");
    r->turns = strdup("sp|SPPcS|SPPcS|");
    r->turns_s = numbers_of(12, 6);
    r->turns_cpu = numbers_of(12, (double)NAN);
    for (size_t k = 0; k < 4; k++) {
      r->turns_s.values[serials[k]] = k % 2 ? 6 : 12;
      r->turns_cpu.values[serials[k]] = (double)(k % 2);
    }
    r->turns_ratio = 1.5;
  }
  run_analyse(run, NULL);
  const struct breakdown *b =
      &run_find(run, work, "omp:static", 2)->region_breakdown;
  is_term(b, TERM_USEFUL, 9, 12);
  is_term(b, TERM_WAITING, 3, 12);
  is_term(b, TERM_WORK, 0, 12);
  near_to(share_sum(b), 1);
}

/* Items past the hit are out of what took longer, as far as that goes. */
static void items_past_a_hit_are_thrown_away(void **state) {
  static const char search[] = "adler32/mode=first,zeros=5";
  struct run *run = *state;
  struct lost past = {.one_s = 4, .work_s = 3, .skipped_items = 600};
  run_empty(run);
  lost_regions(run, search, "omp:dynamic", 2, &past, 1);
  for (size_t i = 0; i < run->records.count; i++)
    run->list[i].lowest_hit = 199; /* of 400 done, 200 were needed */
  run_analyse(run, NULL);
  const struct breakdown *b =
      &run_find(run, search, "omp:dynamic", 2)->region_breakdown;
  is_term(b, TERM_THROWN, 3, 7); /* 200 / 200 x 4 s would be more */
  is_term(b, TERM_WORK, 0, 7);
  for (size_t i = 0; i < run->records.count; i++)
    run->list[i].lowest_hit = 319; /* 80 / 320 x 4 s */
  run_analyse(run, NULL);
  b = &run_find(run, search, "omp:dynamic", 2)->region_breakdown;
  is_term(b, TERM_THROWN, 1, 7);
  is_term(b, TERM_WORK, 2, 7);
  near_to(share_sum(b), 1);
}

/* Who counts all hits throws none away. */
static void counting_throws_nothing_away(void **state) {
  static const char all[] = "adler32/zeros=5";
  struct run *run = *state;
  struct lost longer = {.one_s = 4, .work_s = 3};
  run_empty(run);
  lost_regions(run, all, "omp:dynamic", 2, &longer, 1);
  for (size_t i = 0; i < run->records.count; i++)
    run->list[i].lowest_hit = 319;
  run_analyse(run, NULL);
  is_untold(&run_find(run, all, "omp:dynamic", 2)->region_breakdown,
            TERM_THROWN);
}

/* Sums that contradict themselves, and runs of before there were any. */
static void what_does_not_add_up_is_untold(void **state) {
  struct run *run = *state;
  run_empty(run);
  lost_regions(run, work, "omp:static", 4, &all_lost, 1);
  for (size_t i = 1; i < run->records.count; i += 2)
    run->list[i].sums.join_s += 1;
  run_analyse(run, NULL);
  assert_false(run_find(run, work, "omp:static", 4)->region_breakdown.told);
  for (size_t i = 1; i < run->records.count; i += 2)
    run->list[i].sums.regions = FIELD_NULL;
  run_analyse(run, NULL);
  assert_false(run_find(run, work, "omp:static", 4)->region_breakdown.told);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_RUN(region_terms_come_back),
      IN_RUN(credits_are_not_clipped),
      IN_RUN(cpu_times_may_be_untold),
      IN_RUN(serials_waiting_is_no_loss),
      IN_RUN(scaled_times_leave_shares),
      IN_RUN(turns_tell_who_was_slower),
      IN_RUN(serial_in_turns_waits_on_one_cpu),
      IN_RUN(items_past_a_hit_are_thrown_away),
      IN_RUN(counting_throws_nothing_away),
      IN_RUN(what_does_not_add_up_is_untold),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

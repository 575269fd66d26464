/* test_cause.c: why workers were idle: every rule names the cause that was put
 * there, and what is no cause is ruled out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/tests/cause_fixture.h"

/* ---- nothing to explain -------------------------------------------------- */

static void little_is_no_loss(void **state) {
  struct lost l = {.one_s = 8, .join_s = 0.3};
  const struct cause *c = cause_of(*state, work, "omp:static", &l, NULL);
  is_cause(c, "join", "nothing-lost", "nothing much is lost");
}

/* What sleeps is on no CPU, and loses nothing by that. */
static void waits_are_no_loss(void **state) {
  struct lost l = {.one_s = 8, .join_s = 0.01};
  struct run *run = *state;
  run_empty(run);
  lost_regions(run, "latency", "omp:static", 2, &l, 1);
  for (size_t i = 0; i < LOST_ROUNDS; i++) {
    own(run, i)->sums.off_cpu_s = own(run, i)->sums.busy_s;
    run->list[2 * i].sums.off_cpu_s = (double)NAN;
  }
  const struct cause *c = &analysed(run, "latency", "omp:static", 2)->cause;
  is_cause(c, "join", "nothing-lost", "nothing much is lost");
}

static void what_is_as_wide_as_it_is_large_is_not_told(void **state) {
  struct run *run = *state;
  run_empty(run);
  struct lost l[] = {{.one_s = 8, .work_s = -4}, {.one_s = 8, .work_s = 6}};
  lost_regions(run, work, "omp:static", 2, &l[0], 1);
  for (size_t i = 0; i < LOST_ROUNDS; i += 2)
    own(run, i)->sums = lost_sums(&l[1], LOST_REGIONS, 2);
  is_cause(&analysed(run, work, "omp:static", 2)->cause, "work", "not-told",
           "too wide to tell");
}

/* Nor is it told that nothing is lost where much may be. */
static void what_may_be_lost_is_not_nothing(void **state) {
  struct run *run = *state;
  run_empty(run);
  struct lost l[] = {{.one_s = 8, .work_s = -4}, {.one_s = 8, .work_s = 4}};
  lost_regions(run, work, "omp:static", 2, &l[0], 1);
  for (size_t i = 0; i < LOST_ROUNDS; i += 2)
    own(run, i)->sums = lost_sums(&l[1], LOST_REGIONS, 2);
  is_cause(&analysed(run, work, "omp:static", 2)->cause, "work", "not-told",
           "too wide to tell");
  struct lost small = {.one_s = 8, .work_s = 0.01};
  is_cause(cause_of(run, work, "omp:static", &small, NULL), "work",
           "nothing-lost", "100% of the cores' time is useful");
}

static void old_records_tell_nothing(void **state) {
  struct run *run = *state;
  struct lost l = {.one_s = 8, .work_s = 8};
  run_empty(run);
  lost_regions(run, work, "omp:static", 2, &l, 1);
  for (size_t i = 0; i < LOST_ROUNDS; i++)
    own(run, i)->sums.regions = FIELD_NULL;
  const struct result *r = analysed(run, work, "omp:static", 2);
  assert_null(r->cause.term);
  assert_string_equal(r->cause.rule, "not-told");
  assert_null(r->region_cause.rule);
  assert_null(run_find(run, work, "serial", 1)->cause.rule);
}

/* ---- idle ---------------------------------------------------------------- */

static void early(struct record *r) {
  r->lowest_hit = 20;
}

static void late(struct record *r) {
  r->lowest_hit = 799;
}

/* Whatever the largest loss of such a search is, it is no overhead. */
static void a_search_that_ends_early_is_named(void **state) {
  static const char search[] = "adler32/mode=first,zeros=5";
  struct lost past = {.one_s = 1, .work_s = 1}, few = {.one_s = 1, .few_s = 1},
              start = {.one_s = 1, .start_s = 1},
              join = {.one_s = 1, .join_s = 1};
  const struct cause *c = cause_of(*state, search, "omp:static", &past, early);
  is_cause(c, "thrown", "early-hit", "the search ends at item 20 of 1000");
  is_evidence(c, "lowest_hit", 20);
  c = cause_of(*state, search, "omp:static", &few, early);
  is_cause(c, "few", "early-hit", "item 20");
  c = cause_of(*state, search, "omp:static", &start, early);
  is_cause(c, "start", "early-hit", "item 20");
  c = cause_of(*state, search, "omp:static", &join, early);
  is_cause(c, "join", "early-hit", "item 20");
  c = cause_of(*state, search, "omp:static", &join, late);
  is_cause(c, "join", "team-work", "after the last one");
  is_ruled_out(c, "early-hit");
}

static void few_chunks(struct record *r) {
  r->worker_chunks = numbers_of(2, 0.5);
}

static void many_chunks(struct record *r) {
  r->worker_chunks = numbers_of(2, 500);
}

static void too_few_items_are_named(void **state) {
  struct lost l = {.one_s = 1, .few_s = 1};
  is_cause(cause_of(*state, work, "omp:dynamic", &l, few_chunks), "few",
           "few-items", "1 chunks for 2 workers");
}

static void small_chunks_are_named(void **state) {
  struct lost l = {.one_s = 4, .dispatch_s = 1};
  const struct cause *c =
      cause_of(*state, work, "omp:dynamic", &l, many_chunks);
  is_cause(c, "dispatch", "small-chunks", "25 items a chunk would do");
  is_evidence(c, "chunk_s", 0.004);
  is_evidence(c, "dispatch_s_a_chunk", 0.001);
}

static void last_chunks_are_named(void **state) {
  struct lost l = {.one_s = 4, .uneven_s = 1};
  const struct cause *c = cause_of(*state, work, "omp:dynamic", &l, few_chunks);
  is_cause(c, "imbalance", "large-chunks", "the last chunk");
  c = cause_of(*state, work, "omp:dynamic", &l, many_chunks);
  is_cause(c, "imbalance", "not-explained", "ruled out");
  is_ruled_out(c, "large-chunks");
}

/* Others used all CPUs in the trial; of so short a region that tells nothing.
 */
static void crowded(struct record *r) {
  r->wall_s = 10;
  r->others_cpu_s = 20;
}

/* Starting, joining and sending are what was measured; of little work, that. */
static void what_teams_do_is_named(void **state) {
  struct lost start = {.one_s = 4, .start_s = 1},
              join = {.one_s = 4, .join_s = 1},
              send = {.one_s = 4, .send_s = 1};
  is_cause(cause_of(*state, work, "omp:static", &start, NULL), "start",
           "team-work", "waking or starting a worker takes 500 ms");
  is_cause(cause_of(*state, work, "omp:static", &join, NULL), "join",
           "team-work", "a worker waits for 500 ms");
  is_cause(cause_of(*state, work, "pool:static@pipe", &send, NULL), "sending",
           "team-work", "carrying its results takes a worker 500 ms");
  is_cause(cause_of(*state, work, "omp:static", &start, crowded), "start",
           "neighbour", "others used its CPUs");
  struct lost tiny = {.one_s = 4e-6, .start_s = 1e-6};
  is_cause(cause_of(*state, work, "omp:static", &tiny, crowded), "start",
           "little-work", "1000 items are 4 µs of work");
}

/* ---- the last one -------------------------------------------------------- */

static void add_dynamic(struct run *run, double region_s) {
  for (int64_t round = 1; round <= LOST_ROUNDS; round++)
    lost_add(run, "round", round, work, "omp:dynamic", 2)->region_s = region_s;
}

static void unequal_slices_are_named(void **state) {
  struct run *run = *state;
  struct lost l = {.one_s = 4, .uneven_s = 4};
  run_empty(run);
  lost_regions(run, work, "omp:static", 2, &l, 1);
  add_dynamic(run, 2);
  const struct result *r = analysed(run, work, "omp:static", 2);
  is_cause(&r->cause, "imbalance", "unequal-work", "omp:dynamic: 2.00×");
  is_evidence(&r->cause, "dynamic_gain", 2);
  run_empty(run);
  lost_regions(run, work, "omp:static", 2, &l, 1);
  add_dynamic(run, 3.9);
  r = analysed(run, work, "omp:static", 2);
  is_cause(&r->cause, "imbalance", "not-explained", "ruled out");
  is_ruled_out(&r->cause, "unequal-work");
}

/* Without dynamic: the same one is last, by its CPU time, on no slower CPU. */
static void alike(struct record *r) {
  r->beside = strdup("serial");
  r->turns = strdup("SPPcS|");
  r->turns_s = numbers_of(5, 4);
  r->turns_cpu = numbers_of(5, 0);
  r->turns_cpu.values[4] = 1;
  r->turns_ratio = 1;
  r->turns_clock_hz = numbers_of(2, 1e9);
  r->cpus = numbers_of(2, 0);
  r->cpus.values[1] = 1;
  r->worker_busy_s = numbers_of(2, 2);
  r->worker_end_s = numbers_of(2, 2);
  r->worker_cpu_s = numbers_of(2, 2);
}

static void second_has_more(struct record *r) {
  alike(r);
  r->worker_busy_s.values[1] = r->worker_end_s.values[1] =
      r->worker_cpu_s.values[1] = 4;
}

static void second_is_slow(struct record *r) {
  second_has_more(r);
  r->turns_s.values[4] = 12;
}

static void second_has_no_clock(struct record *r) {
  second_is_slow(r);
  r->turns_clock_hz.values[1] = 5e8;
}

static void who_is_last_always_has_more(void **state) {
  struct lost l = {.one_s = 4, .uneven_s = 2};
  const struct cause *c =
      cause_of(*state, work, "omp:static", &l, second_has_more);
  is_cause(c, "imbalance", "unequal-work",
           "worker 1, the last one in 9 of 9 trials, needs 2.00×");
  c = cause_of(*state, work, "omp:static", &l, alike);
  is_cause(c, "imbalance", "not-explained", "ruled out");
  is_ruled_out(c, "unequal-work");
  c = cause_of(*state, work, "omp:static", &l, NULL);
  is_cause(c, "imbalance", "not-explained",
           "ruled out: oversubscribed, quota, uneven slices");
  assert_null(strstr(c->ruled_out, "unequal-work")); /* it was not told */
}

/* Where a pilot has a profile, it is that which tells: of four blocks. */
static const struct cause *with_profile(struct run *run,
                                        const double *block_s) {
  struct lost l = {.one_s = 4, .uneven_s = 2};
  run_empty(run);
  lost_regions(run, work, "omp:static", 2, &l, 1);
  for (size_t i = 0; i < LOST_ROUNDS; i++)
    alike(own(run, i));
  struct record *pilot = lost_add(run, "pilot", FIELD_NULL, work, "serial", 1);
  pilot->profile_s = numbers_of(4, 0);
  memcpy(pilot->profile_s.values, block_s, 4 * sizeof *block_s);
  return &analysed(run, work, "omp:static", 2)->region_cause;
}

/* 2 of 6 s are idle, and half of that is a sixth, as of slices of 3 and 2 s:
 * these are a little more unequal, and a little less. */
static void profiles_tell_of_unequal_work(void **state) {
  static const double steep[] = {1, 2, 3, 6}, half[] = {1, 1, 1.55, 1.55},
                      less[] = {1, 1, 1.45, 1.45}, even[] = {2, 2, 2, 2};
  const struct cause *c = with_profile(*state, steep);
  is_cause(c, "imbalance", "unequal-work", "dynamic could win");
  is_evidence(c, "region_law", 12.0 / 9);
  c = with_profile(*state, half);
  is_cause(c, "imbalance", "unequal-work", "hold unequal work");
  c = with_profile(*state, less);
  is_cause(c, "imbalance", "not-explained", "ruled out");
  is_ruled_out(c, "unequal-work");
  c = with_profile(*state, even);
  is_ruled_out(c, "unequal-work");
}

static void slow_cpus_are_named(void **state) {
  struct lost l = {.one_s = 8, .uneven_s = 2};
  const struct cause *c =
      cause_of(*state, work, "omp:static", &l, second_is_slow);
  is_cause(c, "slower", "shared-core", "3.00× as long on CPU 1");
  is_ruled_out(c, "slow-clock");
  c = cause_of(*state, work, "omp:static", &l, second_has_no_clock);
  is_cause(c, "slower", "slow-clock", "CPU 1 has 50% of the others' clock");
}

static void three_items(struct record *r) {
  r->size = 3;
}

static void uneven_items_are_named(void **state) {
  struct run *run = *state;
  struct lost l = {.one_s = 3, .uneven_s = 1};
  run_empty(run);
  lost_regions(run, work, "omp:static", 2, &l, 1);
  for (size_t i = 0; i < run->records.count; i++)
    three_items(&run->list[i]);
  is_cause(&analysed(run, work, "omp:static", 2)->cause, "imbalance",
           "uneven-slices", "3 items cannot be dealt out evenly to 2");
  /* A profile that is even says so, too. */
  struct record *pilot = lost_add(run, "pilot", FIELD_NULL, work, "serial", 1);
  pilot->profile_s = numbers_of(3, 1);
  pilot->size = 3;
  is_cause(&analysed(run, work, "omp:static", 2)->cause, "imbalance",
           "uneven-slices", "3 items cannot be dealt out evenly to 2");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_RUN(little_is_no_loss),
      IN_RUN(waits_are_no_loss),
      IN_RUN(what_is_as_wide_as_it_is_large_is_not_told),
      IN_RUN(what_may_be_lost_is_not_nothing),
      IN_RUN(old_records_tell_nothing),
      IN_RUN(a_search_that_ends_early_is_named),
      IN_RUN(too_few_items_are_named),
      IN_RUN(small_chunks_are_named),
      IN_RUN(last_chunks_are_named),
      IN_RUN(what_teams_do_is_named),
      IN_RUN(unequal_slices_are_named),
      IN_RUN(profiles_tell_of_unequal_work),
      IN_RUN(who_is_last_always_has_more),
      IN_RUN(slow_cpus_are_named),
      IN_RUN(uneven_items_are_named),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

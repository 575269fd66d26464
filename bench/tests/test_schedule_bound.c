/* test_schedule_bound.c: what a schedule makes of a profile: against makespans
 * worked out by hand, and against what holds of every profile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/analyze/schedule_bound.h"
#include "kernels/kernel.h"

#include <math.h>
#include <stdlib.h>

static void near(double value, double expected) {
  if (!(fabs(value - expected) <= 1e-12 * fabs(expected)))
    fail_msg("%.17g expected, got %.17g", expected, value);
}

static struct variant_spec spec_of(const char *text) {
  struct variant_spec spec;
  struct problem problem = {""};
  if (notation_parse_variant(text, &spec, &problem) != 0)
    fail_msg("%s", problem.text);
  return spec;
}

static double makespan_s(const double *block_s, size_t blocks, uint64_t items,
                         const char *variant, uint32_t workers) {
  const struct schedule_work work = {block_s, blocks, items};
  const struct variant_spec spec = spec_of(variant);
  return schedule_makespan_s(&work, &spec, workers);
}

/* ---- by hand ------------------------------------------------------------- */

/* Items that take 1 to 8 s, in their order. */
static const double rising[] = {1, 2, 3, 4, 5, 6, 7, 8};

static void makespans_are_those_worked_out_by_hand(void **state) {
  static const double one_huge[] = {1, 1, 1, 1, 60, 1, 1, 1};
  static const struct {
    const double *block_s;
    const char *variant;
    uint32_t workers;
    double makespan_s;
  } cases[] = {
      {rising, "omp:static", 1, 36},
      {rising, "omp:static", 2, 26},
      {rising, "pool:static@pipe", 3, 21}, /* two, three and three items */
      {rising, "omp:static", 4, 15},
      {rising, "omp:static", 8, 8},
      {rising, "omp:static", 256, 8},
      {rising, "omp:dynamic,1", 1, 36},
      {rising, "omp:dynamic,1", 2, 20}, /* 1 3 5 7 2 4 6 8: 16 and 20 */
      {rising, "omp:tasks,1", 2, 20},
      {rising, "omp:dynamic,2", 2, 22}, /* 3 11, 7 15 */
      {rising, "omp:dynamic,3", 2, 21}, /* 6 15, 15 */
      {rising, "omp:dynamic,1", 3, 15}, /* 1 4 7, 2 5 8, 3 6 */
      {rising, "omp:dynamic,1", 200, 8},
      {rising, "omp:dynamic,100", 2, 36},
      /* 4 items of 8, 2 of 4, and one by one: 10 7, 11 8 */
      {rising, "pool:guided,1", 2, 19},
      /* In whole chunks of 3: 3 of 8 for each, and what is left. */
      {rising, "pool:guided,3", 2, 21},
      {rising, "pool:apply", 2, 36},
      {rising, "pool:apply", 64, 36},
      {one_huge, "omp:static", 2, 63},
      {one_huge, "omp:dynamic,1", 2, 62}, /* 1 1 60 */
      {one_huge, "omp:dynamic,1", 4, 61},
      {one_huge, "omp:dynamic,1", 256, 60},
      {one_huge, "pool:guided,1", 256, 60},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    double s =
        makespan_s(cases[i].block_s, 8, 8, cases[i].variant, cases[i].workers);
    if (fabs(s - cases[i].makespan_s) > 1e-9)
      fail_msg("%s on %u: %g instead of %g", cases[i].variant, cases[i].workers,
               s, cases[i].makespan_s);
  }
}

static void chunks_are_counted(void **state) {
  static const struct {
    const char *variant;
    uint32_t workers;
    uint64_t chunks;
  } cases[] = {
      {"omp:static", 3, 3},    {"omp:static", 256, 8},  {"omp:dynamic,3", 2, 3},
      {"omp:tasks,8", 2, 1},   {"pool:guided,1", 2, 4}, {"pool:guided,1", 1, 1},
      {"pool:guided,3", 1, 2}, {"pool:apply", 2, 8},    {"omp:dynamic", 2, 0}};
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const struct variant_spec spec = spec_of(cases[i].variant);
    if (schedule_chunks(8, &spec, cases[i].workers) != cases[i].chunks)
      fail_msg("%s on %u", cases[i].variant, cases[i].workers);
  }
}

/* Where a cut lies within a block, each of its items takes as much. */
static void blocks_are_cut_evenly(void **state) {
  static const double two[] = {3, 6};
  (void)state;
  near(makespan_s(two, 2, 6, "omp:static", 3), 4);    /* 2, 3, 4 */
  near(makespan_s(two, 2, 6, "omp:dynamic,2", 2), 6); /* 2 4, 3 */
  near(makespan_s(two, 2, 600, "omp:static", 4), 3);  /* 1.5, 3 */
  near(makespan_s(two, 2, 7, "omp:static", 7), 1.5);  /* 3 items and 4 */
  near(makespan_s(two, 2, 2, "omp:static", 7), 6);    /* none has more */
  near(makespan_s(two, 1, UINT64_C(1) << 62, "omp:static", 3), 1);
}

/* A million chunks of one item as fewer of more: 256 workers end together, but
 * for one of those. */
static void many_chunks_are_taken_at_once(void **state) {
  static double even[1024];
  const struct schedule_work work = {even, 1024, UINT64_C(1) << 40};
  (void)state;
  for (size_t k = 0; k < 1024; k++)
    even[k] = 1;
  const struct variant_spec spec = spec_of("omp:dynamic,1");
  near(schedule_bound(&work, &spec, 256), 256);
  double odd = schedule_bound(&work, &spec, 255);
  assert_true(odd > 254 && odd <= 255 * (1 + 1e-12));
  const struct variant_spec guided = spec_of("omp:guided,1");
  assert_true(schedule_bound(&work, &guided, 4096) > 4090);
}

static void nothing_has_no_bound(void **state) {
  static const double none[] = {0, 0};
  const struct variant_spec spec = spec_of("omp:static"),
                            no_chunk = spec_of("omp:dynamic");
  const struct schedule_work works[] = {
      {none, 2, 2}, {rising, 0, 8}, {rising, 8, 0}};
  (void)state;
  for (size_t i = 0; i < 3; i++)
    assert_true(isnan(schedule_bound(&works[i], &spec, 2)));
  const struct schedule_work work = {rising, 8, 8};
  assert_true(isnan(schedule_bound(&work, &no_chunk, 2)));
}

/* ---- of every profile ---------------------------------------------------- */

/* Some are even, some steep, some have a block that is most of it. */
static size_t draw_profile(uint64_t seed, double *block_s) {
  size_t blocks = 1 + kernel_random_below(seed, 0, 64);
  uint64_t kind = kernel_random_below(seed, 1, 3);
  for (size_t k = 0; k < blocks; k++) {
    double u = (double)kernel_random_below(seed, 2 + k, 1000) / 1000;
    block_s[k] = kind == 0 ? 1 + 0.1 * u : kind == 1 ? (double)k * u : u;
  }
  block_s[kernel_random_below(seed, 100, blocks)] += kind == 2 ? 50 : 0.5;
  return blocks;
}

static void bounds_lie_between_one_and_the_workers(void **state) {
  static const char *const variants[] = {"omp:static",    "omp:dynamic,1",
                                         "omp:dynamic,7", "omp:guided,2",
                                         "omp:tasks,3",   "pool:apply"};
  double block_s[64];
  (void)state;
  for (uint64_t seed = 1; seed <= 300; seed++) {
    size_t blocks = draw_profile(seed, block_s);
    const struct schedule_work work = {
        block_s, blocks, blocks + kernel_random_below(seed, 200, 1000)};
    uint32_t workers = 1 + (uint32_t)kernel_random_below(seed, 201, 256);
    for (size_t i = 0; i < 6; i++) {
      const struct variant_spec spec = spec_of(variants[i]);
      double bound = schedule_bound(&work, &spec, workers);
      if (!(bound >= 1 - 1e-12 && bound <= workers * (1 + 1e-12)))
        fail_msg("profile %u, %s on %u: %g", (unsigned)seed, variants[i],
                 workers, bound);
    }
  }
}

/* Nobody is idle as long as there is a chunk: the last one ends no later than
 * an even share and a chunk. */
static void who_is_free_waits_for_a_chunk_at_most(void **state) {
  double block_s[64];
  (void)state;
  for (uint64_t seed = 1; seed <= 300; seed++) {
    size_t blocks = draw_profile(seed, block_s);
    uint32_t workers = 1 + (uint32_t)kernel_random_below(seed, 300, 40);
    double longest_s = 0;
    for (size_t k = 0; k < blocks; k++)
      longest_s = fmax(longest_s, block_s[k]);
    double dynamic_s =
        makespan_s(block_s, blocks, blocks, "omp:dynamic,1", workers);
    double static_s =
        makespan_s(block_s, blocks, blocks, "omp:static", workers);
    assert_true(dynamic_s <= static_s + longest_s + 1e-9);
    assert_true(dynamic_s >= longest_s - 1e-9);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(makespans_are_those_worked_out_by_hand),
      cmocka_unit_test(chunks_are_counted),
      cmocka_unit_test(blocks_are_cut_evenly),
      cmocka_unit_test(many_chunks_are_taken_at_once),
      cmocka_unit_test(nothing_has_no_bound),
      cmocka_unit_test(bounds_lie_between_one_and_the_workers),
      cmocka_unit_test(who_is_free_waits_for_a_chunk_at_most),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

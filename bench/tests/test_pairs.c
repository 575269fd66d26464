/* Pairs of simulated runs: what differs is found, and nothing else, however the
 * trials of a round go together; and the one ratio of several points.
 *
 * usage: test_pairs              a part of the study
 *        test_pairs --study      all of it, as tables */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/analyze/stats.h"
#include "bench/analyze/unpaired.h"
#include "bench/sweep/simulated/draws.h"
#include "bench/tests/coverage_pairs.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PAIRS = 1000, PAIRS_PART = 200, POINTS = 8 };

/* ---- several points ------------------------------------------------------ */

enum { MOST = 4, TRIALS = 9 };

/* Trials of several points, b's longer by a factor; shared: that share of the
 * noise is one for a round. */
struct runs {
  double a[MOST][TRIALS], b[MOST][TRIALS];
  struct numbers in_a[MOST], in_b[MOST];
};

static void make(struct runs *runs, uint64_t seed, double factor,
                 double shared) {
  for (uint64_t p = 0; p < MOST; p++) {
    for (uint64_t i = 0; i < TRIALS; i++) {
      uint64_t at = 4 * (p * TRIALS + i), round = 1000 + 4 * i;
      double own = sqrt(1 - shared), all = sqrt(shared);
      runs->a[p][i] = exp(0.02 * (own * simulated_normal(seed, at) +
                                  all * simulated_normal(seed, round)));
      runs->b[p][i] =
          factor * exp(0.02 * (own * simulated_normal(seed, at + 2) +
                               all * simulated_normal(seed, round + 2)));
    }
    runs->in_a[p] = (struct numbers){runs->a[p], TRIALS};
    runs->in_b[p] = (struct numbers){runs->b[p], TRIALS};
  }
}

static struct unpaired together(const struct numbers *a,
                                const struct numbers *b, size_t points) {
  struct unpaired unpaired;
  assert_int_equal(unpaired_together(a, b, points, &unpaired), 0);
  return unpaired;
}

static void assert_near(double got, double want) {
  if (!(fabs(got / want - 1) < 1e-12))
    fail_msg("%.17g wanted, got %.17g", want, got);
}

static void one_point_is_its_own_ratio(void **state) {
  (void)state;
  for (uint64_t seed = 0; seed < 40; seed++) {
    struct runs runs;
    struct unpaired one;
    make(&runs, seed, 1 + (double)seed / 1000, 0);
    runs.in_b[0].count -= seed % 3; /* an odd number of pairs, too */
    runs.in_a[0].count -= seed % 2;
    struct unpaired all = together(runs.in_a, runs.in_b, 1);
    assert_int_equal(unpaired_ratio(runs.in_a, runs.in_b, &one), 0);
    assert_near(all.p, one.p);
    assert_near(all.ratio.median, one.ratio.median);
    assert_near(all.ratio.low, one.ratio.low);
    assert_near(all.ratio.high, one.ratio.high);
  }
}

static void swapping_inverts_exactly(void **state) {
  (void)state;
  for (uint64_t seed = 0; seed < 40; seed++) {
    struct runs runs;
    make(&runs, seed, 1.03, 0.5);
    struct unpaired up = together(runs.in_a, runs.in_b, MOST);
    struct unpaired down = together(runs.in_b, runs.in_a, MOST);
    assert_true(up.ratio.median >= 1 && up.ratio.high > 1);
    assert_true(down.ratio.median == 1 / up.ratio.median);
    assert_true(down.ratio.low == 1 / up.ratio.high && up.p == down.p);
  }
}

static void interval_and_p_agree(void **state) {
  (void)state;
  size_t apart = 0;
  for (uint64_t seed = 0; seed < 400; seed++) {
    struct runs runs;
    make(&runs, seed, 1 + ((double)(seed % 100) - 50) / 2000, 0);
    struct unpaired u = together(runs.in_a, runs.in_b, MOST);
    bool excludes = u.ratio.low > 1 || u.ratio.high < 1;
    assert_int_equal(excludes, u.p <= 0.05);
    assert_true(u.ratio.low <= u.ratio.median &&
                u.ratio.median <= u.ratio.high);
    apart += excludes;
  }
  assert_in_range(apart, 40, 360); /* some of either */
}

/* What each point has of its own is half as wide in four together; what all
 * have in common is not. */
static void width_of(double shared, size_t points, size_t *held,
                     double *width) {
  enum { SETS = 400 };
  *held = 0;
  *width = 0;
  for (uint64_t seed = 0; seed < SETS; seed++) {
    struct runs runs;
    make(&runs, seed, 1.02, shared);
    struct unpaired u = together(runs.in_a, runs.in_b, points);
    *held += u.ratio.low <= 1.02 && 1.02 <= u.ratio.high;
    *width += log(u.ratio.high / u.ratio.low) / SETS;
  }
}

static void what_is_shared_stays(void **state) {
  (void)state;
  size_t held[3];
  double one, own, shared;
  width_of(0, 1, &held[0], &one);
  width_of(0, MOST, &held[1], &own);
  width_of(0.95, MOST, &held[2], &shared);
  for (int i = 0; i < 3; i++)
    if (held[i] < 367) /* 380 less three standard errors */
      fail_msg("way %d: %zu of 400 intervals hold the ratio", i, held[i]);
  if (!(own < 0.6 * one && shared > 0.85 * one))
    fail_msg("widths: %.4f of one, %.4f of four, %.4f where they share", one,
             own, shared);
}

/* By ranks, a point that scatters by a hundred times as much is one of four. */
static void wide_points_hide_nothing(void **state) {
  (void)state;
  struct runs runs;
  make(&runs, 7, 1.05, 0);
  for (size_t i = 0; i < TRIALS; i++) {
    runs.a[0][i] = pow(runs.a[0][i], 100);
    runs.b[0][i] = pow(runs.b[0][i] / 1.05, 100);
  }
  assert_true(together(runs.in_a, runs.in_b, MOST).p < 0.01);
}

static void rounds_of_all_count(void **state) {
  (void)state;
  struct runs runs;
  make(&runs, 3, 1.05, 0);
  runs.in_a[1].count = 7;
  struct unpaired u = together(runs.in_a, runs.in_b, MOST);
  for (int p = 0; p < MOST; p++)
    runs.in_a[p].count = 7;
  struct unpaired seven = together(runs.in_a, runs.in_b, MOST);
  assert_true(u.p == seven.p && u.ratio.low == seven.ratio.low);
  runs.in_b[2].count = 5;
  assert_true(isnan(together(runs.in_a, runs.in_b, MOST).p));
  runs.in_b[2].count = TRIALS;
  runs.b[2][3] = (double)NAN;
  assert_true(isnan(together(runs.in_a, runs.in_b, MOST).p));
}

static void the_same_trials_are_the_same(void **state) {
  (void)state;
  struct runs runs;
  make(&runs, 3, 1.05, 0);
  struct unpaired u = together(runs.in_a, runs.in_a, MOST);
  assert_true(u.same && u.p == 1 && u.ratio.low == 1 && u.ratio.high == 1);
  for (size_t i = 0; i < TRIALS; i++) /* ties all over, in two of them */
    runs.a[0][i] = runs.b[0][i] = runs.a[1][i] = runs.b[1][i] = 1;
  u = together(runs.in_a, runs.in_b, 2);
  assert_true(u.p == 1 && u.ratio.median == 1);
}

/* ---- the study ----------------------------------------------------------- */

static const double percent5 = 0.05, percent2 = 0.02;

/* Of 100 pairs without a difference, seven at most have one. */
static bool is_quiet(const struct pair_outcome *outcome) {
  return 100 * outcome->wrong <= 7 * outcome->pairs;
}

static void need(const struct pair_case *of, size_t pairs,
                 size_t least_percent) {
  struct pair_case without = *of;
  without.slower = 0;
  struct pair_outcome there = pair_find(pairs, of);
  struct pair_outcome none = pair_find(pairs, &without);
  if (100 * there.found < least_percent * pairs || !is_quiet(&there) ||
      !is_quiet(&none) || none.found > 0)
    fail_msg(
        "%s, %zu points of %zu, %g shared: of %zu pairs %zu found, %zu and "
        "%zu wrong",
        pair_shape_names[of->shape], of->points, of->workloads, of->shared,
        pairs, there.found, there.wrong, none.wrong);
}

/* Of ten pairs with a difference of 5% at one point, eight. */
static void points_are_found(void **state) {
  static const struct pair_case cases[] = {
      {1, POINTS, 9, .at = PAIR_OWN, .slower = 0.05},
      {1, POINTS, 9, .at = PAIR_OTHER, .slower = 0.05},
      {5, PAIR_POINTS, 9, .at = PAIR_OWN, .slower = 0.05},
      {1, PAIR_POINTS, 9, .shape = PAIR_TAIL, .at = PAIR_OWN, .slower = 0.05},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    need(&cases[i], PAIRS, 80);
}

/* A workload that is slower at all of its points, and nothing else, where
 * trials of a round share nothing, or a half. */
static void workloads_are_found(void **state) {
  static const struct {
    struct pair_case of;
    size_t least_percent;
  } cases[] = {
      {{5, PAIR_POINTS, 9, PAIR_NORMAL, 0, PAIR_WORKLOAD, 0.05}, 99},
      {{5, PAIR_POINTS, 9, PAIR_NORMAL, 0.95, PAIR_WORKLOAD, 0.05}, 80},
      {{5, PAIR_POINTS, 9, PAIR_TAIL, 0.5, PAIR_WORKLOAD, 0.05}, 90},
      {{5, PAIR_POINTS, 9, PAIR_BURSTS, 0, PAIR_ALL, 0.05}, 99},
      {{5, PAIR_POINTS, 9, PAIR_STATES, 0.5, PAIR_WORKLOAD, 0.05}, 99},
      {{5, PAIR_POINTS, 9, PAIR_NORMAL, 0, PAIR_WORKLOAD, 0.02}, 80},
      {{5, PAIR_POINTS, 9, PAIR_TAIL, 0, PAIR_ALL, 0.02}, 80},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    need(&cases[i].of, PAIRS_PART, cases[i].least_percent);
}

/* Points by themselves would not have found 2%. */
static void together_finds_more(void **state) {
  (void)state;
  const struct pair_case of = {5, PAIR_POINTS,   9,       PAIR_NORMAL,
                               0, PAIR_WORKLOAD, percent2};
  struct pair_outcome outcome = pair_find(PAIRS_PART, &of);
  if (2 * outcome.by_points > outcome.together)
    fail_msg("%zu by points, %zu together", outcome.by_points,
             outcome.together);
}

/* Whether as much is found as must be: asked for of normal scatter, wherever it
 * is at as many points as a short run has, and where it is looked for first. */
static bool print_points(struct pair_case of) {
  struct pair_case own = of, other = of;
  own.at = PAIR_OWN;
  other.at = PAIR_OTHER;
  own.slower = other.slower = percent5;
  struct pair_outcome at_own = pair_find(PAIRS, &own);
  struct pair_outcome at_other = pair_find(PAIRS, &other);
  struct pair_outcome none = pair_find(PAIRS, &of);
  printf("| %s | %zu | %zu of %zu | %zu | %zu | %zu |\n",
         pair_shape_names[of.shape], of.n, of.points, of.workloads,
         at_own.found, at_other.found, none.wrong);
  bool normal = of.shape == PAIR_NORMAL;
  return (!normal || at_own.found >= 800) &&
         (!normal || of.points > POINTS || at_other.found >= 800) &&
         is_quiet(&none);
}

static bool study_points(void) {
  static const size_t trials[] = {9, 20};
  static const struct pair_case cases[] = {
      {.workloads = 1, .points = POINTS},
      {.workloads = 1, .points = PAIR_POINTS},
      {.workloads = PAIR_WORKLOADS, .points = PAIR_POINTS}};
  bool enough = true;
  puts("| trials scatter by | trials | points of workloads | 5% found at a "
       "workload's own point | at another | anything found where nothing is "
       "|\n|---|---|---|---|---|---|");
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    for (int k = 0; k < 4; k++) {
      struct pair_case of = cases[i];
      of.shape = k / 2 ? PAIR_TAIL : PAIR_NORMAL;
      of.n = trials[k % 2];
      enough = print_points(of) && enough;
    }
  return enough;
}

/* "by points, together, either". */
static struct pair_outcome print_found(struct pair_case of, enum pair_place at,
                                       double slower) {
  of.at = at;
  of.slower = slower;
  struct pair_outcome outcome = pair_find(PAIRS, &of);
  printf(" %zu · %zu · %zu |", outcome.by_points, outcome.together,
         outcome.found);
  return outcome;
}

/* Asked for: 5% of one workload, but where nearly all is shared or tails are
 * long; and nothing false anywhere. */
static bool print_workloads(const struct pair_case *of) {
  struct pair_case without = *of;
  printf("| %s | %zu | %g |", pair_shape_names[of->shape], of->n, of->shared);
  struct pair_outcome one = print_found(*of, PAIR_WORKLOAD, percent5);
  struct pair_outcome little = print_found(*of, PAIR_WORKLOAD, percent2);
  struct pair_outcome all = print_found(*of, PAIR_ALL, percent5);
  struct pair_outcome all_little = print_found(*of, PAIR_ALL, percent2);
  struct pair_outcome none = pair_find(PAIRS, &without);
  size_t elsewhere = one.wrong > little.wrong ? one.wrong : little.wrong;
  printf(" %zu | %zu |\n", elsewhere, none.wrong);
  bool asked = of->shape == PAIR_NORMAL || of->shared < 0.9;
  return (!asked || one.found >= 800) && is_quiet(&one) && is_quiet(&little) &&
         is_quiet(&all) && is_quiet(&all_little) && is_quiet(&none);
}

static bool study_workloads(void) {
  static const size_t trials[] = {9, 20};
  static const double shared[] = {0, 0.5, 0.95};
  bool enough = true;
  puts("\n| trials scatter by | trials | shared in a round | one of five 5% "
       "slower | one 2% | all five 5% | all 2% | anything found elsewhere | "
       "where nothing is |\n|---|---|---|---|---|---|---|---|---|");
  for (int shape = 0; shape < PAIR_SHAPES; shape++)
    for (int k = 0; k < 6; k++) {
      const struct pair_case of = {.workloads = PAIR_WORKLOADS,
                                   .points = PAIR_POINTS,
                                   .n = trials[k / 3],
                                   .shape = (enum pair_shape)shape,
                                   .shared = shared[k % 3]};
      enough = print_workloads(&of) && enough;
    }
  return enough;
}

static int study(void) {
  bool points = study_points();
  return study_workloads() && points ? 0 : 1;
}

int main(int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_point_is_its_own_ratio),
      cmocka_unit_test(swapping_inverts_exactly),
      cmocka_unit_test(interval_and_p_agree),
      cmocka_unit_test(what_is_shared_stays),
      cmocka_unit_test(wide_points_hide_nothing),
      cmocka_unit_test(rounds_of_all_count),
      cmocka_unit_test(the_same_trials_are_the_same),
      cmocka_unit_test(points_are_found),
      cmocka_unit_test(workloads_are_found),
      cmocka_unit_test(together_finds_more),
  };
  if (argc == 2 && strcmp(argv[1], "--study") == 0)
    return study();
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_metamorphic.c: what must not change, or change in a known way, when the
 * records of a run do: on whole analyses, to the last bit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/analyze/flags.h"
#include "bench/analyze/stats.h"
#include "bench/analyze/versus.h"
#include "bench/tests/run_fixture.h"
#include "kernels/kernel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 20, PILOTS = 6 };

/* 1 to 1.1, by (stream, i). */
static double jitter(uint64_t stream, uint64_t i) {
  return 1 + (double)kernel_random_below(stream, i, 1000003) / 1e7;
}

static void add(struct run *run, const char *phase, int64_t round,
                const char *variant, int64_t workers, double region_s) {
  struct record *r = run_add(run, phase, round, "cube", variant, workers);
  r->seed = 1;
  r->region_s = region_s;
  r->region_first_s = 1.125 * region_s;
  r->setup_s = 0.25 * region_s;
  r->start_s = 0.0234375 * region_s;
  r->touch_s = 0.00390625 * region_s;
  r->finish_s = 0.03125 * region_s;
  r->close_s = 0.00390625 * region_s;
  r->program_s = r->setup_s + r->start_s + r->touch_s + r->region_first_s +
                 r->finish_s + r->close_s;
  r->wall_s = 2 * r->program_s;
  if (strcmp(phase, "round") == 0)
    r->turns_clock_hz = numbers_of(2 * (size_t)workers, 1e7 / region_s);
  if (strcmp(phase, "pilot") == 0 && strcmp(variant, "serial") == 0) {
    r->profile_s = numbers_of(16, 0);
    for (int k = 0; k < 16; k++)
      r->profile_s.values[k] =
          region_s * jitter(run->records.count, (uint64_t)k);
  }
  if (strcmp(phase, "probe") == 0) {
    r->worker_items = numbers_of((size_t)workers, 1000);
    r->worker_busy_s = numbers_of((size_t)workers, region_s);
  }
}

/* Of a round; those of cube's roofline among them. */
static const struct {
  const char *workload;
  int64_t size;
} probes[] = {{"spin/chains=8", 1000},
              {"adds", 1000},
              {"memory/op=copy,passes=1024", 128}};
enum { PROBES = sizeof probes / sizeof *probes };

/* The same run each time, its times multiplied. */
static void fill(struct run *run, double times) {
  static const char *const variants[] = {"serial", "omp:static", "omp:static",
                                         "pool:static"};
  static const int64_t workers[] = {1, 1, 2, 2};
  run->records = (struct records){.list = run->list};
  for (int i = 0; i < PILOTS; i++)
    for (int v = 0; v < 2; v++)
      add(run, "pilot", FIELD_NULL, variants[v], 1,
          times * jitter(100 + v, i) * 0.01);
  for (int v = 1; v < 4; v++)
    add(run, "empty", FIELD_NULL, variants[v], workers[v], times * 1e-4);
  for (int i = 0; i < ROUNDS; i++) {
    for (int v = 0; v < 4; v++)
      add(run, "round", i + 1, variants[v], workers[v],
          times * jitter(v, i) * 0.01 / (double)workers[v]);
    for (int64_t p = 1; p <= 2; p++)
      for (int k = 0; k < PROBES; k++) {
        add(run, "probe", i + 1, "omp:static", p,
            times * jitter(50 + PROBES * p + k, i) * 0.01);
        struct record *r = &run->list[run->records.count - 1];
        free(r->workload);
        r->workload = strdup(probes[k].workload);
        r->size = probes[k].size * p;
      }
  }
}

static struct analysis analyse(const struct run *run) {
  struct analysis analysis;
  struct problem problem = {""};
  assert_int_equal(
      analysis_make(&run->records, NULL, NULL, NULL, &analysis, &problem), 0);
  return analysis;
}

static void same_interval(const char *what, struct interval a,
                          struct interval b) {
  assert_true(isfinite(a.low) && isfinite(a.high));
  if (memcmp(&a, &b, sizeof a) != 0)
    fail_msg("%s: %.17g (%.17g to %.17g), was %.17g (%.17g to %.17g)", what,
             b.median, b.low, b.high, a.median, a.low, a.high);
}

static struct interval scaled(struct interval x, double times) {
  return (struct interval){x.median * times, x.low * times, x.high * times};
}

/* Every interval of every result: the ratios are the same, the times `times`
 * as long. */
static void same_but_scaled(const struct analysis *a, const struct analysis *b,
                            double times) {
  assert_int_equal(a->result_count, 4);
  assert_int_equal(b->result_count, 4);
  assert_int_equal(a->capacity_count, 2);
  for (size_t i = 0; i < a->result_count; i++) {
    const struct result *before = &a->results[i];
    const struct result *after =
        analysis_find(b, before->workload, before->requested, before->workers);
    assert_non_null(after);
    for (int flag = 0; flag < FLAGS; flag++)
      if (flag != FLAG_DRIFT || times > 1) /* drift is about their order */
        assert_int_equal(flag_is_set(before, (enum flag)flag),
                         flag_is_set(after, (enum flag)flag));
    assert_true(before->program_amdahl_predicted ==
                    after->program_amdahl_predicted ||
                strcmp(before->requested, "pool:static") == 0);
    for (const struct field *f = result_fields; f->name; f++) {
      struct interval x, y;
      if (f->type != FIELD_INTERVAL ||
          strcmp(f->name, "blocks_over_textbook") == 0 || /* no textbook */
          strcmp(f->name, "observed_ratio") == 0 ||       /* no program */
          strcmp(f->name, "speedup_slowest") == 0 ||      /* no blocks */
          strstr(f->name, "if_") ||                       /* no sums */
          strstr(f->name, "talp_") ||
          strstr(f->name, "apparent_fraction") || /* none of one */
          strstr(" cpu_s core_s more_cpu_share more_idle_share others_cpus ",
                 f->name) ||
          (strcmp(before->requested, "pool:static") == 0 &&
           (strstr(f->name, "_rel") || strstr(f->name, "residual") ||
            strstr(f->name, "_law") || strstr(f->name, "clock"))) ||
          (result_is_serial(before) &&
           (strstr(f->name, "residual") || strstr(f->name, "region_law")) &&
           !strstr(f->name, "amdahl")))
        continue; /* pool has none with one worker, and serial is no form */
      memcpy(&x, (const char *)before + f->offset, sizeof x);
      memcpy(&y, (const char *)after + f->offset, sizeof y);
      double expected = strcmp(f->unit, "s") == 0 ? times
                        : strstr(f->unit, "/s")   ? 1 / times
                                                  : 1;
      same_interval(f->name, scaled(x, expected), y);
    }
  }
  for (size_t i = 0; i < a->capacity_count; i++) {
    same_interval("capacity", a->capacities[i].capacity,
                  b->capacities[i].capacity);
  }
}

static struct run run, other;

/* By a power of two, so that no rounding hides a difference. */
static void scaling_all_times_leaves_every_ratio(void **state) {
  (void)state;
  fill(&run, 1);
  fill(&other, 8);
  struct analysis a = analyse(&run), b = analyse(&other);
  same_but_scaled(&a, &b, 8);
  analysis_free(&a);
  analysis_free(&b);
  run_empty(&run);
  run_empty(&other);
}

static void permuting_rounds_changes_nothing(void **state) {
  (void)state;
  fill(&run, 1);
  struct analysis a = analyse(&run);
  for (uint64_t seed = 1; seed <= 5; seed++) {
    int64_t place[ROUNDS + 1];
    for (int64_t i = 0; i <= ROUNDS; i++)
      place[i] = i;
    for (int64_t i = ROUNDS; i > 1; i--) {
      int64_t k = 1 + (int64_t)kernel_random_below(seed, i, (uint64_t)i);
      int64_t moved = place[i];
      place[i] = place[k];
      place[k] = moved;
    }
    fill(&other, 1);
    for (size_t i = 0; i < other.records.count; i++)
      if (other.list[i].round > 0)
        other.list[i].round = place[other.list[i].round];
    struct analysis b = analyse(&other);
    same_but_scaled(&a, &b, 1);
    analysis_free(&b);
    run_empty(&other);
  }
  analysis_free(&a);
  run_empty(&run);
}

/* What was measured first is listed first; nothing else may depend on it. */
static void the_order_of_lines_changes_nothing(void **state) {
  (void)state;
  fill(&run, 1);
  fill(&other, 1);
  for (size_t left = other.records.count; left > 1; left--) {
    struct record *pick = &other.list[kernel_random_below(7, left, left)];
    struct record moved = *pick;
    *pick = other.list[left - 1];
    other.list[left - 1] = moved;
  }
  struct analysis a = analyse(&run), b = analyse(&other);
  /* The pilot's bootstrap draws by place: intervals of f may differ. */
  for (size_t i = 0; i < a.result_count; i++) {
    const struct result *x = &a.results[i];
    const struct result *y =
        analysis_find(&b, x->workload, x->requested, x->workers);
    assert_non_null(y);
    same_interval("region", x->region_s, y->region_s);
    same_interval("speedup", x->speedup_abs, y->speedup_abs);
    if (strcmp(x->requested, "pool:static") != 0)
      same_interval("adjusted", x->speedup_clock_adjusted,
                    y->speedup_clock_adjusted);
  }
  analysis_free(&a);
  analysis_free(&b);
  run_empty(&run);
  run_empty(&other);
}

static void inverse(struct interval up, struct interval down) {
  assert_true(isfinite(up.low) && isfinite(up.high));
  assert_true(up.median >= 1 ? down.median == 1 / up.median
                             : up.median == 1 / down.median);
  assert_true(up.low >= 1 ? down.high == 1 / up.low : up.low == 1 / down.high);
  assert_true(up.high >= 1 ? down.low == 1 / up.high : up.high == 1 / down.low);
}

/* Runs in compare; and the two sides of a pair within one run. */
static void swapping_inverts_ratio_and_interval(void **state) {
  (void)state;
  fill(&run, 1);
  fill(&other, 1.03125);
  struct analysis a = analyse(&run), b = analyse(&other);
  struct versus there, back;
  assert_int_equal(versus_make(&a, &b, false, &there), 0);
  assert_int_equal(versus_make(&b, &a, false, &back), 0);
  assert_int_equal(there.count, a.result_count);
  for (size_t i = 0; i < there.count; i++) {
    inverse(there.rows[i].ratio, back.rows[i].ratio);
    assert_true(there.rows[i].p == back.rows[i].p);
    assert_true(there.rows[i].within == back.rows[i].within);
  }
  versus_free(&there);
  versus_free(&back);
  /* serial and one worker of omp change names */
  for (size_t i = 0; i < run.records.count; i++) {
    struct record *r = &run.list[i];
    if (r->workers != 1 || strcmp(r->phase, "round") != 0)
      continue;
    bool serial = strcmp(r->variant, "serial") == 0;
    free(r->variant);
    r->variant = strdup(serial ? "omp:static" : "serial");
  }
  struct analysis swapped = analyse(&run);
  inverse(analysis_find(&a, "cube", "omp:static", 1)->speedup_abs,
          analysis_find(&swapped, "cube", "omp:static", 1)->speedup_abs);
  analysis_free(&swapped);
  analysis_free(&a);
  analysis_free(&b);
  run_empty(&run);
  run_empty(&other);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(scaling_all_times_leaves_every_ratio),
      cmocka_unit_test(permuting_rounds_changes_nothing),
      cmocka_unit_test(the_order_of_lines_changes_nothing),
      cmocka_unit_test(swapping_inverts_ratio_and_interval),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

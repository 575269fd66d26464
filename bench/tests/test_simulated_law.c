/* test_simulated_law.c: on an ideal machine, programs of which a known share is
 * serial follow Amdahl's law up to 256 workers, and that was predicted before
 * their rounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/analyze/prediction.h"
#include "bench/tests/simulated_sweep_fixture.h"

enum { MOST = 256, ROUNDS = 9 };

static const double fractions[] = {0.05, 0.1, 0.2, 0.25, 0.5};
enum { FRACTIONS = sizeof fractions / sizeof *fractions };
static const char kernels[] = "spin/serial=0.05,repeat=1 "
                              "spin/serial=0.1,repeat=1 "
                              "spin/serial=0.2,repeat=1 "
                              "spin/serial=0.25,repeat=1 "
                              "spin/serial=0.5,repeat=1";
static const char counts[] = "1,2,3,6,8,16,32,64,128,256";
static const uint32_t count_list[] = {1, 2, 3, 6, 8, 16, 32, 64, 128, 256};
enum { COUNTS = sizeof count_list / sizeof *count_list };

/* What was predicted when the pilots were done. */
static struct interval predicted[FRACTIONS][MOST + 1], fraction[FRACTIONS];

static void name_of(size_t i, char name[static 80]) {
  snprintf(name, 80, "spin/serial=%g,repeat=1", fractions[i]);
}

static void predict(const struct records *pilots) {
  char name[80];
  for (size_t i = 0; i < pilots->count; i++)
    assert_int_equal(pilots->list[i].round, FIELD_NULL);
  for (size_t i = 0; i < FRACTIONS; i++) {
    name_of(i, name);
    fraction[i] = prediction_serial_fraction(pilots, name, 0, "omp:static");
    for (size_t k = 0; k < COUNTS; k++)
      predicted[i][count_list[k]] =
          prediction_program(pilots, name, 0, "omp:static", count_list[k]);
  }
}

/* The machine of results/machines/amdahl.json with 256 cores, but for what is
 * serial, which is the workload's here; with a noise, or without. */
static void sweep(double jitter, uint64_t seed) {
  struct problem problem = {""};
  if (simulated_machine_read("results/machines/amdahl.json", &bed.description,
                             &problem) != 0)
    fail_msg("%s", problem.text);
  strcpy(bed.description.topology, "pack:1 core:256 pu:1");
  bed.description.serial_share = 0;
  bed.description.start_s = bed.description.start_per_worker_s = 0;
  bed.description.worker_start_s = bed.description.region_fixed_s = 0;
  bed.description.jitter = jitter;
  swept.before = predict;
  const struct sweep_request request = {.kernels = kernels,
                                        .variants = "omp:static",
                                        .workers = counts,
                                        .size = 768000, /* all counts divide */
                                        .size_given = true,
                                        .seed = seed,
                                        .seed_given = true,
                                        .rounds = ROUNDS};
  swept_run(&swept, &request, false);
}

static double law(size_t i, double p) {
  return 1 / (fractions[i] + (1 - fractions[i]) / p);
}

typedef void look(const struct result *r, size_t i);

static void each_result(look *at) {
  char name[80];
  for (size_t i = 0; i < FRACTIONS; i++) {
    name_of(i, name);
    for (size_t k = 0; k < COUNTS; k++)
      at(swept_result(&swept, name, "omp:static", count_list[k]), i);
  }
}

static void near(double value, double of, const struct result *r) {
  if (!(fabs(value / of - 1) < 1e-6))
    fail_msg("%s, %d workers: %.9g, not %.9g", r->workload, (int)r->workers,
             value, of);
}

static void is_the_law(const struct result *r, size_t i) {
  double p = (double)r->workers, S = law(i, p);
  near(predicted[i][r->workers].median, S, r);
  near(fraction[i].median, fractions[i], r);
  near(r->program_speedup.median, S, r);
  near(r->program_law.median, S, r);
  near(exp(r->program_law_residual.median), 1, r);
  near(r->program_law_fraction, fractions[i], r);
  near(r->speedup_abs.median, p, r); /* the region itself scales */
  if (p > 1)
    near(r->program_apparent_fraction.median, fractions[i], r);
}

static void without_noise_all_are_the_law(void **state) {
  (void)state;
  sweep(0, 1);
  each_result(is_the_law);
}

/* How many intervals hold it, of all points of all seeds. */
static size_t points, held, predictions_held, equal;

static void count_held(const struct result *r, size_t i) {
  double S = law(i, (double)r->workers);
  const struct interval *s = &r->program_speedup,
                        *before = &predicted[i][r->workers];
  if (r->workers == 1)
    return;
  points++;
  held += s->low <= S && S <= s->high;
  predictions_held += before->low <= S * 1.0001 && S * 0.9999 <= before->high;
  equal += before->median == r->program_law.median;
  /* And it is no wide one that holds it. */
  assert_true(s->high / s->low < 1.1);
}

/* Of nine rounds the interval's level is 96%, and points of a seed are not
 * independent.  What is predicted before the rounds is what the analysis
 * holds them to. */
static void with_noise_intervals_hold_it(void **state) {
  (void)state;
  points = held = predictions_held = equal = 0;
  for (uint64_t seed = 1; seed <= 3; seed++) {
    sweep(0.005, seed);
    each_result(count_held);
    swept_free(&swept);
    swept_begin(NULL);
  }
  sweep(0, 1); /* for the end to free */
  assert_int_equal(equal, points);
  if (held < points * 92 / 100)
    fail_msg("%zu of %zu intervals hold the law", held, points);
  if (predictions_held < points * 92 / 100)
    fail_msg("%zu of %zu predictions hold it", predictions_held, points);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      ON_SWEEP(without_noise_all_are_the_law),
      ON_SWEEP(with_noise_intervals_hold_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

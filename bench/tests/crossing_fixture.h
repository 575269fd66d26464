/* crossing_fixture.h: a machine whose break-even size is known. */
#ifndef CORESWEEP_CROSSING_FIXTURE_H
#define CORESWEEP_CROSSING_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/analyze/crossing_case.h"
#include "kernels/kernel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 15 };

/* A machine: T_serial = item_s n, T_par = fixed_s + item_s n / workers +
 * late_s n^2, each with `noise` relative jitter. */
struct model {
  double item_s, fixed_s, late_s, noise;
  uint32_t workers;
  uint64_t seed, drawn;
};

static const struct model machine = {
    .item_s = 1e-9, .fixed_s = 50e-6, .workers = 2, .seed = 7};

/* Cannot be passed by a NAN. */
static inline void near(double value, double expected, double tolerance) {
  if (!(fabs(value - expected) <= tolerance))
    fail_msg("%.17g, expected %.17g", value, expected);
}

/* exp of about a normal number: the sum of 12 uniform ones. */
static inline double jitter(struct model *m) {
  double sum = -6;
  for (int i = 0; i < 12; i++)
    sum += (double)(kernel_random(m->seed, m->drawn++) >> 11) * 0x1p-53;
  return exp(m->noise * sum);
}

static inline double serial_s(struct model *m, double n) {
  return m->item_s * n * jitter(m);
}

static inline double parallel_s(struct model *m, double n) {
  return (m->fixed_s + m->item_s * n / m->workers + m->late_s * n * n) *
         jitter(m);
}

/* Where T_par = T_serial without the n^2. */
static inline double breakeven_of(const struct model *m) {
  return m->fixed_s / (m->item_s * (1 - 1.0 / m->workers));
}

/* Items of a task where T_serial / (p T_par) = 1/2, likewise. */
static inline double metg_of(const struct model *m, double tasks) {
  return m->workers * m->fixed_s / (m->item_s * tasks);
}

static inline struct crossing_grid measured(struct model *m, double centre,
                                            size_t count, double tasks) {
  struct crossing_grid grid = {.count = 0};
  assert_true(crossing_grid_make(&grid, ROUNDS));
  grid.count = crossing_ladder(centre, sqrt(2), count, 1, 1e12, grid.sizes);
  for (size_t r = 0; r < ROUNDS; r++)
    for (size_t s = 0; s < grid.count; s++) {
      grid.serial_s[s * ROUNDS + r] = serial_s(m, tasks * grid.sizes[s]);
      grid.parallel_s[s * ROUNDS + r] = parallel_s(m, tasks * grid.sizes[s]);
    }
  return grid;
}

static inline void release(struct crossing_grid *grid) {
  free(grid->serial_s);
  free(grid->parallel_s);
}

#endif

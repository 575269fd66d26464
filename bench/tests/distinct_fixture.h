/* distinct_fixture.h: an analysis in which no two numbers are equal, so that
 * one in another's place is seen.  To be included after cmocka.h. */
#ifndef CORESWEEP_DISTINCT_FIXTURE_H
#define CORESWEEP_DISTINCT_FIXTURE_H

#include "bench/analyze/analysis.h"
#include "bench/analyze/verdict.h"

#include <stdlib.h>
#include <string.h>

/* The names of these two keys, as files have them. */
#define KEY_WORKLOAD  "workload"
#define KEY_REQUESTED "requested"

/* What is numbered in a result: the k-th interval is around (k + 1) times a
 * number of its own. */
enum distinct {
  D_REGION,
  D_REGION_FIRST,
  D_PROGRAM,
  D_WALL,
  D_ITEMS,
  D_SPEEDUP_ABS,
  D_SPEEDUP_REL,
  D_PROGRAM_SPEEDUP,
  D_PROGRAM_SPEEDUP_REL,
  D_EFFICIENCY,
  D_CLOCK,
  D_CLOCK_ADJUSTED,
  D_SHARE,
  D_OPERATIONS,
  D_ROOF_BYTES,
  D_ROOF_OPERATIONS,
  D_TEXTBOOK,
  D_RESIDUAL,
  D_SPEEDUP_SLOWEST,
  DISTINCTS
};

/* Medians of the results by their place: serial on 1, omp:static on 1, 2 and
 * 4, pool:static on 1, 2 and 4. */
enum { DISTINCT_RESULTS = 7 };
static const double distinct_values[DISTINCT_RESULTS][DISTINCTS] = {
    {0.101, 0.113, 0.211, 0.307, 9.91e6, 1, 1, 1, 1, 1, 1, 1, 0.41, 1.7e9,
     3.1e9, 5.3e9, (double)NAN, (double)NAN, 1.01},
    {0.103, 0.127, 0.223, 0.311, 9.73e6, 0.971, 0.997, 0.947, 0.993, 0.967,
     0.991, 0.973, 0.43, 1.9e9, 3.3e9, 5.9e9, 1.02, 0.011, 0.961},
    {0.0541, 0.0671, 0.139, 0.227, 1.87e7, 1.81, 1.83, 1.51, 1.57, 0.907, 0.96,
     1.89, 0.47, 2.3e9, 3.7e9, 6.1e9, 1.03, 0.031, 1.73},
    {0.0293, 0.0373, 0.109, 0.199, 3.41e7, 3.23, 3.37, 1.93, 2.03, 0.809, 0.93,
     3.47, 0.53, 2.9e9, 4.1e9, 6.7e9, 1.05, 0.051, 3.11},
    {0.107, 0.131, 0.229, 0.313, 9.31e6, 0.943, 0.989, 0.919, 0.983, 0.941,
     0.987, 0.951, 0.39, 1.3e9, 3.5e9, 5.5e9, 1.07, 0.071, 0.937},
    {0.0587, 0.0691, 0.149, 0.233, 1.71e7, 1.71, 1.79, 1.41, 1.49, 0.857, 0.953,
     1.77, 0.37, 2.1e9, 3.9e9, 6.3e9, 1.09, 0.091, 1.67},
    {0.0347, 0.0397, 0.179, 0.283, 2.89e7, 2.91, 2.99, 1.17, 1.27, 0.727, 0.92,
     3.17, 0.35, 2.5e9, 4.3e9, 6.9e9, 1.11, 0.111, 2.73},
};
static const int64_t distinct_workers[DISTINCT_RESULTS] = {1, 1, 2, 4, 1, 2, 4};
static const char *const distinct_variants[DISTINCT_RESULTS] = {
    "serial",      "omp:static",  "omp:static", "omp:static",
    "pool:static", "pool:static", "pool:static"};

/* The interval goes 2% down and 3% up. */
static inline struct interval distinct_interval(double median) {
  return (struct interval){median, 0.98 * median, 1.03 * median};
}

/* As many as a verdict needs. */
enum { DISTINCT_TRIALS = 9 };
static inline struct numbers distinct_numbers(double first) {
  struct numbers numbers = {calloc(DISTINCT_TRIALS, sizeof(double)),
                            DISTINCT_TRIALS};
  assert_non_null(numbers.values);
  for (int i = 0; i < DISTINCT_TRIALS; i++)
    numbers.values[i] = (0.98 + 0.005 * i) * first;
  return numbers;
}

static inline void distinct_result(int i, struct result *r) {
  const double *v = distinct_values[i];
  fields_clear(result_fields, r);
  r->workload = strdup("cube/first=7");
  r->kernel = strdup("cube");
  r->requested = strdup(distinct_variants[i]);
  r->variant = strdup(i == 3 ? "omp:static,250" : distinct_variants[i]);
  r->label = strdup(i == 0  ? "serial"
                    : i < 4 ? "threads (OpenMP)"
                            : "pool of processes");
  r->workers = distinct_workers[i];
  r->size = 1000000;
  r->n = 15 + i;
  struct interval *const at[DISTINCTS] = {
      [D_REGION] = &r->region_s,
      [D_REGION_FIRST] = &r->region_first_s,
      [D_PROGRAM] = &r->program_s,
      [D_WALL] = &r->wall_s,
      [D_ITEMS] = &r->items_per_s,
      [D_SPEEDUP_ABS] = &r->speedup_abs,
      [D_SPEEDUP_SLOWEST] = &r->speedup_slowest,
      [D_SPEEDUP_REL] = &r->speedup_rel,
      [D_PROGRAM_SPEEDUP] = &r->program_speedup,
      [D_PROGRAM_SPEEDUP_REL] = &r->program_speedup_rel,
      [D_EFFICIENCY] = &r->efficiency,
      [D_CLOCK] = &r->clock_ratio,
      [D_CLOCK_ADJUSTED] = &r->speedup_clock_adjusted,
      [D_SHARE] = &r->roofline_share,
      [D_OPERATIONS] = &r->operations_per_s,
      [D_ROOF_BYTES] = &r->roofline_bytes_per_s,
      [D_ROOF_OPERATIONS] = &r->roofline_operations_per_s,
      [D_TEXTBOOK] = &r->blocks_over_textbook,
      [D_RESIDUAL] = &r->program_amdahl_residual,
  };
  for (int k = 0; k < DISTINCTS; k++)
    *at[k] = distinct_interval(v[k]);
  r->operations_per_byte = 0.125;
  r->roofline_bound = strdup(i < 4 ? "memory" : "arithmetic");
  r->program_law_fraction = 0.2 + 0.01 * i;
  r->program_law = distinct_interval(0.93 * v[D_PROGRAM_SPEEDUP]);
  r->program_amdahl_predicted = 0.79 * v[D_PROGRAM_SPEEDUP_REL] + 0.2;
  r->program_amdahl_low = 0.77 * v[D_PROGRAM_SPEEDUP_REL] + 0.2;
  r->program_amdahl_high = 0.82 * v[D_PROGRAM_SPEEDUP_REL] + 0.2;
  r->workers_seen = 10 + i;
  r->outliers = 30 + i;
  r->slowest_cpu = 50 + i;
  r->oversubscribed = 0;
  r->region_ratios = distinct_numbers(v[D_SPEEDUP_ABS]);
  r->program_ratios = distinct_numbers(v[D_PROGRAM_SPEEDUP]);
  r->speedup_abs_p = 0.0031 + 0.0001 * i;
  r->program_speedup_p = 0.0041 + 0.0001 * i;
  r->program_law_p = 0.0053 + 0.0001 * i;
  r->flags = strdup(i == 2 ? "smt" : "");
}

static inline void distinct_run(struct run_facts *run) {
  fields_clear(run_fields, run);
  run->schema = ANALYSIS_SCHEMA;
  run->rounds = 17;
  run->rounds_left_out = 2;
  run->trials = 211;
  run->bad_trials = 5;
  run->usable_cpus = 8;
  run->seed = 71;
  run->iterations = 3;
  run->machine = strdup("a made-up machine");
  run->build = strdup("a made-up build");
  run->bind = strdup("none");
  run->date = strdup("2026-01-02T03:04:05Z");
}

/* The whole: one workload with those results.  Release with analysis_free. */
static inline struct analysis distinct_analysis(void) {
  struct analysis a = {0};
  distinct_run(&a.run);
  a.workload_count = 1;
  a.workloads = calloc(1, sizeof *a.workloads);
  a.result_count = DISTINCT_RESULTS;
  a.results = calloc(DISTINCT_RESULTS, sizeof *a.results);
  assert_true(a.workloads && a.results);
  struct workload_result *s = a.workloads;
  fields_clear(workload_fields, s);
  s->workload = strdup("cube/first=7");
  s->kernel = strdup("cube");
  s->params = strdup("first=7");
  s->title = strdup("Cube mapping");
  s->items = strdup("integers");
  s->size = 1000000;
  s->waits = 0;
  s->serial_region_s = distinct_interval(0.101);
  s->serial_program_s = distinct_interval(0.211);
  s->serial_fraction = (struct interval){0.25, 0.24, 0.26};
  for (int i = 0; i < DISTINCT_RESULTS; i++)
    distinct_result(i, &a.results[i]);
  assert_int_equal(verdicts_settle(&a), 0);
  return a;
}

#endif

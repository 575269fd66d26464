/* results.h: what an analysis consists of; analysis.json is this. */
#ifndef CORESWEEP_RESULTS_H
#define CORESWEEP_RESULTS_H

#include "bench/analyze/breakdown.h"

/* Programs hold the end of the team from one on. */
enum { ANALYSIS_SCHEMA = 3, ANALYSIS_SCHEMA_CLOSES = 3 };

/* One workload, size, variant and number of workers; see result_fields. */
struct result {
  char *workload, *kernel, *variant, *requested, *label;
  int64_t workers, size, n;
  struct interval region_s, serial_region_s, region_first_s, program_s, wall_s,
      items_per_s;
  struct interval speedup_abs, speedup_slowest, speedup_rel;
  int64_t slowest_cpu;
  struct interval program_speedup, program_speedup_rel;
  struct interval efficiency;
  /* Karp and Flatt's, of the region, over what its CPUs deliver together, and
   * of the program. */
  struct interval apparent_fraction, apparent_fraction_capacity,
      program_apparent_fraction;
  /* What the speedup could be at most: see bounds.h. */
  struct interval if_balanced, if_no_overheads, if_setup_shared;
  struct interval region_if_balanced, region_if_no_overheads;
  struct interval cpu_s, core_s, more_cpu_share, more_idle_share, others_cpus;
  struct interval clock_ratio, speedup_clock_adjusted;
  struct interval roofline_share, operations_per_s;
  struct interval roofline_bytes_per_s, roofline_operations_per_s;
  double operations_per_byte;
  char *roofline_bound, *roofline_limit, *refused;
  struct interval blocks_over_textbook;
  struct interval program_law; /* beside program_speedup */
  struct interval program_law_residual, program_one_residual,
      program_ideal_residual;  /* log(program_speedup / what is predicted) */
  double program_law_fraction; /* f of its one-worker program */
  double program_law_critical; /* of somebody else's: see critical_fraction */
  struct interval observed_ratio; /* time of its observed runs by the others' */
  /* Beside speedup_abs, see region_law.h; and log(speedup_abs / what is
   * predicted). */
  struct interval region_law, region_law_overheads;
  struct interval region_law_residual, region_law_overheads_residual;
  double region_law_dynamic_gain;
  double program_amdahl_predicted, program_amdahl_low, program_amdahl_high;
  struct interval program_amdahl_residual;
  int64_t workers_seen, outliers, oversubscribed;
  struct numbers region_ratios, program_ratios;   /* of each round */
  struct numbers region_times_s, program_times_s; /* the same */
  /* Sign tests: speedup_abs and program_speedup beside 1, the latter beside
   * program_law; not corrected for their number. */
  double speedup_abs_p, program_speedup_p, program_law_p;
  char *flags;
  struct breakdown breakdown, region_breakdown; /* of the program, the region */
  struct talp talp, region_talp; /* of the latter no serialization */
  struct cause cause; /* of the former; where it is not told, of the latter */
  struct cause region_cause; /* of the latter */
};

/* One workload, at one size where it has several; see workload_fields. */
struct workload_result {
  char *workload, *kernel, *params, *title, *items;
  int64_t size, waits, repeat;
  struct interval serial_region_s, serial_program_s;
  struct interval serial_fraction; /* f, from the pilot of `serial` */
  double known_serial_fraction;    /* as the kernel is made to have */
  struct interval method_gain;
  char *slower_method, *target;
  int64_t best_workers, enough_workers;
  char *beside;
  struct interval beside_ratio;
  char *unobserved, *no_law, *untold; /* of a program's observed pilot */
  double critical_fraction, law_limit;
  bool sized; /* it has several: no field, see analysis_mark_sizes */
};

/* A variant over its worker counts, of the region or of the program; see
 * model_fields. */
struct model_result {
  char *workload, *requested, *scope;
  int64_t size;
  struct numbers workers, residuals; /* that a law was fitted to; by count */
  char *law;                         /* see law_words; NULL: none */
  double one, lack_p, cost_lack_p;   /* see struct model */
  struct interval serial, kappa, cost;
  int64_t best_workers, enough_workers, half_from;
  struct interval siblings_gain, slower_gain, numa_gain;
  struct interval law_at_hundred; /* of the program, by the measured f */
};

/* A parallel region of somebody else's program at a point, from inside; see
 * inside_region_fields. */
struct inside_region {
  char *workload, *requested, *region;
  int64_t workers, size, trials, team;
  double calls;
  struct interval wall_s, one_s, share, speedup, if_balanced;
  struct breakdown breakdown; /* of its workers x wall_s */
};

/* What the CPUs in use deliver when all of them work; see capacity_fields. */
struct capacity {
  int64_t workers;
  struct interval capacity;
};

/* A whole program's time by hyperfine and by the sweep; see check_fields. */
struct cross_check {
  char *workload, *variant;
  int64_t workers;
  double hyperfine_s, sweep_s, hyperfine_speedup, sweep_speedup;
  double hyperfine_least_s, hyperfine_most_s, sweep_low_s, sweep_high_s;
  char *contradicts; /* "time", "speedup", or NULL */
};

/* The run as a whole; see run_fields. */
struct run_facts {
  int64_t schema, rounds, rounds_left_out, trials, bad_trials, torn;
  int64_t usable_cpus, seed, iterations, warmups, blocks, programs;
  int64_t siblings_from, slower_from, numa_from; /* workers; null: never */
  int64_t throttled_rounds, swapped_rounds, hot_rounds, clock_refused;
  int64_t verdicts; /* one a workload: see verdict.h */
  double trials_s;  /* of all trials, together */
  double steal_share, others_cpus, verdict_level;
  struct interval fault_s; /* of a forked worker, for a page that is there */
  char *scaling, *machine, *build, *bind, *date, *left_out, *warnings, *busy;
};

extern const struct field result_fields[];
extern const struct field breakdown_columns[]; /* of a result; in CSV alone */
extern const struct field inside_region_columns[]; /* of a region; the same */
extern const struct field workload_fields[];
extern const struct field check_fields[];
extern const struct field capacity_fields[];
extern const struct field inside_region_fields[];
extern const struct field model_fields[];
extern const struct field run_fields[];

struct analysis {
  struct run_facts run;
  struct workload_result *workloads;
  size_t workload_count;
  struct result *results; /* by workload, size, variant and workers */
  size_t result_count;
  struct cross_check *checks;
  size_t check_count;
  struct capacity *capacities; /* by workers; none: no probes */
  size_t capacity_count;
  struct model_result *models; /* as the results; its region, its program */
  size_t model_count;
  struct inside_region *regions; /* as the results, then by their time */
  size_t region_count;
};

/* Finds out which workloads have several sizes.  Cannot fail. */
void analysis_mark_sizes(struct analysis *analysis);

/* Whether the result is of that workload and, where it has several, that
 * size. */
bool result_is_of(const struct result *result,
                  const struct workload_result *workload);

/* The workload of a result, at its size; NULL: the analysis has it not. */
const struct workload_result *
analysis_workload_of(const struct analysis *analysis,
                     const struct result *result);

/* Whether it is the one that stands for its workload where there is room for
 * one size alone: the largest. */
bool analysis_is_largest(const struct analysis *analysis,
                         const struct workload_result *workload);

/* The result for that point (`requested`: the variant as it was asked
 * for), or NULL; of several sizes, the first. */
const struct result *analysis_find(const struct analysis *analysis,
                                   const char *workload, const char *requested,
                                   int64_t workers);

/* The same, at the workload's size. */
const struct result *analysis_find_of(const struct analysis *analysis,
                                      const struct workload_result *workload,
                                      const char *requested, int64_t workers);

/* The models of a variant as requested, of the "region" or the "program", at
 * the workload's size; NULL: none. */
const struct model_result *
analysis_model(const struct analysis *analysis,
               const struct workload_result *workload, const char *requested,
               const char *scope);

/* Whether it is of the serial variant, the baseline. */
bool result_is_serial(const struct result *result);

/* Whether it is of as many serial processes at once: its speedups are
 * throughputs, and no law of one program's is about it. */
bool result_is_copies(const struct result *result);

/* The most workers with a result in a workload that do not share CPUs; for
 * kernels that wait, the most of all. */
int64_t analysis_most_workers(const struct analysis *analysis,
                              const struct workload_result *workload);

/* The result that stands for its workload with so many workers: of omp:static,
 * or where there is none of the first parallel variant, not serial nor copies.
 * NULL: none. */
const struct result *analysis_leader(const struct analysis *analysis,
                                     const struct workload_result *workload,
                                     int64_t workers);

#endif

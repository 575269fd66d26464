#include "bench/analyze/analysis.h"

#include "bench/analyze/advice.h"
#include "bench/analyze/bounds.h"
#include "bench/analyze/breakdown_make.h"
#include "bench/analyze/cause.h"
#include "bench/analyze/clocks.h"
#include "bench/analyze/cross_check.h"
#include "bench/analyze/flags.h"
#include "bench/analyze/inside.h"
#include "bench/analyze/inside_law.h"
#include "bench/analyze/methods.h"
#include "bench/analyze/outside.h"
#include "bench/analyze/prediction.h"
#include "bench/analyze/region_law.h"
#include "bench/analyze/roofline.h"
#include "bench/analyze/run_facts.h"
#include "bench/analyze/slowest.h"
#include "bench/analyze/verdict.h"
#include "bench/plan/notation.h"
#include "bench/plan/registry.h"
#include "bench/trial/variants/variant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is worked on. */
struct work {
  const struct records *records; /* borrowed */
  struct rounds rounds;
  struct series_set set;
  struct probes probes;
  double online_cpus; /* NAN: not told */
  /* Copies of the records of these phases; they borrow all that they hold. */
  struct records pilots, calibrations, empties;
};

/* ---- results ---------------------------------------------------------- */

static struct interval scale(struct interval x, double factor) {
  return (struct interval){x.median * factor, x.low * factor, x.high * factor};
}

/* size / time: the ends change places. */
static struct interval rate(struct interval time_s, double size) {
  return (struct interval){size / time_s.median, size / time_s.high,
                           size / time_s.low};
}

static struct interval log_over(struct interval x, double by) {
  return (struct interval){log(x.median / by), log(x.low / by),
                           log(x.high / by)};
}

static void predict(const struct records *pilots, int64_t size,
                    struct result *result) {
  struct interval f = prediction_serial_fraction(pilots, result->workload, size,
                                                 result->requested);
  double p = (double)result->workers;
  result->program_law =
      prediction_program(pilots, result->workload, size, result->requested, p);
  result->program_law_p =
      verdict_p(&result->program_ratios, result->program_law);
  result->program_law_fraction = f.median;
  result->program_amdahl_predicted = prediction_speedup(f.median, p);
  result->program_amdahl_low = prediction_speedup(f.high, p);
  result->program_amdahl_high = prediction_speedup(f.low, p);
  result->program_amdahl_residual =
      log_over(result->program_speedup_rel, result->program_amdahl_predicted);
  if (result_is_serial(result) || result_is_copies(result))
    return; /* the one is the baseline, the others are no parallel form */
  result->program_law_residual =
      log_over(result->program_speedup, result->program_law.median);
  if (!isfinite(result->program_law.median))
    return; /* nothing to be scored beside */
  result->program_one_residual = log_over(result->program_speedup, 1);
  result->program_ideal_residual = log_over(result->program_speedup, p);
}

static void predict_region(const struct work *work, int64_t size,
                           struct result *result) {
  const struct records *pilots = &work->pilots;
  const struct region_law_point point = {result->workload, size,
                                         result->variant,  result->requested,
                                         result->size,     result->workers};
  result->region_law = region_law(pilots, &point);
  result->region_law_overheads =
      region_law_overheads(pilots, &work->empties, &point);
  result->region_law_residual =
      log_over(result->speedup_abs, result->region_law.median);
  result->region_law_overheads_residual =
      log_over(result->speedup_abs, result->region_law_overheads.median);
  result->region_law_dynamic_gain = region_law_dynamic_gain(pilots, &point);
}

static char *result_label(const char *requested) {
  struct variant_spec spec;
  struct problem ignored;
  char label[NOTATION_LENGTH];
  if (notation_parse_variant(requested, &spec, &ignored) != 0)
    return strdup(requested);
  variant_label(&spec, label);
  return strdup(label);
}

static struct flag_facts facts_of(const struct work *work,
                                  const struct series *series,
                                  const struct analysis *analysis) {
  const struct run_facts *run = &analysis->run;
  struct flag_facts facts = {
      .run_delay_share = series_interval(series, RUN_DELAY).median,
      .empty_share = methods_empty(&work->set, series),
      .throttled = series->throttled,
      .swapped = series->swapped,
      .hot = series->hot,
      .online_cpus = work->online_cpus,
      .siblings_from = run->siblings_from,
      .slower_from = run->slower_from,
      .numa_from = run->numa_from,
      .bimodal = series_is_bimodal(series),
      .capacity = (double)NAN,
  };
  for (size_t i = 0; i < analysis->capacity_count; i++)
    if (analysis->capacities[i].workers == series->first->workers)
      facts.capacity = analysis->capacities[i].capacity.high;
  facts.trend_p = series_trend_p(series, flags_drift_rounds());
  return facts;
}

/* Whose it is. */
static void fill_names(const struct record *r, struct result *result) {
  const char *requested = record_requested(r);
  fields_clear(result_fields, result);
  result->workload = strdup(r->workload);
  result->kernel = strdup(r->kernel);
  result->variant = strdup(r->variant);
  result->requested = strdup(requested);
  result->label = strcmp(requested, record_program) == 0
                      ? strdup(r->workload)
                      : result_label(requested);
  result->workers = r->workers;
  result->size = r->size;
  result->oversubscribed = r->oversubscribed;
}

/* Its times over those of `serial`, and of the same variant with one worker. */
static void fill_ratios(const struct series *serial, const struct series *one,
                        const struct series *series, struct result *result) {
  result->speedup_abs = series_speedup(series);
  result->speedup_rel = series_relative(one, series);
  result->program_speedup = series_ratio(serial, series, PROGRAM);
  result->program_speedup_rel = series_ratio(one, series, PROGRAM);
  result->region_ratios = series_speedups(series);
  result->program_ratios = series_ratios(serial, series, PROGRAM);
  result->region_times_s = series_times(series, REGION);
  result->program_times_s = series_times(series, PROGRAM);
  result->speedup_abs_p =
      verdict_p(&result->region_ratios, verdict_nothing_gained);
  result->program_speedup_p =
      verdict_p(&result->program_ratios, verdict_nothing_gained);
  result->efficiency =
      scale(result->speedup_abs, 1 / (double)series_record(series)->workers);
}

static int fill_result(const struct work *work, const struct series *series,
                       const struct analysis *analysis, struct result *result) {
  const struct record *r = series_record(series);
  const struct series *serial = series_beside(&work->set, series, "serial", 1);
  const struct series *one =
      series_beside(&work->set, series, record_requested(r), 1);
  fill_names(r, result);
  result->n = series->n;
  result->workers_seen = series->workers_seen;
  result->region_s = series_interval(series, REGION);
  result->serial_region_s = series_interval(series, BESIDE);
  result->region_first_s = series_interval(series, REGION_FIRST);
  result->program_s = series_interval(series, PROGRAM);
  result->wall_s = series_interval(series, WALL);
  double items = (double)r->size * (double)record_times(r);
  result->items_per_s = rate(result->region_s, items);
  fill_ratios(serial, one, series, result);
  outside_result(serial, series, result);
  if (isfinite(result->core_s.median)) /* a program: runs a second */
    result->items_per_s = rate(result->program_s, items);
  result->outliers = (int64_t)series_outliers(series);
  result->clock_ratio = series_clock_ratio(one, series);
  result->speedup_clock_adjusted = series_clock_adjusted(one, series);
  result->blocks_over_textbook = methods_blocks(&work->set, series);
  const struct roofline_growth growth =
      roofline_growth(&work->calibrations, r->workload, series->size > 0);
  int status = roofline_make(&work->probes, series, &growth, result);
  if (!status)
    status = slowest_make(work->records, &work->rounds, series, result);
  if (!status)
    status = breakdown_make(serial, one, series, result);
  const struct flag_facts facts = facts_of(work, series, analysis);
  result->flags = flags_of(result, &facts);
  if (record_is_program(r))
    inside_result(series, result);
  else
    predict(&work->pilots, series->size, result);
  predict_region(work, series->size, result);
  return status;
}

/* Where a result stands. */
struct place {
  const struct series *series;
};

/* By variants, as they first ran, and by workers within those. */
static int compare_places(const void *a, const void *b) {
  const struct series *x = ((const struct place *)a)->series;
  const struct series *y = ((const struct place *)b)->series;
  if (x->variant_first != y->variant_first)
    return x->variant_first < y->variant_first ? -1 : 1;
  return (x->first->workers > y->first->workers) -
         (x->first->workers < y->first->workers);
}

/* What is told of somebody else's program from inside. */
static int fill_inside(const struct work *work, const struct series *series,
                       struct analysis *analysis, size_t i) {
  struct result *result = &analysis->results[i];
  const struct series *serial = series_beside(&work->set, series, "serial", 1);
  const struct series *one =
      series_beside(&work->set, series, record_program, 1);
  if (!record_is_program(series->first))
    return 0;
  inside_law_result(analysis_workload_of(analysis, result), serial, one,
                    result);
  return inside_regions(serial, one, series, result, analysis);
}

static int fill_results(const struct work *work, struct analysis *analysis) {
  size_t count = work->set.count;
  struct place *places = calloc(count + 1, sizeof *places);
  analysis->results = calloc(count + 1, sizeof *analysis->results);
  int status = analysis->results && places ? 0 : -1;
  for (size_t i = 0; !status && i < count; i++)
    places[i].series = &work->set.list[i];
  if (!status)
    qsort(places, count, sizeof *places, compare_places);
  for (size_t i = 0; !status && i < count; i++)
    status = fill_result(work, places[i].series, analysis,
                         &analysis->results[analysis->result_count++]);
  for (size_t i = 0; !status && i < count; i++)
    status = fill_inside(work, places[i].series, analysis, i);
  for (size_t i = 0; !status && i < count; i++) /* beside all others */
    status = cause_make(
        analysis, series_beside(&work->set, places[i].series, "serial", 1),
        places[i].series, &analysis->results[i]);
  free(places);
  return status;
}

/* ---- workloads --------------------------------------------- */

static int fill_workload(const struct work *work, const struct series *series,
                         const struct plan_facts *plan,
                         struct workload_result *workload) {
  const struct record *r = series->first;
  const struct series *serial = series_beside(&work->set, series, "serial", 1);
  const struct kernel *kernel =
      registry_find_kernel(r->kernel, strlen(r->kernel));
  fields_clear(workload_fields, workload);
  workload->workload = strdup(r->workload);
  workload->kernel = strdup(r->kernel);
  workload->params = r->params ? strdup(r->params) : NULL;
  bool program = record_is_program(r);
  workload->title = strdup(kernel    ? kernel->title
                           : program ? r->workload
                                     : r->kernel);
  workload->items = strdup(kernel ? kernel->items : program ? "runs" : "items");
  workload->waits = kernel && kernel->waits;
  workload->size = r->size;
  const char *target = plan ? plan_facts_target(plan, r->workload) : NULL;
  workload->target = target ? strdup(target) : NULL;
  workload->repeat = r->repeat; /* a program's: of the pilot, first of all */
  workload->known_serial_fraction =
      prediction_known_fraction(r->workload, record_repeat(r));
  workload->serial_fraction = prediction_serial_fraction(
      &work->pilots, r->workload, series->size, "serial");
  if (program)
    inside_law_workload(&work->pilots, &work->set, series, work->online_cpus,
                        workload);
  outside_workload(&work->set, series, workload);
  if (serial) {
    workload->serial_region_s = series_interval(serial, REGION);
    workload->serial_program_s = series_interval(serial, PROGRAM);
  }
  return methods_compare(&work->set, serial, workload);
}

/* Each at each of its sizes, in the order in which they first ran. */
static int fill_workloads(const struct work *work,
                          const struct plan_facts *plan,
                          struct analysis *analysis) {
  const struct series_set *set = &work->set;
  analysis->workloads = calloc(set->count + 1, sizeof *analysis->workloads);
  int status = analysis->workloads ? 0 : -1;
  for (size_t i = 0; !status && i < set->count; i++)
    if (set->list[i].first == set->list[i].workload_first)
      status = fill_workload(work, &set->list[i], plan,
                             &analysis->workloads[analysis->workload_count++]);
  return status;
}

/* ---- the whole ----------------------------------------------------------- */

static int copy_phase(const struct records *records, const char *phase,
                      struct records *copies) {
  size_t count = 0;
  for (size_t i = 0; i < records->count; i++)
    count += record_is_in(&records->list[i], phase);
  copies->list = calloc(count + 1, sizeof *copies->list);
  for (size_t i = 0; copies->list && i < records->count; i++)
    if (record_is_in(&records->list[i], phase))
      copies->list[copies->count++] = records->list[i];
  return copies->list ? 0 : -1;
}

static int work_make(const struct records *records,
                     const struct environment *environment, struct work *work) {
  bool told = environment && environment->online_cpus != FIELD_NULL;
  *work = (struct work){.records = records,
                        .online_cpus = told ? (double)environment->online_cpus
                                            : (double)NAN};
  int status = rounds_make(records, &work->rounds);
  if (!status)
    status = series_make(records, &work->rounds, clocks_alike(environment),
                         &work->set);
  if (!status)
    status = probes_make(records, &work->rounds, environment, &work->probes);
  if (!status)
    status = copy_phase(records, "pilot", &work->pilots);
  if (!status)
    status = copy_phase(records, "calibration", &work->calibrations);
  if (!status)
    status = copy_phase(records, "empty", &work->empties);
  return status;
}

static void work_free(struct work *work) {
  rounds_free(&work->rounds);
  series_free(&work->set);
  probes_free(&work->probes);
  free(work->pilots.list);
  free(work->calibrations.list);
  free(work->empties.list);
}

int analysis_make(const struct records *records, const struct plan_facts *plan,
                  const struct environment *environment,
                  const json_t *hyperfine, struct analysis *analysis,
                  struct problem *problem) {
  struct work work;
  *analysis = (struct analysis){0};
  int status = work_make(records, environment, &work);
  if (!status)
    run_facts_make(records, &work.rounds, work.set.clock_refused, plan,
                   environment, &analysis->run);
  analysis->run.fault_s = work.probes.fault_s;
  if (!status)
    status = fill_workloads(&work, plan, analysis);
  if (!status)
    status = capacity_make(&work.probes, analysis);
  if (!status)
    status = fill_results(&work, analysis);
  if (!status)
    status = cross_check_make(&work.set, hyperfine, analysis);
  analysis_mark_sizes(analysis);
  if (!status)
    status = advice_make(&work.set, &work.pilots, analysis);
  for (size_t i = 0; !status && i < analysis->result_count; i++)
    bounds_result(&analysis->results[i]);
  if (!status)
    status = verdicts_settle(analysis);
  work_free(&work);
  if (!status)
    return PROBLEM_NONE;
  analysis_free(analysis);
  return problem_failure(problem, "out of memory");
}

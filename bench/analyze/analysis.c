#include "bench/analyze/analysis.h"

#include "bench/analyze/flags.h"
#include "bench/analyze/internal.h"
#include "bench/analyze/prediction.h"
#include "bench/analyze/roofline.h"
#include "bench/plan/notation.h"
#include "bench/plan/registry.h"
#include "bench/trial/variants/variant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static void predict(const struct records *pilots, struct result *result) {
  struct interval f =
      prediction_serial_fraction(pilots, result->workload, result->requested);
  double p = (double)result->workers;
  result->program_amdahl_predicted = prediction_speedup(f.median, p);
  result->program_amdahl_low = prediction_speedup(f.high, p);
  result->program_amdahl_high = prediction_speedup(f.low, p);
  result->program_amdahl_residual =
      log_over(result->program_speedup_rel, result->program_amdahl_predicted);
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
                                  const struct run_facts *run) {
  struct flag_facts facts = {
      .run_delay_share = series_interval(work, series, RUN_DELAY).median,
      .throttled = series->throttled,
      .swapped = series->swapped,
      .hot = series->hot,
      .siblings_from = run->siblings_from,
      .slower_from = run->slower_from,
      .numa_from = run->numa_from,
  };
  series_halves(work, series, &facts.first_s, &facts.second_s);
  return facts;
}

static int fill_result(const struct work *work, const struct series *series,
                       const struct run_facts *run, struct result *result) {
  const struct record *r =
      series->first_in_round ? series->first_in_round : series->first;
  const char *requested = record_requested(r);
  const struct series *serial = work_find(work, r->workload, "serial", 1);
  const struct series *one = work_find(work, r->workload, requested, 1);
  fields_clear(result_fields, result);
  result->workload = strdup(r->workload);
  result->kernel = strdup(r->kernel);
  result->variant = strdup(r->variant);
  result->requested = strdup(requested);
  result->label = result_label(requested);
  result->workers = r->workers;
  result->size = r->size;
  result->n = series->n;
  result->oversubscribed = r->oversubscribed;
  result->workers_seen = series->workers_seen;
  result->region_s = series_interval(work, series, REGION);
  result->region_first_s = series_interval(work, series, REGION_FIRST);
  result->program_s = series_interval(work, series, PROGRAM);
  result->wall_s = series_interval(work, series, WALL);
  result->items_per_s = rate(result->region_s, (double)r->size);
  result->speedup_abs = series_ratio(work, serial, series, REGION);
  result->speedup_rel = series_ratio(work, one, series, REGION);
  result->program_speedup = series_ratio(work, serial, series, PROGRAM);
  result->program_speedup_rel = series_ratio(work, one, series, PROGRAM);
  result->region_ratios = series_ratios(work, serial, series, REGION);
  result->program_ratios = series_ratios(work, serial, series, PROGRAM);
  result->efficiency = scale(result->speedup_abs, 1 / (double)r->workers);
  result->outliers = (int64_t)series_outliers(work, series);
  result->clock_ratio = probes_ratio(work, PROBE_CLOCK, r->workers);
  result->speedup_clock_adjusted = probes_adjust(work, serial, series);
  result->blocks_over_textbook = methods_blocks(work, series);
  int status = roofline_make(work, series, result);
  const struct flag_facts facts = facts_of(work, series, run);
  result->flags = flags_of(result, &facts);
  predict(&work->pilots, result);
  return status;
}

/* A series in the order of the results: its place among the variants as they
 * first ran, then its workers. */
struct place {
  size_t variant_first, series;
  int64_t workers;
};

static int compare_places(const void *a, const void *b) {
  const struct place *x = a, *y = b;
  if (x->variant_first != y->variant_first)
    return x->variant_first < y->variant_first ? -1 : 1;
  return (x->workers > y->workers) - (x->workers < y->workers);
}

/* Results in the order of the workloads and variants as they first ran, and by
 * workers within those. */
static int fill_results(const struct work *work, struct analysis *analysis) {
  analysis->results = calloc(work->count + 1, sizeof *analysis->results);
  struct place *places = calloc(work->count + 1, sizeof *places);
  if (!analysis->results || !places) {
    free(places);
    return -1;
  }
  for (size_t i = 0; i < work->count; i++)
    places[i] = (struct place){work->series[i].variant_first, i,
                               work->series[i].first->workers};
  qsort(places, work->count, sizeof *places, compare_places);
  int status = 0;
  for (size_t i = 0; !status && i < work->count; i++)
    status = fill_result(work, &work->series[places[i].series], &analysis->run,
                         &analysis->results[analysis->result_count++]);
  free(places);
  return status;
}

/* ---- workloads --------------------------------------------- */

static char *plan_target(const json_t *plan, const char *workload) {
  const json_t *workloads = json_object_get(plan, "workloads");
  for (size_t i = 0; i < json_array_size(workloads); i++) {
    const json_t *item = json_array_get(workloads, i);
    const char *name = json_string_value(json_object_get(item, "workload"));
    const char *target = json_string_value(json_object_get(item, "target"));
    if (name && target && strcmp(name, workload) == 0)
      return strdup(target);
  }
  return NULL;
}

static int fill_workload(const struct work *work, const struct record *r,
                         const json_t *plan, struct workload_result *workload) {
  const struct series *serial = work_find(work, r->workload, "serial", 1);
  const struct kernel *kernel =
      registry_find_kernel(r->kernel, strlen(r->kernel));
  fields_clear(workload_fields, workload);
  workload->workload = strdup(r->workload);
  workload->kernel = strdup(r->kernel);
  workload->params = r->params ? strdup(r->params) : NULL;
  workload->title = strdup(kernel ? kernel->title : r->kernel);
  workload->items = strdup(kernel ? kernel->items : "items");
  workload->waits = kernel && kernel->waits;
  workload->size = r->size;
  workload->target = plan_target(plan, r->workload);
  workload->serial_fraction =
      prediction_serial_fraction(&work->pilots, r->workload, "serial");
  if (serial) {
    workload->serial_region_s = series_interval(work, serial, REGION);
    workload->serial_program_s = series_interval(work, serial, PROGRAM);
  }
  return methods_compare(work, workload);
}

static int fill_workloads(const struct work *work, const json_t *plan,
                          struct analysis *analysis) {
  size_t room = work->indexes[SAME_WORKLOAD].used + 1;
  analysis->workloads = calloc(room, sizeof *analysis->workloads);
  int status = analysis->workloads ? 0 : -1;
  for (size_t i = 0; !status && i < work->count; i++) {
    const struct record *r = work->series[i].first;
    const struct key key = {.workload = r->workload};
    if (index_find(work, SAME_WORKLOAD, &key) == i)
      status = fill_workload(work, r, plan,
                             &analysis->workloads[analysis->workload_count++]);
  }
  return status;
}

int analysis_make(const struct records *records, const json_t *plan,
                  const struct environment *environment,
                  const json_t *hyperfine, struct analysis *analysis,
                  struct problem *problem) {
  struct work work;
  *analysis = (struct analysis){0};
  int status = work_make(records, environment, &work);
  if (!status)
    run_facts_make(records, &work, plan, environment, &analysis->run);
  if (!status)
    status = fill_workloads(&work, plan, analysis);
  if (!status)
    status = fill_results(&work, analysis);
  if (!status)
    status = capacity_make(&work, analysis);
  if (!status)
    status = cross_check_make(&work, hyperfine, analysis);
  work_free(&work);
  if (!status)
    return PROBLEM_NONE;
  analysis_free(analysis);
  return problem_failure(problem, "out of memory");
}

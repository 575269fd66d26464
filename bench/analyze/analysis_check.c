#include "bench/analyze/analysis_check.h"

#include "bench/analyze/models.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- one entry ----------------------------------------------------------- */

/* A median has what it is the median of, and the other way round.  Analyses
 * that list none of that are older. */
static bool fits_ratios(const struct interval *median,
                        const struct numbers *of) {
  return !of->values || isfinite(median->median) == (of->count > 0);
}

static bool has_speedup(const struct result *r) {
  return fits_ratios(&r->speedup_abs, &r->region_ratios);
}

static bool has_program_speedup(const struct result *r) {
  return fits_ratios(&r->program_speedup, &r->program_ratios);
}

static bool has_region_times(const struct result *r) {
  return fits_ratios(&r->region_s, &r->region_times_s);
}

static bool has_program_times(const struct result *r) {
  return fits_ratios(&r->program_s, &r->program_times_s);
}

static bool has_region(const struct result *r) {
  return isfinite(r->region_s.median) || !isfinite(r->speedup_abs.median);
}

static bool has_program(const struct result *r) {
  return isfinite(r->program_s.median) || !isfinite(r->program_speedup.median);
}

static bool has_slowest(const struct result *r) {
  return isfinite(r->speedup_slowest.median) == (r->slowest_cpu != FIELD_NULL);
}

static bool has_bound(const struct result *r) {
  return r->roofline_bound || !isfinite(r->roofline_share.median);
}

static bool has_limit(const struct result *r) {
  return !r->roofline_limit ||
         (r->roofline_bound && strcmp(r->roofline_bound, "memory") == 0);
}

static bool has_operations(const struct result *r) {
  return isfinite(r->operations_per_s.median) ||
         !isfinite(r->roofline_share.median);
}

static bool has_roof(const struct result *r) {
  return isfinite(r->roofline_operations_per_s.median) ||
         !isfinite(r->roofline_share.median);
}

static bool fits_ratio_count(const struct result *r) {
  return r->region_ratios.count <= (size_t)r->n;
}

static bool fits_time_count(const struct result *r) {
  return r->region_times_s.count <= (size_t)r->n;
}

static bool has_interval(const struct result *r) {
  /* Bounds may be unknown. */
  return !(r->program_amdahl_low > r->program_amdahl_predicted) &&
         !(r->program_amdahl_predicted > r->program_amdahl_high);
}

/* What is useful and what is lost is all, as far as nine digits tell. */
static bool adds_up(const struct breakdown *b) {
  double sum = 0, size = 1;
  for (int term = 0; term < TERMS; term++) {
    double share = isnan(b->share[term].median) ? 0 : b->share[term].median;
    sum += share;
    size += fabs(share);
  }
  return !b->told || fabs(sum - 1) <= 1e-6 * size;
}

static bool adds_up_program(const struct result *r) {
  return adds_up(&r->breakdown);
}

static bool adds_up_region(const struct result *r) {
  return adds_up(&r->region_breakdown) && r->region_breakdown.trials <= r->n;
}

static bool was_seen(const struct result *r) {
  return r->workers_seen <= r->workers;
}

static bool fits_outliers(const struct result *r) {
  return r->outliers <= r->n;
}

static const struct {
  const char *key;
  bool (*holds)(const struct result *r);
  const char *want;
} rules[] = {
    {"speedup_abs", has_speedup, "the median of region_ratios"},
    {"program_speedup", has_program_speedup, "the median of program_ratios"},
    {"region_s", has_region, "a time, as there is a speedup_abs"},
    {"program_s", has_program, "a time, as there is a program_speedup"},
    {"slowest_cpu", has_slowest, "a CPU where there is a speedup_slowest"},
    {"roofline_bound", has_bound,
     "memory or arithmetic, as there is a roofline_share"},
    {"roofline_limit", has_limit, "null, as roofline_bound is not memory"},
    {"operations_per_s", has_operations,
     "a number, as there is a roofline_share"},
    {"roofline_operations_per_s", has_roof,
     "a number, as there is a roofline_share"},
    {"region_s", has_region_times, "the median of region_times_s"},
    {"program_s", has_program_times, "the median of program_times_s"},
    {"region_ratios", fits_ratio_count, "at most n"},
    {"region_times_s", fits_time_count, "at most n"},
    {"program_amdahl_predicted", has_interval,
     "between program_amdahl_low and program_amdahl_high"},
    {"breakdown", adds_up_program, "shares that add up to 1"},
    {"region_breakdown", adds_up_region,
     "shares that add up to 1, of at most n"},
    {"workers_seen", was_seen, "at most workers"},
    {"outliers", fits_outliers, "at most n"},
};

static int refuse(const char *list, size_t index, const char *key,
                  const char *want, struct problem *problem) {
  return problem_failure(problem, "the key \"%s[%zu].%s\" is not so: want %s",
                         list, index, key, want);
}

static int check_result(const struct analysis *analysis, size_t index,
                        struct problem *problem) {
  static const char list[] = "results";
  const struct result *r = &analysis->results[index];
  for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
    if (!rules[i].holds(r))
      return refuse(list, index, rules[i].key, rules[i].want, problem);
  if (!analysis_workload_of(analysis, r))
    return refuse(list, index, "workload", "one of `workloads`, at its size",
                  problem);
  if (r->n > analysis->run.rounds)
    return refuse(list, index, "n", "at most `rounds` of the run", problem);
  if (r->breakdown.trials > analysis->run.rounds)
    return refuse(list, index, "breakdown_trials",
                  "at most `rounds` of the run", problem);
  if (r->program_ratios.count > (size_t)analysis->run.rounds)
    return refuse(list, index, "program_ratios", "at most `rounds` of the run",
                  problem);
  if (r->program_times_s.count > (size_t)analysis->run.rounds)
    return refuse(list, index, "program_times_s", "at most `rounds` of the run",
                  problem);
  return PROBLEM_NONE;
}

/* ---- nothing twice ------------------------------------------------------- */

static int compare_numbers(int64_t a, int64_t b) {
  return (a > b) - (a < b);
}

/* Where a result stands. */
struct place {
  const struct result *result;
};

static int compare_results(const void *left, const void *right) {
  const struct result *a = ((const struct place *)left)->result;
  const struct result *b = ((const struct place *)right)->result;
  int order = strcmp(a->workload, b->workload);
  if (!order)
    order = strcmp(a->requested, b->requested);
  if (!order)
    order = compare_numbers(a->size, b->size);
  return order ? order : compare_numbers(a->workers, b->workers);
}

static int check_twice(const struct analysis *analysis,
                       struct problem *problem) {
  size_t count = analysis->result_count;
  struct place *sorted = malloc((count + 1) * sizeof *sorted);
  int status = PROBLEM_NONE;
  if (!sorted)
    return problem_failure(problem, "out of memory");
  for (size_t i = 0; i < count; i++)
    sorted[i].result = &analysis->results[i];
  qsort(sorted, count, sizeof *sorted, compare_results);
  for (size_t i = 1; !status && i < count; i++)
    if (compare_results(&sorted[i - 1], &sorted[i]) == 0)
      status = problem_failure(problem,
                               "the key \"results\" has %.200s, %.60s, %" PRId64
                               " workers twice: want each point once",
                               sorted[i].result->workload,
                               sorted[i].result->requested,
                               sorted[i].result->workers);
  free(sorted);
  return status;
}

static int check_workloads(const struct analysis *analysis,
                           struct problem *problem) {
  for (size_t i = 0; i < analysis->workload_count; i++)
    for (size_t k = 0; k < i; k++) {
      const struct workload_result *a = &analysis->workloads[i];
      const struct workload_result *b = &analysis->workloads[k];
      if (a->size == b->size && strcmp(a->workload, b->workload) == 0)
        return refuse("workloads", i, "workload",
                      "each at each of its sizes once", problem);
    }
  return PROBLEM_NONE;
}

static int check_model(const struct analysis *analysis, size_t index,
                       struct problem *problem) {
  static const char list[] = "models";
  const struct model_result *m = &analysis->models[index];
  if (m->law && m->workers.count < MODEL_ONE_PARAMETER)
    return refuse(list, index, "law", "null, as there are under 3 workers",
                  problem);
  if (m->law && m->residuals.count != m->workers.count)
    return refuse(list, index, "residuals", "as many as workers", problem);
  if (m->enough_workers > m->best_workers)
    return refuse(list, index, "enough_workers", "at most best_workers",
                  problem);
  for (size_t i = 0; i < analysis->workload_count; i++)
    if (strcmp(analysis->workloads[i].workload, m->workload) == 0)
      return PROBLEM_NONE;
  return refuse(list, index, "workload", "one of `workloads`", problem);
}

/* A region is of a result, and its shares add up. */
static int check_region(const struct analysis *analysis, size_t index,
                        struct problem *problem) {
  static const char list[] = "regions";
  const struct inside_region *region = &analysis->regions[index];
  if (!adds_up(&region->breakdown))
    return refuse(list, index, "breakdown", "shares that add up to 1", problem);
  if (region->trials > analysis->run.rounds)
    return refuse(list, index, "trials", "at most `rounds` of the run",
                  problem);
  for (size_t i = 0; i < analysis->result_count; i++) {
    const struct result *r = &analysis->results[i];
    if (r->workers == region->workers && r->size == region->size &&
        strcmp(r->workload, region->workload) == 0 &&
        strcmp(r->requested, region->requested) == 0)
      return PROBLEM_NONE;
  }
  return refuse(list, index, "workload", "a point of `results`", problem);
}

int analysis_check(const struct analysis *analysis, struct problem *problem) {
  int status = check_workloads(analysis, problem);
  for (size_t i = 0; !status && i < analysis->result_count; i++)
    status = check_result(analysis, i, problem);
  for (size_t i = 1; !status && i < analysis->capacity_count; i++)
    if (analysis->capacities[i].workers <= analysis->capacities[i - 1].workers)
      status = refuse("capacity", i, "workers", "more than of the one before",
                      problem);
  for (size_t i = 0; !status && i < analysis->model_count; i++)
    status = check_model(analysis, i, problem);
  for (size_t i = 0; !status && i < analysis->region_count; i++)
    status = check_region(analysis, i, problem);
  return status ? status : check_twice(analysis, problem);
}

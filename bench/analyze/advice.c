#include "bench/analyze/advice.h"

#include "bench/analyze/flags.h"
#include "bench/analyze/inside_law.h"
#include "bench/analyze/prediction.h"
#include "bench/analyze/stats.h"

#include <stdlib.h>
#include <string.h>

static const double half = 0.5, hundred = 100;

/* ---- apparent fractions -------------------------------------------------- */

static struct interval capacity_of(const struct analysis *analysis,
                                   int64_t workers) {
  for (size_t i = 0; i < analysis->capacity_count; i++)
    if (analysis->capacities[i].workers == workers)
      return analysis->capacities[i].capacity;
  return INTERVAL_NULL;
}

/* Whether its workers have CPUs of their own, or wait for none. */
static bool has_cpus(const struct analysis *analysis, const struct result *r) {
  const struct workload_result *workload = analysis_workload_of(analysis, r);
  return r->oversubscribed != 1 || (workload && workload->waits == 1);
}

static void fill_apparent(const struct analysis *analysis, struct result *r) {
  double p = (double)r->workers;
  struct interval workers = {p, p, p};
  if (result_is_serial(r) || result_is_copies(r) || !has_cpus(analysis, r))
    return;
  r->apparent_fraction = model_apparent(r->speedup_rel, workers);
  r->apparent_fraction_capacity =
      model_apparent(r->speedup_rel, capacity_of(analysis, r->workers));
  r->program_apparent_fraction =
      model_apparent(r->program_speedup_rel, workers);
}

/* ---- the points of a variant --------------------------------------------- */

struct point {
  const struct result *result;
  const struct series *series, *serial;
};

/* Those of a variant that counts, by workers, in one scope. */
struct curve {
  const struct analysis *analysis; /* borrowed */
  struct point *points;            /* owned */
  size_t count, rounds;
  bool region;
  bool relative;   /* all have a serial one beside them */
  double *workers; /* [count], owned: of those that were taken */
  double *time;    /* [count * rounds], owned: their times */
  size_t taken;
};

static const struct series *series_of(const struct series_set *set,
                                      const struct result *r) {
  for (size_t i = 0; i < set->count; i++) {
    const struct series *s = &set->list[i];
    if (s->first->workers == r->workers && (!s->size || s->size == r->size) &&
        strcmp(s->first->workload, r->workload) == 0 &&
        strcmp(record_requested(s->first), r->requested) == 0)
      return s;
  }
  return NULL;
}

static struct interval speedup_of(const struct curve *curve,
                                  const struct result *r) {
  return curve->region ? r->speedup_abs : r->program_speedup;
}

static double time_of(const struct curve *curve, const struct point *point,
                      size_t round) {
  const struct series *s = point->series;
  double own = s->by_round[curve->region ? REGION : PROGRAM][round];
  if (!curve->relative)
    return own;
  if (curve->region)
    return own / s->by_round[BESIDE][round];
  return own / (point->serial->by_round[PROGRAM][round] *
                series_growth(point->serial, s));
}

static size_t take_times(const struct curve *curve, const struct point *point,
                         double *time) {
  size_t known = 0;
  for (size_t round = 0; round < curve->rounds; round++) {
    time[round] = time_of(curve, point, round + 1);
    known += isfinite(time[round]);
  }
  return known;
}

/* Whether a law may go on to that count. */
static bool may_be_fitted(const struct curve *curve, const struct result *r) {
  return !flag_is_set(r, FLAG_SMT) && !flag_is_set(r, FLAG_SLOW_CORES) &&
         !flag_is_set(r, FLAG_NUMA) &&
         !(curve->region && flag_is_set(r, FLAG_SHORT));
}

/* Takes the times of all points, or of those that may be fitted. */
static struct model_trials take(struct curve *curve, bool fitted) {
  curve->taken = 0;
  for (size_t i = 0; i < curve->count; i++) {
    const struct point *point = &curve->points[i];
    double *time = curve->time + curve->taken * curve->rounds;
    size_t known = take_times(curve, point, time);
    if (fitted &&
        (known < STATS_SAMPLES_MIN || !may_be_fitted(curve, point->result)))
      continue;
    curve->workers[curve->taken++] = (double)point->result->workers;
  }
  return (struct model_trials){curve->workers, curve->taken, curve->rounds,
                               curve->time};
}

/* Serial is somebody's program with one worker, if it was not run so. */
static bool is_on_curve(const struct result *r, const struct result *first) {
  bool own = strcmp(r->requested, first->requested) == 0;
  bool one = result_is_serial(r) && first->workers > 1 &&
             strcmp(first->requested, record_program) == 0;
  return own || one;
}

static void add_point(const struct series_set *set, const struct result *r,
                      struct curve *curve) {
  struct point point = {r, series_of(set, r), NULL};
  if (!point.series || flags_spoilt(r) || !has_cpus(curve->analysis, r))
    return;
  point.serial = series_beside(set, point.series, "serial", 1);
  curve->relative = curve->relative && isfinite(speedup_of(curve, r).median) &&
                    (curve->region || point.serial);
  size_t place = curve->count++;
  for (; place > 0 && curve->points[place - 1].result->workers > r->workers;
       place--)
    curve->points[place] = curve->points[place - 1];
  curve->points[place] = point;
}

static int curve_make(const struct series_set *set,
                      const struct analysis *analysis,
                      const struct result *first, bool region,
                      struct curve *curve) {
  const struct workload_result *workload =
      analysis_workload_of(analysis, first);
  *curve = (struct curve){
      .analysis = analysis,
      .region = region,
      .relative = true,
      .rounds = (size_t)analysis->run.rounds,
      .points = calloc(analysis->result_count + 1, sizeof *curve->points)};
  if (set->count > 0)
    curve->rounds = (size_t)set->list[0].rounds;
  for (size_t i = 0; workload && curve->points && i < analysis->result_count;
       i++) {
    const struct result *r = &analysis->results[i];
    if (result_is_of(r, workload) && is_on_curve(r, first))
      add_point(set, r, curve);
  }
  curve->workers = stats_unknown(curve->count);
  curve->time = stats_unknown((curve->count + 1) * curve->rounds);
  return curve->points && curve->workers && curve->time ? 0 : -1;
}

static void curve_free(struct curve *curve) {
  free(curve->points);
  free(curve->workers);
  free(curve->time);
}

/* ---- what it shows ------------------------------------------------------- */

static double mean_of(const double *x, size_t n) {
  double sum = 0;
  size_t known = 0;
  for (size_t i = 0; i < n; i++)
    if (isfinite(x[i])) {
      sum += x[i];
      known++;
    }
  return sum / (double)known;
}

static int fill_law(struct curve *curve, struct model_result *result) {
  const struct model_trials trials = take(curve, true);
  struct model model;
  if (curve->analysis->run.scaling &&
      strcmp(curve->analysis->run.scaling, "weak") == 0)
    return 0; /* a time is of another work each */
  if (model_fit(&trials, &model) != 0)
    return -1;
  result->workers.values = stats_unknown(trials.counts);
  result->residuals.values = stats_unknown(trials.counts);
  if (!result->workers.values || !result->residuals.values)
    return -1;
  for (size_t i = 0; i < trials.counts; i++)
    result->workers.values[result->workers.count++] = trials.workers[i];
  if (model.law == LAW_NONE)
    return 0;
  for (size_t i = 0; i < trials.counts; i++)
    result->residuals.values[result->residuals.count++] =
        log(mean_of(trials.time + i * trials.rounds, trials.rounds) /
            model_time(&model, trials.workers[i]));
  result->law = strdup(law_words[model.law]);
  result->one = model.one;
  result->lack_p = model.lack_p;
  result->cost_lack_p = model.cost_lack_p;
  result->serial = model.serial;
  result->kappa = model.kappa;
  result->cost = model.cost;
  return result->law ? 0 : -1;
}

static void fill_best(struct curve *curve, struct model_result *result) {
  const struct model_trials trials = take(curve, false);
  size_t best, enough;
  if (curve->count == 0 || !model_best(&trials, &best, &enough))
    return;
  result->best_workers = curve->points[best].result->workers;
  result->enough_workers = curve->points[enough].result->workers;
}

static void fill_half(const struct curve *curve, struct model_result *result) {
  for (size_t i = curve->count; i-- > 0;) {
    const struct result *r = curve->points[i].result;
    if (!(speedup_of(curve, r).high < half * (double)r->workers))
      return;
    result->half_from = r->workers;
  }
}

/* From the last point before workers of that kind begin, to the last before
 * those of another kind do. */
static struct interval gain(struct curve *curve, int64_t from,
                            const int64_t *all, size_t count) {
  int64_t until = INT64_MAX;
  const struct point *before = NULL, *after = NULL;
  for (size_t i = 0; i < count; i++)
    if (all[i] != FIELD_NULL && all[i] > from && all[i] < until)
      until = all[i];
  for (size_t i = 0; from > 0 && i < curve->count; i++) {
    int64_t workers = curve->points[i].result->workers;
    if (workers < from)
      before = &curve->points[i];
    else if (workers < until)
      after = &curve->points[i];
  }
  if (!before || !after)
    return INTERVAL_NULL;
  double *others = curve->time + curve->rounds;
  take_times(curve, before, curve->time);
  take_times(curve, after, others);
  return stats_ratio_interval(curve->time, others, curve->rounds);
}

static void fill_gains(struct curve *curve, struct model_result *result) {
  const struct run_facts *run = &curve->analysis->run;
  const int64_t from[] = {run->siblings_from, run->slower_from, run->numa_from};
  struct interval *gains[] = {&result->siblings_gain, &result->slower_gain,
                              &result->numa_gain};
  for (size_t i = 0; i < sizeof from / sizeof *from; i++)
    *gains[i] = gain(curve, from[i], from, sizeof from / sizeof *from);
}

static int fill_model(const struct series_set *set,
                      const struct records *pilots,
                      const struct analysis *analysis,
                      const struct result *first, bool region,
                      struct model_result *result) {
  struct curve curve;
  const struct series *series = series_of(set, first);
  fields_clear(model_fields, result);
  result->workload = strdup(first->workload);
  result->requested = strdup(first->requested);
  result->scope = strdup(region ? "region" : "program");
  result->size = first->size;
  int status = curve_make(set, analysis, first, region, &curve);
  if (!status)
    status = fill_law(&curve, result);
  if (!status) {
    fill_best(&curve, result);
    fill_half(&curve, result);
    fill_gains(&curve, result);
  }
  if (!region && series &&
      analysis_most_workers(analysis, analysis_workload_of(analysis, first)) <
          (int64_t)hundred)
    result->law_at_hundred =
        record_is_program(series->first)
            ? inside_law(analysis_workload_of(analysis, first),
                         series_beside(set, series, "serial", 1),
                         series_beside(set, series, record_program, 1), hundred)
            : prediction_program(pilots, first->workload, series->size,
                                 first->requested, hundred);
  curve_free(&curve);
  return status;
}

/* ---- the whole ----------------------------------------------------------- */

/* Whether a result is the first of its variant. */
static bool is_first(const struct analysis *analysis, size_t i) {
  const struct result *r = &analysis->results[i];
  const struct workload_result *workload = analysis_workload_of(analysis, r);
  if (result_is_serial(r) || result_is_copies(r) || !workload)
    return false;
  for (size_t k = 0; k < i; k++)
    if (result_is_of(&analysis->results[k], workload) &&
        strcmp(analysis->results[k].requested, r->requested) == 0)
      return false;
  return true;
}

static void fill_workload(const struct analysis *analysis,
                          struct workload_result *workload) {
  const struct result *leader = analysis_leader(
      analysis, workload, analysis_most_workers(analysis, workload));
  const struct model_result *model =
      leader ? analysis_model(analysis, workload, leader->requested, "program")
             : NULL;
  if (!model || workload->best_workers != FIELD_NULL)
    return;
  workload->best_workers = model->best_workers;
  workload->enough_workers = model->enough_workers;
}

int advice_make(const struct series_set *set, const struct records *pilots,
                struct analysis *analysis) {
  int status = 0;
  analysis->models =
      calloc(2 * analysis->result_count + 1, sizeof *analysis->models);
  for (size_t i = 0; i < analysis->result_count; i++)
    fill_apparent(analysis, &analysis->results[i]);
  for (size_t i = 0; analysis->models && !status && i < analysis->result_count;
       i++)
    for (int region = 1; !status && region >= 0 && is_first(analysis, i);
         region--)
      status =
          fill_model(set, pilots, analysis, &analysis->results[i], region == 1,
                     &analysis->models[analysis->model_count++]);
  for (size_t i = 0; i < analysis->workload_count; i++)
    fill_workload(analysis, &analysis->workloads[i]);
  return analysis->models ? status : -1;
}

struct model advice_model(const struct model_result *result) {
  struct model model = {.law = LAW_NONE,
                        .counts = result->workers.count,
                        .one = result->one,
                        .lack_p = result->lack_p,
                        .cost_lack_p = result->cost_lack_p,
                        .serial = result->serial,
                        .kappa = result->kappa,
                        .cost = result->cost};
  for (int law = LAW_AMDAHL; result->law && law < LAWS; law++)
    if (strcmp(result->law, law_words[law]) == 0)
      model.law = (enum law)law;
  for (size_t i = 0; i < result->workers.count; i++)
    model.most = fmax(model.most, result->workers.values[i]);
  return model;
}

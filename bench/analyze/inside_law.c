#include "bench/analyze/inside_law.h"

#include "bench/analyze/flags.h"
#include "bench/analyze/prediction.h"
#include "bench/analyze/stats.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- runs with one worker ------------------------------------------------ */

/* What they tell, each: a share of its time. */
struct runs {
  double *serial, *critical; /* [count] */
  size_t count;
  const struct record *larger; /* one that made larger teams; NULL: none did */
  bool team;                   /* one with several workers tells of regions */
};

static void take_run(const struct record *r, struct runs *runs) {
  double open = prediction_open_share(r);
  if (isnan(open)) {
    runs->larger = r;
    return;
  }
  runs->serial[runs->count] = 1 - open;
  runs->critical[runs->count++] = prediction_critical_share(r);
}

/* The pilot's, and those of rounds. */
static void take_runs(const struct records *pilots, const struct series *one,
                      struct runs *runs) {
  const struct record *of = one->first;
  for (size_t i = 0; i < pilots->count; i++)
    if (prediction_is_pilot(&pilots->list[i], of->workload, one->size,
                            record_requested(of)) &&
        record_tells_inside(&pilots->list[i]))
      take_run(&pilots->list[i], runs);
  for (int64_t round = 1; round <= one->rounds; round++)
    if (one->observed[round])
      take_run(one->observed[round], runs);
}

static char *why_larger(const struct record *r) {
  double most = 0;
  char *why = NULL;
  for (size_t k = 0; k < r->inside.team.count; k++)
    most = fmax(most, r->inside.team.values[k]);
  if (asprintf(&why,
               "told to use one worker, it made a team of %.0f for %.0f%% of "
               "its time",
               most, 100 * record_inside_beyond(r, 1)) < 0)
    return NULL;
  return why;
}

/* ---- beside those with several ------------------------------------------- */

/* Observed runs of a point beside those with one worker, by rounds that have
 * both. */
struct beside {
  const struct series *one, *several; /* borrowed */
  double online_cpus;
  double *share; /* [rounds], to be filled */
};

/* Whether who waits for a CPU may be what differs: a thread that works all the
 * time is made to wait for others, one that sleeps between regions is not. */
static bool is_crowded(const struct series *series, double online_cpus) {
  return flags_crowded(series_interval(series, OTHERS).median,
                       (double)series->first->workers, online_cpus);
}

static bool find_pair(const struct beside *beside, int64_t round,
                      const struct record **one,
                      const struct record **several) {
  *one = beside->one->observed[round];
  *several = beside->several->observed[round];
  return *one && *several;
}

static double outside_s(const struct record *r) {
  return fmax(0, r->program_s - r->inside.open_s);
}

/* Serial time is as long whoever else there is. */
static char *why_shorter(const struct beside *beside) {
  const struct record *one, *several;
  size_t count = 0;
  double one_s = 0, several_s = 0;
  char *why = NULL;
  if (is_crowded(beside->one, beside->online_cpus) ||
      is_crowded(beside->several, beside->online_cpus))
    return NULL;
  for (int64_t round = 1; round <= beside->several->rounds; round++) {
    if (!find_pair(beside, round, &one, &several))
      continue;
    beside->share[count++] =
        (outside_s(one) - outside_s(several)) / one->program_s;
    one_s += outside_s(one);
    several_s += outside_s(several);
  }
  struct interval less = stats_median_interval(beside->share, count);
  if (!(less.low > 0 && less.median >= flags_noticed()) ||
      asprintf(&why,
               "with %" PRId64 " workers the time outside of parallel regions "
               "is %.0f%% of what it is with one, and so it is no serial time",
               beside->several->first->workers, 100 * several_s / one_s) < 0)
    return NULL;
  return why;
}

/* The share of a run in regions that the other does not have. */
static double missing_share(const struct record *several,
                            const struct record *one,
                            struct inside_missing *largest) {
  const struct record_inside *in = &several->inside;
  double missing_s = 0;
  for (size_t k = 0; k < in->calls.count; k++) {
    size_t length;
    const char *name = record_inside_name(in, k, &length);
    if (record_inside_find(&one->inside, name, length) <
        one->inside.calls.count)
      continue;
    double wall_s = in->wall_s.values[k];
    missing_s += wall_s;
    if (wall_s > largest->wall_s)
      *largest = (struct inside_missing){name, length, wall_s};
  }
  return fmin(1, missing_s / several->program_s);
}

double inside_missing_share(const struct series *one,
                            const struct series *several,
                            struct inside_missing *largest) {
  double *share = stats_unknown((size_t)several->rounds + 1);
  size_t count = 0;
  *largest = (struct inside_missing){NULL, 0, 0};
  for (int64_t round = 1; share && round <= several->rounds; round++)
    if (one->observed[round] && several->observed[round])
      share[count++] = missing_share(several->observed[round],
                                     one->observed[round], largest);
  double median =
      share ? stats_median_interval(share, count).median : (double)NAN;
  free(share);
  return median;
}

static char *why_missing(const struct beside *beside) {
  struct inside_missing largest;
  char *why = NULL;
  double share = inside_missing_share(beside->one, beside->several, &largest);
  if (!(share >= flags_noticed()) || !largest.name ||
      asprintf(&why,
               "with %" PRId64 " workers %.0f%% of its time is in parallel "
               "regions that it does not have with one (%.*s)",
               beside->several->first->workers, 100 * share,
               (int)largest.length, largest.name) < 0)
    return NULL;
  return why;
}

static char *why_beside(const struct beside *beside) {
  if (series_growth(beside->one, beside->several) != 1)
    return strdup("the work grows with the workers, and how much of it is "
                  "serial is known of one size alone");
  char *why = why_missing(beside);
  return why ? why : why_shorter(beside);
}

/* The points of the program itself, from the most workers on. */
static const struct series *next_point(const struct series_set *set,
                                       const struct series *one,
                                       int64_t below) {
  const struct series *most = NULL;
  for (size_t i = 0; i < set->count; i++) {
    const struct series *s = &set->list[i];
    if (strcmp(record_requested(s->first), record_program) == 0 &&
        strcmp(s->first->workload, one->first->workload) == 0 &&
        s->size == one->size && s->first->workers < below &&
        s->first->workers > 1 &&
        (!most || s->first->workers > most->first->workers))
      most = s;
  }
  return most;
}

static char *why_no_law(const struct series_set *set, const struct series *one,
                        const struct runs *runs, double online_cpus,
                        double *share) {
  char *why = NULL;
  if (runs->count == 0 && runs->team && !runs->larger)
    return strdup("with one worker it opens no parallel region");
  if (runs->count == 0)
    return runs->larger ? why_larger(runs->larger) : NULL;
  const struct series *s = next_point(set, one, INT64_MAX);
  for (; s && !why; s = next_point(set, one, s->first->workers)) {
    const struct beside beside = {one, s, online_cpus, share};
    why = why_beside(&beside);
  }
  return why;
}

/* ---- the workload -------------------------------------------------------- */

/* Whether a run of the pilot is of the workload, at that size: with one worker,
 * or a look at a team. */
static bool is_pilot_of(const struct record *r, const struct series *one) {
  return r->observed == 1 && strcmp(r->workload, one->first->workload) == 0 &&
         (one->size == 0 || r->size == one->size ||
          r->size == one->size * r->workers);
}

static void fill_pilot(const struct records *pilots, const struct series *one,
                       struct runs *runs, struct workload_result *workload) {
  for (size_t i = 0; i < pilots->count; i++) {
    const struct record *r = &pilots->list[i];
    if (!is_pilot_of(r, one))
      continue;
    if (r->unobserved && !workload->unobserved)
      workload->unobserved = strdup(r->unobserved);
    if (record_tells_inside(r) && !workload->untold)
      workload->untold = strdup(r->inside.untold ? r->inside.untold : "");
    runs->team = runs->team || (record_tells_inside(r) && r->workers > 1);
  }
  if (runs->team) { /* the one-worker run alone is not told of: no_law */
    free(workload->unobserved);
    workload->unobserved = NULL;
  }
}

static const struct series *own_one(const struct series_set *set,
                                    const struct series *series) {
  const struct series *one = series_beside(set, series, record_program, 1);
  return one ? one : series_beside(set, series, "serial", 1);
}

/* Beside `serial`, as the bound of a point is. */
static double limit_of(const struct workload_result *workload,
                       const struct series *serial, const struct series *one) {
  double ratio =
      !serial || one == serial ? 1 : series_ratio(serial, one, PROGRAM).median;
  double limit =
      ratio * prediction_speedup_critical(workload->serial_fraction.median,
                                          prediction_one_lock(workload->untold)
                                              ? workload->critical_fraction
                                              : 0,
                                          (double)INFINITY);
  return isfinite(limit) ? limit : (double)NAN;
}

void inside_law_workload(const struct records *pilots,
                         const struct series_set *set,
                         const struct series *series, double online_cpus,
                         struct workload_result *workload) {
  const struct series *one = own_one(set, series);
  if (!one)
    return;
  size_t most = pilots->count + (size_t)one->rounds;
  double *share = stats_unknown((size_t)series->rounds + 1);
  struct runs runs = {.serial = stats_unknown(most),
                      .critical = stats_unknown(most)};
  fill_pilot(pilots, one, &runs, workload);
  if (share && runs.serial && runs.critical) {
    take_runs(pilots, one, &runs);
    workload->no_law = why_no_law(set, one, &runs, online_cpus, share);
    workload->serial_fraction =
        workload->no_law ? INTERVAL_NULL
                         : prediction_median(runs.serial, runs.count);
    workload->critical_fraction =
        stats_median_interval(runs.critical, runs.count).median;
    workload->law_limit =
        limit_of(workload, series_beside(set, series, "serial", 1), one);
  }
  free(share);
  free(runs.serial);
  free(runs.critical);
}

/* ---- a point ------------------------------------------------------------- */

struct interval inside_law(const struct workload_result *workload,
                           const struct series *serial,
                           const struct series *one, double workers) {
  struct interval f = workload->serial_fraction;
  struct interval law = {prediction_speedup(f.median, workers),
                         prediction_speedup(f.high, workers),
                         prediction_speedup(f.low, workers)};
  if (!one || one == serial)
    return law;
  struct interval ratio = series_ratio(serial, one, PROGRAM);
  return (struct interval){ratio.median * law.median, ratio.low * law.low,
                           ratio.high * law.high};
}

void inside_law_result(const struct workload_result *workload,
                       const struct series *serial, const struct series *one,
                       struct result *result) {
  bool other = one && one != serial && result_is_serial(result);
  double p = (double)result->workers;
  if (!workload || result_is_copies(result) || other)
    return;
  double f = workload->serial_fraction.median;
  result->program_law = inside_law(workload, serial, one, p);
  result->program_law_fraction = f;
  if (prediction_one_lock(workload->untold))
    result->program_law_critical =
        result->program_law.median / prediction_speedup(f, p) *
        prediction_speedup_critical(f, workload->critical_fraction, p);
}

double inside_law_beyond(const struct workload_result *workload,
                         const struct result *result, double workers) {
  double f = result->program_law_fraction;
  return result->program_law.median /
         prediction_speedup(f, (double)result->workers) *
         prediction_speedup_critical(f,
                                     prediction_one_lock(workload->untold)
                                         ? workload->critical_fraction
                                         : 0,
                                     workers);
}

double inside_law_most(const struct result *result) {
  struct interval law = result->program_law;
  return fmin(law.high, result->program_law_critical * (law.high / law.median));
}

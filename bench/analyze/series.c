/* A configuration's values by round, and what medians and ratios they give. */
#include "bench/analyze/flags.h"
#include "bench/analyze/internal.h"
#include "bench/analyze/stats.h"

#include <stdlib.h>
#include <string.h>

const char *record_requested(const struct record *record) {
  return record->requested ? record->requested : record->variant;
}

static bool in_round(const struct record *r) {
  return r->phase && strcmp(r->phase, "round") == 0 && r->round > 0;
}

static bool in_phase(const struct record *r, const char *phase) {
  return r->phase && strcmp(r->phase, phase) == 0;
}

/* ---- rounds ---------------------------------------------------------- */

/* left_out[round] says whether a trial of that round failed. */
static bool *find_bad_rounds(const struct records *records, int64_t rounds) {
  bool *bad = calloc((size_t)rounds + 1, sizeof *bad);
  for (size_t i = 0; bad && i < records->count; i++)
    if (in_round(&records->list[i]) &&
        strcmp(records->list[i].status, "ok") != 0)
      bad[records->list[i].round] = true;
  return bad;
}

static int64_t count_rounds(const struct records *records) {
  int64_t rounds = 0;
  for (size_t i = 0; i < records->count; i++)
    if (in_round(&records->list[i]) && records->list[i].round > rounds)
      rounds = records->list[i].round;
  return rounds;
}

/* ---- series: a configuration's values by round ------------------------- */

static struct key key_of(const struct record *r) {
  return (struct key){r->workload, record_requested(r), r->workers};
}

static size_t find_or_add_series(struct work *work, const struct record *r) {
  const struct key key = key_of(r);
  size_t known = index_find(work, SAME_CONFIGURATION, &key);
  if (known != SIZE_MAX)
    return known;
  if (work->count == work->room) {
    size_t room = work->room ? 2 * work->room : 64;
    struct series *list = reallocarray(work->series, room, sizeof *list);
    if (!list)
      return SIZE_MAX;
    work->series = list;
    work->room = room;
  }
  struct series *added = &work->series[work->count++];
  *added = (struct series){.first = r};
  for (int q = 0; q < QUANTITIES; q++) {
    added->by_round[q] = malloc(((size_t)work->rounds + 1) * sizeof(double));
    if (!added->by_round[q])
      return SIZE_MAX;
    for (int64_t round = 0; round <= work->rounds; round++)
      added->by_round[q][round] = (double)NAN;
  }
  if (index_add(work, work->count - 1) != 0)
    return SIZE_MAX;
  added->variant_first = index_find(work, SAME_VARIANT, &key);
  return work->count - 1;
}

/* Copies of the records of a phase. */
static int copy_phase(const struct records *records, const char *phase,
                      struct records *copies) {
  size_t count = 0;
  for (size_t i = 0; i < records->count; i++)
    count += in_phase(&records->list[i], phase);
  copies->list = calloc(count + 1, sizeof *copies->list);
  for (size_t i = 0; copies->list && i < records->count; i++)
    if (in_phase(&records->list[i], phase))
      copies->list[copies->count++] = records->list[i];
  return copies->list ? 0 : -1;
}

/* The time that workers were ready to run and did not, as a share of all
 * their time in the region; NAN: not told. */
static double run_delay_share(const struct record *r) {
  double sum = 0;
  if (!r->worker_run_delay_s.values)
    return (double)NAN;
  for (size_t i = 0; i < r->worker_run_delay_s.count; i++)
    sum += r->worker_run_delay_s.values[i];
  return sum / ((double)r->workers * r->region_s);
}

static void fill_round(struct work *work, struct series *series,
                       const struct record *r) {
  bool throttled = r->throttled_s > 0, swapped = r->swapped_pages > 0;
  bool hot = r->thermal_throttles > 0;
  series->by_round[REGION][r->round] = r->region_s;
  series->by_round[REGION_FIRST][r->round] = r->region_first_s;
  series->by_round[PROGRAM][r->round] = r->program_s;
  series->by_round[WALL][r->round] = r->wall_s;
  series->by_round[RUN_DELAY][r->round] = run_delay_share(r);
  series->throttled = series->throttled || throttled;
  series->swapped = series->swapped || swapped;
  series->hot = series->hot || hot;
  work->throttled[r->round] = work->throttled[r->round] || throttled;
  work->swapped[r->round] = work->swapped[r->round] || swapped;
  work->hot[r->round] = work->hot[r->round] || hot;
  series->first_in_round = r;
  series->n++;
  if (series->n == 1 || r->workers_seen < series->workers_seen)
    series->workers_seen = r->workers_seen;
}

static int fill_series(const struct records *records, struct work *work) {
  for (size_t i = 0; i < records->count; i++) {
    const struct record *r = &records->list[i];
    bool pilot = in_phase(r, "pilot");
    if (record_is_probe(r) && probes_add(work, r) != 0)
      return -1;
    if (!in_round(r) && !pilot)
      continue; /* the pilot only fixes the order of what is listed */
    size_t k = find_or_add_series(work, r);
    if (k == SIZE_MAX)
      return -1;
    if (!pilot && !work->bad[r->round])
      fill_round(work, &work->series[k], r);
  }
  return 0;
}

void work_free(struct work *work) {
  for (size_t i = 0; i < work->count; i++)
    for (int q = 0; q < QUANTITIES; q++)
      free(work->series[i].by_round[q]);
  free(work->series);
  free(work->bad);
  free(work->throttled);
  free(work->swapped);
  free(work->hot);
  probes_free(work);
  free(work->pilots.list);
  free(work->calibrations.list);
  index_free(work);
  *work = (struct work){0};
}

const struct series *work_find(const struct work *work, const char *workload,
                               const char *requested, int64_t workers) {
  const struct key key = {workload, requested, workers};
  size_t found = index_find(work, SAME_CONFIGURATION, &key);
  return found == SIZE_MAX ? NULL : &work->series[found];
}

/* The values of all rounds that have one, packed; returns how many. */
static size_t pack(const struct work *work, const struct series *series,
                   enum quantity quantity, double *values) {
  size_t n = 0;
  for (int64_t round = 1; round <= work->rounds; round++)
    if (isfinite(series->by_round[quantity][round]))
      values[n++] = series->by_round[quantity][round];
  return n;
}

struct interval series_interval(const struct work *work,
                                const struct series *series,
                                enum quantity quantity) {
  double *values = malloc(((size_t)work->rounds + 1) * sizeof *values);
  if (!values)
    return INTERVAL_NULL;
  struct interval interval =
      stats_median_interval(values, pack(work, series, quantity, values));
  free(values);
  return interval;
}

double series_growth(const struct series *above, const struct series *below) {
  return (double)below->first->size / (double)above->first->size;
}

struct interval series_ratio(const struct work *work,
                             const struct series *above,
                             const struct series *below,
                             enum quantity quantity) {
  if (!above)
    return INTERVAL_NULL;
  struct interval times =
      stats_ratio_interval(above->by_round[quantity] + 1,
                           below->by_round[quantity] + 1, (size_t)work->rounds);
  if (above->first->size == below->first->size)
    return times;
  double more = series_growth(above, below);
  return (struct interval){times.median * more, times.low * more,
                           times.high * more};
}

/* Each round's own ratio, for the points behind the median. */
struct numbers series_ratios(const struct work *work,
                             const struct series *above,
                             const struct series *below,
                             enum quantity quantity) {
  struct numbers numbers = {malloc(((size_t)work->rounds + 1) * sizeof(double)),
                            0};
  for (int64_t round = 1; above && numbers.values && round <= work->rounds;
       round++) {
    double value =
        above->by_round[quantity][round] / below->by_round[quantity][round];
    if (above->first->size != below->first->size)
      value *= series_growth(above, below);
    if (isfinite(value))
      numbers.values[numbers.count++] = value;
  }
  return numbers;
}

void series_halves(const struct work *work, const struct series *series,
                   struct interval *first, struct interval *second) {
  double *values = malloc(((size_t)work->rounds + 1) * sizeof *values);
  *first = *second = INTERVAL_NULL;
  if (!values)
    return;
  size_t n = pack(work, series, REGION, values);
  if (n >= flags_drift_rounds()) {
    *first = stats_median_interval(values, n / 2);
    *second = stats_median_interval(values + n - n / 2, n / 2);
  }
  free(values);
}

size_t series_outliers(const struct work *work, const struct series *series) {
  double *values = malloc(((size_t)work->rounds + 1) * sizeof *values);
  if (!values)
    return 0;
  size_t n = pack(work, series, REGION, values);
  stats_sort(values, n);
  size_t outliers = stats_outliers(values, n);
  free(values);
  return outliers;
}

/* Workers that are not known to be on slower cores than the first. */
static int64_t count_alike(const struct environment *environment) {
  int64_t slower = environment ? environment->slower_from : FIELD_NULL;
  return slower != FIELD_NULL && slower > 1 ? slower - 1 : INT64_MAX;
}

int work_make(const struct records *records,
              const struct environment *environment, struct work *work) {
  *work = (struct work){.rounds = count_rounds(records),
                        .alike = count_alike(environment)};
  work->bad = find_bad_rounds(records, work->rounds);
  work->throttled = calloc((size_t)work->rounds + 1, sizeof(bool));
  work->swapped = calloc((size_t)work->rounds + 1, sizeof(bool));
  work->hot = calloc((size_t)work->rounds + 1, sizeof(bool));
  if (!work->bad || !work->throttled || !work->swapped || !work->hot ||
      copy_phase(records, "pilot", &work->pilots) != 0 ||
      copy_phase(records, "calibration", &work->calibrations) != 0)
    return -1;
  return fill_series(records, work);
}

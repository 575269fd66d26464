#include "bench/analyze/outside.h"

#include "bench/analyze/models.h"
#include "bench/analyze/stats.h"
#include "bench/plan/notation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum loss { MORE_CPU, MORE_IDLE };

/* What a file may hold: a program of no time has no share. */
static const double most_share = 1e6;

/* Of a round, as a share of the cores' time; NAN: not known.  The work that
 * the baseline would have had to do for as many items is no loss. */
static double share(const struct series *serial, const struct series *series,
                    int64_t round, enum loss loss) {
  double workers = (double)series->first->workers;
  double growth = series_growth(serial, series);
  double core_s = workers * series->by_round[PROGRAM][round];
  double cpu_s = series->by_round[CPU_TIME][round];
  double one_s = growth * serial->by_round[PROGRAM][round];
  double one_cpu_s = growth * serial->by_round[CPU_TIME][round];
  double value = loss == MORE_CPU
                     ? (cpu_s - one_cpu_s) / core_s
                     : ((core_s - cpu_s) - (one_s - one_cpu_s)) / core_s;
  return fabs(value) <= most_share ? value : (double)NAN;
}

static struct interval share_interval(const struct series *serial,
                                      const struct series *series,
                                      enum loss loss) {
  double *values = stats_unknown((size_t)series->rounds + 1);
  if (!values)
    return INTERVAL_NULL;
  for (int64_t round = 1; round <= series->rounds; round++)
    values[round - 1] = share(serial, series, round, loss);
  struct interval interval =
      stats_median_interval(values, (size_t)series->rounds);
  free(values);
  return interval;
}

static bool is_program(const struct series *series) {
  return record_is_program(series->first);
}

void outside_result(const struct series *serial, const struct series *series,
                    struct result *result) {
  double workers = (double)series->first->workers;
  if (!is_program(series))
    return;
  result->cpu_s = series_interval(series, CPU_TIME);
  result->others_cpus = series_interval(series, OTHERS);
  result->core_s = (struct interval){result->program_s.median * workers,
                                     result->program_s.low * workers,
                                     result->program_s.high * workers};
  if (!serial)
    return;
  result->more_cpu_share = share_interval(serial, series, MORE_CPU);
  result->more_idle_share = share_interval(serial, series, MORE_IDLE);
}

/* Whether it is the program itself, as a whole, on cores of its own. */
static bool counts(const struct series *series, const struct series *of) {
  const char *requested = record_requested(series->first);
  return is_program(series) && series->size == of->size &&
         strcmp(series->first->workload, of->first->workload) == 0 &&
         (strcmp(requested, record_program) == 0 ||
          notation_names_serial(requested)) &&
         series->first->oversubscribed != 1;
}

/* The series of the program with the most workers, on cores of their own. */
static const struct series *widest(const struct series_set *set,
                                   const struct series *of) {
  const struct series *most = NULL;
  for (size_t i = 0; i < set->count; i++) {
    const struct series *s = &set->list[i];
    if (counts(s, of) && (!most || s->first->workers > most->first->workers))
      most = s;
  }
  return most;
}

/* Beside the program that the run began with. */
static void compare_with_first(const struct series_set *set,
                               const struct series *series,
                               struct workload_result *workload) {
  const struct series *first = widest(set, &set->list[0]);
  const struct series *own = widest(set, series);
  if (!first || !own || first == own || !is_program(&set->list[0]) ||
      strcmp(first->first->workload, own->first->workload) == 0)
    return;
  workload->beside = strdup(first->first->workload);
  workload->beside_ratio = series_ratio(first, own, PROGRAM);
}

/* One that counts. */
struct place {
  const struct series *series;
};

/* Those that count, by workers; the list has room for all. */
static size_t take_counting(const struct series_set *set,
                            const struct series *of, struct place *list) {
  size_t count = 0;
  for (size_t i = 0; i < set->count; i++) {
    const struct series *s = &set->list[i];
    size_t at = count;
    if (!counts(s, of) || s->first->size <= 0)
      continue;
    for (; at > 0 && list[at - 1].series->first->workers > s->first->workers;
         at--)
      list[at] = list[at - 1];
    list[at].series = s;
    count++;
  }
  return count;
}

/* By the times of an item; time has room for those of all rounds. */
static void find_best(const struct place *list, size_t count, double *time,
                      struct workload_result *workload) {
  size_t rounds = (size_t)list[0].series->rounds, best, enough;
  for (size_t i = 0; i < count; i++)
    for (size_t round = 0; round < rounds; round++)
      time[i * rounds + round] = list[i].series->by_round[PROGRAM][round + 1] /
                                 (double)list[i].series->first->size;
  const struct model_trials trials = {NULL, count, rounds, time};
  if (!model_best(&trials, &best, &enough) || best >= count || enough > best)
    return;
  workload->best_workers = list[best].series->first->workers;
  workload->enough_workers = list[enough].series->first->workers;
}

void outside_workload(const struct series_set *set, const struct series *series,
                      struct workload_result *workload) {
  struct place *list = calloc(set->count + 1, sizeof *list);
  size_t count = list ? take_counting(set, series, list) : 0;
  double *time = stats_unknown(count * (size_t)series->rounds);
  if (time && count > 0) {
    compare_with_first(set, series, workload);
    find_best(list, count, time, workload);
  }
  free(time);
  free(list);
}

#include "bench/analyze/slowest.h"

#include "bench/analyze/flags.h"
#include "bench/analyze/stats.h"
#include "bench/trial/trial.h"

#include <stdlib.h>
#include <string.h>

/* Whether a record is a trial of the series in blocks with `serial`. */
static bool is_of(const struct record *r, const struct series *series,
                  const struct rounds *rounds) {
  const struct record *first = series->first;
  return record_is_in_round(r) && rounds_hold(rounds, r->round) && r->turns &&
         r->beside && strcmp(r->beside, "serial") == 0 &&
         r->workers == first->workers &&
         (series->size == 0 || series->size == r->size) &&
         strcmp(r->workload, first->workload) == 0 &&
         strcmp(record_requested(r), record_requested(first)) == 0;
}

/* The sums of one block, of serial on one CPU and of the team. */
struct block_sums {
  double serial, own;
  uint32_t serials, owns;
};

static void add_turn(const struct record *r, size_t turn, char form,
                     int64_t cpu, struct block_sums *sums) {
  double log_s = log(r->turns_s.values[turn]);
  if (form == 'P') {
    sums->own += log_s;
    sums->owns++;
  } else if (form == 'S' && r->turns_cpu.values[turn] == (double)cpu) {
    sums->serial += log_s;
    sums->serials++;
  }
}

/* What the trial says of a CPU; NAN: it had no block there.  blocks: counts
 * those that it had. */
static double value_of(const struct record *r, int64_t cpu, int64_t *blocks) {
  double values[TRIAL_BLOCKS];
  struct block_sums sums = {.serials = 0};
  size_t turn = 0, count = 0;
  for (const char *form = r->turns; count < TRIAL_BLOCKS; form++) {
    if (*form && *form != '|') {
      add_turn(r, turn++, *form, cpu, &sums);
      continue;
    }
    if (sums.serials && sums.owns)
      values[count++] = sums.serial / sums.serials - sums.own / sums.owns;
    sums = (struct block_sums){.serials = 0};
    if (!*form)
      break;
  }
  *blocks += (int64_t)count;
  stats_sort(values, count);
  return stats_median(values, count);
}

/* The trials' values for that CPU, packed, and its blocks. */
static size_t collect(const struct records *records,
                      const struct rounds *rounds, const struct series *series,
                      int64_t cpu, double *values, int64_t *blocks) {
  size_t count = 0;
  *blocks = 0;
  for (size_t i = 0; i < records->count; i++) {
    const struct record *r = &records->list[i];
    double value =
        is_of(r, series, rounds) ? value_of(r, cpu, blocks) : (double)NAN;
    if (isfinite(value))
      values[count++] = value;
  }
  return count;
}

/* One of so many at once; sorts the values. */
static struct interval interval_of(double *values, size_t count, double all) {
  struct interval interval = INTERVAL_NULL;
  size_t k;
  stats_sort(values, count);
  interval.median = stats_median(values, count);
  if (count >= STATS_SAMPLES_MIN &&
      stats_order_rank(count, 1 - (1 - STATS_LEVEL) / all, &k) == 0) {
    interval.low = values[k - 1];
    interval.high = values[count - k];
  }
  return interval;
}

/* Bounds that are not known for one are known for none. */
static double larger(double a, double b) {
  return isnan(a) || isnan(b) ? (double)NAN : fmax(a, b);
}

int slowest_make(const struct records *records, const struct rounds *rounds,
                 const struct series *series, struct result *result) {
  const struct record *first = series_record(series);
  double *values = malloc((records->count + 1) * sizeof *values);
  struct interval all = {(double)-INFINITY, (double)-INFINITY,
                         (double)-INFINITY};
  int64_t slowest = FIELD_NULL, blocks = 0;
  bool told = values && first->cpus.count == (size_t)first->workers;
  for (size_t w = 0; told && w < first->cpus.count; w++) {
    int64_t cpu = (int64_t)first->cpus.values[w];
    size_t count = collect(records, rounds, series, cpu, values, &blocks);
    told = blocks >= flags_serial_blocks();
    struct interval one = interval_of(values, count, (double)first->cpus.count);
    if (one.median > all.median)
      slowest = cpu;
    all =
        (struct interval){larger(all.median, one.median),
                          larger(all.low, one.low), larger(all.high, one.high)};
  }
  free(values);
  if (told && isfinite(all.median)) {
    result->speedup_slowest =
        (struct interval){exp(all.median), exp(all.low), exp(all.high)};
    result->slowest_cpu = slowest;
  }
  return values ? 0 : -1;
}

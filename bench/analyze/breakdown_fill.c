#include "bench/analyze/breakdown_fill.h"

#include "bench/analyze/stats.h"

#include <math.h>

enum { RESAMPLES = 1000, SEED = 1842 };

/* A quantity of all trials: where it lies in the parts; over what. */
struct statistic {
  const struct parts *trials; /* borrowed */
  size_t offset;
  bool share;
};

static double mean_of(const size_t *chosen, size_t count, void *context) {
  const struct statistic *statistic = context;
  double sum = 0, total_s = 0;
  for (size_t i = 0; i < count; i++) {
    const struct parts *trial = &statistic->trials[chosen[i]];
    const void *value = (const char *)trial + statistic->offset;
    sum += *(const double *)value;
    total_s += trial->total_s;
  }
  return statistic->share ? sum / total_s : sum / (double)count;
}

/* Of all trials: where workers are idle, as TALP has it; up to which of them
 * its efficiency is. */
enum idle { IDLE_SERIAL, IDLE_LATE, IDLE_ELSE };
struct talp_statistic {
  const struct parts *trials; /* borrowed */
  enum idle last;
};

static double known(double s) {
  return isnan(s) ? 0 : s;
}

/* Of a region there are no serial phases. */
static double idle_s(const struct parts *trial, enum idle idle) {
  static const enum term late[] = {TERM_IMBALANCE, TERM_SLOWER, TERM_FEW},
                         other[] = {TERM_START, TERM_DISPATCH, TERM_SENDING,
                                    TERM_JOIN,  TERM_LOCKED,   TERM_TASKS};
  double sum_s = idle == IDLE_LATE ? trial->late_off_cpu_s : 0;
  if (idle == IDLE_SERIAL)
    return known(trial->core_s[TERM_SERIAL]);
  const enum term *terms = idle == IDLE_LATE ? late : other;
  size_t count = idle == IDLE_LATE ? sizeof late / sizeof *late
                                   : sizeof other / sizeof *other;
  for (size_t i = 0; i < count; i++)
    sum_s += known(trial->core_s[terms[i]]);
  return sum_s;
}

static double talp_of(const size_t *chosen, size_t count, void *context) {
  const struct talp_statistic *statistic = context;
  double left_s = 0, idle = 0;
  for (size_t i = 0; i < count; i++) {
    const struct parts *trial = &statistic->trials[chosen[i]];
    left_s += trial->total_s;
    for (int k = IDLE_SERIAL; k < (int)statistic->last; k++)
      left_s -= idle_s(trial, (enum idle)k);
    idle += idle_s(trial, statistic->last);
  }
  return (left_s - idle) / left_s;
}

typedef double quantity_of(const size_t *chosen, size_t count, void *context);

/* What is the same in all trials, as 0 is, needs no draws. */
static bool differs(quantity_of *of, void *context, size_t count) {
  size_t first = 0;
  double value = of(&first, 1, context);
  for (size_t i = 1; i < count; i++)
    if (of(&i, 1, context) != value)
      return true;
  return false;
}

static struct interval interval_of(quantity_of *of, void *context,
                                   size_t count) {
  size_t first = 0;
  double same = of(&first, 1, context);
  bool bounds = count >= STATS_SAMPLES_MIN && isfinite(same);
  struct interval i = {same, bounds ? same : (double)NAN,
                       bounds ? same : (double)NAN};
  if (differs(of, context, count))
    i = stats_bootstrap(count, of, context, SEED, RESAMPLES);
  i.low = isnan(i.low) ? i.low : fmin(i.low, i.median);
  i.high = isnan(i.high) ? i.high : fmax(i.high, i.median);
  return i;
}

void breakdown_fill_talp(const struct parts *trials, size_t count,
                         struct talp *talp) {
  struct interval *const all[] = {&talp->serialization, &talp->load_balance,
                                  &talp->scheduling};
  for (int k = IDLE_SERIAL; k <= IDLE_ELSE; k++) {
    struct talp_statistic of = {trials, (enum idle)k};
    *all[k] = interval_of(talp_of, &of, count);
    if (!isfinite(all[k]->median))
      *all[k] = INTERVAL_NULL;
  }
}

void breakdown_fill(const struct parts *trials, size_t count,
                    struct breakdown *breakdown) {
  breakdown->told = count > 0;
  breakdown->trials = (int64_t)count;
  if (count == 0)
    return;
  for (size_t term = 0; term < TERMS; term++) {
    size_t offset = offsetof(struct parts, core_s) + term * sizeof(double);
    struct statistic of = {trials, offset, false};
    breakdown->core_s[term] = interval_of(mean_of, &of, count);
    of.share = true;
    breakdown->share[term] = interval_of(mean_of, &of, count);
  }
  for (size_t phase = 0; phase < PHASES; phase++) {
    size_t offset = offsetof(struct parts, serial_s) + phase * sizeof(double);
    struct statistic of = {trials, offset, false};
    breakdown->serial_s[phase] = interval_of(mean_of, &of, count);
  }
}

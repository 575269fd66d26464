#include "bench/analyze/prediction.h"

#include "bench/analyze/stats.h"
#include "bench/plan/notation.h"
#include "bench/plan/workload.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RESAMPLES = 2000, SEED = 1967 };

double prediction_speedup(double serial_fraction, double workers) {
  return 1 / (serial_fraction + (1 - serial_fraction) / workers);
}

double prediction_speedup_critical(double serial_fraction, double critical,
                                   double workers) {
  double shared = (1 - serial_fraction) / workers;
  if (isnan(critical))
    return critical;
  return 1 / (serial_fraction + fmax(critical, shared));
}

bool prediction_one_lock(const char *untold) {
  return !untold || !strstr(untold, "locks");
}

double prediction_known_fraction(const char *workload, int64_t repeat) {
  struct workload parsed;
  struct problem ignored;
  if (workload_parse(workload, &parsed, &ignored) != 0 ||
      !parsed.kernel->serial_fraction)
    return (double)NAN;
  double once = parsed.kernel->serial_fraction(parsed.values);
  return once / (once + (double)repeat * (1 - once));
}

bool prediction_is_pilot(const struct record *r, const char *workload,
                         int64_t size, const char *requested) {
  return !notation_names_copies(requested) && r->workers == 1 &&
         (size == 0 || r->size == size) && record_is_in(r, "pilot") &&
         record_is_ok(r) && strcmp(r->workload, workload) == 0 &&
         strcmp(record_requested(r), requested) == 0;
}

double prediction_open_share(const struct record *r) {
  return record_tells_inside(r) && record_inside_within(r, 1)
             ? fmin(r->inside.open_s / r->program_s, 1)
             : (double)NAN;
}

double prediction_critical_share(const struct record *r) {
  double open = prediction_open_share(r);
  double critical = record_inside_sum(&r->inside.critical_s) / r->program_s;
  return isnan(open) ? open : fmin(critical, open);
}

/* Pages that the workers touch, each its own, are no serial part. */
static double serial_share(const struct record *r) {
  if (record_is_program(r))
    return 1 - prediction_open_share(r);
  double touch_s = r->touched_by_workers == 1 ? 0 : r->touch_s;
  return (r->setup_s + r->start_s + touch_s + r->finish_s + r->close_s) /
         r->program_s;
}

/* Of one value of each of the pilot's trials. */
struct shares {
  const double *share;
};

static double median_share(const size_t *chosen, size_t count, void *context) {
  const struct shares *shares = context;
  double *x = malloc((count + 1) * sizeof *x);
  if (!x)
    return (double)NAN;
  for (size_t i = 0; i < count; i++)
    x[i] = shares->share[chosen[i]];
  stats_sort(x, count);
  double median = stats_median(x, count);
  free(x);
  return median;
}

struct interval prediction_median(const double *values, size_t count) {
  struct shares context = {values};
  return count > 0
             ? stats_bootstrap(count, median_share, &context, SEED, RESAMPLES)
             : INTERVAL_NULL;
}

struct interval prediction_serial_fraction(const struct records *records,
                                           const char *workload, int64_t size,
                                           const char *requested) {
  double *share = malloc((records->count + 1) * sizeof *share);
  size_t count = 0;
  struct interval f = INTERVAL_NULL;
  for (size_t i = 0; share && i < records->count; i++) {
    const struct record *r = &records->list[i];
    if (!prediction_is_pilot(r, workload, size, requested) ||
        !(r->program_s > 0) || isnan(serial_share(r)))
      continue;
    share[count++] = serial_share(r);
  }
  if (share)
    f = prediction_median(share, count);
  free(share);
  return f;
}

/* The pilot's one-worker programs, in seconds, and the variant's serial share;
 * the k-th of both. */
struct programs {
  double *serial_s, *one_s, *share;
  double workers;
};

/* The medians' law. */
static double law_of(const size_t *chosen, size_t count, void *context) {
  const struct programs *programs = context;
  struct shares serial = {programs->serial_s}, one = {programs->one_s},
                f = {programs->share};
  double serial_s = median_share(chosen, count, &serial);
  double one_s = median_share(chosen, count, &one);
  return serial_s / one_s *
         prediction_speedup(median_share(chosen, count, &f), programs->workers);
}

/* Takes in the programs of one variant, or of serial; how many. */
static size_t take(const struct records *records, const char *workload,
                   int64_t size, const char *requested, double *program_s,
                   double *share) {
  size_t count = 0;
  for (size_t i = 0; i < records->count; i++) {
    const struct record *r = &records->list[i];
    if (!prediction_is_pilot(r, workload, size, requested) ||
        !(r->program_s > 0) || isnan(serial_share(r)))
      continue;
    program_s[count] = r->program_s;
    if (share)
      share[count] = serial_share(r);
    count++;
  }
  return count;
}

struct interval prediction_program(const struct records *records,
                                   const char *workload, int64_t size,
                                   const char *requested, double workers) {
  struct programs programs = {stats_unknown(records->count),
                              stats_unknown(records->count),
                              stats_unknown(records->count), workers};
  struct interval law = INTERVAL_NULL;
  if (programs.serial_s && programs.one_s && programs.share) {
    size_t serial =
        take(records, workload, size, "serial", programs.serial_s, NULL);
    size_t one = take(records, workload, size, requested, programs.one_s,
                      programs.share);
    size_t count = serial < one ? serial : one;
    if (count > 0)
      law = stats_bootstrap(count, law_of, &programs, SEED, RESAMPLES);
  }
  free(programs.serial_s);
  free(programs.one_s);
  free(programs.share);
  return law;
}

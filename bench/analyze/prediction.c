#include "bench/analyze/prediction.h"

#include "bench/analyze/stats.h"
#include "bench/plan/json_file.h"
#include "bench/plan/notation.h"
#include "bench/plan/workload.h"

#include <stdlib.h>
#include <string.h>

enum { RESAMPLES = 2000, SEED = 1967 };

double prediction_speedup(double serial_fraction, double workers) {
  return 1 / (serial_fraction + (1 - serial_fraction) / workers);
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

/* Copies are no parallel form: nothing is predicted of them. */
static bool is_pilot(const struct record *r, const char *workload, int64_t size,
                     const char *requested) {
  return !notation_names_copies(requested) && r->workers == 1 &&
         (size == 0 || r->size == size) && record_is_in(r, "pilot") &&
         record_is_ok(r) && strcmp(r->workload, workload) == 0 &&
         strcmp(record_requested(r), requested) == 0;
}

/* Pages that the workers touch, each its own, are no serial part. */
static double serial_share(const struct record *r) {
  double touch_s = r->touched_by_workers == 1 ? 0 : r->touch_s;
  return (r->setup_s + r->start_s + touch_s + r->finish_s + r->close_s) /
         r->program_s;
}

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

struct interval prediction_serial_fraction(const struct records *records,
                                           const char *workload, int64_t size,
                                           const char *requested) {
  double *share = malloc((records->count + 1) * sizeof *share);
  size_t count = 0;
  struct interval f = INTERVAL_NULL;
  for (size_t i = 0; share && i < records->count; i++) {
    const struct record *r = &records->list[i];
    if (!is_pilot(r, workload, size, requested) || !(r->program_s > 0))
      continue;
    share[count++] = serial_share(r);
  }
  struct shares context = {share};
  if (count > 0)
    f = stats_bootstrap(count, median_share, &context, SEED, RESAMPLES);
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
    if (!is_pilot(r, workload, size, requested) || !(r->program_s > 0))
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

/* json_pack's "f" refuses what is not known. */
static json_t *real_json(double value) {
  return isfinite(value) ? json_real(value) : json_null();
}

static json_t *speedups_json(struct interval f, const uint32_t *workers,
                             size_t counts) {
  json_t *array = json_array();
  for (size_t i = 0; i < counts; i++)
    json_array_append_new(
        array,
        json_pack("{s:i, s:o, s:o, s:o}", "workers", (int)workers[i],
                  "program_speedup",
                  real_json(prediction_speedup(f.median, workers[i])), "low",
                  real_json(prediction_speedup(f.high, workers[i])), "high",
                  real_json(prediction_speedup(f.low, workers[i]))));
  return array;
}

/* The size of a pilot's record, where its workload has several; else 0. */
static int64_t size_among(const struct records *records,
                          const struct record *r) {
  for (size_t i = 0; i < records->count; i++) {
    const struct record *other = &records->list[i];
    if (other->size != r->size &&
        is_pilot(other, r->workload, 0, record_requested(other)))
      return r->size;
  }
  return 0;
}

static json_t *one_json(const struct records *records, const struct record *r,
                        const uint32_t *workers, size_t counts) {
  const char *requested = record_requested(r);
  int64_t size = size_among(records, r);
  struct interval f =
      prediction_serial_fraction(records, r->workload, size, requested);
  json_t *one = json_pack("{s:s, s:s, s:{s:o, s:o, s:o}, s:o}", "workload",
                          r->workload, "variant", requested, "serial_fraction",
                          "median", real_json(f.median), "low",
                          real_json(f.low), "high", real_json(f.high),
                          "predicted", speedups_json(f, workers, counts));
  if (size)
    json_object_set_new(one, "size", json_integer(size));
  return one;
}

/* Whether an earlier record is a pilot of the same point. */
static bool seen_before(const struct records *records, size_t i) {
  const struct record *r = &records->list[i];
  for (size_t k = 0; k < i; k++)
    if (is_pilot(&records->list[k], r->workload, r->size, record_requested(r)))
      return true;
  return false;
}

int prediction_write(const struct records *records, const uint32_t *workers,
                     size_t worker_counts, const char *path,
                     struct problem *problem) {
  json_t *list = json_array();
  for (size_t i = 0; i < records->count; i++) {
    const struct record *r = &records->list[i];
    if (is_pilot(r, r->workload, r->size, record_requested(r)) &&
        !seen_before(records, i))
      json_array_append_new(list, one_json(records, r, workers, worker_counts));
  }
  json_t *json =
      json_pack("{s:i, s:s, s:o}", "schema", 1, "law",
                "S(p) = 1/(f + (1 - f)/p), of the cold program against the "
                "same variant with one worker",
                "predictions", list);
  return json_file_write(json, path, 0, problem);
}

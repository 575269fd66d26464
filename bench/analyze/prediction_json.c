/* prediction.json: what is predicted before the first round. */
#include "bench/analyze/region_law.h"
#include "bench/plan/json_file.h"

#include <math.h>
#include <string.h>

/* json_pack's "f" refuses what is not known. */
static json_t *real_json(double value) {
  return isfinite(value) ? json_real(value) : json_null();
}

static void add_speedup(json_t *array, uint32_t workers, const char *key,
                        struct interval speedup) {
  json_array_append_new(
      array, json_pack("{s:i, s:o, s:o, s:o}", "workers", (int)workers, key,
                       real_json(speedup.median), "low", real_json(speedup.low),
                       "high", real_json(speedup.high)));
}

/* None of somebody else's program whose work grows: nothing tells how much of
 * it is serial then; and none with critical sections of several locks. */
static json_t *speedups_json(struct interval f, double critical,
                             const struct record *r,
                             const struct prediction_counts *counts) {
  json_t *array = json_array();
  bool grows = record_is_program(r) && counts->weak;
  bool several = critical > 0 && !prediction_one_lock(r->inside.untold);
  for (size_t i = 0; !grows && !several && i < counts->count; i++) {
    double p = counts->workers[i];
    add_speedup(
        array, counts->workers[i], "program_speedup",
        (struct interval){prediction_speedup_critical(f.median, critical, p),
                          prediction_speedup_critical(f.high, critical, p),
                          prediction_speedup_critical(f.low, critical, p)});
  }
  return array;
}

/* The size of a pilot's record, where its workload has several; else 0. */
static int64_t size_among(const struct records *records,
                          const struct record *r) {
  for (size_t i = 0; i < records->count; i++) {
    const struct record *other = &records->list[i];
    if (other->size != r->size &&
        prediction_is_pilot(other, r->workload, 0, record_requested(other)))
      return r->size;
  }
  return 0;
}

static struct interval with_overheads(const struct records *records,
                                      const struct region_law_point *point) {
  return region_law_overheads(records, records, point);
}

typedef struct interval region_law_of(const struct records *records,
                                      const struct region_law_point *point);

static json_t *regions_json(const struct records *records,
                            const struct record *r,
                            const struct prediction_counts *counts,
                            region_law_of *law) {
  json_t *array = json_array();
  struct region_law_point point = {.workload = r->workload,
                                   .size = size_among(records, r),
                                   .variant = r->variant,
                                   .requested = record_requested(r)};
  for (size_t i = 0; i < counts->count; i++) {
    point.workers = counts->workers[i];
    point.items = r->size * (counts->weak ? point.workers : 1);
    add_speedup(array, counts->workers[i], "median", law(records, &point));
  }
  return array;
}

static json_t *one_json(const struct records *records, const struct record *r,
                        const struct prediction_counts *counts) {
  const char *requested = record_requested(r);
  int64_t size = size_among(records, r);
  struct interval f =
      prediction_serial_fraction(records, r->workload, size, requested);
  json_t *one = json_pack(
      "{s:s, s:s, s:{s:o, s:o, s:o}, s:o, s:o, s:o}", "workload", r->workload,
      "variant", requested, "serial_fraction", "median", real_json(f.median),
      "low", real_json(f.low), "high", real_json(f.high), "predicted",
      speedups_json(f, 0, r, counts), "region_bound",
      regions_json(records, r, counts, region_law), "region_with_overheads",
      regions_json(records, r, counts, with_overheads));
  if (size)
    json_object_set_new(one, "size", json_integer(size));
  if (record_is_program(r)) {
    double critical = prediction_critical_share(r);
    json_object_set_new(one, "critical_fraction", real_json(critical));
    json_object_set_new(one, "predicted_with_critical",
                        speedups_json(f, critical, r, counts));
  }
  return one;
}

/* Whether an earlier record is a pilot of the same point. */
static bool seen_before(const struct records *records, size_t i) {
  const struct record *r = &records->list[i];
  for (size_t k = 0; k < i; k++)
    if (prediction_is_pilot(&records->list[k], r->workload, r->size,
                            record_requested(r)))
      return true;
  return false;
}

int prediction_write(const struct records *records,
                     const struct prediction_counts *counts, const char *path,
                     struct problem *problem) {
  json_t *list = json_array();
  for (size_t i = 0; i < records->count; i++) {
    const struct record *r = &records->list[i];
    if (prediction_is_pilot(r, r->workload, r->size, record_requested(r)) &&
        !seen_before(records, i))
      json_array_append_new(list, one_json(records, r, counts));
  }
  json_t *json =
      json_pack("{s:i, s:s, s:s, s:s, s:o}", "schema", 1, "law",
                "S(p) = 1/(f + (1 - f)/p), of the cold program against the "
                "same variant with one worker; of somebody else's program at "
                "most, since f is the time outside of parallel regions alone",
                "region_bound",
                "the region's time over that of the last worker under the "
                "schedule, by one worker's times for equal blocks; nothing "
                "else is lost",
                "region_with_overheads",
                "the same, and what an empty region takes with as many "
                "workers, from probes on several; and, shared by them, what "
                "chunks cost the pilot's one worker",
                "predictions", list);
  return json_file_write(json, path, 0, problem);
}

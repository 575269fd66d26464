#include "bench/analyze/schedule_bound.h"

#include "bench/trial/job.h"

#include <math.h>
#include <stdlib.h>

enum { CHUNKS_MOST = 65536 };

/* What is worked on. */
struct course {
  const struct schedule_work *work;
  double *until_s; /* [blocks + 1]: what all blocks before take together */
  double *free_s;  /* [workers]: when each is done; a heap, the first on top */
  uint32_t workers;
};

/* What the items before this one take together. */
static double time_before_s(const struct course *course, uint64_t item) {
  const struct schedule_work *work = course->work;
  size_t last = work->blocks - 1;
  size_t k =
      (size_t)((double)item / (double)work->items * (double)work->blocks);
  k = k < last ? k : last;
  while (k > 0 && job_share(work->items, k, work->blocks) > item)
    k--;
  while (k < last && job_share(work->items, k + 1, work->blocks) <= item)
    k++;
  uint64_t begin = job_share(work->items, k, work->blocks),
           end = job_share(work->items, k + 1, work->blocks);
  double part =
      end > begin ? (double)(item - begin) / (double)(end - begin) : 1;
  return course->until_s[k] + part * work->block_s[k];
}

/* ---- schedules ----------------------------------------------------------- */

/* Slices as job_block cuts them. */
static double static_s(const struct course *course) {
  uint64_t items = course->work->items;
  uint64_t slices = items < course->workers ? items : course->workers;
  double most_s = 0, begin_s = 0;
  for (uint64_t k = 0; k < slices; k++) {
    double end_s = time_before_s(course, job_share(items, k + 1, slices));
    most_s = fmax(most_s, end_s - begin_s);
    begin_s = end_s;
  }
  return most_s;
}

/* Whoever is free first has more to do. */
static void take_chunk(struct course *course, double chunk_s) {
  double *heap = course->free_s;
  double done_s = heap[0] + chunk_s;
  size_t at = 0;
  for (size_t child; (child = 2 * at + 1) < course->workers; at = child) {
    child += child + 1 < course->workers && heap[child + 1] < heap[child];
    if (heap[child] >= done_s)
      break;
    heap[at] = heap[child];
  }
  heap[at] = done_s;
}

/* A chunk so long, or a part of what is left; as job.c takes them. */
static uint64_t next_items(uint32_t workers, enum schedule schedule,
                           uint64_t chunk, uint64_t left) {
  uint64_t take = chunk;
  if (schedule == SCHEDULE_GUIDED && left / workers > chunk)
    take = left / workers / chunk * chunk;
  return take < left ? take : left;
}

static double dealt_s(struct course *course, const struct variant_spec *spec) {
  uint64_t items = course->work->items, chunk = spec->chunk;
  double begin_s = 0, last_s = 0;
  /* Those of guided are few, but for some of the last. */
  uint64_t chunks = items / chunk + (items % chunk > 0);
  if (spec->schedule != SCHEDULE_GUIDED && chunks > CHUNKS_MOST)
    chunk *= chunks / CHUNKS_MOST + (chunks % CHUNKS_MOST > 0);
  for (uint64_t at = 0; at < items;) {
    at += next_items(course->workers, spec->schedule, chunk, items - at);
    double end_s = time_before_s(course, at);
    take_chunk(course, end_s - begin_s);
    begin_s = end_s;
  }
  for (uint32_t w = 0; w < course->workers; w++)
    last_s = fmax(last_s, course->free_s[w]);
  return last_s;
}

/* ---- the whole ----------------------------------------------------------- */

static double scheduled_s(struct course *course,
                          const struct variant_spec *spec) {
  const struct schedule_work *work = course->work;
  for (size_t k = 0; k < work->blocks; k++)
    course->until_s[k + 1] = course->until_s[k] + work->block_s[k];
  if (spec->schedule == SCHEDULE_STATIC)
    return static_s(course);
  if (spec->schedule == SCHEDULE_APPLY)
    return course->until_s[work->blocks];
  return spec->chunk > 0 ? dealt_s(course, spec) : (double)NAN;
}

double schedule_makespan_s(const struct schedule_work *work,
                           const struct variant_spec *spec, uint32_t workers) {
  struct course course = {
      .work = work,
      .until_s = calloc(work->blocks + 1, sizeof *course.until_s),
      .free_s = calloc((size_t)workers + 1, sizeof *course.free_s),
      .workers = workers};
  double makespan_s = (double)NAN;
  if (course.until_s && course.free_s && work->items > 0 && work->blocks > 0)
    makespan_s = scheduled_s(&course, spec);
  free(course.until_s);
  free(course.free_s);
  return makespan_s;
}

double schedule_bound(const struct schedule_work *work,
                      const struct variant_spec *spec, uint32_t workers) {
  double all_s = 0;
  for (size_t k = 0; k < work->blocks; k++)
    all_s += work->block_s[k];
  return all_s > 0 ? all_s / schedule_makespan_s(work, spec, workers)
                   : (double)NAN;
}

uint64_t schedule_chunks(uint64_t items, const struct variant_spec *spec,
                         uint32_t workers) {
  uint64_t chunk = spec->chunk, chunks = 0;
  if (spec->schedule == SCHEDULE_STATIC)
    return items < workers ? items : workers;
  if (spec->schedule == SCHEDULE_APPLY)
    return items;
  if (chunk == 0)
    return 0;
  if (spec->schedule != SCHEDULE_GUIDED)
    return items / chunk + (items % chunk > 0);
  for (uint64_t at = 0; at < items; chunks++)
    at += next_items(workers, spec->schedule, chunk, items - at);
  return chunks;
}

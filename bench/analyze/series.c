#include "bench/analyze/series.h"

#include "bench/analyze/clocks.h"
#include "bench/analyze/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- which series there are ---------------------------------------------- */

struct key {
  const char *workload, *requested;
  int64_t size, workers;
};

static int compare_numbers(int64_t a, int64_t b) {
  return (a > b) - (a < b);
}

static int compare(const struct key *key, const struct series *series) {
  const struct record *r = series->first;
  int order = strcmp(key->workload, r->workload);
  if (order == 0)
    order = compare_numbers(key->size, series->size);
  if (order == 0)
    order = strcmp(key->requested, record_requested(r));
  return order ? order : compare_numbers(key->workers, r->workers);
}

/* The place of the key among the sorted ones, or the one where it would go. */
static size_t place_of(const struct series_set *set, const struct key *key) {
  size_t low = 0, high = set->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (compare(key, &set->list[set->sorted[middle]]) > 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static bool is_at(const struct series_set *set, size_t place,
                  const struct key *key) {
  return place < set->count &&
         compare(key, &set->list[set->sorted[place]]) == 0;
}

const struct series *series_find(const struct series_set *set,
                                 const char *workload, const char *requested,
                                 int64_t workers) {
  const struct series *found = NULL;
  for (size_t i = 0; i < set->count; i++) {
    const struct series *s = &set->list[i];
    if (s->first->workers == workers && (!found || s->size > found->size) &&
        strcmp(s->first->workload, workload) == 0 &&
        strcmp(record_requested(s->first), requested) == 0)
      found = s;
  }
  return found;
}

const struct series *series_beside(const struct series_set *set,
                                   const struct series *other,
                                   const char *requested, int64_t workers) {
  const struct key key = {other->first->workload, requested, other->size,
                          workers};
  size_t place = place_of(set, &key);
  return is_at(set, place, &key) ? &set->list[set->sorted[place]] : NULL;
}

static int grow(struct series_set *set) {
  size_t room = set->room ? 2 * set->room : 64;
  struct series *list = reallocarray(set->list, room, sizeof *list);
  if (list)
    set->list = list;
  size_t *sorted = reallocarray(set->sorted, room, sizeof *sorted);
  if (sorted)
    set->sorted = sorted;
  if (!list || !sorted)
    return -1;
  set->room = room;
  return 0;
}

/* A neighbour in the sorted order has the same workload and size, or variant,
 * if any series has. */
static void find_firsts(const struct series_set *set, size_t place,
                        struct series *added) {
  const struct record *r = added->first;
  added->workload_first = added->variant_first = r;
  for (size_t i = place ? place - 1 : 0; i <= place && i < set->count; i++) {
    const struct series *near = &set->list[set->sorted[i]];
    if (near->size != added->size ||
        strcmp(near->first->workload, r->workload) != 0)
      continue;
    added->workload_first = near->workload_first;
    if (strcmp(record_requested(near->first), record_requested(r)) == 0)
      added->variant_first = near->variant_first;
  }
}

/* NULL: no memory. */
static struct series *find_or_add(struct series_set *set,
                                  const struct record *r, int64_t size,
                                  int64_t rounds) {
  const struct key key = {r->workload, record_requested(r), size, r->workers};
  size_t place = place_of(set, &key);
  if (is_at(set, place, &key))
    return &set->list[set->sorted[place]];
  if (set->count == set->room && grow(set) != 0)
    return NULL;
  struct series *added = &set->list[set->count];
  *added = (struct series){.first = r, .size = size, .rounds = rounds};
  find_firsts(set, place, added);
  memmove(&set->sorted[place + 1], &set->sorted[place],
          (set->count - place) * sizeof *set->sorted);
  set->sorted[place] = set->count++;
  for (int q = 0; q < QUANTITIES; q++) {
    added->by_round[q] = stats_unknown((size_t)rounds + 1);
    if (!added->by_round[q])
      return NULL;
  }
  added->trials = calloc((size_t)rounds + 1, sizeof(void *));
  added->cold = calloc(2 * ((size_t)rounds + 1), sizeof(void *));
  added->observed = calloc((size_t)rounds + 1, sizeof(void *));
  return added->trials && added->cold && added->observed ? added : NULL;
}

/* ---- which sizes there are ----------------------------------------------- */

/* A workload, and whether it was run by one worker at several sizes: only then
 * does the size tell series apart.  Under weak scaling it was not. */
struct sized {
  const char *workload;
  int64_t size;
  bool several;
};

struct sized_list {
  struct sized *list; /* owned */
  size_t count;
};

static struct sized *find_sized(const struct sized_list *sized,
                                const char *workload) {
  for (size_t i = 0; i < sized->count; i++)
    if (strcmp(sized->list[i].workload, workload) == 0)
      return &sized->list[i];
  return NULL;
}

static bool is_of_series(const struct record *r) {
  return record_is_in_round(r) || record_is_in(r, "pilot") ||
         record_is_in(r, "warmup");
}

/* 0, or -1: no memory; to be freed in either case. */
static int find_sizes(const struct records *records, struct sized_list *sized) {
  *sized = (struct sized_list){NULL, 0};
  for (size_t i = 0; i < records->count; i++) {
    const struct record *r = &records->list[i];
    if (!is_of_series(r) || r->workers != 1)
      continue;
    struct sized *known = find_sized(sized, r->workload);
    if (known) {
      known->several = known->several || known->size != r->size;
      continue;
    }
    struct sized *list =
        reallocarray(sized->list, sized->count + 1, sizeof *list);
    if (!list)
      return -1;
    sized->list = list;
    list[sized->count++] = (struct sized){r->workload, r->size, false};
  }
  return 0;
}

/* What tells the series of a record from others of its workload. */
static int64_t size_of(const struct sized_list *sized, const struct record *r) {
  const struct sized *of = find_sized(sized, r->workload);
  return of && of->several ? r->size : 0;
}

/* ---- what they hold ------------------------------------------------------ */

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

/* A cold program.  `serial` runs twice, before the others and after.  Its first
 * region stands for that of a trial that was shared, which had none. */
static void fill_program(struct series *series, const struct record *r) {
  double *first_s = &series->by_round[REGION_FIRST][r->round];
  double *program_s = &series->by_round[PROGRAM][r->round];
  double *wall_s = &series->by_round[WALL][r->round];
  bool again = isfinite(*program_s);
  if (series->programs == 0 || r->workers_seen < series->programs_seen)
    series->programs_seen = r->workers_seen;
  series->programs += !again;
  series->cold[2 * r->round + again] = r;
  *program_s = again ? sqrt(*program_s * r->program_s) : r->program_s;
  *wall_s = again ? sqrt(*wall_s * r->wall_s) : r->wall_s;
  if (isnan(*first_s))
    *first_s = r->region_first_s;
}

static void fill_round(struct series *series, const struct record *r,
                       bool programs) {
  /* A round of a foreign file may hold a point at two sizes. */
  bool again = isfinite(series->by_round[REGION][r->round]) ||
               (!programs && isfinite(series->by_round[PROGRAM][r->round]));
  series->by_round[REGION][r->round] = r->region_s;
  series->by_round[BESIDE][r->round] =
      r->beside && strcmp(r->beside, "serial") == 0
          ? r->turns_ratio * r->region_s
          : (double)NAN;
  if (!record_is_sharer(r))
    series->by_round[REGION_FIRST][r->round] = r->region_first_s;
  if (!programs && r->builders <= 1) { /* as no program does it */
    series->by_round[PROGRAM][r->round] = r->program_s;
    series->by_round[WALL][r->round] = r->wall_s;
    series->cold[2 * r->round] = record_is_sharer(r) ? NULL : r;
  }
  series->trials[r->round] = r;
  series->by_round[RUN_DELAY][r->round] = run_delay_share(r);
  series->by_round[CPU_TIME][r->round] = r->cpu_s;
  series->by_round[OTHERS][r->round] = r->others_cpu_s / r->wall_s;
  series->last = r;
  series->n += !again;
  if (series->n == 1 || r->workers_seen < series->workers_seen)
    series->workers_seen = r->workers_seen;
}

static void fill(struct series_set *set, struct series *series,
                 const struct record *r, bool programs) {
  series->throttled = series->throttled || rounds_throttled(r);
  series->swapped = series->swapped || rounds_swapped(r);
  series->hot = series->hot || rounds_hot(r);
  if (record_is_in(r, "program")) {
    fill_program(series, r);
    return;
  }
  fill_round(series, r, programs);
  series->by_round[CLOCK][r->round] =
      clocks_of(r, set->alike, &set->clock_refused);
}

static bool has_programs(const struct records *records) {
  for (size_t i = 0; i < records->count; i++)
    if (record_is_in(&records->list[i], "program"))
      return true;
  return false;
}

/* Where a trial had no serial regions in turns with its own, serial's of the
 * same round stand for them. */
static void pair_with_serial(struct series_set *set) {
  for (size_t i = 0; i < set->count; i++) {
    struct series *series = &set->list[i];
    const struct series *serial = series_beside(set, series, "serial", 1);
    if (!serial)
      continue;
    double more = series_growth(serial, series);
    for (int64_t round = 1; round <= series->rounds; round++)
      if (isnan(series->by_round[BESIDE][round]))
        series->by_round[BESIDE][round] =
            serial->by_round[REGION][round] * more;
  }
}

/* A workload whose region is another one's has programs alone. */
static void settle_alone(struct series *series) {
  if (series->n > 0)
    return;
  if (series->programs == 0) { /* a pilot alone */
    series->workers_seen = FIELD_NULL;
    return;
  }
  series->n = series->programs;
  series->workers_seen = series->programs_seen;
}

/* Observed runs, beside the timed ones of their point. */
static void fill_observed(const struct records *records,
                          const struct rounds *rounds,
                          const struct sized_list *sized,
                          struct series_set *set) {
  for (size_t i = 0; i < records->count; i++) {
    const struct record *r = &records->list[i];
    if (!record_is_in(r, "observed") || !record_tells_inside(r) ||
        !rounds_hold(rounds, r->round))
      continue;
    const struct key key = {r->workload, record_requested(r), size_of(sized, r),
                            r->workers};
    size_t place = place_of(set, &key);
    if (is_at(set, place, &key))
      set->list[set->sorted[place]].observed[r->round] = r;
  }
}

int series_make(const struct records *records, const struct rounds *rounds,
                int64_t alike, struct series_set *set) {
  struct sized_list sized;
  *set = (struct series_set){.alike = alike};
  bool programs = has_programs(records);
  int status = find_sizes(records, &sized);
  for (size_t i = 0; !status && i < records->count; i++) {
    const struct record *r = &records->list[i];
    if (!is_of_series(r))
      continue;
    struct series *series =
        find_or_add(set, r, size_of(&sized, r), rounds->count);
    if (!series)
      status = -1;
    else if (record_is_in_round(r) && rounds_hold(rounds, r->round))
      fill(set, series, r, programs);
  }
  if (!status)
    fill_observed(records, rounds, &sized, set);
  free(sized.list);
  for (size_t i = 0; i < set->count; i++)
    settle_alone(&set->list[i]);
  if (!status)
    pair_with_serial(set);
  return status;
}

void series_free(struct series_set *set) {
  for (size_t i = 0; i < set->count; i++) {
    for (int q = 0; q < QUANTITIES; q++)
      free(set->list[i].by_round[q]);
    free(set->list[i].trials);
    free(set->list[i].cold);
    free(set->list[i].observed);
  }
  free(set->list);
  free(set->sorted);
  *set = (struct series_set){.count = 0};
}

const struct record *series_record(const struct series *series) {
  return series->last ? series->last : series->first;
}

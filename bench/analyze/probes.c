/* The probe trials of a run: what the clock does, and what the CPUs deliver,
 * as more of them work at once. */
#include "bench/analyze/flags.h"
#include "bench/analyze/internal.h"
#include "bench/analyze/roofline.h"
#include "bench/analyze/stats.h"
#include "bench/plan/registry.h"

#include <stdlib.h>
#include <string.h>

static const char *const probe_workloads[PROBES] = {"clock", "spin/chains=8"};

double *unknown_by_round(int64_t rounds) {
  double *values = malloc(((size_t)rounds + 1) * sizeof *values);
  for (int64_t round = 0; values && round <= rounds; round++)
    values[round] = (double)NAN;
  return values;
}

/* The probe at so many workers, in ascending order of them; NULL: no
 * memory. */
static struct probe *find_or_add(struct work *work, int64_t workers) {
  size_t place = 0;
  while (place < work->probe_count && work->probes[place].workers < workers)
    place++;
  if (place < work->probe_count && work->probes[place].workers == workers)
    return &work->probes[place];
  struct probe added = {.workers = workers};
  struct probe *list =
      reallocarray(work->probes, work->probe_count + 1, sizeof *list);
  if (!list)
    return NULL;
  work->probes = list;
  memmove(&list[place + 1], &list[place],
          (work->probe_count - place) * sizeof *list);
  for (int p = 0; p < PROBES; p++)
    added.by_round[p] = unknown_by_round(work->rounds);
  list[place] = added;
  work->probe_count++;
  return added.by_round[PROBE_CLOCK] && added.by_round[PROBE_CAPACITY]
             ? &list[place]
             : NULL;
}

/* The clock's frequency as a worker's rate shows it, in Hz. */
static double clock_hz(double items_per_s) {
  static const char name[] = "clock";
  const struct kernel *kernel = registry_find_kernel(name, strlen(name));
  return kernel ? items_per_s * kernel->shape.operations : (double)NAN;
}

/* A worker's time in its chunks.  A clock does not slow down while its worker
 * waits for a CPU: for that, its CPU time, where it was told. */
static double time_of(const struct record *r, enum probe_kind kind, size_t i) {
  double busy_s = r->worker_busy_s.values[i];
  double cpu_s =
      i < r->worker_cpu_s.count ? r->worker_cpu_s.values[i] : (double)NAN;
  return kind == PROBE_CLOCK && cpu_s > 0 && cpu_s < busy_s ? cpu_s : busy_s;
}

/* The sum of the workers' own rates in items/s, or the mean of those that are
 * alike: a slow core's clock is lower, but has not dropped.  NAN: a worker's is
 * not known, or is no clock's (counted in the work). */
static double rate_of(const struct record *r, enum probe_kind kind,
                      struct work *work) {
  int64_t alike = r->workers < work->alike ? r->workers : work->alike;
  double sum = 0, sum_alike = 0;
  if (r->workers < 1 || r->worker_items.count != (size_t)r->workers ||
      r->worker_busy_s.count != (size_t)r->workers)
    return (double)NAN;
  for (size_t i = 0; i < r->worker_items.count; i++) {
    double rate = r->worker_items.values[i] / time_of(r, kind, i);
    if (!isfinite(rate) || rate <= 0)
      return (double)NAN;
    if (kind == PROBE_CLOCK && !(clock_hz(rate) <= flags_most_hz())) {
      work->clock_refused++;
      return (double)NAN;
    }
    sum += rate;
    if ((int64_t)i < alike)
      sum_alike += rate;
  }
  return kind == PROBE_CLOCK ? sum_alike / (double)alike : sum;
}

bool record_is_probe(const struct record *r) {
  return r->phase && strcmp(r->phase, "probe") == 0;
}

int probes_add(struct work *work, const struct record *r) {
  if (strcmp(r->status, "ok") != 0 || r->round < 1 || r->round > work->rounds ||
      work->bad[r->round])
    return 0;
  if (meters_add(work, r) != 0)
    return -1;
  for (int p = 0; p < PROBES; p++) {
    if (strcmp(r->workload, probe_workloads[p]) != 0)
      continue;
    struct probe *probe = find_or_add(work, r->workers);
    if (!probe)
      return -1;
    probe->by_round[p][r->round] = rate_of(r, (enum probe_kind)p, work);
  }
  return 0;
}

void probes_free(struct work *work) {
  for (size_t i = 0; i < work->probe_count; i++)
    for (int p = 0; p < PROBES; p++)
      free(work->probes[i].by_round[p]);
  free(work->probes);
  meters_free(work);
}

static const double *rates(const struct work *work, enum probe_kind kind,
                           int64_t workers) {
  for (size_t i = 0; i < work->probe_count; i++)
    if (work->probes[i].workers == workers)
      return work->probes[i].by_round[kind];
  return NULL;
}

struct interval probes_ratio(const struct work *work, enum probe_kind kind,
                             int64_t workers) {
  const double *many = rates(work, kind, workers), *one = rates(work, kind, 1);
  if (!many || !one)
    return INTERVAL_NULL;
  return stats_ratio_interval(many + 1, one + 1, (size_t)work->rounds);
}

struct interval probes_adjust(const struct work *work,
                              const struct series *above,
                              const struct series *below) {
  int64_t workers = below->first->workers;
  const double *many = rates(work, PROBE_CLOCK, workers);
  const double *one = rates(work, PROBE_CLOCK, 1);
  if (!above || !many || !one)
    return INTERVAL_NULL;
  double *adjusted = malloc(((size_t)work->rounds + 1) * sizeof *adjusted);
  if (!adjusted)
    return INTERVAL_NULL;
  for (int64_t round = 0; round <= work->rounds; round++)
    adjusted[round] = below->by_round[REGION][round] * many[round] / one[round];
  struct interval ratio = stats_ratio_interval(
      above->by_round[REGION] + 1, adjusted + 1, (size_t)work->rounds);
  free(adjusted);
  double more = series_growth(above, below);
  return (struct interval){ratio.median * more, ratio.low * more,
                           ratio.high * more};
}

int capacity_make(const struct work *work, struct analysis *analysis) {
  analysis->capacities =
      calloc(work->probe_count + 1, sizeof *analysis->capacities);
  if (!analysis->capacities)
    return -1;
  for (size_t i = 0; i < work->probe_count; i++) {
    int64_t workers = work->probes[i].workers;
    analysis->capacities[analysis->capacity_count++] = (struct capacity){
        .workers = workers,
        .capacity = probes_ratio(work, PROBE_CAPACITY, workers),
        .clock_ratio = probes_ratio(work, PROBE_CLOCK, workers)};
  }
  return 0;
}

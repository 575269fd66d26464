#include "bench/analyze/probes.h"

#include "bench/analyze/flags.h"
#include "bench/analyze/stats.h"
#include "bench/plan/meters.h"
#include "bench/plan/registry.h"
#include "kernels/kernel.h"

#include <stdlib.h>
#include <string.h>

static const char *const probe_workloads[PROBES] = {"clock", "spin/chains=8"};

/* The probe at so many workers, in ascending order of them; NULL: no
 * memory. */
static struct probe *find_or_add(struct probes *probes, int64_t workers) {
  size_t place = 0;
  while (place < probes->count && probes->list[place].workers < workers)
    place++;
  if (place < probes->count && probes->list[place].workers == workers)
    return &probes->list[place];
  struct probe added = {.workers = workers};
  struct probe *list =
      reallocarray(probes->list, probes->count + 1, sizeof *list);
  if (!list)
    return NULL;
  probes->list = list;
  memmove(&list[place + 1], &list[place],
          (probes->count - place) * sizeof *list);
  for (int p = 0; p < PROBES; p++)
    added.by_round[p] = stats_unknown((size_t)probes->rounds + 1);
  list[place] = added;
  probes->count++;
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
                      struct probes *probes) {
  int64_t alike = r->workers < probes->alike ? r->workers : probes->alike;
  double sum = 0, sum_alike = 0;
  if (r->workers < 1 || r->worker_items.count != (size_t)r->workers ||
      r->worker_busy_s.count != (size_t)r->workers)
    return (double)NAN;
  for (size_t i = 0; i < r->worker_items.count; i++) {
    double rate = r->worker_items.values[i] / time_of(r, kind, i);
    if (!isfinite(rate) || rate <= 0)
      return (double)NAN;
    if (kind == PROBE_CLOCK && !(clock_hz(rate) <= flags_most_hz())) {
      probes->clock_refused++;
      return (double)NAN;
    }
    sum += rate;
    if ((int64_t)i < alike)
      sum_alike += rate;
  }
  return kind == PROBE_CLOCK ? sum_alike / (double)alike : sum;
}

/* ---- meters ------------------------------------------------------------ */

const struct meter_series *probes_meter(const struct probes *probes,
                                        const char *workload, int64_t workers,
                                        int64_t size) {
  for (size_t i = 0; i < probes->meter_count; i++) {
    const struct meter_series *m = &probes->meters[i];
    if (m->workers == workers && m->size == size &&
        strcmp(m->workload, workload) == 0)
      return m;
  }
  return NULL;
}

/* As many additions as the program made that measured them: its vectors may
 * have been others than this one's. */
static double units_of(const struct probes *probes, const char *text) {
  struct workload workload;
  struct problem ignored;
  if (workload_parse(text, &workload, &ignored) != 0)
    return 0;
  bool adds = strcmp(text, meter_adds().workload) == 0;
  return meter_units(&workload) * (adds ? probes->vectors : 1);
}

/* Takes in a trial of a meter; others are passed by.  0, or -1: no memory. */
static int add_meter(struct probes *probes, const struct record *r) {
  const struct meter_series *meter =
      probes_meter(probes, r->workload, r->workers, r->size);
  double units = meter ? meter->units : units_of(probes, r->workload);
  if (!(units > 0))
    return 0;
  if (!meter) {
    struct meter_series *list =
        reallocarray(probes->meters, probes->meter_count + 1, sizeof *list);
    if (!list)
      return -1;
    probes->meters = list;
    struct meter_series *added = &list[probes->meter_count];
    *added = (struct meter_series){r->workload, r->workers, r->size, units,
                                   stats_unknown((size_t)probes->rounds + 1)};
    if (!added->by_round)
      return -1;
    probes->meter_count++;
    meter = added;
  }
  meter->by_round[r->round] = (double)r->size * units / r->region_s;
  return 0;
}

/* ---- the whole ----------------------------------------------------------- */

static int add(struct probes *probes, const struct record *r) {
  if (add_meter(probes, r) != 0)
    return -1;
  for (int p = 0; p < PROBES; p++) {
    if (strcmp(r->workload, probe_workloads[p]) != 0)
      continue;
    struct probe *probe = find_or_add(probes, r->workers);
    if (!probe)
      return -1;
    probe->by_round[p][r->round] = rate_of(r, (enum probe_kind)p, probes);
  }
  return 0;
}

/* Workers that are not known to be on slower cores than the first. */
static int64_t count_alike(const struct environment *environment) {
  int64_t slower = environment ? environment->slower_from : FIELD_NULL;
  return slower != FIELD_NULL && slower > 1 ? slower - 1 : INT64_MAX;
}

/* Of the run's program, over this one's. */
static double vectors_of(const struct environment *environment) {
  int64_t bytes = environment ? environment->vector_bytes : FIELD_NULL;
  return bytes == FIELD_NULL ? 1 : (double)bytes / KERNEL_VECTOR_BYTES;
}

int probes_make(const struct records *records, const struct rounds *rounds,
                const struct environment *environment, struct probes *probes) {
  *probes = (struct probes){.rounds = rounds->count,
                            .alike = count_alike(environment),
                            .vectors = vectors_of(environment),
                            .caches_bytes = environment
                                                ? environment->last_caches_bytes
                                                : (double)NAN};
  for (size_t i = 0; i < records->count; i++) {
    const struct record *r = &records->list[i];
    if (record_is_probe(r) && record_is_ok(r) &&
        rounds_hold(rounds, r->round) && add(probes, r) != 0)
      return -1;
  }
  return 0;
}

void probes_free(struct probes *probes) {
  for (size_t i = 0; i < probes->count; i++)
    for (int p = 0; p < PROBES; p++)
      free(probes->list[i].by_round[p]);
  free(probes->list);
  for (size_t i = 0; i < probes->meter_count; i++)
    free(probes->meters[i].by_round);
  free(probes->meters);
  *probes = (struct probes){.rounds = 0};
}

static const double *rates(const struct probes *probes, enum probe_kind kind,
                           int64_t workers) {
  for (size_t i = 0; i < probes->count; i++)
    if (probes->list[i].workers == workers)
      return probes->list[i].by_round[kind];
  return NULL;
}

struct interval probes_ratio(const struct probes *probes, enum probe_kind kind,
                             int64_t workers) {
  const double *many = rates(probes, kind, workers),
               *one = rates(probes, kind, 1);
  if (!many || !one)
    return INTERVAL_NULL;
  return stats_ratio_interval(many + 1, one + 1, (size_t)probes->rounds);
}

struct interval probes_adjust(const struct probes *probes, int64_t workers,
                              const double *above_s, const double *below_s) {
  const double *many = rates(probes, PROBE_CLOCK, workers);
  const double *one = rates(probes, PROBE_CLOCK, 1);
  size_t rounds = (size_t)probes->rounds;
  double *adjusted = many && one ? stats_unknown(rounds + 1) : NULL;
  if (!adjusted)
    return INTERVAL_NULL;
  for (size_t round = 1; round <= rounds; round++)
    adjusted[round] = below_s[round] * many[round] / one[round];
  struct interval ratio =
      stats_ratio_interval(above_s + 1, adjusted + 1, rounds);
  free(adjusted);
  return ratio;
}

int capacity_make(const struct probes *probes, struct analysis *analysis) {
  analysis->capacities =
      calloc(probes->count + 1, sizeof *analysis->capacities);
  if (!analysis->capacities)
    return -1;
  for (size_t i = 0; i < probes->count; i++) {
    int64_t workers = probes->list[i].workers;
    analysis->capacities[analysis->capacity_count++] = (struct capacity){
        .workers = workers,
        .capacity = probes_ratio(probes, PROBE_CAPACITY, workers),
        .clock_ratio = probes_ratio(probes, PROBE_CLOCK, workers)};
  }
  return 0;
}

#include "bench/analyze/probes.h"

#include "bench/analyze/stats.h"
#include "bench/plan/meters.h"
#include "kernels/kernel.h"

#include <stdlib.h>
#include <string.h>

static const char probe_workload[] = "spin/chains=8";

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
  added.by_round = stats_unknown((size_t)probes->rounds + 1);
  list[place] = added;
  probes->count++;
  return added.by_round ? &list[place] : NULL;
}

/* The sum of the workers' own rates in items/s; NAN: a worker's is not known.
 */
static double rate_of(const struct record *r) {
  double sum = 0;
  if (r->workers < 1 || r->worker_items.count != (size_t)r->workers ||
      r->worker_busy_s.count != (size_t)r->workers)
    return (double)NAN;
  for (size_t i = 0; i < r->worker_items.count; i++) {
    double rate = r->worker_items.values[i] / r->worker_busy_s.values[i];
    if (!isfinite(rate) || rate <= 0)
      return (double)NAN;
    sum += rate;
  }
  return sum;
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

/* ---- faults ------------------------------------------------------------ */

static void add_faults(struct probes *probes, const struct record *r) {
  const struct meter_faults *of = &meter_faults[METER_PAGES_THERE];
  if (r->workers != 1 || r->size < 1)
    return;
  if (strcmp(r->workload, of->first) == 0)
    probes->fault_first_s[r->round] = r->region_s / (double)r->size;
  else if (strcmp(r->workload, of->again) == 0)
    probes->fault_again_s[r->round] = r->region_s / (double)r->size;
}

/* Once all rounds are in. */
static void settle_faults(struct probes *probes) {
  double *more_s = probes->fault_first_s;
  for (int64_t round = 0; round <= probes->rounds; round++)
    more_s[round] -= probes->fault_again_s[round];
  probes->fault_s = stats_median_interval(more_s, (size_t)probes->rounds + 1);
}

/* ---- the whole ----------------------------------------------------------- */

static int add(struct probes *probes, const struct record *r) {
  if (add_meter(probes, r) != 0)
    return -1;
  add_faults(probes, r);
  if (strcmp(r->workload, probe_workload) != 0)
    return 0;
  struct probe *probe = find_or_add(probes, r->workers);
  if (!probe)
    return -1;
  probe->by_round[r->round] = rate_of(r);
  return 0;
}

/* Of the run's program, over this one's. */
static double vectors_of(const struct environment *environment) {
  int64_t bytes = environment ? environment->vector_bytes : FIELD_NULL;
  return bytes == FIELD_NULL ? 1 : (double)bytes / KERNEL_VECTOR_BYTES;
}

int probes_make(const struct records *records, const struct rounds *rounds,
                const struct environment *environment, struct probes *probes) {
  *probes = (struct probes){.rounds = rounds->count,
                            .vectors = vectors_of(environment),
                            .caches_bytes = environment
                                                ? environment->last_caches_bytes
                                                : (double)NAN};
  probes->fault_first_s = stats_unknown((size_t)rounds->count + 1);
  probes->fault_again_s = stats_unknown((size_t)rounds->count + 1);
  if (!probes->fault_first_s || !probes->fault_again_s)
    return -1;
  for (size_t i = 0; i < records->count; i++) {
    const struct record *r = &records->list[i];
    if (record_is_probe(r) && record_is_ok(r) &&
        rounds_hold(rounds, r->round) && add(probes, r) != 0)
      return -1;
  }
  settle_faults(probes);
  return 0;
}

void probes_free(struct probes *probes) {
  for (size_t i = 0; i < probes->count; i++)
    free(probes->list[i].by_round);
  free(probes->list);
  for (size_t i = 0; i < probes->meter_count; i++)
    free(probes->meters[i].by_round);
  free(probes->meters);
  free(probes->fault_first_s);
  free(probes->fault_again_s);
  *probes = (struct probes){.rounds = 0};
}

/* The rate of a probe over that of one worker, paired by round. */
static struct interval ratio_of(const struct probes *probes,
                                const struct probe *probe) {
  const struct probe *one = &probes->list[0]; /* by workers */
  if (one->workers != 1)
    return INTERVAL_NULL;
  return stats_ratio_interval(probe->by_round + 1, one->by_round + 1,
                              (size_t)probes->rounds);
}

int capacity_make(const struct probes *probes, struct analysis *analysis) {
  analysis->capacities =
      calloc(probes->count + 1, sizeof *analysis->capacities);
  if (!analysis->capacities)
    return -1;
  for (size_t i = 0; i < probes->count; i++)
    analysis->capacities[analysis->capacity_count++] =
        (struct capacity){.workers = probes->list[i].workers,
                          .capacity = ratio_of(probes, &probes->list[i])};
  return 0;
}

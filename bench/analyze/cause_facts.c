#include "bench/analyze/cause_facts.h"

#include "bench/analyze/stats.h"
#include "bench/plan/notation.h"
#include "bench/plan/workload.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A mean in the making. */
struct sum {
  double sum, count;
};

static void add(struct sum *sum, double value) {
  if (!isfinite(value))
    return;
  sum->sum += value;
  sum->count++;
}

static double mean(const struct sum *sum) {
  return sum->count > 0 ? sum->sum / sum->count : (double)NAN;
}

static double total(const struct numbers *numbers) {
  double sum = 0;
  if (!numbers->values)
    return (double)NAN;
  for (size_t i = 0; i < numbers->count; i++)
    sum += numbers->values[i];
  return sum;
}

static size_t place_of_most(const struct numbers *numbers) {
  size_t most = 0;
  for (size_t i = 1; i < numbers->count; i++)
    most = numbers->values[i] > numbers->values[most] ? i : most;
  return most;
}

/* That of one by the mean of the others. */
static double by_others(const struct numbers *numbers, size_t one) {
  struct sum others = {0, 0};
  for (size_t i = 0; i < numbers->count; i++)
    if (i != one)
      add(&others, numbers->values[i]);
  return one < numbers->count ? numbers->values[one] / mean(&others)
                              : (double)NAN;
}

/* ---- workers ------------------------------------------------------------- */

static void find_last(const struct series *series, struct cause_facts *facts) {
  size_t workers = (size_t)series->first->workers;
  double *times = calloc(workers + 1, sizeof *times);
  struct sum ratio = {0, 0};
  size_t most = 0;
  facts->last_trials = facts->last_count = 0;
  for (int64_t round = 1; times && round <= series->rounds; round++) {
    const struct record *r = series->trials[round];
    if (!r || r->worker_end_s.count != workers)
      continue;
    size_t last = place_of_most(&r->worker_end_s);
    facts->last_trials++;
    times[last]++;
    most = times[last] > times[most] ? last : most;
    add(&ratio, by_others(&r->worker_cpu_s, last));
  }
  if (times) {
    facts->last_count = times[most];
    facts->last_worker = (double)most;
    facts->last_cpu_ratio = mean(&ratio);
  }
  free(times);
}

/* Serial in the blocks of all trials on that CPU, or not. */
static double serial_s(const struct series *series, double cpu, bool there) {
  struct sum sum = {0, 0};
  for (int64_t round = 1; round <= series->rounds; round++) {
    const struct record *r = series->trials[round];
    size_t turn = 0;
    if (!r || !r->turns || !r->beside || strcmp(r->beside, "serial") != 0)
      continue;
    for (const char *form = r->turns; *form; form++) {
      if (*form == '|')
        continue;
      if (*form == 'S' && turn < r->turns_cpu.count &&
          isfinite(r->turns_cpu.values[turn]) &&
          (r->turns_cpu.values[turn] == cpu) == there)
        add(&sum, r->turns_s.values[turn]);
      turn++;
    }
  }
  return mean(&sum);
}

/* The clock of that worker by the mean of the others', in all blocks. */
static double clock_ratio(const struct series *series, size_t worker) {
  struct sum own = {0, 0}, others = {0, 0};
  for (int64_t round = 1; round <= series->rounds; round++) {
    const struct record *r = series->trials[round];
    for (size_t i = 0; r && i < r->turns_clock_hz.count; i++)
      add(i % (size_t)r->workers == worker ? &own : &others,
          r->turns_clock_hz.values[i]);
  }
  return mean(&own) / mean(&others);
}

/* Where serial takes the longest. */
static void find_slow(const struct series *series, struct cause_facts *facts) {
  const struct record *first = series_record(series);
  facts->slow_serial = facts->slow_cpu = facts->slow_clock = (double)NAN;
  for (size_t w = 0; w < first->cpus.count; w++) {
    double cpu = first->cpus.values[w];
    double ratio = serial_s(series, cpu, true) / serial_s(series, cpu, false);
    if (!isfinite(ratio) || ratio <= facts->slow_serial)
      continue;
    facts->slow_serial = ratio;
    facts->slow_cpu = cpu;
    facts->slow_clock = clock_ratio(series, w);
  }
}

static double mean_total(const struct series *series, size_t offset) {
  struct sum sum = {0, 0};
  for (int64_t round = 1; series && round <= series->rounds; round++)
    if (series->trials[round])
      add(&sum,
          total((const struct numbers *)((const char *)series->trials[round] +
                                         offset)));
  return mean(&sum);
}

/* As the terms are: what all trials lost, by what all of them had. */
struct ratio {
  double part, whole;
};

static void add_to(struct ratio *ratio, double part, double whole) {
  if (!isfinite(part) || !isfinite(whole))
    return;
  ratio->part += part;
  ratio->whole += whole;
}

/* Of regions: cold ones are not asked. */
static double run_delay_share(const struct series *series) {
  struct ratio ratio = {0, 0};
  for (int64_t round = 1; round <= series->rounds; round++) {
    const struct record *r = series->trials[round];
    if (r)
      add_to(&ratio, series->by_round[RUN_DELAY][round] * r->region_s,
             r->region_s);
  }
  return ratio.part / ratio.whole;
}

/* What others used beyond the CPUs that the workers leave them, in the trials
 * that the breakdown is of. */
static double crowd_share(const struct analysis *analysis,
                          const struct series *series, bool program) {
  double workers = (double)series->first->workers;
  double usable = (double)analysis->run.usable_cpus;
  struct ratio others = {0, 0};
  for (int64_t round = 1; round <= series->rounds; round++) {
    const struct record *r =
        program ? series->cold[2 * round] : series->trials[round];
    if (r)
      add_to(&others, r->others_cpu_s, r->wall_s);
  }
  return analysis->run.usable_cpus == FIELD_NULL
             ? (double)NAN
             : (others.part / others.whole - fmax(0, usable - workers)) /
                   workers;
}

/* ---- the whole ----------------------------------------------------------- */

/* The largest loss; false: none is told. */
static bool find_largest(struct cause_facts *facts) {
  facts->share = -1;
  for (int t = TERM_USEFUL + 1; t < TERMS; t++) {
    double share = facts->breakdown->share[t].median;
    if (!(share > facts->share))
      continue;
    facts->share = share;
    facts->core_s = facts->breakdown->core_s[t].median;
    facts->term = (enum term)t;
  }
  return facts->share > -1;
}

static void read_workload(const struct record *r, struct cause_facts *facts) {
  struct workload workload;
  struct variant_spec spec;
  struct problem ignored;
  facts->stops_early = workload_parse(r->workload, &workload, &ignored) == 0 &&
                       workload_shape(&workload).stops_early;
  facts->hit =
      r->lowest_hit == FIELD_NULL ? (double)NAN : (double)r->lowest_hit;
  facts->dynamic = notation_parse_variant(r->variant, &spec, &ignored) == 0 &&
                   spec.schedule != SCHEDULE_STATIC;
}

bool cause_facts_make(const struct cause_scope *scope,
                      struct cause_facts *facts) {
  const struct series *series = scope->series, *serial = scope->serial;
  bool program = scope->breakdown == &scope->result->breakdown;
  *facts = (struct cause_facts){
      .analysis = scope->analysis,
      .result = scope->result,
      .breakdown = scope->breakdown,
      .regions = program ? (double)record_repeat(series->first) : 1};
  if (!facts->breakdown->told || !find_largest(facts))
    return false;
  read_workload(series_record(series), facts);
  facts->run_delay_share = run_delay_share(series);
  facts->crowd_share = crowd_share(scope->analysis, series, program);
  facts->chunks = mean_total(series, offsetof(struct record, worker_chunks));
  size_t faults = offsetof(struct record, worker_minor_faults);
  double ones = mean_total(serial, faults);
  facts->faults = mean_total(series, faults) - (isnan(ones) ? 0 : ones);
  find_last(series, facts);
  find_slow(series, facts);
  return true;
}

const struct result *cause_beside(const struct cause_facts *facts,
                                  const char *requested) {
  const struct result *own = facts->result;
  for (size_t i = 0; i < facts->analysis->result_count; i++) {
    const struct result *r = &facts->analysis->results[i];
    if (r->workers == own->workers && r->size == own->size &&
        strcmp(r->workload, own->workload) == 0 &&
        strcmp(r->requested, requested) == 0)
      return r;
  }
  return NULL;
}

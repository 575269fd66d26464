#include "bench/analyze/breakdown_trial.h"

#include <math.h>
#include <string.h>

/* What the terms of a trial may miss of p T_p: times stand in files to nine
 * digits. */
static const double exact = 1e-6;

/* So many times of p T_p, what a file may hold. */
static const double most_share = 1e6;

/* ---- regions ------------------------------------------------------------- */

static double mean(const struct numbers *numbers) {
  double sum = 0;
  for (size_t i = 0; i < numbers->count; i++)
    sum += numbers->values[i];
  return numbers->count ? sum / (double)numbers->count : (double)NAN;
}

/* The serial regions in turns with the trial's own; NAN: it has none. */
static double beside_s(const struct record *r) {
  double sum = 0, count = 0;
  if (!r->turns || !r->beside || strcmp(r->beside, "serial") != 0)
    return (double)NAN;
  size_t turn = 0;
  for (const char *form = r->turns; *form; form++) {
    if (*form == '|')
      continue;
    if (*form == 'S' && turn < r->turns_s.count) {
      sum += r->turns_s.values[turn];
      count++;
    }
    turn++;
  }
  return count > 0 ? sum / count : (double)NAN;
}

/* Regions, and what a mean one takes serial. */
struct region {
  double regions;
  const struct record_sums *sums; /* borrowed */
  double one_s, one_off_cpu_s;
};

/* Of what the last one was inside chunks for longer, the share that is its
 * CPU's: under a static schedule of equal slices, as much as serial's own
 * regions took longer there than on the CPUs of the others. */
static double slower_share(const struct record *r) {
  const struct numbers *busy = &r->worker_busy_s, *end = &r->worker_end_s;
  double one_s[2] = {0, 0}, ones[2] = {0, 0}, others_s = 0;
  size_t last = 0, turn = 0;
  if (!strstr(r->variant, ":static") || r->cpus.count != busy->count ||
      end->count != busy->count || busy->count < 2 || !r->turns)
    return 0;
  for (size_t w = 1; w < end->count; w++)
    last = end->values[w] > end->values[last] ? w : last;
  for (size_t w = 0; w < busy->count; w++)
    others_s += w == last ? 0 : busy->values[w];
  others_s /= (double)(busy->count - 1);
  for (const char *form = r->turns; *form; form++) {
    if (*form == '|')
      continue;
    if (*form == 'S' && turn < r->turns_cpu.count) {
      bool own = r->turns_cpu.values[turn] == r->cpus.values[last];
      one_s[own] += r->turns_s.values[turn];
      ones[own]++;
    }
    turn++;
  }
  double slower_s = (one_s[1] / ones[1] / (one_s[0] / ones[0]) - 1) * others_s;
  double share = slower_s / (busy->values[last] - others_s);
  return isfinite(share) ? fmin(fmax(share, 0), 1) : 0;
}

/* Items beyond those that serial would have done, at its rate; at most what was
 * inside chunks for longer than that: a chunk is counted whole, though the
 * search ended in it. */
static double thrown_s(const struct scope *scope, const struct record *r,
                       double regions, double skipped, double inflated_s,
                       double one_s) {
  if (!scope->stops_early || r->lowest_hit == FIELD_NULL)
    return (double)NAN;
  double needed = (double)r->lowest_hit + 1;
  double past = (double)r->size - skipped / regions - needed;
  return fmin(fmax(past, 0) / needed * one_s, fmax(inflated_s, 0));
}

/* Adds the terms of so many regions as a mean one is. */
static void add_regions(const struct scope *scope, const struct record *r,
                        const struct region *region, double times,
                        struct parts *parts) {
  const struct record_sums *s = region->sums;
  double *core_s = parts->core_s;
  double each = times / region->regions;
  double off_s = 0, late_off_s = 0;
  if (scope->cpu) {
    off_s = s->off_cpu_s * each - region->one_off_cpu_s * times;
    late_off_s = s->late_off_cpu_s * each;
  }
  double uneven_s = s->late_busy_s * each - late_off_s;
  double slower = slower_share(r);
  double inflated_s = s->busy_s * each - region->one_s * times - off_s;
  double past_s = thrown_s(scope, r, region->regions, (double)s->skipped_items,
                           inflated_s / times, region->one_s) *
                  times;
  core_s[TERM_START] += (s->start_s + s->late_start_s) * each;
  core_s[TERM_DISPATCH] += (s->dispatch_s + s->late_dispatch_s) * each;
  core_s[TERM_SENDING] += (s->send_s + s->late_send_s) * each;
  core_s[TERM_FEW] += s->few_s * each;
  core_s[TERM_JOIN] += s->join_s * each;
  core_s[TERM_IMBALANCE] += (1 - slower) * uneven_s;
  core_s[TERM_SLOWER] += slower * uneven_s;
  core_s[TERM_WAITING] += scope->cpu ? off_s + late_off_s : (double)NAN;
  parts->late_off_cpu_s += late_off_s;
  core_s[TERM_THROWN] += past_s;
  core_s[TERM_WORK] += inflated_s - (isnan(past_s) ? 0 : past_s);
}

/* ---- one trial ----------------------------------------------------------- */

/* What serial's workers were on no CPU in a region of its own; 0: not told. */
static double serial_off_cpu_s(const struct record_sums *sums) {
  return sums->regions > 0 && isfinite(sums->off_cpu_s)
             ? sums->off_cpu_s / (double)sums->regions
             : 0;
}

/* The same of regions in turns with a team's, on all its CPUs: what they took
 * beyond the CPU time that the work takes, at most as much as in serial's own
 * trial, which stays on one CPU. */
static double beside_off_cpu_s(double one_s, const struct record *one) {
  double off_s = serial_off_cpu_s(&one->sums);
  double cpu_s = mean(&one->regions_s) - off_s;
  return isfinite(cpu_s) ? fmin(fmax(one_s - cpu_s, 0), off_s) : off_s;
}

static void begin(struct parts *parts) {
  *parts = (struct parts){.total_s = 0};
  for (int term = TERM_LOCKED; term < TERMS; term++)
    parts->core_s[term] = (double)NAN;
}

/* Whether each is a share that can be told. */
static bool may_be_told(const struct parts *parts) {
  for (int term = 0; term < TERMS; term++)
    if (fabs(parts->core_s[term]) > most_share * parts->total_s)
      return false;
  return parts->total_s > 0;
}

bool breakdown_adds_up(const struct parts *parts) {
  double sum = 0, size = parts->total_s;
  for (int term = 0; term < TERMS; term++) {
    double core_s = isnan(parts->core_s[term]) ? 0 : parts->core_s[term];
    sum += core_s;
    size += fabs(core_s);
  }
  return may_be_told(parts) && fabs(sum - parts->total_s) <= exact * size;
}

bool breakdown_region(const struct scope *scope, int64_t round,
                      struct parts *parts) {
  const struct record *r = scope->series->trials[round];
  const struct record *one = scope->serial->trials[round];
  double one_s = r ? beside_s(r) : (double)NAN, one_off_s = 0;
  if (one && isnan(one_s)) {
    one_s = mean(&one->regions_s) * scope->growth;
    one_off_s = serial_off_cpu_s(&one->sums) * scope->growth;
  } else if (one) {
    one_off_s = beside_off_cpu_s(one_s, one);
  }
  if (!r || !(r->sums.regions > 0) || isnan(one_s))
    return false;
  const struct region region = {.regions = (double)r->sums.regions,
                                .sums = &r->sums,
                                .one_s = one_s,
                                .one_off_cpu_s = one_off_s};
  begin(parts);
  parts->core_s[TERM_USEFUL] = one_s;
  parts->core_s[TERM_SERIAL] = parts->core_s[TERM_INFLATED] = (double)NAN;
  add_regions(scope, r, &region, 1, parts);
  parts->total_s = (double)r->workers * r->sums.region_s / region.regions;
  return breakdown_adds_up(parts);
}

/* The phases of a program that are serial; touching alone may not be. */
static void phases_of(const struct record *r, double phases_s[PHASES]) {
  phases_s[PHASE_SETUP] = r->setup_s;
  phases_s[PHASE_START] = r->start_s;
  phases_s[PHASE_TOUCH] = r->touched_by_workers == 1 ? 0 : r->touch_s;
  phases_s[PHASE_FINISH] = r->finish_s;
  phases_s[PHASE_CLOSE] = isnan(r->close_s) ? 0 : r->close_s;
}

static double sum_of(const double phases_s[PHASES]) {
  double sum = 0;
  for (int phase = 0; phase < PHASES; phase++)
    sum += phases_s[phase];
  return sum;
}

/* A round's serial programs, their mean, for as many items. */
struct one {
  double program_s, serial_s, touch_s, off_cpu_s;
};

static struct one one_of(const struct scope *scope, int64_t round) {
  struct one one = {0, 0, 0, 0};
  double count = 0, phases_s[PHASES];
  for (int i = 0; i < 2; i++) {
    const struct record *r = scope->serial->cold[2 * round + i];
    if (!r)
      continue;
    phases_of(r, phases_s);
    one.program_s += r->program_s;
    one.serial_s += sum_of(phases_s);
    one.touch_s += r->touch_s;
    one.off_cpu_s +=
        serial_off_cpu_s(&r->program_sums) * (double)record_repeat(r);
    count++;
  }
  double times = scope->growth / count;
  return (struct one){one.program_s * times, one.serial_s * times,
                      one.touch_s * times, one.off_cpu_s * times};
}

/* Where the workers touch pages, that is work, of serial's, too. */
bool breakdown_program(const struct scope *scope, int64_t round,
                       struct parts *parts) {
  const struct record *r = scope->series->cold[2 * round];
  struct one one = one_of(scope, round);
  if (!r || !(r->program_sums.regions > 0) || !isfinite(one.program_s))
    return false;
  double workers = (double)r->workers, regions = (double)record_repeat(r);
  double touch_s = r->touched_by_workers == 1 ? r->touch_s : 0;
  double one_serial_s =
      one.serial_s - (r->touched_by_workers == 1 ? one.touch_s : 0);
  const struct record_sums *sums = &r->program_sums;
  const struct region region = {.regions = (double)sums->regions,
                                .sums = sums,
                                .one_s =
                                    (one.program_s - one_serial_s) / regions,
                                .one_off_cpu_s = one.off_cpu_s / regions};
  begin(parts);
  phases_of(r, parts->serial_s);
  double serial_s = sum_of(parts->serial_s);
  add_regions(scope, r, &region, regions, parts);
  parts->core_s[TERM_USEFUL] = one.program_s;
  parts->core_s[TERM_SERIAL] = (workers - 1) * serial_s;
  parts->core_s[TERM_INFLATED] = serial_s - one_serial_s;
  parts->core_s[TERM_WORK] += workers * touch_s;
  parts->total_s = workers * r->program_s;
  /* Between regions there is nothing but the way from one to the next. */
  parts->core_s[TERM_JOIN] +=
      workers * (r->program_s - serial_s - touch_s -
                 sums->region_s * regions / region.regions);
  return breakdown_adds_up(parts);
}

/* From outside: p T_p = T_1 + (C_p - C_1) + the rest, see outside.h. */
bool breakdown_outside(const struct scope *scope, int64_t round,
                       struct parts *parts) {
  const struct series *one = scope->serial, *series = scope->series;
  double one_s = scope->growth * one->by_round[PROGRAM][round];
  double one_cpu_s = scope->growth * one->by_round[CPU_TIME][round];
  double cpu_s = series->by_round[CPU_TIME][round];
  double workers = (double)series->first->workers;
  for (int term = 0; term < TERMS; term++)
    parts->core_s[term] = (double)NAN;
  for (int phase = 0; phase < PHASES; phase++)
    parts->serial_s[phase] = (double)NAN;
  parts->late_off_cpu_s = 0;
  parts->total_s = workers * series->by_round[PROGRAM][round];
  parts->core_s[TERM_USEFUL] = one_s;
  parts->core_s[TERM_MORE_CPU] = cpu_s - one_cpu_s;
  parts->core_s[TERM_MORE_IDLE] = parts->total_s - cpu_s - (one_s - one_cpu_s);
  return isfinite(parts->core_s[TERM_MORE_IDLE]) && may_be_told(parts);
}

/* breakdown_fixture.h: a run in which it is known where core-time went.  To be
 * included once, after cmocka.h. */
#ifndef CORESWEEP_BREAKDOWN_FIXTURE_H
#define CORESWEEP_BREAKDOWN_FIXTURE_H

#include "bench/tests/run_fixture.h"

#include <math.h>

enum { LOST_ROUNDS = 9, LOST_REGIONS = 4 };

/* Of one region, in seconds, all workers together; what a member does not say
 * is 0.  one_s: what serial takes for the same. */
struct lost {
  double one_s, start_s, dispatch_s, send_s, few_s, join_s, off_cpu_s, work_s;
  double late_start_s, late_dispatch_s, late_send_s, late_off_cpu_s, uneven_s;
  int64_t skipped_items;
};

static inline void near_to(double value, double expected) {
  if (!(fabs(value - expected) <= 1e-9 * (1 + fabs(expected))))
    fail_msg("%.17g, expected %.17g", value, expected);
}

/* All its core-time. */
static inline double lost_total_s(const struct lost *l) {
  return l->one_s + l->start_s + l->dispatch_s + l->send_s + l->few_s +
         l->join_s + l->off_cpu_s + l->work_s + l->late_start_s +
         l->late_dispatch_s + l->late_send_s + l->late_off_cpu_s + l->uneven_s;
}

/* The sums of so many regions, each of which lost that. */
static inline struct record_sums lost_sums(const struct lost *l, double regions,
                                           double workers) {
  return (struct record_sums){
      .regions = (int64_t)regions,
      .refused = 0,
      .region_s = regions * lost_total_s(l) / workers,
      .start_s = regions * l->start_s,
      .dispatch_s = regions * l->dispatch_s,
      .send_s = regions * l->send_s,
      .busy_s = regions * (l->one_s + l->off_cpu_s + l->work_s),
      .off_cpu_s = regions * l->off_cpu_s,
      .few_s = regions * l->few_s,
      .join_s = regions * l->join_s,
      .late_start_s = regions * l->late_start_s,
      .late_dispatch_s = regions * l->late_dispatch_s,
      .late_send_s = regions * l->late_send_s,
      .late_busy_s = regions * (l->uneven_s + l->late_off_cpu_s),
      .late_off_cpu_s = regions * l->late_off_cpu_s,
      .skipped_items = (int64_t)regions * l->skipped_items};
}

/* Adds a good trial. */
static inline struct record *lost_add(struct run *run, const char *phase,
                                      int64_t round, const char *workload,
                                      const char *variant, int64_t workers) {
  struct record *r = run_add(run, phase, round, workload, variant, workers);
  r->requested = strdup(variant);
  r->oversubscribed = false;
  return r;
}

/* Adds rounds of serial, and of a variant that loses that in each region, all
 * times as often. */
static inline void lost_regions(struct run *run, const char *workload,
                                const char *variant, int64_t workers,
                                const struct lost *l, double times) {
  struct lost one = {.one_s = l->one_s};
  for (int64_t round = 1; round <= LOST_ROUNDS; round++) {
    struct record *s = lost_add(run, "round", round, workload, "serial", 1);
    s->region_s = times * l->one_s;
    s->regions_s = numbers_of(LOST_REGIONS, times * l->one_s);
    s->sums = lost_sums(&one, LOST_REGIONS * times, 1);
    s->sums.regions = LOST_REGIONS;
    struct record *r =
        lost_add(run, "round", round, workload, variant, workers);
    r->region_s = times * lost_total_s(l) / (double)workers;
    r->regions_s = numbers_of(LOST_REGIONS, r->region_s);
    r->sums = lost_sums(l, LOST_REGIONS * times, (double)workers);
    r->sums.regions = LOST_REGIONS;
  }
}

/* Makes it a run of somebody's program, "xz", which uses one CPU, whatever it
 * is told. */
static inline void lost_outside(struct run *run) {
  run_empty(run);
  for (int64_t round = 1; round <= LOST_ROUNDS; round++)
    for (int64_t p = 1; p <= 2; p++) {
      struct record *r =
          lost_add(run, "round", round, "xz", p == 1 ? "serial" : "program", p);
      free(r->kernel);
      r->kernel = strdup(record_program);
      r->size = 1;
      r->region_s = r->program_s = r->wall_s = r->cpu_s = 10;
    }
}

#endif

/* analysis_fixture.h: a run of which all is known, in memory.  To be included
 * once, after cmocka.h. */
#ifndef CORESWEEP_ANALYSIS_FIXTURE_H
#define CORESWEEP_ANALYSIS_FIXTURE_H

#include "bench/analyze/prediction.h"
#include "bench/tests/run_fixture.h"

#include <math.h>
#include <string.h>

enum { PILOT = 0 };

static inline void near(double value, double expected, double tolerance) {
  if (!(fabs(value - expected) <= tolerance))
    fail_msg("%.17g, expected %.17g", value, expected);
}

static inline void same(struct interval a, struct interval b) {
  assert_memory_equal(&a, &b, sizeof a);
}

/* Adds a good trial; round PILOT: of the pilot.  A program takes four times
 * its region, a quarter of it serial; the process twice its program. */
static inline struct record *add(struct run *run, int64_t round,
                                 const char *variant, int64_t workers,
                                 double region_s) {
  bool pilot = round == PILOT;
  struct record *r =
      run_add(run, pilot ? "pilot" : "round", pilot ? FIELD_NULL : round,
              "cube/first=3", variant, workers);
  r->requested = strdup(variant);
  r->oversubscribed = false;
  r->region_s = r->region_first_s = region_s;
  r->program_s = 4 * region_s;
  r->setup_s = 0.5 * region_s;
  r->start_s = 0.125 * region_s;
  r->touch_s = 0.09375 * region_s;
  r->finish_s = 0.25 * region_s;
  r->close_s = 0.03125 * region_s;
  r->wall_s = 8 * region_s;
  return r;
}

static inline void set(char **text, const char *to) {
  free(*text);
  *text = strdup(to);
}

static inline void analyse(struct run *run) {
  run_analyse(run, NULL);
}

static inline const struct result *
find(const struct run *run, const char *requested, int64_t workers) {
  return run_find(run, "cube/first=3", requested, workers);
}

static inline struct interval fraction(const struct run *run,
                                       const char *requested) {
  return prediction_serial_fraction(&run->records, "cube/first=3", 0,
                                    requested);
}

/* Pairs by round: serial and two threads; one thread takes 1.25 of serial.
 * The ratios are 2 4 1/2 4 3 2 8 5 6 7; the medians' ratio is another. */
static const double serial_s[] = {2, 40, 1, 8, 6, 4, 0.8, 50, 0.6, 7};
static const double two_s[] = {1, 10, 2, 2, 2, 2, 0.1, 10, 0.1, 1};

static inline void fill(struct run *run, int rounds) {
  run_empty(run);
  for (int i = 0; i < 6; i++) {
    add(run, PILOT, "serial", 1, 1 + i);
    add(run, PILOT, "omp:static", 1, 1 + i);
  }
  for (int i = 0; i < rounds; i++) {
    add(run, i + 1, "omp:static", 2, two_s[i]);
    add(run, i + 1, "serial", 1, serial_s[i]);
    add(run, i + 1, "omp:static", 1, 1.25 * serial_s[i]);
  }
}

#endif

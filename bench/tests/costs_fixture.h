/* costs_fixture.h: records of trials that overheads are made of.  To be
 * included after cmocka.h. */
#ifndef CORESWEEP_COSTS_FIXTURE_H
#define CORESWEEP_COSTS_FIXTURE_H

#include "bench/record/record.h"

#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 6, MOST = 400 };

/* One record to be made. */
struct sample {
  const char *phase, *kernel, *params, *requested;
  int64_t workers, size;
  double start_s, first_s, region_s, pss;
};

#define NONE ((double)NAN)

/* Of that round, times being k times what the sample says. */
static inline void add_sample(struct records *records, const struct sample *s,
                              int64_t round, double k) {
  assert_true(records->count < MOST);
  struct record *r = &records->list[records->count++];
  record_clear(r);
  r->status = strdup("ok");
  r->phase = strdup(s->phase);
  r->kernel = strdup(s->kernel);
  r->workload = strdup(s->params);
  r->params = strdup(s->params);
  r->requested = strdup(s->requested);
  r->variant = strdup(s->requested);
  r->round = round;
  r->workers = s->workers;
  r->size = s->size;
  r->start_s = k * s->start_s;
  r->touch_s = r->close_s = 1e3 * r->start_s; /* no part of any cost */
  r->region_first_s = k * s->first_s;
  r->region_s = k * s->region_s;
  r->team_pss_bytes = k * s->pss;
}

/* In round r = 1 to 6 everything takes (1 + r/10) times what is written:
 * medians are 1.35 times it, and intervals 1.1 to 1.6 times. */
static inline void add_rounds(struct records *records,
                              const struct sample *samples, size_t count) {
  for (int64_t r = 1; r <= ROUNDS; r++)
    for (size_t i = 0; i < count; i++)
      add_sample(records, &samples[i], r, 1 + (double)r / 10);
}

#endif

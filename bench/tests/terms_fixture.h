/* terms_fixture.h: a loss of each term, and what is to be said of it.  To be
 * included once, after cmocka.h. */
#ifndef CORESWEEP_TERMS_FIXTURE_H
#define CORESWEEP_TERMS_FIXTURE_H

#include "bench/tests/breakdown_fixture.h"

static const char work[] = "cube/first=3";

/* Of each term another loss: powers of two are exact. */
static const struct lost all_lost = {.one_s = 8,
                                     .start_s = 0.25,
                                     .dispatch_s = 0.125,
                                     .send_s = 0.0625,
                                     .few_s = 0.5,
                                     .join_s = 0.03125,
                                     .off_cpu_s = 0.75,
                                     .work_s = 1,
                                     .late_start_s = 0.015625,
                                     .late_dispatch_s = 2,
                                     .late_send_s = -0.03125,
                                     .late_off_cpu_s = 0.375,
                                     .uneven_s = 1.5};

static inline double share_sum(const struct breakdown *b) {
  double sum = 0;
  for (int t = 0; t < TERMS; t++)
    sum += isnan(b->share[t].median) ? 0 : b->share[t].median;
  return sum;
}

static inline void is_term(const struct breakdown *b, enum term term,
                           double core_s, double total_s) {
  near_to(b->core_s[term].median, core_s);
  near_to(b->core_s[term].low, core_s); /* all trials are alike */
  near_to(b->core_s[term].high, core_s);
  near_to(b->share[term].median, core_s / total_s);
}

static inline void is_untold(const struct breakdown *b, enum term term) {
  assert_true(isnan(b->core_s[term].median));
  assert_true(isnan(b->share[term].median));
}

#endif

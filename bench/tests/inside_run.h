/* inside_run.h: a run of an observed program that is made up, and what follows
 * from it.  To be included after cmocka.h. */
#ifndef CORESWEEP_INSIDE_RUN_H
#define CORESWEEP_INSIDE_RUN_H

#include "bench/analyze/analysis.h"
#include "bench/tests/inside_fixture.h"

#include <math.h>

enum { ROUNDS = 9 };

static inline void assert_near(double got, double wanted) {
  if (!(fabs(got - wanted) <= 1e-9 * fabs(wanted) + 1e-12))
    fail_msg("%.12g instead of %.12g", got, wanted);
}

/* With one worker 10 s, of them 9 with a region open, 3 in critical sections.
 * With four 5 s, of them 3.9: 1.1 are serial.  Each number is another, so that
 * none can be taken for another. */
static const struct inside_made inside_one[] = {
    {.name = "fft.c:42",
     .calls = 3,
     .team = 1,
     .wall = 6,
     .work = 6,
     .critical = 3},
    {.name = "sum.c:7", .calls = 1, .team = 1, .wall = 3, .work = 3},
};

/* fft.c: 4 x 2.5 = 10: of them 7.2 of work, and what is not.  sum.c: 1.4 s with
 * a team of two: 2.8, and as much that two others have nothing to do. */
static const struct inside_made inside_four[] = {
    {.name = "fft.c:42",
     .calls = 3,
     .team = 4,
     .wall = 2.5,
     .start = 0.1,
     .work = 7.2,
     .dispatch = 0.2,
     .lock = 0.3,
     .task = 0.15,
     .behind = 0.4,
     .release = 0.05,
     .join = 0.25,
     .late_start = 0.02,
     .late_work = 1.1,
     .late_dispatch = 0.03,
     .late_lock = 0.04,
     .late_task = 0.06,
     .late_barrier = 0.1,
     .uneven = 0.4375},
    {.name = "sum.c:7",
     .calls = 1,
     .team = 2,
     .wall = 1.4,
     .work = 2.7,
     .join = 0.1},
};

static inline void inside_add_observed(struct records *records, int64_t round) {
  struct record *r;
  inside_add(records, "observed", round, 1, 10, &r);
  inside_fill(r, 9, inside_one, 2);
  inside_add(records, "observed", round, 4, 5, &r);
  inside_fill(r, 3.9, inside_four, 2);
}

/* Timed runs are 2% shorter than those. */
static inline void inside_add_run(struct records *records, bool pilot) {
  struct record *r;
  *records = (struct records){0};
  inside_add(records, "warmup", 0, 1, 12, &r);
  inside_add(records, "warmup", 0, 4, 6, &r);
  if (pilot) {
    inside_add(records, "pilot", 0, 1, 10, &r);
    inside_fill(r, 9, inside_one, 2);
  }
  for (int64_t round = 1; round <= ROUNDS; round++) {
    inside_add(records, "round", round, 1, 10 / 1.02, &r);
    inside_add(records, "round", round, 4, 5 / 1.02, &r);
    if (pilot)
      inside_add_observed(records, round);
  }
}

/* The same of a program that opens no region with one worker: the pilot looked
 * at a team, too, and runs with one are not observed. */
static inline void inside_add_team_run(struct records *records) {
  struct record *r;
  *records = (struct records){0};
  inside_add(records, "warmup", 0, 1, 12, &r);
  inside_add(records, "warmup", 0, 4, 6, &r);
  inside_add(records, "pilot", 0, 1, 10, &r);
  r->unobserved = strdup("no parallel region came by");
  inside_add(records, "pilot", 0, 4, 5, &r);
  inside_fill(r, 3.9, inside_four, 2);
  for (int64_t round = 1; round <= ROUNDS; round++) {
    inside_add(records, "round", round, 1, 9, &r);
    inside_add(records, "round", round, 4, 5 / 1.02, &r);
    inside_add(records, "observed", round, 4, 5, &r);
    inside_fill(r, 3.9, inside_four, 2);
  }
}

/* Records, and what they come to; released by itself. */
struct inside_run {
  struct records records;
  struct analysis analysis;
};

/* Analyses them, anew. */
static inline void inside_analyse(struct inside_run *run) {
  struct problem problem = {""};
  analysis_free(&run->analysis);
  assert_int_equal(
      analysis_make(&run->records, NULL, NULL, NULL, &run->analysis, &problem),
      0);
}

/* Begins with that run, its pilot too. */
static inline int inside_open(void **state) {
  static struct inside_run run;
  run = (struct inside_run){.records = {0}};
  inside_add_run(&run.records, true);
  *state = &run;
  return 0;
}

/* The same without observed runs. */
static inline void inside_unobserve(struct inside_run *run) {
  records_free(&run->records);
  inside_add_run(&run->records, false);
}

/* The same of a program that opens regions with several workers alone. */
static inline void inside_leave_the_team(struct inside_run *run) {
  records_free(&run->records);
  inside_add_team_run(&run->records);
}

static inline int inside_close(void **state) {
  struct inside_run *run = *state;
  records_free(&run->records);
  analysis_free(&run->analysis);
  return 0;
}

/* The point with four workers. */
static inline const struct result *inside_point(const struct inside_run *run) {
  return analysis_find(&run->analysis, "p", "program", 4);
}

/* The observed runs of a round with so many workers, or of the pilot, one after
 * the other; NULL: no more. */
static inline struct record *inside_next(struct inside_run *run,
                                         const char *phase, int64_t workers,
                                         size_t *at) {
  while (*at < run->records.count) {
    struct record *r = &run->records.list[(*at)++];
    if (r->workers == workers && strcmp(r->phase, phase) == 0)
      return r;
  }
  return NULL;
}

/* The program itself with one worker takes 10 s, the other one 8 s. */
static inline void inside_add_another(struct inside_run *run) {
  struct record *r;
  for (size_t i = 0; i < run->records.count; i++) {
    r = &run->records.list[i];
    if (r->workers != 1)
      continue;
    free(r->requested);
    r->requested = strdup("program");
    free(r->variant);
    r->variant = strdup("program");
    if (strcmp(r->phase, "round") == 0)
      r->program_s = r->wall_s = 10;
  }
  for (int64_t round = 1; round <= ROUNDS; round++)
    inside_add(&run->records, "round", round, 1, 8, &r);
}

/* Of ten seconds so many in a region of a team of two. */
static inline void inside_make_larger(struct inside_run *run, double wall_s) {
  static const char *const phases[] = {"pilot", "observed"};
  for (size_t p = 0; p < 2; p++) {
    size_t at = 0;
    struct record *r;
    while ((r = inside_next(run, phases[p], 1, &at))) {
      r->inside.team.values[1] = 2;
      r->inside.wall_s.values[1] = r->inside.core_s.values[1] =
          r->inside.work_s.values[1] = wall_s;
    }
  }
}

#define IN_INSIDE(test)                                                        \
  cmocka_unit_test_setup_teardown(test, inside_open, inside_close)

#endif

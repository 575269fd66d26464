/* engine_fixture.h: an engine on an executor that is made up, and a planner
 * that gives what was written down.  To be included after cmocka.h. */
#ifndef CORESWEEP_ENGINE_FIXTURE_H
#define CORESWEEP_ENGINE_FIXTURE_H

#include "bench/sweep/engine.h"
#include "bench/tests/asked_fixture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRIALS = 400, POINTS = 8, BATCHES = 3 };

/* Every trial takes a second, shared or not; remembers what it was asked. */
struct made_up {
  struct executor base;
  struct trial_request requests[TRIALS];
  char expected[TRIALS][20], policy[TRIALS][20];
  uint32_t count;
  uint32_t fail_at; /* the number, from 1, of the one that fails; 0: none */
  uint32_t stop_at; /* the one before which all ends */
  double clock_s;
};

static inline void fill(const struct made_up *m,
                        const struct trial_request *request,
                        struct record *record) {
  bool fails = m->count == m->fail_at;
  asked_record(request, fails ? "wrong" : "ok", record);
  record->error = fails ? strdup("by order") : NULL;
  record->phase = strdup("trial");
  record->region_s = 1;
  if (request->place == 0)
    record->wall_s = 1;
  /* One's own, so that it shows whose is expected. */
  assert_true(asprintf(&record->digest, "digest-%u", m->count) > 0);
}

static inline int run(struct executor *self,
                      const struct trial_request *request,
                      struct record *records, struct problem *problem) {
  struct made_up *m = (struct made_up *)(void *)self;
  const char *policy = getenv("OMP_WAIT_POLICY");
  if (m->stop_at && m->count + 1 >= m->stop_at)
    return problem_failure(problem, "stopped");
  assert_true(m->count < TRIALS);
  m->requests[m->count] = *request;
  strcpy(m->expected[m->count], request->expect);
  strcpy(m->policy[m->count], policy ? policy : "");
  m->count++;
  for (uint32_t i = 0; i <= request->also_count; i++) {
    const struct trial_request point = trial_request_of(request, i);
    fill(m, &point, &records[i]);
  }
  m->clock_s += 1;
  return PROBLEM_NONE;
}

static inline double now_s(struct executor *self) {
  return ((struct made_up *)(void *)self)->clock_s;
}

/* Gives batches that were written down, and remembers what it was told. */
struct script {
  struct planner base;
  struct batch batches[BATCHES];
  size_t count, at;
  struct so_far told[BATCHES + 1];
  size_t last[BATCHES + 1][TRIALS];
  uint32_t last_points[BATCHES + 1][TRIALS];
};

static inline int next(struct planner *self, const struct so_far *so_far,
                       struct batch *batch, struct problem *problem) {
  struct script *s = (struct script *)self;
  (void)problem;
  s->told[s->at] = *so_far;
  for (size_t i = 0; i < so_far->last_count; i++) {
    s->last[s->at][i] = so_far->last[i];
    s->last_points[s->at][i] = so_far->last_points[i];
  }
  if (s->at < s->count)
    *batch = s->batches[s->at++];
  return PROBLEM_NONE;
}

struct fixture {
  struct made_up executor;
  struct script script;
  struct engine engine;
  struct records records;
  struct workload workloads[2];
  struct point points[POINTS];
  struct problem problem;
};

/* Points of sizes 1, 2, ... of the first workload. */
static inline int begin(void **state) {
  static const int cpus[] = {-1};
  struct fixture *f = calloc(1, sizeof *f);
  *state = f;
  if (!f || workload_parse("spin", &f->workloads[0], &f->problem) != 0 ||
      workload_parse("cube", &f->workloads[1], &f->problem) != 0)
    return -1;
  f->executor.base = (struct executor){.run = run, .now_s = now_s};
  f->script.base.next = next;
  f->engine = (struct engine){.executor = &f->executor.base,
                              .fd = -1,
                              .cpus = cpus,
                              .usable_cpus = 3,
                              .seed = 7,
                              .records = &f->records};
  for (uint32_t i = 0; i < POINTS; i++)
    f->points[i] = (struct point){.workload = &f->workloads[0],
                                  .variant = {.team = "serial"},
                                  .workers = 1,
                                  .size = i + 1,
                                  .phase = "phase"};
  return 0;
}

static inline int end(void **state) {
  struct fixture *f = *state;
  engine_free(&f->engine);
  records_free(&f->records);
  free(f);
  return 0;
}

static inline struct batch *add(struct fixture *f, size_t count,
                                uint32_t rounds) {
  struct batch *batch = &f->script.batches[f->script.count++];
  *batch = (struct batch){
      .points = f->points, .count = count, .rounds = rounds, .first_round = 1};
  return batch;
}

static inline int go(struct fixture *f) {
  engine_begin(&f->engine);
  return engine_run(&f->engine, &f->script.base, &f->problem);
}

static inline const struct record *record(const struct fixture *f,
                                          size_t index) {
  assert_true(index < f->records.count);
  return &f->records.list[index];
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

#endif

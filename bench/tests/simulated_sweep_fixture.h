/* simulated_sweep_fixture.h: whole sweeps on a simulated machine, planned, run
 * and analysed as any other.  To be included once, after cmocka.h. */
#ifndef CORESWEEP_SIMULATED_SWEEP_FIXTURE_H
#define CORESWEEP_SIMULATED_SWEEP_FIXTURE_H

#include "bench/analyze/analysis.h"
#include "bench/sweep/plan_make.h"
#include "bench/sweep/sweep.h"
#include "bench/tests/simulated_fixture.h"

#include <string.h>

/* A sweep that has been run on the machine of `bed`, which is described before
 * it. */
struct swept {
  struct plan plan;
  struct records records;
  struct environment environment;
  struct analysis analysis;
  /* Of the first rounds: what was known before them.  May be NULL. */
  void (*before)(const struct records *pilots);
};

static struct swept swept;

static inline int swept_decided(void *context, enum sweep_decision decision,
                                const struct so_far *so_far,
                                struct problem *problem) {
  const struct swept *s = context;
  (void)problem;
  if (decision == SWEEP_ROUNDS && s->before)
    s->before(so_far->records);
  return PROBLEM_NONE;
}

static inline void swept_measure(struct swept *s, bool metered) {
  struct problem problem = {""};
  const struct sweep_hooks hooks = {s, swept_decided, NULL, NULL};
  struct sweep sweep = sweep_make(&s->plan, &hooks);
  struct engine engine = {.executor = &bed.executor.base,
                          .path = "trials.jsonl",
                          .fd = -1,
                          .cpus = bed.cpus,
                          .usable_cpus = bed.machine.usable_cpus,
                          .seed = s->plan.seed,
                          .records = &s->records};
  sweep.metered = metered;
  engine_begin(&engine);
  if (engine_run(&engine, &sweep.base, &problem) != 0)
    fail_msg("%s", problem.text);
  assert_int_equal(engine.bad, 0);
  engine_free(&engine);
  sweep_free(&sweep);
}

static inline void swept_analyse(struct swept *s) {
  struct problem problem = {""};
  const struct plan_facts facts = {.scaling = "strong",
                                   .usable_cpus = s->plan.usable_cpus};
  fields_clear(environment_fields, &s->environment);
  environment_topology(&bed.machine, "cores", &s->environment);
  s->environment.online_cpus = bed.machine.topology.cpu_count;
  analysis_free(&s->analysis);
  if (analysis_make(&s->records, &facts, &s->environment, NULL, &s->analysis,
                    &problem) != 0)
    fail_msg("%s", problem.text);
}

/* Runs a sweep as asked for, and analyses it; metered: with what the machine's
 * memory does. */
static inline void
swept_run(struct swept *s, const struct sweep_request *request, bool metered) {
  struct problem problem = {""};
  bed_begin(&bed, "spin", request->seed);
  if (plan_make(request, &bed.machine, &s->plan, &problem) != 0)
    fail_msg("%s", problem.text);
  swept_measure(s, metered);
  swept_analyse(s);
}

/* The result, which must be there. */
static inline const struct result *swept_result(const struct swept *s,
                                                const char *workload,
                                                const char *requested,
                                                int64_t workers) {
  const struct result *r =
      analysis_find(&s->analysis, workload, requested, workers);
  if (!r)
    fail_msg("no result of %s, %s, %d", workload, requested, (int)workers);
  return r;
}

static inline void swept_free(struct swept *s) {
  analysis_free(&s->analysis);
  fields_free(environment_fields, &s->environment);
  records_free(&s->records);
  plan_free(&s->plan);
  bed_end(&bed);
  *s = (struct swept){.before = NULL};
}

static inline int swept_begin(void **state) {
  swept = (struct swept){.before = NULL};
  return bed_describe(state);
}

static inline int swept_end(void **state) {
  (void)state;
  swept_free(&swept);
  return 0;
}

#define ON_SWEEP(test)                                                         \
  cmocka_unit_test_setup_teardown(test, swept_begin, swept_end)

#endif

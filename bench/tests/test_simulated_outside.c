/* test_simulated_outside.c: sweeps over somebody else's program of which it is
 * known what its cores do: both terms that are told from outside are that, to
 * 1 ns up to 256 workers, and who uses one CPU is found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/analyze/analysis.h"
#include "bench/plan/program.h"
#include "bench/sweep/program_plan.h"
#include "bench/tests/asked_fixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 256, ROUNDS = 3 };

/* What the program is, in ns of its one worker: serial work, work that is
 * shared, more of that for each further worker, and sleep. */
struct kind {
  int64_t serial_ns, shared_ns, more_ns, sleep_ns;
};

/* Runs of it on a clock of its own. */
struct made_up {
  struct executor base;
  struct kind kind;
  double clock_s;
};

static int64_t cpu_ns(const struct kind *kind, int64_t p) {
  return kind->serial_ns + kind->shared_ns + (p - 1) * kind->more_ns;
}

/* Whole: what is shared is a multiple of p. */
static int64_t wall_ns(const struct kind *kind, int64_t p) {
  int64_t each_ns = (kind->shared_ns + (p - 1) * kind->more_ns + p - 1) / p;
  return kind->serial_ns + kind->sleep_ns + each_ns;
}

static int run(struct executor *self, const struct trial_request *request,
               struct record *record, struct problem *problem) {
  struct made_up *m = (struct made_up *)(void *)self;
  (void)problem;
  asked_record(request, "ok", record);
  record->correct = 1;
  record->program_s = record->wall_s =
      (double)wall_ns(&m->kind, request->workers) * 1e-9;
  record->cpu_s = (double)cpu_ns(&m->kind, request->workers) * 1e-9;
  m->clock_s += record->wall_s;
  return PROBLEM_NONE;
}

static double now_s(struct executor *self) {
  return ((struct made_up *)(void *)self)->clock_s;
}

static struct program program;
static struct records records;
static struct analysis analysis;

/* A sweep over all counts. */
static void sweep(const struct kind *kind) {
  static const int cpus[MOST] = {-1};
  static uint32_t counts[MOST];
  struct made_up executor = {.base = {.run = run, .now_s = now_s},
                             .kind = *kind};
  struct program_plan plan;
  struct problem problem = {""};
  for (uint32_t p = 1; p <= MOST; p++)
    counts[p - 1] = p;
  const struct program_scope scope = {.programs = &program,
                                      .program_count = 1,
                                      .counts = counts,
                                      .count_count = MOST,
                                      .rounds = ROUNDS,
                                      .rounds_given = true};
  assert_int_equal(program_plan_make(&scope, &plan, &problem), 0);
  struct engine engine = {.executor = &executor.base,
                          .fd = -1,
                          .cpus = cpus,
                          .usable_cpus = MOST,
                          .seed = 1,
                          .records = &records};
  engine_begin(&engine);
  assert_int_equal(engine_run(&engine, &plan.base, &problem), 0);
  engine_free(&engine);
  program_plan_free(&plan);
  assert_int_equal(
      analysis_make(&records, NULL, NULL, NULL, &analysis, &problem), 0);
}

static int begin(void **state) {
  (void)state;
  program = (struct program){.name = strdup("a")};
  return program.name ? 0 : -1;
}

static int end(void **state) {
  (void)state;
  analysis_free(&analysis);
  records_free(&records);
  records = (struct records){0};
  program_free(&program);
  return 0;
}

static const struct result *result_of(int64_t p) {
  for (size_t i = 0; i < analysis.result_count; i++)
    if (analysis.results[i].workers == p &&
        !result_is_serial(&analysis.results[i]))
      return &analysis.results[i];
  fail_msg("no result with %d workers", (int)p);
  return NULL;
}

static void is_ns(const struct breakdown *b, enum term term, int64_t of_ns,
                  int64_t total_ns) {
  if (llabs(llround(b->core_s[term].median * 1e9) - of_ns) > 1)
    fail_msg("%s is %.12g s, not %lld ns", breakdown_terms[term].key,
             b->core_s[term].median, (long long)of_ns);
  assert_true(fabs(b->share[term].median * (double)total_ns - (double)of_ns) <=
              1 + 5e-9 * (double)total_ns);
}

static void both_terms_are_what_was_injected(void **state) {
  const struct kind kind = {1000003, 3000017, 2003, 700001};
  (void)state;
  sweep(&kind);
  for (int64_t p = 2; p <= MOST; p++) {
    const struct breakdown *b = &result_of(p)->breakdown;
    int64_t total_ns = p * wall_ns(&kind, p), more_ns = (p - 1) * kind.more_ns;
    assert_true(b->told);
    is_ns(b, TERM_USEFUL, wall_ns(&kind, 1), total_ns);
    is_ns(b, TERM_MORE_CPU, more_ns, total_ns);
    /* What sleeps with one worker already is none of the cores' to lose. */
    is_ns(b, TERM_MORE_IDLE, total_ns - cpu_ns(&kind, p) - kind.sleep_ns,
          total_ns);
    for (int t = TERM_USEFUL + 1; t < TERM_MORE_CPU; t++)
      assert_true(isnan(b->core_s[t].median));
  }
}

/* All of it serial: 1 CPU, whatever it is told. */
static void who_uses_one_cpu_is_found(void **state) {
  const struct kind kind = {5000000, 0, 0, 0};
  (void)state;
  sweep(&kind);
  for (int64_t p = 2; p <= MOST; p *= 2) {
    const struct cause *c = &result_of(p)->cause;
    assert_string_equal(c->term, "more_idle");
    assert_string_equal(c->rule, "one-cpu");
    assert_int_equal(c->evidence_count, 1);
    assert_string_equal(c->evidence[0].name, "cpus_used");
    assert_true(fabs(c->evidence[0].value - 1) < 1e-9);
  }
}

/* Half of it is: two CPUs are used, by two or more. */
static void who_uses_more_is_not(void **state) {
  const struct kind kind = {2000000, 8000000, 0, 0};
  (void)state;
  sweep(&kind);
  const struct cause *c = &result_of(8)->cause;
  assert_string_equal(c->rule, "not-explained");
  assert_non_null(strstr(c->ruled_out, "one-cpu"));
}

#define WITH_PROGRAM(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void) {
  const struct CMUnitTest tests[] = {
      WITH_PROGRAM(both_terms_are_what_was_injected),
      WITH_PROGRAM(who_uses_one_cpu_is_found),
      WITH_PROGRAM(who_uses_more_is_not),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_crossing_plan.c: from the first pair of a search to its answer: who
 * runs first, what is verified, how often a region is timed.  On an executor
 * that is made up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/analyze/crossing_plan.h"

#include <stdlib.h>
#include <string.h>

enum { ORDERS = 2000 };

/* Remembers what it was asked for. */
struct made_up {
  struct executor base;
  struct trial_request orders[ORDERS];
  char digests[ORDERS][20];
  size_t count;
};

static int run(struct executor *self, const struct trial_request *order,
               struct record *record, struct problem *problem) {
  struct made_up *m = (struct made_up *)(void *)self;
  (void)problem;
  assert_true(m->count < ORDERS);
  strcpy(m->digests[m->count], order->expect);
  m->orders[m->count++] = *order;
  record_clear(record);
  record->schema = RECORD_SCHEMA;
  record->status = strdup("ok");
  record->kernel = strdup(order->workload->kernel->name);
  record->workload = strdup(order->workload->name);
  record->variant = strdup(order->variant.team);
  record->workers = order->workers;
  record->size = (int64_t)order->size;
  assert_true(asprintf(&record->digest, "%016x", (unsigned)order->size) > 0);
  /* A team costs as much as 500 items. */
  record->region_s = 1e-6 * (double)order->size / order->workers +
                     (order->workers > 1 ? 500e-6 : 0);
  record->program_s = 2 * record->region_s;
  record->regions_s.values = calloc(order->iterations + 1, sizeof(double));
  record->regions_s.count = order->iterations;
  record->wall_s = 3 * record->region_s;
  return PROBLEM_NONE;
}

static double now_s(struct executor *self) {
  (void)self;
  return 0;
}

enum { ROUNDS = 6 };

static const struct crossing_experiment experiment = {
    .name = "breakeven",
    .question = CROSSING_BREAKEVEN,
    .sizes = 9,
    .ratio = 1.4142135623730951};

/* Cases from their searches to their ends: two workers win from 1000 items on.
 */
static void climb(struct made_up *m, bool program, struct crossing_case *c,
                  size_t count) {
  static const int cpus[] = {-1, -1, -1};
  static const struct variant_spec specs[] = {{.team = "omp"},
                                              {.team = "pool"}};
  static struct workload workload;
  struct problem problem = {""};
  struct records records = {.list = NULL};
  *m = (struct made_up){.base = {.run = run, .now_s = now_s}};
  assert_int_equal(workload_parse("spin", &workload, &problem), 0);
  for (size_t i = 0; i < count; i++)
    c[i] = (struct crossing_case){.question = CROSSING_BREAKEVEN,
                                  .workload = &workload,
                                  .variant = "static",
                                  .scope = program ? "program" : "region",
                                  .workers = 2};
  struct crossing_plan plan = {.experiment = &experiment,
                               .cases = c,
                               .specs = specs,
                               .case_count = count,
                               .usable_cpus = 2,
                               .rounds = ROUNDS,
                               .trial_s = 0.12,
                               .regions_s = 0.003,
                               .program = program};
  struct engine engine = {.executor = &m->base,
                          .fd = -1,
                          .cpus = cpus,
                          .usable_cpus = 2,
                          .seed = 3,
                          .records = &records};
  engine_begin(&engine);
  crossing_plan_begin(&plan);
  if (engine_run(&engine, &plan.base, &problem) != 0)
    fail_msg("%s", problem.text);
  crossing_plan_conclude(&plan, 3);
  assert_int_equal(engine.ordered, m->count);
  crossing_plan_free(&plan);
  engine_free(&engine);
  records_free(&records);
}

static bool is_serial(const struct trial_request *order) {
  return strcmp(order->variant.team, "serial") == 0;
}

/* Every size is verified in full once, by a serial trial, before it is used. */
static void assert_verified(const struct made_up *m) {
  for (size_t i = 0; i < m->count; i++) {
    bool known = false;
    char digest[20];
    for (size_t k = 0; k < i; k++)
      known = known || m->orders[k].size == m->orders[i].size;
    snprintf(digest, sizeof digest, "%016x", (unsigned)m->orders[i].size);
    assert_string_equal(m->digests[i], known ? digest : "");
    assert_true(known || is_serial(&m->orders[i]));
    assert_int_equal(m->orders[i].workers, is_serial(&m->orders[i]) ? 1 : 2);
    assert_int_equal(m->orders[i].seed, 3);
  }
}

/* The search: five pairs at a size, serial first in 1, 3 and 5. */
static void assert_pairs(const struct made_up *m, bool program) {
  for (size_t k = 0; k < 10; k++) {
    const struct trial_request *order = &m->orders[1 + k];
    assert_int_equal(order->size, m->orders[0].size);
    assert_int_equal(is_serial(order), k % 4 == 0 || k % 4 == 3);
    assert_int_equal(order->warmups, !program);
  }
}

/* The rounds at the end: each size's pair once a round, not always in the same
 * order, and the first of a pair in turns. */
static void assert_rounds(const struct made_up *m,
                          const struct crossing_case *c, bool program) {
  size_t sizes = c->grids[0].count, first = m->count - 2 * sizes * ROUNDS;
  bool shuffled = false;
  for (size_t i = first; i < m->count; i += 2) {
    const struct trial_request *one = &m->orders[i], *other = one + 1;
    size_t round = (i - first) / (2 * sizes);
    size_t same = i >= first + 2 * sizes ? i - 2 * sizes : i;
    assert_int_equal(one->size, other->size);
    assert_int_equal(is_serial(one), round % 2 == 0);
    assert_int_equal(is_serial(other), round % 2 == 1);
    shuffled = shuffled || m->orders[same].size != one->size;
    /* 3 ms of regions, but from 3 to 15 of them. */
    double regions = 0.003 / (1e-6 * (double)one->size);
    uint32_t most = regions > 15 ? 15 : regions < 3 ? 3 : (uint32_t)regions;
    assert_int_equal(one->iterations, program ? 0 : most);
    assert_int_equal(other->iterations, one->iterations);
  }
  assert_true(shuffled);
}

static void assert_climb(bool program) {
  static struct made_up m;
  static struct crossing_case c;
  climb(&m, program, &c, 1);
  assert_verified(&m);
  assert_pairs(&m, program);
  assert_int_equal(c.grid_count, 1);
  assert_rounds(&m, &c, program);
  assert_int_equal(c.outcome, CROSSING_FOUND);
  assert_true(c.crossings[0].size.median > 900 &&
              c.crossings[0].size.median < 1100);
  crossing_case_free(&c);
}

static void test_regions(void **state) {
  (void)state;
  assert_climb(false);
}

static void test_programs(void **state) {
  (void)state;
  assert_climb(true);
}

/* What one case has verified the next one knows: beside pairs, there is a
 * serial trial of each size. */
static void test_verified_once(void **state) {
  static struct made_up m;
  static struct crossing_case c[2];
  size_t serial = 0, sizes = 0;
  (void)state;
  climb(&m, false, c, 2);
  assert_verified(&m);
  for (size_t i = 0; i < m.count; i++) {
    bool known = false;
    for (size_t k = 0; k < i; k++)
      known = known || m.orders[k].size == m.orders[i].size;
    sizes += !known;
    serial += is_serial(&m.orders[i]);
  }
  assert_int_equal(serial - (m.count - serial), sizes);
  for (size_t i = 0; i < 2; i++)
    crossing_case_free(&c[i]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_regions),
      cmocka_unit_test(test_programs),
      cmocka_unit_test(test_verified_once),
  };
  return cmocka_run_group_tests_name("crossing_plan", tests, NULL, NULL);
}

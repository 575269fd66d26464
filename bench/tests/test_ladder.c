/* test_ladder.c: how the trials of a pair at a size are ordered: who runs
 * first, what is verified, how often a region is timed.  On an executor that
 * is made up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/sweep/ladder.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ORDERS = 100 };

/* Remembers what it was asked for. */
struct made_up {
  struct executor base;
  struct trial_order orders[ORDERS];
  char digests[ORDERS][20];
  size_t count;
};

static int run(struct executor *self, const struct trial_order *order,
               struct record *record, struct problem *problem) {
  struct made_up *m = (struct made_up *)(void *)self;
  (void)problem;
  assert_true(m->count < ORDERS);
  strcpy(m->digests[m->count], order->digest);
  m->orders[m->count++] = *order;
  record_clear(record);
  record->schema = RECORD_SCHEMA;
  record->status = strdup("ok");
  record->kernel = strdup(order->setting->kernel->name);
  record->setting = strdup(order->setting->name);
  record->variant = strdup(order->variant.team);
  record->workers = order->workers;
  record->size = (int64_t)order->size;
  assert_true(asprintf(&record->digest, "%016x", (unsigned)order->size) > 0);
  record->region_s = 1e-6 * (double)order->size / order->workers;
  record->program_s = 2 * record->region_s;
  record->wall_s = 3 * record->region_s;
  return PROBLEM_NONE;
}

static double now_s(struct executor *self) {
  (void)self;
  return 0;
}

/* Four rounds of pairs at each of two sizes. */
static void climb(struct made_up *m, enum ladder_scope scope) {
  static const int cpus[] = {-1, -1, -1};
  static struct setting setting;
  struct problem problem = {""};
  struct ladder_pair pair;
  *m = (struct made_up){.base = {.run = run, .now_s = now_s}};
  assert_int_equal(setting_parse("spin", &setting, &problem), 0);
  struct ladder ladder = {.executor = &m->base,
                          .path = "/dev/null",
                          .fd = open("/dev/null", O_WRONLY),
                          .setting = &setting,
                          .variant = {.team = "omp"},
                          .workers = 2,
                          .usable_cpus = 2,
                          .cpus = cpus,
                          .seed = 3,
                          .phase = "breakeven",
                          .scope = scope,
                          .regions_s = 0.003};
  for (uint64_t size = 400; size <= 4000; size *= 10)
    for (uint32_t round = 1; round <= 4; round++) {
      assert_int_equal(
          ladder_pair(&ladder, size, round, false, &pair, &problem), 0);
      double serial_s = 1e-6 * (double)size * (scope == LADDER_PROGRAM ? 2 : 1);
      assert_true(pair.serial_s == serial_s);
      assert_true(pair.parallel_s == serial_s / 2);
    }
  assert_int_equal(ladder.ordered, m->count);
  close(ladder.fd);
  ladder_free(&ladder);
}

static void assert_climb(enum ladder_scope scope) {
  static struct made_up m;
  climb(&m, scope);
  assert_int_equal(m.count, 2 * (1 + 4 * 2));
  for (size_t i = 0; i < m.count; i++) {
    const struct trial_order *order = &m.orders[i];
    size_t k = i % 9; /* of that size */
    uint64_t size = i < 9 ? 400 : 4000;
    bool region = scope == LADDER_REGION;
    assert_int_equal(order->size, size);
    assert_int_equal(order->seed, 3);
    assert_int_equal(order->warmups, region);
    if (k == 0) { /* verified in full, for the others */
      assert_string_equal(m.digests[i], "");
      assert_int_equal(order->workers, 1);
      continue;
    }
    char digest[20];
    snprintf(digest, sizeof digest, "%016x", (unsigned)size);
    assert_string_equal(m.digests[i], digest);
    /* Serial first in rounds 1 and 3, last in 2 and 4. */
    bool serial = (k - 1) % 4 == 0 || (k - 1) % 4 == 3;
    assert_string_equal(order->variant.team, serial ? "serial" : "omp");
    assert_int_equal(order->workers, serial ? 1 : 2);
    /* 3 ms of regions of 0.4 ms, and no fewer than three. */
    assert_int_equal(order->iterations, !region ? 0 : size == 400 ? 7 : 3);
  }
}

static void test_regions(void **state) {
  (void)state;
  assert_climb(LADDER_REGION);
}

static void test_programs(void **state) {
  (void)state;
  assert_climb(LADDER_PROGRAM);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_regions),
      cmocka_unit_test(test_programs),
  };
  return cmocka_run_group_tests_name("ladder", tests, NULL, NULL);
}

/* test_sizing.c: how a size is found: doubled until a region takes the target,
 * confirmed, and trimmed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/sweep/sizing.h"

#include <math.h>

/* Regions that take `item_s` an item; the trials with these numbers, from 1,
 * a hundred times as long. */
struct machine {
  double item_s;
  uint32_t slow[2];
  uint32_t trials, steps;
};

/* Runs what is asked for to its end. */
static void find(struct sizing *sizing, struct machine *m) {
  struct record records[SIZING_TRIALS];
  const struct record *seen[SIZING_TRIALS];
  size_t count = 0;
  uint32_t wanted;
  while ((wanted = sizing_next(sizing, seen, count)) > 0) {
    assert_true(wanted <= SIZING_TRIALS && ++m->steps < 100);
    for (count = 0; count < wanted; count++) {
      struct record *r = &records[count];
      m->trials++;
      bool slow = m->trials == m->slow[0] || m->trials == m->slow[1];
      record_clear(r);
      r->region_s = r->region_first_s =
          m->item_s * (double)sizing->size * (slow ? 100 : 1);
      /* The first of several is checked in full. */
      r->wall_s = 2 * r->region_s + 0.25 + (count == 0 && wanted > 1 ? 5 : 0);
      seen[count] = r;
    }
  }
}

static struct sizing begin(void) {
  return (struct sizing){.size = 1,
                         .most = 1000000,
                         .multiple = 1,
                         .target_s = 0.1,
                         .limit = "no more"};
}

/* 1024 items of 0.1 ms take the target, and not a quarter more. */
static void doubled(void **state) {
  struct sizing sizing = begin();
  struct machine m = {.item_s = 1e-4};
  (void)state;
  find(&sizing, &m);
  assert_int_equal(sizing.size, 1024);
  assert_string_equal(sizing.why, "met");
  assert_true(fabs(sizing.region_s - 0.1024) < 1e-9);
  assert_true(fabs(sizing.fixed_s - 0.25) < 1e-9);
  assert_int_equal(m.trials, 4); /* two that search, two that confirm */
}

/* 2000 are far more than 1010. */
static void trimmed(void **state) {
  struct sizing sizing = begin();
  struct machine m = {.item_s = 0.99e-4};
  (void)state;
  sizing.size = 1000;
  sizing.multiple = 8;
  find(&sizing, &m);
  assert_int_equal(sizing.size, 1504); /* three quarters, and evenly */
}

/* A machine that is a tenth faster or slower mostly finds the same; one where
 * the search was misled, too. */
static void found_again(void **state) {
  static const double item_s[] = {0.7e-4, 0.75e-4, 0.8e-4, 0.85e-4, 0.92e-4};
  (void)state;
  for (size_t i = 0; i < sizeof item_s / sizeof *item_s; i++)
    for (uint32_t slow = 0; slow < 3; slow++) {
      struct sizing sizing = begin();
      struct machine m = {.item_s = item_s[i], .slow = {slow}};
      sizing.size = 1000;
      find(&sizing, &m);
      assert_int_equal(sizing.size, 1500);
    }
}

/* A first region that something disturbed says nothing. */
static void confirmed(void **state) {
  struct sizing sizing = begin();
  struct machine m = {.item_s = 1e-4, .slow = {2}};
  (void)state;
  sizing.size = 16;
  find(&sizing, &m);
  assert_in_range(sizing.size, 1000, 1260);
}

/* Nor do two in a row, of which one confirms the other. */
static void confirmed_twice(void **state) {
  struct sizing sizing = begin();
  struct machine m = {.item_s = 1e-4, .slow = {1}};
  (void)state;
  sizing.size = 16;
  find(&sizing, &m);
  assert_in_range(sizing.size, 1000, 1260);
}

static void limited(void **state) {
  struct sizing sizing = begin();
  struct machine m = {.item_s = 1e-4};
  (void)state;
  sizing.most = 300;
  find(&sizing, &m);
  assert_int_equal(sizing.size, 300);
  assert_string_equal(sizing.why, "no more");
}

static void given(void **state) {
  struct sizing sizing = begin();
  struct machine m = {.item_s = 1e-4, .slow = {1}};
  (void)state;
  sizing.size = 7;
  sizing.fixed = true;
  find(&sizing, &m);
  assert_int_equal(sizing.size, 7);
  assert_true(fabs(sizing.region_s - 7e-4) < 1e-9);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(doubled),         cmocka_unit_test(trimmed),
      cmocka_unit_test(found_again),     cmocka_unit_test(confirmed),
      cmocka_unit_test(confirmed_twice), cmocka_unit_test(limited),
      cmocka_unit_test(given),
  };
  return cmocka_run_group_tests_name("sizing", tests, NULL, NULL);
}

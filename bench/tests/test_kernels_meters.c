/* test_kernels_meters.c: what the meters of additions and of the memory do,
 * against results found here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernel_fixture.h"

extern const struct kernel kernel_adds, kernel_memory;

/* 1000 rounds of additions, one after the other. */
static void test_adds_known(void **unused) {
  enum { REGISTERS = 12, LANES = KERNEL_VECTOR_BYTES / 8 };
  struct fixture f;
  uint64_t sum = 0;
  (void)unused;
  fixture_open(&f, &kernel_adds, "", 3, NULL);
  fixture_run(&f);
  assert_verified(&f);
  for (uint64_t lane = 0; lane < LANES; lane++) {
    uint64_t r[REGISTERS];
    for (uint64_t k = 0; k < REGISTERS; k++)
      r[k] = kernel_random(42, k * LANES + lane);
    for (int round = 0; round < 1000; round++)
      for (int k = 0; k + 1 < REGISTERS; k++)
        r[k] += r[k + 1];
    for (int k = 0; k < REGISTERS; k++)
      sum += r[k];
  }
  assert_int_equal(f.total.sum, 3 * sum);
  fixture_close(&f);
}

/* Every pass counts, and each operation leaves what it should. */
static void test_memory_known(void **unused) {
  struct fixture f;
  uint64_t key = kernel_random(42, 0);
  (void)unused;
  fixture_open(&f, &kernel_memory, "op=read,passes=4", 3, NULL);
  fixture_run(&f);
  assert_verified(&f);
  assert_int_equal(f.total.sum, 4 * (24 * key + 23 * 24 / 2));
  assert_int_equal(f.total.count, 12);
  assert_int_equal(f.output_bytes, 0);
  fixture_close(&f);
  static const char *const ops[] = {"op=write", "op=copy", "op=mix,passes=2"};
  for (int op = 0; op < 3; op++) {
    fixture_open(&f, &kernel_memory, ops[op], 2, NULL);
    fixture_run(&f);
    assert_verified(&f);
    for (uint64_t k = 0; k < 16; k++) {
      uint64_t word, expected = key + k;
      memcpy(&word, f.output + 8 * k, sizeof word);
      if (op == 2) { /* the lines 0 to 4, or 5 to 9 */
        expected = 0;
        for (uint64_t line = 0; line < 5; line++)
          expected += key + (k / 8 * 5 + line) * 8 + k % 8;
      }
      assert_int_equal(word, expected);
    }
    fixture_close(&f);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_adds_known),
      cmocka_unit_test(test_memory_known),
  };
  return cmocka_run_group_tests_name("kernels: meters", tests, NULL, NULL);
}

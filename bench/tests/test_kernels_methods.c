/* test_kernels_methods.c: kernels by other methods than the default, by their
 * plain directive, and the meters, against results found here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernel_fixture.h"

extern const struct kernel kernel_adds, kernel_adler32, kernel_cube,
    kernel_latency, kernel_memory, kernel_rangesum, kernel_rowcount,
    kernel_spin;

/* Two workloads of a kernel give the same output and total. */
static void assert_same_result(const struct kernel *kernel, const char *one,
                               const char *other, uint64_t size,
                               const char *csv) {
  struct fixture a, b;
  fixture_open(&a, kernel, one, size, csv);
  fixture_open(&b, kernel, other, size, csv);
  fixture_run(&a);
  fixture_run(&b);
  assert_verified(&b);
  assert_same_total(&a, &b.total);
  assert_memory_equal(a.output, b.output, a.output_bytes);
  fixture_close(&a);
  fixture_close(&b);
}

static void test_rangesum_methods_agree(void **unused) {
  (void)unused;
  assert_same_result(&kernel_rangesum, "", "method=closed-form", 20, NULL);
  assert_same_result(&kernel_rangesum, "start=7,order=sorted",
                     "start=7,order=sorted,method=closed-form", 20, NULL);
  assert_same_result(&kernel_rangesum, "start=1000",
                     "start=1000,method=closed-form", 6,
                     "end\n1000\n1001\n1002\n1003\n1017\n4321\n");
}

/* The formula needs more than 64 bits on its way, where the sum does not. */
static void test_rangesum_formula_of_the_longest_range(void **unused) {
  struct fixture f;
  (void)unused;
  fixture_open(&f, &kernel_rangesum, "method=closed-form", 1,
               "end\n6074001000\n");
  fixture_run(&f);
  assert_verified(&f);
  assert_item(&f, 0, "18446744070963499500");
  fixture_close(&f);
}

static void test_adler32_methods_agree(void **unused) {
  static const char *const letters[] = {"1", "31", "32", "33", "128", "4096"};
  static char base[1025];
  (void)unused;
  for (size_t k = 0; k < sizeof letters / sizeof *letters; k++)
    for (size_t length = 0; length <= 1024; length = 4 * length + 15) {
      char one[1200], other[1300];
      for (size_t c = 0; c < length; c++)
        base[c] = (char)(255 - c % 100);
      base[length] = '\0';
      snprintf(one, sizeof one, "base=%s,letters=%s", base, letters[k]);
      snprintf(other, sizeof other, "%s,method=whole-message", one);
      assert_same_result(&kernel_adler32, one, other, 70, NULL);
    }
  assert_same_result(&kernel_adler32, "zeros=3,mode=first",
                     "zeros=3,mode=first,method=whole-message", 9000, NULL);
}

/* The directive gives what `run` gives. */
static void test_textbook_is_the_same(void **unused) {
  static const struct {
    const struct kernel *kernel;
    const char *workloads;
  } all[] = {
      {&kernel_adler32, ""},
      {&kernel_adler32, "method=whole-message,letters=5"},
      {&kernel_adler32, "zeros=2,mode=first"},
      {&kernel_cube, ""},
      {&kernel_rangesum, "max_end=5000"},
      {&kernel_rangesum, "method=closed-form"},
      {&kernel_rowcount, ""},
      {&kernel_rowcount, "cols=7"},
      {&kernel_spin, "chains=8,serial=0.25"},
  };
  static const uint64_t sizes[] = {0, 1, 31, 32, 33, 640, 1001};
  (void)unused;
  for (size_t k = 0; k < sizeof all / sizeof *all; k++)
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
      struct fixture run, plain;
      struct partial partial = {.lowest_hit = KERNEL_NO_HIT};
      fixture_open(&run, all[k].kernel, all[k].workloads, sizes[s], NULL);
      fixture_run(&run);
      fixture_open(&plain, all[k].kernel, all[k].workloads, sizes[s], NULL);
      fixture_reset(&plain);
      plain.kernel->textbook(plain.state, plain.output, sizes[s], &partial);
      fixture_finish(&plain, &partial, 1);
      assert_verified(&plain);
      assert_same_total(&plain, &run.total);
      assert_memory_equal(plain.output, run.output, run.output_bytes);
      fixture_close(&run);
      fixture_close(&plain);
    }
  assert_null(kernel_latency.textbook);
}

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
      cmocka_unit_test(test_rangesum_methods_agree),
      cmocka_unit_test(test_rangesum_formula_of_the_longest_range),
      cmocka_unit_test(test_adler32_methods_agree),
      cmocka_unit_test(test_textbook_is_the_same),
      cmocka_unit_test(test_adds_known),
      cmocka_unit_test(test_memory_known),
  };
  return cmocka_run_group_tests_name("kernels: methods, directives, meters",
                                     tests, NULL, NULL);
}

/* test_kernels_rangesum.c: its order, its lengths, its methods, and what
 * rangesum refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernel_fixture.h"

extern const struct kernel kernel_rangesum;

static int compare_words(const void *left, const void *right) {
  const uint64_t *a = left, *b = right;
  return (*a > *b) - (*a < *b);
}

static void read_inputs(struct fixture *f, uint64_t *values) {
  for (uint64_t i = 0; i < f->request.size; i++) {
    char *line = fixture_item(f, i, false);
    values[i] = strtoull(line, NULL, 10);
    free(line);
  }
}

static void assert_sorted_same(const char *csv) {
  struct fixture random, sorted;
  uint64_t ends[2][500] = {{0}}, size = csv ? 4 : 500;
  bool moved = false;
  fixture_open(&random, &kernel_rangesum, "start=7", size, csv);
  fixture_open(&sorted, &kernel_rangesum, "start=7,order=sorted", size, csv);
  read_inputs(&random, ends[0]);
  read_inputs(&sorted, ends[1]);
  for (uint64_t i = 0; i < size; i++) {
    assert_true(i == 0 || ends[1][i - 1] <= ends[1][i]);
    assert_in_range(ends[1][i], 7, 999999);
    moved |= ends[0][i] != ends[1][i];
  }
  assert_true(moved);
  qsort(ends[0], size, sizeof ends[0][0], compare_words);
  assert_memory_equal(ends[0], ends[1], size * sizeof ends[0][0]);
  fixture_close(&random);
  fixture_close(&sorted);
}

static void test_rangesum_sorts(void **unused) {
  (void)unused;
  assert_sorted_same(NULL);
  assert_sorted_same("end\n9000\n7\n9000\n12\n");
}

/* Ranges around the length of a block, and long ones from high starts. */
static void test_rangesum_lengths(void **unused) {
  static const char *const blocks[] = {"0", "1000", NULL};
  static const char *const high[] = {"6074000499500", NULL};
  (void)unused;
  assert_known(&kernel_rangesum, "start=1000", 7,
               "end\n1000\n1001\n2023\n2024\n2025\n5096\n100000\n", blocks);
  assert_known(&kernel_rangesum, "start=6074000000", 1, "e\n6074001000\n",
               high);
}

static void test_rangesum_methods_agree(void **unused) {
  (void)unused;
  assert_agree(&kernel_rangesum, "", "method=closed-form", 20, NULL);
  assert_agree(&kernel_rangesum, "start=7,order=sorted",
               "start=7,order=sorted,method=closed-form", 20, NULL);
  assert_agree(&kernel_rangesum, "start=1000", "start=1000,method=closed-form",
               6, "end\n1000\n1001\n1002\n1003\n1017\n4321\n");
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

static void test_rangesum_refuses(void **unused) {
  static const struct fixture_refusal requests[] = {
      {"start=500,max_end=500", 1, NULL,
       "rangesum/max_end=500: must be above start=500"},
      {"max_end=6000000000", 2, NULL,
       "rangesum/max_end=6000000000: with size=2 the total may pass 2^64 - 1; "
       "at "
       "most 1 ranges fit"},
      {"max_end=6074001000", 1, NULL, NULL},
      {"start=20", 2, "end\n30\n19\n",
       "rangesum: line 3 of the input, end=19: ends go from start=20 to "
       "6074001000"},
      {"", 1, "end\n-1\n",
       "rangesum: line 2 of the input, end=-1: ends go from start=0 to "
       "6074001000"},
      {"", 2, "end\n6000000000\n2000000000\n",
       "rangesum: line 3 of the input, end=2000000000: the total passes 2^64 - "
       "1; "
       "size=1 "
       "fits"},
  };
  (void)unused;
  assert_refusals(&kernel_rangesum, requests,
                  sizeof requests / sizeof *requests);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_rangesum_sorts),
      cmocka_unit_test(test_rangesum_lengths),
      cmocka_unit_test(test_rangesum_methods_agree),
      cmocka_unit_test(test_rangesum_formula_of_the_longest_range),
      cmocka_unit_test(test_rangesum_refuses),
  };
  return cmocka_run_group_tests_name("kernels: rangesum", tests, NULL, NULL);
}

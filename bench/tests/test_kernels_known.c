/* test_kernels_known.c: kernels against known answers, and what they refuse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <time.h>

#include "kernel_fixture.h"

extern const struct kernel kernel_adler32, kernel_block, kernel_counter,
    kernel_cube, kernel_latency, kernel_null, kernel_rangesum, kernel_rowcount,
    kernel_spin;

/* Runs it: the first items' lines, to a NULL; lines may be NULL. */
static void assert_lines(struct fixture *f, const char *const *lines) {
  fixture_run(f);
  assert_verified(f);
  for (uint64_t i = 0; lines && lines[i]; i++)
    assert_item(f, i, lines[i]);
}

static void assert_preset(const struct kernel *kernel, const char *preset,
                          const char *const *lines, struct partial *total) {
  struct fixture f;
  fixture_open_preset(&f, kernel, preset);
  assert_lines(&f, lines);
  *total = f.total;
  fixture_close(&f);
}

static void assert_known(const struct kernel *kernel, const char *params,
                         uint64_t size, const char *csv,
                         const char *const *lines) {
  struct fixture f;
  fixture_open(&f, kernel, params, size, csv);
  assert_lines(&f, lines);
  fixture_close(&f);
}

static void test_rowcount_known(void **unused) {
  static const char *const counts[] = {"3", "2", "3", "4", "4", NULL};
  struct partial total;
  (void)unused;
  assert_preset(&kernel_rowcount, "tutorial-rows", counts, &total);
  assert_int_equal(total.count, 16);
  /* a number of 0..9 is in 4..8 half of the time */
  assert_preset(&kernel_rowcount, "tutorial", NULL, &total);
  assert_in_range(total.count, 497000, 503000);
}

static void test_rangesum_known(void **unused) {
  static const char *const sums[] = {"4525173573611328",
                                     "305855759752003",
                                     "376915103136496",
                                     "3099323876907286",
                                     "15566528834850",
                                     "2728276306701",
                                     "26654100226881",
                                     "4007358828638490",
                                     "3191354287616440",
                                     "933400367456805",
                                     NULL};
  struct partial total;
  (void)unused;
  assert_preset(&kernel_rangesum, "tutorial", sums, &total);
  assert_int_equal(total.sum, UINT64_C(16484330702487280));
}

static void test_cube_known(void **unused) {
  static const char *const six[] = {"1", "8", "27", "64", "125", "216", NULL};
  static const char *const ends[] = {"-9223358842721533951",
                                     "9223358842721533951", NULL};
  struct partial total;
  struct fixture f;
  (void)unused;
  assert_preset(&kernel_cube, "tutorial-6", six, &total);
  fixture_open_preset(&f, &kernel_cube, "tutorial-5000");
  fixture_run(&f);
  assert_item(&f, 4999, "124925014999");
  fixture_close(&f);
  assert_known(&kernel_cube, "", 2, "x\n-2097151\n2097151\n", ends);
}

static void test_latency_known(void **unused) {
  static const char *const squares[] = {"0", "1", "4", "9", NULL};
  static const char *const largest[] = {"9223372030926249001", NULL};
  struct partial total;
  (void)unused;
  assert_preset(&kernel_latency, "tutorial-0", squares, &total);
  assert_known(&kernel_latency, "sleep_us=1", 1, "x\n-3037000499\n", largest);
}

static int64_t monotonic_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void test_latency_sleeps_at_least_that_long(void **unused) {
  struct fixture f;
  (void)unused;
  fixture_open(&f, &kernel_latency, "sleep_us=3000", 3, NULL);
  int64_t begin_ns = monotonic_ns();
  fixture_run(&f);
  assert_true(monotonic_ns() - begin_ns >= 9000000);
  fixture_close(&f);
}

/* The first ends, step by step. */
static void test_spin_known(void **unused) {
  struct fixture f;
  uint64_t sum = 0;
  (void)unused;
  fixture_open(&f, &kernel_spin, "serial=0.5", 10, NULL);
  fixture_run(&f);
  for (uint64_t unit = 0; unit < 20; unit++) {
    uint64_t x = kernel_random(42, unit);
    for (int step = 0; step < 1024; step++)
      x = x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    sum += x;
    char line[32];
    snprintf(line, sizeof line, "%" PRIu64, x);
    if (unit < 10)
      assert_item(&f, unit, line);
  }
  assert_int_equal(f.total.sum, sum); /* half of the work was serial */
  fixture_close(&f);
}

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

/* --- refusals ------------------------------------------------------------- */

/* What is refused, word for word; NULL: it is accepted. */
static const struct {
  const struct kernel *kernel;
  const char *params;
  uint64_t size;
  const char *input, *problem;
} requests[] = {
    {&kernel_cube, "first=3000000", 6, NULL,
     "cube/first=3000000: x³ fits int64 only for |x| <= 2097151"},
    {&kernel_cube, "first=-2097152", 6, NULL,
     "cube/first=-2097152: x³ fits int64 only for |x| <= 2097151"},
    {&kernel_cube, "span=3000000", 10000000, NULL,
     "cube/span=3000000: reaches x = 2999999, and x³ fits int64 only for |x| "
     "<= 2097151; span=2097152 fits"},
    {&kernel_cube, "span=3000000", 2097152, NULL, NULL},
    {&kernel_cube, "", 2, "x\n1\n-2097152\n",
     "cube: input row 2, x=-2097152: x³ fits int64 only for |x| <= 2097151"},
    {&kernel_cube, "", 3, "x\n1\n2\n",
     "cube: the input has 2 rows of 1 columns; needed: size=3 rows of one, x"},
    {&kernel_latency, "", UINT64_C(4000000000), NULL,
     "latency: size=4000000000: x² fits int64 only for |x| <= 3037000499"},
    {&kernel_latency, "", 1, "x\n3037000500\n",
     "latency: input row 1, x=3037000500: x² fits int64 only for |x| <= "
     "3037000499"},
    {&kernel_latency, "", 1, "x,y\n1,2\n",
     "latency: the input has 1 rows of 2 columns; needed: size=1 rows of one, "
     "x"},
    {&kernel_rangesum, "start=500,max_end=500", 1, NULL,
     "rangesum/max_end=500: must be above start=500"},
    {&kernel_rangesum, "max_end=6000000000", 2, NULL,
     "rangesum/max_end=6000000000: with size=2 the total may pass 2^64 - 1; at "
     "most 1 ranges fit"},
    {&kernel_rangesum, "max_end=6074001000", 1, NULL, NULL},
    {&kernel_rangesum, "start=20", 2, "end\n30\n19\n",
     "rangesum: input row 2, end=19: ends go from start=20 to 6074001000"},
    {&kernel_rangesum, "", 1, "end\n-1\n",
     "rangesum: input row 1, end=-1: ends go from start=0 to 6074001000"},
    {&kernel_rangesum, "", 2, "end\n6000000000\n2000000000\n",
     "rangesum: input row 2, end=2000000000: the total passes 2^64 - 1; size=1 "
     "fits"},
    {&kernel_rowcount, "min=9", 1, NULL,
     "rowcount/min=9: must not be above max=8"},
    {&kernel_rowcount, "low=10", 1, NULL,
     "rowcount/low=10: must not be above high=9"},
    {&kernel_rowcount, "", 1, "a,b,c,d\n1,2,3,4\n",
     "rowcount/cols=5: the input has 4 columns; add cols=4"},
    {&kernel_rowcount, "cols=2", 2, "a,b\n1,2\n3,2147483648\n",
     "rowcount: input row 2: 2147483648 is outside of int32, -2147483648 to "
     "2147483647"},
    {&kernel_rowcount, "cols=2", 2, "a,b\n1,2\n",
     "rowcount: size=2: the input has 1 rows; ask for no more"},
    {&kernel_adler32, "", 2, "nonce\n0\n-1\n",
     "adler32: input row 2, nonce=-1: must be 0 or more"},
    {&kernel_adler32, "", 1, "nonce,x\n0,1\n",
     "adler32: the input has 1 rows of 2 columns; needed: size=1 rows of one, "
     "nonce"},
    {&kernel_spin, "chains=8", 1, "start\n0\n",
     "spin/chains=8: the input has 1 rows of 1 columns; needed: size=1 rows of "
     "one start per chain"},
    {&kernel_spin, "serial=0.99", UINT64_C(1) << 53, NULL,
     "spin/serial=0.99: with size=9007199254740992 the serial part exceeds "
     "9007199254740992 units; use a smaller size"},
};

/* What the tests of refusals are about. */
static const struct kernel *refusing[] = {&kernel_cube,     &kernel_latency,
                                          &kernel_rangesum, &kernel_rowcount,
                                          &kernel_adler32,  &kernel_spin};

/* The requests of a kernel, to which the test's state points. */
static void test_refusals(void **state) {
  const struct kernel *kernel = *(const struct kernel **)*state;
  int checked = 0;
  for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
    if (requests[i].kernel != kernel)
      continue;
    checked++;
    if (requests[i].problem)
      assert_refused(kernel, requests[i].params, requests[i].size,
                     requests[i].input, requests[i].problem);
    else
      assert_accepted(kernel, requests[i].params, requests[i].size,
                      requests[i].input);
  }
  assert_true(checked > 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_rowcount_known),
      cmocka_unit_test(test_rangesum_known),
      cmocka_unit_test(test_cube_known),
      cmocka_unit_test(test_latency_known),
      cmocka_unit_test(test_latency_sleeps_at_least_that_long),
      cmocka_unit_test(test_spin_known),
      cmocka_unit_test(test_rangesum_sorts),
      cmocka_unit_test(test_rangesum_lengths),
      {"test_cube_refuses", test_refusals, NULL, NULL, &refusing[0]},
      {"test_latency_refuses", test_refusals, NULL, NULL, &refusing[1]},
      {"test_rangesum_refuses", test_refusals, NULL, NULL, &refusing[2]},
      {"test_rowcount_refuses", test_refusals, NULL, NULL, &refusing[3]},
      {"test_adler32_refuses", test_refusals, NULL, NULL, &refusing[4]},
      {"test_spin_refuses", test_refusals, NULL, NULL, &refusing[5]},
  };
  return cmocka_run_group_tests_name("kernels: known answers", tests, NULL,
                                     NULL);
}

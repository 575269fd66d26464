/* test_kernels_rowcount.c: rowcount stores its table in tiles; whichever rows
 * a worker does, it writes those and no others, and counts as one reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <inttypes.h>

#include "bench/plan/text.h"
#include "kernel_fixture.h"

extern const struct kernel kernel_rowcount;

enum { ROWS = 37, COLS_MAX = 7, UNTOUCHED = -77 };

/* Both ends of int32 among them. */
static int32_t number(uint64_t row, uint64_t col) {
  uint64_t k = row * 11 + col * 3;
  return k % 17 == 0   ? INT32_MIN
         : k % 17 == 5 ? INT32_MAX
                       : (int32_t)(k % 23) - 11;
}

/* The table as CSV; free() it. */
static char *table_csv(uint64_t cols) {
  size_t room = (size_t)16 * (ROWS + 1) * COLS_MAX;
  char *csv = fixture_memory(room);
  struct text text = text_begin(csv, room);
  for (uint64_t col = 0; col < cols; col++)
    text_add(&text, "%sn%" PRIu64, col > 0 ? "," : "", col + 1);
  for (uint64_t row = 0; row < ROWS; row++)
    for (uint64_t col = 0; col < cols; col++)
      text_add(&text, "%c%" PRId32, col > 0 ? ',' : '\n', number(row, col));
  text_add(&text, "\n");
  assert_false(text.cut);
  return csv;
}

/* Every [begin, end) of the table. */
static void assert_counts(uint64_t cols, int32_t min, int32_t max) {
  struct fixture f;
  char workloads[100];
  char *csv = table_csv(cols);
  snprintf(workloads, sizeof workloads,
           "cols=%" PRIu64 ",min=%" PRId32 ",max=%" PRId32, cols, min, max);
  fixture_open(&f, &kernel_rowcount, workloads, ROWS, csv);
  void *output = f.output;
  int32_t *counts = output;
  for (uint64_t begin = 0; begin <= ROWS; begin++)
    for (uint64_t end = begin; end <= ROWS; end++) {
      struct partial partial = {.lowest_hit = KERNEL_NO_HIT};
      uint64_t total = 0;
      for (uint64_t row = 0; row < ROWS; row++)
        counts[row] = UNTOUCHED;
      kernel_rowcount.run(f.state, output, begin, end, &partial);
      for (uint64_t row = 0; row < ROWS; row++) {
        int32_t expected = 0;
        for (uint64_t col = 0; col < cols; col++)
          expected += number(row, col) >= min && number(row, col) <= max;
        bool done = row >= begin && row < end;
        assert_int_equal(counts[row], done ? expected : UNTOUCHED);
        total += done ? (uint64_t)expected : 0;
      }
      assert_int_equal(partial.count, total);
    }
  fixture_close(&f);
  free(csv);
}

static void test_any_rows(void **unused) {
  static const uint64_t cols[] = {1, 2, 5, COLS_MAX};
  (void)unused;
  for (size_t k = 0; k < sizeof cols / sizeof *cols; k++) {
    assert_counts(cols[k], -3, 6);
    assert_counts(cols[k], 6, 6);
    assert_counts(cols[k], INT32_MIN, INT32_MAX);
    assert_counts(cols[k], INT32_MIN, INT32_MIN);
    assert_counts(cols[k], INT32_MAX, INT32_MAX);
    assert_counts(cols[k], INT32_MIN, -1);
    assert_counts(cols[k], 0, INT32_MAX);
  }
}

/* What `dump` shows is what came in, row by row. */
static void test_items_as_they_came(void **unused) {
  struct fixture f;
  char *csv = table_csv(COLS_MAX), workloads[20];
  const char *line = csv;
  (void)unused;
  snprintf(workloads, sizeof workloads, "cols=%d", COLS_MAX);
  fixture_open(&f, &kernel_rowcount, workloads, ROWS, csv);
  for (uint64_t row = 0; row < ROWS; row++) {
    line = strchr(line, '\n') + 1;
    char *item = fixture_item(&f, row, false);
    assert_int_equal(strcspn(line, "\n"), strlen(item));
    assert_memory_equal(line, item, strlen(item));
    free(item);
  }
  fixture_close(&f);
  free(csv);
}

/* Many rows of many numbers: more than a block of them. */
static void test_many_rows(void **unused) {
  static const char *const workloads[] = {"", "cols=3", "min=0,max=9"};
  (void)unused;
  for (size_t k = 0; k < sizeof workloads / sizeof *workloads; k++) {
    struct fixture f;
    fixture_open(&f, &kernel_rowcount, workloads[k], 20011, NULL);
    fixture_run(&f);
    assert_verified(&f);
    fixture_run_chunks(&f, 5000, k);
    assert_verified(&f);
    fixture_close(&f);
  }
}

static void test_rowcount_refuses(void **unused) {
  static const struct fixture_refusal requests[] = {
      {"min=9", 1, NULL, "rowcount/min=9: must not be above max=8"},
      {"low=10", 1, NULL, "rowcount/low=10: must not be above high=9"},
      {"", 1, "a,b,c,d\n1,2,3,4\n",
       "rowcount/cols=5: the input has 4 columns; add cols=4"},
      {"cols=2", 2, "a,b\n1,2\n3,2147483648\n",
       "rowcount: line 3 of the input: 2147483648 is outside of int32, "
       "-2147483648 to "
       "2147483647"},
      {"cols=2", 2, "a,b\n1,2\n",
       "rowcount: size=2: the input has 1 rows; ask for no more"},
  };
  (void)unused;
  assert_refusals(&kernel_rowcount, requests,
                  sizeof requests / sizeof *requests);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_any_rows),
      cmocka_unit_test(test_items_as_they_came),
      cmocka_unit_test(test_many_rows),
      cmocka_unit_test(test_rowcount_refuses),
  };
  return cmocka_run_group_tests_name("kernels: rowcount's tiles", tests, NULL,
                                     NULL);
}

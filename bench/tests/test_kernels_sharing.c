/* test_kernels_sharing.c: counter, whose workers share memory, and block,
 * whose results are long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>

#include "kernel_fixture.h"

extern const struct kernel kernel_block, kernel_counter;

static const char *const updates[] = {"update=private", "update=packed",
                                      "update=padded", "update=atomic",
                                      "update=lock"};
#define UPDATES (sizeof updates / sizeof updates[0])

/* --- counter -------------------------------------------------------------- */

static struct partial *no_partials(void) {
  struct partial *partials = fixture_memory(KERNEL_WORKERS * sizeof *partials);
  for (uint32_t w = 0; w < KERNEL_WORKERS; w++)
    partials[w].lowest_hit = KERNEL_NO_HIT;
  return partials;
}

/* One region: an item each for some workers, 100 for the last. */
static void count_once(struct fixture *f, struct partial *partials) {
  static const uint32_t workers[] = {0,  1,   7,    8,    15,
                                     16, 255, 2048, 4094, KERNEL_WORKERS - 1};
  enum { WORKERS = sizeof workers / sizeof workers[0] };
  for (uint32_t k = 0; k < WORKERS; k++)
    fixture_chunk(f, k, k + 1, &partials[workers[k]], workers[k]);
  fixture_chunk(f, WORKERS, WORKERS + 100, &partials[KERNEL_WORKERS - 1],
                KERNEL_WORKERS - 1);
  fixture_finish(f, partials, KERNEL_WORKERS);
}

static void test_counter_known(void **unused) {
  (void)unused;
  for (size_t u = 0; u < UPDATES; u++) {
    struct fixture f;
    fixture_open(&f, &kernel_counter, updates[u], 110, NULL);
    struct partial *partials = no_partials();
    fixture_reset(&f);
    count_once(&f, partials);
    assert_int_equal(f.total.count, 110);
    assert_int_equal(f.total.sum, 0);
    assert_int_equal(f.total.lowest_hit, KERNEL_NO_HIT);
    assert_verified(&f);
    free(partials);
    fixture_close(&f);
  }
}

/* Only a private count travels in the partials. */
static void test_counter_counts_where_it_says(void **unused) {
  (void)unused;
  for (size_t u = 0; u < UPDATES; u++) {
    struct fixture f;
    struct partial partial = {.lowest_hit = KERNEL_NO_HIT};
    fixture_open(&f, &kernel_counter, updates[u], 30, NULL);
    fixture_reset(&f);
    fixture_chunk(&f, 0, 10, &partial, 0);
    fixture_chunk(&f, 10, 30, &partial, 0);
    assert_int_equal(partial.count, u == 0 ? 30 : 0);
    assert_int_equal(partial.sum, 0);
    assert_int_equal(partial.lowest_hit, KERNEL_NO_HIT);
    fixture_close(&f);
  }
}

static void test_counter_counts_each_region_anew(void **unused) {
  (void)unused;
  for (size_t u = 0; u < UPDATES; u++) {
    struct fixture f;
    fixture_open(&f, &kernel_counter, updates[u], 110, NULL);
    for (int region = 0; region < 3; region++) {
      struct partial *partials = no_partials();
      fixture_reset(&f);
      count_once(&f, partials);
      assert_verified(&f);
      free(partials);
    }
    /* and would not without a reset */
    struct partial *partials = no_partials();
    count_once(&f, partials);
    assert_int_equal(f.total.count, u == 0 ? 110 : 220);
    free(partials);
    fixture_close(&f);
  }
}

/* How many bytes are between two words that differ from zero. */
static size_t distance(const uint64_t *words, size_t count) {
  size_t first = 0;
  while (first < count && words[first] == 0)
    first++;
  size_t second = first + 1;
  while (second < count && words[second] == 0)
    second++;
  assert_true(second < count);
  return (second - first) * sizeof *words;
}

/* The slots of two neighbours are in one line, or in lines of their own. */
static void test_counter_slots_are_as_far_apart_as_it_says(void **unused) {
  static const struct {
    const char *params;
    size_t apart_bytes;
  } cases[] = {{"update=packed", 8}, {"update=padded", 128}};
  (void)unused;
  for (size_t k = 0; k < 2; k++) {
    struct fixture f;
    struct partial partial = {.lowest_hit = KERNEL_NO_HIT};
    fixture_open(&f, &kernel_counter, cases[k].params, 20, NULL);
    const uint64_t *shared = f.blocks[1]; /* the second that it asked for */
    fixture_reset(&f);
    static uint64_t before[256];
    memcpy(before, shared, sizeof before);
    fixture_chunk(&f, 0, 10, &partial, 0);
    fixture_chunk(&f, 10, 20, &partial, 1);
    for (size_t w = 0; w < 256; w++)
      before[w] ^= shared[w];
    assert_int_equal(distance(before, 256), cases[k].apart_bytes);
    fixture_close(&f);
  }
}

static void test_counter_refuses_a_wrong_total(void **unused) {
  (void)unused;
  for (size_t u = 0; u < UPDATES; u++) {
    struct fixture f;
    fixture_open(&f, &kernel_counter, updates[u], 1000, NULL);
    fixture_run(&f);
    assert_verified(&f);
    f.total.count--;
    assert_false(fixture_verify(&f));
    assert_string_equal(f.problem.text, "counter: the counts add up to 999, "
                                        "expected 1000 (off by -1)");
    fixture_close(&f);
  }
}

static void
test_counter_chunks_get_shorter_as_increments_get_dearer(void **unused) {
  (void)unused;
  uint64_t last = UINT64_MAX;
  for (size_t u = 0; u < UPDATES; u++) {
    struct fixture f;
    fixture_request(&f, &kernel_counter, updates[u], 1, NULL);
    assert_true(f.shape.grain > 0 && f.shape.grain <= last);
    last = f.shape.grain;
    fixture_close(&f);
  }
  assert_true(last < kernel_counter.shape.grain);
}

/* --- block ---------------------------------------------------------------- */

static void test_block_known(void **unused) {
  struct fixture f;
  (void)unused;
  fixture_open(&f, &kernel_block, "bytes=24", 3, NULL);
  fixture_run(&f);
  assert_verified(&f);
  assert_int_equal(f.output_bytes, 72);
  /* by hand: a = d1342543de82ef95, b = 9e3779b97f4a7c15; a + 2 b, 2 a + 2 b */
  assert_item(&f, 0, "0,d1342543de82ef95,0da318b6dd17e7bf");
  assert_item(&f, 1, "1,a2684a87bd05df2a,ded73dfabb9ad754");
  assert_item(&f, 2, "2,739c6fcb9b88cebf,b00b633e9a1dc6e9");
  const uint64_t *words = (const void *)f.output;
  assert_true(words[1] == UINT64_C(0x6f6b9efd5dcd6baa)); /* a + b */
  fixture_close(&f);
  fixture_open(&f, &kernel_block, "bytes=8", 2, NULL);
  fixture_run(&f);
  assert_item(&f, 1, "1,a2684a87bd05df2a,a2684a87bd05df2a");
  fixture_close(&f);
}

/* The longest blocks, and every word of a block by the formula. */
static void test_block_lengths(void **unused) {
  static const uint64_t lengths[] = {8, 16, 64, 4096, 1048576, 16777216};
  (void)unused;
  for (size_t k = 0; k < sizeof lengths / sizeof lengths[0]; k++) {
    struct fixture f;
    char params[32];
    uint64_t wrong = 0, words = lengths[k] / 8;
    snprintf(params, sizeof params, "bytes=%" PRIu64, lengths[k]);
    fixture_open(&f, &kernel_block, params, 3, NULL);
    assert_int_equal(f.shape.output_bytes, lengths[k]);
    assert_int_equal(f.shape.grain, k < 4 ? 131072 / lengths[k] : 1);
    fixture_run_chunks(&f, 1, k);
    assert_verified(&f);
    const uint64_t *output = (const void *)f.output;
    for (uint64_t at = 0; at < 3 * words; at++)
      wrong += output[at] != (at / words + 1) * UINT64_C(0xD1342543DE82EF95) +
                                 at % words * UINT64_C(0x9E3779B97F4A7C15);
    assert_int_equal(wrong, 0);
    fixture_close(&f);
  }
}

/* A block that never came, or came to another's place. */
static void test_block_refuses_a_wrong_output(void **unused) {
  static const size_t at[] = {0, 8, 16, 24, 40, 64, 95};
  struct fixture f;
  unsigned char *lost;
  (void)unused;
  fixture_open(&f, &kernel_block, "bytes=24", 4, NULL);
  fixture_run(&f);
  for (size_t k = 0; k < sizeof at / sizeof at[0]; k++) {
    f.output[at[k]] ^= 4;
    assert_false(fixture_verify(&f));
    f.output[at[k]] ^= 4;
  }
  for (int item = 0; item < 4; item++) {
    unsigned char kept[24];
    lost = f.output + item * 24;
    memcpy(kept, lost, 24);
    memset(lost, 0, 24);
    assert_false(fixture_verify(&f));
    memcpy(lost, f.output + (item + 1) % 4 * 24, 24);
    assert_false(fixture_verify(&f));
    memcpy(lost, kept, 24);
  }
  f.output[32] ^= 1; /* word 1 of item 1 */
  assert_false(fixture_verify(&f));
  assert_string_equal(f.problem.text,
                      "block: item 1, word 1: 409fc4413c505b3e does not "
                      "follow the word before it (off by -1)");
  f.output[32] ^= 1;
  assert_verified(&f);
  fixture_close(&f);
}

static void test_block_refuses(void **unused) {
  (void)unused;
  assert_refused(&kernel_block, "bytes=4095", 1, NULL,
                 "block/bytes=4095: must be a multiple of 8; 4096 is the next");
  assert_refused(&kernel_block, "bytes=9", 1, NULL,
                 "block/bytes=9: must be a multiple of 8; 16 is the next");
  assert_accepted(&kernel_block, "bytes=8", 1, NULL);
  assert_accepted(&kernel_block, "bytes=16777216", 1, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_counter_known),
      cmocka_unit_test(test_counter_counts_where_it_says),
      cmocka_unit_test(test_counter_counts_each_region_anew),
      cmocka_unit_test(test_counter_slots_are_as_far_apart_as_it_says),
      cmocka_unit_test(test_counter_refuses_a_wrong_total),
      cmocka_unit_test(
          test_counter_chunks_get_shorter_as_increments_get_dearer),
      cmocka_unit_test(test_block_known),
      cmocka_unit_test(test_block_lengths),
      cmocka_unit_test(test_block_refuses_a_wrong_output),
      cmocka_unit_test(test_block_refuses),
  };
  return cmocka_run_group_tests_name("kernels: sharing", tests, NULL, NULL);
}

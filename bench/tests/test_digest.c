/* test_digest.c: the digest of a result adds up, and sees every bit of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "bench/trial/trial.h"

enum { BYTES = 9 * 8 * 7 };

static unsigned char bytes[BYTES];
static const struct partial total = {
    .sum = 11, .count = 12, .lowest_hit = KERNEL_NO_HIT};

static int fill(void **state) {
  (void)state;
  for (size_t i = 0; i < BYTES; i++)
    bytes[i] = (unsigned char)kernel_random(3, i);
  return 0;
}

/* Of all items of that length that the bytes hold. */
static uint64_t digest(size_t item_bytes) {
  return trial_digest_part(bytes, item_bytes, 0, BYTES / item_bytes) +
         trial_digest_total(&total);
}

/* As results/README.md defines it: byte by byte, and with a multiplication by
 * additions, so that it shares nothing with the program's. */
static uint64_t multiply(uint64_t a, uint64_t b) {
  uint64_t product = 0;
  for (; b; b >>= 1, a <<= 1)
    product += b & 1 ? a : 0;
  return product;
}

static uint64_t defined_mix(uint64_t index, uint64_t word) {
  uint64_t z = word + multiply(index + 1, UINT64_C(0x9E3779B97F4A7C15));
  z = multiply(z ^ z >> 30, UINT64_C(0xBF58476D1CE4E5B9));
  z = multiply(z ^ z >> 27, UINT64_C(0x94D049BB133111EB));
  return z ^ z >> 31;
}

static uint64_t defined(size_t item_bytes) {
  uint64_t sum = defined_mix(UINT64_MAX - 2, total.sum) +
                 defined_mix(UINT64_MAX - 1, total.count) +
                 defined_mix(UINT64_MAX, total.lowest_hit);
  size_t words = (item_bytes + 7) / 8;
  for (size_t item = 0; item < BYTES / item_bytes; item++)
    for (size_t k = 0; k < words; k++) {
      uint64_t word = 0;
      for (size_t b = 0; b < 8 && 8 * k + b < item_bytes; b++)
        word |= (uint64_t)bytes[item * item_bytes + 8 * k + b] << (8 * b);
      sum += defined_mix(item * words + k, word);
    }
  return sum;
}

static const size_t lengths[] = {1, 2, 3, 4, 5, 7, 8, 9, 12, 16, 24, 63, BYTES};

enum { LENGTHS = sizeof lengths / sizeof *lengths };

static void it_is_as_defined(void **state) {
  (void)state;
  for (size_t i = 0; i < LENGTHS; i++)
    assert_true(digest(lengths[i]) == defined(lengths[i]));
}

static void parts_add_up_in_any_order(void **state) {
  (void)state;
  for (size_t i = 0; i < LENGTHS; i++) {
    size_t item_bytes = lengths[i];
    uint64_t items = BYTES / item_bytes, sum = trial_digest_total(&total);
    uint64_t first = items / 3, second = items - items / 4;
    const uint64_t cuts[][2] = {{second, items}, {0, first}, {first, second}};
    for (size_t k = 0; k < 3; k++) {
      unsigned char elsewhere[BYTES + 1]; /* on an odd address */
      size_t slice = (size_t)(cuts[k][1] - cuts[k][0]) * item_bytes;
      memcpy(elsewhere + 1, bytes + cuts[k][0] * item_bytes, slice);
      sum +=
          trial_digest_part(elsewhere + 1, item_bytes, cuts[k][0], cuts[k][1]);
    }
    assert_true(sum == digest(item_bytes));
  }
}

static void every_bit_counts(void **state) {
  (void)state;
  for (size_t i = 0; i < LENGTHS; i++) {
    uint64_t before = digest(lengths[i]);
    for (size_t bit = 0; bit < BYTES / lengths[i] * lengths[i] * 8; bit++) {
      bytes[bit / 8] ^= (unsigned char)(1U << bit % 8);
      if (digest(lengths[i]) == before)
        fail_msg("bit %zu of items of %zu bytes makes no difference", bit,
                 lengths[i]);
      bytes[bit / 8] ^= (unsigned char)(1U << bit % 8);
    }
  }
}

static void two_items_that_change_places_count(void **state) {
  (void)state;
  uint64_t before = digest(8);
  for (size_t a = 0; a < BYTES / 8; a++)
    for (size_t b = 0; b < a; b++) {
      uint64_t items[BYTES / 8], kept;
      memcpy(items, bytes, BYTES);
      kept = items[a];
      items[a] = items[b];
      items[b] = kept;
      uint64_t after = trial_digest_part(items, 8, 0, BYTES / 8) +
                       trial_digest_total(&total);
      assert_true(after != before);
    }
}

static void every_bit_of_the_total_counts(void **state) {
  (void)state;
  for (int bit = 0; bit < 64; bit++) {
    struct partial other[3] = {total, total, total};
    other[0].sum ^= UINT64_C(1) << bit;
    other[1].count ^= UINT64_C(1) << bit;
    other[2].lowest_hit ^= UINT64_C(1) << bit;
    for (int k = 0; k < 3; k++)
      assert_true(trial_digest_total(&other[k]) != trial_digest_total(&total));
  }
  const struct partial swapped = {
      .sum = total.count, .count = total.sum, .lowest_hit = total.lowest_hit};
  assert_true(trial_digest_total(&swapped) != trial_digest_total(&total));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(it_is_as_defined, fill),
      cmocka_unit_test_setup(parts_add_up_in_any_order, fill),
      cmocka_unit_test_setup(every_bit_counts, fill),
      cmocka_unit_test_setup(two_items_that_change_places_count, fill),
      cmocka_unit_test(every_bit_of_the_total_counts),
  };
  return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}

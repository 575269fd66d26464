#include "bench/trial/trial.h"

#include <endian.h>
#include <string.h>

enum { WORD_BYTES = 8 };

/* splitmix64's output function, by index: kernel.h has its source.  A bijection
 * of the word, so that no change of one word goes unseen. */
static uint64_t mix(uint64_t index, uint64_t word) {
  return kernel_random(word, index);
}

/* The same for items of whole words: the compiler can do several at once. */
static uint64_t digest_words(const unsigned char *at, uint64_t first,
                             uint64_t words) {
  uint64_t sum = 0;
  for (uint64_t i = 0; i < words; i++) {
    uint64_t word;
    memcpy(&word, at + i * WORD_BYTES, WORD_BYTES);
    sum += mix(first + i, le64toh(word));
  }
  return sum;
}

/* Items of half a word, as int32_t. */
static uint64_t digest_halves(const unsigned char *at, uint64_t begin,
                              uint64_t end) {
  uint64_t sum = 0;
  for (uint64_t i = 0; i < end - begin; i++) {
    uint32_t half;
    memcpy(&half, at + i * sizeof half, sizeof half);
    sum += mix(begin + i, le32toh(half));
  }
  return sum;
}

/* Items of any length, each of which ends in part of a word. */
static uint64_t digest_ragged(const unsigned char *at, size_t item_bytes,
                              uint64_t begin, uint64_t end) {
  uint64_t whole = item_bytes / WORD_BYTES, sum = 0;
  for (uint64_t item = begin; item < end; item++, at += item_bytes) {
    uint64_t first = item * (whole + 1), word = 0;
    for (size_t k = item_bytes; k-- > whole * WORD_BYTES;)
      word = word << 8 | at[k];
    sum += digest_words(at, first, whole) + mix(first + whole, word);
  }
  return sum;
}

uint64_t trial_digest_part(const void *slice, size_t item_bytes, uint64_t begin,
                           uint64_t end) {
  uint64_t words = item_bytes / WORD_BYTES;
  if (item_bytes == sizeof(uint32_t))
    return digest_halves(slice, begin, end);
  if (item_bytes % WORD_BYTES)
    return digest_ragged(slice, item_bytes, begin, end);
  return digest_words(slice, begin * words, (end - begin) * words);
}

uint64_t trial_digest_total(const struct partial *total) {
  return mix(UINT64_MAX - 2, total->sum) + mix(UINT64_MAX - 1, total->count) +
         mix(UINT64_MAX, total->lowest_hit);
}

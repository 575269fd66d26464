/* adler32_group.h: Adler-32 of many candidates side by side, for adler32.c.
 *
 * The messages of a group begin with the same text, and go on with letters of
 * their own.  None of the functions can fail. */
#ifndef CORESWEEP_ADLER32_GROUP_H
#define CORESWEEP_ADLER32_GROUP_H

#include <string.h>

#include "kernel.h"

#define MODULUS  UINT32_C(65521)
#define ALPHABET UINT32_C(26)

/* A number of 16 bits of each of LANES candidates, in the widest registers that
 * there are. */
typedef uint16_t lanes __attribute__((vector_size(KERNEL_VECTOR_BYTES)));
enum { LANES = KERNEL_VECTOR_BYTES / 2, GROUP = 64 };

/* Bytes after which sums are widened to 32 bits: b grows by at most n(n+1)/2
 * times the largest of n bytes, which must fit 16 bits. */
enum { TEXT_BLOCK = 16, LETTER_BLOCK = 32 };
_Static_assert(255 * TEXT_BLOCK * (TEXT_BLOCK + 1) / 2 <= UINT16_MAX, "text");
_Static_assert('z' * LETTER_BLOCK * (LETTER_BLOCK + 1) / 2 <= UINT16_MAX,
               "letters");

/* Letter j of a candidate, from the 16-bit words of its nonce's key, the lowest
 * first; all is modulo 2^16, so that a vector holds many letters. */
static inline uint16_t letter_of(uint64_t key, uint16_t j) {
  uint32_t k0 = (uint16_t)key, k1 = (uint16_t)(key >> 16);
  uint32_t k2 = (uint16_t)(key >> 32), k3 = (uint16_t)(key >> 48);
  uint16_t h = (uint16_t)(k0 + j * (k1 | 1));
  h = (uint16_t)(h ^ h >> 7);
  h = (uint16_t)(h * (k2 | 1));
  h = (uint16_t)(h ^ h >> 9);
  h = (uint16_t)(h + k3);
  return (uint16_t)('a' + (h * ALPHABET >> 16));
}

/* Candidates: their keys' words, the second and third made odd, and the two
 * sums of Adler-32.  The sums fit 32 bits for 1024 bytes of text and 4096
 * letters, so one modulo at the end will do. */
struct group {
  uint16_t k0[GROUP], k1[GROUP], k2[GROUP], k3[GROUP];
  uint32_t a[GROUP], b[GROUP];
};

/* Begins with the sums of what was hashed before: 1 and 0 for nothing. */
static inline void group_begin(struct group *group, const uint64_t keys[GROUP],
                               uint32_t a, uint32_t b) {
  for (int c = 0; c < GROUP; c++) {
    group->k0[c] = (uint16_t)keys[c];
    group->k1[c] = (uint16_t)(keys[c] >> 16 | 1);
    group->k2[c] = (uint16_t)(keys[c] >> 32 | 1);
    group->k3[c] = (uint16_t)(keys[c] >> 48);
    group->a[c] = a;
    group->b[c] = b;
  }
}

/* Adds n bytes to LANES messages, of which what a grew by after each is in
 * `sums`, and after all in `grown`: b grows by that and by n times the old a.
 */
static inline void group_widen(struct group *group, int at, uint32_t bytes,
                               lanes grown, lanes sums) {
  for (int c = 0; c < LANES; c++) {
    group->b[at + c] += bytes * group->a[at + c] + sums[c];
    group->a[at + c] += grown[c];
  }
}

/* Adds the same bytes to every message. */
static inline void group_add_text(struct group *group, const char *text,
                                  uint32_t length) {
  for (uint32_t bytes; length > 0; length -= bytes, text += bytes) {
    bytes = length < TEXT_BLOCK ? length : TEXT_BLOCK;
    for (int at = 0; at < GROUP; at += LANES) {
      lanes grown = {0}, sums = {0};
      for (uint32_t j = 0; j < bytes; j++) {
        grown += (unsigned char)text[j];
        sums += grown;
      }
      group_widen(group, at, bytes, grown, sums);
    }
  }
}

static inline lanes load_lanes(const uint16_t *from) {
  lanes loaded;
  memcpy(&loaded, from, sizeof loaded);
  return loaded;
}

/* h * ALPHABET / 2^16 in every lane.  Of a loop over such products compilers
 * make the one instruction that there is for their upper halves: clang only
 * where it sees, inside of the loop around, that both factors have 16 bits.
 * The empty asm, which may have changed one, keeps that from being moved. */
static inline lanes scale_lanes(lanes h) {
  lanes alphabet = (lanes){0} + ALPHABET;
  uint16_t left[LANES], right[LANES];
#ifdef __clang__
  __asm__("" : "+m"(alphabet));
#endif
  memcpy(left, &h, sizeof left);
  memcpy(right, &alphabet, sizeof right);
  for (int c = 0; c < LANES; c++)
    left[c] = (uint16_t)((uint32_t)left[c] * right[c] >> 16);
  return load_lanes(left);
}

/* Adds letters to every message, each as letter_of makes it. */
static inline void group_add_letters(struct group *group, uint32_t letters) {
  for (int at = 0; at < GROUP; at += LANES) {
    lanes word = load_lanes(group->k0 + at); /* k0 + j * k1, from j to j */
    lanes k1 = load_lanes(group->k1 + at), k2 = load_lanes(group->k2 + at);
    lanes k3 = load_lanes(group->k3 + at);
    for (uint32_t left = letters, bytes; left > 0; left -= bytes) {
      lanes grown = {0}, sums = {0};
      bytes = left < LETTER_BLOCK ? left : LETTER_BLOCK;
      for (uint32_t j = 0; j < bytes; j++) {
        lanes h = (word ^ word >> 7) * k2;
        grown += scale_lanes((h ^ h >> 9) + k3) + 'a';
        sums += grown;
        word += k1;
      }
      group_widen(group, at, bytes, grown, sums);
    }
  }
}

/* The hashes of the messages. */
static inline void group_finish(const struct group *group,
                                uint32_t hashes[GROUP]) {
  for (int c = 0; c < GROUP; c++)
    hashes[c] = group->b[c] % MODULUS << 16 | group->a[c] % MODULUS;
}

#endif

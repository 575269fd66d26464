/* Finding a series among many, in a time that does not grow with them. */
#include "bench/analyze/internal.h"

#include <stdlib.h>
#include <string.h>

/* FNV-1a; source: Fowler, Noll, Vo. */
static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t length) {
  const unsigned char *at = bytes;
  for (size_t i = 0; i < length; i++)
    hash = (hash ^ at[i]) * UINT64_C(0x100000001b3);
  return hash;
}

static uint64_t hash_key(enum sameness sameness, const struct key *key) {
  uint64_t hash = UINT64_C(0xcbf29ce484222325);
  hash = hash_bytes(hash, key->workload, strlen(key->workload) + 1);
  if (sameness >= SAME_VARIANT)
    hash = hash_bytes(hash, key->requested, strlen(key->requested) + 1);
  if (sameness >= SAME_CONFIGURATION)
    hash = hash_bytes(hash, &key->workers, sizeof key->workers);
  return hash ^ hash >> 32;
}

static struct key key_at(const struct work *work, size_t series) {
  const struct record *r = work->series[series].first;
  return (struct key){r->workload, record_requested(r), r->workers};
}

static bool same(enum sameness sameness, const struct key *a,
                 const struct key *b) {
  return strcmp(a->workload, b->workload) == 0 &&
         (sameness < SAME_VARIANT || strcmp(a->requested, b->requested) == 0) &&
         (sameness < SAME_CONFIGURATION || a->workers == b->workers);
}

/* The slot that holds the key, or the free one where it would go. */
static size_t slot_of(const struct work *work, enum sameness sameness,
                      const struct key *key) {
  const struct index *index = &work->indexes[sameness];
  size_t slot = hash_key(sameness, key) & (index->room - 1);
  while (index->slots[slot]) {
    const struct key other = key_at(work, index->slots[slot] - 1);
    if (same(sameness, key, &other))
      break;
    slot = (slot + 1) & (index->room - 1);
  }
  return slot;
}

size_t index_find(const struct work *work, enum sameness sameness,
                  const struct key *key) {
  const struct index *index = &work->indexes[sameness];
  if (!index->room)
    return SIZE_MAX;
  /* 0 - 1 is SIZE_MAX: a free slot */
  return index->slots[slot_of(work, sameness, key)] - 1;
}

/* Twice the room (a power of two), everything entered anew. */
static int grow(struct work *work, enum sameness sameness) {
  struct index *index = &work->indexes[sameness];
  const struct index before = *index;
  index->room = before.room ? 2 * before.room : 64;
  index->slots = calloc(index->room, sizeof *index->slots);
  if (!index->slots) {
    *index = before;
    return -1;
  }
  for (size_t i = 0; i < before.room; i++)
    if (before.slots[i]) {
      const struct key key = key_at(work, before.slots[i] - 1);
      index->slots[slot_of(work, sameness, &key)] = before.slots[i];
    }
  free(before.slots);
  return 0;
}

int index_add(struct work *work, size_t series) {
  const struct key key = key_at(work, series);
  for (int s = 0; s < SAMENESSES; s++) {
    struct index *index = &work->indexes[s];
    if (2 * (index->used + 1) > index->room && grow(work, (enum sameness)s))
      return -1;
    size_t slot = slot_of(work, (enum sameness)s, &key);
    if (index->slots[slot])
      continue;
    index->slots[slot] = series + 1;
    index->used++;
  }
  return 0;
}

void index_free(struct work *work) {
  for (int s = 0; s < SAMENESSES; s++)
    free(work->indexes[s].slots);
}

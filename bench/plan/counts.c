#include "bench/plan/counts.h"

#include "bench/plan/cpulist.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

/* A set of worker counts: sorting and uniqueness come by themselves. */
struct set {
  bool has[COUNTS_MAX + 1];
};

/* Adds a count unless it is 0 or above max. */
static void add(struct set *set, uint64_t count, uint32_t max) {
  if (count > 0 && count <= max && count <= COUNTS_MAX)
    set->has[count] = true;
}

static size_t write_sorted(const struct set *set, uint32_t *counts,
                           size_t capacity) {
  size_t written = 0;
  for (uint32_t count = 1; count <= COUNTS_MAX; count++) {
    if (!set->has[count])
      continue;
    if (written < capacity)
      counts[written] = count;
    written++;
  }
  return written;
}

size_t counts_default(const struct topology *topology, uint32_t usable,
                      uint32_t *counts, size_t capacity) {
  struct set set = {0};
  uint32_t max = usable > 0 ? usable : 1;
  uint32_t threads = topology->cpu_count;
  for (uint32_t count = 1; count <= 8; count++)
    add(&set, count, max);
  for (uint32_t count = 16; count <= COUNTS_MAX; count *= 2)
    add(&set, count, max);
  add(&set, topology->cores, max);
  add(&set, threads < max ? threads : max, max);
  return write_sorted(&set, counts, capacity);
}

size_t counts_waiting(uint32_t usable, uint32_t *counts, size_t count,
                      size_t capacity) {
  struct set set = {0};
  for (size_t i = 0; i < count; i++)
    add(&set, counts[i], COUNTS_MAX);
  add(&set, 2 * (uint64_t)usable, COUNTS_MAX);
  add(&set, 4 * (uint64_t)usable, COUNTS_MAX);
  return write_sorted(&set, counts, capacity);
}

size_t counts_thin(uint32_t cores, uint32_t *counts, size_t count) {
  size_t kept = 0;
  for (size_t i = 0; i < count; i++) {
    bool power_of_two = (counts[i] & (counts[i] - 1)) == 0;
    if (power_of_two || counts[i] == cores || i + 1 == count)
      counts[kept++] = counts[i];
  }
  return kept;
}

int counts_parse(const char *text, uint32_t *counts, size_t capacity,
                 char *message, size_t message_size) {
  static const struct cpulist_syntax syntax = {.what = "a worker count",
                                               .range = "..",
                                               .example = "1,2,4 or 1..8",
                                               .min = 1,
                                               .max = COUNTS_MAX};
  struct set set = {0};
  const char *cursor = text;
  unsigned long range[2];
  int item;
  while ((item = cpulist_next(&cursor, &syntax, range, message, message_size)) >
         0)
    for (unsigned long count = range[0]; count <= range[1]; count++)
      add(&set, count, COUNTS_MAX);
  if (item < 0)
    return item;
  size_t length = write_sorted(&set, counts, capacity);
  if (length <= capacity)
    return (int)length;
  if (message && message_size > 0)
    (void)snprintf(message, message_size,
                   "the list has %zu worker counts: there is room for %zu",
                   length, capacity);
  return -ENOSPC;
}

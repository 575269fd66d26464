/* In which order a round has its points. */
#include "bench/plan/order.h"
#include "bench/sweep/engine.h"

static bool is_with(const struct batch *batch, size_t one, size_t other) {
  uint32_t unit = batch->points[one].unit;
  return one == other || (unit != 0 && batch->points[other].unit == unit);
}

/* The points by units, in the order of their first ones; where the units begin
 * there, and the end.  Returns how many there are. */
static size_t find_units(const struct batch *batch, uint32_t *points,
                         uint32_t *begins) {
  size_t units = 0, n = 0;
  for (size_t i = 0; i < batch->count; i++) {
    size_t first = 0;
    while (!is_with(batch, i, first))
      first++;
    if (first < i)
      continue;
    begins[units++] = (uint32_t)n;
    for (size_t k = i; k < batch->count; k++)
      if (is_with(batch, i, k))
        points[n++] = (uint32_t)k;
  }
  begins[units] = (uint32_t)n;
  return units;
}

/* Points that share a trial: the most workers first, as listed otherwise. */
static void sort_by_workers(const struct batch *batch, uint32_t *points,
                            uint32_t count) {
  for (uint32_t i = 1; i < count; i++)
    for (uint32_t k = i; k > 0 && batch->points[points[k - 1]].workers <
                                      batch->points[points[k]].workers;
         k--) {
      uint32_t swapped = points[k];
      points[k] = points[k - 1];
      points[k - 1] = swapped;
    }
}

/* How many from the first on have as many workers as that. */
static uint32_t count_alike(const struct batch *batch, const uint32_t *points,
                            uint32_t count) {
  uint32_t alike = 1;
  while (alike < count && batch->points[points[alike]].workers ==
                              batch->points[points[0]].workers)
    alike++;
  return alike;
}

/* Points in a row, by turns; in every second round backwards.  Returns how many
 * there are. */
static size_t put_row(const uint32_t *points, uint32_t count, uint32_t turn,
                      bool backwards, uint32_t *order) {
  for (uint32_t i = 0; i < count; i++) {
    uint32_t at = (i + turn) % count;
    order[i] = points[backwards ? count - 1 - at : at];
  }
  return count;
}

void engine_order(const struct batch *batch, uint64_t seed, uint32_t round,
                  uint32_t *order) {
  uint32_t *shuffled = order + batch->count;
  uint32_t *points = shuffled + batch->count, *begins = points + batch->count;
  size_t units = find_units(batch, points, begins), n = 0;
  bool backwards = round % 2 == 0;
  for (uint32_t u = 0; u < units; u++)
    shuffled[u] = u;
  if (batch->shuffled)
    order_shuffle(shuffled, units, seed, round);
  for (size_t u = 0; u < units; u++) {
    uint32_t *row = points + begins[shuffled[u]];
    uint32_t left = begins[shuffled[u] + 1] - begins[shuffled[u]];
    if (batch->points[row[0]].sharers <= 1) {
      n += put_row(row, left, 0, backwards, order + n);
      continue;
    }
    sort_by_workers(batch, row, left);
    for (uint32_t alike; left > 0; left -= alike, row += alike) {
      alike = count_alike(batch, row, left);
      n += put_row(row, alike, round / 2, backwards, order + n);
    }
  }
}

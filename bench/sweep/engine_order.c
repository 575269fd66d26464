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

void engine_order(const struct batch *batch, uint64_t seed, uint32_t round,
                  uint32_t *order) {
  uint32_t *shuffled = order + batch->count;
  uint32_t *points = shuffled + batch->count, *begins = points + batch->count;
  size_t units = find_units(batch, points, begins), n = 0;
  for (uint32_t u = 0; u < units; u++)
    shuffled[u] = u;
  if (batch->shuffled)
    order_shuffle(shuffled, units, seed, round);
  for (size_t u = 0; u < units; u++) {
    uint32_t begin = begins[shuffled[u]], end = begins[shuffled[u] + 1];
    bool shared = batch->points[points[begin]].sharers > 1;
    for (uint32_t i = begin; i < end; i++) {
      uint32_t turn = i - begin + (shared ? round / 2 : 0);
      uint32_t at = begin + turn % (end - begin);
      order[n++] = points[round % 2 ? at : begin + end - 1 - at];
    }
  }
}

/* In which order a round has its points. */
#include "bench/plan/order.h"
#include "bench/sweep/engine.h"

/* Where the units of a batch begin, and its end; returns how many there are. */
static size_t find_units(const struct batch *batch, uint32_t *begins) {
  size_t units = 0;
  for (size_t i = 0; i < batch->count; i++)
    if (i == 0 || batch->points[i].unit == 0 ||
        batch->points[i].unit != batch->points[i - 1].unit)
      begins[units++] = (uint32_t)i;
  begins[units] = (uint32_t)batch->count;
  return units;
}

void engine_order(const struct batch *batch, uint64_t seed, uint32_t round,
                  uint32_t *order) {
  uint32_t *shuffled = order + batch->count;
  uint32_t *begins = shuffled + batch->count;
  size_t units = find_units(batch, begins), n = 0;
  for (uint32_t u = 0; u < units; u++)
    shuffled[u] = u;
  if (batch->shuffled)
    order_shuffle(shuffled, units, seed, round);
  for (size_t u = 0; u < units; u++) {
    uint32_t begin = begins[shuffled[u]], end = begins[shuffled[u] + 1];
    uint32_t first = batch->points[begin].sharers > 0 ? round / 2 : 0;
    for (uint32_t i = begin; i < end; i++) {
      uint32_t at = begin + (i - begin + first) % (end - begin);
      order[n++] = round % 2 ? at : begin + end - 1 - at;
    }
  }
}

#include "bench/plan/order.h"

#include "kernels/kernel.h"

/* Keeps the order apart from other draws that have the same seed. */
static const uint64_t order_stream = UINT64_C(0x6f726465725f6f66);

void order_shuffle(uint32_t *order, size_t n, uint64_t seed, uint64_t round) {
  uint64_t stream = kernel_random(seed ^ order_stream, round);
  for (size_t i = 0; i < n; i++)
    order[i] = (uint32_t)i;
  for (size_t i = n; i > 1; i--) {
    size_t other = kernel_random_below(stream, i, i);
    uint32_t last = order[i - 1];
    order[i - 1] = order[other];
    order[other] = last;
  }
}

#include "bench/analyze/crossing_sizes.h"

#include "bench/sweep/sizing.h"

double crossing_largest_size(struct crossing_case *c, double memory_bytes,
                             uint32_t usable_cpus) {
  static const char *const limits[] = {
      [SIZING_MEMORY] = "memory",
      [SIZING_PRESET] = "the preset's items",
      [SIZING_KERNEL] = "what the kernel takes",
  };
  enum sizing_limit limit;
  /* A calibration stops at 32 MiB per CPU; how large is the question here. */
  double bytes = memory_bytes / 8;
  if (!(bytes > 0))
    bytes = 32.0 * 1048576 * usable_cpus;
  uint64_t most = sizing_most(c->workload, bytes, &limit);
  uint64_t size = c->tasks ? most / c->tasks : most;
  c->limit = limits[limit];
  return size ? (double)size : 1;
}

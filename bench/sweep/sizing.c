#include "bench/sweep/sizing.h"

#include <math.h>

enum { CONFIRMATIONS = 2 };

uint64_t sizing_most(const struct workload *workload, double bytes,
                     enum sizing_limit *limit) {
  struct kernel_shape shape = workload_shape(workload);
  const struct kernel_preset *preset = workload->preset;
  struct problem ignored;
  double per_item = shape.input_bytes + (double)shape.output_bytes;
  uint64_t most =
      per_item > 0 ? (uint64_t)(bytes / per_item) : UINT64_C(1) << 40;
  *limit = SIZING_MEMORY;
  if (preset && preset->input && preset->size < most) {
    most = preset->size;
    *limit = SIZING_PRESET;
  }
  while (most > 1 && workload_check(workload, most, NULL, 0, &ignored) != 0) {
    most /= 2;
    *limit = SIZING_KERNEL;
  }
  return most ? most : 1;
}

/* The shorter of the regions, and the least that a trial cost besides: what
 * disturbs one makes it longer, and so does the check of a first result in
 * full. */
static void take_costs(struct sizing *sizing, const struct record *const *seen,
                       size_t count) {
  sizing->region_s = sizing->fixed_s = (double)INFINITY;
  for (size_t i = 0; i < count; i++) {
    const struct record *r = seen[i];
    sizing->fixed_s =
        fmin(sizing->fixed_s, r->wall_s - r->region_s - r->region_first_s);
    if (!(r->region_s < sizing->region_s))
      continue;
    sizing->region_s = r->region_s;
    sizing->serial_s = r->program_s - r->region_first_s;
  }
}

/* Several doublings at once while a region is far from its target. */
static uint64_t doubled(const struct sizing *sizing) {
  double region_s = sizing->region_s;
  uint64_t size = sizing->size;
  while (region_s < sizing->target_s && size <= sizing->most) {
    size *= 2;
    region_s *= 2;
  }
  return size < sizing->most ? size : sizing->most;
}

/* Sizes are of few values, a half or three quarters of what was doubled, so
 * that another run, whose machine is as fast, mostly has the same, and can be
 * compared. */
static double share_of(const struct sizing *sizing) {
  const double part = 0.75;
  double share = 1;
  while (sizing->region_s * share / 2 >= sizing->target_s)
    share /= 2;
  return sizing->region_s * share * part >= sizing->target_s ? share * part
                                                             : share;
}

/* A few large items still fall evenly where the size is a multiple. */
static uint32_t trim(struct sizing *sizing) {
  double share = sizing->fixed ? 1 : share_of(sizing);
  sizing->step = SIZING_DONE;
  if (share == 1)
    return 0;
  sizing->size =
      (uint64_t)ceil((double)sizing->size * share / (double)sizing->multiple) *
      sizing->multiple;
  return SIZING_TRIALS;
}

uint32_t sizing_next(struct sizing *sizing, const struct record *const *seen,
                     size_t count) {
  if (count == 0) {
    sizing->step = sizing->fixed ? SIZING_TRIM : SIZING_SEARCH;
    if (sizing->size > sizing->most && !sizing->fixed)
      sizing->size = sizing->most;
    return sizing->fixed ? SIZING_TRIALS : 1;
  }
  take_costs(sizing, seen, count);
  if (sizing->step == SIZING_DONE)
    return 0;
  if (sizing->step == SIZING_TRIM)
    return trim(sizing);
  bool met = sizing->region_s >= sizing->target_s;
  if (!met && sizing->size < sizing->most) {
    sizing->step = SIZING_SEARCH;
    sizing->confirmed = 0;
    sizing->size = doubled(sizing);
    return 1;
  }
  sizing->why = met ? "met" : sizing->limit;
  if (++sizing->confirmed < CONFIRMATIONS) {
    sizing->step = SIZING_CONFIRM;
    return SIZING_TRIALS;
  }
  return trim(sizing);
}

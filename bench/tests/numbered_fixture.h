/* numbered_fixture.h: a kernel whose items are their own numbers: what of it
 * the tests of points that share a trial have in common.  ITEMS, and run_items,
 * are the test's own. */
#ifndef CORESWEEP_NUMBERED_FIXTURE_H
#define CORESWEEP_NUMBERED_FIXTURE_H

#include "kernels/kernel.h"

#include <stdio.h>

static void *create(const struct kernel_request *request) {
  return request->allocator->allocate(request->allocator, 8);
}

static bool verify(const void *state, const void *output,
                   const struct partial *total,
                   struct kernel_problem *problem) {
  const uint64_t *words = output;
  (void)state;
  for (uint64_t i = 0; i < ITEMS; i++)
    if (words[i] != i) {
      snprintf(problem->text, sizeof problem->text, "item %ju", (uintmax_t)i);
      return false;
    }
  return total->count == ITEMS;
}

#define NUMBERED_SHAPE                                                         \
  .item = "item", .items = "items",                                            \
  .shape = {.output_bytes = 8, .operations = 9, .grain = 10},                  \
  .create = create, .run = run_items, .verify = verify

#endif

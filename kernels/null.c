/* null.c: nothing.
 *
 * An item is no work, no input and no output, so what a trial of it takes is
 * what the harness itself takes: to open a team, to hand out chunks (of one
 * item, if nobody says otherwise) and to close it. */
#include <inttypes.h>

#include "kernel.h"

struct null {
  uint64_t size;
};

static void *null_create(const struct kernel_request *request) {
  struct kernel_allocator *allocator = request->allocator;
  struct null *null = allocator->allocate(allocator, sizeof *null);
  if (null)
    null->size = request->size;
  return null;
}

static void null_run(const void *state, void *output, uint64_t begin,
                     uint64_t end, struct partial *partial) {
  (void)state;
  (void)output;
  partial->count += end - begin;
}

static bool null_verify(const void *state, const void *output,
                        const struct partial *total,
                        struct kernel_problem *problem) {
  const struct null *null = state;
  (void)output;
  if (total->count == null->size)
    return true;
  snprintf(problem->text, sizeof problem->text,
           "null: %" PRIu64 " items were handed out, expected %" PRIu64
           " (off by %" PRId64 ")",
           total->count, null->size, (int64_t)(total->count - null->size));
  return false;
}

const struct kernel kernel_null = {
    .name = "null",
    .title = "Nothing",
    .item = "item",
    .items = "items",
    .source = "none: empty items, for the harness's own cost per chunk",
    .shape = {.grain = 1},
    .size = 200000,
    .create = null_create,
    .run = null_run,
    .verify = null_verify,
};

/* clock.c: a meter of the processor's clock that needs no hardware counter.
 *
 * An item is 1000 additions, each of which has to wait for the one before.  A
 * core does one of those per cycle, whatever else it could do at once and
 * whoever shares it, so items per second are its frequency / 1000 Hz.  It does
 * not see that a small core does less per cycle.
 *
 * The additions are of two registers and written in assembly: a compiler folds
 * a loop of them, and recent processors fold `add $1`, `inc` and `lea`. */
#include <inttypes.h>

#include "kernel.h"

#define ADDITIONS 1000

struct clock {
  uint64_t size;
  uint64_t step;
};

static void *clock_create(const struct kernel_request *request) {
  struct kernel_allocator *allocator = request->allocator;
  struct clock *clock = allocator->allocate(allocator, sizeof *clock);
  if (!clock)
    return NULL;
  clock->size = request->size;
  clock->step = kernel_random(request->seed, 0) | 1;
  return clock;
}

/* 10 of them in a row, so that the loop around them adds nothing: its own
 * count and branch wait for nobody. */
#if defined __x86_64__
#define ADD "add %1, %0\n\t"
#elif defined __aarch64__
#define ADD "add %0, %0, %1\n\t"
#endif

static void clock_run(const void *state, void *output, uint64_t begin,
                      uint64_t end, struct partial *partial) {
  const struct clock *clock = state;
  uint64_t sum = 0, step = clock->step;
  (void)output;
  for (uint64_t left = (end - begin) * (ADDITIONS / 10); left > 0; left--) {
#ifdef ADD
    __asm__ volatile(ADD ADD ADD ADD ADD ADD ADD ADD ADD ADD
                     : "+r"(sum)
                     : "r"(step)
                     : "cc");
#else
    for (int i = 0; i < 10; i++) {
      sum += step;
      __asm__ volatile("" : "+r"(sum)); /* one after the other */
    }
#endif
  }
  partial->sum += sum;
}

/* By one multiplication. */
static bool clock_verify(const void *state, const void *output,
                         const struct partial *total,
                         struct kernel_problem *problem) {
  const struct clock *clock = state;
  uint64_t expected = clock->size * ADDITIONS * clock->step;
  (void)output;
  if (total->sum == expected)
    return true;
  snprintf(problem->text, sizeof problem->text,
           "clock: the sum is %" PRIu64 ", expected %" PRIu64, total->sum,
           expected);
  return false;
}

const struct kernel kernel_clock = {
    .name = "clock",
    .title = "Clock meter",
    .item = "chain",
    .items = "chains",
    .source = "a chain of dependent additions, one cycle each",
    .shape = {.operations = ADDITIONS, .grain = 64},
    .size = 20000,
    .meter = true,
    .create = clock_create,
    .run = clock_run,
    .verify = clock_verify,
};

/* adds.c: a meter of 64-bit integer additions, with the widest vectors that
 * the compiler was told of: the most that a loop of additions can reach.
 *
 * An item is 1000 rounds.  In a round every register but the last has its
 * neighbour added to it, as it was before: none of the additions has to wait
 * for another of its round, and no compiler has a formula for vectors. Pascal's
 * triangle has one: after n rounds register k holds the sum over j of
 * C(n, j) times what register k + j held at first. */
#include <inttypes.h>

#include "kernel.h"

/* Rounds in a turn of the loop: as many as leave its own instructions few. */
enum {
  ROUNDS = 1000,
  TURN = 4,
  REGISTERS = 12,
  LANES = KERNEL_VECTOR_BYTES / 8
};

_Static_assert(ROUNDS % TURN == 0, "whole turns");

typedef uint64_t lanes __attribute__((vector_size(KERNEL_VECTOR_BYTES)));

struct adds {
  uint64_t size;
  _Alignas(64) lanes start[REGISTERS]; /* what the registers hold at first */
};

static void *adds_create(const struct kernel_request *request) {
  struct kernel_allocator *allocator = request->allocator;
  struct adds *adds = allocator->allocate(allocator, sizeof *adds);
  if (!adds)
    return NULL;
  adds->size = request->size;
  for (uint64_t k = 0; k < REGISTERS; k++)
    for (uint64_t lane = 0; lane < LANES; lane++)
      adds->start[k][lane] = kernel_random(request->seed, k * LANES + lane);
  return adds;
}

static uint64_t one_item(const struct adds *adds) {
  lanes r[REGISTERS], sum = {0};
  uint64_t total = 0;
  for (int k = 0; k < REGISTERS; k++)
    r[k] = adds->start[k];
  for (int round = 0; round < ROUNDS; round += TURN)
    for (int i = 0; i < TURN; i++)
      for (int k = 0; k + 1 < REGISTERS; k++)
        r[k] += r[k + 1];
  for (int k = 0; k < REGISTERS; k++)
    sum += r[k];
  for (int lane = 0; lane < LANES; lane++)
    total += sum[lane];
  return total;
}

static void adds_run(const void *state, void *output, uint64_t begin,
                     uint64_t end, struct partial *partial) {
  (void)output;
  for (uint64_t i = begin; i < end; i++) {
    partial->sum += one_item(state);
    partial->count++;
    /* Anything may have changed: no item is like the one before. */
    __asm__ volatile("" : : : "memory");
  }
}

/* By the formula: a register of the start counts once for each register that
 * it is at or above of. */
static bool adds_verify(const void *state, const void *output,
                        const struct partial *total,
                        struct kernel_problem *problem) {
  const struct adds *adds = state;
  __extension__ unsigned __int128 choose = 1; /* C(ROUNDS, j): below 2^87 */
  uint64_t weights[REGISTERS], weight = 0, sum = 0;
  (void)output;
  for (unsigned j = 0; j < REGISTERS; j++) {
    weights[j] = weight += (uint64_t)choose;
    choose = choose * (ROUNDS - j) / (j + 1);
  }
  for (int k = 0; k < REGISTERS; k++)
    for (int lane = 0; lane < LANES; lane++)
      sum += weights[k] * adds->start[k][lane];
  if (total->sum == sum * adds->size && total->count == adds->size)
    return true;
  snprintf(problem->text, sizeof problem->text,
           "adds: %" PRIu64 " items with the sum %" PRIu64 ", expected %" PRIu64
           " and %" PRIu64,
           total->count, total->sum, adds->size, sum * adds->size);
  return false;
}

const struct kernel kernel_adds = {
    .name = "adds",
    .title = "Addition meter",
    .item = "block",
    .items = "blocks",
    .source = "independent vector additions, as many as registers hold",
    .shape = {.operations = (double)ROUNDS * (REGISTERS - 1) * LANES,
              .grain = 64},
    .size = 20000,
    .meter = true,
    .create = adds_create,
    .run = adds_run,
    .verify = adds_verify,
};

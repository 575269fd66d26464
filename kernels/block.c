/* block.c: blocks of bytes, cheap to make and dear to carry.
 *
 * Item i is a block of 64-bit words; word w of it is
 *
 *   (i + 1) * 0xD1342543DE82EF95 + w * 0x9E3779B97F4A7C15   (mod 2^64)
 *
 * which costs an addition per word, so that what a trial takes is what its
 * results cost to store, and to bring to the parent, from 8 bytes an item to
 * 16 MiB.  The multipliers are odd: no two blocks, and no two words of one,
 * are the same; i + 1: no block begins with the zero that untouched memory
 * holds. */
#include <inttypes.h>

#include "kernel.h"

#define OF_ITEM     UINT64_C(0xD1342543DE82EF95)
#define OF_WORD     UINT64_C(0x9E3779B97F4A7C15)
#define GRAIN_BYTES 131072 /* some 10 to 50 µs of writing */

enum { BYTES };

static const struct param_spec block_params[] = {
    {"bytes", PARAM_INTEGER, "4096", 8, 16777216,
     .help = "length of a block, in bytes; a multiple of 8"},
    {.name = NULL},
};

struct block {
  uint64_t size;
  uint64_t words; /* of a block */
};

static void block_reshape(const struct param_value *params,
                          struct kernel_shape *shape) {
  uint64_t bytes = (uint64_t)params[BYTES].integer;
  shape->output_bytes = bytes;
  shape->operations = (double)bytes / 8;
  shape->grain = bytes < GRAIN_BYTES ? GRAIN_BYTES / bytes : 1;
}

static bool block_check(const struct kernel_request *request,
                        struct kernel_problem *problem) {
  int64_t bytes = request->params[BYTES].integer;
  if (bytes % 8 == 0)
    return true;
  snprintf(problem->text, sizeof problem->text,
           "block/bytes=%" PRId64 ": must be a multiple of 8; %" PRId64
           " is the next",
           bytes, bytes + 8 - bytes % 8);
  return false;
}

static void *block_create(const struct kernel_request *request) {
  struct kernel_allocator *allocator = request->allocator;
  struct block *block = allocator->allocate(allocator, sizeof *block);
  if (!block)
    return NULL;
  block->size = request->size;
  block->words = (uint64_t)request->params[BYTES].integer / 8;
  return block;
}

static void block_run(const void *state, void *output, uint64_t begin,
                      uint64_t end, struct partial *partial) {
  const struct block *block = state;
  uint64_t count = block->words; /* which no store below can change */
  (void)partial;
  for (uint64_t i = begin; i < end; i++) {
    uint64_t *words = (uint64_t *)output + i * count;
    uint64_t word = (i + 1) * OF_ITEM;
    for (uint64_t w = 0; w < count; w++, word += OF_WORD)
      words[w] = word;
  }
}

/* By differences: each word to the one before it in its block, and each
 * block's first word to that of the block before. */
static bool block_verify(const void *state, const void *output,
                         const struct partial *total,
                         struct kernel_problem *problem) {
  const struct block *block = state;
  const uint64_t *words = output;
  (void)total;
  for (uint64_t i = 0; i < block->size; i++, words += block->words) {
    uint64_t above = i == 0 ? 0 : words[-(int64_t)block->words];
    for (uint64_t w = 0; w < block->words; w++) {
      uint64_t step = w == 0 ? words[0] - above : words[w] - words[w - 1];
      uint64_t expected = w == 0 ? OF_ITEM : OF_WORD;
      if (step == expected)
        continue;
      snprintf(problem->text, sizeof problem->text,
               "block: item %" PRIu64 ", word %" PRIu64 ": %016" PRIx64
               " does not follow the %s before it (off by %" PRId64 ")",
               i, w, words[w], w == 0 ? "block" : "word",
               (int64_t)(step - expected));
      return false;
    }
  }
  return true;
}

static void block_output_item(const void *state, const void *output,
                              uint64_t item, FILE *out) {
  const struct block *block = state;
  const uint64_t *words = (const uint64_t *)output + item * block->words;
  fprintf(out, "%" PRIu64 ",%016" PRIx64 ",%016" PRIx64, item, words[0],
          words[block->words - 1]);
}

const struct kernel kernel_block = {
    .name = "block",
    .title = "Blocks of bytes",
    .item = "block",
    .items = "blocks",
    .source = "synthetic: results of any length, for the cost of carrying them",
    .params = block_params,
    .shape = {.output_bytes = 4096,
              .operations = 512, /* additions */
              .grain = 32},
    .size = 10000,
    .reshape = block_reshape,
    .check = block_check,
    .create = block_create,
    .run = block_run,
    .verify = block_verify,
    .csv = {.output_header = "item,first_word,last_word",
            .output_item = block_output_item},
};

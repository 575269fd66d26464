/* memory.c: a meter of the memory: how many bytes a second can be read,
 * written, copied, or read and written in the proportion of rowcount.
 *
 * An item is a line of 64 bytes.  A worker streams over its items from end to
 * end, again and again (`passes`), so under a static schedule its part of
 * `size` lines is its working set, and how long that part is says which cache
 * it measures.  Every operation is checked: what was read is added up, what was
 * written is looked at. */
#include <inttypes.h>

#include "kernel.h"

enum { LINE_BYTES = 64, MIX_READS = 5, WAYS = 4 };

/* The widest registers that the compiler was told of. */
typedef uint64_t lanes __attribute__((vector_size(KERNEL_VECTOR_BYTES)));
enum {
  LANES = KERNEL_VECTOR_BYTES / 8,
  PARTS = LINE_BYTES / KERNEL_VECTOR_BYTES /* vectors in a line */
};

enum { OP, PASSES };
enum { OP_READ, OP_WRITE, OP_COPY, OP_MIX };

static const struct param_spec memory_params[] = {
    {"op", PARAM_WORD, "read", .words = "read|write|copy|mix",
     .help = "what is done to a line; mix reads 5 and writes their sum"},
    {"passes", PARAM_INTEGER, "1", 1, INT32_MAX,
     .help = "how often a worker goes over its lines"},
    {.name = NULL},
};

struct memory {
  uint64_t size;
  uint64_t passes;
  uint64_t key; /* what is written where nothing is read */
  int op;
  _Alignas(64) lanes lines[];
};

/* Lines that an item reads. */
static uint64_t memory_reads(int64_t op) {
  return op == OP_MIX ? MIX_READS : op == OP_WRITE ? 0 : 1;
}

static void memory_reshape(const struct param_value *params,
                           struct kernel_shape *shape) {
  int64_t op = params[OP].integer;
  double passes = (double)params[PASSES].integer;
  shape->input_bytes = (double)(LINE_BYTES * memory_reads(op));
  shape->output_bytes = op == OP_READ ? 0 : LINE_BYTES;
  shape->operations = passes * LINE_BYTES / 8 * (op == OP_MIX ? MIX_READS : 1);
}

static void *memory_create(const struct kernel_request *request) {
  struct kernel_allocator *allocator = request->allocator;
  int op = (int)request->params[OP].integer;
  uint64_t reads = memory_reads(op);
  if (request->size > SIZE_MAX / LINE_BYTES / MIX_READS / 2)
    return NULL;
  struct memory *memory = allocator->allocate(
      allocator, sizeof *memory + request->size * reads * LINE_BYTES);
  if (!memory)
    return NULL;
  memory->size = request->size;
  memory->passes = (uint64_t)request->params[PASSES].integer;
  memory->key = kernel_random(request->seed, 0);
  memory->op = op;
  return memory;
}

static void memory_fill(void *state, const struct kernel_request *request,
                        uint64_t begin, uint64_t end) {
  struct memory *memory = state;
  uint64_t vectors = memory_reads(memory->op) * PARTS; /* of an item */
  (void)request;
  for (uint64_t i = begin * vectors; i < end * vectors; i++)
    for (uint64_t lane = 0; lane < LANES; lane++)
      memory->lines[i][lane] = memory->key + i * LANES + lane;
}

/* Several sums side by side: one would wait for itself. */
static uint64_t read_lines(const lanes *from, uint64_t vectors) {
  lanes sum[WAYS] = {{0}};
  uint64_t i = 0, total = 0;
  for (; i + WAYS <= vectors; i += WAYS)
    for (int way = 0; way < WAYS; way++)
      sum[way] += from[i + (uint64_t)way];
  for (; i < vectors; i++)
    sum[0] += from[i];
  for (int way = 0; way < WAYS; way++)
    for (int lane = 0; lane < LANES; lane++)
      total += sum[way][lane];
  return total;
}

/* Word k becomes `first` + k. */
static void write_lines(lanes *to, uint64_t vectors, uint64_t first) {
  lanes words = {0};
  for (uint64_t lane = 0; lane < LANES; lane++)
    words[lane] = first + lane;
  for (uint64_t i = 0; i < vectors; i++, words += LANES)
    to[i] = words;
}

static void copy_lines(const lanes *restrict from, lanes *restrict to,
                       uint64_t vectors) {
  for (uint64_t i = 0; i < vectors; i++) {
    lanes vector = from[i];
    __asm__("" : "+m"(to[i])); /* a loop of its own, not memcpy */
    to[i] = vector;
  }
}

/* Line i becomes the sum of lines 5i to 5i + 4. */
static void mix_lines(const lanes *restrict from, lanes *restrict to,
                      uint64_t lines) {
  for (uint64_t i = 0; i < lines; i++, from += (size_t)MIX_READS * PARTS)
    for (int part = 0; part < PARTS; part++)
      to[i * PARTS + (uint64_t)part] =
          from[part] + from[PARTS + part] + from[2 * PARTS + part] +
          from[3 * PARTS + part] + from[4 * PARTS + part];
}

static void memory_run(const void *state, void *output, uint64_t begin,
                       uint64_t end, struct partial *partial) {
  const struct memory *memory = state;
  const lanes *from = memory->lines + begin * memory_reads(memory->op) * PARTS;
  lanes *to = (lanes *)output + begin * PARTS;
  for (uint64_t pass = 0; pass < memory->passes; pass++) {
    switch (memory->op) {
    case OP_READ:
      partial->sum += read_lines(from, (end - begin) * PARTS);
      break;
    case OP_WRITE:
      write_lines(to, (end - begin) * PARTS,
                  memory->key + begin * LINE_BYTES / 8);
      break;
    case OP_COPY:
      copy_lines(from, to, (end - begin) * PARTS);
      break;
    default:
      mix_lines(from, to, end - begin);
    }
    partial->count += end - begin;
    /* Anything may have changed: no pass is like the one before. */
    __asm__ volatile("" : : : "memory");
  }
}

/* Word k of the output, from the words key + 0, key + 1, ... of the input. */
static uint64_t memory_expected(const struct memory *memory, uint64_t k) {
  uint64_t words = LINE_BYTES / 8, line = k / words;
  if (memory->op != OP_MIX)
    return memory->key + k;
  /* five words, each a line after the one before */
  return MIX_READS * (memory->key + line * MIX_READS * words + k % words) +
         (1 + 2 + 3 + 4) * words;
}

static bool memory_verify(const void *state, const void *output,
                          const struct partial *total,
                          struct kernel_problem *problem) {
  const struct memory *memory = state;
  const uint64_t *out = output;
  uint64_t words = memory->size * LINE_BYTES / 8, sum = 0;
  for (uint64_t k = 0; memory->op != OP_READ && k < words; k++) {
    uint64_t expected = memory_expected(memory, k);
    if (out[k] == expected)
      continue;
    snprintf(problem->text, sizeof problem->text,
             "memory: line %" PRIu64 " has a word %" PRIu64
             ", expected %" PRIu64 " (off by %" PRId64 ")",
             k * 8 / LINE_BYTES, out[k], expected,
             (int64_t)(out[k] - expected));
    return false;
  }
  if (memory->op == OP_READ) /* n (n - 1) / 2: n is a multiple of 8 */
    sum = memory->passes * (words * memory->key + words / 2 * (words - 1));
  uint64_t count = memory->passes * memory->size;
  if (total->sum == sum && total->count == count)
    return true;
  snprintf(problem->text, sizeof problem->text,
           "memory: %" PRIu64 " lines with the sum %" PRIu64
           ", expected %" PRIu64 " and %" PRIu64,
           total->count, total->sum, count, sum);
  return false;
}

static void memory_output_item(const void *state, const void *output,
                               uint64_t item, FILE *out) {
  const struct memory *memory = state;
  const uint64_t *words = (const uint64_t *)output + item * LINE_BYTES / 8;
  if (memory->op != OP_READ)
    fprintf(out, "%" PRIu64, words[0]);
}

const struct kernel kernel_memory = {
    .name = "memory",
    .title = "Memory meter",
    .item = "line",
    .items = "lines",
    .source = "streams over a working set; compare McCalpin's STREAM, 1995",
    .params = memory_params,
    .shape = {.input_bytes = LINE_BYTES,
              .operations = 8,
              .grain = 1024,
              .batch = WAYS / PARTS}, /* read_lines: WAYS vectors */
    .size = 500000,
    .meter = true,
    .reshape = memory_reshape,
    .create = memory_create,
    .fill = memory_fill,
    .run = memory_run,
    .verify = memory_verify,
    .csv = {.output_header = "first_word", .output_item = memory_output_item},
};

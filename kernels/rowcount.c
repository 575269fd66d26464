/* rowcount.c: how many numbers of a row lie in [min, max].
 *
 * A table of small integers, read once from end to end: a handful of
 * comparisons per row, and little output. */
#include <inttypes.h>
#include <string.h>

#include "kernel.h"

/* A number of each of ROWS rows, in the widest registers that there are. */
typedef uint32_t lanes
    __attribute__((vector_size(KERNEL_VECTOR_BYTES), may_alias));
typedef int32_t signed_lanes __attribute__((vector_size(KERNEL_VECTOR_BYTES)));
enum { ROWS = KERNEL_VECTOR_BYTES / 4 };

/* Rows after which the sums of the lanes are added up: far below 32 bits. */
enum { BLOCK = 4096 };

enum { COLS, LOW, HIGH, MIN, MAX };

static const struct param_spec rowcount_params[] = {
    {"cols", PARAM_INTEGER, "5", 1, 4096, .help = "numbers per row"},
    {"low", PARAM_INTEGER, "0", INT32_MIN, INT32_MAX,
     .help = "smallest number drawn"},
    {"high", PARAM_INTEGER, "9", INT32_MIN, INT32_MAX,
     .help = "largest number drawn"},
    {"min", PARAM_INTEGER, "4", INT32_MIN, INT32_MAX,
     .help = "smallest number counted"},
    {"max", PARAM_INTEGER, "8", INT32_MIN, INT32_MAX,
     .help = "largest number counted"},
    {.name = NULL},
};

static const struct kernel_answer random_rows = {
    .source = "a Python program that draws the same numbers",
    .total = {.count = 499891, .lowest_hit = KERNEL_NO_HIT},
    .output = "2\n2\n3\n4\n2\n",
};

static const struct kernel_answer known_rows = {
    .source = "by hand",
    .total = {.count = 16, .lowest_hit = KERNEL_NO_HIT},
    .output = "3\n2\n3\n4\n4\n",
};

static const struct kernel_preset rowcount_presets[] = {
    {"tutorial", "200000 random rows of five numbers", "cols=5", .size = 200000,
     .answer = &random_rows},
    {"tutorial-rows", "five known rows", "cols=5", 5,
     .input = "n1,n2,n3,n4,n5\n9,2,7,7,6\n1,2,7,5,1\n2,4,8,5,3\n4,8,2,6,6\n"
              "8,6,5,4,3\n",
     .answer = &known_rows},
    {.name = NULL},
};

/* The numbers lie in tiles of ROWS rows, column after column: a vector holds
 * a column of its tile, and memory is still read from end to end.  The last
 * tile is filled up with zeros. */
struct rowcount {
  uint64_t rows;
  uint32_t cols;
  int32_t min, max;
  _Alignas(64) int32_t numbers[];
};

/* Where in numbers[] a row begins; its next number is ROWS further on. */
static inline uint64_t place_of(uint64_t row, uint64_t cols) {
  return row / ROWS * ROWS * cols + row % ROWS;
}

static void rowcount_reshape(const struct param_value *params,
                             struct kernel_shape *shape) {
  int64_t cols = params[COLS].integer;
  shape->input_bytes = 4.0 * (double)cols;
  shape->operations = 2.0 * (double)cols; /* a range test, an addition */
  shape->grain = (uint64_t)(1 + 40000 / (cols + 3));
}

/* The input has `cols` columns of int32. */
static bool rowcount_check_input(const struct kernel_request *request,
                                 struct kernel_problem *problem) {
  const struct kernel_input *input = request->input;
  int64_t cols = request->params[COLS].integer;
  if (request->size > input->rows) {
    snprintf(problem->text, sizeof problem->text,
             "rowcount: size=%" PRIu64 ": the input has %" PRIu64
             " rows; ask for no more",
             request->size, input->rows);
    return false;
  }
  if (input->rows > 0 && input->columns != cols) {
    snprintf(problem->text, sizeof problem->text,
             "rowcount/cols=%" PRId64 ": the input has %" PRIu32
             " columns; add cols=%" PRIu32,
             cols, input->columns, input->columns);
    return false;
  }
  for (uint64_t i = 0; i < request->size * (uint64_t)cols; i++) {
    int64_t number = input->values[i];
    if (number < INT32_MIN || number > INT32_MAX) {
      snprintf(problem->text, sizeof problem->text,
               "rowcount: line %" PRIu64 " of the input: %" PRId64
               " is outside of int32, %" PRId32 " to %" PRId32,
               input->first_line + i / (uint64_t)cols, number, INT32_MIN,
               INT32_MAX);
      return false;
    }
  }
  return true;
}

static bool rowcount_check(const struct kernel_request *request,
                           struct kernel_problem *problem) {
  const struct param_value *params = request->params;
  if (params[MIN].integer > params[MAX].integer) {
    snprintf(problem->text, sizeof problem->text,
             "rowcount/min=%" PRId64 ": must not be above max=%" PRId64,
             params[MIN].integer, params[MAX].integer);
    return false;
  }
  if (params[LOW].integer > params[HIGH].integer) {
    snprintf(problem->text, sizeof problem->text,
             "rowcount/low=%" PRId64 ": must not be above high=%" PRId64,
             params[LOW].integer, params[HIGH].integer);
    return false;
  }
  return request->input ? rowcount_check_input(request, problem) : true;
}

/* Number i of the table, in [0, bound).  Small ones take a quarter of a random
 * word each: a bias below bound / 65536, for a set-up that is not all
 * randomness. */
static inline uint64_t rowcount_draw(uint64_t seed, uint64_t i,
                                     uint64_t bound) {
  if (bound > 256)
    return kernel_random_below(seed, i, bound);
  uint64_t word = kernel_random(seed, i / 4);
  return (word >> (16 * (i % 4)) & 0xffff) * bound >> 16;
}

static void *rowcount_create(const struct kernel_request *request) {
  struct kernel_allocator *allocator = request->allocator;
  const struct param_value *params = request->params;
  uint64_t cols = (uint64_t)params[COLS].integer;
  if (request->size > SIZE_MAX / 8 / cols - ROWS) /* past any memory */
    return NULL;
  uint64_t padded = (request->size + ROWS - 1) / ROWS * ROWS;
  struct rowcount *table = allocator->allocate(
      allocator, sizeof *table + padded * cols * sizeof table->numbers[0]);
  if (!table)
    return NULL;
  table->rows = request->size;
  table->cols = (uint32_t)cols;
  table->min = (int32_t)params[MIN].integer;
  table->max = (int32_t)params[MAX].integer;
  return table;
}

static void rowcount_fill(void *state, const struct kernel_request *request,
                          uint64_t begin, uint64_t end) {
  struct rowcount *table = state;
  int64_t low = request->params[LOW].integer;
  uint64_t bound = (uint64_t)(request->params[HIGH].integer - low) + 1;
  uint64_t cols = table->cols, i = begin * cols;
  for (uint64_t row = begin; row < end; row++) {
    int32_t *numbers = table->numbers + place_of(row, cols);
    for (uint64_t col = 0; col < cols; col++, i++)
      numbers[col * ROWS] =
          request->input ? (int32_t)request->input->values[i]
                         : (int32_t)(low + (int64_t)rowcount_draw(request->seed,
                                                                  i, bound));
  }
}

/* What a number is tested with: min moved to the smallest int, and max as far
 * as that, so that one comparison tests both ends; the shift wraps around. */
struct range {
  uint32_t shift;
  int32_t max;
};

static struct range range_of(const struct rowcount *table) {
  uint32_t shift = (uint32_t)INT32_MIN - (uint32_t)table->min;
  return (struct range){shift, (int32_t)((uint32_t)table->max + shift)};
}

/* Counts for each row of a tile: a comparison of vectors gives -1 where it
 * holds, so every number out of range takes one off. */
static inline lanes count_tile(const struct rowcount *table, uint64_t tile,
                               uint32_t cols, struct range range) {
  const lanes *columns = (const lanes *)(table->numbers + tile * ROWS * cols);
  lanes count = (lanes){0} + cols;
  for (uint32_t col = 0; col < cols; col++)
    count += (lanes)((signed_lanes)(columns[col] + range.shift) > range.max);
  return count;
}

/* Counts the rows [begin, end) of one tile; returns the sum. */
static uint64_t count_part(const struct rowcount *table, uint64_t begin,
                           uint64_t end, int32_t *counts) {
  uint64_t total = 0;
  if (begin == end)
    return 0;
  lanes count = count_tile(table, begin / ROWS, table->cols, range_of(table));
  for (uint64_t row = begin; row < end; row++) {
    counts[row] = (int32_t)count[row % ROWS];
    total += count[row % ROWS];
  }
  return total;
}

/* Counts the rows of the tiles [begin, end); returns the sum. */
static inline uint64_t count_tiles(const struct rowcount *table, uint64_t begin,
                                   uint64_t end, uint32_t cols,
                                   int32_t *counts) {
  struct range range = range_of(table);
  uint64_t total = 0;
  lanes sum = {0};
  for (uint64_t tile = begin; tile < end; tile++) {
    lanes count = count_tile(table, tile, cols, range);
    memcpy(counts + tile * ROWS, &count, sizeof count);
    sum += count;
  }
  for (int row = 0; row < ROWS; row++)
    total += sum[row];
  return total;
}

/* Counts the rows [begin, end), at most BLOCK; returns the sum. */
static uint64_t count_block(const struct rowcount *table, uint64_t begin,
                            uint64_t end, int32_t *counts) {
  uint64_t first = (begin + ROWS - 1) / ROWS, last = end / ROWS;
  if (first > last) /* all in one tile */
    return count_part(table, begin, end, counts);
  uint64_t total = count_part(table, begin, first * ROWS, counts) +
                   count_part(table, last * ROWS, end, counts);
  if (table->cols == 5) /* the default: a loop that is unrolled */
    return total + count_tiles(table, first, last, 5, counts);
  return total + count_tiles(table, first, last, table->cols, counts);
}

static void rowcount_run(const void *state, void *output, uint64_t begin,
                         uint64_t end, struct partial *partial) {
  for (uint64_t next; begin < end; begin = next) {
    next = begin - begin % BLOCK + BLOCK; /* where a tile begins */
    next = next < end ? next : end;
    partial->count += count_block(state, begin, next, output);
  }
}

static void rowcount_textbook(const void *state, void *output, uint64_t size,
                              struct partial *total) {
  uint64_t count = 0;
#pragma omp parallel for schedule(static) reduction(+ : count)
  for (uint64_t row = 0; row < size; row += BLOCK)
    count += count_block(state, row, size - row < BLOCK ? size : row + BLOCK,
                         output);
  total->count = count;
}

/* In [min, max] are those up to max, less those below min. */
static bool rowcount_verify(const void *state, const void *output,
                            const struct partial *total,
                            struct kernel_problem *problem) {
  const struct rowcount *table = state;
  const int32_t *counts = output;
  uint64_t sum = 0;
  for (uint64_t row = 0; row < table->rows; row++) {
    const int32_t *numbers = table->numbers + place_of(row, table->cols);
    int32_t expected = 0;
    for (uint64_t col = 0; col < table->cols; col++) {
      expected += numbers[col * ROWS] <= table->max ? 1 : 0;
      expected -= numbers[col * ROWS] < table->min ? 1 : 0;
    }
    sum += (uint64_t)expected;
    if (counts[row] == expected)
      continue;
    snprintf(problem->text, sizeof problem->text,
             "rowcount: row %" PRIu64 " has %" PRId32
             " numbers in range, the output has %" PRId32 " (off by %" PRId64
             ")",
             row, expected, counts[row], (int64_t)counts[row] - expected);
    return false;
  }
  if (total->count == sum)
    return true;
  snprintf(problem->text, sizeof problem->text,
           "rowcount: all rows have %" PRIu64
           " numbers in range, the total has %" PRIu64 " (off by %" PRId64 ")",
           sum, total->count, (int64_t)(total->count - sum));
  return false;
}

static void rowcount_input_header(const void *state, FILE *out) {
  const struct rowcount *table = state;
  for (uint32_t col = 0; col < table->cols; col++)
    fprintf(out, "%sn%" PRIu32, col > 0 ? "," : "", col + 1);
}

static void rowcount_input_item(const void *state, uint64_t item, FILE *out) {
  const struct rowcount *table = state;
  const int32_t *numbers = table->numbers + place_of(item, table->cols);
  for (uint64_t col = 0; col < table->cols; col++)
    fprintf(out, "%s%" PRId32, col > 0 ? "," : "", numbers[col * ROWS]);
}

static void rowcount_output_item(const void *state, const void *output,
                                 uint64_t item, FILE *out) {
  const int32_t *counts = output;
  (void)state;
  fprintf(out, "%" PRId32, counts[item]);
}

const struct kernel kernel_rowcount = {
    .name = "rowcount",
    .title = "Row counts",
    .item = "row",
    .items = "rows",
    .source = "the usual multiprocessing tutorial: count a range in each row",
    .params = rowcount_params,
    .presets = rowcount_presets,
    .shape = {.input_bytes = 20,
              .output_bytes = 4,
              .operand_bytes = 4,
              .operations = 10, /* a range test and an addition per number */
              .grain = 5001,
              .batch = ROWS},
    .size = 4000000,
    .reshape = rowcount_reshape,
    .check = rowcount_check,
    .create = rowcount_create,
    .fill = rowcount_fill,
    .run = rowcount_run,
    .textbook = rowcount_textbook,
    .verify = rowcount_verify,
    .csv = {.input_header = rowcount_input_header,
            .input_item = rowcount_input_item,
            .output_header = "count",
            .output_item = rowcount_output_item},
};

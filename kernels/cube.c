/* cube.c: the cube of every integer, the least work an item can be.
 *
 * Item i is x = first + (i mod span).  Two multiplications against sixteen
 * bytes of memory traffic: more cores help only as far as memory does. */
#include <inttypes.h>

#include "kernel.h"

#define LARGEST_X INT64_C(2097151) /* 2^21 - 1: its cube is below 2^63 */

enum { FIRST, SPAN };

static const struct param_spec cube_params[] = {
    {"first", PARAM_INTEGER, "0", INT32_MIN, INT32_MAX, .help = "the first x"},
    {"span", PARAM_INTEGER, "2000000", 1, INT32_MAX,
     .help = "consecutive x before they start over"},
    {.name = NULL},
};

static const struct kernel_answer one_to_six = {
    .source = "any table of cubes",
    .total = {.lowest_hit = KERNEL_NO_HIT},
    .output = "1\n8\n27\n64\n125\n216\n",
};

static const struct kernel_answer from_zero = {
    .source = "any table of cubes",
    .total = {.lowest_hit = KERNEL_NO_HIT},
    .output = "0\n1\n8\n27\n64\n125\n216\n343\n512\n729\n1000\n",
};

static const struct kernel_preset cube_presets[] = {
    {"tutorial-6", "1 to 6", "first=1", .size = 6, .answer = &one_to_six},
    {"tutorial-5000", "range(5000)", "", .size = 5000, .answer = &from_zero},
    {.name = NULL},
};

struct cube {
  uint64_t size;
  _Alignas(64) int64_t x[];
};

/* The cubes of the rows of an input fit. */
static bool cube_check_input(const struct kernel_request *request,
                             struct kernel_problem *problem) {
  const struct kernel_input *input = request->input;
  if (request->size > input->rows || (input->rows > 0 && input->columns != 1)) {
    snprintf(problem->text, sizeof problem->text,
             "cube: the input has %" PRIu64 " rows of %" PRIu32
             " columns; needed: size=%" PRIu64 " rows of one, x",
             input->rows, input->columns, request->size);
    return false;
  }
  for (uint64_t i = 0; i < request->size; i++) {
    int64_t x = input->values[i];
    if (x < -LARGEST_X || x > LARGEST_X) {
      snprintf(problem->text, sizeof problem->text,
               "cube: line %" PRIu64 " of the input, x=%" PRId64
               ": x³ fits int64 only for |x| <= %" PRId64,
               input->first_line + i, x, LARGEST_X);
      return false;
    }
  }
  return true;
}

static bool cube_check(const struct kernel_request *request,
                       struct kernel_problem *problem) {
  int64_t first = request->params[FIRST].integer;
  int64_t span = request->params[SPAN].integer;
  if (request->input)
    return cube_check_input(request, problem);
  if (first < -LARGEST_X || first > LARGEST_X) {
    snprintf(problem->text, sizeof problem->text,
             "cube/first=%" PRId64 ": x³ fits int64 only for |x| <= %" PRId64,
             first, LARGEST_X);
    return false;
  }
  uint64_t distinct =
      request->size < (uint64_t)span ? request->size : (uint64_t)span;
  if (distinct > (uint64_t)(LARGEST_X - first + 1)) {
    snprintf(problem->text, sizeof problem->text,
             "cube/span=%" PRId64 ": reaches x = %" PRId64
             ", and x³ fits int64 only for |x| <= %" PRId64 "; span=%" PRId64
             " fits",
             span, first + (int64_t)distinct - 1, LARGEST_X,
             LARGEST_X - first + 1);
    return false;
  }
  return true;
}

static void *cube_create(const struct kernel_request *request) {
  struct kernel_allocator *allocator = request->allocator;
  uint64_t size = request->size;
  if (size > SIZE_MAX / 16) /* past any memory */
    return NULL;
  struct cube *cube =
      allocator->allocate(allocator, sizeof *cube + size * sizeof cube->x[0]);
  if (!cube)
    return NULL;
  cube->size = size;
  return cube;
}

static void cube_fill(void *state, const struct kernel_request *request,
                      uint64_t begin, uint64_t end) {
  struct cube *cube = state;
  int64_t first = request->params[FIRST].integer;
  uint64_t span = (uint64_t)request->params[SPAN].integer;
  for (uint64_t i = begin, step = begin % span; i < end; i++) {
    cube->x[i] =
        request->input ? request->input->values[i] : first + (int64_t)step;
    step = step + 1 < span ? step + 1 : 0;
  }
}

static void cube_run(const void *state, void *output, uint64_t begin,
                     uint64_t end, struct partial *partial) {
  const struct cube *cube = state;
  int64_t *cubes = output;
  (void)partial;
  for (uint64_t i = begin; i < end; i++) {
    int64_t x = cube->x[i];
    cubes[i] = x * x * x;
  }
}

/* `i` is no (u)int64_t, as the cubes are: clang keeps its loop's end in memory
 * in the same type as i, takes a cube that is stored for a change of it, and
 * then has no vectors for the loop. */
static void cube_textbook(const void *state, void *output, uint64_t size,
                          struct partial *total) {
  const struct cube *cube = state;
  int64_t *cubes = output;
  (void)total;
#pragma omp parallel for schedule(static)
  for (long long i = 0; i < (long long)size; i++) {
    int64_t x = cube->x[i];
    cubes[i] = x * x * x;
  }
}

/* The sum of 1..x, modulo 2^64. */
static uint64_t triangle(int64_t x) {
  return (uint64_t)(x * (x + 1) / 2);
}

/* x³ = T(x)² - T(x - 1)²: consecutive cubes add up to squared triangular
 * numbers (Nicomachus).  Modulo 2^64, in which x³ is unambiguous. */
static bool cube_verify(const void *state, const void *output,
                        const struct partial *total,
                        struct kernel_problem *problem) {
  const struct cube *cube = state;
  const int64_t *cubes = output;
  (void)total;
  for (uint64_t i = 0; i < cube->size; i++) {
    uint64_t upper = triangle(cube->x[i]), lower = triangle(cube->x[i] - 1);
    uint64_t expected = upper * upper - lower * lower;
    if ((uint64_t)cubes[i] == expected)
      continue;
    snprintf(problem->text, sizeof problem->text,
             "cube: item %" PRIu64 ": %" PRId64 "³ is %" PRId64
             ", the output has %" PRId64 " (off by %" PRId64 ")",
             i, cube->x[i], (int64_t)expected, cubes[i],
             (int64_t)((uint64_t)cubes[i] - expected));
    return false;
  }
  return true;
}

static void cube_input_header(const void *state, FILE *out) {
  (void)state;
  fputs("x", out);
}

static void cube_input_item(const void *state, uint64_t item, FILE *out) {
  const struct cube *cube = state;
  fprintf(out, "%" PRId64, cube->x[item]);
}

static void cube_output_item(const void *state, const void *output,
                             uint64_t item, FILE *out) {
  const int64_t *cubes = output;
  (void)state;
  fprintf(out, "%" PRId64, cubes[item]);
}

const struct kernel kernel_cube = {
    .name = "cube",
    .title = "Cube mapping",
    .item = "integer",
    .items = "integers",
    .source = "the usual Pool.map tutorial: x³ over a range of integers",
    .params = cube_params,
    .presets = cube_presets,
    .shape = {.input_bytes = 8,
              .output_bytes = 8,
              .operations = 2, /* multiplications */
              .grain = 16384,
              .batch = KERNEL_VECTOR_BYTES / 8}, /* a loop over vectors */
    .size = 10000000,
    .check = cube_check,
    .create = cube_create,
    .fill = cube_fill,
    .run = cube_run,
    .textbook = cube_textbook,
    .verify = cube_verify,
    .csv = {.input_header = cube_input_header,
            .input_item = cube_input_item,
            .output_header = "cube",
            .output_item = cube_output_item},
};

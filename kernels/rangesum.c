/* rangesum.c: the sum of the integers in [start, end), for many ends.
 *
 * Every element is added, though a formula would do (method=closed-form shows
 * how many cores a better algorithm is worth): the ranges differ in length, so
 * this is a kernel with load imbalance, and with order=sorted the worst case
 * for a schedule that cuts the items in equal slices. */
#include <inttypes.h>
#include <stdlib.h>

#include "kernel.h"

#define LARGEST_END INT64_C(6074001000) /* the sum of [0, end) fits uint64 */

__extension__ typedef unsigned __int128 wide;

/* LANES elements side by side, in the widest registers that there are. */
typedef uint64_t lanes __attribute__((vector_size(KERNEL_VECTOR_BYTES)));
enum { LANES = KERNEL_VECTOR_BYTES / 8, WAYS = 4, STEPS = 2 };

enum { START, MAX_END, ORDER, METHOD };
enum { ORDER_RANDOM, ORDER_SORTED };
enum { METHOD_LOOP, METHOD_CLOSED_FORM };

static const struct param_spec rangesum_params[] = {
    {"start", PARAM_INTEGER, "0", 0, LARGEST_END,
     .help = "first element of every range"},
    {"max_end", PARAM_INTEGER, "1000000", 1, LARGEST_END,
     .help = "ends are drawn from [start, max_end)"},
    {"order", PARAM_WORD, "random", .words = "random|sorted",
     .help = "of the ends"},
    {"method", PARAM_WORD, "loop", .words = "loop|closed-form",
     .help = "add every element, or use the formula: the better algorithm"},
    {.name = NULL},
};

static const struct kernel_answer ten_sums = {
    .source =
        "Python: sum(range(end)) = end * (end - 1) // 2, in whole numbers",
    .total = {.sum = UINT64_C(16484330702487280), .lowest_hit = KERNEL_NO_HIT},
    .output = "4525173573611328\n305855759752003\n376915103136496\n"
              "3099323876907286\n15566528834850\n2728276306701\n"
              "26654100226881\n4007358828638490\n3191354287616440\n"
              "933400367456805\n",
};

static const struct kernel_preset rangesum_presets[] = {
    {"tutorial", "ten ranges of up to 95 million elements", "max_end=100000000",
     10,
     .input = "end\n95133313\n24732803\n27455969\n78731492\n5579701\n2335927\n"
              "7301247\n89524956\n79891856\n43206490\n",
     .answer = &ten_sums},
    {.name = NULL},
};

struct rangesum {
  uint64_t size;
  uint64_t start;
  bool closed_form;
  _Alignas(64) uint64_t ends[];
};

/* The formula, for start <= end. */
static wide closed_form(uint64_t start, uint64_t end) {
  return start == end ? 0 : ((wide)start + end - 1) * (end - start) / 2;
}

static void rangesum_reshape(const struct param_value *params,
                             struct kernel_shape *shape) {
  int64_t reach = params[MAX_END].integer - params[START].integer;
  if (reach < 1) /* refused by check, unless an input brings the ends */
    reach = 1;
  shape->whole_input = params[ORDER].integer == ORDER_SORTED;
  shape->operations = (double)reach; /* half as many elements, twice */
  shape->grain = (uint64_t)(1 + 500000 / (reach + 100));
  if (params[METHOD].integer == METHOD_CLOSED_FORM) {
    shape->operations = 5;
    shape->grain = 4096;
    shape->batch = LANES; /* a loop over vectors */
  }
}

/* The ends of an input are in range, and their total fits. */
static bool rangesum_check_input(const struct kernel_request *request,
                                 struct kernel_problem *problem) {
  const struct kernel_input *input = request->input;
  int64_t start = request->params[START].integer;
  wide total = 0;
  if (request->size > input->rows || (input->rows > 0 && input->columns != 1)) {
    snprintf(problem->text, sizeof problem->text,
             "rangesum: the input has %" PRIu64 " rows of %" PRIu32
             " columns; needed: size=%" PRIu64 " rows of one, end",
             input->rows, input->columns, request->size);
    return false;
  }
  for (uint64_t i = 0; i < request->size; i++) {
    int64_t end = input->values[i];
    if (end < start || end > LARGEST_END) {
      snprintf(problem->text, sizeof problem->text,
               "rangesum: line %" PRIu64 " of the input, end=%" PRId64
               ": ends go from start=%" PRId64 " to %" PRId64,
               input->first_line + i, end, start, LARGEST_END);
      return false;
    }
    total += closed_form((uint64_t)start, (uint64_t)end);
    if (total > UINT64_MAX) {
      snprintf(problem->text, sizeof problem->text,
               "rangesum: line %" PRIu64 " of the input, end=%" PRId64
               ": the total passes 2^64 - 1; size=%" PRIu64 " fits",
               input->first_line + i, end, i);
      return false;
    }
  }
  return true;
}

static bool rangesum_check(const struct kernel_request *request,
                           struct kernel_problem *problem) {
  int64_t start = request->params[START].integer;
  int64_t max_end = request->params[MAX_END].integer;
  if (request->input)
    return rangesum_check_input(request, problem);
  if (max_end <= start) {
    snprintf(problem->text, sizeof problem->text,
             "rangesum/max_end=%" PRId64 ": must be above start=%" PRId64,
             max_end, start);
    return false;
  }
  wide longest = closed_form((uint64_t)start, (uint64_t)max_end - 1);
  if (longest * request->size > UINT64_MAX) {
    snprintf(problem->text, sizeof problem->text,
             "rangesum/max_end=%" PRId64 ": with size=%" PRIu64
             " the total may pass 2^64 - 1; at most %" PRIu64 " ranges fit",
             max_end, request->size, (uint64_t)(UINT64_MAX / longest));
    return false;
  }
  return true;
}

static int compare_ends(const void *left, const void *right) {
  const uint64_t *a = left, *b = right;
  return (*a > *b) - (*a < *b);
}

static void *rangesum_create(const struct kernel_request *request) {
  struct kernel_allocator *allocator = request->allocator;
  uint64_t size = request->size;
  if (size > SIZE_MAX / 16) /* past any memory */
    return NULL;
  struct rangesum *sums = allocator->allocate(
      allocator, sizeof *sums + size * sizeof sums->ends[0]);
  if (!sums)
    return NULL;
  sums->size = size;
  sums->start = (uint64_t)request->params[START].integer;
  sums->closed_form = request->params[METHOD].integer == METHOD_CLOSED_FORM;
  return sums;
}

static void rangesum_fill(void *state, const struct kernel_request *request,
                          uint64_t begin, uint64_t end) {
  struct rangesum *sums = state;
  const struct kernel_input *input = request->input;
  uint64_t start = sums->start;
  uint64_t max_end = (uint64_t)request->params[MAX_END].integer;
  for (uint64_t i = begin; i < end; i++)
    sums->ends[i] =
        input ? (uint64_t)input->values[i]
              : start + kernel_random_below(request->seed, i, max_end - start);
  if (request->params[ORDER].integer == ORDER_SORTED) /* it is all of them */
    qsort(sums->ends, sums->size, sizeof sums->ends[0], compare_ends);
}

/* Adds the elements in a loop: WAYS vectors of them at a time, each with a sum
 * of its own, because one sum would wait for itself; STEPS times before it asks
 * whether that was all, because asking takes a turn at the processor, too.
 * Compilers replace such a loop over integers by the formula, but not one over
 * vectors; the empty asm hides that the step is a constant, which they would
 * multiply out.  Not inlined: clang arranges each copy of the loop in its own
 * way, up to 4% apart. */
__attribute__((noinline)) static uint64_t sum_range(uint64_t start,
                                                    uint64_t end) {
  const uint64_t stride = (uint64_t)WAYS * LANES;
  uint64_t step = stride, element = start, total = 0;
  lanes elements[WAYS], sums[WAYS] = {{0}}, count = {0};
  __asm__("" : "+r"(step));
  for (uint64_t lane = 0; lane < LANES; lane++)
    count[lane] = lane;
  for (uint64_t way = 0; way < WAYS; way++)
    elements[way] = count + (start + way * LANES);
  for (; end - element >= STEPS * stride; element += STEPS * stride)
    for (int i = 0; i < STEPS * WAYS; i++) {
      sums[i % WAYS] += elements[i % WAYS];
      elements[i % WAYS] += step;
    }
  for (int way = 1; way < WAYS; way++)
    sums[0] += sums[way];
  for (int lane = 0; lane < LANES; lane++)
    total += sums[0][lane];
  for (; element < end; element++) {
    total += element;
    __asm__("" : "+r"(total)); /* no formula for the rest, either */
  }
  return total;
}

/* Half of the first and the last element, as often as there are elements; one
 * of the two factors is even. */
static uint64_t sum_formula(uint64_t start, uint64_t end) {
  uint64_t count = end - start, ends = start + end - 1;
  return count % 2 == 0 ? count / 2 * ends : ends / 2 * count;
}

static inline uint64_t one_sum(const struct rangesum *sums, uint64_t i) {
  return sums->closed_form ? sum_formula(sums->start, sums->ends[i])
                           : sum_range(sums->start, sums->ends[i]);
}

static void rangesum_run(const void *state, void *output, uint64_t begin,
                         uint64_t end, struct partial *partial) {
  const struct rangesum *sums = state;
  uint64_t *out = output;
  uint64_t total = 0;
  for (uint64_t i = begin; i < end; i++)
    total += out[i] = one_sum(sums, i);
  partial->sum += total;
}

static void rangesum_textbook(const void *state, void *output, uint64_t size,
                              struct partial *total) {
  const struct rangesum *sums = state;
  uint64_t *out = output;
  uint64_t sum = 0;
#pragma omp parallel for schedule(static) reduction(+ : sum)
  for (uint64_t i = 0; i < size; i++)
    sum += out[i] = one_sum(sums, i);
  total->sum = sum;
}

static bool rangesum_verify(const void *state, const void *output,
                            const struct partial *total,
                            struct kernel_problem *problem) {
  const struct rangesum *sums = state;
  const uint64_t *out = output;
  uint64_t sum = 0;
  for (uint64_t i = 0; i < sums->size; i++) {
    uint64_t expected = (uint64_t)closed_form(sums->start, sums->ends[i]);
    sum += expected;
    if (out[i] == expected)
      continue;
    snprintf(problem->text, sizeof problem->text,
             "rangesum: range %" PRIu64 ", end=%" PRIu64 ", sums to %" PRIu64
             ", the output has %" PRIu64 " (off by %" PRId64 ")",
             i, sums->ends[i], expected, out[i], (int64_t)(out[i] - expected));
    return false;
  }
  if (total->sum == sum)
    return true;
  snprintf(problem->text, sizeof problem->text,
           "rangesum: all ranges sum to %" PRIu64 ", the total has %" PRIu64
           " (off by %" PRId64 ")",
           sum, total->sum, (int64_t)(total->sum - sum));
  return false;
}

static void rangesum_input_header(const void *state, FILE *out) {
  (void)state;
  fputs("end", out);
}

static void rangesum_input_item(const void *state, uint64_t item, FILE *out) {
  const struct rangesum *sums = state;
  fprintf(out, "%" PRIu64, sums->ends[item]);
}

static void rangesum_output_item(const void *state, const void *output,
                                 uint64_t item, FILE *out) {
  const uint64_t *sums = output;
  (void)state;
  fprintf(out, "%" PRIu64, sums[item]);
}

const struct kernel kernel_rangesum = {
    .name = "rangesum",
    .title = "Range sums",
    .item = "range",
    .items = "ranges",
    .source = "the usual process pool tutorial: sum(range(n)), many n",
    .params = rangesum_params,
    .presets = rangesum_presets,
    .shape = {.input_bytes = 8,
              .output_bytes = 8,
              .operations = 1000000, /* two additions per element */
              .grain = 1},
    .size = 300,
    .reshape = rangesum_reshape,
    .check = rangesum_check,
    .create = rangesum_create,
    .fill = rangesum_fill,
    .run = rangesum_run,
    .textbook = rangesum_textbook,
    .verify = rangesum_verify,
    .csv = {.input_header = rangesum_input_header,
            .input_item = rangesum_input_item,
            .output_header = "sum",
            .output_item = rangesum_output_item},
};

/* latency.c: a call that waits, then answers x².
 *
 * It stands for a request to a disk or a server.  A sleeping worker needs no
 * core, so more workers than cores still help: the opposite of spin.c. */
#include <errno.h>
#include <inttypes.h>
#include <time.h>

#include "kernel.h"

#define LARGEST_X INT64_C(3037000499) /* floor(sqrt(2^63 - 1)) */

enum { SLEEP_US };

static const struct param_spec latency_params[] = {
    {"sleep_us", PARAM_INTEGER, "1000", 0, 10000000,
     .help = "sleep per call, in microseconds; 0 does not sleep"},
    {.name = NULL},
};

static const struct kernel_answer first_squares = {
    .source = "any table of squares",
    .total = {.lowest_hit = KERNEL_NO_HIT},
    .output = "0\n1\n4\n9\n16\n25\n36\n49\n64\n81\n100\n",
};

static const struct kernel_preset latency_presets[] = {
    {"tutorial-10ms", "100 calls of 10 ms", "sleep_us=10000", .size = 100},
    {"tutorial-100ms", "100 calls of 100 ms", "sleep_us=100000", .size = 100},
    {"tutorial-0", "100 calls that do not sleep", "sleep_us=0", .size = 100,
     .answer = &first_squares},
    {.name = NULL},
};

struct latency {
  uint64_t size;
  struct timespec sleep;
  bool sleeps;
  bool has_input; /* x[] holds an input; otherwise x is the item's index */
  _Alignas(64) int64_t x[];
};

static bool latency_check(const struct kernel_request *request,
                          struct kernel_problem *problem) {
  const struct kernel_input *input = request->input;
  if (!input) {
    if (request->size <= (uint64_t)LARGEST_X + 1)
      return true;
    snprintf(problem->text, sizeof problem->text,
             "latency: size=%" PRIu64
             ": x² fits int64 only for |x| <= %" PRId64,
             request->size, LARGEST_X);
    return false;
  }
  if (request->size > input->rows || (input->rows > 0 && input->columns != 1)) {
    snprintf(problem->text, sizeof problem->text,
             "latency: the input has %" PRIu64 " rows of %" PRIu32
             " columns; needed: size=%" PRIu64 " rows of one, x",
             input->rows, input->columns, request->size);
    return false;
  }
  for (uint64_t i = 0; i < request->size; i++) {
    int64_t x = input->values[i];
    if (x < -LARGEST_X || x > LARGEST_X) {
      snprintf(problem->text, sizeof problem->text,
               "latency: line %" PRIu64 " of the input, x=%" PRId64
               ": x² fits int64 only for |x| <= %" PRId64,
               input->first_line + i, x, LARGEST_X);
      return false;
    }
  }
  return true;
}

static void *latency_create(const struct kernel_request *request) {
  struct kernel_allocator *allocator = request->allocator;
  const struct kernel_input *input = request->input;
  int64_t sleep_us = request->params[SLEEP_US].integer;
  uint64_t values = input ? request->size : 0;
  if (values > SIZE_MAX / 16) /* past any memory */
    return NULL;
  struct latency *latency = allocator->allocate(
      allocator, sizeof *latency + values * sizeof latency->x[0]);
  if (!latency)
    return NULL;
  latency->size = request->size;
  latency->sleep.tv_sec = (time_t)(sleep_us / 1000000);
  latency->sleep.tv_nsec = (long)(sleep_us % 1000000 * 1000);
  latency->sleeps = sleep_us > 0;
  latency->has_input = input != NULL;
  return latency;
}

static void latency_fill(void *state, const struct kernel_request *request,
                         uint64_t begin, uint64_t end) {
  struct latency *latency = state;
  for (uint64_t i = begin; latency->has_input && i < end; i++)
    latency->x[i] = request->input->values[i];
}

static int64_t latency_x(const struct latency *latency, uint64_t item) {
  return latency->has_input ? latency->x[item] : (int64_t)item;
}

static void latency_run(const void *state, void *output, uint64_t begin,
                        uint64_t end, struct partial *partial) {
  const struct latency *latency = state;
  int64_t *squares = output;
  (void)partial;
  for (uint64_t i = begin; i < end; i++) {
    struct timespec left = latency->sleep;
    while (latency->sleeps &&
           clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR) {
      /* a signal came: sleep what is left */
    }
    int64_t x = latency_x(latency, i);
    squares[i] = x * x;
  }
}

/* x² = (x - 1)(x + 1) + 1, modulo 2^64, in which x² is unambiguous. */
static bool latency_verify(const void *state, const void *output,
                           const struct partial *total,
                           struct kernel_problem *problem) {
  const struct latency *latency = state;
  const int64_t *squares = output;
  (void)total;
  for (uint64_t i = 0; i < latency->size; i++) {
    uint64_t x = (uint64_t)latency_x(latency, i);
    uint64_t expected = (x - 1) * (x + 1) + 1;
    if ((uint64_t)squares[i] == expected)
      continue;
    snprintf(problem->text, sizeof problem->text,
             "latency: item %" PRIu64 ": %" PRId64 "² is %" PRId64
             ", the output has %" PRId64 " (off by %" PRId64 ")",
             i, (int64_t)x, (int64_t)expected, squares[i],
             (int64_t)((uint64_t)squares[i] - expected));
    return false;
  }
  return true;
}

static void latency_input_header(const void *state, FILE *out) {
  (void)state;
  fputs("x", out);
}

static void latency_input_item(const void *state, uint64_t item, FILE *out) {
  fprintf(out, "%" PRId64, latency_x(state, item));
}

static void latency_output_item(const void *state, const void *output,
                                uint64_t item, FILE *out) {
  const int64_t *squares = output;
  (void)state;
  fprintf(out, "%" PRId64, squares[item]);
}

const struct kernel kernel_latency = {
    .name = "latency",
    .title = "Waiting calls",
    .item = "call",
    .items = "calls",
    .source = "the usual thread pool tutorial: sleep, then return x²",
    .params = latency_params,
    .presets = latency_presets,
    .shape = {.output_bytes = 8,
              .operations = 1, /* calls */
              .grain = 1},
    .size = 16,
    .waits = true,
    .check = latency_check,
    .create = latency_create,
    .fill = latency_fill,
    .run = latency_run,
    .verify = latency_verify,
    .csv = {.input_header = latency_input_header,
            .input_item = latency_input_item,
            .output_header = "square",
            .output_item = latency_output_item},
};

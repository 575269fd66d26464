/* spin.c: pure computation, with a serial fraction of one's choice.
 *
 * An item is a unit of 1024 steps x = x * a + c (mod 2^64), each of which has
 * to wait for the one before: it touches no memory, so it scales as well as
 * the cores do.  chains=8 steps eight such chains side by side, which fills
 * a core that chains=1 leaves mostly idle.  serial=F adds units that finish()
 * does alone, so that they are the fraction F of all units: Amdahl's law with
 * its f known beforehand. */
#include <inttypes.h>
#include <math.h>

#include "kernel.h"

#define STEPS      1024
#define CHAINS_MAX 8
#define UNITS_MAX                                                              \
  (UINT64_C(1) << 53) /* of the serial part: exact as double                   \
                       */

/* Source of both: Knuth's MMIX generator, TAOCP vol. 2, 3rd ed., sec. 3.3.4. */
#define MULTIPLIER UINT64_C(6364136223846793005)
#define INCREMENT  UINT64_C(1442695040888963407)

enum { CHAINS, SERIAL };

static const struct param_spec spin_params[] = {
    {"chains", PARAM_WORD, "1", .words = "1|8",
     .help = "independent chains per unit"},
    {"serial", PARAM_REAL, "0", .least = 0, .most = 0.99,
     .help = "fraction of all units that are done serially"},
    {.name = NULL},
};

struct spin {
  uint64_t size;
  uint64_t serial_units;
  uint64_t seed;
  uint64_t listed; /* units whose starts are in starts[]: all or none */
  unsigned chains;
  _Alignas(64) uint64_t starts[];
};

static unsigned spin_chains(const struct param_value *params) {
  return params[CHAINS].integer == 0 ? 1 : CHAINS_MAX;
}

/* F of all units are serial: serial = F / (1 - F) * size, rounded. */
static double spin_serial_units(const struct kernel_request *request) {
  double fraction = request->params[SERIAL].real;
  return fraction / (1 - fraction) * (double)request->size + 0.5;
}

static void spin_reshape(const struct param_value *params,
                         struct kernel_shape *shape) {
  shape->operations = 2.0 * STEPS * spin_chains(params);
}

static double spin_serial_fraction(const struct param_value *params) {
  return params[SERIAL].real > 0 ? params[SERIAL].real : (double)NAN;
}

static bool spin_check(const struct kernel_request *request,
                       struct kernel_problem *problem) {
  const struct kernel_input *input = request->input;
  unsigned chains = spin_chains(request->params);
  if (!(spin_serial_units(request) <= (double)UNITS_MAX)) {
    snprintf(problem->text, sizeof problem->text,
             "spin/serial=%g: with size=%" PRIu64
             " the serial part exceeds %" PRIu64 " units; use a smaller size",
             request->params[SERIAL].real, request->size, UNITS_MAX);
    return false;
  }
  if (!input)
    return true;
  if (request->size > input->rows ||
      (input->rows > 0 && input->columns != chains)) {
    snprintf(problem->text, sizeof problem->text,
             "spin/chains=%u: the input has %" PRIu64 " rows of %" PRIu32
             " columns; needed: size=%" PRIu64 " rows of one start per chain",
             chains, input->rows, input->columns, request->size);
    return false;
  }
  return true;
}

static void *spin_create(const struct kernel_request *request) {
  struct kernel_allocator *allocator = request->allocator;
  const struct kernel_input *input = request->input;
  unsigned chains = spin_chains(request->params);
  uint64_t starts = input ? request->size * chains : 0;
  if (input && request->size > SIZE_MAX / 128) /* past any memory */
    return NULL;
  struct spin *spin = allocator->allocate(
      allocator, sizeof *spin + starts * sizeof spin->starts[0]);
  if (!spin)
    return NULL;
  spin->size = request->size;
  spin->serial_units = (uint64_t)spin_serial_units(request);
  spin->seed = request->seed;
  spin->listed = input ? request->size : 0;
  spin->chains = chains;
  return spin;
}

static void spin_fill(void *state, const struct kernel_request *request,
                      uint64_t begin, uint64_t end) {
  struct spin *spin = state;
  if (!request->input)
    return;
  for (uint64_t i = begin * spin->chains; i < end * spin->chains; i++)
    spin->starts[i] = (uint64_t)request->input->values[i];
}

/* Where chain `chain` of a unit starts.  Serial units have indices from size
 * on, and so no row in an input: theirs always come from the seed. */
static uint64_t spin_start(const struct spin *spin, uint64_t unit,
                           unsigned chain) {
  uint64_t i = unit * spin->chains + chain;
  return unit < spin->listed ? spin->starts[i] : kernel_random(spin->seed, i);
}

/* x, as a number that the compiler knows nothing about.  Otherwise gcc and
 * clang may merge steps into x * a² + (a + 1) * c, and clang 14 moves chains
 * between scalar and vector registers in every step. */
static inline uint64_t opaque(uint64_t x) {
  __asm__("" : "+r"(x));
  return x;
}

/* Steps all chains of a unit; returns the xor of their ends. */
static inline uint64_t step_chains(const struct spin *spin, uint64_t unit,
                                   unsigned chains) {
  uint64_t x[CHAINS_MAX], ends = 0;
  for (unsigned chain = 0; chain < chains; chain++)
    x[chain] = opaque(spin_start(spin, unit, chain));
  for (int step = 0; step < STEPS; step++)
    for (unsigned chain = 0; chain < chains; chain++)
      x[chain] = opaque(x[chain] * MULTIPLIER + INCREMENT);
  for (unsigned chain = 0; chain < chains; chain++)
    ends ^= opaque(x[chain]);
  return ends;
}

/* `chains` as a constant keeps x[] in registers. */
static uint64_t spin_unit(const struct spin *spin, uint64_t unit) {
  return spin->chains == 1 ? step_chains(spin, unit, 1)
                           : step_chains(spin, unit, CHAINS_MAX);
}

static void spin_run(const void *state, void *output, uint64_t begin,
                     uint64_t end, struct partial *partial) {
  const struct spin *spin = state;
  uint64_t *ends = output;
  uint64_t sum = 0;
  for (uint64_t i = begin; i < end; i++)
    sum += ends[i] = spin_unit(spin, i);
  partial->sum += sum;
}

static void spin_textbook(const void *state, void *output, uint64_t size,
                          struct partial *total) {
  const struct spin *spin = state;
  uint64_t *ends = output;
  uint64_t sum = 0;
#pragma omp parallel for schedule(static) reduction(+ : sum)
  for (uint64_t i = 0; i < size; i++)
    sum += ends[i] = spin_unit(spin, i);
  total->sum = sum;
}

static void spin_finish(const void *state, void *output,
                        const struct partial *partials, uint32_t workers,
                        struct partial *total) {
  const struct spin *spin = state;
  (void)output;
  *total = partial_combine(partials, workers);
  for (uint64_t i = 0; i < spin->serial_units; i++)
    total->sum += spin_unit(spin, spin->size + i);
}

/* What a unit must give, by jumping ahead: two steps in one are again a step,
 * with a² and (a + 1) * c, so ten doublings make the 1024 steps.
 * Source: Brown, "Random number generation with arbitrary strides", 1994. */
static uint64_t spin_expected(const struct spin *spin, uint64_t unit) {
  uint64_t multiplier = MULTIPLIER, increment = INCREMENT, expected = 0;
  for (unsigned steps = 1; steps < STEPS; steps *= 2) {
    increment *= multiplier + 1;
    multiplier *= multiplier;
  }
  for (unsigned chain = 0; chain < spin->chains; chain++)
    expected ^= spin_start(spin, unit, chain) * multiplier + increment;
  return expected;
}

static bool spin_verify(const void *state, const void *output,
                        const struct partial *total,
                        struct kernel_problem *problem) {
  const struct spin *spin = state;
  const uint64_t *ends = output;
  uint64_t sum = 0;
  for (uint64_t i = 0; i < spin->size + spin->serial_units; i++) {
    uint64_t expected = spin_expected(spin, i);
    sum += expected;
    if (i >= spin->size || ends[i] == expected)
      continue;
    snprintf(problem->text, sizeof problem->text,
             "spin: unit %" PRIu64 " ends in %" PRIu64
             ", the output has %" PRIu64 " (off by %" PRId64 ")",
             i, expected, ends[i], (int64_t)(ends[i] - expected));
    return false;
  }
  if (total->sum == sum)
    return true;
  snprintf(problem->text, sizeof problem->text,
           "spin: all ends and %" PRIu64 " serial units add up to %" PRIu64
           ", the total has %" PRIu64 " (off by %" PRId64 ")",
           spin->serial_units, sum, total->sum, (int64_t)(total->sum - sum));
  return false;
}

static void spin_input_header(const void *state, FILE *out) {
  const struct spin *spin = state;
  fputs(spin->chains == 1 ? "start" : "start1", out);
  for (unsigned chain = 1; chain < spin->chains; chain++)
    fprintf(out, ",start%u", chain + 1);
}

/* Signed, as an input is read: 2^63 and more are written as negative. */
static void spin_input_item(const void *state, uint64_t item, FILE *out) {
  const struct spin *spin = state;
  for (unsigned chain = 0; chain < spin->chains; chain++)
    fprintf(out, "%s%" PRId64, chain > 0 ? "," : "",
            (int64_t)spin_start(spin, item, chain));
}

static void spin_output_item(const void *state, const void *output,
                             uint64_t item, FILE *out) {
  const uint64_t *ends = output;
  (void)state;
  fprintf(out, "%" PRIu64, ends[item]);
}

const struct kernel kernel_spin = {
    .name = "spin",
    .title = "Pure computation",
    .item = "unit",
    .items = "units",
    .source = "synthetic: dependent steps of Knuth's MMIX generator",
    .params = spin_params,
    .shape = {.output_bytes = 8,
              .operations = 2.0 * STEPS, /* a product and a sum per step */
              .grain = 16},
    .size = 10000,
    .reshape = spin_reshape,
    .serial_fraction = spin_serial_fraction,
    .check = spin_check,
    .create = spin_create,
    .fill = spin_fill,
    .run = spin_run,
    .textbook = spin_textbook,
    .finish = spin_finish,
    .verify = spin_verify,
    .csv = {.input_header = spin_input_header,
            .input_item = spin_input_item,
            .output_header = "end",
            .output_item = spin_output_item},
};

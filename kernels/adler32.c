/* adler32.c: proof of work on a checksum.
 *
 * Candidate i is the base text followed by `letters` letters that depend on
 * its nonce; it is a hit when its Adler-32, in decimal, begins as asked for.
 * mode=count hashes every candidate; mode=first stops at the lowest hit, so
 * how much it computes depends on who looks where, and on luck.
 *
 * Source of Adler-32: RFC 1950, sections 8.2 and 9. */
#include <inttypes.h>
#include <string.h>

#include "adler32_group.h"
#include "kernel.h"

#define LETTERS_MAX   4096
#define INTERVALS_MAX 10
#define LETTER_SEED   UINT64_C(0x636f7265) /* "core" */

enum { BASE, LETTERS, ZEROS, DIGITS, MODE, METHOD };
enum { MODE_COUNT, MODE_FIRST };
enum { METHOD_MIDSTATE, METHOD_WHOLE };

static const struct param_spec adler32_params[] = {
    {"base", PARAM_TEXT, "I miss DSR already", 0, 1024,
     .help = "text that every candidate begins with"},
    {"letters", PARAM_INTEGER, "128", 1, LETTERS_MAX,
     .help = "letters after the base"},
    {"zeros", PARAM_INTEGER, "2", 0, 9,
     .help = "zeros that a hit, padded to ten digits, begins with"},
    {"digits", PARAM_INTEGER, "0", 0, UINT32_MAX,
     .help = "number that a hit begins with, instead of zeros; 0: unused"},
    {"mode", PARAM_WORD, "count", .words = "count|first",
     .help = "count all hits, or stop at the first"},
    {"method", PARAM_WORD, "midstate", .words = "midstate|whole-message",
     .help = "hash the base once for all, or with every candidate"},
    {.name = NULL},
};

static const struct kernel_answer hundred_thousand = {
    .source = "Python's zlib.adler32, as in the README",
    .total = {.sum = UINT64_C(201792660385221), .count = 337, .lowest_hit = 29},
    .output = "0,\"I miss DSR alreadylzjiuilx\",2021591468,0\n"
              "1,\"I miss DSR alreadymzmomifh\",2021329304,0\n"
              "2,\"I miss DSR alreadykrrxemni\",2021329313,0\n",
};

static const struct kernel_answer five_zeros = {
    .source = "Python's zlib.adler32, as in the README: its hash is 81082",
    .total = {.lowest_hit = 9365},
};

static const struct kernel_preset adler32_presets[] = {
    {"tutorial", "eight letters, hashes that begin with 1",
     "letters=8,digits=1", .size = 100000, .answer = &hundred_thousand},
    {"first-hit", "the first hash that begins with five zeros",
     "zeros=5,mode=first", .size = 1000000, .answer = &five_zeros},
    {.name = NULL},
};

/* Hashes in [low, high) are hits. */
struct interval {
  uint64_t low, high;
};

struct adler32 {
  uint64_t size;
  uint64_t grain;
  const char *base;
  uint16_t base_length;
  uint16_t hashed;         /* bytes of the base that are hashed once for all */
  uint32_t base_a, base_b; /* the two sums of Adler-32 after those */
  uint16_t letters;
  bool stops_early;
  bool has_input; /* nonces[] holds an input; otherwise nonce i is i */
  unsigned intervals;
  struct interval interval[INTERVALS_MAX];
  struct kernel_control *control;
  _Alignas(64) uint64_t nonces[];
};

/* In whole groups: what is left of one costs as much as all of it. */
static uint64_t adler32_grain(const struct param_value *params) {
  return GROUP * (uint64_t)(1 + 65536 / GROUP / (params[LETTERS].integer + 64));
}

static void adler32_reshape(const struct param_value *params,
                            struct kernel_shape *shape) {
  /* 11 operations to make a letter, 2 to add it to both sums */
  shape->operations = 13.0 * (double)params[LETTERS].integer;
  if (params[METHOD].integer == METHOD_WHOLE)
    shape->operations += 2.0 * (double)params[BASE].integer;
  shape->grain = adler32_grain(params);
  shape->stops_early = params[MODE].integer == MODE_FIRST;
}

static bool adler32_check(const struct kernel_request *request,
                          struct kernel_problem *problem) {
  const struct kernel_input *input = request->input;
  if (!input)
    return true;
  if (request->size > input->rows || (input->rows > 0 && input->columns != 1)) {
    snprintf(problem->text, sizeof problem->text,
             "adler32: the input has %" PRIu64 " rows of %" PRIu32
             " columns; needed: size=%" PRIu64 " rows of one, nonce",
             input->rows, input->columns, request->size);
    return false;
  }
  for (uint64_t i = 0; i < request->size; i++) {
    if (input->values[i] >= 0)
      continue;
    snprintf(problem->text, sizeof problem->text,
             "adler32: line %" PRIu64 " of the input, nonce=%" PRId64
             ": must be 0 or more",
             input->first_line + i, input->values[i]);
    return false;
  }
  return true;
}

/* The hashes that are hits.  Those that begin with the number D are
 * [D, D+1) and, with k more digits, [D * 10^k, (D+1) * 10^k). */
static void set_intervals(struct adler32 *adler, uint64_t zeros,
                          uint64_t digits) {
  if (digits == 0) {
    adler->interval[0].high = UINT64_C(10000000000);
    for (uint64_t zero = 0; zero < zeros; zero++)
      adler->interval[0].high /= 10;
    adler->intervals = 1;
    return;
  }
  for (uint64_t scale = 1; digits * scale <= UINT32_MAX; scale *= 10)
    adler->interval[adler->intervals++] =
        (struct interval){digits * scale, (digits + 1) * scale};
}

static void *adler32_create(const struct kernel_request *request) {
  struct kernel_allocator *allocator = request->allocator;
  const struct param_value *params = request->params;
  uint64_t nonces = request->input ? request->size : 0;
  if (nonces > SIZE_MAX / 16) /* past any memory */
    return NULL;
  struct adler32 *adler = allocator->allocate(
      allocator, sizeof *adler + nonces * sizeof adler->nonces[0]);
  if (!adler)
    return NULL;
  adler->size = request->size;
  adler->grain = adler32_grain(params);
  adler->base = params[BASE].text;
  adler->base_length = (uint16_t)strlen(adler->base);
  adler->letters = (uint16_t)params[LETTERS].integer;
  adler->stops_early = params[MODE].integer == MODE_FIRST;
  adler->has_input = request->input != NULL;
  adler->control = request->control;
  set_intervals(adler, (uint64_t)params[ZEROS].integer,
                (uint64_t)params[DIGITS].integer);
  adler->base_a = 1;
  if (params[METHOD].integer == METHOD_MIDSTATE)
    adler->hashed = adler->base_length;
  for (uint16_t k = 0; k < adler->hashed; k++) {
    adler->base_a = (adler->base_a + (unsigned char)adler->base[k]) % MODULUS;
    adler->base_b = (adler->base_b + adler->base_a) % MODULUS;
  }
  return adler;
}

static void adler32_fill(void *state, const struct kernel_request *request,
                         uint64_t begin, uint64_t end) {
  struct adler32 *adler = state;
  for (uint64_t i = begin; adler->has_input && i < end; i++)
    adler->nonces[i] = (uint64_t)request->input->values[i];
}

static uint64_t nonce_of(const struct adler32 *adler, uint64_t item) {
  return adler->has_input ? adler->nonces[item] : item;
}

/* Adler-32 of the candidates [first, first + count), count <= GROUP. */
static void hash_group(const struct adler32 *adler, uint64_t first,
                       uint64_t count, uint32_t hashes[GROUP]) {
  struct group group;
  uint64_t keys[GROUP];
  for (uint64_t c = 0; c < GROUP; c++)
    keys[c] = first + c;
  if (adler->has_input)
    memcpy(keys, adler->nonces + first, count * sizeof keys[0]);
  for (int c = 0; c < GROUP; c++)
    keys[c] = kernel_random(LETTER_SEED, keys[c]);
  group_begin(&group, keys, adler->base_a, adler->base_b);
  group_add_text(&group, adler->base + adler->hashed,
                 (uint32_t)(adler->base_length - adler->hashed));
  group_add_letters(&group, adler->letters);
  group_finish(&group, hashes);
}

static bool is_hit(const struct adler32 *adler, uint32_t hash) {
  bool hit = false;
  for (unsigned k = 0; k < adler->intervals; k++)
    hit |= hash >= adler->interval[k].low && hash < adler->interval[k].high;
  return hit;
}

/* Adds the candidates [begin, end); in mode=first, only up to the first hit.
 * Returns whether to go on. */
static bool try_candidates(const struct adler32 *adler, uint64_t begin,
                           uint64_t end, struct partial *partial) {
  uint32_t hashes[GROUP];
  for (uint64_t i = begin; i < end; i++) {
    if ((i - begin) % GROUP == 0)
      hash_group(adler, i, end - i < GROUP ? end - i : GROUP, hashes);
    uint32_t value = hashes[(i - begin) % GROUP];
    partial->sum += value;
    if (!is_hit(adler, value))
      continue;
    partial->count++;
    if (i < partial->lowest_hit)
      partial->lowest_hit = i;
    if (adler->stops_early)
      return false;
  }
  return true;
}

/* Lowers *lowest to `item`, unless it is as low already. */
static void lower_to(_Atomic uint64_t *lowest, uint64_t item) {
  uint64_t seen = atomic_load(lowest);
  while (item < seen && !atomic_compare_exchange_weak(lowest, &seen, item)) {
    /* somebody else stored a hit: `seen` is theirs now */
  }
}

static void adler32_run(const void *state, void *output, uint64_t begin,
                        uint64_t end, struct partial *partial) {
  const struct adler32 *adler = state;
  (void)output;
  if (!adler->stops_early) {
    try_candidates(adler, begin, end, partial);
    return;
  }
  while (begin < end && begin < atomic_load(&adler->control->lowest_hit)) {
    uint64_t stop = end - begin < adler->grain ? end : begin + adler->grain;
    if (!try_candidates(adler, begin, stop, partial)) {
      lower_to(&adler->control->lowest_hit, partial->lowest_hit);
      return;
    }
    begin = stop;
  }
}

/* The loop is over groups, because those are what is hashed at once. */
static void adler32_textbook(const void *state, void *output, uint64_t size,
                             struct partial *total) {
  uint64_t sum = 0, count = 0, lowest_hit = KERNEL_NO_HIT;
#pragma omp parallel for schedule(static) \
    reduction(+ : sum, count) reduction(min : lowest_hit)
  for (uint64_t i = 0; i < size; i += GROUP) {
    struct partial group = {.lowest_hit = KERNEL_NO_HIT};
    adler32_run(state, output, i, size - i < GROUP ? size : i + GROUP, &group);
    sum += group.sum;
    count += group.count;
    lowest_hit = group.lowest_hit < lowest_hit ? group.lowest_hit : lowest_hit;
  }
  *total = (struct partial){sum, count, lowest_hit};
}

/* How many hashes a search made, and so their sum, depends on luck: then only
 * the lowest hit is a result. */
static void adler32_finish(const void *state, void *output,
                           const struct partial *partials, uint32_t workers,
                           struct partial *total) {
  const struct adler32 *adler = state;
  (void)output;
  *total = partial_combine(partials, workers);
  if (adler->stops_early)
    total->sum = total->count = 0;
}

/* Adler-32 of the whole candidate, as RFC 1950 has it: byte by byte. */
static uint32_t plain_hash(const struct adler32 *adler, uint64_t nonce) {
  uint64_t key = kernel_random(LETTER_SEED, nonce);
  uint16_t length = adler->base_length;
  uint32_t a = 1, b = 0;
  for (int k = 0; k < length + adler->letters; k++) {
    a += k < length ? (unsigned char)adler->base[k]
                    : letter_of(key, (uint16_t)(k - length));
    a %= MODULUS;
    b = (b + a) % MODULUS;
  }
  return b << 16 | a;
}

static bool adler32_verify(const void *state, const void *output,
                           const struct partial *total,
                           struct kernel_problem *problem) {
  const struct adler32 *adler = state;
  struct partial expected = {.lowest_hit = KERNEL_NO_HIT};
  bool done = false;
  (void)output;
  for (uint64_t i = 0; i < adler->size && !done; i++) {
    uint32_t value = plain_hash(adler, nonce_of(adler, i));
    bool hit = is_hit(adler, value);
    if (hit && expected.lowest_hit == KERNEL_NO_HIT)
      expected.lowest_hit = i;
    expected.sum += adler->stops_early ? 0 : value;
    expected.count += !adler->stops_early && hit;
    done = adler->stops_early && hit;
  }
  if (total->lowest_hit == expected.lowest_hit &&
      total->count == expected.count && total->sum == expected.sum)
    return true;
  snprintf(problem->text, sizeof problem->text,
           "adler32: expected lowest hit %" PRId64 " (-1: none), %" PRIu64
           " hits, sum of hashes %" PRIu64 "; the total has %" PRId64
           ", %" PRIu64 ", %" PRIu64,
           (int64_t)expected.lowest_hit, expected.count, expected.sum,
           (int64_t)total->lowest_hit, total->count, total->sum);
  return false;
}

static void adler32_input_header(const void *state, FILE *out) {
  (void)state;
  fputs("nonce", out);
}

static void adler32_input_item(const void *state, uint64_t item, FILE *out) {
  fprintf(out, "%" PRIu64, nonce_of(state, item));
}

/* The message is always quoted, a quote in it doubled. */
static void adler32_output_item(const void *state, const void *output,
                                uint64_t item, FILE *out) {
  const struct adler32 *adler = state;
  uint64_t nonce = nonce_of(adler, item);
  uint64_t key = kernel_random(LETTER_SEED, nonce);
  uint32_t value = plain_hash(adler, nonce);
  (void)output;
  fprintf(out, "%" PRIu64 ",\"", nonce);
  for (const char *c = adler->base; *c; c++)
    fprintf(out, *c == '"' ? "%c\"" : "%c", *c);
  for (uint16_t j = 0; j < adler->letters; j++)
    putc(letter_of(key, j), out);
  fprintf(out, "\",%" PRIu32 ",%d", value, is_hit(adler, value));
}

const struct kernel kernel_adler32 = {
    .name = "adler32",
    .title = "Proof of work (Adler-32)",
    .item = "nonce",
    .items = "nonces",
    .source = "a classroom proof of work; Adler-32 as in RFC 1950",
    .params = adler32_params,
    .presets = adler32_presets,
    .shape = {.operations = 13 * 128,
              .operand_bytes = 2,
              .grain = 384,
              .batch = GROUP},
    .size = 300000,
    .reshape = adler32_reshape,
    .check = adler32_check,
    .create = adler32_create,
    .fill = adler32_fill,
    .run = adler32_run,
    .textbook = adler32_textbook,
    .finish = adler32_finish,
    .verify = adler32_verify,
    .csv = {.input_header = adler32_input_header,
            .input_item = adler32_input_item,
            .output_header = "nonce,message,adler32,hit",
            .output_item = adler32_output_item},
};

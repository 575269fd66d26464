/* kernel_fixture.h: what it takes to call a kernel in a test.
 *
 * A small stand-in for the harness: it parses well-formed workloads and CSV,
 * owns the memory, and hands the items out in order, or cut into random
 * chunks that three workers do in random order.  To be included after
 * cmocka.h, for the assertions at its end. */
#ifndef CORESWEEP_KERNEL_FIXTURE_H
#define CORESWEEP_KERNEL_FIXTURE_H

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/kernel.h"

#define FIXTURE_PARAMS  12 /* as many as a workload has */
#define FIXTURE_BLOCKS  256
#define FIXTURE_WORKERS 3
#define FIXTURE_LINE    8192 /* bytes: the longest line */

struct fixture {
  struct kernel_allocator allocator; /* first: the allocator is the fixture */
  const struct kernel *kernel;
  struct param_value params[FIXTURE_PARAMS];
  char texts[FIXTURE_PARAMS][1100];
  struct kernel_shape shape;
  struct kernel_input input;
  int64_t *values;
  struct kernel_control control;
  struct kernel_request request;
  struct kernel_problem problem;
  void *blocks[FIXTURE_BLOCKS]; /* what was allocated; the rest is NULL */
  size_t block_bytes[FIXTURE_BLOCKS];
  void *state;
  unsigned char *output;
  size_t output_bytes;
  struct partial total;
};

/* Zeroed memory, aligned to 64 bytes; exits when there is none. */
static inline void *fixture_memory(size_t bytes) {
  size_t rounded = (bytes + 64) / 64 * 64;
  void *memory = aligned_alloc(64, rounded);
  if (!memory)
    abort();
  return memset(memory, 0, rounded);
}

static inline void *fixture_allocate(struct kernel_allocator *self,
                                     size_t bytes) {
  void *self_too = self;
  struct fixture *f = self_too;
  for (int k = 0; k < FIXTURE_BLOCKS; k++)
    if (!f->blocks[k]) {
      f->block_bytes[k] = bytes;
      return f->blocks[k] = fixture_memory(bytes);
    }
  abort();
}

/* Sets params[k] from the text of its value. */
static inline void fixture_set(struct fixture *f, size_t k, const char *text,
                               size_t length) {
  const struct param_spec *spec = &f->kernel->params[k];
  assert(length < sizeof f->texts[k]);
  memcpy(f->texts[k], text, length);
  f->texts[k][length] = '\0';
  f->params[k] = (struct param_value){.text = f->texts[k]};
  if (spec->type == PARAM_INTEGER)
    f->params[k].integer = strtoll(f->texts[k], NULL, 10);
  if (spec->type == PARAM_REAL)
    f->params[k].real = strtod(f->texts[k], NULL);
  if (spec->type != PARAM_WORD)
    return;
  const char *word = spec->words;
  while (strncmp(word, text, length) != 0 ||
         (word[length] != '|' && word[length] != '\0')) {
    word = strchr(word, '|');
    assert(word);
    word++;
    f->params[k].integer++;
  }
}

/* The defaults, then "key=value,key=value". */
static inline void fixture_workloads(struct fixture *f, const char *workloads) {
  const struct param_spec *specs = f->kernel->params;
  for (size_t k = 0; specs && specs[k].name; k++)
    fixture_set(f, k, specs[k].initial, strlen(specs[k].initial));
  while (specs && *workloads) {
    size_t length = strcspn(workloads, ","), name = strcspn(workloads, "="), k;
    for (k = 0; strncmp(specs[k].name, workloads, name) != 0 ||
                specs[k].name[name] != '\0';
         k++)
      assert(specs[k + 1].name);
    fixture_set(f, k, workloads + name + 1, length - name - 1);
    workloads += length + (workloads[length] == ',');
  }
}

/* A header line, then rows of integers. */
static inline void fixture_csv(struct fixture *f, const char *csv) {
  const char *header_end = strchr(csv, '\n');
  f->values = fixture_memory(strlen(csv) * sizeof f->values[0]);
  f->input =
      (struct kernel_input){.columns = 1, .values = f->values, .first_line = 2};
  for (const char *c = csv; c < header_end; c++)
    f->input.columns += *c == ',';
  uint64_t count = 0;
  for (char *next; *(csv = csv + strcspn(csv, "-0123456789")); csv = next) {
    if (csv < header_end) { /* a digit in a column's name */
      next = strchr(csv, '\n');
      continue;
    }
    f->values[count++] = strtoll(csv, &next, 10);
  }
  f->input.rows = count / f->input.columns;
}

/* Prepares a request: zeroes *f, parses the workloads and the CSV (or NULL). */
static inline void fixture_request(struct fixture *f,
                                   const struct kernel *kernel,
                                   const char *workloads, uint64_t size,
                                   const char *csv) {
  memset(f, 0, sizeof *f);
  f->allocator.allocate = fixture_allocate;
  f->kernel = kernel;
  fixture_workloads(f, workloads);
  if (csv)
    fixture_csv(f, csv);
  f->shape = kernel->shape;
  if (kernel->reshape)
    kernel->reshape(f->params, &f->shape);
  f->request = (struct kernel_request){.params = f->params,
                                       .size = size,
                                       .seed = 42,
                                       .input = csv ? &f->input : NULL,
                                       .control = &f->control,
                                       .allocator = &f->allocator,
                                       .shared = &f->allocator};
}

/* Whether check accepts the request. */
static inline bool fixture_check(struct fixture *f) {
  return !f->kernel->check || f->kernel->check(&f->request, &f->problem);
}

/* Check (which must accept) and create, for a request that is prepared. */
static inline void fixture_create(struct fixture *f) {
  if (!fixture_check(f)) {
    fprintf(stderr, "%s\n", f->problem.text);
    abort();
  }
  f->state = f->kernel->create(&f->request);
  f->output_bytes = f->request.size * f->shape.output_bytes;
  f->output = fixture_memory(f->output_bytes);
  assert(f->state);
}

/* Builds the items [begin, end). */
static inline void fixture_fill(struct fixture *f, uint64_t begin,
                                uint64_t end) {
  if (f->kernel->fill)
    f->kernel->fill(f->state, &f->request, begin, end);
}

/* Request, check, create, and one fill of all. */
static inline void fixture_open(struct fixture *f, const struct kernel *kernel,
                                const char *workloads, uint64_t size,
                                const char *csv) {
  fixture_request(f, kernel, workloads, size, csv);
  fixture_create(f);
  fixture_fill(f, 0, size);
}

static inline void fixture_open_preset(struct fixture *f,
                                       const struct kernel *kernel,
                                       const char *name) {
  const struct kernel_preset *preset = kernel->presets;
  while (strcmp(preset->name, name) != 0) {
    preset++;
    assert(preset->name);
  }
  fixture_open(f, kernel, preset->params, preset->size, preset->input);
}

static inline void fixture_close(struct fixture *f) {
  for (int k = 0; k < FIXTURE_BLOCKS; k++)
    free(f->blocks[k]);
  free(f->values);
  free(f->output);
}

static inline void fixture_finish(struct fixture *f,
                                  const struct partial *partials,
                                  uint32_t workers) {
  f->total = (struct partial){.lowest_hit = KERNEL_NO_HIT};
  if (f->kernel->finish)
    f->kernel->finish(f->state, f->output, partials, workers, &f->total);
  else
    f->total = partial_combine(partials, workers);
}

/* Makes what workers share ready for a region. */
static inline void fixture_reset(struct fixture *f) {
  atomic_store(&f->control.lowest_hit, KERNEL_NO_HIT);
  if (f->kernel->reset)
    f->kernel->reset(f->state);
}

/* The items [begin, end), done by a worker. */
static inline void fixture_chunk(struct fixture *f, uint64_t begin,
                                 uint64_t end, struct partial *partial,
                                 uint32_t worker) {
  if (f->kernel->run_as)
    f->kernel->run_as(f->state, f->output, begin, end, partial, worker);
  else
    f->kernel->run(f->state, f->output, begin, end, partial);
}

/* What is in a block of the state now; free() it. */
static inline unsigned char *fixture_copy(const struct fixture *f, int block) {
  unsigned char *copy = fixture_memory(f->block_bytes[block]);
  return memcpy(copy, f->blocks[block], f->block_bytes[block]);
}

/* Runs all items at once. */
static inline void fixture_run(struct fixture *f) {
  struct partial partial = {.lowest_hit = KERNEL_NO_HIT};
  fixture_reset(f);
  fixture_chunk(f, 0, f->request.size, &partial, 0);
  fixture_finish(f, &partial, 1);
}

/* Runs all items in chunks of 1..2*mean items, in an order and with a worker
 * for each that follow from `draw`; skips chunks above the lowest hit. */
static inline void fixture_run_chunks(struct fixture *f, uint64_t mean,
                                      uint64_t draw) {
  struct partial partials[FIXTURE_WORKERS];
  uint64_t size = f->request.size, chunks = 0;
  uint64_t *edges = fixture_memory((size + 1) * sizeof *edges);
  uint64_t *order = fixture_memory((size + 1) * sizeof *order);
  for (uint64_t at = 0; at < size; chunks++) {
    uint64_t length = 1 + kernel_random_below(draw, chunks, 2 * mean);
    order[chunks] = chunks;
    edges[chunks] = at;
    at = length < size - at ? at + length : size;
    edges[chunks + 1] = at;
  }
  for (int w = 0; w < FIXTURE_WORKERS; w++)
    partials[w] = (struct partial){.lowest_hit = KERNEL_NO_HIT};
  fixture_reset(f);
  for (uint64_t left = chunks; left > 0; left--) {
    uint64_t pick = kernel_random_below(draw + 1, left, left);
    uint64_t chunk = order[pick];
    order[pick] = order[left - 1];
    if (edges[chunk] > atomic_load(&f->control.lowest_hit))
      continue;
    uint32_t worker =
        (uint32_t)kernel_random_below(draw + 2, left, FIXTURE_WORKERS);
    fixture_chunk(f, edges[chunk], edges[chunk + 1], &partials[worker], worker);
  }
  fixture_finish(f, partials, FIXTURE_WORKERS);
  free(edges);
  free(order);
}

static inline bool fixture_verify(struct fixture *f) {
  f->problem.text[0] = '\0';
  return f->kernel->verify(f->state, f->output, &f->total, &f->problem);
}

/* Opens `text`, zeroed and of that many bytes, for writing. */
static inline FILE *fixture_write(char *text, size_t bytes) {
  FILE *out = fmemopen(text, bytes, "w");
  if (!out)
    abort();
  return out;
}

/* One line of what `dump` shows, of the input or the output; free() it. */
static inline char *fixture_item(struct fixture *f, uint64_t item,
                                 bool of_output) {
  char *line = fixture_memory(FIXTURE_LINE);
  FILE *out = fixture_write(line, FIXTURE_LINE);
  if (of_output)
    f->kernel->csv.output_item(f->state, f->output, item, out);
  else
    f->kernel->csv.input_item(f->state, item, out);
  fclose(out);
  return line;
}

/* --- assertions --- */

static inline void assert_same_total(const struct fixture *f,
                                     const struct partial *total) {
  assert_int_equal(f->total.sum, total->sum);
  assert_int_equal(f->total.count, total->count);
  assert_int_equal(f->total.lowest_hit, total->lowest_hit);
}

static inline void assert_verified(struct fixture *f) {
  if (!fixture_verify(f))
    fail_msg("%s", f->problem.text);
}

/* Verified, and bit for bit what another one is. */
static inline void assert_same_result(struct fixture *f,
                                      const struct fixture *whole) {
  assert_verified(f);
  assert_same_total(f, &whole->total);
  assert_int_equal(f->output_bytes, whole->output_bytes);
  assert_memory_equal(f->output, whole->output, whole->output_bytes + 1);
}

static inline void assert_item(struct fixture *f, uint64_t item,
                               const char *line) {
  char *got = fixture_item(f, item, true);
  assert_string_equal(got, line);
  free(got);
}

/* A refusal, word for word. */
static inline void assert_refused(const struct kernel *kernel,
                                  const char *params, uint64_t size,
                                  const char *csv, const char *problem) {
  struct fixture f;
  fixture_request(&f, kernel, params, size, csv);
  if (fixture_check(&f))
    fail_msg("accepted, instead of '%s'", problem);
  assert_string_equal(f.problem.text, problem);
  fixture_close(&f);
}

static inline void assert_accepted(const struct kernel *kernel,
                                   const char *params, uint64_t size,
                                   const char *csv) {
  struct fixture f;
  fixture_request(&f, kernel, params, size, csv);
  if (!fixture_check(&f))
    fail_msg("%s", f.problem.text);
  fixture_close(&f);
}

/* What a kernel refuses, word for word; without a problem: what it accepts. */
struct fixture_refusal {
  const char *params;
  uint64_t size;
  const char *input, *problem;
};

static inline void assert_refusals(const struct kernel *kernel,
                                   const struct fixture_refusal *requests,
                                   size_t count) {
  for (const struct fixture_refusal *r = requests; r < requests + count; r++)
    if (r->problem)
      assert_refused(kernel, r->params, r->size, r->input, r->problem);
    else
      assert_accepted(kernel, r->params, r->size, r->input);
}

/* The first items' lines, to a NULL. */
static inline void assert_known(const struct kernel *kernel, const char *params,
                                uint64_t size, const char *csv,
                                const char *const *lines) {
  struct fixture f;
  fixture_open(&f, kernel, params, size, csv);
  fixture_run(&f);
  assert_verified(&f);
  for (uint64_t i = 0; lines[i]; i++)
    assert_item(&f, i, lines[i]);
  fixture_close(&f);
}

/* Two workloads of a kernel give the same output and total. */
static inline void assert_agree(const struct kernel *kernel, const char *one,
                                const char *other, uint64_t size,
                                const char *csv) {
  struct fixture a, b;
  fixture_open(&a, kernel, one, size, csv);
  fixture_open(&b, kernel, other, size, csv);
  fixture_run(&a);
  fixture_run(&b);
  assert_same_result(&b, &a);
  fixture_close(&a);
  fixture_close(&b);
}

#endif

/* test_kernels_common.c: what holds for every kernel that the build found: any
 * chunks give the same, what is known comes out, and its own verify() refuses
 * results that are wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/plan/registry.h"
#include "bench/plan/workload.h"
#include "kernel_fixture.h"
#include "kernel_workloads.h"

/* --- chunks -------------------------------------------------------------- */

/* Done by three workers: none, one item, fewer, as many, one more than there
 * are workers, a power of two, and a prime. */
static const uint64_t sizes[] = {0, 1, 2, 3, 4, 7, 64, WORKLOADS_ITEMS};
#define SIZES (sizeof sizes / sizeof sizes[0])

static void chunk_it(const struct kernel_workload *w) {
  for (size_t n = 0; n < SIZES && (n == 0 || sizes[n - 1] < w->most); n++) {
    struct fixture whole, parts;
    uint64_t size = smaller(sizes[n], w->most);
    if (!workload_takes(w, size))
      continue;
    fixture_open(&whole, w->kernel, w->params, size, NULL);
    fixture_run(&whole);
    assert_verified(&whole);
    for (uint64_t draw = 0; draw < 4; draw++) {
      fixture_open(&parts, w->kernel, w->params, size, NULL);
      fixture_run_chunks(&parts, 1 + draw * 20, 1000 * draw + n);
      assert_same_result(&parts, &whole);
      fixture_close(&parts);
    }
    fixture_close(&whole);
  }
}

static void test_any_chunks_give_the_same(void **unused) {
  (void)unused;
  workloads_visit(chunk_it);
}

/* The directive gives what `run` gives. */
static void run_the_textbook(const struct kernel_workload *w) {
  static const uint64_t some[] = {0, 1, 31, 32, 33, 640, WORKLOADS_ITEMS};
  if (!w->kernel->textbook)
    return;
  for (size_t n = 0; n < sizeof some / sizeof *some; n++) {
    struct fixture run, plain;
    struct partial partial = {.lowest_hit = KERNEL_NO_HIT};
    uint64_t size = smaller(some[n], w->most);
    if (!workload_takes(w, size))
      continue;
    fixture_open(&run, w->kernel, w->params, size, NULL);
    fixture_run(&run);
    fixture_open(&plain, w->kernel, w->params, size, NULL);
    fixture_reset(&plain);
    plain.kernel->textbook(plain.state, plain.output, size, &partial);
    fixture_finish(&plain, &partial, 1);
    assert_same_result(&plain, &run);
    fixture_close(&run);
    fixture_close(&plain);
  }
}

static void test_textbook_is_the_same(void **unused) {
  (void)unused;
  workloads_visit(run_the_textbook);
}

/* --- wrong results -------------------------------------------------------- */

/* verify() says no, and of whom it speaks. */
static void assert_refuted(struct fixture *f) {
  assert_false(fixture_verify(f));
  assert_non_null(strstr(f->problem.text, f->kernel->name));
}

/* One bit of an item.  What `dump` shows to be different is different; what it
 * does not, as the last bit of a real number, a verify() may leave to others.
 */
static void flip_bit(struct fixture *f, size_t at, unsigned char bit) {
  bool shown = f->kernel->csv.output_item != NULL;
  uint64_t item = at / f->shape.output_bytes;
  char *right = shown ? fixture_item(f, item, true) : NULL;
  f->output[at] ^= bit;
  char *wrong = shown ? fixture_item(f, item, true) : NULL;
  if (!shown || strcmp(right, wrong) != 0)
    assert_refuted(f);
  f->output[at] ^= bit;
  free(right);
  free(wrong);
}

/* A whole word, or what there is of it. */
static void flip_word(struct fixture *f, size_t at) {
  for (int again = 0; again < 2; again++) {
    for (size_t k = at; k < at + 8 && k < f->output_bytes; k++)
      f->output[k] = (unsigned char)~f->output[k];
    if (!again)
      assert_refuted(f);
  }
}

/* Every item's lowest and highest bit, and about 500 words, an odd number
 * apart: not always the same of an item. */
static void assert_output_is_checked(struct fixture *f) {
  size_t item_bytes = f->shape.output_bytes;
  size_t stride = (f->output_bytes / 500 / 8 | 1) * 8;
  uint64_t step = f->request.size / 500 + 1;
  for (uint64_t i = 0; item_bytes > 0 && i < f->request.size; i += step) {
    flip_bit(f, i * item_bytes, 0x01);
    flip_bit(f, (i + 1) * item_bytes - 1, 0x80);
  }
  for (size_t at = 0; at < f->output_bytes; at += stride)
    flip_word(f, at);
  assert_verified(f);
}

static void spoil_the_output(const struct kernel_workload *w) {
  struct fixture f;
  fixture_open(&f, w->kernel, w->params, w->most, NULL);
  fixture_run(&f);
  assert_output_is_checked(&f);
  fixture_close(&f);
}

static void test_verify_rejects_a_wrong_output(void **unused) {
  (void)unused;
  workloads_visit(spoil_the_output);
}

/* What of the total a kernel uses is not as it was before; all of that is
 * checked, and where there is no output, something is. */
static void assert_total_is_checked(struct fixture *f) {
  const struct partial right = f->total;
  const struct partial wrong[] = {
      {right.sum ^ 1, right.count, right.lowest_hit},
      {right.sum, right.count + 1, right.lowest_hit},
      {right.sum, right.count, right.lowest_hit ^ 1},
  };
  const bool used[] = {right.sum != 0, right.count != 0,
                       right.lowest_hit != KERNEL_NO_HIT};
  bool any = false;
  for (int k = 0; k < 3; k++) {
    f->total = wrong[k];
    bool refuted = !fixture_verify(f);
    any |= refuted;
    if (used[k])
      assert_refuted(f);
  }
  f->total = right;
  assert_verified(f);
  if (f->output_bytes == 0)
    assert_true(any);
}

static void spoil_the_total(const struct kernel_workload *w) {
  struct fixture f;
  fixture_open(&f, w->kernel, w->params, w->most, NULL);
  fixture_run(&f);
  assert_total_is_checked(&f);
  fixture_close(&f);
}

static void test_verify_rejects_a_wrong_total(void **unused) {
  (void)unused;
  workloads_visit(spoil_the_total);
}

/* --- presets and shapes --------------------------------------------------- */

static void assert_answer(struct fixture *f,
                          const struct kernel_answer *answer) {
  const char *line = answer->output ? answer->output : "";
  assert_same_total(f, &answer->total);
  for (uint64_t i = 0; *line; i++) {
    char *got = fixture_item(f, i, true);
    size_t length = strcspn(line, "\n");
    assert_true(i < f->request.size);
    assert_int_equal(strlen(got), length);
    assert_memory_equal(got, line, length);
    line += length + 1;
    free(got);
  }
}

/* Presets whose result is known, in full. */
static void test_known_answers(void **unused) {
  uint64_t known = 0;
  (void)unused;
  for (size_t k = 0; registry_kernels[k]; k++)
    for (const struct kernel_preset *p = registry_kernels[k]->presets;
         p && p->name; p++) {
      struct fixture f;
      if (!p->answer)
        continue;
      known++;
      fprintf(stderr, "  %s/preset=%s\n", registry_kernels[k]->name, p->name);
      fixture_request(&f, registry_kernels[k], p->params, p->size, p->input);
      f.request.seed = 1;
      fixture_create(&f);
      fixture_fill(&f, 0, p->size);
      fixture_run(&f);
      assert_verified(&f);
      assert_answer(&f, p->answer);
      if (f.output_bytes > 0)
        flip_word(&f, f.output_bytes / 16 * 8);
      assert_total_is_checked(&f);
      fixture_close(&f);
    }
  assert_true(known > 0);
}

static void test_shape_is_the_shape_of_the_defaults(void **unused) {
  (void)unused;
  for (size_t k = 0; registry_kernels[k]; k++) {
    const struct kernel_shape *shape = &registry_kernels[k]->shape;
    struct fixture f;
    fixture_request(&f, registry_kernels[k], "", 1, NULL);
    assert_true(f.shape.operations >= shape->operations &&
                f.shape.operations <= shape->operations);
    assert_true(f.shape.input_bytes >= shape->input_bytes &&
                f.shape.input_bytes <= shape->input_bytes);
    assert_int_equal(f.shape.output_bytes, shape->output_bytes);
    assert_int_equal(f.shape.grain, shape->grain);
    assert_int_equal(f.shape.stops_early, shape->stops_early);
    assert_int_equal(f.shape.whole_input, shape->whole_input);
    fixture_close(&f);
  }
}

/* --- chunks of whole batches ---------------------------------------------- */

/* What the harness makes of the kernel's shape: a chunk of the grain cuts no
 * batch, and is no longer than that takes. */
static void look_at_the_grain(const struct kernel_workload *w) {
  struct workload workload = {.kernel = w->kernel};
  struct fixture f;
  fixture_request(&f, w->kernel, w->params, 1, NULL);
  memcpy(workload.values, f.params, sizeof f.params);
  struct kernel_shape shape = workload_shape(&workload);
  assert_true(shape.batch > 0);
  assert_int_equal(shape.grain % shape.batch, 0);
  assert_true(shape.grain >= f.shape.grain);
  assert_true(shape.grain - f.shape.grain < shape.batch);
  fixture_close(&f);
}

static void test_grains_are_whole_batches(void **unused) {
  (void)unused;
  workloads_visit(look_at_the_grain);
}

static void test_grains_are_rounded_up(void **unused) {
  static const struct {
    uint64_t grain, batch, rounded;
  } cases[] = {{342, 64, 384}, {384, 64, 384}, {1, 64, 64},
               {342, 0, 342},  {342, 1, 342},  {UINT64_MAX, 64, UINT64_MAX}};
  (void)unused;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct kernel kernel = {
        .shape = {.grain = cases[i].grain, .batch = cases[i].batch}};
    struct workload workload = {.kernel = &kernel};
    assert_int_equal(workload_shape(&workload).grain, cases[i].rounded);
  }
}

/* A candidate more than a group is hashed by itself, in a group of its own: no
 * setting of adler32 has such a chunk. */
static void test_the_batch_of_adler32(void **unused) {
  static const char *const letters[] = {"1", "8", "128", "129", "4096"};
  (void)unused;
  for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
    struct fixture f;
    char params[32];
    snprintf(params, sizeof params, "letters=%s", letters[i]);
    fixture_request(&f, registry_find_kernel("adler32", 7), params, 1, NULL);
    assert_int_equal(f.shape.batch, 64);
    assert_true(f.shape.grain > 0 && f.shape.grain % 64 == 0);
    fixture_close(&f);
  }
}

/* No kernel is passed over: even its defaults are quick. */
static void test_every_kernel_has_workloads(void **unused) {
  (void)unused;
  for (size_t k = 0; registry_kernels[k]; k++)
    assert_true(workload_visit(registry_kernels[k], "", NULL) == 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_grains_are_whole_batches),
      cmocka_unit_test(test_grains_are_rounded_up),
      cmocka_unit_test(test_the_batch_of_adler32),
      cmocka_unit_test(test_every_kernel_has_workloads),
      cmocka_unit_test(test_known_answers),
      cmocka_unit_test(test_any_chunks_give_the_same),
      cmocka_unit_test(test_textbook_is_the_same),
      cmocka_unit_test(test_verify_rejects_a_wrong_output),
      cmocka_unit_test(test_verify_rejects_a_wrong_total),
      cmocka_unit_test(test_shape_is_the_shape_of_the_defaults),
  };
  return cmocka_run_group_tests_name("kernels: what holds for all", tests, NULL,
                                     NULL);
}

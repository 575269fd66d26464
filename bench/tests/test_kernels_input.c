/* test_kernels_input.c: the input of every kernel that the build found: any
 * part of it can be built by anyone, and what `dump` writes is read again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernel_fixture.h"
#include "kernel_workloads.h"

/* What `dump` writes: the header and all items of the input; free() it. */
static char *input_csv(struct fixture *f) {
  size_t bytes = 0;
  char *csv = NULL;
  FILE *out = open_memstream(&csv, &bytes);
  if (!out)
    abort();
  f->kernel->csv.input_header(f->state, out);
  putc('\n', out);
  for (uint64_t i = 0; i < f->request.size; i++) {
    f->kernel->csv.input_item(f->state, i, out);
    putc('\n', out);
  }
  fclose(out);
  return csv;
}

/* Builds the input in so many parts, in an order that follows from `draw`;
 * each item exactly once. */
static void fill_in_parts(struct fixture *f, uint64_t parts, uint64_t draw) {
  uint64_t order[8], size = f->request.size;
  for (uint64_t part = 0; part < parts; part++)
    order[part] = part;
  for (uint64_t left = parts; left > 0; left--) {
    uint64_t pick = kernel_random_below(draw, left, left);
    uint64_t part = order[pick];
    order[pick] = order[left - 1];
    fixture_fill(f, size * part / parts, size * (part + 1) / parts);
  }
}

static void assert_parts(const struct kernel_workload *w, uint64_t size,
                         const char *csv, uint64_t parts, uint64_t draw) {
  struct fixture whole, f;
  fixture_open(&whole, w->kernel, w->params, size, csv);
  fixture_run(&whole);
  fixture_request(&f, w->kernel, w->params, size, csv);
  fixture_create(&f);
  fill_in_parts(&f, f.shape.whole_input ? 1 : parts, draw);
  if (w->kernel->csv.input_item) {
    char *one = input_csv(&whole), *other = input_csv(&f);
    assert_string_equal(one, other);
    free(one);
    free(other);
  }
  fixture_run(&f);
  assert_same_result(&f, &whole);
  fixture_close(&whole);
  fixture_close(&f);
}

static void fill_it(const struct kernel_workload *w) {
  static const uint64_t parts[] = {1, 2, 3, 7};
  for (size_t k = 0; k < 4; k++)
    for (uint64_t draw = 0; draw < 3; draw++) {
      assert_parts(w, w->most, NULL, parts[k], draw);
      if (workload_takes(w, smaller(5, w->most)))
        assert_parts(w, smaller(5, w->most), NULL, parts[k], draw);
    }
}

/* No byte of the state belongs to items of both parts: those before `at`, and
 * those from there on. */
static void part_it(const struct kernel_workload *w) {
  struct fixture f;
  uint64_t at = w->most / 3;
  fixture_request(&f, w->kernel, w->params, w->most, NULL);
  fixture_create(&f);
  for (int k = 0; f.blocks[k] && !f.shape.whole_input; k++) {
    size_t bytes = f.block_bytes[k], both = 0;
    unsigned char *none = fixture_copy(&f, k);
    fixture_fill(&f, 0, at);
    unsigned char *first = fixture_copy(&f, k);
    memcpy(f.blocks[k], none, bytes);
    fixture_fill(&f, at, w->most);
    const unsigned char *rest = f.blocks[k];
    for (size_t b = 0; b < bytes; b++)
      both += first[b] != none[b] && rest[b] != none[b];
    assert_int_equal(both, 0);
    free(none);
    free(first);
  }
  fixture_close(&f);
}

static void test_parts_of_the_input_do_not_overlap(void **unused) {
  (void)unused;
  workloads_visit(part_it);
}

/* Bit for bit the same input, and so the same results. */
static void test_any_parts_of_the_input_give_the_same(void **unused) {
  (void)unused;
  workloads_visit(fill_it);
}

/* What a kernel writes as its input, it reads again as the same items, in
 * parts, too. */
static void read_it_again(const struct kernel_workload *w) {
  struct fixture drawn, read;
  uint64_t size = smaller(101, w->most);
  if (!w->kernel->csv.input_item || !workload_takes(w, size))
    return;
  fixture_open(&drawn, w->kernel, w->params, size, NULL);
  fixture_run(&drawn);
  char *csv = input_csv(&drawn);
  fixture_open(&read, w->kernel, w->params, size, csv);
  fixture_run_chunks(&read, 8, size);
  assert_same_result(&read, &drawn);
  assert_parts(w, size, csv, 7, 0);
  free(csv);
  fixture_close(&drawn);
  fixture_close(&read);
  if (!workload_takes(w, 0))
    return;
  fixture_open(&read, w->kernel, w->params, 0, "header\n");
  fixture_run(&read);
  assert_verified(&read);
  fixture_close(&read);
}

static void test_a_written_input_is_read_again(void **unused) {
  (void)unused;
  workloads_visit(read_it_again);
}

/* Item i depends on (seed, i) alone: a smaller trial is a part of a larger. */
static void cut_it_short(const struct kernel_workload *w) {
  struct fixture small, large;
  if (!workload_takes(w, w->most / 3))
    return;
  fixture_open(&large, w->kernel, w->params, w->most, NULL);
  fixture_open(&small, w->kernel, w->params, w->most / 3, NULL);
  fixture_run(&small);
  fixture_run(&large);
  if (!small.shape.whole_input)
    assert_memory_equal(small.output, large.output, small.output_bytes);
  fixture_close(&small);
  fixture_close(&large);
}

static void test_items_do_not_depend_on_the_size(void **unused) {
  (void)unused;
  workloads_visit(cut_it_short);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_any_parts_of_the_input_give_the_same),
      cmocka_unit_test(test_parts_of_the_input_do_not_overlap),
      cmocka_unit_test(test_a_written_input_is_read_again),
      cmocka_unit_test(test_items_do_not_depend_on_the_size),
  };
  return cmocka_run_group_tests_name("kernels: their input", tests, NULL, NULL);
}

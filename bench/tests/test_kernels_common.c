/* test_kernels_common.c: what holds for every kernel: any chunks give the
 * same, and its own verify() refuses results that are wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernel_fixture.h"

extern const struct kernel kernel_adds, kernel_adler32, kernel_block,
    kernel_clock, kernel_counter, kernel_memory, kernel_cube, kernel_latency,
    kernel_null, kernel_rangesum, kernel_rowcount, kernel_spin;

/* Settings under which a kernel is quick enough to be run many times. */
static const struct workload {
  const struct kernel *kernel;
  const char *params;
} workloads[] = {
    {&kernel_adds, ""},
    {&kernel_adler32, ""},
    {&kernel_adler32, "method=whole-message,letters=33"},
    {&kernel_adler32, "method=whole-message,zeros=1,mode=first"},
    {&kernel_adler32, "letters=8,digits=1"},
    {&kernel_adler32, "letters=9,zeros=1,mode=first"},
    {&kernel_block, ""},
    {&kernel_block, "bytes=8"},
    {&kernel_block, "bytes=24"},
    {&kernel_clock, ""},
    {&kernel_counter, ""},
    {&kernel_counter, "update=packed"},
    {&kernel_counter, "update=padded"},
    {&kernel_counter, "update=atomic"},
    {&kernel_counter, "update=lock"},
    {&kernel_cube, ""},
    {&kernel_cube, "first=-500,span=70"},
    {&kernel_latency, "sleep_us=0"},
    {&kernel_memory, "passes=3"},
    {&kernel_memory, "op=write"},
    {&kernel_memory, "op=copy,passes=2"},
    {&kernel_memory, "op=mix"},
    {&kernel_null, ""},
    {&kernel_rangesum, "max_end=5000"},
    {&kernel_rangesum, "method=closed-form"},
    {&kernel_rangesum, "start=90000,max_end=99999,order=sorted"},
    {&kernel_rowcount, ""},
    {&kernel_rowcount, "cols=13,low=-5,high=1000,min=-2,max=300"},
    {&kernel_rowcount, "cols=5,low=-2147483648,high=2147483647,min=-7"},
    {&kernel_spin, ""},
    {&kernel_spin, "chains=8,serial=0.25"},
};
#define WORKLOADS (sizeof workloads / sizeof workloads[0])

static const uint64_t sizes[] = {0, 1, 2, 7, 64, 997};
#define SIZES (sizeof sizes / sizeof sizes[0])

static void test_any_chunks_give_the_same(void **unused) {
  (void)unused;
  for (size_t s = 0; s < WORKLOADS; s++)
    for (size_t n = 0; n < SIZES; n++) {
      struct fixture whole, parts;
      const struct kernel *kernel = workloads[s].kernel;
      fixture_open(&whole, kernel, workloads[s].params, sizes[n], NULL);
      fixture_run(&whole);
      assert_verified(&whole);
      for (uint64_t draw = 0; draw < 5; draw++) {
        fixture_open(&parts, kernel, workloads[s].params, sizes[n], NULL);
        fixture_run_chunks(&parts, 1 + draw * 20, 1000 * draw + n);
        assert_verified(&parts);
        assert_same_total(&parts, &whole.total);
        assert_memory_equal(parts.output, whole.output, whole.output_bytes + 1);
        fixture_close(&parts);
      }
      fixture_close(&whole);
    }
}

/* Every single output item matters to verify, in its lowest and highest bit,
 * and so does one item that no worker did. */
static void test_verify_rejects_a_wrong_output(void **unused) {
  (void)unused;
  for (size_t s = 0; s < WORKLOADS; s++) {
    struct fixture f;
    fixture_open(&f, workloads[s].kernel, workloads[s].params, 97, NULL);
    fixture_run(&f);
    size_t item_bytes = f.shape.output_bytes;
    for (size_t at = 0; at < f.output_bytes; at++) {
      if (at % item_bytes != 0 && at % item_bytes != item_bytes - 1)
        continue;
      unsigned char right = f.output[at];
      f.output[at] ^= at % item_bytes == 0 ? 0x01 : 0x80;
      assert_false(fixture_verify(&f));
      assert_non_null(strstr(f.problem.text, f.kernel->name));
      assert_non_null(strstr(f.problem.text, "off by"));
      f.output[at] = right;
    }
    assert_verified(&f);
    fixture_close(&f);
  }
}

/* Which fields of the total a kernel uses, and so checks. */
static void test_verify_rejects_a_wrong_total(void **unused) {
  static const struct {
    const struct kernel *kernel;
    const char *params;
    bool sum, count, lowest_hit;
  } used[] = {
      {&kernel_adds, "", true, true, false},
      {&kernel_adler32, "", true, true, true},
      {&kernel_adler32, "zeros=1,mode=first", true, true, true},
      {&kernel_block, "", false, false, false},
      {&kernel_clock, "", true, false, false},
      {&kernel_counter, "", false, true, false},
      {&kernel_counter, "update=packed", false, true, false},
      {&kernel_counter, "update=padded", false, true, false},
      {&kernel_counter, "update=atomic", false, true, false},
      {&kernel_counter, "update=lock", false, true, false},
      {&kernel_memory, "", true, true, false},
      {&kernel_memory, "op=mix", true, true, false},
      {&kernel_null, "", false, true, false},
      {&kernel_rangesum, "", true, false, false},
      {&kernel_rowcount, "", false, true, false},
      {&kernel_spin, "", true, false, false},
      {&kernel_spin, "serial=0.5", true, false, false},
  };
  (void)unused;
  for (size_t k = 0; k < sizeof used / sizeof used[0]; k++) {
    struct fixture f;
    fixture_open(&f, used[k].kernel, used[k].params, 500, NULL);
    fixture_run(&f);
    struct partial right = f.total;
    assert_verified(&f);
    f.total.sum ^= 1;
    assert_int_equal(fixture_verify(&f), !used[k].sum);
    f.total = right;
    f.total.count++;
    assert_int_equal(fixture_verify(&f), !used[k].count);
    f.total = right;
    f.total.lowest_hit = 499;
    assert_int_equal(fixture_verify(&f), !used[k].lowest_hit);
    fixture_close(&f);
  }
}

static char *input_csv(struct fixture *f) {
  size_t bytes = 256 * (f->request.size + 1);
  char *csv = fixture_memory(bytes);
  FILE *out = fixture_write(csv, bytes);
  f->kernel->csv.input_header(f->state, out);
  putc('\n', out);
  for (uint64_t i = 0; i < f->request.size; i++) {
    f->kernel->csv.input_item(f->state, i, out);
    putc('\n', out);
  }
  fclose(out);
  return csv;
}

/* What a kernel writes as its input, it reads again as the same items. */
static void test_a_written_input_is_read_again(void **unused) {
  (void)unused;
  for (size_t s = 0; s < WORKLOADS; s++) {
    struct fixture drawn, read;
    const struct kernel *kernel = workloads[s].kernel;
    if (!kernel->csv.input_item)
      continue;
    fixture_open(&drawn, kernel, workloads[s].params, 101, NULL);
    fixture_run(&drawn);
    char *csv = input_csv(&drawn);
    fixture_open(&read, kernel, workloads[s].params, 101, csv);
    fixture_run_chunks(&read, 8, s);
    assert_verified(&read);
    assert_same_total(&read, &drawn.total);
    assert_memory_equal(read.output, drawn.output, drawn.output_bytes + 1);
    free(csv);
    fixture_close(&drawn);
    fixture_close(&read);
  }
}

/* Item i depends on (seed, i) alone: a smaller trial is a part of a larger. */
static void test_items_do_not_depend_on_the_size(void **unused) {
  (void)unused;
  for (size_t s = 0; s < WORKLOADS; s++) {
    struct fixture small, large;
    if (strstr(workloads[s].params, "order=sorted"))
      continue;
    fixture_open(&small, workloads[s].kernel, workloads[s].params, 50, NULL);
    fixture_open(&large, workloads[s].kernel, workloads[s].params, 150, NULL);
    fixture_run(&small);
    fixture_run(&large);
    assert_memory_equal(small.output, large.output, small.output_bytes);
    fixture_close(&small);
    fixture_close(&large);
  }
}

static void test_shape_is_the_shape_of_the_defaults(void **unused) {
  (void)unused;
  for (size_t s = 0; s < WORKLOADS; s++) {
    const struct kernel *kernel = workloads[s].kernel;
    struct fixture f;
    fixture_request(&f, kernel, "", 1, NULL);
    assert_true(f.shape.operations >= kernel->shape.operations &&
                f.shape.operations <= kernel->shape.operations);
    assert_true(f.shape.input_bytes >= kernel->shape.input_bytes &&
                f.shape.input_bytes <= kernel->shape.input_bytes);
    assert_int_equal(f.shape.output_bytes, kernel->shape.output_bytes);
    assert_int_equal(f.shape.grain, kernel->shape.grain);
    assert_int_equal(f.shape.stops_early, kernel->shape.stops_early);
    assert_true(kernel->shape.grain > 0 && kernel->size > 0);
  }
}

static void test_default_size_is_accepted(void **unused) {
  (void)unused;
  for (size_t s = 0; s < WORKLOADS; s++)
    assert_accepted(workloads[s].kernel, workloads[s].params,
                    workloads[s].kernel->size, NULL);
}

static void test_an_empty_input(void **unused) {
  (void)unused;
  for (size_t s = 0; s < WORKLOADS; s++) {
    struct fixture f;
    if (!workloads[s].kernel->csv.input_item)
      continue;
    fixture_open(&f, workloads[s].kernel, workloads[s].params, 0, "header\n");
    fixture_run(&f);
    assert_verified(&f);
    fixture_close(&f);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_any_chunks_give_the_same),
      cmocka_unit_test(test_verify_rejects_a_wrong_output),
      cmocka_unit_test(test_verify_rejects_a_wrong_total),
      cmocka_unit_test(test_a_written_input_is_read_again),
      cmocka_unit_test(test_items_do_not_depend_on_the_size),
      cmocka_unit_test(test_shape_is_the_shape_of_the_defaults),
      cmocka_unit_test(test_default_size_is_accepted),
      cmocka_unit_test(test_an_empty_input),
  };
  return cmocka_run_group_tests_name("kernels: what holds for all", tests, NULL,
                                     NULL);
}

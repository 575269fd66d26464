/* test_builders.c: an input that several threads build is the one that a single
 * fill builds, bit for bit, and no stack of theirs is left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/plan/notation.h"
#include "bench/trial/builders.h"
#include "bench/trial/trial.h"
#include "kernel_fixture.h"
#include "kernel_workloads.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>

/* Stands before glibc's: a stack is refused, or the system gives its own. */
static bool refusing;
static void *last_stack;

int pthread_attr_setstack(pthread_attr_t *attributes, void *stack,
                          size_t bytes) {
  (void)attributes;
  (void)bytes;
  last_stack = stack;
  return refusing ? EAGAIN : 0;
}

static const uint32_t counts[] = {1, 2, 3, 7, 64};

/* Fills the state that `create` left by one fill, and back to what it was by
 * each number of builders. */
static void build(const struct kernel_workload *w, uint64_t size) {
  struct fixture f;
  unsigned char *none[FIXTURE_BLOCKS], *whole[FIXTURE_BLOCKS];
  int blocks = 0;
  fixture_request(&f, w->kernel, w->params, size, NULL);
  fixture_create(&f);
  for (; f.blocks[blocks]; blocks++)
    none[blocks] = fixture_copy(&f, blocks);
  fixture_fill(&f, 0, size);
  for (int k = 0; k < blocks; k++)
    whole[k] = fixture_copy(&f, k);
  for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
    for (int k = 0; k < blocks; k++)
      memcpy(f.blocks[k], none[k], f.block_bytes[k]);
    uint32_t threads = builders_fill(f.kernel, f.state, &f.request, counts[i]);
    assert_int_equal(threads, refusing ? 1 : counts[i]);
    for (int k = 0; k < blocks; k++)
      assert_memory_equal(f.blocks[k], whole[k], f.block_bytes[k]);
  }
  for (int k = 0; k < blocks; k++) {
    free(none[k]);
    free(whole[k]);
  }
  fixture_close(&f);
}

static uint64_t built;

static void build_it(const struct kernel_workload *w) {
  static const uint64_t sizes[] = {0, 1, 2, 63, 65, WORKLOADS_ITEMS};
  struct fixture f;
  fixture_request(&f, w->kernel, w->params, w->most, NULL);
  bool parts = w->kernel->fill && !f.shape.whole_input;
  fixture_close(&f);
  for (size_t n = 0; parts && n < sizeof sizes / sizeof *sizes; n++)
    if (workload_takes(w, smaller(sizes[n], w->most))) {
      build(w, smaller(sizes[n], w->most));
      built++;
    }
}

static void test_many_build_what_one_builds(void **unused) {
  (void)unused;
  workloads_visit(build_it);
  assert_true(built > 0);
}

/* Who gets no thread does it alone. */
static void test_one_builds_all_where_no_thread_is_given(void **unused) {
  (void)unused;
  refusing = true;
  workloads_visit(build_it);
  refusing = false;
}

/* What a thread ran on is no longer mapped: a fork would copy it. */
static void test_no_stack_is_left(void **unused) {
  extern const struct kernel kernel_cube;
  struct fixture f;
  (void)unused;
  fixture_request(&f, &kernel_cube, "", 1000, NULL);
  fixture_create(&f);
  last_stack = NULL;
  assert_int_equal(builders_fill(f.kernel, f.state, &f.request, 5), 5);
  assert_non_null(last_stack);
  assert_int_equal(msync(last_stack, 1, MS_ASYNC), -1);
  assert_int_equal(errno, ENOMEM);
  fixture_close(&f);
}

/* Others run where the caller may; it is back on its own CPU then. */
static void test_the_caller_stays_bound(void **unused) {
  struct workload workload;
  struct variant_spec serial;
  struct problem problem = {""};
  struct trial_result *result = calloc(1, sizeof *result);
  cpu_set_t allowed, now;
  int cpu = 0;
  (void)unused;
  assert_non_null(result);
  assert_int_equal(sched_getaffinity(0, sizeof allowed, &allowed), 0);
  while (!CPU_ISSET((size_t)cpu, &allowed))
    cpu++;
  assert_int_equal(workload_parse("cube", &workload, &problem), 0);
  assert_int_equal(notation_parse_variant("serial", &serial, &problem), 0);
  const struct trial_request request = {.workload = &workload,
                                        .variant = serial,
                                        .workers = 1,
                                        .size = 300000,
                                        .seed = 1,
                                        .cpus = &cpu,
                                        .usable_cpus = 1,
                                        .builders = 2};
  assert_int_equal(trial_run(&request, result, &problem), 0);
  assert_int_equal(result->builders, 2);
  assert_int_equal(sched_getaffinity(0, sizeof now, &now), 0);
  assert_int_equal(CPU_COUNT(&now), 1);
  assert_true(CPU_ISSET((size_t)cpu, &now));
  assert_int_equal(sched_setaffinity(0, sizeof allowed, &allowed), 0);
  trial_free(result);
  free(result);
}

static void test_small_inputs_are_built_by_few(void **unused) {
  (void)unused;
  assert_int_equal(builders_count(0, 64), 1);
  assert_int_equal(builders_count(2097151, 64), 1);
  assert_int_equal(builders_count(2097152, 64), 2);
  assert_int_equal(builders_count(2097152, 1), 1);
  assert_int_equal(builders_count(2097152, 0), 1);
  assert_int_equal(builders_count(10.9 * 1048576, 64), 10);
  assert_int_equal(builders_count(1e9, 64), 64);
  assert_int_equal(builders_count((double)NAN, 64), 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_many_build_what_one_builds),
      cmocka_unit_test(test_one_builds_all_where_no_thread_is_given),
      cmocka_unit_test(test_no_stack_is_left),
      cmocka_unit_test(test_the_caller_stays_bound),
      cmocka_unit_test(test_small_inputs_are_built_by_few),
  };
  return cmocka_run_group_tests_name("builders", tests, NULL, NULL);
}

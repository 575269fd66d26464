/* test_settling.c: memory that a cold program will have is taken and given back
 * before it begins, where it begins; nothing else of the process changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/sweep/settling.h"
#include "bench/trial/memory.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static struct workload workload;

static struct trial_request program_of(const char *text, uint64_t size) {
  struct problem problem = {""};
  struct trial_request request = {
      .workload = &workload, .workers = 1, .usable_cpus = 1, .size = size};
  assert_int_equal(workload_parse(text, &workload, &problem), 0);
  assert_int_equal(notation_parse_variant("serial", &request.variant, &problem),
                   0);
  return request;
}

static void cold_programs_alone(void **state) {
  (void)state;
  struct trial_request request = program_of("cube", 1000);
  struct settling all = settling_of(&request);
  assert_int_equal(all.input_bytes, 8000);
  assert_int_equal(all.output_bytes, 8000);
  request.iterations = 1;
  all = settling_of(&request);
  assert_int_equal(all.input_bytes + all.output_bytes, 0);
  request.iterations = 0;
  request.blocks = 2;
  all = settling_of(&request);
  assert_int_equal(all.input_bytes + all.output_bytes, 0);
  request = program_of("rowcount/cols=3", 1000);
  all = settling_of(&request);
  assert_int_equal(all.input_bytes, 12000);
  request = program_of("null", 1000);
  all = settling_of(&request);
  assert_int_equal(all.input_bytes + all.output_bytes, 0);
}

static long peak_kib(void) {
  struct rusage usage;
  assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
  return usage.ru_maxrss;
}

/* 64 MiB of each, in the memory that the process ever had. */
static void memory_was_had(void **state) {
  (void)state;
  enum { ITEMS = 8 << 20, KIB = 2 * 64 << 10 };
  struct trial_request request = program_of("cube", ITEMS);
  long before_kib = peak_kib();
  request.iterations = 3;
  settling_run(&request);
  assert_true(peak_kib() < before_kib + KIB / 2);
  request.iterations = 0;
  settling_run(&request);
  assert_true(peak_kib() > before_kib + KIB * 9 / 10);
}

/* More than there is, and more than a quarter of it. */
static void what_is_too_much_is_left(void **state) {
  (void)state;
  long before_kib = peak_kib();
  struct trial_request request = program_of("cube", UINT64_C(1) << 50);
  settling_run(&request);
  request.size = (uint64_t)(0.3 * memory_available_bytes() / 16);
  settling_run(&request);
  assert_true(peak_kib() < before_kib + 1024);
}

static void the_process_stays_where_it_was(void **state) {
  (void)state;
  cpu_set_t before, after;
  struct trial_request request = program_of("cube", 1000);
  assert_int_equal(sched_getaffinity(0, sizeof before, &before), 0);
  for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
    if (!CPU_ISSET(cpu, &before))
      continue;
    request.cpus = &cpu;
    settling_run(&request);
    assert_int_equal(sched_getaffinity(0, sizeof after, &after), 0);
    assert_true(CPU_EQUAL(&before, &after));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(cold_programs_alone),
      cmocka_unit_test(what_is_too_much_is_left),
      cmocka_unit_test(the_process_stays_where_it_was),
      cmocka_unit_test(memory_was_had),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

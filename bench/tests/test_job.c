/* Where the calling thread may run, after it was bound. */
#include "bench/trial/job.h"

#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static cpu_set_t allowed(void) {
  cpu_set_t set;
  assert_int_equal(sched_getaffinity(0, sizeof set, &set), 0);
  return set;
}

/* The CPU number `rank` of those that this test may use; -1: there are fewer.
 */
static int usable_cpu(const cpu_set_t *set, int rank) {
  for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
    if (CPU_ISSET((size_t)cpu, set) && rank-- == 0)
      return cpu;
  return -1;
}

static void test_one(void **unused) {
  (void)unused;
  cpu_set_t before = allowed();
  for (int rank = 0; rank < 2; rank++) {
    int cpu = usable_cpu(&before, rank);
    assert_int_equal(worker_bind(cpu), 0);
    if (cpu < 0)
      continue;
    cpu_set_t now = allowed();
    assert_int_equal(CPU_COUNT(&now), 1);
    assert_true(CPU_ISSET((size_t)cpu, &now));
    assert_int_equal(sched_setaffinity(0, sizeof before, &before), 0);
  }
}

static void test_any(void **unused) {
  (void)unused;
  cpu_set_t before = allowed();
  const int cpus[] = {usable_cpu(&before, 0), -1, usable_cpu(&before, 1)};
  assert_int_equal(worker_bind_any(cpus, 3), 0);
  cpu_set_t now = allowed();
  assert_int_equal(CPU_COUNT(&now), cpus[2] < 0 ? 1 : 2);
  assert_true(CPU_ISSET((size_t)cpus[0], &now));
  assert_true(cpus[2] < 0 || CPU_ISSET((size_t)cpus[2], &now));
  assert_int_equal(sched_setaffinity(0, sizeof before, &before), 0);
}

static void test_nowhere(void **unused) {
  (void)unused;
  cpu_set_t before = allowed();
  const int none[] = {-1, -1}, missing[] = {CPU_SETSIZE - 1, -1};
  assert_int_equal(worker_bind(-1), 0);
  assert_int_equal(worker_bind_any(none, 2), 0);
  assert_int_equal(worker_bind_any(none, 0), 0);
  assert_int_equal(worker_bind_any(missing, 2), -EINVAL);
  cpu_set_t now = allowed();
  assert_true(CPU_EQUAL(&before, &now));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_one),
      cmocka_unit_test(test_any),
      cmocka_unit_test(test_nowhere),
  };
  return cmocka_run_group_tests_name("job", tests, NULL, NULL);
}

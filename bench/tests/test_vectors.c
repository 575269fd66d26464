/* How wide vectors are: what the system tells of SVE's, and a program that was
 * built for others.  $VECTOR_BYTES: what this machine has (scripts/
 * test_aarch64.sh); unset: not known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/plan/vectors.h"
#include "kernels/kernel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void sve_is_as_wide_as_told(void **state) {
  enum { INHERIT = 1 << 17, ON_EXEC = 1 << 18 }; /* flags of the answer */
  static const struct {
    int told, error, bytes;
  } answers[] = {
      {16, 0, 16},
      {32, 0, 32},
      {64 | INHERIT, 0, 64},
      {256 | INHERIT | ON_EXEC, 0, 256},
      {48, 0, 48},      /* allowed, and no power of two */
      {-1, EINVAL, 16}, /* no SVE: NEON's, which each has */
      {-1, EPERM, 0},   /* a sandbox: not told */
      {-1, ENOSYS, 0},
      {0, 0, 0}, /* no answer that could be */
      {8, 0, 0},
      {24, 0, 0},
      {272, 0, 0},
      {0xffff, 0, 0},
      {INHERIT, 0, 0},
  };
  (void)state;
  for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
    assert_int_equal(vectors_sve_bytes(answers[i].told, answers[i].error),
                     answers[i].bytes);
}

static void the_machine_has_what_it_was_built_for(void **state) {
  const char *known = getenv("VECTOR_BYTES");
  struct problem problem = {""};
  int bytes = vectors_machine_bytes();
  (void)state;
  if (known)
    assert_int_equal(bytes, atoi(known));
#if defined __x86_64__ || defined __aarch64__
  assert_true(bytes >= KERNEL_VECTOR_BYTES);
#else
  assert_int_equal(bytes, 0);
#endif
  assert_int_equal(vectors_check_here(&problem), 0);
}

static void another_width_is_refused(void **state) {
  static const struct {
    int built;
    bool fixed;
    int machine, status;
  } cases[] = {
      {16, false, 16, 0},
      {16, false, 64, 0},
      {32, false, 64, 0},
      {64, false, 32, PROBLEM_USAGE},
      {64, true, 64, 0},
      {32, true, 64, PROBLEM_USAGE},
      {64, true, 32, PROBLEM_USAGE},
      {64, false, 0, 0},
      {64, true, 0, 0}, /* not told */
  };
  struct problem problem;
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_int_equal(vectors_check(cases[i].built, cases[i].fixed,
                                   cases[i].machine, &problem),
                     cases[i].status);
  vectors_check(64, true, 32, &problem);
  assert_string_equal(
      problem.text,
      "this program was built for vectors of 64 bytes, and may use those of 32 "
      "here: build it on this machine, or with make ARCH=");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sve_is_as_wide_as_told),
      cmocka_unit_test(the_machine_has_what_it_was_built_for),
      cmocka_unit_test(another_width_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

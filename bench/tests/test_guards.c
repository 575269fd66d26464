/* test_guards.c: what is written beside an output is seen, wherever that is and
 * whatever it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/trial/memory.h"

#include <string.h>
#include <unistd.h>

/* Writes the byte at one place; before: so many before the begin, else so many
 * past the end. */
static void assert_seen(unsigned char *output, size_t bytes, bool before,
                        size_t away, unsigned char byte) {
  unsigned char *at = before ? output - away : output + bytes + away - 1;
  unsigned char was = *at;
  *at = byte;
  struct memory_breach breach = memory_guards_check(output, bytes);
  *at = was;
  if (breach.before_bytes != (before ? away : 0) ||
      breach.after_bytes != (before ? 0 : away))
    fail_msg("%zu bytes: 0x%02x written %zu %s: seen are %zu and %zu", bytes,
             byte, away, before ? "before" : "behind", breach.before_bytes,
             breach.after_bytes);
}

/* What kernels write most: nothing, and what is -1. */
static void look_around(size_t bytes) {
  struct memory memory;
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  memory_init(&memory);
  unsigned char *output = memory_map_guarded(&memory, bytes, MEMORY_PRIVATE);
  assert_non_null(output);
  memory_guards_fill(output, bytes);
  memset(output, 0xff, bytes);
  struct memory_breach breach = memory_guards_check(output, bytes);
  assert_int_equal(breach.before_bytes, 0);
  assert_int_equal(breach.after_bytes, 0);
  for (size_t away = 1; away <= page; away += away < 100 ? 1 : 97) {
    assert_seen(output, bytes, true, away, 0);
    assert_seen(output, bytes, true, away, 0xff);
    assert_seen(output, bytes, false, away, 0);
    assert_seen(output, bytes, false, away, 0xff);
  }
  assert_seen(output, bytes, true, page, 0);
  assert_seen(output, bytes, false, page, 0);
  memory_release(&memory);
}

static void a_page_on_either_side_is_looked_at(void **state) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  const size_t sizes[] = {0, 1, 8, page - 1, page, page + 1, 3 * page};
  (void)state;
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
    look_around(sizes[i]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_page_on_either_side_is_looked_at),
  };
  return cmocka_run_group_tests_name("guards", tests, NULL, NULL);
}

/* test_wrap.c: where lines of words are broken. */
#include "bench/report/wrap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void is_wrapped(const char *text, const char *wrapped) {
  char *got = NULL;
  size_t bytes;
  FILE *out = open_memstream(&got, &bytes);
  assert_non_null(out);
  wrap_print(text, 2, 0, out);
  assert_int_equal(fclose(out), 0);
  assert_string_equal(got, wrapped);
  free(got);
}

/* A number's unit is in its line, also behind a bracket and before a stop. */
static void units_stay_with_numbers(void **state) {
  (void)state;
  is_wrapped("ending the team of the two workers took it 343 of 522 µs. Below.",
             "ending the team of the two workers took it 343 of\n"
             "  522 µs. Below.\n");
  is_wrapped("what others used before all the trials there (1.5 s), and after",
             "what others used before all the trials there\n"
             "  (1.5 s), and after\n");
}

static void numbers_are_whole(void **state) {
  (void)state;
  is_wrapped("the whole of what was there was once taken as 1 000 000 items",
             "the whole of what was there was once taken as\n"
             "  1 000 000 items\n");
  is_wrapped("it is faster than it was from there on again (19 600–26 200)",
             "it is faster than it was from there on again\n"
             "  (19 600–26 200)\n");
}

/* Other words are broken where they end, short ones and numbers, too. */
static void other_words_are_apart(void **state) {
  (void)state;
  is_wrapped("ending the team of the two workers took it some s of a minute",
             "ending the team of the two workers took it some s\n"
             "  of a minute\n");
  is_wrapped("ending the teams of all the workers took them 343 seconds",
             "ending the teams of all the workers took them 343\n"
             "  seconds\n");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(units_stay_with_numbers),
      cmocka_unit_test(numbers_are_whole),
      cmocka_unit_test(other_words_are_apart),
  };
  setenv("COLUMNS", "50", 1);
  return cmocka_run_group_tests(tests, NULL, NULL);
}

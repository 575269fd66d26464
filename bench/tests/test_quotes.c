/* test_quotes.c: whatever text a parameter has, its workload's name says so,
 * and reads back as the same, alone and in a list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/plan/notation.h"
#include "bench/plan/workload.h"

#include <stdlib.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof *(array))

/* Characters that mean something somewhere, and others. */
static const char *const letters[] = {" ", ",", "\"", "\\", "/", "=", "'", ":",
                                      "@", "|", "a",  "7",  "ü", "𝄞", "#", "%"};

enum { LONGEST = 20, LIST = 5 };

static void draw(uint64_t seed, char text[static 4 * LONGEST + 1]) {
  struct text drawn = text_begin(text, 4 * LONGEST + 1);
  size_t length = kernel_random_below(seed, 0, LONGEST + 1);
  for (size_t i = 1; i <= length; i++)
    text_add(&drawn, "%s",
             letters[kernel_random_below(seed, i, LENGTH(letters))]);
}

static void reads(const char *name, const char *base) {
  struct workload workload;
  struct problem problem = {""};
  if (workload_parse(name, &workload, &problem))
    fail_msg("%s: %s", name, problem.text);
  assert_string_equal(workload.values[0].text, base);
  assert_string_equal(workload.name, name);
}

static void any_text_reads_back(void **state) {
  (void)state;
  for (uint64_t k = 0; k < 3000; k++) {
    char base[4 * LONGEST + 1], assignment[200];
    struct workload workload;
    struct problem problem = {""};
    struct text text = TEXT_BEGIN(assignment);
    draw(k, base);
    text_add(&text, "base=");
    notation_quote(base, &text);
    assert_int_equal(workload_parse("adler32", &workload, &problem), 0);
    if (workload_set(&workload, assignment, &problem))
      fail_msg("%s: %s", assignment, problem.text);
    reads(workload.name, base);
    assert_non_null(strstr(workload.params, assignment));
  }
}

struct listed {
  char bases[LIST][4 * LONGEST + 1];
  size_t count;
};

static int take(void *to, const char *text, struct problem *problem) {
  struct listed *listed = to;
  (void)problem;
  assert_true(listed->count < LIST);
  reads(text, listed->bases[listed->count++]);
  return PROBLEM_NONE;
}

static void lists_of_names_are_cut_between_them(void **state) {
  (void)state;
  for (uint64_t k = 0; k < 1000; k++) {
    struct listed listed = {.count = 0};
    struct problem problem = {""};
    char list[1000];
    struct text text = TEXT_BEGIN(list);
    for (size_t i = 0; i < LIST; i++) {
      draw(10000 + k * LIST + i, listed.bases[i]);
      text_add(&text, "%sadler32/base=", i == 0 ? "" : i % 2 ? " " : ",");
      notation_quote(listed.bases[i], &text);
    }
    if (notation_add_list(list, take, &listed, &problem))
      fail_msg("%s: %s", list, problem.text);
    assert_int_equal(listed.count, LIST);
  }
}

/* The longest text, all of it to be escaped. */
static void the_longest_text_has_a_name(void **state) {
  (void)state;
  char base[1025], assignment[2100];
  struct text text = TEXT_BEGIN(assignment);
  struct workload workload;
  struct problem problem = {""};
  memset(base, '"', sizeof base);
  base[1024] = '\0';
  text_add(&text, "base=");
  notation_quote(base, &text);
  assert_false(text.cut);
  assert_int_equal(workload_parse("adler32", &workload, &problem), 0);
  assert_int_equal(workload_set(&workload, assignment, &problem), 0);
  reads(workload.name, base);
}

static void wrong_quotes_are_explained(void **state) {
  (void)state;
  static const char *const wrong[][2] = {
      {"adler32/base=\"a", "adler32/base=\"a: a quote is not closed"},
      {"adler32/base=\"", "a quote is not closed"},
      {"adler32/base=\"a\\\"", "a quote is not closed"},
      {"adler32/base=\"a\\", "a \\ comes before a \" or a \\ only"},
      {"adler32/base=\"\\n\"", "a \\ comes before a \" or a \\ only"},
      {"adler32/base=\"a\"b", "nothing may follow a quoted text but a comma"},
      {"adler32/base=a\"b\"", "stands in double quotes"},
      {"adler32/base=a b", "adler32/base=a b: a text with a blank, a comma"},
      {"adler32/base=a\xff", "adler32/base=a\\xff: want UTF-8 text that can"},
      {"adler32/base=\"\x1b[2J\"", "base=\"\\x1b[2J\": want UTF-8 text"},
      {"adler32/base=\u202e", "base=\\xe2\\x80\\xae: want UTF-8 text that"},
      {"adler32/mode=\"x\"", "adler32/mode=x: want one of count|first"},
  };
  for (size_t i = 0; i < LENGTH(wrong); i++) {
    struct workload workload;
    struct problem problem = {""};
    assert_int_equal(workload_parse(wrong[i][0], &workload, &problem),
                     PROBLEM_USAGE);
    if (!strstr(problem.text, wrong[i][1]))
      fail_msg("'%s' does not say '%s'", problem.text, wrong[i][1]);
  }
}

static void lists_say_what_they_do_not(void **state) {
  (void)state;
  static const char *const wrong[][2] = {
      {"adler32/base= cube", "adler32/base=: a blank after the '='"},
      {"cube adler32/base= ", "cube adler32/base=: a blank after the '='"},
      {"", "the list '' names nothing"},
      {"  ", "the list '  ' names nothing"},
      {" , ", "the list ' , ': item 1 of it is empty"},
      {"adler32,,cube", "the list 'adler32,,cube': item 2 of it is empty"},
      {"adler32,", "the list 'adler32,': item 2 of it is empty"},
      {"adler32/base=a,", "the list 'adler32/base=a,': item 2 of it is empty"},
  };
  for (size_t i = 0; i < LENGTH(wrong); i++) {
    struct listed listed = {.count = 0};
    struct problem problem = {""};
    assert_int_equal(notation_add_list(wrong[i][0], take, &listed, &problem),
                     PROBLEM_USAGE);
    assert_non_null(strstr(problem.text, wrong[i][1]));
  }
  struct listed one = {.bases = {"= a", ""}};
  struct problem problem = {""};
  assert_int_equal(notation_add_list("adler32/base=\"= a\",adler32/base=\"\"",
                                     take, &one, &problem),
                   PROBLEM_NONE);
}

/* As runs had them before there were quotes. */
static void old_lists_of_parameters_say_the_same(void **state) {
  (void)state;
  assert_true(notation_same("base=\"a b\",letters=8", "base=a b,letters=8"));
  assert_true(notation_same("base=\"a\\\\ b\"", "base=a\\ b"));
  assert_true(notation_same("base=\"\",x=1", "base=,x=1"));
  assert_false(notation_same("base=\"a b\",x=1", "base=a c,x=1"));
  assert_false(notation_same("base=a", "base=ab"));
  assert_false(notation_same("base=ab", "base=a"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(any_text_reads_back),
      cmocka_unit_test(lists_of_names_are_cut_between_them),
      cmocka_unit_test(the_longest_text_has_a_name),
      cmocka_unit_test(wrong_quotes_are_explained),
      cmocka_unit_test(lists_say_what_they_do_not),
      cmocka_unit_test(old_lists_of_parameters_say_the_same),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

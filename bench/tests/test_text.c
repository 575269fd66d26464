/* test_text.c: text is put together without passing its room, cut between
 * characters, told from what cannot be shown, and quoted for a shell; numbers
 * of any size fit into theirs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/plan/problem.h"
#include "bench/plan/text.h"
#include "bench/report/numbers.h"
#include "kernels/kernel.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof *(array))

/* ---- appending ----------------------------------------------------------- */

static void what_fits_is_there_whole(void **state) {
  (void)state;
  static const char whole[] = "aä€𝄞|42|aä€𝄞";
  for (size_t room = 1; room <= sizeof whole + 2; room++) {
    char bytes[sizeof whole + 8];
    memset(bytes, '#', sizeof bytes);
    struct text text = text_begin(bytes, room);
    text_put(&text, "aä€𝄞", strlen("aä€𝄞"));
    text_put(&text, "|", 1);
    text_put_number(&text, 42);
    text_add(&text, "%s%s", "|", "aä€𝄞");
    size_t length = strlen(bytes);
    assert_true(length < room);
    assert_int_equal(text.length, length);
    assert_true(text.cut == (room < sizeof whole));
    assert_memory_equal(bytes, whole, length);
    assert_true(text_is_printable(bytes)); /* no part of a character */
    assert_true(!text.cut || room - 1 - length < 4);
    for (size_t i = room; i < sizeof bytes; i++)
      assert_int_equal(bytes[i], '#');
  }
}

static void nothing_follows_a_gap(void **state) {
  (void)state;
  char bytes[6];
  struct text text = TEXT_BEGIN(bytes);
  text_add(&text, "%s", "abc€");
  text_add(&text, "%s", "d");
  text_put(&text, "e", 1);
  text_put_number(&text, 1);
  assert_string_equal(bytes, "abc");
  assert_true(text.cut);
  text = text_resume(bytes, sizeof bytes);
  text_put_number(&text, 78);
  assert_string_equal(bytes, "abc78");
  assert_false(text.cut);
}

static void a_precision_cuts_no_character_in_two(void **state) {
  (void)state;
  char bytes[40];
  assert_true(text_print(bytes, sizeof bytes, "%.3s|%.4s|", "aä€", "aä€"));
  assert_string_equal(bytes, "aä|aä|");
  assert_false(text_print(bytes, 4, "%s", "aä€"));
  assert_string_equal(bytes, "aä");
}

static void numbers_are_put_as_printf_puts_them(void **state) {
  (void)state;
  static const uint64_t numbers[] = {0, 9, 10, 12345, INT64_MAX, UINT64_MAX};
  for (size_t i = 0; i < LENGTH(numbers); i++) {
    char put[24], printed[24];
    struct text text = TEXT_BEGIN(put);
    text_put_number(&text, numbers[i]);
    snprintf(printed, sizeof printed, "%" PRIu64, numbers[i]);
    assert_string_equal(put, printed);
  }
}

/* ---- what can be shown --------------------------------------------------- */

static const char *const printable[] = {
    "", " ~", "äöü ß", "日本語", "𝄞", "\ufffd", "<&>'\"\\ {a}^2_b@c %d$HOME"};

static const struct {
  const char *raw, *shown;
} unprintable[] = {
    {"\n", "\\n"},
    {"a\tb", "a\\tb"},
    {"\x1b[2J", "\\x1b[2J"},
    {"\x7f", "\\x7f"},
    {"a\xff", "a\\xff"},
    {"\xc3", "\\xc3"},                            /* the end is missing */
    {"\xe2\x82z", "\\xe2\\x82z"},                 /* so it is here */
    {"\x80ü", "\\x80ü"},                          /* the beginning */
    {"\xc0\xaf", "\\xc0\\xaf"},                   /* longer than it needs be */
    {"\xe0\x80\xaf", "\\xe0\\x80\\xaf"},          /* */
    {"\xed\xa0\x80", "\\xed\\xa0\\x80"},          /* a surrogate */
    {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"}, /* past the last */
    {"\xc2\x85", "\\xc2\\x85"},                   /* a control of C1 */
    {"\xc2\x9b"
     "2J",
     "\\xc2\\x9b2J"},
    {"\u202egnp.exe", "\\xe2\\x80\\xaegnp.exe"}, /* right to left */
    {"\u2066", "\\xe2\\x81\\xa6"},
    {"\u200b", "\\xe2\\x80\\x8b"},
    {"\ufeff", "\\xef\\xbb\\xbf"},
    {"\ufffe", "\\xef\\xbf\\xbe"},
    {"\U000e0041", "\\xf3\\xa0\\x81\\x81"},
};

static void what_cannot_be_shown_is_known(void **state) {
  (void)state;
  char shown[TEXT_SHOWN];
  for (size_t i = 0; i < LENGTH(printable); i++) {
    if (!text_is_printable(printable[i]))
      fail_msg("'%s' can be shown", printable[i]);
    assert_string_equal(text_shown(printable[i], shown), printable[i]);
  }
  for (size_t i = 0; i < LENGTH(unprintable); i++) {
    if (text_is_printable(unprintable[i].raw))
      fail_msg("%s is no printable text", unprintable[i].shown);
    assert_string_equal(text_shown(unprintable[i].raw, shown),
                        unprintable[i].shown);
    assert_true(text_is_printable(shown));
    char *copy = text_copy_shown(unprintable[i].raw);
    assert_string_equal(copy, unprintable[i].shown);
    free(copy);
  }
  assert_null(text_copy_shown(NULL));
}

static void problems_control_no_terminal(void **state) {
  (void)state;
  struct problem problem;
  assert_int_equal(problem_usage(&problem, "%s: no", "\x1b[2J\xff\n"),
                   PROBLEM_USAGE);
  assert_string_equal(problem.text, "\\x1b[2J\\xff\\n: no");
  problem_failure(&problem, "%2000s", "\xff"); /* longer than it has room for */
  assert_true(text_is_printable(problem.text));
}

static void names_alike_at_their_beginning_stay_apart(void **state) {
  (void)state;
  char a[TEXT_BRIEF], b[TEXT_BRIEF];
  assert_string_equal(text_brief("cube", 16, a), "cube");
  assert_string_equal(text_brief("0123456789abcdef", 16, a),
                      "0123456789abcdef");
  assert_string_equal(text_brief("0123456789abcdefg", 16, a),
                      "0123456789a…defg");
  assert_string_equal(text_brief("ääääääääääääääääää1", 16, a),
                      "äääääääääää…äää1");
  char longest[500];
  memset(longest, 'x', sizeof longest);
  longest[499] = '\0';
  text_brief(longest, 100, a);
  longest[498] = 'y';
  text_brief(longest, 100, b);
  assert_string_not_equal(a, b);
  assert_int_equal(number_columns(a), 100);
}

/* ---- the shell ----------------------------------------------------------- */

/* What a shell makes of a command. */
static void runs(const char *command, char *said, size_t room) {
  FILE *shell = popen(command, "r");
  assert_non_null(shell);
  said[fread(said, 1, room - 1, shell)] = '\0';
  assert_int_equal(pclose(shell), 0);
}

static void the_shell_reads_the_word_back(void **state) {
  (void)state;
  static const char letters[] = "a'\"\\$`!*?~#&;|<>(){}[]=%^ \t\n\x01\xff-";
  for (uint64_t k = 0; k < 60; k++) {
    char word[9] = "", command[200], said[64];
    size_t length = kernel_random_below(1, 1000 + k, sizeof word);
    for (size_t i = 0; i < length; i++)
      word[i] = letters[kernel_random_below(k, i, sizeof letters - 1)];
    struct text text = TEXT_BEGIN(command);
    text_put(&text, "printf '%s|' ", 13);
    text_add_shell(&text, word);
    text_put(&text, " end", 4);
    runs(command, said, sizeof said);
    char expected[64];
    snprintf(expected, sizeof expected, "%s|end|", word);
    if (strcmp(said, expected) != 0)
      fail_msg("%s says '%s'", command, said);
  }
}

static void plain_words_stay_as_they_are(void **state) {
  (void)state;
  static const char *const words[][2] = {
      {"--size", "--size"},
      {"omp:dynamic,64", "omp:dynamic,64"},
      {"cube/first=3", "cube/first=3"},
      {"", "''"},
      {"it's", "'it'\\''s'"},
      {"~", "'~'"},
  };
  for (size_t i = 0; i < LENGTH(words); i++) {
    char bytes[40];
    struct text text = TEXT_BEGIN(bytes);
    text_add_shell(&text, words[i][0]);
    assert_string_equal(bytes, words[i][1]);
  }
}

/* ---- numbers ------------------------------------------------------------- */

/* Three digits of it are right, however large it is. */
static void is_about(const char *text, double value) {
  char *end;
  long double read = strtold(text, &end); /* 1.8e+308 is no double */
  long double wanted = (long double)value;
  if (end == text || !(fabsl(read - wanted) <= 0.006L * fabsl(wanted)))
    fail_msg("'%s' for %g", text, value);
}

static void numbers_fit_whatever_their_size(void **state) {
  (void)state;
  static const double values[] = {0.5,  999.4e6, 999.6e6, 1e15,    1e39,
                                  1e99, 1e308,   DBL_MAX, DBL_MIN, 5e-324};
  for (size_t i = 0; i < 2 * LENGTH(values); i++) {
    double value = (i % 2 ? -1 : 1) * values[i / 2];
    char text[NUMBER_LENGTH + 16];
    memset(text, '#', sizeof text);
    is_about(number_plain(value, text), fabs(value) < 1e-12 ? 0 : value);
    is_about(number_ratio(value, text), fabs(value) < 1e-12 ? 0 : value);
    number_time(value, text);
    number_percent(value, text);
    number_rate(value, "measurements of temperature in a room", text);
    assert_non_null(strstr(text, "/s"));
    number_ratio_interval((struct interval){value, value, value}, text);
    assert_int_equal(text[strlen(text) - 1], ')');
    assert_true(text_is_printable(text));
    for (size_t k = NUMBER_LENGTH; k < sizeof text; k++)
      assert_int_equal(text[k], '#');
  }
  char text[NUMBER_LENGTH];
  assert_string_equal(number_percent(-0.0, text), "0.00%");
  assert_string_equal(number_plain(-1e-13, text), "0.00");
  assert_string_equal(number_count(UINT64_MAX, text),
                      "18 446 744 073 709 551 615");
}

/* As many digits as the interval carries: two to three of the median, more only
 * where an end would be printed as the 1 that it does not reach. */
static void digits_follow_from_the_width(void **state) {
  (void)state;
  static const struct {
    struct interval x;
    const char *ratio;
  } cases[] = {
      {{1.97, 1.75, 2.53}, "2.0× (1.8–2.5)"},
      {{2.261, 1.772, 3.164}, "2.3× (1.8–3.2)"},
      {{1.934, 1.886, 1.991}, "1.93× (1.89–1.99)"},
      {{1.934, 1.9338, 1.9342}, "1.93× (1.93–1.93)"},
      {{0.81, 0.79, 0.83}, "0.810× (0.790–0.830)"},
      {{0.0543, 0.0541, 0.0546}, "0.0543× (0.0541–0.0546)"},
      {{61.24, 57.13, 64.31}, "61× (57–64)"},
      {{157, 137, 177}, "157× (137–177)"},
      {{157, 107, 197}, "160× (110–200)"},
      {{15790, 4190, 47600}, "16000× (4000–48000)"},
      {{1.16, 0.354, 7.43}, "1.2× (0.4–7.4)"},
      {{1.04, 1.01, 1.9}, "1.04× (1.01–1.90)"},
      {{0.97, 0.5, 0.996}, "0.970× (0.500–0.996)"},
      {{1.5, 0.9, 1.9}, "1.5× (0.9–1.9)"},
      {{2, 2, 2}, "2.00× (2.00–2.00)"},
      {{0.02, 0.001, 150}, "0.020× (0.001–150.000)"},
      {{1.5, (double)NAN, (double)NAN}, "1.50×"},
  };
  char text[NUMBER_LENGTH];
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_string_equal(number_ratio_interval(cases[i].x, text),
                        cases[i].ratio);
  assert_string_equal(
      number_percent_interval((struct interval){0.449, 0.43, 0.462}, text),
      "44.9% (43.0–46.2%)");
  assert_string_equal(
      number_percent_interval((struct interval){0.95, 0.9, 0.998}, text),
      "95.0% (90.0–99.8%)");
  assert_string_equal(
      number_percent_interval((struct interval){1.1, 1.004, 1.2}, text),
      "110.0% (100.4–120.0%)");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_fits_is_there_whole),
      cmocka_unit_test(nothing_follows_a_gap),
      cmocka_unit_test(a_precision_cuts_no_character_in_two),
      cmocka_unit_test(numbers_are_put_as_printf_puts_them),
      cmocka_unit_test(what_cannot_be_shown_is_known),
      cmocka_unit_test(problems_control_no_terminal),
      cmocka_unit_test(names_alike_at_their_beginning_stay_apart),
      cmocka_unit_test(the_shell_reads_the_word_back),
      cmocka_unit_test(plain_words_stay_as_they_are),
      cmocka_unit_test(numbers_fit_whatever_their_size),
      cmocka_unit_test(digits_follow_from_the_width),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

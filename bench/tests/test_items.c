/* test_items.c: a kernel's items from CSV: what is read, to the last byte, and
 * what is refused, with its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/trial/csv.h"
#include "bench/trial/items.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST = 64 };

#define ALL(text) (text), sizeof(text) - 1 /* with the zero bytes in it */

static int parse(const char *text, size_t bytes, size_t most,
                 struct items *items, struct problem *problem) {
  FILE *file = fmemopen(NULL, bytes + 1, "w+");
  assert_non_null(file);
  assert_int_equal(fwrite(text, 1, bytes, file), bytes);
  rewind(file);
  if (bytes == 0) { /* a memory stream of a zero byte is not empty */
    fclose(file);
    file = fopen("/dev/null", "re");
    assert_non_null(file);
  }
  int status = items_parse(file, "in.csv", most, items, problem);
  fclose(file);
  return status;
}

struct readable {
  const char *text;
  size_t bytes;
  uint64_t rows;
  uint32_t columns;
  int64_t first, last;
  uint64_t first_line;
};

static const struct readable readable[] = {
    {ALL("x\n1\n2\n"), 2, 1, 1, 2, 2},
    {ALL("x\r\n1\r\n2\r\n"), 2, 1, 1, 2, 2},
    {ALL("x\n1\r\n2"), 2, 1, 1, 2, 2},
    {ALL("x,y\n1,2\n-3,4\n"), 2, 2, 1, 4, 2},
    {ALL("\xef\xbb\xbfx\n1\n2\n"), 2, 1, 1, 2, 2},
    {ALL("\xef\xbb\xbf\"x\"\n1\n2\n"), 2, 1, 1, 2, 2},
    {ALL("\xef\xbd\x98\n7\n"), 1, 1, 7, 7, 2}, /* a wide x, not a mark */
    {ALL("\"x\"\n\"1\"\n2\n"), 2, 1, 1, 2, 2},
    {ALL("\"x,\"\"y\"\"\",\"\"\"\"\n1,\"2\"\r\n"), 1, 2, 1, 2, 2},
    {ALL("\"x\nof two\r\nlines\",y\n1,2\n"), 1, 2, 1, 2, 4},
    {ALL("x\n-9223372036854775808\n9223372036854775807\n"), 2, 1, INT64_MIN,
     INT64_MAX, 2},
    {ALL("x\n-0\n007\n"), 2, 1, 0, 7, 2},
    {ALL("n1\n5\n"), 1, 1, 5, 5, 2},
    {ALL("a name\n5\n"), 1, 1, 5, 5, 2},
    {ALL("x\n"), 0, 1, 0, 0, 2},
    {ALL("x"), 0, 1, 0, 0, 2},
};

static void test_what_rfc_4180_has_is_read(void **unused) {
  (void)unused;
  for (size_t k = 0; k < sizeof readable / sizeof readable[0]; k++) {
    const struct readable *r = &readable[k];
    struct items items;
    struct problem problem = {""};
    int status = parse(r->text, r->bytes, MOST, &items, &problem);
    if (status)
      print_error("%s\n", problem.text);
    assert_int_equal(status, PROBLEM_NONE);
    assert_true(items.present);
    assert_int_equal(items.input.rows, r->rows);
    assert_int_equal(items.input.columns, r->columns);
    if (r->rows > 0) {
      assert_int_equal(items.input.first_line, r->first_line);
      assert_int_equal(items.input.values[0], r->first);
      assert_int_equal(items.input.values[r->rows * r->columns - 1], r->last);
    }
    items_free(&items);
  }
}

struct refused {
  const char *text;
  size_t bytes;
  const char *message; /* its beginning, after the file's name */
};

static const struct refused refused[] = {
    {ALL(""), ": is empty; want a header line"},
    {ALL("\xef\xbb\xbf"), ": is empty; want a header line"},
    {ALL("\n1\n"), ", line 1, column 1: '' is no name"},
    {ALL("x,\n1,2\n"), ", line 1, column 2: '' is no name"},
    {ALL("1\n2\n"), ", line 1, column 1: '1' is no name"},
    {ALL("x,2\n2,3\n"), ", line 1, column 2: '2' is no name"},
    {ALL("\"1\"\n2\n"), ", line 1, column 1: '1' is no name"},
    {ALL("\xef\xbb\xbf"
         "1\n2\n"),
     ", line 1, column 1: '1' is no name"},
    {ALL("+1\n2\n"), ", line 1, column 1: '+1' is no name"},
    {ALL("1.5\n2\n"), ", line 1, column 1: '1.5' is no name"},
    {ALL("1e5\n2\n"), ", line 1, column 1: '1e5' is no name"},
    {ALL("0x10\n2\n"), ", line 1, column 1: '0x10' is no name"},
    {ALL("inf\n2\n"), ", line 1, column 1: 'inf' is no name"},
    {ALL(" 1 \n2\n"), ", line 1, column 1: ' 1 ' is no name"},
    {ALL("x\n 1\n"), ", line 2, column 1: ' 1' is not a whole number"},
    {ALL("x\n1 \n"), ", line 2, column 1: '1 ' is not a whole number"},
    {ALL("x\n1\t\n"), ", line 2, column 1: '1?' is not a whole number"},
    {ALL("x,y\n1, 2\n"), ", line 2, column 2: ' 2' is not a whole number"},
    {ALL("x\n\" 1\"\n"), ", line 2, column 1: ' 1' is not a whole number"},
    {ALL("x\n+1\n"), ", line 2, column 1: '+1' is not a whole number as"},
    {ALL("x\n-\n"), ", line 2, column 1: '-' is not a whole number"},
    {ALL("x\n--1\n"), ", line 2, column 1: '--1' is not a whole number"},
    {ALL("x\n0x10\n"), ", line 2, column 1: '0x10' is not a whole number"},
    {ALL("x\n1e3\n"), ", line 2, column 1: '1e3' is not a whole number"},
    {ALL("x\n1.0\n"), ", line 2, column 1: '1.0' is not a whole number"},
    {ALL("x\ninf\n"), ", line 2, column 1: 'inf' is not a whole number"},
    {ALL("x\nnan\n"), ", line 2, column 1: 'nan' is not a whole number"},
    {ALL("x\n1;2\n"), ", line 2, column 1: '1;2' is not a whole number"},
    {ALL("x\n1\xd9\xa3\n"), ", line 2, column 1: '1?\?' is not a whole number"},
    {ALL("x\n9223372036854775808\n"),
     ", line 2, column 1: '9223372036854775808' is not a whole number of 64"},
    {ALL("x\n-9223372036854775809\n"),
     ", line 2, column 1: '-9223372036854775809' is not a whole number of 64"},
    {ALL("x,y\n1,\n"), ", line 2, column 2: '' is not a whole number"},
    {ALL("x,y\n,2\n"), ", line 2, column 1: '' is not a whole number"},
    {ALL("x\n\"\"\n"), ", line 2: is empty; take it out"},
    {ALL("x\n1\n\n"), ", line 3: is empty; take it out"},
    {ALL("x,y\n\n1,2\n"), ", line 2: is empty; take it out"},
    {ALL("x,y\n1\n"), ", line 2: 1 columns; its header has 2"},
    {ALL("x,y\n1,2\n1,2,3\n"), ", line 3: 3 columns; its header has 2"},
    {ALL("x\n1\0\n"), ", line 2: the byte 0x00; want text in UTF-8"},
    {ALL("x\0\n1\n"), ", line 1: the byte 0x00; want text in UTF-8"},
    {ALL("\"x\0\"\n1\n"), ", line 1: the byte 0x00; want text in UTF-8"},
    {ALL("\0"), ", line 1: the byte 0x00; want text in UTF-8"},
    {ALL("x\n1\033[2J\n"), ", line 2: the byte 0x1b; want text in UTF-8"},
    {ALL("x\177\n1\n"), ", line 1: the byte 0x7f; want text in UTF-8"},
    {ALL("\xff\xfex\0\n\0"), ": is UTF-16; save it as UTF-8"},
    {ALL("\xfe\xff\0x\0\n"), ": is UTF-16; save it as UTF-8"},
    {ALL("x\r1\r2\r"), ", line 1: a carriage return (\\r) alone"},
    {ALL("x\n1\r2\n"), ", line 2: a carriage return (\\r) alone"},
    {ALL("x\n1\r\r\n"), ", line 2: a carriage return (\\r) alone"},
    {ALL("x\n1\r"), ", line 2: a carriage return (\\r) alone"},
    {ALL("\"a\nb\"\n1\r"), ", line 3: a carriage return (\\r) alone"},
    {ALL("x\"y\n1\n"), ", line 1: a quote inside of a field"},
    {ALL("x\n1\"2\"\n"), ", line 2: a quote inside of a field"},
    {ALL("x\n\"1\"2\n"), ", line 2: text after a closing quote"},
    {ALL("x\n\"1\" \n"), ", line 2: text after a closing quote"},
    {ALL("x\n\"1\n2\n"), ", line 2: a quote is opened and never closed"},
    {ALL("\"x\ny\n1\n2\n"), ", line 1: a quote is opened and never closed"},
};

static void assert_refused(const struct refused *r, size_t most) {
  struct items items;
  struct problem problem = {""};
  int status = parse(r->text, r->bytes, most, &items, &problem);
  if (status != PROBLEM_USAGE)
    print_error("'%s' expected\n", r->message);
  assert_int_equal(status, PROBLEM_USAGE);
  assert_false(items.present);
  assert_null(items.values);
  char begins[200];
  snprintf(begins, sizeof begins, "in.csv%s", r->message);
  problem.text[strlen(begins)] = '\0';
  assert_string_equal(problem.text, begins);
}

static void test_all_else_is_refused_by_its_line(void **unused) {
  (void)unused;
  for (size_t k = 0; k < sizeof refused / sizeof refused[0]; k++)
    assert_refused(&refused[k], MOST);
}

/* A line of so many letters, and an item where `item` is set. */
static char *long_line(size_t letters, const char *item, size_t *bytes) {
  *bytes = letters + strlen(item);
  char *text = malloc(*bytes + 1);
  assert_non_null(text);
  memset(text, 'x', letters);
  memcpy(text + letters, item, strlen(item) + 1);
  return text;
}

static void test_a_line_has_a_limit(void **unused) {
  (void)unused;
  struct items items;
  struct problem problem = {""};
  size_t bytes;
  char *text = long_line(CSV_LINE_BYTES - 1, "\n1\n", &bytes);
  assert_int_equal(parse(text, bytes, MOST, &items, &problem), PROBLEM_NONE);
  assert_int_equal(items.input.rows, 1);
  items_free(&items);
  free(text);
  text = long_line(CSV_LINE_BYTES, "\n1\n", &bytes);
  assert_refused(
      &(struct refused){text, bytes, ", line 1: longer than 1048576 bytes"},
      MOST);
  text[0] = '"'; /* ends of lines inside of quotes are no way around it */
  memset(text + 1, '\n', CSV_LINE_BYTES);
  assert_refused(&(struct refused){text, bytes, ", line 1: longer than"}, MOST);
  free(text);
}

/* Something that never ends is left after its limit, not read on. */
static void test_what_never_ends_is_stopped(void **unused) {
  (void)unused;
  struct items items;
  struct problem problem = {""};
  FILE *zeros = fopen("/dev/zero", "re");
  assert_non_null(zeros);
  assert_int_equal(items_parse(zeros, "zeros", MOST, &items, &problem),
                   PROBLEM_USAGE);
  assert_string_equal(problem.text,
                      "zeros, line 1: the byte 0x00; want text in UTF-8");
  fclose(zeros);
}

static void test_numbers_have_a_limit(void **unused) {
  (void)unused;
  struct items items;
  struct problem problem = {""};
  static const char text[] = "x,y\n1,2\n3,4\n5,6\n";
  assert_int_equal(parse(ALL(text), 6, &items, &problem), PROBLEM_NONE);
  assert_int_equal(items.input.rows, 3);
  items_free(&items);
  assert_refused(
      &(struct refused){
          ALL(text), ", line 4: more than 5 numbers (4e-05 MB) do not fit: "},
      5);
}

static void test_a_file_that_cannot_be_read_is_told(void **unused) {
  (void)unused;
  struct items items;
  struct problem problem = {""};
  FILE *folder = fopen("/", "re");
  assert_non_null(folder);
  assert_int_equal(items_parse(folder, "folder", MOST, &items, &problem),
                   PROBLEM_FAILURE);
  assert_string_equal(problem.text, "folder: Is a directory");
  fclose(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_what_rfc_4180_has_is_read),
      cmocka_unit_test(test_all_else_is_refused_by_its_line),
      cmocka_unit_test(test_a_line_has_a_limit),
      cmocka_unit_test(test_what_never_ends_is_stopped),
      cmocka_unit_test(test_numbers_have_a_limit),
      cmocka_unit_test(test_a_file_that_cannot_be_read_is_told),
  };
  return cmocka_run_group_tests_name("items", tests, NULL, NULL);
}

/* test_line.c: the reader of plain lines makes what the tree of JSON values
 * makes, to the last bit, and leaves everything else to that. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/record/line.h"
#include "bench/record/record.h"
#include "kernels/kernel.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct thing {
  int64_t schema, truth, whole;
  double real;
  struct numbers reals;
  char *text;
};

#define AT(member) offsetof(struct thing, member)
static const struct field table[] = {
    {"schema", FIELD_INTEGER, AT(schema), "", "", true},
    {"truth", FIELD_TRUTH, AT(truth), "", "", false},
    {"whole", FIELD_INTEGER, AT(whole), "", "", false},
    {"real", FIELD_REAL, AT(real), "", "", false},
    {"reals", FIELD_REALS, AT(reals), "", "", false},
    {"text", FIELD_TEXT, AT(text), "", "", false},
    {NULL, FIELD_TEXT, 0, NULL, NULL, false},
};

static bool read_line(const char *line, struct thing *thing) {
  return line_read(table, line, line + strlen(line), thing);
}

/* Whether it was read; if it was, as the tree reads it. */
static bool read_alike(const char *line) {
  struct thing fast, slow;
  struct problem problem;
  bool was_read = read_line(line, &fast);
  json_t *json = json_loads(line, 0, NULL);
  bool fits = fields_from_json(table, json, &slow, &problem) == 0;
  if (was_read) {
    json_t *a = fields_to_json(table, &fast), *b = fields_to_json(table, &slow);
    if (!fits || !json_equal(a, b))
      fail_msg("read otherwise than the tree does: %s", line);
    if (memcmp(&fast.real, &slow.real, sizeof fast.real) != 0)
      fail_msg("%.17g is not %.17g: %s", fast.real, slow.real, line);
    json_decref(a);
    json_decref(b);
  }
  json_decref(json);
  fields_free(table, &fast);
  fields_free(table, &slow);
  return was_read;
}

static void plain_lines_are_read(void **state) {
  (void)state;
  static const char *const lines[] = {
      "{\"schema\":1}",
      "{\"schema\":1,\"truth\":true,\"whole\":-7,\"real\":0.25,\"reals\":[1,"
      "null,-2.5e-7],\"text\":\"a b/c=1\"}",
      "{\"schema\":1,\"truth\":false,\"whole\":9223372036854775807,\"real\":3}",
      "{\"schema\":0,\"truth\":null,\"whole\":null,\"real\":null,\"reals\":"
      "null,\"text\":null}",
      "{\"schema\":1,\"reals\":[],\"text\":\"\"}",
      "{\"schema\":1,\"whole\":-0,\"real\":-0}",
      "{\"schema\":1,\"real\":-0.0,\"reals\":[1e22,1E+5,1e-22]}",
  };
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
    if (!read_alike(lines[i]))
      fail_msg("not read: %s", lines[i]);
}

static void all_else_is_left_to_the_tree(void **state) {
  (void)state;
  static const char *const lines[] = {
      "",
      "{",
      "{}",
      "[]",
      "{\"schema\":1",
      "{\"schema\":1}x",
      "{\"schema\":1,}",
      "{\"truth\":true}",
      "{\"schema\":null}",
      "{\"schema\": 1}",
      "{\"schema\":1.5}",
      "{\"schema\":01}",
      "{\"schema\":\"1\"}",
      "{\"schema\":1,\"schema\":2}",
      "{\"truth\":true,\"schema\":1}",
      "{\"schema\":1,\"other\":2}",
      "{\"schema\":1,\"whole\":9223372036854775808}",
      "{\"schema\":1,\"whole\":1e3}",
      "{\"schema\":1,\"truth\":1}",
      "{\"schema\":1,\"real\":.5}",
      "{\"schema\":1,\"real\":5.}",
      "{\"schema\":1,\"real\":1e}",
      "{\"schema\":1,\"real\":1e999}",
      "{\"schema\":1,\"real\":1e23}",
      "{\"schema\":1,\"real\":NaN}",
      "{\"schema\":1,\"real\":0.12345678901234567}",
      "{\"schema\":1,\"reals\":[1,]}",
      "{\"schema\":1,\"reals\":[1 ,2]}",
      "{\"schema\":1,\"reals\":[1,2}",
      "{\"schema\":1,\"reals\":3}",
      "{\"schema\":1,\"text\":\"\\u0041\"}",
      "{\"schema\":1,\"text\":\"ä\"}",
      "{\"schema\":1,\"text\":\"a\tb\"}",
      "{\"schema\":1,\"text\":\"a}",
  };
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
    if (read_alike(lines[i]))
      fail_msg("read: %s", lines[i]);
}

/* As records have them: nine digits, of any size. */
static void numbers_are_correctly_rounded(void **state) {
  (void)state;
  char line[80];
  size_t was_read = 0;
  for (uint64_t i = 0; i < 20000; i++) {
    uint64_t digits = kernel_random_below(1, i, 1000000000);
    int place = (int)kernel_random_below(2, i, 40) - 25;
    snprintf(line, sizeof line, "{\"schema\":1,\"real\":%.9ge%d}",
             (double)digits / 1e8, place);
    was_read += read_alike(line);
  }
  assert_in_range(was_read, 10000, 20000); /* the rest is too small or large */
}

/* Cut and changed anywhere: never another reading than the tree's. */
static void damaged_lines_are_never_read_otherwise(void **state) {
  (void)state;
  static const char line[] =
      "{\"schema\":1,\"truth\":true,\"whole\":-7,\"real\":0.25,\"reals\":[1,"
      "null,-2.5e-7],\"text\":\"a b\"}";
  static const char bytes[] = "\"{}[]:,.-+eE0919ntf \\x\t\x80";
  char damaged[sizeof line];
  for (size_t i = 0; i < sizeof line - 1; i++)
    for (size_t b = 0; b < sizeof bytes; b++) { /* the last one cuts it off */
      memcpy(damaged, line, sizeof line);
      damaged[i] = bytes[b];
      read_alike(damaged);
    }
}

/* Long enough for a team of threads: the first wrong line is the one named,
 * and a torn last one is left out. */
static void long_files_keep_order_and_name_the_first_error(void **state) {
  (void)state;
  enum { LINES = 30000 };
  char path[] = "/tmp/test_line.XXXXXX";
  struct problem problem = {""};
  struct records records;
  close(mkstemp(path));
  for (int wrong = 0; wrong < 2; wrong++) {
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    for (int i = 1; i <= LINES; i++)
      if (wrong && (i == 20001 || i == 29000))
        fputs("{\"schema\":1}\n", out);
      else
        fprintf(out,
                "{\"schema\":1,\"status\":\"ok\",\"order\":%d,\"kernel\":"
                "\"cube\",\"workload\":\"cube\",\"params\":\"%0500d\","
                "\"variant\":\"serial\",\"workers\":1,\"size\":%d}\n",
                i, 0, i);
    fputs("{\"schema\":1,\"sta", out);
    fclose(out);
    int status = records_read(path, &records, &problem);
    if (wrong) {
      assert_int_not_equal(status, 0);
      assert_non_null(strstr(problem.text, "line 20001: "));
      continue;
    }
    assert_int_equal(status, 0);
    assert_true(records.torn);
    assert_int_equal(records.count, LINES);
    for (size_t i = 0; i < LINES; i++)
      assert_int_equal(records.list[i].order, i + 1);
    records_free(&records);
  }
  unlink(path);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(plain_lines_are_read),
      cmocka_unit_test(all_else_is_left_to_the_tree),
      cmocka_unit_test(numbers_are_correctly_rounded),
      cmocka_unit_test(damaged_lines_are_never_read_otherwise),
      cmocka_unit_test(long_files_keep_order_and_name_the_first_error),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

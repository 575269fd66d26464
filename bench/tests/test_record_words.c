/* test_record_words.c: a record of a newer program is refused however it is
 * written, and a text is one column whatever it holds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/record/record.h"

#include <stdlib.h>
#include <string.h>

static void fill(struct record *r, int64_t schema) {
  record_clear(r);
  r->schema = schema;
  r->status = strdup("failed");
  r->error = strdup("it broke");
  r->kernel = strdup("cube");
  r->workload = strdup("cube");
  r->variant = strdup("serial");
  r->workers = 1;
  r->size = 10;
}

/* As the program writes it, and with spaces, as other tools may. */
static void test_a_newer_record_is_refused(void **state) {
  (void)state;
  for (int64_t schema = RECORD_SCHEMA; schema <= RECORD_SCHEMA + 2; schema++)
    for (int spaces = 0; spaces < 2; spaces++) {
      struct record r, again;
      struct problem problem = {""};
      char text[4000] = "";
      fill(&r, schema);
      char *line = record_format(&r);
      snprintf(text, sizeof text, spaces ? "{ %s" : "{%s", line + 1);
      int status = record_parse(text, &again, &problem);
      assert_int_equal(status != 0, schema > RECORD_SCHEMA);
      if (status)
        assert_non_null(strstr(problem.text, "schema"));
      else
        assert_int_equal(again.size, 10);
      free(line);
      record_free(&r);
      if (!status)
        record_free(&again);
    }
}

/* The columns of a line of CSV, quotes and all. */
static size_t columns(const char *line) {
  bool quoted = false;
  size_t count = 1;
  for (; *line && *line != '\n'; line++) {
    quoted = quoted != (*line == '"');
    count += *line == ',' && !quoted;
  }
  return count;
}

static void test_a_text_is_one_column(void **state) {
  static const char *const texts[] = {"plain",       "a,b", "a \"b\" c", "\"",
                                      "a\"b,c\"d,e", ",",   ""};
  (void)state;
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    struct record r;
    char *text = NULL;
    size_t bytes = 0;
    fill(&r, RECORD_SCHEMA);
    free(r.error);
    r.error = strdup(texts[i]);
    r.params = strdup("a=1,b=2");
    FILE *out = open_memstream(&text, &bytes);
    assert_non_null(out);
    fields_csv_header(record_fields, out);
    fputc('\n', out);
    fields_csv_row(record_fields, &r, out);
    fputc('\n', out);
    fclose(out);
    const char *row = strchr(text, '\n') + 1;
    assert_int_equal(columns(row), columns(text));
    assert_non_null(strstr(row, ",\"a=1,b=2\","));
    free(text);
    record_free(&r);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_newer_record_is_refused),
      cmocka_unit_test(test_a_text_is_one_column),
  };
  return cmocka_run_group_tests_name("record_words", tests, NULL, NULL);
}

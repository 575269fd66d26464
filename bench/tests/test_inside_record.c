/* Records of what observed runs tell of a program's inside, and what cannot be
 * true of one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bench/tests/inside_run.h"

#include <unistd.h>

static struct problem problem;

/* ---- records ------------------------------------------------------------- */

static void test_a_record_is_read_as_it_was_written(void **state) {
  struct records records = {0};
  struct record *r, again;
  (void)state;
  inside_add(&records, "observed", 1, 4, 5, &r);
  inside_fill(r, 3.9, inside_four, 2);
  char *line = record_format(r);
  if (record_parse(line, &again, &problem) != 0)
    fail_msg("%s: %s", problem.text, line);
  char *second = record_format(&again);
  assert_string_equal(line, second);
  assert_string_equal(again.inside.regions, "fft.c:42 sum.c:7");
  assert_near(again.inside.late_barrier_s.values[0], 0.1);
  assert_true(record_tells_inside(&again));
  free(second);
  free(line);
  record_free(&again);
  records_free(&records);
}

/* One key of the record with another value, of "inside" where `inside`. */
static void assert_refused(bool inside, const char *key, const char *value,
                           const char *why) {
  struct records records = {0};
  struct record *r, read;
  inside_add(&records, "observed", 1, 4, 5, &r);
  inside_fill(r, 3.9, inside_four, 2);
  char *line = record_format(r);
  json_t *json = json_loads(line, 0, NULL);
  json_object_set_new(inside ? json_object_get(json, "inside") : json, key,
                      json_loads(value, JSON_DECODE_ANY, NULL));
  free(line);
  line = json_dumps(json, JSON_COMPACT);
  problem = (struct problem){""};
  if (record_parse(line, &read, &problem) == 0 || !strstr(problem.text, why))
    fail_msg("%s %s: '%s' instead of '%s'", key, value, problem.text, why);
  json_decref(json);
  free(line);
  records_free(&records);
}

static void test_what_cannot_be_is_refused(void **state) {
  static const struct {
    bool inside;
    const char *key, *value, *why;
  } cases[] = {
      {true, "open_s", "5.5", "inside.open_s\" is 5.5: want at most program_s"},
      {true, "open_s", "-1", "inside: the key \"open_s\" is -1"},
      {true, "open_s", "null", "inside: the key \"open_s\" is null"},
      {true, "processes", "0",
       "\"processes\" is 0: want a whole number from 1"},
      {true, "regions", "[]", "inside.regions\" is []: want 1 to 512"},
      {true, "regions", "[\"a\"]", "want a number for each of inside.regions"},
      {true, "regions", "[\"a b\", \"c\"]", "\"regions\" is [\"a b\",\"c\"]"},
      {true, "calls", "[1]", "inside.calls\" is [1]: want a number for each"},
      {true, "calls", "[1, null]", "want a number for each of"},
      {true, "team", "[0, 1]", "\"team\" is [0,1]"},
      {true, "team", "[3, 2]", "inside.wall_s\" is [2.5,1.4]: want times"},
      {true, "wall_s", "[11, 1.4]", "inside.wall_s"},
      {true, "work_s", "[7.5, 2.7]", "inside.core_s"},
      {true, "late_work_s", "[0.8, 0]", "inside.core_s"},
      {true, "uneven_s", "[2.6, 0]",
       "inside.uneven_s\" is [2.6,0]: want at mo"},
      {true, "critical_s", "[7.4, 0]", "inside.critical_s"},
      {true, "untold", "[\"x\"]", "\"untold\" is [\"x\"]: want tasks, nested"},
      {false, "unobserved", "\"why\"",
       "\"unobserved\" is \"why\": want a text"},
      {false, "observed", "false", "inside"},
      {false, "inside", "null", "\"unobserved\" is null: want a text where"},
      {false, "kernel", "\"cube\"", "\"kernel\""},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_refused(cases[i].inside, cases[i].key, cases[i].value, cases[i].why);
}

static void read_back(const struct records *records, const char *why) {
  char path[] = "/tmp/test_inside.XXXXXX";
  struct records read;
  int fd = mkstemp(path);
  assert_true(fd >= 0);
  for (size_t i = 0; i < records->count; i++)
    assert_int_equal(record_append(fd, path, &records->list[i], &problem), 0);
  close(fd);
  problem = (struct problem){""};
  int status = records_read(path, &read, &problem);
  unlink(path);
  records_free(&read);
  if ((status == 0) != !why || (why && !strstr(problem.text, why)))
    fail_msg("%d: %s", status, problem.text);
}

static void test_no_observed_run_is_taken_for_a_result(void **state) {
  struct records records;
  (void)state;
  inside_add_run(&records, true);
  read_back(&records, NULL);
  struct record *r = &records.list[3]; /* of round 1 */
  free(r->phase);
  r->phase = strdup("observed");
  read_back(&records, "\"observed\" is not true: want true in the phase "
                      "\"observed\"");
  r->observed = 1;
  r->unobserved = strdup("why");
  free(r->phase);
  r->phase = strdup("round");
  read_back(&records, "\"observed\" is true: want null or false in the phase "
                      "\"round\"");
  records_free(&records);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_a_record_is_read_as_it_was_written),
      cmocka_unit_test(test_what_cannot_be_is_refused),
      cmocka_unit_test(test_no_observed_run_is_taken_for_a_result),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_record.c: records go to a file and come back, whatever they hold, and
 * whatever happens to the file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/record/record.h"
#include "bench/tests/record_fixture.h"
#include "bench/tests/text_fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* The least that a record must hold. */
#define LEAST                                                                  \
  "{\"schema\":3,\"status\":\"failed\",\"kernel\":\"cube\","                   \
  "\"workload\":\"cube\",\"variant\":\"omp:static\",\"workers\":2,"            \
  "\"size\":6,\"error\":\"a \\\"b\\\"\""

static void says(const struct problem *problem, const char *part) {
  if (!strstr(problem->text, part))
    fail_msg("\"%s\" does not say \"%s\"", problem->text, part);
}

/* The CSV header and row; to be released with free. */
static char *row_of(const struct field *table, const void *object) {
  char *text;
  FILE *out = text_open(&text);
  fields_csv_header(table, out);
  fputc('\n', out);
  fields_csv_row(table, object, out);
  fputc('\n', out);
  assert_int_equal(fclose(out), 0);
  return text;
}

static void check_row(const struct field *table, const void *object,
                      const char *expected) {
  char *row = row_of(table, object);
  assert_string_equal(row, expected);
  free(row);
}

/* CSV has another writer than JSON: what came back is compared in it. */
static void check_same(const struct record *a, const struct record *b) {
  char *row = row_of(record_fields, a);
  check_row(record_fields, b, row);
  free(row);
}

/* Each member is known in one of them, and no two fields share a member. */
static void records_round_trip(void **state) {
  static const char *const lines[] = {record_ok, record_failed, record_foreign};
  (void)state;
  for (const struct field *f = record_fields; f->name; f++)
    for (const struct field *g = record_fields; g < f; g++)
      assert_int_not_equal(g->offset, f->offset);
  json_t *ok = json_loads(record_ok, 0, NULL);
  for (const struct field *f = record_fields; f->name; f++)
    if (!json_object_get(ok, f->name) ||
        json_is_null(json_object_get(ok, f->name)) !=
            (strstr("error cpu_s cpu_system_s peak_bytes switches "
                    "minor_faults observed unobserved sent_bytes "
                    "parent_cpu_s profile_s",
                    f->name) != NULL))
      fail_msg("%s is not known", f->name);
  json_decref(ok);
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
    struct record record = record_of(lines[i]);
    char *line = record_format(&record);
    assert_string_equal(line, lines[i]);
    struct record again = record_of(line);
    check_same(&record, &again);
    free(line);
    record_free(&record);
    record_free(&again);
  }
}

static void lines_are_as_documented(void **state) {
  (void)state;
  struct record record;
  struct problem problem;
  assert_int_equal(record_parse(LEAST ",\"oversubscribed\":true,\"cpus\":[0,2],"
                                      "\"future\":{\"x\":[1]}}\n",
                                &record, &problem),
                   0);
  assert_string_equal(record.error, "a \"b\"");
  assert_int_equal(record.oversubscribed, 1);
  assert_int_equal(record.cpus.count, 2);
  assert_true(record.cpus.values[1] == 2);
  assert_null(record.worker_cpu_s.values);
  assert_int_equal(record.seed, FIELD_NULL);
  assert_true(isnan(record.start_s));
  char *line = record_format(&record);
  assert_ptr_equal(strstr(line, "{\"schema\":3,\"phase\":null,"), line);
  assert_non_null(strstr(line, "\"oversubscribed\":true,"));
  assert_non_null(strstr(line, "\"cpus\":[0,2],"));
  assert_non_null(strstr(line, "\"worker_cpu_s\":null,"));
  assert_non_null(strstr(line, "\"start_s\":null,"));
  free(line);
  /* A trial does not know its place in a run. */
  line = record_format_trial(&record);
  assert_ptr_equal(
      strstr(line, "{\"schema\":3,\"status\":\"failed\",\"error\""), line);
  assert_null(strstr(line, "phase"));
  assert_null(strstr(line, "wall_s"));
  free(line);
  record_free(&record);
}

static int open_scratch(char *path) {
  strcpy(path, "/tmp/coresweep-record-XXXXXX");
  int fd = mkostemp(path, O_APPEND);
  assert_true(fd >= 0);
  return fd;
}

/* What a trial has said is kept to the letter, and its place put in. */
static void what_was_said_is_kept(void **state) {
  static const char said[] = LEAST ",\"seed\":1250,\"future\":[0.1250]}\n";
  (void)state;
  struct record record;
  struct problem problem;
  char path[] = "/tmp/test_record_said.XXXXXX", line[1000];
  assert_int_equal(record_parse(said, &record, &problem), 0);
  record.said = strdup(said);
  record.phase = strdup("pilot");
  record.order = 17;
  record.wall_s = 0.5;
  int fd = open_scratch(path);
  assert_int_equal(record_append(fd, path, &record, &problem), 0);
  ssize_t length = pread(fd, line, sizeof line - 1, 0);
  assert_true(length > 0);
  line[length] = '\0';
  const char *rest = strchr(said, ',');
  assert_string_equal(line + length - strlen(rest) + 1, rest + 1);
  assert_non_null(strstr(line,
                         "{\"schema\":3,\"phase\":\"pilot\",\"round\":null,"
                         "\"order\":17,\"wall_s\":0.5,"));
  close(fd);
  unlink(path);
  record_free(&record);
}

static const char *const wrong_lines[][2] = {
    {"", "a blank line: want the record of a trial"},
    {"{", "not JSON"},
    {LEAST "} x", "not JSON"},
    {"[1]", "not a JSON object"},
    {"{}", "the key \"schema\" is missing"},
    {"{\"schema\":3,\"status\":\"ok\"}", "the key \"kernel\" is missing"},
    {LEAST ",\"size\":7}", "not JSON: duplicate object key"},
    {"{\"schema\":4,\"new\":1}", "schema is 4; this program reads 3"},
    {"{\"schema\":2,\"new\":1}",
     "was written by an older coresweep (schema 2); `report` still shows"},
};

static void wrong_lines_are_explained(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof wrong_lines / sizeof *wrong_lines; i++) {
    struct record record;
    struct problem problem = {""};
    if (record_parse(wrong_lines[i][0], &record, &problem) != PROBLEM_FAILURE)
      fail_msg("%s is accepted", wrong_lines[i][0]);
    says(&problem, wrong_lines[i][1]);
    assert_null(record.kernel);
    assert_null(record.regions_s.values);
    assert_int_equal(record.schema, FIELD_NULL);
  }
}

static void many_records_are_appended_and_read(void **state) {
  (void)state;
  char path[64];
  int fd = open_scratch(path);
  struct record record;
  struct records records;
  struct problem problem = {""};
  record = record_of(record_ok);
  for (int i = 0; i < 300; i++) {
    record.order = record.round = i + 1;
    assert_int_equal(record_append(fd, path, &record, &problem), 0);
  }
  close(fd);
  assert_int_equal(records_read(path, &records, &problem), 0);
  unlink(path);
  assert_int_equal(records.count, 300);
  for (int i = 0; i < 300; i++) {
    record.order = record.round = i + 1;
    check_same(&record, &records.list[i]);
  }
  records_free(&records);
  record_free(&record);
}

static void full_devices_are_reported(void **state) {
  (void)state;
  struct record record;
  struct problem problem = {""};
  int fd = open("/dev/full", O_WRONLY | O_APPEND);
  assert_true(fd >= 0);
  record = record_of(record_ok);
  assert_int_equal(record_append(fd, "/dev/full", &record, &problem),
                   PROBLEM_FAILURE);
  says(&problem, "/dev/full: a record could not be written: No space left");
  close(fd);
  assert_int_equal(record_append(-1, "x", &record, &problem), PROBLEM_FAILURE);
  says(&problem, "x: a record could not be written: Bad file descriptor");
  record_free(&record);
}

/* The file may grow by 20 bytes: the kernel writes these, then refuses. */
static void half_written_records_are_taken_back(void **state) {
  (void)state;
  char path[64];
  int fd = open_scratch(path);
  struct record record;
  struct records records;
  struct problem problem = {""};
  struct rlimit before;
  record = record_of(record_ok);
  assert_int_equal(record_append(fd, path, &record, &problem), 0);
  off_t size = lseek(fd, 0, SEEK_END);
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
  struct rlimit limit = {(rlim_t)size + 20, before.rlim_max};
  void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
  record.order = ++record.round + 9;
  int result = record_append(fd, path, &record, &problem);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
  (void)signal(SIGXFSZ, handler);
  assert_int_equal(result, PROBLEM_FAILURE);
  says(&problem, "File too large");
  assert_int_equal(lseek(fd, 0, SEEK_END), size);
  assert_int_equal(record_append(fd, path, &record, &problem), 0);
  assert_int_equal(records_read(path, &records, &problem), 0);
  assert_int_equal(records.count, 2);
  assert_false(records.torn);
  check_same(&record, &records.list[1]);
  records_free(&records);
  record_free(&record);
  close(fd);
  unlink(path);
}

/* A table of all types, of its own. */
struct sample {
  char *text, *plain, *words;
  int64_t integer, truth;
  double real;
  struct numbers reals, integers;
  struct interval interval;
};

#define FIELD(type, member, unit)                                              \
  {                                                                            \
#member, type, offsetof(struct sample, member), unit, "a " #member, false, \
        NULL                                                                   \
  }

static const struct field sample_fields[] = {
    FIELD(FIELD_TEXT, text, ""),
    FIELD(FIELD_TEXT, plain, ""),
    FIELD(FIELD_WORDS, words, ""),
    FIELD(FIELD_INTEGER, integer, ""),
    FIELD(FIELD_TRUTH, truth, ""),
    FIELD(FIELD_REAL, real, "s"),
    FIELD(FIELD_REALS, reals, "s"),
    FIELD(FIELD_INTEGERS, integers, ""),
    FIELD(FIELD_INTERVAL, interval, ""),
    {NULL, FIELD_TEXT, 0, "", "", false, NULL},
};

#define HEADER                                                                 \
  "text,plain,words,integer,truth,real,reals,integers,"                        \
  "interval,interval_low,interval_high\n"

static void csv_is_quoted_where_it_must_be(void **state) {
  (void)state;
  char quoted[] = "a \"b\", c\nd", plain[] = "ü b", words[] = "v w";
  char returned[] = "a\rb";
  double reals[] = {0.5, (double)NAN, 1e-9};
  double integers[] = {1, 12345678901.0};
  struct sample sample;
  fields_clear(sample_fields, &sample);
  check_row(sample_fields, &sample, HEADER ",,,,,,,,,,\n");
  sample = (struct sample){.text = quoted,
                           .plain = plain,
                           .words = words,
                           .integer = INT64_MAX,
                           .truth = 1,
                           .real = 0.25,
                           .reals = {reals, 3},
                           .integers = {integers, 2},
                           .interval = {2, 1, (double)INFINITY}};
  check_row(sample_fields, &sample,
            HEADER "\"a \"\"b\"\", c\nd\",ü b,v w,9223372036854775807,1,0.25,"
                   "0.5;;1e-09,1;12345678901,2,1,\n");
  fields_clear(sample_fields, &sample);
  sample.text = returned;
  check_row(sample_fields, &sample, HEADER "\"a\rb\",,,,,,,,,,\n");
}

/* null in a list of integers stays null; words and intervals round-trip. */
static void other_types_round_trip(void **state) {
  (void)state;
  struct sample sample;
  struct problem problem = {""};
  json_t *json =
      json_pack("{s:[s,s],s:[i,n],s:{s:f,s:n,s:f}}", "words", "v", "w",
                "integers", 3, "interval", "median", 2.5, "low", "high", 3.5);
  json_object_set_new(json, "real", json_real(-0.0));
  assert_int_equal(fields_from_json(sample_fields, json, &sample, &problem), 0);
  assert_string_equal(sample.words, "v w");
  assert_true(isnan(sample.integers.values[1]));
  assert_true(sample.interval.high == 3.5);
  assert_true(sample.real == 0 && !signbit(sample.real)); /* shown as 0 */
  json_t *again = fields_to_json(sample_fields, &sample);
  json_object_update_missing(json, again); /* the nulls */
  assert_true(json_equal(json, again));
  json_decref(json);
  json_decref(again);
  fields_free(sample_fields, &sample);
  assert_null(sample.words);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(records_round_trip),
      cmocka_unit_test(lines_are_as_documented),
      cmocka_unit_test(what_was_said_is_kept),
      cmocka_unit_test(wrong_lines_are_explained),
      cmocka_unit_test(many_records_are_appended_and_read),
      cmocka_unit_test(full_devices_are_reported),
      cmocka_unit_test(half_written_records_are_taken_back),
      cmocka_unit_test(csv_is_quoted_where_it_must_be),
      cmocka_unit_test(other_types_round_trip),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

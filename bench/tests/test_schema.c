/* test_schema.c: the JSON Schema that is handed out takes what the program
 * writes, and nothing that it would not read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/analyze/analysis_schema.h"
#include "bench/tests/breakdown_fixture.h"
#include "bench/tests/record_fixture.h"

#include <stdio.h>
#include <unistd.h>

/* ---- as much of draft 2020-12 as the schema needs ------------------------ */

static bool is_type(const json_t *value, const char *type) {
  if (strcmp(type, "integer") == 0)
    return json_is_integer(value);
  if (strcmp(type, "number") == 0)
    return json_is_number(value);
  if (strcmp(type, "string") == 0)
    return json_is_string(value);
  if (strcmp(type, "boolean") == 0)
    return json_is_boolean(value);
  if (strcmp(type, "array") == 0)
    return json_is_array(value);
  if (strcmp(type, "object") == 0)
    return json_is_object(value);
  assert_string_equal(type, "null");
  return json_is_null(value);
}

static bool has_type(const json_t *schema, const json_t *value) {
  const json_t *types = json_object_get(schema, "type");
  if (json_is_string(types))
    return is_type(value, json_string_value(types));
  for (size_t i = 0; i < json_array_size(types); i++)
    if (is_type(value, json_string_value(json_array_get(types, i))))
      return true;
  return false;
}

static bool is_among(const json_t *words, const json_t *value) {
  for (size_t i = 0; i < json_array_size(words); i++)
    if (json_equal(json_array_get(words, i), value))
      return true;
  return !words;
}

static bool in_limits(const json_t *schema, const json_t *value) {
  const json_t *least = json_object_get(schema, "minimum");
  const json_t *most = json_object_get(schema, "maximum");
  double number = json_number_value(value);
  return !json_is_number(value) ||
         ((!least || number >= json_number_value(least)) &&
          (!most || number <= json_number_value(most)));
}

static const char *where;

/* NOLINTBEGIN(misc-no-recursion): as deep as the schema, six levels. */
static bool takes(const json_t *schema, const json_t *value);

static bool takes_members(const json_t *schema, const json_t *value) {
  const json_t *required = json_object_get(schema, "required");
  json_t *members = json_object_get(schema, "properties"), *member;
  const char *key;
  for (size_t i = 0; json_is_object(value) && i < json_array_size(required);
       i++)
    if (!json_object_get(value, json_string_value(json_array_get(required, i))))
      return false;
  json_object_foreach(members, key, member) {
    const json_t *own = json_object_get(value, key);
    if (own && !takes(member, own)) {
      where = key;
      return false;
    }
  }
  return true;
}

static bool takes(const json_t *schema, const json_t *value) {
  const json_t *items = json_object_get(schema, "items");
  for (size_t i = 0; items && i < json_array_size(value); i++)
    if (!takes(items, json_array_get(value, i)))
      return false;
  return has_type(schema, value) &&
         is_among(json_object_get(schema, "enum"), value) &&
         in_limits(schema, value) && takes_members(schema, value);
}
/* NOLINTEND(misc-no-recursion) */

/* ---- records ------------------------------------------------------------- */

static void records_are_taken(void **state) {
  static const char *const lines[] = {record_ok, record_failed, record_foreign};
  json_t *schema = fields_schema(record_fields);
  (void)state;
  assert_non_null(schema);
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
    json_t *record = json_loads(lines[i], 0, NULL);
    if (!takes(schema, record))
      fail_msg("%s: %s", where, lines[i]);
    json_decref(record);
  }
  json_decref(schema);
}

static void other_records_are_not(void **state) {
  static const struct {
    const char *key, *value;
  } edits[] = {
      {"workers", "0"},         {"workers", "1.5"},     {"workers", "null"},
      {"status", "\"fine\""},   {"phase", "3"},         {"region_s", "-1"},
      {"regions_s", "[\"1\"]"}, {"correct", "1"},       {"cpus", "3"},
      {"turns_cpu", "[0.5]"},   {"core_start_s", "-1"}, {"kernel", NULL},
  };
  json_t *schema = fields_schema(record_fields);
  (void)state;
  for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
    char *line = record_with(record_ok, edits[i].key, edits[i].value);
    json_t *record = json_loads(line, 0, NULL);
    if (takes(schema, record))
      fail_msg("%s = %s is taken", edits[i].key, edits[i].value);
    json_decref(record);
    free(line);
  }
  json_decref(schema);
}

/* ---- analyses ------------------------------------------------------------ */

static json_t *analysis_of(struct run *run) {
  char path[] = "/tmp/schema.XXXXXX";
  struct problem problem = {""};
  struct lost l = {.one_s = 4, .join_s = 1};
  close(mkstemp(path));
  run_empty(run);
  lost_regions(run, "cube/first=3", "omp:static", 2, &l, 1);
  run_analyse(run, NULL);
  assert_int_equal(analysis_write(&run->analysis, path, &problem), 0);
  json_t *json = json_load_file(path, 0, NULL);
  assert_non_null(json);
  unlink(path);
  return json;
}

static void analyses_are_taken(void **state) {
  json_t *schema = analysis_schema(), *json = analysis_of(*state);
  assert_non_null(schema);
  if (!takes(schema, json))
    fail_msg("%s", where);
  json_t *result = json_array_get(json_object_get(json, "results"), 1);
  const json_t *term =
      json_object_get(json_object_get(result, "region_breakdown"), "join");
  assert_true(json_is_object(term));
  assert_true(json_array_size(json_object_get(result, "evidence")) > 0);
  static const char *const edits[][2] = {
      {"region_breakdown", "{\"join\": 1}"},
      {"breakdown", "{\"useful\": {\"core_s\": {\"mean\": 1}}}"},
      {"evidence", "[{\"name\": \"a\", \"unit\": 1, \"value\": 2}]"},
      {"serial_phases", "{\"setup\": 1}"},
      {"cause", "1"},
      {"ruled_out", "\"a\""},
  };
  for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
    json_t *edited = json_deep_copy(result);
    json_t *list = json_object_get(json, "results");
    json_object_set_new(edited, edits[i][0],
                        json_loads(edits[i][1], JSON_DECODE_ANY, NULL));
    json_array_append_new(list, edited);
    if (takes(schema, json))
      fail_msg("%s = %s is taken", edits[i][0], edits[i][1]);
    json_array_remove(list, json_array_size(list) - 1);
  }
  json_decref(json);
  json_decref(schema);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(records_are_taken),
      cmocka_unit_test(other_records_are_not),
      IN_RUN(analyses_are_taken),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

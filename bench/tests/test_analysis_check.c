/* test_analysis_check.c: an analysis.json is not believed: what does not agree
 * with the rest of it is refused by name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/tests/text_fixture.h"

#include <stdlib.h>
#include <unistd.h>

static const char golden[] = "bench/tests/golden/old-run-1/analysis.json";

/* Of one entry, the value of a key; the file has the words of its time. */
static const struct {
  const char *list;
  size_t index;
  const char *key, *value, *why;
} edits[] = {
    {"results", 0, "speedup_abs", "null",
     "the key \"results[0].speedup_abs\" is not so: want the median of"},
    {"results", 0, "program_speedup", "{\"median\": null}",
     "\"results[0].program_speedup\""},
    {"results", 1, "region_ratios", "[]", "\"results[1].speedup_abs\""},
    {"results", 1, "region_ratios", "[1, 1, 1, 1, 1, 1, 1]",
     "\"results[1].region_ratios\" is not so: want at most n"},
    {"results", 1, "program_ratios", "[1, 1, 1, 1, 1, 1, 1]",
     "\"results[1].program_ratios\" is not so: want at most `rounds`"},
    {"results", 0, "region_s", "null", "\"results[0].region_s\""},
    {"results", 0, "program_s", "null", "\"results[0].program_s\""},
    {"results", 0, "region_s", "{\"median\": 1, \"low\": 2, \"high\": 3}",
     "results[0]: the key \"region_s\" is {\"median\":1,\"low\":2,\"high\":3}: "
     "want low <= median <= high from 0 to 10000000"},
    {"results", 0, "region_s", "{\"median\": 1, \"low\": \"0\"}",
     "results[0]: the key \"region_s\""},
    {"results", 2, "roofline_share", "{\"median\": 0.5}",
     "\"results[2].roofline_bound\" is not so: want memory or arithmetic"},
    {"results", 2, "roofline_bound", "\"disk\"",
     "results[2]: the key \"roofline_bound\" is \"disk\": want memory, arithm"},
    {"results", 2, "roofline_limit", "\"memory\"",
     "\"results[2].roofline_limit\" is not so: want null, as roofline_bound"},
    {"results", 2, "roofline_limit", "\"disk\"",
     "the key \"roofline_limit\" is \"disk\": want memory, shared cache or"},
    {"results", 0, "setting", "\"elsewhere\"", "\"results[0].workload\""},
    {"results", 0, "n", "7",
     "\"results[0].n\" is not so: want at most `rounds`"},
    {"results", 0, "workers", "4097",
     "results[0]: the key \"workers\" is 4097"},
    {"results", 0, "flags", "[\"a b\"]",
     "the key \"flags\" is [\"a b\"]: want"},
    {"results", 0, "flags", "[\" \"]", "the key \"flags\" is [\" \"]: want"},
    {"results", 0, "workers_seen", "9", "\"results[0].workers_seen\""},
    {"results", 0, "breakdown",
     "{\"useful\": {\"core_s\": {\"mean\": 1, \"low\": null, \"high\": null},"
     "\"share\": {\"mean\": 0.99, \"low\": null, \"high\": null}}}",
     "\"results[0].breakdown\" is not so: want shares that add up to 1"},
    {"results", 0, "region_breakdown",
     "{\"work\": {\"core_s\": {\"mean\": 1, \"low\": null, \"high\": null},"
     "\"share\": {\"mean\": 1.01, \"low\": null, \"high\": null}}}",
     "\"results[0].region_breakdown\" is not so: want shares that add up"},
    {"results", 0, "breakdown", "[]",
     "results[0]: the key \"breakdown\" is []: want an object of terms"},
    {"results", 0, "breakdown_trials", "7",
     "\"results[0].breakdown_trials\" is not so: want at most `rounds`"},
    {"results", 0, "outliers", "7", "\"results[0].outliers\""},
    {"results", 0, "program_amdahl_low", "1e6",
     "\"results[0].program_amdahl_predicted\""},
    {"results", 1, "workers", "2",
     "the key \"results\" has cube, omp:static, 2 work"},
    {"settings", 1, "size", "null", "workloads[1]: the key \"size\" is null"},
    {"capacity", 0, "workers", "2", "\"capacity[1].workers\""},
    {"models", 0, "workers", "[1, 2]",
     "\"models[0].law\" is not so: want null"},
    {"models", 0, "residuals", "[0, 0]", "\"models[0].residuals\""},
    {"models", 0, "enough_workers", "5", "\"models[0].enough_workers\""},
    {"models", 0, "workload", "\"elsewhere\"", "\"models[0].workload\""},
    {"models", 0, "law", "\"moore\"",
     "models[0]: the key \"law\" is \"moore\": want amdahl, cost"},
};

static char path[] = "/tmp/test_analysis_check.XXXXXX";

static int begin(void **state) {
  (void)state;
  int fd = mkstemp(path);
  return fd < 0 ? -1 : close(fd);
}

static int end(void **state) {
  (void)state;
  return unlink(path);
}

static int read_edited(json_t *json, struct problem *problem) {
  struct analysis analysis;
  assert_int_equal(json_dump_file(json, path, 0), 0);
  int status = analysis_read(path, &analysis, problem);
  analysis_free(&analysis);
  return status;
}

static json_t *whole(void) {
  json_t *json = json_load_file(golden, 0, NULL);
  assert_non_null(json);
  json_object_set_new(json, "capacity",
                      json_pack("[{s:i}, {s:i}]", "workers", 1, "workers", 2));
  json_object_set_new(
      json, "models",
      json_pack("[{s:s, s:s, s:s, s:i, s:s, s:[i, i, i], s:[f, f, f], s:i, "
                "s:i}]",
                "workload", "cube", "requested", "omp:static", "scope",
                "region", "size", 3000, "law", "amdahl", "workers", 1, 2, 4,
                "residuals", 0.1, 0.0, -0.1, "best_workers", 4,
                "enough_workers", 2));
  return json;
}

static void entries_agree(void **state) {
  struct problem problem = {""};
  (void)state;
  json_t *json = whole();
  if (read_edited(json, &problem) != 0)
    fail_msg("%s", problem.text);
  json_decref(json);
  for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
    json_t *edited = whole();
    json_t *entry =
        json_array_get(json_object_get(edited, edits[i].list), edits[i].index);
    json_t *value = json_loads(edits[i].value, JSON_DECODE_ANY, NULL);
    assert_int_equal(json_object_set_new(entry, edits[i].key, value), 0);
    if (read_edited(edited, &problem) != PROBLEM_FAILURE)
      fail_msg("%s = %s is accepted", edits[i].key, edits[i].value);
    has(problem.text, path);
    has(problem.text, edits[i].why);
    json_decref(edited);
  }
}

/* A share of a roof is drawn with both. */
static void shares_have_roofs(void **state) {
  static const char *const keys[] = {"operations_per_s",
                                     "roofline_operations_per_s"};
  (void)state;
  for (size_t i = 0; i <= sizeof keys / sizeof *keys; i++) {
    struct problem problem = {""};
    json_t *json = whole();
    json_t *entry = json_array_get(json_object_get(json, "results"), 2);
    json_object_set_new(entry, "roofline_share",
                        json_pack("{s:f}", "median", 0.5));
    json_object_set_new(entry, "roofline_bound", json_string("arithmetic"));
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
      if (k != i)
        json_object_set_new(entry, keys[k], json_pack("{s:f}", "median", 1e9));
    bool good = i == sizeof keys / sizeof *keys;
    assert_int_equal(read_edited(json, &problem), !good);
    if (!good) {
      has(problem.text, keys[i]);
      has(problem.text,
          "is not so: want a number, as there is a roofline_share");
    }
    json_decref(json);
  }
}

/* A workload whose words were taken out has others. */
static void what_is_shown_has_words(void **state) {
  struct analysis analysis;
  struct problem problem = {""};
  (void)state;
  json_t *json = whole();
  json_t *entry = json_array_get(json_object_get(json, "settings"), 0);
  json_object_set_new(entry, "title", json_null());
  json_object_del(entry, "items");
  assert_int_equal(json_dump_file(json, path, 0), 0);
  json_decref(json);
  if (analysis_read(path, &analysis, &problem) != 0)
    fail_msg("%s", problem.text);
  assert_string_equal(analysis.workloads[0].title, "cube");
  assert_string_equal(analysis.workloads[0].items, "items");
  analysis_free(&analysis);
}

/* The run itself, a list that is none, and an entry that is there twice. */
static void the_whole_agrees(void **state) {
  struct problem problem = {""};
  (void)state;
  json_t *json = whole();
  json_object_set_new(json_object_get(json, "run"), "rounds", json_null());
  assert_int_equal(read_edited(json, &problem), PROBLEM_FAILURE);
  has(problem.text, "run: the key \"rounds\" is null: want a whole number");
  json_decref(json);
  json = whole();
  json_object_set_new(json, "capacity", json_integer(7));
  assert_int_equal(read_edited(json, &problem), PROBLEM_FAILURE);
  has(problem.text, "the key \"capacity\" is 7: want a list");
  json_decref(json);
  json = whole();
  json_t *list = json_object_get(json, "settings");
  json_array_append(list, json_array_get(list, 0));
  assert_int_equal(read_edited(json, &problem), PROBLEM_FAILURE);
  has(problem.text, "the key \"workloads[2].workload\" is not so");
  json_decref(json);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(entries_agree),
      cmocka_unit_test(shares_have_roofs),
      cmocka_unit_test(what_is_shown_has_words),
      cmocka_unit_test(the_whole_agrees),
  };
  return cmocka_run_group_tests(tests, begin, end);
}

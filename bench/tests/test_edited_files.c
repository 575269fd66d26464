/* test_edited_files.c: each member of what lies beside a run's records is taken
 * out, made null, of another type, negative, huge: it is read as something that
 * makes sense, and what is made of it can be read again; or it is refused in
 * one line that names the file.  Nothing crashes, hangs, or grows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/analyze/cross_check.h"
#include "bench/plan/request.h"
#include "bench/record/environment.h"
#include "bench/tests/edit_fixture.h"
#include "bench/tests/plan_fixture.h"

/* ---- plan.json ----------------------------------------------------------- */

static void see_plan(void *context, json_t *whole, const char *what) {
  struct bed *bed = context;
  struct problem problem = {""};
  struct plan plan = {0}, like = {0}, again = {0};
  struct plan_facts facts;
  write_json(bed->path, whole);
  int repeats = plan_read_like(&like, bed->path, &problem);
  plan_free(&like);
  (void)was_read(bed, repeats, &problem, what);
  int analysed = plan_facts_read(&facts, bed->path, &problem);
  plan_facts_free(&facts);
  (void)was_read(bed, analysed, &problem, what);
  int status = plan_read(&plan, bed->path, &problem);
  if (was_read(bed, status, &problem, what)) {
    must(plan_write(&plan, bed->again, &problem), &problem, what);
    must(plan_read(&again, bed->again, &problem), &problem, what);
    must(repeats, &problem, what); /* what is gone on with can be repeated */
    must(analysed, &problem, what);
  }
  plan_free(&plan);
  plan_free(&again);
}

static void plans(void **state) {
  struct bed *bed = *state;
  struct problem problem = {""};
  struct plan plan;
  plan_fixture(&plan);
  plan.width = 0.25;
  must(plan_write(&plan, bed->path, &problem), &problem, "plan");
  plan_free(&plan);
  json_t *json = json_load_file(bed->path, 0, NULL);
  see_plan(bed, json, "as it is");
  assert_int_equal(bed->read, 3);
  check_counts(bed, 3 * edit_each(json, see_plan, bed), 200);
  json_decref(json);
}

/* ---- the small ones ------------------------------------------------------ */

static void see_request(void *context, json_t *whole, const char *what) {
  struct bed *bed = context;
  struct problem problem = {""};
  struct request request = {.command = "overheads"};
  write_json(bed->path, whole);
  if (was_read(bed, request_read(&request, bed->path, &problem), &problem,
               what))
    must(request_write(&request, bed->again, &problem), &problem, what);
  request_free(&request);
}

static void requests(void **state) {
  struct bed *bed = *state;
  struct problem problem = {""};
  char command[] = "overheads", option[] = "--rounds", value[] = "7";
  char *argv[] = {command, option, value};
  const struct request request = {
      .command = argv[0], .argc = 3, .argv = argv, .memory_bytes = 1e9};
  must(request_write(&request, bed->path, &problem), &problem, "request");
  json_t *json = json_load_file(bed->path, 0, NULL);
  see_request(bed, json, "as it is");
  assert_int_equal(bed->read, 1);
  check_counts(bed, edit_each(json, see_request, bed), 10);
  json_decref(json);
}

static void see_environment(void *context, json_t *whole, const char *what) {
  struct bed *bed = context;
  struct problem problem = {""};
  struct environment environment;
  write_json(bed->path, whole);
  int status = environment_read(bed->path, &environment, &problem);
  if (was_read(bed, status, &problem, what))
    must(environment_write(&environment, bed->again, &problem), &problem, what);
  fields_free(environment_fields, &environment);
}

static void environments(void **state) {
  struct bed *bed = *state;
  json_t *json =
      json_load_file("bench/tests/golden/old-run-1/environment.json", 0, NULL);
  assert_non_null(json);
  see_environment(bed, json, "as it is");
  assert_int_equal(bed->read, 1);
  check_counts(bed, edit_each(json, see_environment, bed), 50);
  json_decref(json);
}

static void see_hyperfine(void *context, json_t *whole, const char *what) {
  struct bed *bed = context;
  struct problem problem = {""};
  json_t *json;
  write_json(bed->path, whole);
  (void)was_read(bed, hyperfine_read(bed->path, &json, &problem), &problem,
                 what);
  json_decref(json);
}

static void hyperfine_exports(void **state) {
  struct bed *bed = *state;
  json_t *json = json_loads("{\"results\": [{\"command\": \"cube|serial|1\","
                            "\"median\": 0.5, \"times\": [0.5]}]}",
                            0, NULL);
  see_hyperfine(bed, json, "as it is");
  assert_int_equal(bed->read, 1);
  check_counts(bed, edit_each(json, see_hyperfine, bed), 10);
  json_decref(json);
  must(hyperfine_read("/nowhere/at-all", &json, &(struct problem){""}),
       &(struct problem){""}, "a file that is missing");
  assert_null(json);
}

/* By hyperfine 2, of which the same is read. */
static void second_exports(void **state) {
  struct bed *bed = *state;
  struct problem problem = {""};
  json_t *read,
      *json = json_loads(
          "{\"schema_version\": 2, \"results\": [{\"command\": \"./prog\","
          "\"name\": \"cube|serial|1\", \"measurements\":"
          "[{\"time_wall_clock\": {\"value\": 0.5}, \"exit_code\": 0}],"
          "\"parameters\": {\"threads\": {\"value\": \"1\"}}, \"summary\":"
          "{\"time_wall_clock\": {\"median\": 0.5, \"min\": 0.25, \"max\": 1}}"
          "}]}",
          0, NULL);
  see_hyperfine(bed, json, "as it is");
  assert_int_equal(bed->read, 1);
  must(hyperfine_read(bed->path, &read, &problem), &problem, "as it is");
  const json_t *result = json_array_get(json_object_get(read, "results"), 0);
  assert_string_equal(json_string_value(json_object_get(result, "command")),
                      "cube|serial|1");
  assert_true(json_real_value(json_object_get(result, "median")) == 0.5);
  assert_true(json_real_value(json_object_get(result, "min")) == 0.25);
  assert_int_equal(json_integer_value(json_object_get(result, "max")), 1);
  json_decref(read);
  check_counts(bed, edit_each(json, see_hyperfine, bed), 10);
  json_decref(json);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(plans),          TEST(requests),
      TEST(environments),   TEST(hyperfine_exports),
      TEST(second_exports),
  };
  limit_memory();
  return cmocka_run_group_tests(tests, NULL, NULL);
}

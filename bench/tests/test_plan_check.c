/* test_plan_check.c: plan.json is not believed: every limit, and whatever of it
 * follows from the rest, is checked as it is read, by whoever reads it, and
 * named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/tests/plan_fixture.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

static char path[] = "/tmp/test_plan_check.XXXXXX";

static json_t *made(void) {
  struct plan *plan = calloc(1, sizeof *plan);
  struct problem problem = {""};
  assert_non_null(plan);
  plan_fixture(plan);
  assert_int_equal(plan_write(plan, path, &problem), 0);
  plan_free(plan);
  free(plan);
  json_t *json = json_load_file(path, 0, NULL);
  assert_non_null(json);
  return json;
}

/* ---- who reads it -------------------------------------------------------- */

static int go_on(struct problem *problem) {
  static struct plan plan; /* large */
  plan = (struct plan){.count_count = 0};
  int status = plan_read(&plan, path, problem);
  plan_free(&plan);
  return status;
}

static int repeat(struct problem *problem) {
  static struct plan plan;
  plan = (struct plan){.count_count = 0};
  int status = plan_read_like(&plan, path, problem);
  plan_free(&plan);
  return status;
}

static int analyse(struct problem *problem) {
  struct plan_facts facts;
  int status = plan_facts_read(&facts, path, problem);
  plan_facts_free(&facts);
  return status;
}

static int (*const readers[])(struct problem *) = {go_on, repeat, analyse};
enum { GO_ON, REPEAT, ANALYSE };

/* The text says so, or it is read where it is NULL. */
static void see(size_t reader, const char *what, const char *why) {
  struct problem problem = {""};
  int status = readers[reader](&problem);
  if (why ? !status || !strstr(problem.text, why) || !strstr(problem.text, path)
          : status)
    fail_msg("%s, reader %zu: '%s' instead of '%s'", what, reader, problem.text,
             why ? why : "");
}

/* ---- what is refused ----------------------------------------------------- */

/* Of a list: its member of that index, and of that its member; NULL: none. */
static const struct {
  const char *key;
  int index; /* -1: no list */
  const char *member, *value, *why;
} wrong[] = {
    {"seed", -1, NULL, "-1", "\"seed\" is -1: want a whole number from 0"},
    {"seed", -1, NULL, "1.5", "\"seed\" is 1.5: want a whole number"},
    {"seed", -1, NULL, "null", "\"seed\" is null: want a whole number"},
    {"stage", -1, NULL, "null", "\"stage\" is null: want one of requested"},
    {"touch", -1, NULL, "\"\"", "\"touch\" is \"\": want one of workers, ser"},
    {"scaling", -1, NULL, "\"up\"",
     "\"scaling\" is \"up\": want one of strong"},
    {"bind", -1, NULL, "\"glue\"", "\"bind\" is \"glue\": want cores, spread"},
    {"bind", -1, NULL, "null", "\"bind\" is null: want a text"},
    {"usable_cpus", -1, NULL, "0", "\"usable_cpus\" is 0: want a whole number"},
    {"usable_cpus", -1, NULL, "4097", "\"usable_cpus\" is 4097: want a whole"},
    {"cores", -1, NULL, "0", "\"cores\" is 0: want a whole number from 1"},
    {"target_s", -1, NULL, "-1", "\"target_s\" is -1: want a number from 0"},
    {"budget_s", -1, NULL, "1e308",
     "\"budget_s\" is 1e308: want a number from"},
    {"memory_bytes", -1, NULL, "\"1\"",
     "\"memory_bytes\" is \"1\": want a num"},
    {"rounds", -1, NULL, "0", "\"rounds\" is 0: want a whole number from 1"},
    {"rounds", -1, NULL, "100001", "\"rounds\" is 100001: want a whole number"},
    {"rounds_done", -1, NULL, "10", "\"rounds_done\" is 10: want a whole numb"},
    {"rounds_given", -1, NULL, "1",
     "\"rounds_given\" is 1: want true or false"},
    {"target_width", -1, NULL, "0",
     "\"target_width\" is 0: want a number from"},
    {"target_width", -1, NULL, "2",
     "\"target_width\" is 2: want a number from"},
    {"iterations", -1, NULL, "0", "\"iterations\" is 0: want a whole number"},
    {"iterations", -1, NULL, "1001", "\"iterations\" is 1001: want a whole"},
    {"warmups", -1, NULL, "1001", "\"warmups\" is 1001: want a whole number"},
    {"blocks", -1, NULL, "3", "\"blocks\" is 3: want a whole number from 0"},
    {"blocks", -1, NULL, "null", "\"blocks\" is null: want a whole number"},
    {"programs", -1, NULL, "1", "\"programs\" is 1: want true or false"},
    {"unprobed", -1, NULL, "null", "\"unprobed\" is null: want true or false"},
    {"width_decided", -1, NULL, "true", "false, as the plan is not adaptive"},
    {"adaptive", -1, NULL, "1", "\"adaptive\" is 1: want true or false"},
    {"trials", -1, NULL, "1", "\"trials\" is 1: want a list of at most"},
    {"trials", -1, NULL, "[9]", "\"trials\" is [9]: want none, as width_dec"},
    {"width", -1, NULL, "-1", "\"width\" is -1: want a number from 0"},
    {"rounds_reason", -1, NULL, "\"\\u001b\"", "that can be printed"},
    {"identity", -1, NULL, "[]", "\"identity\" is []: want an object"},
    {"identity", -1, "program", "1", "\"identity.program\" is 1: want a text"},
    {"command", -1, NULL, "null", "\"command\" is null: want a text"},
    {"left_out", -1, NULL, "null", "\"left_out\" is null: want a list of at"},
    {"left_out", 0, NULL, "7",
     "\"left_out[0]\" is 7: want a text of less than"},

    {"workers", -1, NULL, "[]", "\"workers\" is []: want worker counts that"},
    {"workers", 0, NULL, "2",
     "\"workers[0]\" is 2: want a whole number from 1"},
    {"workers", 2, NULL, "2",
     "\"workers[2]\" is 2: want a whole number from 3"},
    {"workers", 2, NULL, "4097", "\"workers[2]\" is 4097: want a whole number"},
    {"workers", 2, NULL, "3", "\"points[3].workers\" is 4: want 3, as follows"},
    {"workers_waiting", 1, NULL, "0", "\"workers_waiting[1]\" is 0: want a"},

    {"variants", -1, NULL, "[]", "\"variants\" is []: want a list that begins"},
    {"variants", 0, NULL, "\"omp\"", "want a list that begins with \"serial\""},
    {"variants", 1, NULL, "null", "\"variants[1]\" is null: want a text"},
    {"variants", 1, NULL, "\"serial\"", "\"variants[1]\" is \"serial\": want"},
    {"variants", 1, NULL, "\"omp\"", "want as it is written: omp:static"},
    {"variants", 1, NULL, "\"omp:fast\"", "no schedule 'fast'"},
    {"variants", 1, NULL, "\"omp@post\"", "no transport 'post'"},
    {"variants", 1, NULL, "\"omp:dynamic,8\"",
     "\"points[1].variant\" is \"omp:dynamic,7\": want omp:dynamic,8"},

    {"workloads", -1, NULL, "[]", "\"workloads\" is []: want a list of at le"},
    {"workloads", 0, NULL, "null", "\"workloads[0]\" is null: want an object"},
    {"workloads", 0, "workload", "null", "\"workloads[0].workload\" is null"},
    {"workloads", 0, "workload", "\"\"", "\"workloads[0].workload\" is \"\""},
    {"workloads", 1, "workload", "\"cube\"",
     "\"workloads[1].params\" is \"sleep_us=1000\": want those of the "
     "workload"},
    {"workloads", 0, "workload", "\"cube/first=0\"", "as it is written: cube"},
    {"workloads", 0, "params", "\"first=1\"",
     "\"workloads[0].params\" is \"fir"},
    {"workloads", 0, "params", "null", "\"workloads[0].params\" is null: want"},
    {"workloads", 0, "size", "-1", "\"workloads[0].size\" is -1: want a whole"},
    {"workloads", 0, "size", "9223372036854775807", "\"workloads[0].size\" is"},
    {"workloads", 0, "size", "0", "\"workloads[0].size\" is 0: want its items"},
    {"workloads", 0, "fixed", "0", "\"workloads[0].fixed\" is 0: want true"},
    {"workloads", 0, "target", "1",
     "\"workloads[0].target\" is 1: want a text"},
    {"workloads", 0, "region_s", "-1", "\"workloads[0].region_s\" is -1: want"},
    {"workloads", 0, "region_s", "null", "\"workloads[0].region_s\" is null"},
    {"workloads", 0, "fixed_s", "1e8", "\"workloads[0].fixed_s\" is 100000"},
    {"workloads", 0, "repeat", "0", "\"workloads[0].repeat\" is 0: want 1 or"},
    {"workloads", 0, "repeat", "1001", "\"workloads[0].repeat\" is 1001: want"},
    {"workloads", 0, "repeat", "null", "\"workloads[0].repeat\" is null: want"},
    {"workloads", 0, "workers", "2", "\"workloads[0].workers\" is 2: want 0"},
    {"workloads", 0, "meter", "true", "\"workloads[0].meter\" is true: want"},

    {"probes", 0, "size", "0", "\"probes[0].size\" is 0: want its items"},
    {"probes", 0, "workers", "2", "\"probes[0].workers\" is 2: want 0, or of"},
    {"probes", 2, "workers", "3", "\"probes[2].workers\" is 3: want 0, or of"},
    {"probes", 0, "meter", "true", "\"probes[1].meter\" is false: want true"},
    {"probes", 2, "meter", "null", "\"probes[2].meter\" is null: want true or"},

    {"points", -1, NULL, "null", "\"points\" is null: want a list"},
    {"points", -1, NULL, "[]", "\"points\" is []: want 7 points, as follow"},
    {"points", 0, NULL, "[]", "\"points[0]\" is []: want an object"},
    {"points", 0, "workload", "\"spin\"", "\"points[0].workload\" is \"spin\""},
    {"points", 1, "variant", "null", "\"points[1].variant\" is null: want"},
    {"points", 1, "variant", "\"omp:static\"",
     "want omp:dynamic,7, as follows"},
    {"points", 2, "workers", "1",
     "\"points[2].workers\" is 1: want 2, as foll"},
    {"points", 6, "workers", "4611686018427387904", "want 8, as follows from"},
    {"probe_points", -1, NULL, "[]", "\"probe_points\" is []: want 7 points"},
    {"probe_points", 6, "workers", "1",
     "\"probe_points[6].workers\" is 1: wan"},
};

/* Edits the file, and says what was done. */
static void edit(size_t i, char *what, size_t room) {
  json_t *json = made(), *of = json;
  json_t *value = json_loads(wrong[i].value, JSON_DECODE_ANY, NULL);
  assert_non_null(value);
  const char *key = wrong[i].key;
  snprintf(what, room, "%s[%d].%s = %s", key, wrong[i].index,
           wrong[i].member ? wrong[i].member : "", wrong[i].value);
  if (wrong[i].index >= 0 || wrong[i].member)
    of = json_object_get(json, key);
  if (wrong[i].index >= 0 && wrong[i].member)
    of = json_array_get(of, (size_t)wrong[i].index);
  assert_non_null(of);
  if (wrong[i].index >= 0 && !wrong[i].member)
    assert_int_equal(json_array_set_new(of, (size_t)wrong[i].index, value), 0);
  else
    assert_int_equal(
        json_object_set_new(of, wrong[i].member ? wrong[i].member : key, value),
        0);
  assert_int_equal(json_dump_file(json, path, 0), 0);
  json_decref(json);
}

static void what_does_not_agree_is_refused(void **state) {
  char what[200];
  (void)state;
  json_decref(made());
  for (size_t reader = 0; reader < LENGTH(readers); reader++)
    see(reader, "as it is", NULL);
  for (size_t i = 0; i < LENGTH(wrong); i++) {
    edit(i, what, sizeof what);
    for (size_t reader = 0; reader < LENGTH(readers); reader++) {
      /* What stands there names a run of another command, then. */
      bool command = strcmp(wrong[i].key, "command") == 0;
      see(reader, what, command && reader == ANALYSE ? "" : wrong[i].why);
    }
  }
}

/* Twice the same, which is no edit of one member. */
static void nothing_is_there_twice(void **state) {
  static const struct {
    const char *key, *why;
  } cases[] = {
      {"workloads",
       "\"workloads[2].workload\" is \"cube\": want each workload"},
      {"probes",
       "\"probes[3].workload\" is \"spin/chains=8\": want each probe once"},
      {"variants", "\"variants[2]\" is \"serial\": want each variant once"},
      {"workers", "\"workers[3]\" is 1: want a whole number from 5"},
      {"points", "want 7 points, as follow from what is listed"},
  };
  (void)state;
  for (size_t i = 0; i < LENGTH(cases); i++) {
    json_t *json = made(), *list = json_object_get(json, cases[i].key);
    json_array_append(list, json_array_get(list, 0));
    assert_int_equal(json_dump_file(json, path, 0), 0);
    json_decref(json);
    for (size_t reader = 0; reader < LENGTH(readers); reader++)
      see(reader, cases[i].key, cases[i].why);
  }
}

/* ---- kernels that are not known here ------------------------------------- */

/* Every text of that value, wherever it stands. */
static void rename_all(json_t *at, const char *from, const char *to) {
  const char *key;
  json_t *value;
  size_t i;
  json_array_foreach(at, i, value) rename_all(value, from, to);
  json_object_foreach(at, key, value) {
    const char *text = json_string_value(value);
    if (text && strcmp(text, from) == 0)
      json_string_set(value, to);
    else
      rename_all(value, from, to);
  }
}

/* They can be analysed, and no more; whether they wait is told by their
 * points, which are checked all the same. */
static void another_program_s_runs_are_analysed(void **state) {
  static const char *const kernels[] = {"cube", "latency", "memory"};
  (void)state;
  for (size_t i = 0; i < LENGTH(kernels); i++) {
    json_t *json = made();
    rename_all(json, kernels[i], "lattice");
    assert_int_equal(json_dump_file(json, path, 0), 0);
    see(GO_ON, kernels[i], "is \"lattice\": want one that this program has");
    see(REPEAT, kernels[i], "is \"lattice\": want one that this program has");
    see(ANALYSE, kernels[i], NULL);
    json_t *points = json_object_get(json, i < 2 ? "points" : "probe_points");
    json_array_remove(points, json_array_size(points) - 1);
    assert_int_equal(json_dump_file(json, path, 0), 0);
    see(ANALYSE, kernels[i], "as follow from what is listed");
    json_decref(json);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_does_not_agree_is_refused),
      cmocka_unit_test(nothing_is_there_twice),
      cmocka_unit_test(another_program_s_runs_are_analysed),
  };
  int fd = mkstemp(path);
  if (fd < 0 || close(fd) != 0)
    return 1;
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  unlink(path);
  return failed;
}

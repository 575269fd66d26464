/* test_notation.c: what users type: variants, lists, counts, durations, and
 * kernels with their parameters (the real ones). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/plan/notation.h"
#include "bench/plan/registry.h"
#include "bench/plan/workload.h"

#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/* Fails with the whole message where it lacks `part`. */
static void says(const struct problem *problem, const char *part) {
  if (!strstr(problem->text, part))
    fail_msg("\"%s\" does not say \"%s\"", problem->text, part);
}

static const struct {
  const char *text, *team;
  enum schedule schedule;
  uint64_t chunk;
  const char *formatted; /* NULL: as the text */
} variants[] = {
    {"serial", "serial", SCHEDULE_STATIC, 0, NULL},
    {"serial:static", "serial", SCHEDULE_STATIC, 0, "serial"},
    {"serial:dynamic,4", "serial", SCHEDULE_DYNAMIC, 4, NULL},
    {"omp", "omp", SCHEDULE_STATIC, 0, "omp:static"},
    {"omp:static", "omp", SCHEDULE_STATIC, 0, NULL},
    {"omp:dynamic", "omp", SCHEDULE_DYNAMIC, 0, NULL},
    {"omp:dynamic,64", "omp", SCHEDULE_DYNAMIC, 64, NULL},
    {"omp:guided,007", "omp", SCHEDULE_GUIDED, 7, "omp:guided,7"},
    {"pool:tasks,9223372036854775807", "pool", SCHEDULE_TASKS, INT64_MAX, NULL},
    {"pool:static@shm", "pool", SCHEDULE_STATIC, 0, "pool:static"},
    {"pool:dynamic,8@shm", "pool", SCHEDULE_DYNAMIC, 8, "pool:dynamic,8"},
    {"pool@shm", "pool", SCHEDULE_STATIC, 0, "pool:static"},
    {"fifteen-letters:tasks", "fifteen-letters", SCHEDULE_TASKS, 0, NULL},
};

static void variants_are_parsed_and_formatted(void **state) {
  (void)state;
  for (size_t i = 0; i < LENGTH(variants); i++) {
    struct variant_spec spec;
    struct problem problem = {""};
    char text[NOTATION_LENGTH];
    assert_int_equal(notation_parse_variant(variants[i].text, &spec, &problem),
                     PROBLEM_NONE);
    assert_string_equal(problem.text, "");
    assert_string_equal(spec.team, variants[i].team);
    assert_int_equal(spec.schedule, variants[i].schedule);
    assert_int_equal(spec.chunk, variants[i].chunk);
    assert_int_equal(spec.transport, TRANSPORT_SHM);
    notation_format_variant(&spec, text);
    assert_string_equal(text, variants[i].formatted ? variants[i].formatted
                                                    : variants[i].text);
  }
}

static const char *const wrong_variants[][2] = {
    {"", "TEAM[:SCHEDULE[,CHUNK]][@TRANSPORT]"},
    {":static", "':static'"},
    {"sixteen-letters-", "'sixteen-letters-'"},
    {"omp:", "no schedule ''; known: static, dynamic, guided, tasks"},
    {"omp:dyn", "variant omp:dyn: no schedule 'dyn'"},
    {"omp:dynamics,4", "no schedule 'dynamics'"},
    {"omp:static,4", "static takes no chunk"},
    {"omp:dynamic,", "chunk '' is not a whole number"},
    {"omp:dynamic,0", "chunk '0' is not a whole number of items from 1 on"},
    {"omp:dynamic,-4", "chunk '-4'"},
    {"omp:dynamic,4k", "chunk '4k'"},
    {"omp:dynamic,9223372036854775808", "chunk '9223372036854775808'"},
    {"omp:dynamic,4,5", "chunk '4,5'"},
    {"omp:dynamic,000000000000000000000019", "chunk '0000"},
    {"pool:static@tcp", "no transport 'tcp'; known: shm"},
    {"pool@", "no transport ''"},
    {"pool@shm:static", "no transport 'shm:static'"},
};

static void wrong_variants_are_explained(void **state) {
  (void)state;
  for (size_t i = 0; i < LENGTH(wrong_variants); i++) {
    struct variant_spec spec;
    struct problem problem = {""};
    if (notation_parse_variant(wrong_variants[i][0], &spec, &problem) !=
        PROBLEM_USAGE)
      fail_msg("%s is accepted", wrong_variants[i][0]);
    says(&problem, wrong_variants[i][1]);
  }
}

static void names_are_those_that_are_parsed(void **state) {
  (void)state;
  assert_string_equal(notation_schedule_name(SCHEDULE_GUIDED), "guided");
  assert_string_equal(notation_transport_name(TRANSPORT_SHM), "shm");
  for (int i = 0; i < SCHEDULE_COUNT; i++)
    assert_non_null(notation_schedule_name((enum schedule)i));
}

static const char *const lists[][6] = {
    {"", NULL},
    {" \t\n", NULL},
    {" ,\t\n", "", "", NULL},
    {"a", "a", NULL},
    {"serial omp:dynamic", "serial", "omp:dynamic", NULL},
    {" serial,omp:static ", "serial", "omp:static", NULL},
    {"omp:dynamic,64,serial", "omp:dynamic,64", "serial", NULL},
    {"omp:dynamic,64 pool:guided,8,4", "omp:dynamic,64", "pool:guided,8,4",
     NULL},
    {"spin/a=1,b=2,cube", "spin/a=1,b=2", "cube", NULL},
    {"spin/a=1,cube/b=2,c=3", "spin/a=1", "cube/b=2,c=3", NULL},
    {"adler32/base=x,base=a/b,cube", "adler32/base=x,base=a/b", "cube", NULL},
    {"a,,b", "a", "", "b", NULL},
    {" a , b\t", "a", "b", NULL},
    {",a,", "", "a", "", NULL},
    {"omp:dynamic,,64", "omp:dynamic", "", "64", NULL},
    {"x/y=\",,\", b", "x/y=\",,\"", "b", NULL},
    {"a,b,c,d,e", "a", "b", "c", "d", "e"},
};

static void lists_are_cut_where_specifications_begin(void **state) {
  (void)state;
  for (size_t i = 0; i < LENGTH(lists); i++) {
    char **list = notation_split_list(lists[i][0]);
    size_t count = 0;
    assert_non_null(list);
    for (; count + 1 < LENGTH(lists[i]) && lists[i][count + 1]; count++) {
      assert_non_null(list[count]);
      assert_string_equal(list[count], lists[i][count + 1]);
    }
    assert_null(list[count]);
    notation_free_list(list);
  }
  notation_free_list(NULL);
}

static void counts_are_whole_and_limited(void **state) {
  (void)state;
  static const char *const wrong[] = {"",   "-1",  "+1",  " 1",
                                      "1 ", "1.0", "0x1", "1e3"};
  uint64_t value = 7;
  assert_true(notation_parse_count("0", 0, &value));
  assert_int_equal(value, 0);
  assert_true(notation_parse_count("0012", 12, &value));
  assert_int_equal(value, 12);
  assert_true(notation_parse_count("18446744073709551615", UINT64_MAX, &value));
  assert_true(value == UINT64_MAX);
  assert_false(
      notation_parse_count("18446744073709551616", UINT64_MAX, &value));
  assert_false(notation_parse_count("13", 12, &value));
  assert_false(notation_parse_count("5", 4, &value));
  assert_false(notation_parse_count("100000000000000000000000", 12, &value));
  for (size_t i = 0; i < LENGTH(wrong); i++)
    assert_false(notation_parse_count(wrong[i], UINT64_MAX, &value));
  assert_true(value == UINT64_MAX);
}

static void durations_have_units(void **state) {
  (void)state;
  static const struct {
    const char *text;
    double seconds;
  } good[] = {{"90", 90},     {"90s", 90},  {"3m", 180}, {"1h", 3600},
              {"500ms", 0.5}, {"1.5m", 90}, {".5s", 0.5}};
  static const char *const wrong[] = {"",    "0",  "-1",   "s",   "1d",
                                      "1 s", " 1", "1sm",  "1e9", "nan",
                                      "inf", ".",  "5min", "0x10"};
  double seconds;
  for (size_t i = 0; i < LENGTH(good); i++) {
    assert_true(notation_parse_duration(good[i].text, &seconds));
    assert_true(seconds == good[i].seconds);
  }
  for (size_t i = 0; i < LENGTH(wrong); i++)
    if (notation_parse_duration(wrong[i], &seconds))
      fail_msg("%s is accepted as %g s", wrong[i], seconds);
}

static void kernels_are_found_by_their_names(void **state) {
  (void)state;
  for (size_t i = 0; registry_kernels[i]; i++) {
    const char *name = registry_kernels[i]->name;
    assert_ptr_equal(registry_find_kernel(name, strlen(name)),
                     registry_kernels[i]);
  }
  assert_null(registry_find_kernel("cub", 3));
  assert_null(registry_find_kernel("cubes", 5));
  assert_null(registry_find_kernel("", 0));
  assert_ptr_equal(registry_find_kernel("cubes", 4),
                   registry_find_kernel("cube", 4));
}

/* A workload, its canonical name and all its parameters. */
static const char *const workloads[][3] = {
    {"null", "null", ""},
    {"cube", "cube", "first=0,span=2000000"},
    {"cube/first=0", "cube", "first=0,span=2000000"},
    {"cube/first=-5,span=10", "cube/first=-5,span=10", "first=-5,span=10"},
    {"cube/span=10,first=-5", "cube/first=-5,span=10", "first=-5,span=10"},
    {"cube/first=1,first=2", "cube/first=2", "first=2,span=2000000"},
    {"spin/serial=0.1", "spin/serial=0.1", "chains=1,serial=0.1"},
    {"spin/chains=8", "spin/chains=8", "chains=8,serial=0"},
    {"cube/preset=tutorial-6", "cube/preset=tutorial-6",
     "first=1,span=2000000"},
    {"cube/preset=tutorial-6,first=0", "cube/preset=tutorial-6,first=0",
     "first=0,span=2000000"},
    {"cube/first=3,preset=tutorial-6", "cube/preset=tutorial-6,first=3",
     "first=3,span=2000000"},
    {"cube/preset=tutorial-6,preset=tutorial-5000", "cube/preset=tutorial-5000",
     "first=0,span=2000000"},
    {"adler32/preset=first-hit,zeros=1", "adler32/preset=first-hit,zeros=1",
     "base=\"I miss DSR already\",letters=128,zeros=1,digits=0,mode=first,"
     "method=midstate"},
    {"adler32/base=", "adler32/base=\"\"",
     "base=\"\",letters=128,zeros=2,digits=0,mode=count,"
     "method=midstate"},
    {"adler32/base=a=b/ü", "adler32/base=a=b/ü",
     "base=a=b/ü,letters=128,zeros=2,digits=0,mode=count,"
     "method=midstate"},
};

static void check_workload(const char *text, const char *name,
                           const char *params) {
  struct workload workload;
  struct problem problem = {""};
  int status = workload_parse(text, &workload, &problem);
  assert_string_equal(problem.text, "");
  assert_int_equal(status, PROBLEM_NONE);
  assert_string_equal(workload.name, name);
  assert_string_equal(workload.params, params);
}

static void workloads_have_canonical_names(void **state) {
  (void)state;
  for (size_t i = 0; i < LENGTH(workloads); i++) {
    check_workload(workloads[i][0], workloads[i][1], workloads[i][2]);
    check_workload(workloads[i][1], workloads[i][1], workloads[i][2]);
  }
}

static void values_have_their_types(void **state) {
  (void)state;
  struct workload workload;
  struct problem problem;
  assert_int_equal(workload_parse("adler32/base=abc,zeros=3,mode=first",
                                  &workload, &problem),
                   0);
  assert_string_equal(workload.values[0].text, "abc");
  assert_int_equal(workload.values[0].integer, 3);
  assert_int_equal(workload.values[2].integer, 3);
  assert_int_equal(workload.values[4].integer, 1);
  assert_true(workload.given[0] && !workload.given[1] && workload.given[2]);
  assert_int_equal(workload_set(&workload, "mode=count", &problem), 0);
  assert_int_equal(workload.values[4].integer, 0);
  assert_string_equal(workload.name, "adler32/base=abc,zeros=3");
  assert_int_equal(workload_parse("spin/serial=2.5e-1", &workload, &problem),
                   0);
  assert_true(workload.values[1].real == 0.25);
  assert_int_equal(workload_size(&workload), 10000);
  assert_int_equal(workload_shape(&workload).grain, 16);
  assert_int_equal(workload_parse("rowcount/cols=1", &workload, &problem), 0);
  assert_in_range(workload_shape(&workload).grain, 1 + 40000 / 4,
                  40000 / 4 + 16);
  assert_int_equal(workload_set(&workload, "preset=tutorial-rows", &problem),
                   0);
  assert_int_equal(workload_size(&workload), 5);
  assert_int_equal(workload.values[0].integer, 1); /* given stays */
}

static const char *const wrong_workloads[][2] = {
    {"", "no kernel ''; known: a"},
    {"/tmp/mine", "'/tmp/mine' is the path of a file, and what is measured is "
                  "a kernel, KERNEL[/key=value,...]; known: a"},
    {"mine/main.c", "one by `make EXTRA_KERNELS=mine/main.c`, see"},
    {"./a b.c", "one by `make EXTRA_KERNELS='./a b.c'`, see"},
    {"cubes", "no kernel 'cubes'; known: "},
    {"cube/", "cube/: nothing after the '/'"},
    {"cube/first", "parameter 'first' is not of the form k=v"},
    {"cube/first=1,", "parameter '' is not of the form k=v"},
    {"cube/firs=1",
     "cube has no parameter 'firs'; it has: first, span, repeat"},
    {"null/x=1", "null has no parameter 'x'; it has: repeat"},
    {"null/repeat=0", "null/repeat=0: want a whole number from 1 to 1000"},
    {"null/repeat=1001", "from 1 to 1000"},
    {"null/repeat=", "null/repeat=: want a whole number"},
    {"null/repeat=2.5", "null/repeat=2.5: want a whole number"},
    {"cube/first=", "cube/first=: want a whole number from -2147483648"},
    {"cube/first=1.5", "cube/first=1.5: want a whole number"},
    {"cube/first=+1", "want a whole number"},
    {"cube/first= 1", "cube/first= 1: a text with a blank, a comma or a "},
    {"cube/first=\" 1\"", "cube/first= 1: want a whole number"},
    {"cube/first=-", "want a whole number"},
    {"cube/first=2147483648", "to 2147483647"},
    {"cube/first=99999999999999999999", "to 2147483647"},
    {"cube/span=0", "from 1 to 2147483647"},
    {"spin/serial=1", "spin/serial=1: want a number from 0 to 0.99"},
    {"spin/serial=nan", "want a number"},
    {"spin/serial=-nan", "want a number"},
    {"spin/serial=", "want a number"},
    {"spin/serial=.", "want a number"},
    {"spin/serial=0,5", "parameter '5' is not of the form k=v"},
    {"spin/chains=2", "spin/chains=2: want one of 1|8"},
    {"adler32/mode=", "adler32/mode=: want one of count|first"},
    {"adler32/mode=cou", "want one of count|first"},
    {"cube/preset=x", "no such preset; known: tutorial-6, tutorial-5000"},
    {"spin/preset=x", "spin/preset=x: no such preset; known: none"},
};

static void wrong_workloads_are_explained(void **state) {
  (void)state;
  struct workload workload;
  for (size_t i = 0; i < LENGTH(wrong_workloads); i++) {
    struct problem problem = {""};
    if (workload_parse(wrong_workloads[i][0], &workload, &problem) !=
        PROBLEM_USAGE)
      fail_msg("%s is accepted", wrong_workloads[i][0]);
    says(&problem, wrong_workloads[i][1]);
  }
}

/* 1024 bytes are the most that adler32 takes, 1099 what a workload holds. */
static void long_texts_are_refused_not_cut(void **state) {
  (void)state;
  char text[3000] = "adler32/base=";
  size_t begin = strlen(text);
  struct workload workload;
  struct problem problem = {""};
  memset(text + begin, 'x', 2000);
  text[begin + 1024] = '\0';
  check_workload(text, text,
                 strcat(strcpy(text + 1500, text + 8),
                        ",letters=128,zeros=2,digits=0,mode=count,"
                        "method=midstate"));
  text[begin + 1024] = 'x';
  text[begin + 1025] = '\0';
  assert_int_equal(workload_parse(text, &workload, &problem), PROBLEM_USAGE);
  says(&problem, "adler32/base: 1025 bytes; want 0 to 1024");
  memset(text + begin, 'x', 2000);
  assert_int_equal(workload_parse(text, &workload, &problem), PROBLEM_USAGE);
  says(&problem, "bytes are too many");
}

static void sizes_are_checked(void **state) {
  (void)state;
  struct workload workload;
  struct problem problem = {""};
  assert_int_equal(workload_parse("cube", &workload, &problem), 0);
  assert_int_equal(workload_check(&workload, 1000000, NULL, 0, &problem), 0);
  assert_int_equal(workload_check(&workload, 1000000, NULL, 16e6, &problem), 0);
  assert_string_equal(problem.text, "");
  assert_int_equal(workload_check(&workload, 1000001, NULL, 16e6, &problem),
                   PROBLEM_USAGE);
  says(&problem, "cube --size 1000001: needs 16 MB; at most 16 MB");
  assert_int_equal(workload_parse("cube/first=2147483647", &workload, &problem),
                   0);
  assert_int_equal(workload_check(&workload, 5, NULL, 0, &problem),
                   PROBLEM_USAGE);
  says(&problem, "int64");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(variants_are_parsed_and_formatted),
      cmocka_unit_test(wrong_variants_are_explained),
      cmocka_unit_test(names_are_those_that_are_parsed),
      cmocka_unit_test(lists_are_cut_where_specifications_begin),
      cmocka_unit_test(counts_are_whole_and_limited),
      cmocka_unit_test(durations_have_units),
      cmocka_unit_test(kernels_are_found_by_their_names),
      cmocka_unit_test(workloads_have_canonical_names),
      cmocka_unit_test(values_have_their_types),
      cmocka_unit_test(wrong_workloads_are_explained),
      cmocka_unit_test(long_texts_are_refused_not_cut),
      cmocka_unit_test(sizes_are_checked),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

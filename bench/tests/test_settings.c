/* test_settings.c: what is done with the variables by which libraries are set.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/plan/machine.h"
#include "bench/plan/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Only what is under test is set. */
static int begin(void **state) {
  (void)state;
  return clearenv();
}

static void test_refused_by_name(void **state) {
  static const char *const refused[][2] = {
      {"OMP_PROC_BIND", "true"},         {"OMP_PLACES", "cores"},
      {"GOMP_CPU_AFFINITY", "0"},        {"KMP_AFFINITY", "compact"},
      {"KMP_HW_SUBSET", "1c"},           {"HWLOC_SYNTHETIC", "pu:1"},
      {"HWLOC_XMLFILE", "machine.xml"},  {"HWLOC_FSROOT", "elsewhere"},
      {"HWLOC_CPUID_PATH", "elsewhere"}, {"HWLOC_THISSYSTEM", "0"},
      {"HWLOC_COMPONENTS", "stop"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
    struct problem problem = {""};
    setenv(refused[i][0], refused[i][1], 1);
    int status = settings_check(&problem);
    setenv(refused[i][0], "", 1);
    int empty = settings_check(&problem);
    unsetenv(refused[i][0]);
    assert_int_equal(empty, 0);
    if (status != PROBLEM_USAGE ||
        strncmp(problem.text, refused[i][0], strlen(refused[i][0])) != 0)
      fail_msg("%s: %d, %s", refused[i][0], status, problem.text);
  }
}

static void test_what_does_not_bind_is_taken(void **state) {
  struct problem problem;
  (void)state;
  setenv("OMP_PROC_BIND", "False", 1);
  setenv("KMP_AFFINITY", "disabled", 1);
  setenv("OMP_PLACESX", "cores", 1);
  setenv("HWLOC_HIDE_ERRORS", "2", 1);
  assert_int_equal(settings_check(&problem), 0);
}

/* Whoever looks at the machine, to measure or not. */
static void test_another_machine_is_not_looked_at(void **state) {
  struct machine machine;
  struct problem problem = {""};
  (void)state;
  setenv("HWLOC_SYNTHETIC", "pack:2 core:8 pu:2", 1);
  assert_int_equal(machine_discover(&machine, &problem), PROBLEM_USAGE);
  assert_non_null(strstr(problem.text, "HWLOC_SYNTHETIC"));
  setenv("HWLOC_SYNTHETIC", "", 1);
  unsetenv("HWLOC_SYNTHETIC");
  assert_int_equal(machine_discover(&machine, &problem), 0);
  machine_free(&machine);
}

static void test_limits_of_threads(void **state) {
  static const struct {
    const char *name, *value;
    uint32_t threads;
    bool refused;
  } limits[] = {
      {"OMP_THREAD_LIMIT", "1", 2, true},
      {"OMP_THREAD_LIMIT", " 3 ", 4, true},
      {"OMP_THREAD_LIMIT", "4", 4, false},
      {"OMP_THREAD_LIMIT", "1", 1, false},
      {"OMP_THREAD_LIMIT", "1", 0, false},
      {"OMP_THREAD_LIMIT", "0", 4, false}, /* no limit that is taken */
      {"OMP_THREAD_LIMIT", "-1", 4, false},
      {"OMP_THREAD_LIMIT", "1x", 4, false},
      {"OMP_THREAD_LIMIT", "", 4, false},
      {"OMP_THREAD_LIMIT", "99999999999999999999999", 4, false},
      {"OMP_THREAD_LIMIT_ALL", "2", 4, true},
      {"OMP_MAX_ACTIVE_LEVELS", "0", 2, true},
      {"OMP_MAX_ACTIVE_LEVELS", "0", 1, false},
      {"OMP_MAX_ACTIVE_LEVELS", "1", 2, false},
      {"OMP_MAX_ACTIVE_LEVELS_ALL", "0", 2, true},
      {"OMP_STACKSIZE", "16", 2, true}, /* KiB */
      {"OMP_STACKSIZE", "131071B", 2, true},
      {"OMP_STACKSIZE", "131072 b ", 2, false},
      {"OMP_STACKSIZE", " 128k", 2, false},
      {"OMP_STACKSIZE", "2M", 2, false},
      {"OMP_STACKSIZE", "16", 1, false}, /* no thread is started */
      {"OMP_STACKSIZE", "8000000G", 2, true},
      {"OMP_STACKSIZE", "1x", 2, false}, /* nothing that is taken */
      {"OMP_STACKSIZE", "-1", 2, false},
      {"OMP_STACKSIZE", "99999999999999999999", 2, false},
      {"OMP_STACKSIZE_ALL", "16k", 2, true},
      {"GOMP_STACKSIZE", "16k", 2, true},
  };
  (void)state;
  for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
    struct problem problem = {""};
    setenv(limits[i].name, limits[i].value, 1);
    int status = settings_check_threads(limits[i].threads, &problem);
    unsetenv(limits[i].name);
    if ((status == PROBLEM_USAGE) != limits[i].refused ||
        (status &&
         strncmp(problem.text, limits[i].name, strlen(limits[i].name)) != 0))
      fail_msg("%s=%s for %u: %s", limits[i].name, limits[i].value,
               limits[i].threads, problem.text);
  }
}

static void test_what_only_prints_is_cleared(void **state) {
  (void)state;
  setenv("OMP_DISPLAY_ENV", "verbose", 1);
  setenv("OMP_DISPLAY_AFFINITY", "true", 1);
  setenv("LD_DEBUG", "all", 1);
  setenv("POSIXLY_CORRECT", "1", 1);
  setenv("OMP_STACKSIZE", "4M", 1);
  settings_clear();
  assert_null(getenv("OMP_DISPLAY_ENV"));
  assert_null(getenv("OMP_DISPLAY_AFFINITY"));
  assert_null(getenv("LD_DEBUG"));
  assert_null(getenv("POSIXLY_CORRECT"));
  assert_string_equal(getenv("OMP_STACKSIZE"), "4M");
}

static void assert_text(enum settings_of whose, bool with_paths,
                        const char *expected) {
  char *text = settings_text(whose, with_paths);
  assert_string_equal(text, expected);
  free(text);
}

static void test_the_others_are_recorded(void **state) {
  char name[20], *text;
  (void)state;
  assert_text(SETTINGS_OPENMP, true, "");
  setenv("OMP_TOOL_LIBRARIES", "/home/me/tool.so", 1);
  setenv("GOMP_SPINCOUNT", "5", 1);
  setenv("KMP_BLOCKTIME", "0", 1);
  setenv("LIBOMP_NUM_HIDDEN_HELPER_THREADS", "0", 1);
  setenv("GLIBC_TUNABLES", "glibc.malloc.tcache_count=0", 1);
  setenv("LD_PRELOAD", "/usr/lib/libjemalloc.so", 1);
  setenv("MALLOC_ARENA_MAX", "1", 1);
  setenv("HWLOC_HIDE_ERRORS", "2", 1);
  setenv("HOME", "/home/me", 1);
  assert_text(SETTINGS_OPENMP, false,
              "GOMP_SPINCOUNT=5 KMP_BLOCKTIME=0 "
              "LIBOMP_NUM_HIDDEN_HELPER_THREADS=0 OMP_TOOL_LIBRARIES");
  assert_text(SETTINGS_LIBRARIES, true,
              "GLIBC_TUNABLES=glibc.malloc.tcache_count=0 HWLOC_HIDE_ERRORS=2 "
              "LD_PRELOAD=/usr/lib/libjemalloc.so MALLOC_ARENA_MAX=1");
  clearenv();
  for (int i = 10; i < 60; i++) { /* as many as there are */
    snprintf(name, sizeof name, "OMP_%d", i);
    setenv(name, "1", 1);
  }
  text = settings_text(SETTINGS_OPENMP, false);
  assert_int_equal(strlen(text), 50 * strlen("OMP_10=1 ") - 1);
  free(text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(test_refused_by_name, begin),
      cmocka_unit_test_setup(test_what_does_not_bind_is_taken, begin),
      cmocka_unit_test_setup(test_another_machine_is_not_looked_at, begin),
      cmocka_unit_test_setup(test_limits_of_threads, begin),
      cmocka_unit_test_setup(test_what_only_prints_is_cleared, begin),
      cmocka_unit_test_setup(test_the_others_are_recorded, begin),
  };
  return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}

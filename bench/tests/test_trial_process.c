/* test_trial_process.c: what a trial's process does, as its record and its
 * environment show it.
 *
 * From outside ($CORESWEEP; default build/coresweep). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/tests/printed_fixture.h"
#include "bench/trial/job.h"
#include "bench/trial/variants/variant.h"

#include <omp.h>

static const char *const nothing_more[] = {NULL};

/* Workers together have no more CPU time than there are CPUs, and each no more
 * than there is time; one that computes has about as much as it is busy. */
static void test_cpu_time(void **state) {
  static const char *const teams[] = {"omp:static", "pool:static",
                                      "fork:static"};
  (void)state;
  for (size_t i = 0; i < sizeof teams / sizeof *teams; i++) {
    struct printed p = print_of("spin", "10000", teams[i], 2, nothing_more);
    double sum_s = 0, region_s = number(&p, "region_s");
    for (size_t w = 0; w < 2; w++) {
      double cpu_s = nth(&p, "worker_cpu_s", w);
      sum_s += cpu_s;
      assert_holds(&p, cpu_s > 0 && cpu_s <= 1.01 * region_s,
                   "CPU time within the region", cpu_s, region_s);
    }
    assert_at_most(&p, sum_s, 1.01 * region_s * cpu_count,
                   "no more CPU time than CPUs have");
    assert_int_equal(json_is_true(member(&p, "oversubscribed")), cpu_count < 2);
    json_decref(p.json);
  }
}

/* A plain loop over single items does none behind the first hit. */
static void test_a_search_ends_at_its_hit(void **state) {
  (void)state;
  struct printed p = print_of("adler32/mode=first,zeros=1", "1000",
                              "serial:dynamic,1", 1, nothing_more);
  double hit = number(&p, "lowest_hit");
  assert_holds(&p, hit < 999, "a hit before the last item", hit, 999);
  assert_holds(&p, nth(&p, "worker_items", 0) == hit + 1,
               "no item behind the hit", nth(&p, "worker_items", 0), hit + 1);
  json_decref(p.json);
}

/* Parent and workers hold a result of 8 MiB each, the workers in parts. */
static void test_a_team_is_weighed_as_a_whole(void **state) {
  static const char *const more[] = {"--weigh", NULL};
  (void)state;
  struct printed p =
      print_of("block/bytes=1048576", "8", "pool:static@pipe", 2, more);
  if (!json_is_null(member(&p, "team_pss_bytes")))
    assert_at_most(&p, 2 * 0.95 * (8 << 20), number(&p, "team_pss_bytes"),
                   "two results");
  json_decref(p.json);
}

/* What several build is what one builds, as far as it can be built in parts. */
static void test_several_build_an_input(void **state) {
  static const struct {
    const char *kernel, *size, *variant;
    int builders;
  } cases[] = {
      {"cube", "1000001", "omp:static", 3},
      {"cube", "1000001", "serial", 3},
      {"cube", "1000001", "fork:static", 3},
      {"rowcount", "200003", "pool:static@pipe", 3},
      {"rangesum/order=sorted,method=closed-form", "500000", "serial", 1},
      {"cube", "1000001", "copies", 1},
      {"cube", "1000", "serial", 1}};
  static const char *const several[] = {"--builders", "3", NULL};
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct printed one = print_of(cases[i].kernel, cases[i].size,
                                  cases[i].variant, 1, nothing_more);
    struct printed p =
        print_of(cases[i].kernel, cases[i].size, cases[i].variant, 1, several);
    assert_int_equal((int)number(&one, "builders"), 1);
    assert_int_equal((int)number(&p, "builders"), cases[i].builders);
    assert_string_equal(json_string_value(member(&p, "digest")),
                        json_string_value(member(&one, "digest")));
    json_decref(one.json);
    json_decref(p.json);
  }
}

/* A node that the machine lacks: the system refuses it, it is said, and the
 * trial goes on, with an input that one thread builds. */
static void test_pages_that_cannot_be_placed(void **state) {
  char nodes[6 * CPU_SETSIZE], list[6 * CPU_SETSIZE];
  struct text text = text_begin(nodes, sizeof nodes);
  (void)state;
  list_cpus(list, sizeof list);
  for (uint32_t k = 0; k < cpu_count; k++)
    text_add(&text, "%s1023", k ? "," : "");
  for (int serial = 0; serial < 2; serial++) {
    const char *const more[] = {
        "--nodes",    nodes, "--touch", serial ? "serial" : "workers",
        "--builders", "2",   NULL};
    struct printed p = print_of("cube", "1000000", "pool:static", 2, more);
    if (serial)
      assert_true(json_is_null(member(&p, "placed_nodes")));
    else
      assert_int_equal((int)number(&p, "placed_nodes"), 0);
    assert_int_equal((int)number(&p, "builders"), 1);
    json_decref(p.json);
  }
  struct printed p =
      print_of("cube", "1000000", "pool:static", 2, nothing_more);
  assert_true(json_is_null(member(&p, "placed_nodes")));
  json_decref(p.json);
}

/* Nodes are those of the CPUs that are given. */
static void test_nodes_without_their_cpus_are_refused(void **state) {
  static const char *const wrong[][4] = {{"--nodes", "0", "--bind", "cores"},
                                         {"--nodes", "0,0", "--cpus", "0"},
                                         {"--nodes", "x", "--cpus", "0"},
                                         {"--nodes", "", "--cpus", "0"}};
  (void)state;
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    const char *arguments[] = {
        "coresweep", "trial",     "--kernel",  "cube",      "--size", "7",
        wrong[i][0], wrong[i][1], wrong[i][2], wrong[i][3], NULL};
    struct ending ending;
    struct program program = program_start(arguments);
    program_await_end(&program, &ending);
    if (!WIFEXITED(ending.status) || WEXITSTATUS(ending.status) != 2 ||
        !strstr(ending.err, "--nodes"))
      fail_msg("--nodes %s: a usage error expected, got: %s%s", wrong[i][1],
               ending.err, ending.out);
  }
}

/* What a trial is given in its environment: that of its process. */
static bool has_variable(pid_t pid, const char *assignment) {
  char path[40], text[1 << 16];
  size_t got = 0, length = strlen(assignment) + 1;
  snprintf(path, sizeof path, "/proc/%d/environ", (int)pid);
  FILE *file = fopen(path, "re");
  if (file) {
    got = fread(text, 1, sizeof text, file);
    fclose(file);
  }
  for (size_t at = 0; at + length <= got; at++)
    if ((at == 0 || text[at - 1] == '\0') &&
        memcmp(text + at, assignment, length) == 0)
      return true;
  return false;
}

/* Threads that wait sleep, unless the user wants them to spin. */
static void assert_policy(const char *expected) {
  static const char *const arguments[] = {
      "coresweep", "trial", "--kernel",  "latency/sleep_us=10000000",
      "--size",    "100",   "--variant", "omp:static",
      "--bind",    "none",  NULL};
  struct program program = program_start(arguments);
  int64_t begin_ns = clock_now_ns();
  bool given = false;
  while (!given && !has_ended(program.pid) && !out_of_time(begin_ns)) {
    given = has_variable(program.pid, expected);
    usleep(1000);
  }
  kill(program.pid, SIGKILL);
  waitpid(program.pid, NULL, 0);
  program_close(&program);
  if (!given)
    fail_msg("%s expected in the environment of omp's trial", expected);
}

static void test_waiting_threads_sleep(void **state) {
  (void)state;
  unsetenv("OMP_WAIT_POLICY");
  assert_policy("OMP_WAIT_POLICY=passive");
  setenv("OMP_WAIT_POLICY", "active", 1);
  assert_policy("OMP_WAIT_POLICY=active");
  unsetenv("OMP_WAIT_POLICY");
}

/* What would bind the process before it can bind itself is refused, by name. */
static void test_what_binds_is_refused(void **state) {
  static const char *const arguments[] = {
      "coresweep", "trial", "--kernel", "cube", "--size", "7", NULL};
  (void)state;
  for (int i = 0; i < BINDING; i++) {
    struct ending ending;
    setenv(binding[i], "0-1", 1);
    struct program program = program_start(arguments);
    program_await_end(&program, &ending);
    unsetenv(binding[i]);
    assert_true(WIFEXITED(ending.status) && WEXITSTATUS(ending.status) == 2);
    if (!strstr(ending.err, binding[i]))
      fail_msg("%s: its name expected, got: %s", binding[i], ending.err);
  }
}

/* A runtime that gives fewer threads than were asked for is no smaller team.
 */
static void test_too_few_threads_are_a_failure(void **state) {
  static const int anywhere[] = {-1, -1, -1};
  struct job job = {.workers = 3, .size = 3, .chunk = 1, .cpus = anywhere};
  struct problem problem = {""};
  int levels = omp_get_max_active_levels();
  (void)state;
  omp_set_max_active_levels(0);
  int status = registry_find_variant("omp")->open(&job, &problem);
  omp_set_max_active_levels(levels);
  assert_int_equal(status, PROBLEM_FAILURE);
  assert_non_null(
      strstr(problem.text, "1 threads instead of 3: it may have no"));
}

/* Where the environment says so, it is known before anything runs. */
static void test_settings_that_limit_threads_are_named(void **state) {
  static const char *const arguments[] = {
      "coresweep", "trial",           "--kernel",   "cube",      "--size",
      "30",        "--variant",       "omp:static", "--workers", "3",
      "--json",    "--oversubscribe", NULL};
  struct ending ending;
  (void)state;
  setenv("OMP_THREAD_LIMIT", "2", 1);
  struct program program = program_start(arguments);
  program_await_end(&program, &ending);
  unsetenv("OMP_THREAD_LIMIT");
  if (!strstr(ending.err, "OMP_THREAD_LIMIT=2 is set") || *ending.out)
    fail_msg("OMP_THREAD_LIMIT expected, got: %s%s", ending.out, ending.err);
}

/* A region that would take five seconds is given up after one. */
static void test_a_late_region_is_given_up(void **state) {
  static const char *const variants[] = {"pool:static", "fork:static@pipe"};
  (void)state;
  for (size_t i = 0; i < 2; i++) {
    const char *arguments[] = {
        "coresweep", "trial",     "--kernel",  "latency/sleep_us=5000000",
        "--size",    "1",         "--variant", variants[i],
        "--warmups", "0",         "--json",    "--iterations",
        "0",         "--timeout", "1s",        NULL};
    struct ending ending;
    struct program program = program_start(arguments);
    program_await_end(&program, &ending);
    if (!ending.failed || !strstr(ending.error, "worker 0") ||
        !strstr(ending.error, "was not done after 1 s (--timeout)"))
      fail_msg("%s: a failure expected, got: %s%s", variants[i], ending.out,
               ending.err);
  }
}

/* Sixteen digits, and nothing else. */
static void test_what_is_no_digest_is_refused(void **state) {
  static const char *const wrong[] = {"0x23456789abcdef",  "+123456789abcdef0",
                                      " 123456789abcdef",  "123456789abcdef",
                                      "0123456789abcdef0", "0123456789abcdeg",
                                      "-123456789abcdef",  ""};
  (void)state;
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    const char *arguments[] = {"coresweep", "trial",  "--kernel",
                               "cube",      "--size", "7",
                               "--expect",  wrong[i], NULL};
    struct ending ending;
    struct program program = program_start(arguments);
    program_await_end(&program, &ending);
    if (!WIFEXITED(ending.status) || WEXITSTATUS(ending.status) != 2 ||
        !strstr(ending.err, "16 hexadecimal digits"))
      fail_msg("--expect '%s': a usage error expected, got: %s%s", wrong[i],
               ending.err, ending.out);
  }
}

/* Another result than the expected one: no times, and exit status 1; with the
 * digest that was found it goes well. */
static void test_another_digest_is_wrong(void **state) {
  static const char *const variants[] = {"serial", "omp:static", "pool:static",
                                         "fork:dynamic@pipe"};
  const char *arguments[] = {"coresweep", "trial",     "--kernel", "cube",
                             "--size",    "50",        "--json",   "--expect",
                             NULL,        "--variant", NULL,       NULL};
  (void)state;
  for (size_t i = 0; i < sizeof variants / sizeof *variants; i++) {
    char digest[20] = "0123456789abcdef";
    arguments[10] = variants[i];
    for (int right = 0; right < 2; right++) {
      struct ending ending;
      arguments[8] = digest;
      struct program program = program_start(arguments);
      program_await_end(&program, &ending);
      struct printed p = {.json = json_loads(ending.out, 0, NULL)};
      snprintf(p.variant, sizeof p.variant, "%s", variants[i]);
      assert_non_null(p.json);
      assert_true(WIFEXITED(ending.status));
      assert_int_equal(WEXITSTATUS(ending.status), !right);
      assert_string_equal(json_string_value(member(&p, "status")),
                          right ? "ok" : "wrong");
      assert_int_equal(json_is_true(member(&p, "correct")), right);
      assert_int_equal(json_is_number(member(&p, "region_s")), right);
      assert_int_equal(json_is_number(member(&p, "program_s")), right);
      const char *found = json_string_value(member(&p, "digest"));
      assert_true(right == (strcmp(found, digest) == 0));
      assert_true(right ||
                  (strstr(ending.err, digest) && strstr(ending.err, found)));
      snprintf(digest, sizeof digest, "%s", found);
      json_decref(p.json);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(test_cpu_time, program_kill_all),
      cmocka_unit_test_teardown(test_a_search_ends_at_its_hit,
                                program_kill_all),
      cmocka_unit_test_teardown(test_a_team_is_weighed_as_a_whole,
                                program_kill_all),
      cmocka_unit_test_teardown(test_several_build_an_input, program_kill_all),
      cmocka_unit_test_teardown(test_pages_that_cannot_be_placed,
                                program_kill_all),
      cmocka_unit_test_teardown(test_nodes_without_their_cpus_are_refused,
                                program_kill_all),
      cmocka_unit_test_teardown(test_waiting_threads_sleep, program_kill_all),
      cmocka_unit_test_teardown(test_what_binds_is_refused, program_kill_all),
      cmocka_unit_test(test_too_few_threads_are_a_failure),
      cmocka_unit_test_teardown(test_settings_that_limit_threads_are_named,
                                program_kill_all),
      cmocka_unit_test_teardown(test_a_late_region_is_given_up,
                                program_kill_all),
      cmocka_unit_test_teardown(test_another_digest_is_wrong, program_kill_all),
      cmocka_unit_test_teardown(test_what_is_no_digest_is_refused,
                                program_kill_all),
  };
  unset_binding();
  return cmocka_run_group_tests_name("trial_process", tests, NULL, NULL);
}

/* test_executor.c: what a trial's process is told, and what becomes of what it
 * says.
 *
 * The real executor runs the program that it is part of: here, this test.  As
 * `... trial ...` it plays a trial, as $ACT says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/plan/quota.h"
#include "bench/plan/text.h"
#include "bench/sweep/executor.h"
#include "bench/sweep/interrupt.h"
#include "bench/tests/played_fixture.h"
#include "bench/tests/tree_fixture.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static struct workload workload;
static const int cpus[] = {3, 5, 9};

/* No two numbers of it are the same. */
static struct trial_request order(void) {
  struct problem problem = {""};
  struct trial_request order = {.workload = &workload,
                                .workers = 2,
                                .usable_cpus = 3,
                                .size = 1234,
                                .seed = 77,
                                .warmups = 6,
                                .iterations = 8,
                                .cpus = cpus,
                                .expect = ""};
  assert_int_equal(workload_parse("spin/serial=0.5", &workload, &problem), 0);
  assert_int_equal(
      notation_parse_variant("pool:dynamic,4@pipe", &order.variant, &problem),
      0);
  return order;
}

/* root: NULL: a machine that does not tell whom it kills for memory. */
static void run_below_all(const char *root, const struct trial_request *order,
                          const char *act, double timeout_s,
                          struct record *records) {
  struct executor_real executor;
  struct problem problem = {""};
  if (act)
    setenv("ACT", act, 1);
  else
    unsetenv("ACT");
  executor_real_init(&executor, timeout_s);
  executor.root = root ? root : "/nowhere";
  executor.memory_kills = quota_memory_kills(executor.root);
  if (executor.base.run(&executor.base, order, records, &problem) != 0)
    fail_msg("%s", problem.text);
}

static void run_all(const struct trial_request *order, const char *act,
                    struct record *records) {
  run_below_all(NULL, order, act, 50, records);
}

static struct record run_below(const char *root,
                               const struct trial_request *order,
                               const char *act, double timeout_s) {
  struct record record;
  run_below_all(root, order, act, timeout_s, &record);
  return record;
}

static struct record run(const struct trial_request *order, const char *act,
                         double timeout_s) {
  return run_below(NULL, order, act, timeout_s);
}

/* What a trial is told of the order, word for word. */
static void assert_told(const struct trial_request *order,
                        const char *expected) {
  struct record record = run(order, NULL, 50);
  assert_string_equal(record.status, "ok");
  assert_string_equal(record.input, expected);
  record_free(&record);
}

#define BEGINNING                                                              \
  "coresweep trial --kernel spin/serial=0.5 --variant pool:dynamic,4@pipe "    \
  "--workers 2 --size 1234 --seed 77 "
#define END " --json --timeout 45.000000000s"

static void test_everything_is_told(void **state) {
  static const int anywhere[] = {-1, -1, -1};
  (void)state;
  struct trial_request plain = order();
  assert_told(&plain, BEGINNING "--cpus 3,5,9 --warmups 6 --iterations 8" END);
  struct trial_request expecting = order();
  expecting.expect = "0123456789abcdef";
  assert_told(&expecting, BEGINNING "--cpus 3,5,9 --warmups 6 --iterations 8 "
                                    "--expect 0123456789abcdef" END);
  struct trial_request placed = order();
  placed.nodes = (const int[]){0, 0, 1};
  placed.builders = 3;
  assert_told(&placed, BEGINNING "--cpus 3,5,9 --nodes 0,0,1 --builders 3 "
                                 "--warmups 6 --iterations 8" END);
  struct trial_request all = order();
  all.cpus = all.nodes = anywhere;
  all.builders = 1;
  all.serial_touch = all.stampless = all.weigh = true;
  all.profile = 1024;
  all.usable_cpus = 1;
  assert_told(&all,
              BEGINNING "--bind none --warmups 6 --iterations 8 "
                        "--touch serial --no-stamps --weigh --profile 1024 "
                        "--oversubscribe" END);
}

/* Points that share a trial have a record each, in their order. */
static void test_shared_trials(void **state) {
  static const struct variant_spec also[] = {
      {.team = "omp", .schedule = SCHEDULE_GUIDED}, {.team = "omp"}};
  static const struct variant_spec serial = {.team = "serial"};
  static const char *const acts[] = {"2", "4", "die", "fail", "crash", "3"},
                           *const errors[] = {
                               "its record is none: 2 records instead of 3",
                               "its record is none: more than 3 records",
                               "killed by signal 9 (Killed): out of memory?",
                               "exited with status 3: what went wrong",
                               "omp: worker 1 was killed"};
  static const char *const names[] = {"pool:dynamic,4@pipe", "omp:guided,4096",
                                      "omp:static"};
  struct trial_request shared = order();
  struct record records[3];
  (void)state;
  shared.also = also;
  shared.also_count = 2;
  shared.beside = &serial;
  shared.blocks = 5;
  for (size_t act = 0; act < 6; act++) {
    run_all(&shared, acts[act], records);
    for (size_t i = 0; i < 3; i++) {
      bool ok = act == 5;
      assert_string_equal(records[i].status, ok ? "ok" : "failed");
      assert_int_equal(isnan(records[i].wall_s), !ok || i > 0);
      if (!ok) {
        assert_string_equal(records[i].error, errors[act]);
        assert_int_equal(records[i].shared_place, i + 1);
        assert_int_equal(records[i].shared, 3);
        assert_non_null(strstr(names[i], records[i].requested));
      }
    }
    if (act == 5) {
      assert_non_null(strstr(
          records[0].input, "--warmups 6 --also omp:guided --also omp:static "
                            "--beside serial --blocks 5 --first-cpu 0 --json"));
      assert_string_equal(records[1].input, "the second");
      assert_string_equal(records[2].input, "another");
      for (size_t i = 0; i < 3; i++)
        assert_non_null(records[i].said);
    }
    for (size_t i = 0; i < 3; i++)
      record_free(&records[i]);
  }
}

/* Past its time-out a trial is killed.  It would end by itself, and well, after
 * six times as long. */
static void test_a_late_trial_is_killed(void **state) {
  struct trial_request plain = order();
  (void)state;
  struct record record = run(&plain, "late", 1);
  assert_string_equal(record.status, "failed");
  assert_non_null(strstr(record.error, "took longer than the time-out"));
  assert_true(isnan(record.wall_s) && isnan(record.others_cpu_s));
  record_free(&record);
}

static void test_how_it_ended_is_told(void **state) {
  struct trial_request plain = order();
  (void)state;
  struct record record = run(&plain, "die", 50);
  assert_string_equal(record.status, "failed");
  assert_string_equal(record.error,
                      "killed by signal 9 (Killed): out of memory?");
  assert_string_equal(record.workload, "spin/serial=0.5");
  assert_string_equal(record.variant, "pool:dynamic,4@pipe");
  assert_int_equal(record.workers, 2);
  assert_int_equal(record.size, 1234);
  assert_int_equal(record.seed, 77);
  record_free(&record);
  record = run(&plain, "fail", 50);
  assert_string_equal(record.error, "exited with status 3: what went wrong");
  record_free(&record);
}

static void test_much_on_its_error_output(void **state) {
  struct trial_request plain = order();
  (void)state;
  struct record record = run(&plain, "shout", 20);
  assert_string_equal(record.status, "ok");
  assert_true(record.wall_s > 0);
  record_free(&record);
}

/* Where the system counts whom it kills for memory, it is asked. */
static void test_out_of_memory_is_known(void **state) {
  char root[TREE_ROOT], events[TREE_ROOT + 40];
  struct trial_request plain = order();
  (void)state;
  tree_create(root);
  tree_write(root, "/proc/self/cgroup", "0::/a\n");
  tree_write(root, "/sys/fs/cgroup/a/memory.events", "oom_kill 1\n");
  snprintf(events, sizeof events, "%s/sys/fs/cgroup/a/memory.events", root);
  setenv("EVENTS", events, 1);
  struct record other = run_below(root, &plain, "die", 50);
  struct record memory = run_below(root, &plain, "oom", 50);
  unsetenv("EVENTS");
  tree_remove(root);
  assert_string_equal(other.error, "killed by signal 9 (Killed)");
  assert_string_equal(memory.error,
                      "killed by signal 9 (Killed): out of memory");
  record_free(&other);
  record_free(&memory);
}

/* Whoever a trial leaves behind holds its outputs, and would for ever. */
static void test_nobody_is_left_or_waited_for(void **state) {
  static const struct {
    const char *act, *status;
    double timeout_s;
  } acts[] = {{"heir", "ok", 50},
              {"heir leaves", "ok", 50},
              {"late heir", "failed", 0.5},
              {"late heir leaves", "failed", 0.5}};
  char root[TREE_ROOT], heir[TREE_ROOT + 8];
  (void)state;
  tree_create(root);
  snprintf(heir, sizeof heir, "%s/heir", root);
  setenv("HEIR", heir, 1);
  for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
    struct trial_request plain = order();
    int pid = 0;
    struct record record = run(&plain, acts[i].act, acts[i].timeout_s);
    FILE *file = fopen(heir, "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%d", &pid), 1);
    fclose(file);
    if (kill(pid, SIGKILL) == 0 || errno != ESRCH)
      fail_msg("%s: %d lives", acts[i].act, pid);
    assert_string_equal(record.status, acts[i].status);
    record_free(&record);
  }
  unsetenv("HEIR");
  tree_remove(root);
}

/* Those that were there before belong to somebody else. */
static void test_earlier_children_are_left_alone(void **state) {
  struct trial_request plain = order();
  (void)state;
  pid_t earlier = fork();
  if (earlier == 0)
    for (;;)
      pause();
  struct record record = run(&plain, NULL, 50);
  assert_int_equal(kill(earlier, 0), 0);
  assert_int_equal(waitpid(earlier, NULL, WNOHANG), 0);
  kill(earlier, SIGKILL);
  assert_int_equal(waitpid(earlier, NULL, 0), earlier);
  record_free(&record);
}

/* Neither handlers nor what is ignored, no terminal, and a group. */
static void test_a_trial_has_a_state_of_its_own(void **state) {
  static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGPIPE};
  struct trial_request plain = order();
  (void)state;
  interrupt_install();
  struct record record = run(&plain, "state", 50);
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
    signal(signals[i], SIG_DFL);
  assert_string_equal(record.input, "leads 1, stdin 0, handled 0, blocked 0");
  record_free(&record);
}

static void ignore(int signal_number) {
  (void)signal_number;
}

/* Signals that interrupt the wait for its end do not end the wait. */
static void test_interrupted_again_and_again(void **state) {
  struct sigaction action = {.sa_handler = ignore}; /* no SA_RESTART */
  struct itimerval often = {{0, 3000}, {0, 3000}}, never = {{0, 0}, {0, 0}};
  struct trial_request plain = order();
  (void)state;
  sigaction(SIGALRM, &action, NULL);
  setitimer(ITIMER_REAL, &often, NULL);
  struct record lingers = run(&plain, "linger", 50);
  struct record shouts = run(&plain, "shout", 20);
  setitimer(ITIMER_REAL, &never, NULL);
  assert_string_equal(lingers.error,
                      "killed by signal 9 (Killed): out of memory?");
  assert_string_equal(shouts.status, "ok");
  record_free(&lingers);
  record_free(&shouts);
}

int main(int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_everything_is_told),
      cmocka_unit_test(test_shared_trials),
      cmocka_unit_test(test_a_late_trial_is_killed),
      cmocka_unit_test(test_how_it_ended_is_told),
      cmocka_unit_test(test_much_on_its_error_output),
      cmocka_unit_test(test_out_of_memory_is_known),
      cmocka_unit_test(test_nobody_is_left_or_waited_for),
      cmocka_unit_test(test_earlier_children_are_left_alone),
      cmocka_unit_test(test_a_trial_has_a_state_of_its_own),
      cmocka_unit_test(test_interrupted_again_and_again),
  };
  if (argc > 1 && strcmp(argv[1], "trial") == 0)
    return play(argc, argv);
  return cmocka_run_group_tests_name("executor", tests, NULL, NULL);
}

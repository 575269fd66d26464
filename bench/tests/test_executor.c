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

#include "bench/plan/text.h"
#include "bench/sweep/executor.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

/* --- the trial that is played --------------------------------------------- */

/* Prints a record whose error is its command line. */
static int print_record(int argc, char **argv) {
  struct record record;
  char said[2000];
  struct text words = TEXT_BEGIN(said);
  for (int i = 0; i < argc; i++)
    text_add(&words, "%s%s", i ? " " : "", argv[i]);
  record_clear(&record);
  record.schema = RECORD_SCHEMA;
  record.status = strdup("ok");
  record.error = strdup(said);
  record.kernel = strdup("cube");
  record.workload = strdup("cube");
  record.variant = strdup("serial");
  record.workers = 1;
  record.size = 1;
  char *line = record_format(&record);
  if (line)
    fputs(line, stdout);
  free(line);
  record_free(&record);
  return fflush(stdout);
}

static void fill(FILE *out, int kilobytes) {
  for (int i = 0; i < 16 * kilobytes; i++)
    fprintf(out, "%063d\n", i);
  fflush(out);
}

static int play(int argc, char **argv) {
  const char *act = getenv("ACT");
  setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
  if (!act)
    return print_record(argc, argv);
  if (strcmp(act, "late") == 0)
    usleep(6000000);
  if (strcmp(act, "die") == 0)
    raise(SIGKILL);
  if (strcmp(act, "fail") == 0) {
    fputs("what went wrong\nand more of it\n", stderr);
    return 3;
  }
  if (strcmp(act, "shout") == 0) /* more than pipes hold, on both */
    fill(stderr, 500);
  print_record(argc, argv);
  if (strcmp(act, "linger") == 0) { /* its outputs end before it does */
    fclose(stdout);
    fclose(stderr);
    usleep(100000);
    raise(SIGKILL);
  }
  return 0;
}

/* --- the executor --------------------------------------------------------- */

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

static struct record run(const struct trial_request *order, const char *act,
                         double timeout_s) {
  struct executor_real executor;
  struct record record;
  struct problem problem = {""};
  if (act)
    setenv("ACT", act, 1);
  else
    unsetenv("ACT");
  executor_real_init(&executor, timeout_s);
  if (executor.base.run(&executor.base, order, &record, &problem) != 0)
    fail_msg("%s", problem.text);
  return record;
}

/* What a trial is told of the order, word for word. */
static void assert_told(const struct trial_request *order,
                        const char *expected) {
  struct record record = run(order, NULL, 50);
  assert_string_equal(record.status, "ok");
  assert_string_equal(record.error, expected);
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
  struct trial_request all = order();
  all.cpus = anywhere;
  all.serial_touch = all.stampless = all.weigh = true;
  all.usable_cpus = 1;
  assert_told(&all, BEGINNING "--bind none --warmups 6 --iterations 8 "
                              "--touch serial --no-stamps --weigh "
                              "--oversubscribe" END);
}

/* Past its time-out a trial is killed.  It would end by itself, and well, after
 * six times as long. */
static void test_a_late_trial_is_killed(void **state) {
  struct trial_request plain = order();
  (void)state;
  struct record record = run(&plain, "late", 1);
  assert_string_equal(record.status, "failed");
  assert_non_null(strstr(record.error, "took longer than the time-out"));
  assert_true(isnan(record.wall_s));
  record_free(&record);
}

static void test_how_it_ended_is_told(void **state) {
  struct trial_request plain = order();
  (void)state;
  struct record record = run(&plain, "die", 50);
  assert_string_equal(record.status, "failed");
  assert_string_equal(record.error, "killed by signal 9 (Killed)");
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
  assert_string_equal(lingers.error, "killed by signal 9 (Killed)");
  assert_string_equal(shouts.status, "ok");
  record_free(&lingers);
  record_free(&shouts);
}

int main(int argc, char **argv) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_everything_is_told),
      cmocka_unit_test(test_a_late_trial_is_killed),
      cmocka_unit_test(test_how_it_ended_is_told),
      cmocka_unit_test(test_much_on_its_error_output),
      cmocka_unit_test(test_interrupted_again_and_again),
  };
  if (argc > 1 && strcmp(argv[1], "trial") == 0)
    return play(argc, argv);
  return cmocka_run_group_tests_name("executor", tests, NULL, NULL);
}

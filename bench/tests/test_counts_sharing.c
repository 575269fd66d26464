/* test_counts_sharing.c: worker counts that share a trial: in which order their
 * regions come, that the team really has the told size and is bound, that the
 * first region after it has grown does not count, and that each is checked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/record/from_trial.h"
#include "bench/record/record_check.h"
#include "bench/sweep/executor.h"
#include "bench/trial/trial.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <omp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- the order ----------------------------------------------------------- */

/* "s" and "S" of the form beside, each point by its number, ' for one that does
 * not count. */
static int write_turn(void *context, const struct trial_turn *turn) {
  char **end = context;
  if (turn->form == 'p' || turn->form == 'P')
    *(*end)++ = (char)('0' + turn->first);
  else
    assert_int_equal(turn->points, turn->form == 'c' ? 1 : 4);
  if (turn->form != 'P')
    *(*end)++ = turn->form == 'p' ? '\'' : turn->form;
  return 0;
}

static const uint32_t four[] = {4, 4, 2, 1};

static void assert_turns(uint32_t warmups, uint32_t blocks,
                         const char *expected) {
  struct workload spin;
  struct problem problem;
  struct variant_spec spec = {.team = "serial"};
  char text[200] = "", *end = text;
  assert_int_equal(workload_parse("spin", &spin, &problem), 0);
  const struct trial_request request = {.workload = &spin,
                                        .beside = &spec,
                                        .workers = 4,
                                        .counts = four,
                                        .also_count = 3,
                                        .warmups = warmups,
                                        .blocks = blocks};
  assert_int_equal(trial_turns_go(&request, write_turn, &end), 0);
  assert_string_equal(text, expected);
}

/* One pair of serial's around all, the most workers first in every block, and
 * those of a count backwards in every second one.  A team that has grown has a
 * region that does not count: not before the first block, where nothing came
 * before. */
static void counts_come_in_order(void **state) {
  (void)state;
  assert_turns(1, 3,
               "ss0'0'1'1'2'2'3'3'|S0'00c11c22c33cS|S1'11c00c22c33cS|"
               "S0'00c11c22c33cS|");
  assert_turns(0, 2, "S00c11c22c33cS|S1'11c00c22c33cS|");
}

/* ---- a trial ------------------------------------------------------------- */

/* Three workers' slices of 1000 items, and chunks of 40; two workers' slices,
 * and one worker's chunks of 50.  A runtime may keep the threads of a team of
 * one: of these the third ends, and is born again. */
enum { ITEMS = 1000, POINTS = 4, REGIONS = 400 };
static const struct variant_spec also[] = {
    {.team = "omp", .schedule = SCHEDULE_DYNAMIC, .chunk = 40},
    {.team = "omp", .schedule = SCHEDULE_STATIC},
    {.team = "omp", .schedule = SCHEDULE_DYNAMIC, .chunk = 50}};
static const uint32_t counts[] = {3, 3, 2, 1};

/* What each thread of a team saw of itself. */
static struct {
  _Atomic uint32_t threads[4]; /* chunks, by the team's size */
  _Atomic uint32_t unbound, strange;
} seen;

static const struct variant_spec serial = {.team = "serial"};
static int cpus[3];
static uint64_t wrong_chunk;
static int wrong_threads;

#include "bench/tests/numbered_fixture.h" /* of ITEMS */

static void look(void) {
  cpu_set_t set;
  uint32_t size = (uint32_t)omp_get_num_threads();
  if (size > 3)
    seen.strange++;
  else
    seen.threads[size]++;
  if (cpus[0] < 0 || sched_getaffinity(0, sizeof set, &set) != 0)
    return;
  seen.unbound += CPU_COUNT(&set) != 1 ||
                  !CPU_ISSET((size_t)cpus[omp_get_thread_num()], &set);
}

static void run_items(const void *state, void *output, uint64_t begin,
                      uint64_t end, struct partial *partial) {
  uint64_t *words = output;
  bool wrong = omp_get_level() > 0 && end - begin == wrong_chunk &&
               omp_get_num_threads() == wrong_threads;
  (void)state;
  if (omp_get_level() > 0)
    look();
  for (uint64_t i = begin; i < end; i++)
    words[i] = i + wrong;
  partial->count += end - begin;
}

static const struct kernel kernel_looking = {
    .name = "looking",
    NUMBERED_SHAPE,
};
static struct workload workload = {.kernel = &kernel_looking,
                                   .name = "looking"};

/* Counters of threads that are alive; the caller's is tried first. */
static int open_counter(pid_t thread, struct counter *counter) {
  counter->cycles = (int)thread;
  return tgkill(getpid(), thread, 0) == 0 ? 0 : -ESRCH;
}

static int read_counter(const struct counter *counter,
                        struct counter_reading *counts_now) {
  static uint64_t ticks;
  ticks += 1000;
  *counts_now = (struct counter_reading){ticks, ticks, ticks, ticks};
  return tgkill(getpid(), counter->cycles, 0) == 0 ? 0 : -ESRCH;
}

static void close_counter(const struct counter *counter) {
  (void)counter;
}

static const struct counters_access counters_alive = {
    open_counter, read_counter, close_counter};
static const struct trial_system here = {"/nowhere", &counters_alive};

static struct trial_result results[POINTS];
static struct problem problem;

static struct trial_request request_of(uint32_t blocks) {
  return (struct trial_request){.workload = &workload,
                                .variant = {.team = "omp"},
                                .workers = 3,
                                .usable_cpus = 3,
                                .size = ITEMS,
                                .cpus = cpus,
                                .beside = &serial,
                                .also = also,
                                .also_count = POINTS - 1,
                                .counts = counts,
                                .warmups = 1,
                                .blocks = blocks,
                                .system = &here};
}

/* The first two CPUs that may be used, and the second again; with one alone
 * nobody is bound. */
static int begin_trial(void **state) {
  cpu_set_t set;
  size_t found = 0;
  (void)state;
  cpus[0] = cpus[1] = cpus[2] = -1;
  wrong_chunk = 0;
  memset(&seen, 0, sizeof seen);
  if (sched_getaffinity(0, sizeof set, &set) != 0 || CPU_COUNT(&set) < 2)
    return 0;
  for (int cpu = 0; cpu < CPU_SETSIZE && found < 2; cpu++)
    if (CPU_ISSET((size_t)cpu, &set))
      cpus[found++] = cpu;
  cpus[2] = cpus[1]; /* not where threads are born */
  return 0;
}

static cpu_set_t before;

static int keep_place(void **state) {
  (void)state;
  return sched_getaffinity(0, sizeof before, &before);
}

static int end_trial(void **state) {
  (void)state;
  for (uint32_t i = 0; i < POINTS; i++)
    trial_free(&results[i]);
  memset(results, 0, sizeof results);
  return sched_setaffinity(0, sizeof before, &before);
}

static void assert_well(uint32_t i, uint32_t blocks) {
  if (results[i].status)
    fail_msg("point %u: %s", i, results[i].problem.text);
  assert_true(results[i].checked && results[i].correct);
  assert_int_equal(results[i].iterations, 2 * blocks);
}

/* In every region, also after it has grown again and again: as many threads as
 * were told, each on its CPU alone. */
static void the_team_has_the_told_size(void **state) {
  const struct trial_request request = request_of(3);
  (void)state;
  if (trial_run(&request, results, &problem) != 0)
    fail_msg("%s", problem.text);
  for (uint32_t i = 0; i < POINTS; i++)
    assert_well(i, 3);
  assert_int_equal(seen.strange, 0);
  assert_int_equal(seen.unbound, 0);
  /* A cold region, and of each point two warm ones, two in each of three
   * blocks, and the last; one more in each block where the team has grown, of
   * the first or, in the second block, of the second. */
  uint32_t own = 2 + 3 * 2 + 1;
  assert_int_equal(seen.threads[3],
                   (own + 1 + 2) * 3 + (own + 1) * (ITEMS / 40));
  assert_int_equal(seen.threads[2], own * 2);
  assert_int_equal(seen.threads[1], own * (ITEMS / 50));
}

/* The region after a growth is told, and is none of those that count. */
static void the_first_after_a_growth_does_not_count(void **state) {
  static const char *const forms[POINTS] = {
      "sspp|SpPPcS|SPPcS|SpPPcS|", "sspp|SPPcS|SpPPcS|SPPcS|",
      "sspp|SPPcS|SPPcS|SPPcS|", "sspp|SPPcS|SPPcS|SPPcS|"};
  const struct trial_request request = request_of(3);
  (void)state;
  assert_int_equal(trial_run(&request, results, &problem), 0);
  for (uint32_t i = 0; i < POINTS; i++) {
    const struct trial_turns *turns = &results[i].turns;
    uint32_t own = 0, k = 0;
    assert_string_equal(turns->forms, forms[i]);
    for (const char *form = turns->forms; *form; form++) {
      if (*form == '|')
        continue;
      if (*form == 'P')
        assert_true(results[i].regions_s[own++] == turns->times_s[k]);
      assert_true(turns->times_s[k] > 0);
      k++;
    }
    assert_int_equal(own, 6);
    assert_int_equal(k, turns->count);
    assert_int_equal(turns->clock_count, 3 * counts[i]);
    assert_int_equal(results[i].sums.regions, 6);
    assert_int_equal(results[i].workers_seen <= counts[i], true);
  }
  /* all of them have the same of serial's */
  for (uint32_t i = 1; i < POINTS; i++)
    assert_true(results[i].turns.times_s[4] == results[0].turns.times_s[4]);
}

/* As a record of a trial by itself is, with its own workers. */
static void each_has_a_record(void **state) {
  const struct trial_request request = request_of(2);
  struct record records[POINTS];
  (void)state;
  assert_int_equal(trial_run(&request, results, &problem), 0);
  for (uint32_t i = 0; i < POINTS; i++) {
    const struct trial_request point = trial_request_of(&request, i);
    struct record record;
    record_of_request(&point, NULL, &record);
    record_of_result(&point, &results[i], 0, &problem, &record);
    record.kernel[0] = record.workload[0] = '\0';
    free(record.kernel);
    free(record.workload);
    record.kernel = strdup("spin");
    record.workload = strdup("spin");
    record.phase = strdup("round");
    record.round = 1;
    record.order = 1 + i;
    char *line = record_format(&record);
    if (record_parse(line, &records[i], &problem) != 0)
      fail_msg("%s", problem.text);
    assert_int_equal(records[i].workers, counts[i]);
    assert_int_equal(records[i].worker_items.count, counts[i]);
    assert_int_equal(records[i].worker_cycles.count, counts[i]);
    for (uint32_t w = 0; w < counts[i]; w++) /* read of threads that live */
      assert_true(records[i].worker_cycles.values[w] > 0);
    assert_int_equal(records[i].shared, POINTS);
    assert_int_equal(records[i].shared_place, i + 1);
    double ratio =
        trial_turns_ratio(records[i].turns, records[i].turns_s.values);
    assert_true(fabs(records[i].turns_ratio / ratio - 1) < 1e-6);
    free(line);
    record_free(&record);
  }
  const struct records all = {.list = records, .count = POINTS};
  if (records_check(&all, "here", &problem) != 0)
    fail_msg("%s", problem.text);
  records[2].workers = 4; /* more than the one before it */
  assert_int_not_equal(records_check(&all, "here", &problem), 0);
  assert_non_null(strstr(problem.text, "\"shared_place\" is 3"));
  records[2].workers = 2;
  for (uint32_t i = 0; i < POINTS; i++)
    record_free(&records[i]);
}

/* Each point's last region is looked at, by its own team. */
static void a_wrong_one_is_wrong_alone(void **state) {
  static const struct {
    uint64_t chunk;
    int threads;
    uint32_t point;
  } cases[] = {{334, 3, 0}, {40, 3, 1}, {500, 2, 2}, {50, 1, 3}};
  const struct trial_request well = request_of(1);
  char digest[TRIAL_DIGEST];
  (void)state;
  assert_int_equal(trial_run(&well, results, &problem), 0);
  snprintf(digest, sizeof digest, "%016jx", (uintmax_t)results[0].digest);
  for (size_t k = 0; k < 4; k++) {
    struct trial_request request = well;
    for (uint32_t i = 0; i < POINTS; i++)
      trial_free(&results[i]);
    request.expect = digest;
    wrong_chunk = cases[k].chunk;
    wrong_threads = cases[k].threads;
    assert_int_equal(trial_run(&request, results, &problem), PROBLEM_FAILURE);
    for (uint32_t i = 0; i < POINTS; i++) {
      if (i != cases[k].point) {
        assert_well(i, 1);
        assert_true(results[i].digest == strtoull(digest, NULL, 16));
        continue;
      }
      assert_true(results[i].checked && !results[i].correct);
      assert_non_null(strstr(results[i].problem.text, "wrong result: item "));
    }
  }
}

static size_t count_descriptors(void) {
  DIR *folder = opendir("/proc/self/fd");
  size_t count = 0;
  while (folder && readdir(folder))
    count++;
  if (folder)
    closedir(folder);
  return count;
}

/* Threads that end leave no descriptors behind. */
static void growing_costs_no_descriptors(void **state) {
  enum { BLOCKS = 40 };
  const struct trial_request request = request_of(BLOCKS);
  size_t had = count_descriptors();
  (void)state;
  assert_int_equal(trial_run(&request, results, &problem), 0);
  assert_true(count_descriptors() < had + BLOCKS / 2);
}

static void others_are_refused(void **state) {
  static const struct variant_spec textbook = {.team = "textbook"};
  static const uint32_t more[] = {1, 2}, none[] = {2, 0}, fewer[] = {2, 1};
  static const struct {
    const uint32_t *counts;
    const char *says;
  } cases[] = {{more, "--also omp:dynamic,40/2 after 1 workers: want 1 to 1, "
                      "the most workers first"},
               {none, "--also omp:dynamic,40/0 after 2 workers"}};
  struct trial_request request = request_of(1);
  (void)state;
  request.also_count = 1;
  for (size_t i = 0; i < 2; i++) {
    request.counts = cases[i].counts;
    request.workers = cases[i].counts[0];
    assert_int_equal(trial_run(&request, results, &problem), PROBLEM_USAGE);
    assert_non_null(strstr(problem.text, cases[i].says));
  }
  struct workload spin;
  assert_int_equal(workload_parse("spin", &spin, &problem), 0);
  request.workload = &spin;
  request.variant = textbook;
  request.also = &textbook;
  request.counts = fewer;
  request.workers = 2;
  assert_int_equal(trial_run(&request, results, &problem), PROBLEM_USAGE);
  assert_non_null(strstr(problem.text, "the team of textbook keeps its size"));
}

/* By hand, as the sweep asks. */
static void arguments_tell_the_counts(void **state) {
  struct trial_request request = request_of(2);
  char text[400] = "";
  (void)state;
  request.expect = "";
  char **arguments = executor_arguments(&request);
  for (size_t i = 0; arguments[i]; i++) {
    strncat(text, arguments[i], 60);
    strcat(text, " ");
  }
  assert_non_null(strstr(text, "--also omp:dynamic,40 --also omp:static/2 "
                               "--also omp:dynamic,50/1 "));
  executor_free_arguments(arguments);
}

#define TRIAL(test)                                                            \
  cmocka_unit_test_setup_teardown(test, begin_trial, end_trial)

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(counts_come_in_order),
      TRIAL(the_team_has_the_told_size),
      TRIAL(the_first_after_a_growth_does_not_count),
      TRIAL(each_has_a_record),
      TRIAL(a_wrong_one_is_wrong_alone),
      TRIAL(growing_costs_no_descriptors),
      TRIAL(others_are_refused),
      TRIAL(arguments_tell_the_counts),
  };
  return cmocka_run_group_tests_name("worker counts in a trial", tests,
                                     keep_place, NULL);
}

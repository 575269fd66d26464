/* test_sharing.c: points that share a trial: in which order their regions come,
 * that each has regions, stamps and checks of its own, and that what is wrong
 * with one is not the others' fault. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/record/from_trial.h"
#include "bench/trial/trial.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the order ----------------------------------------------------------- */

/* "s" and "S" of the form beside, each point by its number, ' for one that does
 * not count. */
static int write_turn(void *context, const struct trial_turn *turn) {
  char **end = context;
  if (turn->form == 'p' || turn->form == 'P') {
    *(*end)++ = (char)('0' + turn->first);
    assert_int_equal(turn->points, 1);
  }
  if (turn->form != 'P')
    *(*end)++ = turn->form == 'p' ? '\'' : turn->form;
  return 0;
}

static void assert_turns(const char *kernel, uint32_t points, uint32_t blocks,
                         const char *expected) {
  struct workload workload;
  struct problem problem;
  struct variant_spec spec = {.team = "serial"};
  char text[200] = "", *end = text;
  assert_int_equal(workload_parse(kernel, &workload, &problem), 0);
  const struct trial_request request = {.workload = &workload,
                                        .beside = &spec,
                                        .also_count = points - 1,
                                        .warmups = 1,
                                        .blocks = blocks};
  assert_int_equal(trial_turns_go(&request, write_turn, &end), 0);
  assert_string_equal(text, expected);
}

/* Two points stand between two of serial's, and every second block is
 * backwards. */
static void test_turns_in_order(void **state) {
  (void)state;
  assert_turns("spin", 1, 2, "ss0'0'|S00cS|S00cS|");
  assert_turns("spin", 2, 2, "ss0'0'1'1'|S00c11cS|S11c00cS|");
  assert_turns("spin", 3, 2, "ss0'0'1'1'2'2'|S00c11cS22cS|S22c11cS00cS|");
  assert_turns("spin", 4, 3,
               "ss0'0'1'1'2'2'3'3'|S00c11cS22c33cS|S33c22cS11c00cS|"
               "S00c11cS22c33cS|");
  assert_turns("cube", 1, 1, "ss0'0'|sS0'00csS|");
  assert_turns("cube", 3, 1, "ss0'0'1'1'2'2'|sS0'00c1'11csS2'22csS|");
}

/* What each point has of them. */
struct owned {
  uint32_t point;
  char forms[80];
};

static int own_turn(void *context, const struct trial_turn *turn) {
  struct owned *owned = context;
  size_t length = strlen(owned->forms);
  if (turn->first <= owned->point && owned->point < turn->first + turn->points)
    owned->forms[length] = turn->form;
  return 0;
}

/* Whoever shares a trial has the turns of one that does not. */
static void test_each_has_all_turns(void **state) {
  struct workload workload;
  struct problem problem;
  struct variant_spec spec = {.team = "serial"};
  (void)state;
  assert_int_equal(workload_parse("spin", &workload, &problem), 0);
  for (uint32_t points = 1; points <= 6; points++)
    for (uint32_t i = 0; i < points; i++) {
      struct trial_turns turns;
      struct owned owned = {.point = i};
      const struct trial_request request = {.workload = &workload,
                                            .beside = &spec,
                                            .workers = 1,
                                            .also_count = points - 1,
                                            .warmups = 1,
                                            .blocks = 3};
      assert_int_equal(trial_turns_go(&request, own_turn, &owned), 0);
      assert_string_equal(owned.forms, "sspp|SPPcS|SPPcS|SPPcS|");
      assert_int_equal(trial_turns_make(&request, &turns), 0);
      assert_string_equal(turns.forms, owned.forms);
      trial_turns_free(&turns);
    }
}

/* ---- a trial ------------------------------------------------------------- */

/* Its chunks say whose they are: serial's all 1000 items, static's 500 for each
 * of two workers, and 40 and 8. */
enum { ITEMS = 1000, POINTS = 3 };
static const struct variant_spec also[] = {
    {.team = "omp", .schedule = SCHEDULE_DYNAMIC, .chunk = 40},
    {.team = "omp", .schedule = SCHEDULE_TASKS, .chunk = 8}};
static const uint64_t chunks[POINTS + 1] = {500, 40, 8, ITEMS};

/* Chunks of that length write what is wrong, or count it in every region
 * anew. */
static uint64_t wrong, wavering;
static _Atomic uint64_t calls;

#include "bench/tests/numbered_fixture.h" /* of ITEMS */

static void run_items(const void *state, void *output, uint64_t begin,
                      uint64_t end, struct partial *partial) {
  uint64_t *words = output;
  (void)state;
  for (uint64_t i = begin; i < end; i++)
    words[i] = i + (end - begin == wrong);
  partial->count += end - begin;
  if (end - begin == wavering)
    partial->sum += ++calls;
}

static const struct kernel kernel_picky = {
    .name = "picky",
    NUMBERED_SHAPE,
};

static struct workload workload = {.kernel = &kernel_picky, .name = "picky"};
static const int anywhere[] = {-1, -1};
static const struct variant_spec serial = {.team = "serial"};
static struct trial_result results[POINTS];
static struct problem problem;

static struct trial_request request_of(const char *expect) {
  return (struct trial_request){.workload = &workload,
                                .variant = {.team = "omp"},
                                .workers = 2,
                                .usable_cpus = 2,
                                .size = ITEMS,
                                .cpus = anywhere,
                                .beside = &serial,
                                .also = also,
                                .also_count = POINTS - 1,
                                .warmups = 1,
                                .blocks = 2,
                                .expect = expect};
}

static int try(const char *expect) {
  const struct trial_request request = request_of(expect);
  problem.text[0] = '\0';
  calls = 0;
  return trial_run(&request, results, &problem);
}

static void end_trial(void) {
  for (uint32_t i = 0; i < POINTS; i++)
    trial_free(&results[i]);
  wrong = wavering = 0;
}

/* As a record keeps it. */
static char digest[TRIAL_DIGEST];

static int run_well(void **state) {
  (void)state;
  if (try(NULL) != 0)
    fail_msg("%s", problem.text);
  snprintf(digest, sizeof digest, "%016jx", (uintmax_t)results[0].digest);
  end_trial();
  return 0;
}

static void assert_well(uint32_t i) {
  const struct trial_result *result = &results[i];
  if (result->status)
    fail_msg("point %u: %s", i, result->problem.text);
  assert_true(result->checked && result->correct);
  assert_int_equal(result->iterations, 4);
  assert_int_equal(result->workers_seen > 0, true);
  assert_int_equal(result->turns.count, 14);
  assert_string_equal(result->turns.forms, "sspp|SPPcS|SPPcS|");
}

/* Regions in the order of its own turns, and stamps of one of them: as many
 * chunks as its schedule has. */
static void test_each_has_its_own(void **state) {
  (void)state;
  assert_int_equal(try(digest), 0);
  for (uint32_t i = 0; i < POINTS; i++) {
    const struct trial_result *result = &results[i];
    uint64_t items = 0, dealt = 0;
    uint32_t own = 0;
    assert_well(i);
    for (uint32_t w = 0; w < 2; w++) {
      items += result->workers[w].items;
      dealt += result->workers[w].chunks;
      assert_true(result->workers[w].end_s <= result->region_s);
    }
    assert_int_equal(items, ITEMS);
    assert_int_equal(dealt, ITEMS / chunks[i]);
    const char *form = result->turns.forms;
    for (uint32_t k = 0; k < result->turns.count; form++)
      if (*form != '|') {
        assert_true(result->turns.times_s[k] > 0);
        if (*form == 'P')
          assert_true(result->regions_s[own++] == result->turns.times_s[k]);
        k++;
      }
    assert_int_equal(own, 4);
  }
  end_trial();
}

/* The serial region between two pairs of points is in the turns of both: of
 * three points, those of S01S2S and S21S0S. */
static void test_serial_regions_are_shared(void **state) {
  (void)state;
  assert_int_equal(try(digest), 0);
  const double *a = results[0].turns.times_s, *b = results[1].turns.times_s,
               *c = results[2].turns.times_s;
  for (size_t k = 0; k < 2; k++) /* warm-up turns */
    assert_true(a[k] == b[k] && b[k] == c[k]);
  assert_true(a[4] == b[4] && a[8] == b[8] && a[8] == c[4]);
  assert_true(c[9] == b[9] && c[13] == b[13] && c[13] == a[9]);
  end_trial();
}

/* A record each, which says so; the process's times stand in the first one. */
static void test_each_has_a_record(void **state) {
  const struct trial_request request = request_of(digest);
  static const char *const names[] = {"omp:static", "omp:dynamic,40",
                                      "omp:tasks,8"};
  (void)state;
  assert_int_equal(try(digest), 0);
  for (uint32_t i = 0; i < POINTS; i++) {
    const struct trial_request point = trial_request_of(&request, i);
    struct record record, again;
    record_of_request(&point, NULL, &record);
    record_of_result(&point, &results[i], results[i].status,
                     &results[i].problem, &record);
    assert_string_equal(record.status, "ok");
    assert_string_equal(record.variant, names[i]);
    assert_string_equal(record.requested, names[i]);
    assert_int_equal(record.shared, POINTS);
    assert_int_equal(record.shared_place, i + 1);
    assert_int_equal(record_is_sharer(&record), i > 0);
    assert_int_equal(isnan(record.program_s), i > 0);
    assert_int_equal(isnan(record.setup_s), i > 0);
    assert_int_equal(isnan(record.region_first_s), i > 0);
    assert_true(record.region_s > 0 && record.turns_ratio > 0);
    char *line = record_format_trial(&record);
    if (record_parse(line, &again, &problem) != 0)
      fail_msg("%s", problem.text);
    record_free(&again);
    record_free(&record);
    free(line);
  }
  end_trial();
}

/* ---- what is wrong with one ---------------------------------------------- */

static void test_a_wrong_one_is_wrong_alone(void **state) {
  (void)state;
  for (uint32_t bad = 0; bad < POINTS; bad++) {
    wrong = chunks[bad];
    assert_int_equal(try(digest), PROBLEM_FAILURE);
    assert_non_null(strstr(problem.text, "wrong result: item 0"));
    for (uint32_t i = 0; i < POINTS; i++)
      if (i != bad)
        assert_well(i);
    assert_int_equal(results[bad].status, PROBLEM_FAILURE);
    assert_true(results[bad].checked && !results[bad].correct);
    assert_non_null(strstr(results[bad].problem.text, "wrong result: item 0"));
    end_trial();
  }
}

/* One of its regions gives another result than its first: the rest of it is not
 * run. */
static void test_a_wavering_one_fails_alone(void **state) {
  (void)state;
  for (uint32_t bad = 0; bad < POINTS; bad++) {
    wavering = chunks[bad];
    assert_int_equal(try(digest), PROBLEM_FAILURE);
    for (uint32_t i = 0; i < POINTS; i++)
      if (i != bad)
        assert_well(i);
    assert_true(results[bad].status == PROBLEM_FAILURE &&
                !results[bad].checked);
    assert_non_null(strstr(results[bad].problem.text, "gave two results"));
    assert_true(results[bad].turns.count < 12);
    end_trial();
  }
}

/* Also where the program does its region more than once. */
static void test_a_program_that_wavers_fails_alone(void **state) {
  struct trial_request request = request_of(digest);
  (void)state;
  request.repeat = 3;
  wavering = chunks[0];
  assert_int_equal(trial_run(&request, results, &problem), PROBLEM_FAILURE);
  assert_non_null(strstr(problem.text, "gave two results"));
  assert_int_equal(results[0].iterations, 0);
  assert_well(1);
  assert_well(2);
  end_trial();
}

/* What serial does is everybody's. */
static void test_with_serial_all_fail(void **state) {
  (void)state;
  wrong = ITEMS;
  assert_int_equal(try(digest), PROBLEM_FAILURE);
  for (uint32_t i = 0; i < POINTS; i++) {
    assert_int_equal(results[i].status, PROBLEM_FAILURE);
    assert_non_null(strstr(results[i].problem.text, "serial: wrong result"));
  }
  end_trial();
}

/* ---- what may share ------------------------------------------------------ */

static void test_others_are_refused(void **state) {
  static const struct variant_spec pool = {.team = "pool"};
  struct trial_request request = request_of(digest);
  (void)state;
  request.also = &pool;
  request.also_count = 1;
  assert_int_equal(trial_run(&request, results, &problem), PROBLEM_USAGE);
  assert_non_null(strstr(problem.text, "--also pool:static with --variant "
                                       "omp:static: what shares a trial"));
  end_trial();
  request = request_of(digest);
  request.beside = NULL;
  request.blocks = 0;
  request.iterations = 1;
  assert_int_equal(trial_run(&request, results, &problem), PROBLEM_USAGE);
  assert_non_null(strstr(problem.text, "--also needs --beside serial"));
  end_trial();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_turns_in_order),
      cmocka_unit_test(test_each_has_all_turns),
      cmocka_unit_test_setup(test_each_has_its_own, run_well),
      cmocka_unit_test_setup(test_serial_regions_are_shared, run_well),
      cmocka_unit_test_setup(test_each_has_a_record, run_well),
      cmocka_unit_test_setup(test_a_wrong_one_is_wrong_alone, run_well),
      cmocka_unit_test_setup(test_a_wavering_one_fails_alone, run_well),
      cmocka_unit_test_setup(test_a_program_that_wavers_fails_alone, run_well),
      cmocka_unit_test_setup(test_with_serial_all_fail, run_well),
      cmocka_unit_test(test_others_are_refused),
  };
  return cmocka_run_group_tests_name("sharing", tests, NULL, NULL);
}

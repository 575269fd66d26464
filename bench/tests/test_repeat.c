/* test_repeat.c: programs that do their region several times: that they do, and
 * are timed, recorded and checked as they say.
 *
 * Only teams of processes run here: OpenMP could not be used before a fork. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/record/from_trial.h"
#include "bench/tests/accept_fixture.h"
#include "bench/tests/record_fixture.h"
#include "bench/tests/text_fixture.h"

#include <inttypes.h>
#include <math.h>
#include <sys/mman.h>

enum { ITEMS = 600, WARMUPS = 1, ITERATIONS = 2 };

/* ---- a kernel that counts -------------------------------------------------
 */

/* What all processes of a trial did. */
static struct counts {
  _Atomic uint64_t items, regions;
  uint64_t spoil; /* the number of the region that comes to another result */
} * counts;

static void *create(const struct kernel_request *request) {
  return request->allocator->allocate(request->allocator, 8);
}

static void reset(void *state) {
  (void)state;
  atomic_fetch_add(&counts->regions, 1);
}

static void count_items(const void *state, void *output, uint64_t begin,
                        uint64_t end, struct partial *partial) {
  uint64_t *items = output;
  (void)state;
  for (uint64_t i = begin; i < end; i++)
    items[i] = i + 1;
  atomic_fetch_add(&counts->items, end - begin);
  partial->sum += end - begin;
  partial->count += counts->regions == counts->spoil;
}

static const struct kernel counting = {
    .name = "counting",
    .shape = {.output_bytes = 8, .operations = 1, .grain = 16},
    .create = create,
    .run = count_items,
    .reset = reset,
    .verify = accept_all,
};

static struct workload workload;
static char digest[TRIAL_DIGEST];

static int try_trial(const char *variant, uint32_t workers, uint32_t repeat,
                     struct trial_request *request, struct trial_result *result,
                     struct problem *problem) {
  static const int anywhere[4] = {-1, -1, -1, -1};
  *request = (struct trial_request){.workload = &workload,
                                    .workers = workers,
                                    .size = ITEMS,
                                    .cpus = anywhere,
                                    .usable_cpus = 1,
                                    .repeat = repeat,
                                    .warmups = WARMUPS,
                                    .iterations = ITERATIONS,
                                    .timeout_s = 60,
                                    .expect = digest};
  assert_int_equal(notation_parse_variant(variant, &request->variant, problem),
                   0);
  atomic_store(&counts->items, 0);
  atomic_store(&counts->regions, 0);
  return trial_run(request, result, problem);
}

static int open_counting(void **state) {
  struct problem problem = {""};
  struct trial_request request;
  struct trial_result *result = calloc(1, sizeof *result);
  *state = result;
  counts = mmap(NULL, sizeof *counts, PROT_READ | PROT_WRITE,
                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (counts == MAP_FAILED || !result ||
      workload_begin(&workload, &counting, NULL, &problem) != 0)
    return -1;
  *digest = '\0'; /* verified once, and its digest expected from then on */
  if (try_trial("serial", 1, 0, &request, result, &problem) != 0)
    return -1;
  snprintf(digest, sizeof digest, "%016" PRIx64, result->digest);
  trial_free(result);
  return 0;
}

static int close_counting(void **state) {
  free(*state);
  return munmap(counts, sizeof *counts);
}

static double phases_s(const struct trial_result *r) {
  return r->setup_s + r->start_s + r->touch_s + r->region_first_s +
         r->repeats_s + r->finish_s + r->close_s;
}

/* A record of it, as it is read from its line. */
static void is_recorded(const struct trial_request *request,
                        const struct trial_result *result, uint32_t repeat) {
  struct problem problem = {""};
  struct record record;
  record_of_request(request, NULL, &record);
  record_of_result(request, result, 0, &problem, &record);
  char *line = record_format_trial(&record);
  record_free(&record);
  record = record_of(line);
  assert_int_equal(record.repeat, repeat);
  assert_true(fabs(record.repeats_s - result->repeats_s) < 1e-9);
  assert_true(fabs(record.program_s - phases_s(result)) < 1e-8);
  free(line);
  record_free(&record);
}

/* Each of them as often as it says, and no region is left out of a program. */
static void regions_are_run_and_timed(void **state) {
  static const struct {
    const char *variant;
    uint32_t workers, times; /* each worker all of the items: copies */
  } teams[] = {{"serial", 1, 1},
               {"pool:static", 2, 1},
               {"pool:dynamic,7@pipe", 3, 1},
               {"fork:static", 2, 1},
               {"copies", 2, 2}};
  static const uint32_t repeats[] = {0, 1, 2, 9};
  struct trial_result *result = *state;
  struct problem problem = {""};
  struct trial_request request;
  for (size_t t = 0; t < sizeof teams / sizeof *teams; t++)
    for (size_t k = 0; k < sizeof repeats / sizeof *repeats; k++) {
      uint32_t repeat = repeats[k] > 0 ? repeats[k] : 1;
      if (try_trial(teams[t].variant, teams[t].workers, repeats[k], &request,
                    result, &problem) != 0)
        fail_msg("%s: %s", teams[t].variant, problem.text);
      assert_int_equal(counts->items, (uint64_t)teams[t].times * ITEMS *
                                          (repeat + WARMUPS + ITERATIONS));
      assert_int_equal(result->iterations, ITERATIONS);
      assert_true((result->repeats_s > 0) == (repeat > 1));
      assert_true(fabs(result->program_s - phases_s(result)) < 1e-12);
      is_recorded(&request, result, repeat);
      trial_free(result);
    }
}

/* The workload says it, unless the trial does. */
static void the_workload_says_how_often(void **state) {
  struct trial_result *result = *state;
  struct problem problem = {""};
  struct trial_request request;
  assert_int_equal(workload_set(&workload, "repeat=3", &problem), 0);
  assert_string_equal(workload.name, "counting/repeat=3");
  static const uint32_t asked[] = {0, 1, 2}, expected[] = {3, 1, 2};
  for (size_t k = 0; k < 3; k++) {
    assert_int_equal(
        try_trial("serial", 1, asked[k], &request, result, &problem), 0);
    assert_int_equal(counts->items,
                     ITEMS * (expected[k] + WARMUPS + ITERATIONS));
    is_recorded(&request, result, expected[k]);
    trial_free(result);
  }
}

/* One region of a program that comes to another result fails the trial. */
static void every_region_is_checked(void **state) {
  struct trial_result *result = *state;
  struct problem problem = {""};
  struct trial_request request;
  for (counts->spoil = 2; counts->spoil <= 5; counts->spoil++) {
    assert_int_equal(try_trial("serial", 1, 5, &request, result, &problem),
                     PROBLEM_FAILURE);
    has(problem.text, "two regions of one trial gave two results");
    trial_free(result);
  }
}

#define COUNTED(test)                                                          \
  cmocka_unit_test_setup_teardown(test, open_counting, close_counting)

int main(void) {
  const struct CMUnitTest tests[] = {
      COUNTED(regions_are_run_and_timed),
      COUNTED(the_workload_says_how_often),
      COUNTED(every_region_is_checked),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_copies.c: several copies of a kernel at once: each does all of the work,
 * on memory of its own, together with the others, and is checked by itself.
 *
 * All of it holds on any machine, however slow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/tests/twin_fixture.h"

/* --- what each does ------------------------------------------------------- */

static void test_each_does_all_of_the_work(void **state) {
  (void)state;
  run_well("", NULL);
  assert_int_equal(witness->created, COPIES);
  for (int k = 0; k < COPIES; k++) {
    const struct seen *seen = &witness->copies[k];
    assert_int_equal(seen->calls, REGIONS);
    assert_int_equal(seen->fills, 1);
    assert_true(seen->pid != getpid());
    for (int other = 0; other < k; other++)
      assert_true(seen->pid != witness->copies[other].pid);
    assert_int_equal(result.workers[k].items, ITEMS);
    assert_int_equal(result.workers[k].chunks, 1);
  }
  assert_int_equal(result.workers_seen, COPIES);
  assert_int_equal(result.total.count, ITEMS); /* that of one */
  trial_free(&result);
}

/* Numbers are given as they come; but each CPU of the list has its copy. */
static void test_each_has_its_cpu(void **state) {
  (void)state;
  run_well("", NULL);
  for (int r = 0; r < REGIONS; r++) {
    int sum = 0;
    for (int k = 0; k < COPIES; k++)
      sum += witness->copies[k].cpu[r] - cpus[k];
    assert_int_equal(sum, 0);
  }
  for (int k = 0; k < COPIES; k++)
    for (int r = 1; r < REGIONS; r++)
      assert_int_equal(witness->copies[k].cpu[r], witness->copies[k].cpu[0]);
  trial_free(&result);
}

static void test_nothing_is_shared(void **state) {
  static const int64_t values[] = {7};
  const struct kernel_input input = {
      .rows = 1, .columns = 1, .values = values, .first_line = 2};
  (void)state;
  searches = true;
  run_well("", &input);
  searches = false;
  for (int k = 0; k < COPIES; k++) {
    const struct seen *seen = &witness->copies[k];
    assert_int_equal(seen->own, 1); /* "memory that all workers share" */
    assert_false(seen->hit_of_another);
    assert_false(seen->input_is_parents);
    assert_int_equal(seen->pages_absent, 0); /* it has touched them itself */
  }
  trial_free(&result);
}

/* However late one of them is. */
static void test_all_are_at_it_together(void **state) {
  static const enum oddity naps[] = {NAPS_IN_SETUP, NAPS_IN_REGION};
  (void)state;
  odd_one = 1;
  for (int i = 0; i < 2; i++) {
    oddity = naps[i];
    run_well("", NULL);
    for (int r = 0; r < REGIONS; r++) {
      assert_int_equal(witness->begun[r], COPIES);
      assert_false(witness->alone[r]);
    }
    for (int k = 0; k < COPIES; k++)
      assert_false(witness->copies[k].unfilled);
    trial_free(&result);
  }
  oddity = NONE;
}

static void assert_region_naps(void) {
  int last = 0;
  assert_true(result.region_first_s >= NAP_US * 1e-6);
  for (int i = 0; i < ITERATIONS; i++)
    assert_true(result.regions_s[i] >= NAP_US * 1e-6);
  for (int k = 0; k < COPIES; k++) {
    const struct trial_worker *w = &result.workers[k];
    assert_true(w->begin_s >= 0 && w->end_s <= result.region_s);
    last += w->end_s >= NAP_US * 1e-6;
  }
  assert_true(last >= 1);
}

/* From the common begin until the last one is done, whichever worker it is. */
static void test_times_are_those_of_the_last(void **state) {
  (void)state;
  for (odd_one = 0; odd_one < COPIES; odd_one++) {
    oddity = NAPS_IN_SETUP;
    run_well("", NULL);
    assert_true(result.setup_s >= NAP_US * 1e-6);
    trial_free(&result);
    oddity = NAPS_IN_REGION;
    run_well("", NULL);
    assert_region_naps();
    trial_free(&result);
  }
  oddity = NONE;
}

/* --- what goes wrong ------------------------------------------------------ */

/* Whichever worker has the number, it is named. */
static void assert_told(const char *what, bool checked) {
  bool named = false;
  char words[80];
  for (int k = 0; k < COPIES; k++) {
    snprintf(words, sizeof words, "copies: worker %d: ", k);
    named = named || strncmp(problem.text, words, strlen(words)) == 0;
  }
  if (!named || !strstr(problem.text, what))
    fail_msg("a copy and '%s' expected, got: %s", what, problem.text);
  assert_int_equal(result.checked, checked);
  assert_false(result.correct);
  trial_free(&result);
}

static void test_one_that_is_wrong_is_found(void **state) {
  char digest[TRIAL_DIGEST];
  (void)state;
  run_well("", NULL);
  snprintf(digest, sizeof digest, "%016jx", (uintmax_t)result.digest);
  trial_free(&result);
  oddity = CORRUPTS;
  for (odd_one = 0; odd_one < COPIES; odd_one++) {
    assert_int_equal(try("", NULL), PROBLEM_FAILURE);
    assert_told("wrong result: item 3", true);
    assert_int_equal(try(digest, NULL), PROBLEM_FAILURE);
    assert_told("wrong result: item 3", true);
  }
  oddity = WAVERS;
  odd_one = COPIES - 1;
  assert_int_equal(try("", NULL), PROBLEM_FAILURE);
  assert_told("two regions of one trial gave two results", false);
  oddity = NONE;
  run_well(digest, NULL);
  trial_free(&result);
}

static void test_one_without_memory_is_told(void **state) {
  (void)state;
  oddity = HAS_NO_MEMORY;
  odd_one = 2;
  assert_int_equal(try("", NULL), PROBLEM_FAILURE);
  assert_told("no memory for twin", false);
  oddity = NONE;
}

static void test_one_that_is_killed_is_told(void **state) {
  (void)state;
  oddity = DIES;
  odd_one = 1;
  assert_int_equal(try("", NULL), PROBLEM_FAILURE);
  oddity = NONE;
  assert_non_null(strstr(problem.text, "copies: worker "));
  assert_non_null(strstr(problem.text,
                         "was killed by signal 9 (Killed) in chunk [0, 5000)"));
  assert_false(result.checked);
  trial_free(&result);
}

/* --- the variant ---------------------------------------------------------- */

/* What the analysis knows by its name is what the trial does by its property.
 */
static void test_the_notation_names_it(void **state) {
  (void)state;
  size_t found = 0;
  for (size_t v = 0; registry_variants[v]; v++) {
    assert_int_equal(notation_names_copies(registry_variants[v]->name),
                     registry_variants[v]->copies);
    found += registry_variants[v]->copies;
  }
  assert_int_equal(found, 1);
}

static int visit(const struct trial_request *request,
                 const struct trial_items *items, void *context,
                 struct problem *said) {
  (void)request;
  (void)items;
  (void)context;
  (void)said;
  return PROBLEM_NONE;
}

static void test_items_cannot_be_visited(void **state) {
  static struct workload workload = {.kernel = &kernel_twin, .name = "twin"};
  const struct trial_request request = {.workload = &workload,
                                        .variant = {.team = "copies"},
                                        .workers = 1,
                                        .size = 1,
                                        .cpus = cpus,
                                        .usable_cpus = usable_cpus};
  (void)state;
  assert_int_equal(
      trial_run_and_visit(&request, &result, visit, NULL, &problem),
      PROBLEM_USAGE);
  trial_free(&result);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_each_does_all_of_the_work),
      cmocka_unit_test(test_each_has_its_cpu),
      cmocka_unit_test(test_nothing_is_shared),
      cmocka_unit_test(test_all_are_at_it_together),
      cmocka_unit_test(test_times_are_those_of_the_last),
      cmocka_unit_test(test_one_that_is_wrong_is_found),
      cmocka_unit_test(test_one_without_memory_is_told),
      cmocka_unit_test(test_one_that_is_killed_is_told),
      cmocka_unit_test(test_the_notation_names_it),
      cmocka_unit_test(test_items_cannot_be_visited),
  };
  begin_trials();
  return cmocka_run_group_tests_name("copies", tests, NULL, NULL);
}

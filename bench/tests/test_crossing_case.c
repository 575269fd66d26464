/* test_crossing_case.c: the search for a crossing, and what is concluded:
 * found, censored, undecided. */
#include "bench/tests/crossing_fixture.h"

#include <unistd.h>

/* Runs a search on the model to its end. */
static void run_search(struct search *search, struct model *m, double tasks) {
  double size;
  while (search_next(search, &size)) {
    double serial[SEARCH_PAIRS], parallel[SEARCH_PAIRS];
    for (int i = 0; i < SEARCH_PAIRS; i++) {
      serial[i] = serial_s(m, tasks * size);
      parallel[i] = parallel_s(m, tasks * size);
    }
    search_add(search, size, serial, parallel);
    assert_true(search->count < SEARCH_PROBES);
  }
  for (size_t i = 1; i < search->count; i++)
    assert_true(search->probes[i].size > search->probes[i - 1].size);
}

static void searches_bracket_to_a_factor_of_4(void **state) {
  (void)state;
  struct search_bracket brackets[SEARCH_BRACKETS];
  for (double fixed_s = 1e-9; fixed_s < 1e-2; fixed_s *= 3.7) {
    struct model m = machine;
    struct search search = {.workers = 2, .low = 1, .high = 1e9};
    m.fixed_s = fixed_s;
    m.noise = 0.02;
    run_search(&search, &m, 1);
    assert_int_equal(search_brackets(&search, brackets), 1);
    assert_false(brackets[0].rising);
    double n = breakeven_of(&m);
    assert_true(brackets[0].low <= n * 1.2 && n <= brackets[0].high * 1.2);
    assert_true(brackets[0].high <= 4 * brackets[0].low ||
                brackets[0].high < brackets[0].low + 2);
  }
}

static void searches_find_several_crossings(void **state) {
  (void)state;
  struct search_bracket brackets[SEARCH_BRACKETS];
  struct model m = machine;
  struct search search = {.workers = 2, .low = 1, .high = 1e9};
  m.late_s = 1e-17;
  run_search(&search, &m, 1);
  assert_int_equal(search_brackets(&search, brackets), 2);
  assert_false(brackets[0].rising);
  assert_true(brackets[1].rising);
  assert_true(brackets[0].high <= brackets[1].low);
}

/* A ratio of 1 at every size, with noise: signs change, and nothing crosses. */
static void searches_dont_follow_noise(void **state) {
  (void)state;
  int found = 0;
  for (uint64_t i = 0; i < 100; i++) {
    struct search_bracket brackets[SEARCH_BRACKETS];
    struct model m = {.item_s = 1e-9, .workers = 1, .noise = 0.05};
    struct search search = {.workers = 2, .low = 1, .high = 1e9};
    m.seed = kernel_random(4, i);
    run_search(&search, &m, 1);
    found += !search.trusting && search_brackets(&search, brackets) > 0;
  }
  assert_in_range(found, 0, 10);
}

static struct crossing_case searched(enum crossing_question question,
                                     struct model *m, double high) {
  struct crossing_case c = {.question = question,
                            .workers = 2,
                            .tasks = question == CROSSING_GRANULARITY,
                            .limit = "memory"};
  c.search = (struct search){.question = question,
                             .workers = 2,
                             .low = 1,
                             .high = high,
                             .first_only = question == CROSSING_GRANULARITY};
  run_search(&c.search, m, 1);
  return c;
}

static void censored_results_say_so(void **state) {
  (void)state;
  for (int q = CROSSING_BREAKEVEN; q <= CROSSING_GRANULARITY; q++) {
    struct model m = machine;
    struct crossing_case c = searched((enum crossing_question)q, &m, 5000);
    crossing_conclude(&c, 1);
    assert_int_equal(c.outcome, CROSSING_NEVER);
    near(crossing_bound(&c)->size, 5000, 0);
    near(crossing_task_s(&c, crossing_bound(&c)), 5000e-9, 1e-12);
    m.fixed_s = 1e-12;
    c = searched((enum crossing_question)q, &m, 5000);
    crossing_conclude(&c, 1);
    assert_int_equal(c.outcome, CROSSING_ALWAYS);
    near(crossing_bound(&c)->size, 1, 0);
    assert_null(crossing_first(&c, false));
  }
}

/* Near the line for most sizes: neither never nor always. */
static void undecided_results_say_so(void **state) {
  (void)state;
  struct model m = {.item_s = 1e-9, .workers = 1, .noise = 0.2, .seed = 9};
  struct crossing_case c = searched(CROSSING_BREAKEVEN, &m, 20);
  c.search.probes[0].decided = c.search.probes[1].decided = 0;
  crossing_conclude(&c, 1);
  assert_int_equal(c.outcome, CROSSING_UNSETTLED);
  assert_null(crossing_bound(&c));
  c.search.probes[0].decided = 1;
  c.search.probes[1].decided = -1;
  crossing_conclude(&c, 1);
  assert_int_equal(c.outcome, CROSSING_UNSETTLED);
  assert_ptr_equal(crossing_bound(&c), &c.search.probes[0]);
}

/* A second crossing is told only where it stands apart from the first. */
static void second_crossings_stand_apart(void **state) {
  (void)state;
  int met = 0;
  for (uint64_t i = 0; i < 60; i++) {
    struct model m = machine;
    struct crossing_case c = searched(CROSSING_BREAKEVEN, &m, 64);
    struct crossing found[2];
    m.late_s = 1e-15;
    m.noise = i == 0 ? 0.01 : 0.8;
    m.seed = kernel_random(5, i);
    c.grids[c.grid_count++] = measured(&m, 220000, 9, 1);
    crossing_conclude(&c, 1);
    met += crossing_breakeven(&c.grids[0], 1, CROSSING_RESAMPLES, found) == 2 &&
           !(found[1].size.low > found[0].size.high);
    assert_true(i > 0 || c.crossing_count == 2);
    if (c.crossing_count == 2)
      assert_true(c.crossings[1].size.low > c.crossings[0].size.high);
    crossing_case_free(&c);
  }
  assert_in_range(met, 5, 59);
}

static void lost_rounds_go_as_a_whole(void **state) {
  (void)state;
  struct model m = machine;
  struct crossing_grid grid = measured(&m, 1000, 3, 1);
  for (size_t i = 0; i < 3 * ROUNDS; i++)
    grid.serial_s[i] = (double)(100 * (i / ROUNDS) + i % ROUNDS + 1);
  grid.parallel_s[ROUNDS + 4] = (double)NAN;
  grid.serial_s[2 * ROUNDS + 14] = (double)NAN;
  assert_int_equal(crossing_grid_complete(&grid), 2);
  assert_int_equal(grid.rounds, ROUNDS - 2);
  for (size_t s = 0; s < 3; s++)
    for (size_t r = 0; r < ROUNDS - 2; r++)
      near(grid.serial_s[s * grid.rounds + r],
           (double)(100 * s + (r < 4 ? r + 1 : r + 2)), 0);
  release(&grid);
}

static void a_case_is_measured_and_written(void **state) {
  (void)state;
  struct model m = machine;
  static struct workload workload;
  struct problem problem;
  char path[] = "/tmp/crossing-XXXXXX";
  m.noise = 0.02;
  struct crossing_case c = searched(CROSSING_BREAKEVEN, &m, 1e8);
  strcpy(c.variant, "omp:static");
  snprintf(workload.name, sizeof workload.name, "cube");
  c.workload = &workload;
  c.scope = "region";
  c.grids[c.grid_count++] = measured(&m, breakeven_of(&m), 9, 1);
  crossing_conclude(&c, 1);
  assert_int_equal(c.outcome, CROSSING_FOUND);
  close(mkstemp(path));
  assert_int_equal(crossing_write(&c, 1, path, &problem), 0);
  json_t *json = json_load_file(path, 0, NULL);
  json_t *result = json_array_get(json_object_get(json, "results"), 0);
  json_t *crossing = json_array_get(json_object_get(result, "crossings"), 0);
  assert_string_equal(json_string_value(json_object_get(result, "outcome")),
                      "found");
  near(json_real_value(
           json_object_get(json_object_get(crossing, "size_items"), "median")),
       c.crossings[0].size.median, 1);
  assert_string_equal(json_string_value(json_object_get(crossing, "past_it")),
                      "faster");
  json_decref(json);
  unlink(path);
  assert_int_equal(crossing_write(&c, 1, "/nowhere/x", &problem), 1);
  crossing_case_free(&c);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(searches_bracket_to_a_factor_of_4),
      cmocka_unit_test(searches_find_several_crossings),
      cmocka_unit_test(searches_dont_follow_noise),
      cmocka_unit_test(censored_results_say_so),
      cmocka_unit_test(undecided_results_say_so),
      cmocka_unit_test(second_crossings_stand_apart),
      cmocka_unit_test(lost_rounds_go_as_a_whole),
      cmocka_unit_test(a_case_is_measured_and_written),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_profile.c: the profile of a region: which trial has one, that its blocks
 * are those of the items in their order, that it leaves the program's times
 * alone and finds what is wrong, and that a simulated machine gives the same.
 *
 * No time is held against the machine's speed: where one has to be longer than
 * another, it is so by a hundred thousand times. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/tests/accept_fixture.h"
#include "bench/tests/printed_fixture.h"
#include "bench/tests/record_fixture.h"
#include "bench/tests/simulated_fixture.h"

#include "bench/plan/budget.h"
#include "bench/plan/plan.h"
#include "bench/sweep/empty_plan.h"
#include "bench/trial/trial.h"

static const int anywhere[2] = {-1, -1};

static struct trial_request request_of(const struct workload *workload,
                                       uint64_t size, uint32_t profile) {
  return (struct trial_request){.workload = workload,
                                .variant = {.team = "serial"},
                                .workers = 1,
                                .size = size,
                                .cpus = anywhere,
                                .usable_cpus = 1,
                                .timeout_s = 60,
                                .profile = profile};
}

/* ---- a real kernel --------------------------------------------------------
 */

enum { ITEMS = 8, LONG_ITEM = 2 };

/* Ranges of one element each, but for one of 200 million. */
static const int64_t ends[ITEMS] = {1, 1, 200000000, 1, 1, 1, 1, 1};

static void blocks_are_parts_of_the_items(void **state) {
  static const struct {
    uint32_t asked, blocks, longest;
  } cases[] = {{8, 8, 2}, {1024, 8, 2}, {4, 4, 1}, {3, 3, 1},
               {2, 2, 0}, {1, 1, 0},    {0, 0, 0}};
  static const struct kernel_input input = {ITEMS, 1, ends, 2};
  struct workload workload;
  struct problem problem = {""};
  static struct trial_result result;
  (void)state;
  assert_int_equal(
      workload_parse("rangesum/max_end=300000000", &workload, &problem), 0);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct trial_request request = request_of(&workload, ITEMS, cases[i].asked);
    request.input = &input;
    if (trial_run(&request, &result, &problem) != 0)
      fail_msg("%s", problem.text);
    assert_int_equal(result.profile_count, cases[i].blocks);
    assert_true((result.profile_s != NULL) == (cases[i].blocks > 0));
    double others_s = 0;
    for (uint32_t k = 0; result.profile_s && k < cases[i].blocks; k++)
      others_s += k == cases[i].longest ? 0 : result.profile_s[k];
    if (result.profile_s)
      assert_true(result.profile_s[cases[i].longest] > others_s);
    trial_free(&result);
    assert_null(result.profile_s);
  }
}

/* Each call sleeps, in each of the passes, and none of that is the program's:
 * all of it fits into the time that the process took. */
static void it_is_outside_of_the_program(void **state) {
  enum { CALLS = 7, SLEEP_US = 1500 };
  static const char *const more[] = {"--iterations", "2",    "--warmups", "0",
                                     "--profile",    "1024", NULL};
  const double sleep_s = SLEEP_US * 1e-6;
  (void)state;
  struct printed p = print_of("latency/sleep_us=1500", "7", "serial", 1, more);
  assert_int_equal(json_array_size(member(&p, "profile_s")), CALLS);
  for (size_t k = 0; k < CALLS; k++)
    assert_at_most(&p, sleep_s, nth(&p, "profile_s", k), "a block of a call");
  double timed_s = number(&p, "program_s") + nth(&p, "regions_s", 0) +
                   nth(&p, "regions_s", 1);
  assert_at_most(&p, timed_s + POINT_PASSES * CALLS * sleep_s, p.wall_s,
                 "program, regions and passes within the process");
  json_decref(p.json);
}

/* The lower median, in whatever order they came. */
static void a_block_takes_what_most_passes_say(void **state) {
  static const struct {
    int64_t pass_ns[3];
    uint32_t passes;
    int64_t ns;
  } cases[] = {{{5, 0, 0}, 1, 5}, {{5, 9, 0}, 2, 5}, {{9, 5, 0}, 2, 5},
               {{5, 7, 9}, 3, 7}, {{9, 5, 7}, 3, 7}, {{7, 9, 5}, 3, 7},
               {{5, 9, 5}, 3, 5}};
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    int64_t pass_ns[3];
    memcpy(pass_ns, cases[i].pass_ns, sizeof pass_ns);
    assert_int_equal(trial_profile_ns(pass_ns, cases[i].passes), cases[i].ns);
  }
}

/* ---- what is refused ----------------------------------------------------- */

static void only_serial_by_itself_has_one(void **state) {
  static const struct variant_spec serial = {.team = "serial"};
  struct workload cube, search;
  struct problem problem = {""};
  static struct trial_result result;
  (void)state;
  assert_int_equal(workload_parse("cube", &cube, &problem), 0);
  assert_int_equal(workload_parse("adler32/mode=first", &search, &problem), 0);
  struct trial_request team = request_of(&cube, 100, 4);
  team.variant = (struct variant_spec){.team = "pool"};
  struct trial_request beside = request_of(&cube, 100, 4);
  beside.beside = &serial;
  beside.blocks = 1;
  struct trial_request copies = request_of(&cube, 100, 4);
  copies.variant = (struct variant_spec){.team = "copies"};
  struct trial_request of_search = request_of(&search, 100, 4);
  const struct {
    const struct trial_request *request;
    const char *why;
  } cases[] = {{&team, "--profile: of serial alone"},
               {&beside, "--profile: of serial alone"},
               {&copies, "--profile: of serial alone"},
               {&of_search, "--profile: adler32/mode=first stops at its first "
                            "hit"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_int_equal(trial_run(cases[i].request, &result, &problem),
                     PROBLEM_USAGE);
    if (!strstr(problem.text, cases[i].why))
      fail_msg("%s instead of %s", problem.text, cases[i].why);
    trial_free(&result);
  }
}

/* A kernel that counts its items, and those that end a chunk once more. */
static void *create_nothing(const struct kernel_request *request) {
  return request->allocator->allocate(request->allocator, 1);
}

static void count_ends(const void *state, void *output, uint64_t begin,
                       uint64_t end, struct partial *partial) {
  (void)state;
  (void)output;
  partial->sum += end - begin + 1;
}

static void another_result_is_a_failure(void **state) {
  static const struct kernel chunky = {.name = "chunky",
                                       .title = "Chunky",
                                       .item = "item",
                                       .items = "items",
                                       .source = "a test",
                                       .shape = {.operations = 1, .grain = 1},
                                       .size = 100,
                                       .create = create_nothing,
                                       .run = count_ends,
                                       .verify = accept_all};
  struct workload workload;
  struct problem problem = {""};
  static struct trial_result result;
  (void)state;
  assert_int_equal(workload_begin(&workload, &chunky, NULL, &problem), 0);
  struct trial_request request = request_of(&workload, 100, 4);
  assert_int_equal(trial_run(&request, &result, &problem), PROBLEM_FAILURE);
  assert_string_equal(problem.text, "chunky: in 4 blocks, one after the other, "
                                    "it gave another result than as one "
                                    "region");
  assert_int_equal(result.profile_count, 0);
  trial_free(&result);
}

/* ---- what sweeps ask for ------------------------------------------------- */

static void pilots_of_serial_ask_for_one(void **state) {
  static struct plan plan;
  struct problem problem = {""};
  static const char *const workloads[] = {"cube", "adler32/mode=first",
                                          "latency"},
                           *const variants[] = {"serial", "omp:static"};
  (void)state;
  plan.counts[0] = plan.waiting[0] = 1;
  plan.count_count = plan.waiting_count = 1;
  plan.usable_cpus = plan.cores = 1;
  for (size_t i = 0; i < 3; i++)
    assert_int_equal(plan_add_workload(&plan, workloads[i], &problem), 0);
  for (size_t i = 0; i < 2; i++)
    assert_int_equal(plan_add_variant(&plan, variants[i], &problem), 0);
  assert_int_equal(plan_list_points(&plan, &problem), 0);
  assert_int_equal(plan.result_count, 6);
  for (size_t i = 0; i < plan.result_count; i++) {
    struct point point = plan.points[i];
    assert_int_equal(point.profile, 0);
    plan_make_pilot(&plan, 5, &point);
    bool search = strchr(point.workload->name, '=') != NULL;
    assert_int_equal(point.profile,
                     point_is_serial(&point) && !search ? 1024 : 0);
    assert_string_equal(point.phase, "pilot");
    plan.one_profile = true;
    struct point first = plan.points[i], other = plan.points[i];
    plan_make_pilot(&plan, 0, &first);
    plan_make_pilot(&plan, 1, &other);
    plan.one_profile = false;
    assert_int_equal(first.profile, point.profile);
    assert_int_equal(other.profile, 0);
  }
  plan_free(&plan);
}

/* Once for each team and number of workers, whatever the workload; of nothing
 * that is no team, has a worker's round trips, or cannot do nothing. */
static void teams_have_an_empty_region_each(void **state) {
  static struct plan plan;
  static struct empty_plan empties;
  struct problem problem = {""};
  static const char *const variants[] = {"serial",          "omp:static",
                                         "textbook",        "omp:dynamic,7",
                                         "fork:static",     "pool:apply",
                                         "pool:static@pipe"},
                           *const kept[] = {"omp:static", "omp:dynamic,7",
                                            "fork:static", "pool:static@pipe"};
  size_t found[4] = {0};
  (void)state;
  plan.counts[0] = plan.waiting[0] = 1;
  plan.counts[1] = plan.waiting[1] = 2;
  plan.count_count = plan.waiting_count = 2;
  plan.usable_cpus = plan.cores = 2;
  assert_int_equal(plan_add_workload(&plan, "cube", &problem), 0);
  assert_int_equal(plan_add_workload(&plan, "spin", &problem), 0);
  for (size_t i = 0; i < 7; i++)
    assert_int_equal(plan_add_variant(&plan, variants[i], &problem), 0);
  assert_int_equal(plan_list_points(&plan, &problem), 0);
  assert_int_equal(empty_plan_make(&plan, &empties, &problem), 0);
  assert_int_equal(empties.count, 8);
  for (size_t i = 0; i < empties.count; i++) {
    const struct point *point = &empties.points[i];
    char name[NOTATION_LENGTH];
    notation_format_variant(&point->variant, name);
    for (size_t k = 0; k < 4; k++)
      found[k] += strcmp(name, kept[k]) == 0 ? point->workers : 0;
    assert_string_equal(point->workload->name, "null");
    assert_int_equal(point->size, point->workers);
    assert_string_equal(point->phase, "empty");
    assert_true(point->iterations > 0 && point->repeat == 1);
  }
  for (size_t k = 0; k < 4; k++)
    assert_int_equal(found[k], 1 + 2);
  empty_plan_free(&empties);
  struct batch none = {0}, batch = {0};
  plan.rounds = PLAN_ROUNDS;
  double needed_s = PLAN_ROUNDS * budget_round_s(&plan);
  plan.budget_s = 100;
  assert_int_equal(
      empty_plan_batch(&empties, &plan, 0.99 * needed_s, &none, &problem), 0);
  assert_int_equal(none.count, 0);
  assert_int_equal(plan.note_count, 1);
  plan.stage = STAGE_ROUNDS; /* gone on with */
  assert_int_equal(empty_plan_batch(&empties, &plan, 99, &none, &problem), 0);
  plan.stage = STAGE_SIZED;
  plan.unprobed = true;
  assert_int_equal(empty_plan_batch(&empties, &plan, 99, &none, &problem), 0);
  assert_int_equal(none.count, 0);
  plan.unprobed = false;
  assert_int_equal(
      empty_plan_batch(&empties, &plan, 1.01 * needed_s, &batch, &problem), 0);
  assert_int_equal(batch.count, 8);
  assert_int_equal(batch.rounds, 1);
  assert_true(batch.unnumbered && !batch.needed);
  empty_plan_free(&empties);
  plan_free(&plan);
}

/* ---- a simulated machine ------------------------------------------------- */

static struct record simulated(uint64_t size, uint32_t profile) {
  struct trial_request order = bed_order(&bed, "serial", 1, size);
  struct record record;
  struct problem problem;
  order.profile = profile;
  assert_int_equal(
      bed.executor.base.run(&bed.executor.base, &order, &record, &problem), 0);
  assert_string_equal(record.status, "ok");
  return record;
}

/* An item takes 1 us. */
static void simulated_blocks_are_their_items(void **state) {
  static const double of_ten[] = {3e-6, 3e-6, 4e-6};
  (void)state;
  bed_begin(&bed, "spin", 1);
  struct record even = simulated(2048, 1024), three = simulated(10, 3),
                none = simulated(10, 0);
  assert_int_equal(even.profile_s.count, 1024);
  for (size_t k = 0; k < 1024; k++)
    assert_int_equal(ns(even.profile_s.values[k]), 2000);
  assert_int_equal(three.profile_s.count, 3);
  for (size_t k = 0; k < 3; k++)
    assert_int_equal(ns(three.profile_s.values[k]), ns(of_ten[k]));
  assert_null(none.profile_s.values);
  /* Nothing but the virtual clock goes on for it: three regions. */
  assert_int_equal(ns(three.program_s), ns(none.program_s));
  assert_int_equal(ns(three.region_s), ns(none.region_s));
  assert_int_equal(ns(three.wall_s), ns(none.wall_s) + 30000);
  record_free(&even);
  record_free(&three);
  record_free(&none);
  bed_end(&bed);
}

/* Half of each CPU is lost, and stamps are cut off to 1.5 us. */
static void simulated_blocks_are_disturbed_as_regions_are(void **state) {
  (void)state;
  bed.description.steal_probability = 1;
  bed.description.steal_share = 0.5;
  bed.description.clock_resolution_s = 1.5e-6;
  bed_begin(&bed, "spin", 1);
  struct record r = simulated(10, 10);
  for (size_t k = 0; k < 10; k++) /* 2 us each */
    assert_int_equal(ns(r.profile_s.values[k]), k % 3 == 0   ? 1500
                                                : k % 3 == 1 ? 1500
                                                             : 3000);
  assert_int_equal(ns(r.region_s), ns(19.5e-6));
  record_free(&r);
  bed_end(&bed);
}

/* Later slices hold more: of two, 3/4 and 5/4. */
static void simulated_skew_is_uneven_work(void **state) {
  (void)state;
  bed.description.skew = 0.5;
  bed_begin(&bed, "spin", 1);
  struct record r = simulated(1000, 2);
  assert_int_equal(ns(r.profile_s.values[0]), 375000);
  assert_int_equal(ns(r.profile_s.values[1]), 625000);
  record_free(&r);
  bed_end(&bed);
}

/* As a line of trials.jsonl, and edits of it. */
static void only_what_a_trial_can_have_is_read(void **state) {
  static const struct {
    const char *key, *value;
    bool holds;
  } cases[] = {{"profile_s", "[1e-6,2e-6,0.0]", true},
               {"profile_s", "[0,0,0,0,0,0,0,0,0,0]", true},
               {"profile_s", "[0,0,0,0,0,0,0,0,0,0,0]", false},
               {"profile_s", "[]", false},
               {"profile_s", "[1e-6,null]", false},
               {"profile_s", "[1e-6,-1e-6]", false},
               {"variant", "\"omp:static\"", false}};
  (void)state;
  bed_begin(&bed, "spin", 1);
  struct record r = simulated(10, 3);
  r.phase = strdup("pilot");
  r.order = 1;
  char *line = record_format(&r);
  record_free(&r);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char *edited = record_with(line, cases[i].key, cases[i].value);
    if (strcmp(cases[i].key, "variant") == 0) {
      char *both = record_with(edited, "requested", cases[i].value);
      free(edited);
      edited = both;
    }
    struct problem problem = {""};
    int status = record_parse(edited, &r, &problem);
    if (cases[i].holds != !status ||
        (status && !strstr(problem.text, "\"profile_s\"")))
      fail_msg("%s %s: %s", cases[i].key, cases[i].value, problem.text);
    record_free(&r);
    free(edited);
  }
  struct record again = record_of(line);
  assert_int_equal(again.profile_s.count, 3);
  assert_int_equal(ns(again.profile_s.values[2]), 4000);
  record_free(&again);
  free(line);
  bed_end(&bed);
}

static int begin_bed(void **state) {
  (void)state;
  simulated_machine_init(&bed.description);
  strcpy(bed.description.topology, "pack:1 core:2 pu:1");
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(blocks_are_parts_of_the_items),
      cmocka_unit_test(it_is_outside_of_the_program),
      cmocka_unit_test(a_block_takes_what_most_passes_say),
      cmocka_unit_test(only_serial_by_itself_has_one),
      cmocka_unit_test(another_result_is_a_failure),
      cmocka_unit_test(pilots_of_serial_ask_for_one),
      cmocka_unit_test(teams_have_an_empty_region_each),
      cmocka_unit_test_setup(simulated_blocks_are_their_items, begin_bed),
      cmocka_unit_test_setup(simulated_blocks_are_disturbed_as_regions_are,
                             begin_bed),
      cmocka_unit_test_setup(simulated_skew_is_uneven_work, begin_bed),
      cmocka_unit_test_setup(only_what_a_trial_can_have_is_read, begin_bed),
  };
  unset_binding();
  return cmocka_run_group_tests(tests, NULL, NULL);
}

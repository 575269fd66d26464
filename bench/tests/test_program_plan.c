/* The plan of a sweep over somebody else's programs, on an executor that is
 * made up: what is told after the first pairs, how many rounds a width asks
 * for, and that a run that is gone on with comes to the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/observe/observed.h"
#include "bench/plan/budget.h"
#include "bench/sweep/program_plan.h"
#include "bench/tests/asked_fixture.h"
#include "bench/tests/inside_fixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct problem problem;

enum { PROGRAM_COUNT = 2 };

static const double one_s[PROGRAM_COUNT] = {8, 2};
static const double besides_s = 0.5; /* outputs, preparing: no run's time */

/* Which observed runs of a program tell of regions.  One without OpenMP has
 * none; one with it may have none with one worker, or with any. */
enum tells { NONE_TELLS, ALL_TELL, TEAMS_TELL, NO_REGIONS };

/* A program takes 1/p of its one worker's time, and 0.2 s; each copy as long as
 * one. */
struct made_up {
  struct executor base;
  double clock_s;
  uint32_t run, stop_after;        /* 0: never */
  enum tells tells[PROGRAM_COUNT]; /* its observed runs, of their inside */
};

/* What an observed run tells; those of size 20 of no program that opens regions
 * with several workers alone. */
static void observe(enum tells tells, struct record *record) {
  const struct inside_made region = {.name = "a.c:1",
                                     .calls = 1,
                                     .team = (double)record->workers,
                                     .wall = 1,
                                     .work = 1};
  record->observed = 1;
  if (tells == ALL_TELL ||
      (tells == TEAMS_TELL && record->workers > 1 && record->size != 20))
    inside_fill(record, 1, &region, 1);
  else if (tells == NONE_TELLS)
    record->unobserved = strdup("it is none");
  else
    record->unobserved = strdup(observed_why_not(OBSERVED_NOT_CALLED));
}

static int run(struct executor *self, const struct trial_request *request,
               struct record *record, struct problem *why) {
  struct made_up *m = (struct made_up *)(void *)self;
  bool copies = strcmp(request->variant.team, "copies") == 0;
  size_t index = request->workload->name[0] - 'a';
  double p = copies ? 1 : request->workers;
  record_clear(record);
  if (m->stop_after && m->run == m->stop_after)
    return problem_failure(why, "stopped");
  m->run++;
  asked_record(request, "ok", record);
  record->correct = 1;
  record->program_s = record->wall_s = 0.2 + one_s[index] / p;
  m->clock_s += record->wall_s + besides_s;
  if (request->observed)
    observe(m->tells[index], record);
  return PROBLEM_NONE;
}

static double now_s(struct executor *self) {
  return ((struct made_up *)(void *)self)->clock_s;
}

/* A sweep, and what it told. */
struct bed {
  struct made_up executor;
  struct program_scope scope;
  struct program programs[PROGRAM_COUNT];
  struct records records;
  struct finished finished; /* of the sweep before */
  double told_at_s, rest_s; /* rest_s: NAN: nothing was told */
  uint32_t told_rounds;
  double width; /* that the intervals are to have */
  uint32_t looked_at, decided, missed;
  uint32_t fresh, pilots;
  enum tells tells[PROGRAM_COUNT];
};

static void provisional(void *context, const struct so_far *so_far,
                        uint32_t rounds, double rest_s) {
  struct bed *bed = context;
  (void)so_far;
  bed->told_at_s = bed->executor.clock_s;
  bed->rest_s = rest_s;
  bed->told_rounds = rounds;
}

static int look(void *context, const struct records *records,
                const struct point *points, size_t count, double *half_widths,
                struct problem *why) {
  struct bed *bed = context;
  (void)why;
  bed->looked_at = 0;
  for (size_t i = 0; i < records->count; i++)
    if (records->list[i].round > bed->looked_at)
      bed->looked_at = (uint32_t)records->list[i].round;
  for (size_t i = 0; i < count; i++)
    half_widths[i] = point_is_serial(&points[i]) ? 0 : bed->width;
  return PROBLEM_NONE;
}

static void decided(void *context, uint32_t rounds, const char *reason) {
  struct bed *bed = context;
  assert_int_equal(bed->looked_at, WIDTH_ROUNDS_FIRST);
  assert_non_null(strstr(reason, "after 9 rounds the widest interval was"));
  bed->decided = rounds;
}

/* Before any round, and what is told provisionally. */
static int piloted(void *context, const struct so_far *so_far,
                   struct problem *why) {
  struct bed *bed = context;
  (void)why;
  for (size_t i = 0; i < so_far->last_count; i++)
    bed->pilots += so_far->records->list[so_far->last[i]].observed == 1;
  assert_true(isnan(bed->rest_s));
  return PROBLEM_NONE;
}

static void missed(void *context, const char *what) {
  struct bed *bed = context;
  assert_non_null(strstr(what, "no intervals as narrow as"));
  bed->missed++;
}

/* Begins, or goes on with the records that the bed has.  Whether it came to its
 * end. */
static bool sweep(struct bed *bed, uint32_t stop_after) {
  static const int cpus[] = {-1};
  struct program_plan plan;
  bed->executor = (struct made_up){.base = {.run = run, .now_s = now_s},
                                   .stop_after = stop_after,
                                   .tells = {bed->tells[0], bed->tells[1]}};
  bed->rest_s = (double)NAN;
  bed->decided = bed->missed = 0;
  assert_int_equal(finished_make(&bed->records, &bed->finished, &problem), 0);
  assert_int_equal(program_plan_make(&bed->scope, &plan, &problem), 0);
  plan.hooks =
      (struct program_hooks){bed, provisional, look, decided, missed, piloted};
  struct engine engine = {.executor = &bed->executor.base,
                          .fd = -1,
                          .cpus = cpus,
                          .usable_cpus = 4,
                          .seed = 1,
                          .budget_s = bed->scope.budget_s,
                          .records = &bed->records,
                          .finished = &bed->finished,
                          .ordered = bed->finished.orders};
  engine_begin(&engine);
  bool ended = engine_run(&engine, &plan.base, &problem) == 0;
  bed->fresh = engine.fresh;
  engine_free(&engine);
  finished_free(&bed->finished);
  program_plan_free(&plan);
  return ended;
}

static uint32_t rounds_of(const struct bed *bed) {
  int64_t most = 0;
  for (size_t i = 0; i < bed->records.count; i++)
    if (bed->records.list[i].round > most)
      most = bed->records.list[i].round;
  return (uint32_t)most;
}

static int begin(void **state) {
  static const uint32_t counts[] = {1, 2, 4};
  static const char *const names[PROGRAM_COUNT] = {"a", "b"};
  struct bed *bed = calloc(1, sizeof *bed);
  *state = bed;
  if (!bed)
    return -1;
  for (size_t i = 0; i < PROGRAM_COUNT; i++)
    bed->programs[i].name = strdup(names[i]);
  bed->scope = (struct program_scope){.programs = bed->programs,
                                      .program_count = PROGRAM_COUNT,
                                      .counts = counts,
                                      .count_count = 3,
                                      .warmups = 1,
                                      .rounds = 9};
  return 0;
}

static void forget(struct bed *bed) {
  records_free(&bed->records);
  bed->records = (struct records){0};
}

static int end(void **state) {
  struct bed *bed = *state;
  forget(bed);
  for (size_t i = 0; i < PROGRAM_COUNT; i++)
    program_free(&bed->programs[i]);
  free(bed);
  return 0;
}

/* ---- what is told after the first pairs ---------------------------------- */

static void assert_told_right(struct bed *bed) {
  assert_true(sweep(bed, 0));
  double took_s = bed->executor.clock_s - bed->told_at_s;
  if (!(fabs(bed->rest_s - took_s) < 1e-9 * took_s))
    fail_msg("%g s told, %g s taken", bed->rest_s, took_s);
  forget(bed);
}

static void the_rest_is_told(void **state) {
  struct bed *bed = *state;
  static const uint64_t sizes[] = {10, 20};
  assert_told_right(bed);
  assert_int_equal(bed->told_rounds, 9);
  bed->scope.warmups = 0;
  assert_told_right(bed);
  bed->scope.warmups = 3;
  assert_told_right(bed);
  bed->scope.copies = true;
  assert_told_right(bed);
  bed->scope.sizes = sizes;
  bed->scope.size_count = 2;
  assert_told_right(bed);
  bed->scope.program_count = 1;
  assert_told_right(bed);
  bed->scope.size_count = 1;
  bed->scope.weak = true;
  assert_told_right(bed);
  bed->scope.count_count = 1;
  assert_told_right(bed);
  /* With a serial program of its own, one worker is a point, too. */
  assert_int_equal(words_add(&bed->programs[0].serial, "./serial"), 0);
  assert_told_right(bed);
  bed->scope.count_count = 2;
  bed->scope.warmups = 1;
  assert_true(sweep(bed, 0));
  forget(bed);
}

/* The record before or after one, of a round. */
static const struct record *beside(const struct bed *bed, size_t i,
                                   bool after) {
  return &bed->records.list[after ? i + 1 : i - 1];
}

/* Each beside its timed run, before it as often as after it; of programs whose
 * first observed run told anything, and not of copies. */
static void observed_runs_lie_beside_timed_ones(void **state) {
  struct bed *bed = *state;
  uint32_t observed = 0, before = 0;
  bed->scope.observe = bed->scope.copies = true;
  bed->scope.rounds = 8;
  bed->tells[0] = ALL_TELL;
  assert_told_right(bed);
  bed->pilots = 0;
  assert_true(sweep(bed, 0));
  assert_int_equal(bed->pilots, 2);
  for (size_t i = 0; i < bed->records.count; i++) {
    const struct record *r = &bed->records.list[i];
    if (!record_is_in(r, "observed"))
      continue;
    assert_string_equal(r->workload, "a");
    assert_string_not_equal(r->requested, "copies");
    const struct record *next = beside(bed, i, true);
    bool after = i + 1 < bed->records.count && next->workers == r->workers &&
                 next->round == r->round && record_is_in(next, "round") &&
                 strcmp(next->workload, r->workload) == 0 &&
                 strcmp(next->requested, r->requested) == 0;
    const struct record *timed = beside(bed, i, after);
    assert_true(record_is_in(timed, "round"));
    assert_string_equal(timed->workload, "a");
    assert_int_equal(timed->workers, r->workers);
    assert_int_equal(timed->round, r->round);
    observed++;
    before += after;
  }
  assert_int_equal(observed, 3 * 8);
  assert_int_equal(before, 3 * 4);
  assert_true(sweep(bed, 0));
  assert_int_equal(bed->fresh, 0);
}

/* How many observed runs of a phase there are of a program with so many
 * workers. */
static uint32_t count_observed(const struct bed *bed, const char *phase,
                               char name, int64_t workers) {
  uint32_t count = 0;
  for (size_t i = 0; i < bed->records.count; i++) {
    const struct record *r = &bed->records.list[i];
    count += r->observed == 1 && record_is_in(r, phase) &&
             r->workload[0] == name && r->workers == workers;
  }
  return count;
}

/* One that loads an OpenMP library and opens nothing with one worker is looked
 * at with the most; the other has no such library. */
static void teams_are_looked_at(void **state) {
  struct bed *bed = *state;
  bed->scope.observe = bed->scope.copies = true;
  bed->tells[0] = TEAMS_TELL;
  assert_told_right(bed);
  bed->pilots = 0;
  assert_true(sweep(bed, 0));
  assert_int_equal(bed->pilots, 3);
  assert_int_equal(count_observed(bed, "pilot", 'a', 1), 1);
  assert_int_equal(count_observed(bed, "pilot", 'a', 4), 1);
  assert_int_equal(count_observed(bed, "pilot", 'b', 1), 1);
  assert_int_equal(count_observed(bed, "pilot", 'b', 4), 0);
  assert_int_equal(count_observed(bed, "observed", 'a', 1), 0);
  assert_int_equal(count_observed(bed, "observed", 'a', 2), 9);
  assert_int_equal(count_observed(bed, "observed", 'a', 4), 9);
  assert_int_equal(count_observed(bed, "observed", 'b', 4), 0);
  assert_true(sweep(bed, 0));
  assert_int_equal(bed->fresh, 0);
  forget(bed);
  for (uint32_t lives = 0; !sweep(bed, 3);
       lives++) /* between both looks, too */
    assert_true(lives < 100);
  assert_int_equal(count_observed(bed, "pilot", 'a', 4), 1);
  assert_int_equal(count_observed(bed, "observed", 'a', 4), 9);
  bed->tells[0] = NO_REGIONS; /* nor with several */
  forget(bed);
  assert_told_right(bed);
  assert_true(sweep(bed, 0));
  assert_int_equal(count_observed(bed, "pilot", 'a', 4), 1);
  assert_int_equal(count_observed(bed, "observed", 'a', 4), 0);
}

/* Of several sizes each by itself; of work that grows the size of all workers.
 */
static void teams_are_looked_at_by_size(void **state) {
  struct bed *bed = *state;
  static const uint64_t sizes[] = {10, 20};
  bed->scope.observe = true;
  bed->scope.program_count = 1;
  bed->scope.sizes = sizes;
  bed->scope.size_count = 2;
  bed->tells[0] = TEAMS_TELL;
  assert_told_right(bed);
  assert_true(sweep(bed, 0));
  assert_int_equal(count_observed(bed, "pilot", 'a', 4), 2);
  assert_int_equal(count_observed(bed, "observed", 'a', 4), 9);
  forget(bed);
  bed->scope.size_count = 1;
  bed->scope.weak = true;
  assert_told_right(bed);
  assert_true(sweep(bed, 0));
  assert_int_equal(count_observed(bed, "pilot", 'a', 4), 1);
  assert_int_equal(count_observed(bed, "observed", 'a', 2), 9);
  forget(bed);
  bed->scope.count_count = 1; /* no team to look at */
  assert_true(sweep(bed, 0));
  assert_int_equal(count_observed(bed, "pilot", 'a', 1), 1);
  assert_int_equal(count_observed(bed, "observed", 'a', 1), 0);
}

/* Of a run that is gone on with: of what is left. */
static void the_rest_is_what_is_left(void **state) {
  struct bed *bed = *state;
  assert_true(sweep(bed, 0));
  double all_s = bed->rest_s;
  forget(bed);
  assert_false(sweep(bed, 40));
  assert_true(sweep(bed, 0));
  assert_true(bed->rest_s > 0 && bed->rest_s < 0.5 * all_s);
  assert_true(sweep(bed, 0));
  assert_int_equal(bed->fresh, 0);
  assert_true(bed->rest_s == 0);
}

/* ---- widths -------------------------------------------------------------- */

static void widths_ask_for_rounds(void **state) {
  struct bed *bed = *state;
  static const struct {
    double width;
    uint32_t rounds;
    bool missed;
  } cases[] = {{0.04, 9, false}, {0.05, 9, false}, {0.1, 40, true}};
  bed->scope.target_width = 0.05;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    bed->width = cases[i].width;
    assert_true(sweep(bed, 0));
    assert_int_equal(bed->told_rounds, WIDTH_ROUNDS_FIRST);
    assert_int_equal(bed->decided, cases[i].rounds);
    assert_int_equal(rounds_of(bed), cases[i].rounds);
    assert_int_equal(bed->missed, cases[i].missed); /* it stays as wide */
    forget(bed);
  }
}

/* Wherever it is stopped, and however wide the rounds after the ninth. */
static void what_was_decided_stays(void **state) {
  struct bed *bed = *state;
  bed->scope.target_width = 0.05;
  bed->scope.program_count = 1;
  bed->width = 0.08; /* 23.04 */
  bed->scope.budget_s = 35 * 16.1;
  for (uint32_t stop = 1; stop < 100; stop += 7) {
    uint32_t lives = 0;
    while (!sweep(bed, stop))
      assert_true(++lives < 1000);
    assert_int_equal(rounds_of(bed), 25);
    assert_int_equal(bed->decided, 25);
    forget(bed);
  }
}

/* The budget ends it: before the ninth round, or after. */
static void budgets_end_it(void **state) {
  struct bed *bed = *state;
  bed->scope.target_width = 0.05;
  bed->width = 0.5;
  bed->scope.program_count = 1; /* a round: 8.2 + 4.2 + 2.2 + 3 * 0.5 */
  bed->scope.budget_s = 9.5 * 16.1;
  assert_true(sweep(bed, 0));
  assert_int_equal(bed->decided, 0);
  assert_int_equal(bed->missed, 1);
  assert_int_equal(rounds_of(bed), 8); /* after the first run of each */
  bed->scope.was_done = true;
  assert_true(sweep(bed, 0));
  assert_int_equal(bed->fresh, 0);
  forget(bed);
  bed->scope.was_done = false;
  bed->scope.budget_s = 21.5 * 16.1;
  assert_true(sweep(bed, 0));
  assert_int_equal(bed->decided, 20);
  assert_int_equal(rounds_of(bed), 20);
  assert_int_equal(bed->missed, 1);
  bed->scope.was_done = true;
  assert_true(sweep(bed, 0));
  assert_int_equal(bed->fresh, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(the_rest_is_told),      TEST(the_rest_is_what_is_left),
      TEST(widths_ask_for_rounds), TEST(what_was_decided_stays),
      TEST(budgets_end_it),        TEST(observed_runs_lie_beside_timed_ones),
      TEST(teams_are_looked_at),   TEST(teams_are_looked_at_by_size),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_engine_budget.c: when a budget ends the rounds, what an engine takes
 * from a run that is gone on with, what a progress line tells. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/tests/engine_fixture.h"

/* ---- budget -------------------------------------------------------------- */

/* How many rounds of two seconds were done within the budget. */
static uint32_t rounds_within(struct fixture *f, double budget_s,
                              uint32_t least, bool *cut) {
  f->engine.budget_s = budget_s;
  add(f, 2, 10)->least = least;
  assert_int_equal(go(f), 0);
  const struct so_far *told = &f->script.told[f->script.count];
  assert_int_equal(f->records.count, 2 * told->last_round);
  assert_int_equal(told->last_count, f->records.count);
  *cut = told->cut;
  return told->last_round;
}

static void the_clock_ends_rounds(void **state) {
  bool cut;
  assert_int_equal(rounds_within(*state, 13, 3, &cut), 6);
  assert_true(cut);
}

static void the_last_second_is_used(void **state) {
  bool cut;
  assert_int_equal(rounds_within(*state, 14, 3, &cut), 7);
  assert_true(cut);
}

/* Rounds of two seconds in ten, and in a quarter more. */
static uint32_t rounds_wanted(struct fixture *f, uint32_t wanted) {
  f->engine.budget_s = 10;
  struct batch *batch = add(f, 2, 10);
  batch->least = 1;
  batch->wanted = wanted;
  assert_int_equal(go(f), 0);
  return f->script.told[f->script.count].last_round;
}

static void wanted_rounds_may_take_a_quarter_more(void **state) {
  assert_int_equal(rounds_wanted(*state, 7), 6);
}

static void no_more_than_are_wanted_do(void **state) {
  assert_int_equal(rounds_wanted(*state, 5), 5);
}

static void some_rounds_are_always_done(void **state) {
  bool cut;
  assert_int_equal(rounds_within(*state, 1, 3, &cut), 3);
  assert_true(cut);
}

static void given_rounds_are_all_done(void **state) {
  bool cut;
  assert_int_equal(rounds_within(*state, 1, 0, &cut), 10);
  assert_false(cut);
}

static void without_a_budget_all_are_done(void **state) {
  bool cut;
  assert_int_equal(rounds_within(*state, 0, 3, &cut), 10);
  assert_false(cut);
}

static void what_has_no_rounds_is_not_cut(void **state) {
  struct fixture *f = *state;
  struct batch *batch = add(f, 2, 10);
  batch->least = 1;
  batch->unnumbered = true;
  f->engine.budget_s = 1;
  assert_int_equal(go(f), 0);
  assert_int_equal(f->records.count, 20);
}

/* What comes first has used some of it. */
static void the_budget_is_for_all_batches(void **state) {
  struct fixture *f = *state;
  bool cut;
  add(f, 2, 2)->unnumbered = true;
  f->engine.budget_s = 13;
  add(f, 2, 10)->least = 3;
  assert_int_equal(go(f), 0);
  cut = f->script.told[2].cut;
  assert_int_equal(f->script.told[2].last_round, 4);
  assert_true(cut);
}

/* ---- going on ------------------------------------------------------------ */

static void write_down(struct fixture *f) {
  struct batch *calibration = add(f, 1, 3);
  calibration->unnumbered = calibration->needed = true;
  calibration->points = &f->points[3];
  add(f, 4, 10)->shuffled = true;
  f->script.batches[1].least = 3;
  f->engine.budget_s = 27.9; /* six rounds of four, after three */
  /* Alike but for the phase, the workers, or the variant. */
  for (size_t i = 0; i < 4; i++)
    f->points[i].size = 5;
  f->points[0].phase = "a";
  f->points[1].phase = "b";
  strcpy(f->points[2].variant.team, "omp");
  f->points[3].workers = 2;
  for (size_t i = 0; i < 4; i++)
    f->points[i].unit = (uint32_t)i / 2 + 1;
}

/* Whether every trial of the plan is there once. */
static void assert_each_once(const struct fixture *f, uint32_t rounds) {
  uint32_t seen[16][4] = {{0}};
  assert_int_equal(f->records.count, 3 + 4 * rounds);
  for (size_t i = 0; i < f->records.count; i++) {
    const struct record *r = record(f, i);
    int64_t round = r->round == FIELD_NULL ? 0 : r->round;
    int point = strcmp(r->phase, "a") == 0           ? 0
                : strcmp(r->phase, "b") == 0         ? 1
                : strncmp(r->variant, "omp", 3) == 0 ? 2
                                                     : 3;
    assert_in_range(round, 0, rounds);
    seen[round][point]++;
  }
  assert_int_equal(seen[0][3], 3);
  for (uint32_t round = 1; round <= rounds; round++)
    for (int point = 0; point < 4; point++)
      assert_int_equal(seen[round][point], 1);
}

/* For the run that goes on with what is there. */
static void begin_again(struct fixture *f, struct finished *finished) {
  engine_free(&f->engine);
  assert_int_equal(finished_make(&f->records, finished, &f->problem), 0);
  f->engine.finished = finished;
  f->engine.fresh = 0;
  f->script.at = 0;
}

static void forget(struct fixture *f, struct finished *finished) {
  finished_free(finished);
  f->engine.finished = NULL;
  f->engine.ordered = 0;
  engine_free(&f->engine);
  records_free(&f->records);
}

/* Stopped before every trial in turn, and gone on with: the same rounds, each
 * trial once, the time of those before counted. */
static void runs_go_on(void **state) {
  struct fixture *f = *state;
  for (uint32_t stop = 1; stop <= 27; stop++) {
    struct finished finished;
    f->script.count = f->script.at = 0;
    write_down(f);
    f->executor.count = 0;
    f->executor.stop_at = stop;
    assert_int_equal(go(f), PROBLEM_FAILURE);
    assert_int_equal(f->records.count, stop - 1);
    begin_again(f, &finished);
    f->engine.ordered = finished.orders;
    f->executor.stop_at = 0;
    f->executor.clock_s += 1000; /* between the two */
    assert_int_equal(go(f), 0);
    assert_each_once(f, 6);
    for (size_t i = 0; i < f->records.count; i++)
      assert_int_equal(record(f, i)->order, i + 1);
    assert_int_equal(f->engine.fresh, 27 - (stop - 1));
    assert_true(engine_elapsed_s(&f->engine) == 27);
    forget(f, &finished);
  }
}

/* One is missing anywhere: it alone is run, not those after it in its place. */
static void gaps_are_filled(void **state) {
  struct fixture *f = *state;
  for (size_t gap = 0; gap < 27; gap++) {
    struct finished finished;
    f->script.count = f->script.at = f->executor.count = 0;
    write_down(f);
    f->engine.budget_s = 0;
    f->script.batches[1].rounds = 6;
    assert_int_equal(go(f), 0);
    record_free(&f->records.list[gap]);
    f->records.list[gap] = f->records.list[--f->records.count];
    begin_again(f, &finished);
    assert_int_equal(go(f), 0);
    assert_int_equal(f->engine.fresh, 1);
    assert_each_once(f, 6);
    forget(f, &finished);
  }
}

/* Where the budget is gone, a round that had begun is finished all the same. */
static void begun_rounds_are_finished(void **state) {
  struct fixture *f = *state;
  struct finished finished;
  add(f, 4, 10)->least = 2;
  f->executor.stop_at = 4 * 4 + 2;
  assert_int_equal(go(f), PROBLEM_FAILURE);
  begin_again(f, &finished);
  f->engine.ordered = finished.orders;
  f->engine.budget_s = 12;
  f->executor.stop_at = 0;
  assert_int_equal(go(f), 0);
  assert_int_equal(f->records.count, 5 * 4);
  assert_int_equal(f->script.told[1].last_round, 5);
  assert_true(f->script.told[1].cut);
  finished_free(&finished);
  f->engine.finished = NULL;
}

/* But not those of a batch that has none of its trials there. */
static void begun_rounds_are_the_batchs(void **state) {
  struct fixture *f = *state;
  struct finished finished;
  add(f, 2, 5);
  struct batch *second = add(f, 2, 10);
  second->points = &f->points[2];
  second->least = 2;
  f->engine.budget_s = 16;
  f->executor.stop_at = 10 + 2 + 2;
  assert_int_equal(go(f), PROBLEM_FAILURE);
  begin_again(f, &finished);
  f->engine.ordered = finished.orders;
  f->executor.stop_at = 0;
  assert_int_equal(go(f), 0);
  assert_int_equal(f->script.told[2].last_round, 3);
  assert_true(f->script.told[2].cut);
  finished_free(&finished);
  f->engine.finished = NULL;
}

/* ---- what comes first ---------------------------------------------------- */

/* Takes a hundred seconds; how many trials had been run is remembered. */
struct first {
  struct made_up *executor;
  uint32_t calls, trials;
  int status;
};

static int look_first(void *context, struct problem *problem) {
  struct first *first = context;
  (void)problem;
  first->calls++;
  first->trials = first->executor->count;
  first->executor->clock_s += 100;
  return first->status;
}

/* Once, before the first trial that is run here; it makes no round longer, and
 * is not done where nothing is missing. */
static void what_comes_first_is_done_once(void **state) {
  struct fixture *f = *state;
  struct finished finished;
  struct first first = {.executor = &f->executor, .trials = 99};
  f->engine.first = look_first;
  f->engine.context = &first;
  add(f, 2, 4);
  assert_int_equal(go(f), 0);
  assert_int_equal(first.calls, 1);
  assert_int_equal(first.trials, 0);
  assert_true(f->script.told[1].round_s == 2);
  assert_true(f->script.told[1].elapsed_s == 108);
  for (uint32_t missing = 0; missing < 2; missing++) {
    if (missing)
      record_free(&f->records.list[--f->records.count]);
    begin_again(f, &finished);
    assert_int_equal(go(f), 0);
    assert_int_equal(first.calls, 1 + missing);
    assert_true(f->script.told[1].round_s == 2);
    finished_free(&finished);
    f->engine.finished = NULL;
  }
  assert_int_equal(first.trials, 8);
}

static void what_comes_first_may_end_a_run(void **state) {
  struct fixture *f = *state;
  struct first first = {.executor = &f->executor, .status = PROBLEM_FAILURE};
  f->engine.first = look_first;
  f->engine.context = &first;
  add(f, 2, 4);
  assert_int_equal(go(f), PROBLEM_FAILURE);
  assert_int_equal(f->executor.count, 0);
}

/* ---- progress ------------------------------------------------------------ */

static struct engine_progress shown[TRIALS];
static size_t shown_count;

static void show(const struct engine_progress *progress) {
  assert_true(shown_count < TRIALS);
  shown[shown_count++] = *progress;
}

/* What is left is told by the plan's guess, then by what rounds took. */
static void progress_tells_what_is_left(void **state) {
  struct fixture *f = *state;
  struct batch *batch = add(f, 2, 3);
  batch->round_s = 4;
  batch->then_s = 10;
  batch->first_round = 2;
  shown_count = 0;
  f->engine.report = show;
  assert_int_equal(go(f), 0);
  const double left_s[] = {22, 20, 14, 13, 12, 11};
  assert_int_equal(shown_count, 6);
  for (size_t i = 0; i < 6; i++) {
    assert_ptr_equal(shown[i].point, &f->points[i % 2]);
    assert_int_equal(shown[i].round, 2 + i / 2);
    assert_int_equal(shown[i].rounds, 4);
    assert_true(shown[i].left_s == left_s[i]);
    assert_true(fabs(shown[i].share - (double)i / ((double)i + left_s[i])) <
                1e-12);
  }
}

/* Where nothing is guessed, the trials so far tell. */
static void progress_begins_unknown(void **state) {
  struct fixture *f = *state;
  add(f, 2, 3)->unnumbered = true;
  shown_count = 0;
  f->engine.report = show;
  assert_int_equal(go(f), 0);
  assert_true(isnan(shown[0].left_s) && isnan(shown[0].share));
  for (size_t i = 1; i < 6; i++) {
    assert_int_equal(shown[i].round, 0);
    assert_true(shown[i].left_s == 6.0 - (double)i);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(the_clock_ends_rounds),
      TEST(the_last_second_is_used),
      TEST(wanted_rounds_may_take_a_quarter_more),
      TEST(no_more_than_are_wanted_do),
      TEST(some_rounds_are_always_done),
      TEST(given_rounds_are_all_done),
      TEST(without_a_budget_all_are_done),
      TEST(what_has_no_rounds_is_not_cut),
      TEST(the_budget_is_for_all_batches),
      TEST(runs_go_on),
      TEST(gaps_are_filled),
      TEST(what_comes_first_is_done_once),
      TEST(what_comes_first_may_end_a_run),
      TEST(begun_rounds_are_finished),
      TEST(begun_rounds_are_the_batchs),
      TEST(progress_tells_what_is_left),
      TEST(progress_begins_unknown),
  };
  return cmocka_run_group_tests_name("engine_budget", tests, NULL, NULL);
}
